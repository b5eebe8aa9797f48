// How fast bytes become commands and values become responses, in millions of octets a second: what
// every command costs before anything is looked up.
//
//   bench_wire [--json FILE]

#include "benchreport.h"
#include "core/wire/commandframer.h"
#include "core/wire/responsewriter.h"
#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"

using namespace Postnook;

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype InputBytes = 4'000'000;
constexpr qsizetype ReadBytes = 64 * 1024; // as they come from a socket

QByteArray repeated(const QByteArray &command)
{
    return command.repeated(InputBytes / command.size() + 1);
}

// Every literal is streamed, as those of APPEND are.
void frame(const QByteArray &input)
{
    using Event = CommandFramer::Event;
    CommandFramer framer;
    framer.setLimits({64 * 1024, 1024 * 1024, 4 * 1024 * 1024});
    for (qsizetype at = 0; at < input.size(); at += ReadBytes) {
        framer.feed(QByteArrayView(input).sliced(at, std::min(ReadBytes, input.size() - at)));
        for (auto event = framer.next(); event != Event::NeedMore; event = framer.next()) {
            if (event == Event::Command) {
                framer.take();
            } else if (event == Event::LiteralAhead) {
                framer.streamLiteral();
            } else if (event == Event::LiteralData) {
                framer.streamed();
            }
        }
    }
}

void addFramer(Bench::Report &report)
{
    const QByteArray letter = "Subject: hello\r\n\r\n" + QByteArray(3000, 'x');
    const auto size = QByteArray::number(letter.size());
    const std::pair<QString, QByteArray> inputs[] = {
        {u"framer: NOOP"_s, "a001 NOOP\r\n"},
        {u"framer: FETCH"_s, "a001 UID FETCH 1:5000 (UID FLAGS ENVELOPE)\r\n"},
        {u"framer: LOGIN with literals"_s, "a001 LOGIN {3+}\r\nann {6+}\r\nsecret\r\n"},
        {u"framer: APPEND of 3 KB"_s, "a1 APPEND INBOX {" + size + "+}\r\n" + letter + "\r\n"},
        {u"framer: lines too long"_s, QByteArray(100'000, 'a') + "\r\n"},
    };
    for (const auto &[name, command] : inputs) {
        const auto input = repeated(command);
        report.add(name, input.size(), [&input] { frame(input); });
    }
}

void addCursor(Bench::Report &report)
{
    const QByteArray names = QByteArray("INBOX \"Sent Messages\" {5}\r\nTrash ").repeated(20'000);
    report.add(u"cursor: mailbox names"_s, names.size(), [&names] {
        TokenCursor cursor(names);
        while (!cursor.atEnd()) {
            cursor.astring();
            cursor.expectSpace();
        }
    });
    QByteArray set = "1";
    for (int i = 2; i < 200'000; ++i) {
        set += (i % 3 == 0 ? ':' : ',') + QByteArray::number(i * 7);
    }
    report.add(u"sequence set of 200,000 numbers"_s, set.size(), [&set] {
        TokenCursor cursor(set);
        cursor.sequenceSet();
    });
}

void addWriter(Bench::Report &report)
{
    const MessageFlags flags{SystemFlag::Seen | SystemFlag::Answered, {"$Junk", "work"}};
    const QByteArray text = "Minutes of the meeting on Monday";
    const auto write = [&](QByteArray &out, int rows) {
        for (int i = 0; i < rows; ++i) {
            ResponseWriter writer(out);
            writer.raw("* ").number(quint64(i)).raw(" FETCH (UID ").number(quint64(i) * 3);
            writer.raw(" FLAGS ").flags(flags).raw(" INTERNALDATE ").dateTime({1'767'225'600, 60});
            writer.raw(" X ").string(text).raw(")").crlf();
        }
    };
    QByteArray once;
    write(once, 20'000);
    report.add(u"writer: FETCH responses"_s, once.size(), [&write] {
        QByteArray out;
        write(out, 20'000);
    });
}

} // namespace

int main(int argc, char **argv)
{
    Bench::Report report(u"octets"_s);
    addFramer(report);
    addCursor(report);
    addWriter(report);
    return report.finish(argc, argv);
}
