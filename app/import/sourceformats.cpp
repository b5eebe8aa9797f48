#include "app/import/sourceformats.h"

#include "app/import/applemailbox.h"
#include "app/import/applestore.h"
#include "app/import/emlsource.h"
#include "app/import/emlxsource.h"
#include "app/import/maildirsource.h"
#include "app/import/mboxsource.h"
#include "app/import/takeoutsource.h"
#include "app/import/thunderbirdprofile.h"

namespace Postnook
{

namespace
{

constexpr SourceFormat Formats[] = {
    {isAppleStore, findAppleStore, nullptr, nullptr},
    {isAppleMailbox, findAppleMailbox, nullptr, nullptr},
    {isThunderbird, findThunderbird, nullptr, nullptr},
    {isMaildir, findMaildir, nullptr, nullptr},
    {nullptr, nullptr, isTakeout, findTakeouts},
    {nullptr, nullptr, isMbox, findMboxes},
    {nullptr, nullptr, isEmlx, findEmlxs},
    {nullptr, nullptr, isEml, findEmls},
};

} // namespace

std::span<const SourceFormat> sourceFormats()
{
    return Formats;
}

} // namespace Postnook
