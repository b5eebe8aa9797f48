#pragma once

#include "app/import/sourcefinder.h"

#include <span>

namespace Postnook
{

// A kind of place that mail comes from. Adding one is a file pair and a row in sourceformats.cpp;
// the first row that takes a thing has it. Null functions: takes none of these.
struct SourceFormat {
    // A folder that is a mailbox, or a tree of them, in this format.
    bool (*takesFolder)(const QFileInfo &folder);
    void (*findInFolder)(SourceFinder &finder, const SourceFinder::Place &place);
    // A file that can be opened. `isGiven`: named by the person, so that it need not look like
    // mail.
    bool (*takesFile)(const QFileInfo &file, bool isGiven);
    // The files of one folder that it takes, by name.
    void (*findFiles)(SourceFinder &finder,
                      const SourceFinder::Place &place,
                      const QStringList &names);
};

std::span<const SourceFormat> sourceFormats();

} // namespace Postnook
