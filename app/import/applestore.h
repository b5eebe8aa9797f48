#pragma once

#include "app/import/sourcefinder.h"

namespace Postnook
{

// The folder in which Apple Mail keeps all accounts, ~/Library/Mail, or one of the folders V2, V3 …
// in it, one for each version of the form. A row of sourceFormats().
bool isAppleStore(const QFileInfo &folder);
void findAppleStore(SourceFinder &finder, const SourceFinder::Place &place);

} // namespace Postnook
