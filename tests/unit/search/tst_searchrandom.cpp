#include "core/search/searchevaluator.h"
#include "fakemailbox.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <functional>

using namespace Postnook;

namespace
{

constexpr auto Programs = 1000;
constexpr auto LargestUid = 80U;
constexpr auto MaxNesting = 5;
const QByteArrayList Words{"apple", "pear", "plum", "fig", "quince"};
const QByteArrayList Fields{"From", "To", "Cc", "Bcc", "Subject", "X-Tag"};

// What is known of a message without reading it.
struct Model {
    quint32 uid = 0;
    quint32 number = 0;
    bool isRecent = false;
    MessageFlags flags;
    qint64 size = 0;
    int receivedDay = 0; // of February 2026
    int sentDay = 0; // 0: no Date:
    QMap<QByteArray, QByteArray> fields;
    QByteArray body;
};

// One criterion twice: as a client writes it, and as it is meant.
struct Criterion {
    QByteArray text;
    std::function<bool(const Model &)> matches;
};

class Generator
{
public:
    Generator(quint32 seed, quint32 viewSize, quint32 largestUid)
        : m_random(seed)
        , m_viewSize(viewSize)
        , m_largestUid(largestUid)
    {
    }

    Criterion list(int nesting)
    {
        Criterion all = any(nesting);
        for (int more = below(3); more > 0; --more) {
            const Criterion next = any(nesting);
            all = {all.text + ' ' + next.text,
                   [a = all.matches, b = next.matches](const Model &m) { return a(m) && b(m); }};
        }
        return all;
    }

private:
    int below(int n) { return m_random.bounded(n); }
    const QByteArray &word() { return Words[below(static_cast<int>(Words.size()))]; }

    Criterion any(int nesting)
    {
        switch (nesting > 0 ? below(6) : 0) {
        case 3: {
            const Criterion inner = any(nesting - 1);
            return {"NOT " + inner.text, [f = inner.matches](const Model &m) { return !f(m); }};
        }
        case 4: {
            const Criterion a = any(nesting - 1);
            const Criterion b = any(nesting - 1);
            return {"OR " + a.text + ' ' + b.text,
                    [f = a.matches, g = b.matches](const Model &m) { return f(m) || g(m); }};
        }
        case 5: {
            const Criterion inner = list(nesting - 1);
            return {'(' + inner.text + ')', inner.matches};
        }
        default:
            return leaf();
        }
    }

    Criterion leaf()
    {
        switch (below(9)) {
        case 0:
            return flag();
        case 1:
            return set(QByteArray(), m_viewSize, &Model::number);
        case 2:
            return set("UID ", m_largestUid, &Model::uid);
        case 3:
            return size();
        case 4:
            return day("", &Model::receivedDay);
        case 5:
            return day("SENT", &Model::sentDay);
        case 6:
            return header();
        case 7:
            return {"BODY " + nextWord(),
                    [w = m_last](const Model &m) { return m.body.contains(w); }};
        default:
            return {"TEXT " + nextWord(), [w = m_last](const Model &m) {
                        return m.body.contains(w)
                            || std::any_of(m.fields.begin(),
                                           m.fields.end(),
                                           [&w](const auto &value) { return value.contains(w); });
                    }};
        }
    }

    const QByteArray &nextWord() { return m_last = word(); }

    Criterion flag()
    {
        switch (below(6)) {
        case 0:
            return {"NEW", [](const Model &m) {
                        return m.isRecent && !m.flags.system.testFlag(SystemFlag::Seen);
                    }};
        case 1:
            return {"OLD", [](const Model &m) { return !m.isRecent; }};
        case 2:
            return {"KEYWORD " + nextWord().toUpper(),
                    [w = m_last](const Model &m) { return m.flags.keywords.contains(w); }};
        case 3:
            return {"UNKEYWORD " + nextWord(),
                    [w = m_last](const Model &m) { return !m.flags.keywords.contains(w); }};
        case 4:
            return {"SEEN",
                    [](const Model &m) { return m.flags.system.testFlag(SystemFlag::Seen); }};
        default:
            return {"UNFLAGGED",
                    [](const Model &m) { return !m.flags.system.testFlag(SystemFlag::Flagged); }};
        }
    }

    Criterion set(const QByteArray &prefix, quint32 largest, quint32 Model::*number)
    {
        struct Range {
            quint32 first;
            quint32 last;
        };
        QList<Range> ranges;
        QByteArrayList texts;
        for (int i = below(3); i >= 0; --i) {
            const auto first = static_cast<quint32>(below(static_cast<int>(LargestUid) + 9));
            const auto last = static_cast<quint32>(below(static_cast<int>(LargestUid) + 9));
            const auto text = [](quint32 n) {
                return n == 0 ? QByteArray("*") : QByteArray::number(n);
            };
            texts.append(text(first) + ':' + text(last));
            const quint32 a = first == 0 ? largest : first;
            const quint32 b = last == 0 ? largest : last;
            ranges.append({std::min(a, b), std::max(a, b)});
        }
        return {prefix + texts.join(','), [ranges, number](const Model &m) {
                    return std::any_of(ranges.begin(), ranges.end(), [&](const Range &range) {
                        return range.first <= m.*number && m.*number <= range.last;
                    });
                }};
    }

