#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"

#include <algorithm>

namespace Postnook::Fuzz
{

namespace
{

bool holds(const SequenceSet &set, quint32 number, quint32 largest)
{
    return std::any_of(
        set.ranges().begin(), set.ranges().end(), [=](const SequenceSet::Range &range) {
            const auto [low, high] = std::minmax(
                {range.first == 0 ? largest : range.first, range.last == 0 ? largest : range.last});
            return low <= number && number <= high;
        });
}

} // namespace

// Resolved, formatted and read again: the same numbers.
void checkSequenceSets(QByteArrayView data)
{
    TokenCursor cursor(data);
    const auto set = cursor.sequenceSet();
    if (cursor.hasFailed() || set.isSavedResult()) {
        return;
    }
    auto random = randomFor(data);
    const auto largest = static_cast<quint32>(random() % 60 + 1);
    const auto spans = set.resolve(largest);
    for (qsizetype i = 0; i < spans.size(); ++i) {
        PROPERTY(spans[i].first > 0 && spans[i].first <= spans[i].last);
        PROPERTY(i == 0 || spans[i - 1].last + 1 < spans[i].first);
    }
    for (quint32 number = 1; number <= largest + 5; ++number) {
        const bool isIn = std::any_of(spans.begin(), spans.end(), [number](const auto &span) {
            return span.first <= number && number <= span.last;
        });
        PROPERTY(isIn == holds(set, number, largest));
    }
    const auto written = formatSpans(spans);
    PROPERTY(spans.isEmpty() == written.isEmpty());
    if (!spans.isEmpty()) {
        TokenCursor again(written);
        const auto reread = again.sequenceSet();
        PROPERTY2(!again.hasFailed() && again.atEnd(), written);
        PROPERTY2(reread.resolve(largest) == spans, written);
    }
}

} // namespace Postnook::Fuzz
