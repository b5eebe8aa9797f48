#include "core/wire/commandframer.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"

#include <QByteArrayList>

#include <functional>

namespace Postnook::Fuzz
{

namespace
{

using Event = CommandFramer::Event;

// An owner that answers each literal by what it is, so that every way is gone.
void answerLiteral(CommandFramer &framer)
{
    const auto &literal = framer.literal();
    switch (literal.size % 4) {
    case 0:
        framer.streamLiteral();
        return;
    case 1:
        literal.synchronising ? framer.abandonCommand() : framer.skipCommand();
        return;
    case 2:
        framer.discardLiteral();
        return;
    default:
        framer.fitsLimits() ? framer.acceptLiteral() : framer.skipCommand();
    }
}

// What the owner sees, streamed bytes joined.
QByteArrayList seen(QByteArrayView data, const std::function<qsizetype()> &nextPiece)
{
    CommandFramer framer;
    framer.setLimits({.lineBytes = 200, .literalBytes = 100, .allLiteralBytes = 300});
    QByteArrayList events;
    while (!data.isEmpty() && !framer.isOverrun()) {
        const auto piece = std::min(nextPiece(), data.size());
        framer.feed(data.first(piece));
        data = data.sliced(piece);
        for (auto event = framer.next(); event != Event::NeedMore; event = framer.next()) {
            switch (event) {
            case Event::Command:
                events.append("command " + framer.take());
                break;
            case Event::LiteralAhead:
                events.append("literal " + framer.text());
                answerLiteral(framer);
                break;
            case Event::LiteralData:
                if (events.isEmpty() || !events.last().startsWith("data ")) {
                    events.append("data ");
                }
                events.last() += framer.streamed();
                break;
            default:
                events.append("event " + QByteArray::number(static_cast<int>(event)));
            }
        }
    }
    return events;
}

} // namespace

// Wherever the bytes are cut.
void checkFramer(QByteArrayView data)
{
    auto random = randomFor(data);
    const auto whole = seen(data, [&] { return data.size(); });
    PROPERTY(seen(data, [] { return 1; }) == whole);
    PROPERTY(seen(data, [&] { return static_cast<qsizetype>(random() % 20 + 1); }) == whole);
    for (const QByteArray &event : whole) {
        PROPERTY2(!event.startsWith("command ") || event.size() < 1000, event);
    }
}

} // namespace Postnook::Fuzz
