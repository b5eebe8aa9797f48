#include "app/import/sourceformats.h"

#include "app/import/emlsource.h"
#include "app/import/maildirsource.h"
#include "app/import/mboxsource.h"

namespace Postnook
{

namespace
{

constexpr SourceFormat Formats[] = {
    {isMaildir, findMaildir, nullptr, nullptr},
    {nullptr, nullptr, isMbox, findMboxes},
    {nullptr, nullptr, isEml, findEmls},
};

} // namespace

std::span<const SourceFormat> sourceFormats()
{
    return Formats;
}

} // namespace Postnook
