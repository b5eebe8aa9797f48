#include "core/mailbox/accountmemory.h"

#include "core/search/keycache.h"

namespace Postnook
{

AccountMemory::AccountMemory()
    : keys(std::make_shared<KeyCache>())
{
}

AccountMemory::~AccountMemory() = default;

} // namespace Postnook
