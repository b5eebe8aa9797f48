#pragma once

#include "app/import/sourcefinder.h"

namespace Postnook
{

// What Thunderbird keeps of a person: the folder with profiles.ini, a profile, its Mail or
// ImapMail, or the folder of one account. A row of sourceFormats().
bool isThunderbird(const QFileInfo &folder);
void findThunderbird(SourceFinder &finder, const SourceFinder::Place &place);

} // namespace Postnook