    Criterion size()
    {
        const int limit = 60 + below(200);
        if (below(2) == 0) {
            return {"LARGER " + QByteArray::number(limit),
                    [limit](const Model &m) { return m.size > limit; }};
        }
        return {"SMALLER " + QByteArray::number(limit),
                [limit](const Model &m) { return m.size < limit; }};
    }

    Criterion day(const QByteArray &prefix, int Model::*field)
    {
        const int d = 1 + below(28);
        const QByteArray date = ' ' + QByteArray::number(d) + "-Feb-2026";
        switch (below(3)) {
        case 0:
            return {prefix + "BEFORE" + date,
                    [d, field](const Model &m) { return m.*field != 0 && m.*field < d; }};
        case 1:
            return {prefix + "ON" + date, [d, field](const Model &m) { return m.*field == d; }};
        default:
            return {prefix + "SINCE" + date, [d, field](const Model &m) { return m.*field >= d; }};
        }
    }

    Criterion header()
    {
        const QByteArray field = Fields[below(static_cast<int>(Fields.size()))];
        const QByteArray text = below(5) == 0 ? QByteArray() : word();
        const QByteArray quoted = " \"" + text + '"';
        const QByteArray command = field == "X-Tag" || below(2) == 0 ? "HEADER " + field : field;
        return {command + quoted, [field, text](const Model &m) {
                    return m.fields.contains(field) && m.fields.value(field).contains(text);
                }};
    }

    QRandomGenerator m_random;
    quint32 m_viewSize;
    quint32 m_largestUid;
    QByteArray m_last;
};

QByteArray someWords(QRandomGenerator &random)
{
    QByteArrayList words;
    for (int i = random.bounded(3); i > 0; --i) {
        words.append(Words[random.bounded(static_cast<int>(Words.size()))]);
    }
    return words.join(' ');
}

Model randomMessage(QRandomGenerator &random, FakeMailbox &mailbox, quint32 uid)
{
    Model model;
    model.uid = uid;
    QByteArray bytes;
    for (const QByteArray &field : Fields) {
        if (random.bounded(2) == 0) {
            model.fields[field] = someWords(random);
            bytes += field + ": " + model.fields[field] + "\r\n";
        }
    }
    model.sentDay = random.bounded(3) == 0 ? 0 : 1 + random.bounded(28);
    if (model.sentDay != 0) {
        bytes += "Date: " + QByteArray::number(model.sentDay) + " Feb 2026 23:00:00 -0800\r\n";
    }
    model.body = someWords(random);
    bytes += "\r\n" + model.body + "\r\n";
    model.size = bytes.size();
    model.flags.system = SystemFlags(random.bounded(0x20));
    model.flags.keywords = {Words[random.bounded(static_cast<int>(Words.size()))]};
    model.receivedDay = 1 + random.bounded(28);

    FakeMailbox::Message &message = mailbox.add(uid, bytes);
    message.flags = model.flags;
    message.expunged = random.bounded(10) == 0;
    const auto day = QByteArray::number(model.receivedDay).rightJustified(2, ' ');
    message.received(day + "-Feb-2026 23:00:00 -0800");
    return model;
}

} // namespace

// The evaluator against the plainest one there is: every criterion asked of every message.
class TestSearchRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithPlainEvaluation();
};

void TestSearchRandom::agreesWithPlainEvaluation()
{
    QRandomGenerator random(20260301);
    FakeMailbox mailbox;
    SearchScope scope;
    QList<Model> view;
    for (quint32 uid = 1; uid <= LargestUid; ++uid) {
        if (random.bounded(3) == 0) {
            continue; // a gap
        }
        Model model = randomMessage(random, mailbox, uid);
        if (random.bounded(8) == 0) {
            continue; // there, but not in the view
        }
        scope.uids.append(Uid(uid));
        model.number = static_cast<quint32>(scope.uids.size());
        model.isRecent = random.bounded(4) == 0;
        if (model.isRecent) {
            scope.recent.append({Uid(uid), Uid(uid)});
        }
        view.append(model);
    }

    qsizetype hits = 0;
    for (quint32 seed = 0; seed < Programs; ++seed) {
        Generator generator(seed, static_cast<quint32>(view.size()), view.last().uid);
        const Criterion criterion = generator.list(MaxNesting);
        QList<Uid> expected;
        for (const Model &model : view) {
            if (criterion.matches(model)) {
                expected.append(Uid(model.uid));
            }
        }
        hits += expected.size();
        const auto found = searchFor(mailbox, criterion.text, scope);
        if (!found || *found != expected) {
            QFAIL(QByteArray("seed " + QByteArray::number(seed) + ": " + criterion.text
                             + "\nfound    " + toText(found) + "\nexpected " + toText(expected))
                      .constData());
        }
    }
    // The programs are worth something: neither all nor nothing.
    QVERIFY(hits > Programs * view.size() / 10);
    QVERIFY(hits < Programs * view.size() * 9 / 10);
}

QTEST_GUILESS_MAIN(TestSearchRandom)
#include "tst_searchrandom.moc"
