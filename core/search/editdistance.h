#pragma once

#include <QStringView>

namespace Postnook
{

// The longest word that may be compared; no misspelling matters in longer ones.
constexpr qsizetype MaxEditLetters = 66;

// How many letters have to be left out, put in, changed or swapped with their neighbour to make one
// word of the other (Damerau-Levenshtein, no letter touched twice), or limit + 1 where it is more
// than limit. Neither is longer than MaxEditLetters. Without memory of its own; pure.
int editDistance(QStringView a, QStringView b, int limit);

} // namespace Postnook
