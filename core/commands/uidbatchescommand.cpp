#include "core/commands/uidbatchescommand.h"

#include "core/session/session.h"
#include "core/wire/responsewriter.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// What clients may count on; smaller batches would make long answers of no use to anybody.
constexpr quint32 MinBatchMessages = 500;

// Batches `first` to `last` of those that `size` messages each make, counted from 1 at the newest.
// Together they leave no UID out: each begins below the one before, and the last ends at 1.
QByteArray batchRanges(const QList<Uid> &uids, quint32 size, quint32 first, quint32 last)
{
    QByteArray ranges;
    ResponseWriter writer(ranges);
    const auto count = static_cast<quint64>(uids.size());
    const auto batches = (count + size - 1) / size;
    for (quint64 batch = first; batch <= std::min<quint64>(last, batches); ++batch) {
        const auto above = count - (batch - 1) * size; // messages not in batches before
        const auto below = above > size ? above - size : 0; // and not in this one
        const auto high =
            above == count ? uids.last().value : uids.at(static_cast<qsizetype>(above)).value - 1;
        const auto low = below == 0 ? 1 : uids.at(static_cast<qsizetype>(below)).value;
        writer.raw(batch == first ? " " : ",").number(high).raw(":").number(low);
    }
    return ranges;
}

} // namespace

void UidBatchesCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const quint32 size = arguments.nzNumber();
    quint32 first = 1;
    quint32 last = std::numeric_limits<quint32>::max();
    if (arguments.trySpace()) {
        first = arguments.nzNumber();
        arguments.expectChar(':');
        last = arguments.nzNumber();
    }
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (first > last) {
        return finish(Status::bad("The range of batches ends before it begins", "CLIENTBUG"));
    }
    if (size < MinBatchMessages) {
        return finish(Status::no("A batch has 500 messages or more", "TOOFEW"));
    }
    QByteArray out = "* UIDBATCHES (TAG ";
    ResponseWriter(out).string(session().tag()).raw(")");
    session().send(out + batchRanges(view().uids(), size, first, last) + "\r\n");
    finish(Status::ok("Done"));
}

} // namespace Postnook
