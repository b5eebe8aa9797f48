#pragma once

#include "core/search/fuzzymatcher.h"

#include <QByteArrayView>

namespace Postnook
{

// What it is worth to be found in a place of a message, in percent of what it is worth in the
// subject or the sender.
constexpr int BodyWeight = 70;
int weightOfField(QByteArrayView name); // of a key that asks for this field; in lower case

// What has been found of one fuzzy text in the message that is being looked at.
struct FuzzyFinding {
    FuzzyMatcher::Match match;
    bool hasHeader = false; // looked at
    bool hasBody = false;
};

// For the text of a whole header (Mime::searchableHeader), each field by what it is worth there.
void lookAtHeader(const FuzzyMatcher &matcher, QStringView headerText, FuzzyMatcher::Match &match);

} // namespace Postnook
