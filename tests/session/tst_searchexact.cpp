#include "core/mime/messagescanner.h"
#include "core/search/searchevaluator.h"
#include "core/search/searchtext.h"
#include "core/wire/objectids.h"
#include "plainsearch.h"
#include "searchmail.h"
#include "searchqueries.h"
#include "tests/storage/storagetest.h"

#include <QDirIterator>
#include <QFile>
#include <QLoggingCategory>
#include <QTest>

#include <algorithm>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

constexpr int Seeds = 4; // some seconds; POSTNOOK_RANDOM_ROUNDS for more
constexpr int Messages = 60;
constexpr int ManyMessages = 1'500; // flags and keywords are looked up then
constexpr int Queries = 100;
constexpr int Jobs = 5; // that the mail comes in with: so many MODSEQs and save dates
constexpr qint64 SecondsBetween = 20'000; // two messages that come in
constexpr qsizetype ShownBytes = 3'000;

// How far the store's search index has come while it is asked. Renewed: it is made anew all the
// time.
enum class IndexState { None, Half, All, Renewed };

// Of the folder that POSTNOOK_MAIL_FOLDER names: each file is a message. None without it.
QByteArrayList realMail()
{
    QByteArrayList messages;
    const QString folder = qEnvironmentVariable("POSTNOOK_MAIL_FOLDER");
    if (folder.isEmpty()) {
        return messages;
    }
    for (QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories); files.hasNext();) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly)) {
            messages.append(file.readAll());
        }
    }
    std::sort(messages.begin(), messages.end());
    return messages;
}

// With real messages in the place of as many.
QList<SearchMail> mailsOf(SearchMailGenerator &generator, int count, qint64 nowUtc)
{
    const QByteArrayList real = realMail();
    auto mails = generator.mails(count + static_cast<int>(real.size()), nowUtc);
    for (qsizetype i = 0; i < real.size(); ++i) {
        mails[i].bytes = real[i];
    }
    return mails;
}

QByteArray toText(const QList<Uid> &uids)
{
    QByteArrayList words;
    for (const auto uid : uids) {
        words.append(QByteArray::number(uid.value));
    }
    return words.join(' ');
}

// A mailbox in a store, and beside it what the plain evaluator has to know of it.
class SearchedMailbox
{
public:
    SearchedMailbox(quint32 seed, IndexState index)
        : m_random(seed)
        , m_index(index)
    {
        if (index != IndexState::None) {
            m_fixture.options().searchTexts = {SearchTextVersion, makeSearchText};
        }
    }

    Result<void> fill(const QList<SearchMail> &mails);
    Result<void> indexAll() const;
    void beforeQuery() const;
    // The text of a query through parser and evaluator.
    Result<QList<Uid>> find(const PlainQuery &query, const PlainView &view) const;
    QList<Uid> findPlainly(const PlainQuery &query, const PlainView &view) const;

    // All messages, some, and none; what is new in it and what "$" stands for.
    PlainView randomView();
    qint64 now() const { return m_fixture.now(); }
    const QList<PlainMessage> &messages() const { return m_messages; }
    Result<QByteArray> bytes(Uid uid) const { return m_fixture.mail().bytes("INBOX", uid, true); }

private:
    Result<void> append(const QList<SearchMail> &mails);
    Result<void> readRows(const QList<SearchMail> &mails);
    QList<Uid> someOf(const QList<Uid> &uids, int of);

    QRandomGenerator m_random;
    const IndexState m_index;
    StorageFixture m_fixture;
    MailboxId m_id;
    QList<qint64> m_savedUtc; // by UID, from 1
    QList<PlainMessage> m_messages; // ascending by UID
};

Result<void> SearchedMailbox::fill(const QList<SearchMail> &mails)
{
    const auto now = m_fixture.now();
    if (const auto opened = m_fixture.open(); !opened) {
        return opened.error();
    }
    const auto info = m_fixture.mail().info("INBOX");
    if (!info) {
        return info.error();
    }
    m_id = info->id;
    const auto slice = (mails.size() + Jobs - 1) / Jobs;
    UidRanges gone;
    for (qsizetype at = 0; at < mails.size(); at += slice) {
        m_fixture.setNow(now - (mails.size() - at) * SecondsBetween);
        if (const auto appended = append(mails.mid(at, slice)); !appended) {
            return appended.error();
        }
        const bool isHalf = at + slice <= mails.size() / 2;
        if (m_index == IndexState::All || (m_index == IndexState::Half && isHalf)) {
            if (const auto indexed = indexAll(); !indexed) {
                return indexed;
            }
        }
    }
    for (qsizetype i = 0; i < mails.size(); ++i) {
        if (mails[i].isExpunged) {
            const auto uid = Uid(static_cast<quint32>(i) + 1);
            gone.append({uid, uid});
        }
    }
    m_fixture.setNow(now);
    if (const auto expunged = m_fixture.mail().expunge("INBOX", gone); !expunged) {
        return expunged.error();
    }
    return readRows(mails);
}

Result<void> SearchedMailbox::append(const QList<SearchMail> &mails)
{
    MailStore &store = m_fixture.mail().store();
    QList<NewMessage> news;
    for (const auto &mail : mails) {
        const auto content = stage(store, mail.bytes);
        if (!content) {
            return content.error();
        }
        news.append({*content, Mime::scanMessage(mail.bytes), mail.flags, mail.date});
    }
    m_savedUtc.append(QList<qint64>(mails.size(), m_fixture.now()));
    return await(store.write([this, news](WriteTxn &txn) -> Result<void> {
        for (const auto &message : news) {
            if (const auto appended = txn.append(m_id, message); !appended) {
                return appended.error();
            }
        }
        return {};
    }));
}

// What the generator does not know: the numbers and ids that the store has given.
Result<void> SearchedMailbox::readRows(const QList<SearchMail> &mails)
{
    const auto rows = m_fixture.mail().rows("INBOX", true);
    if (!rows) {
        return rows.error();
    }
    for (const auto &row : *rows) {
        const SearchMail &mail = mails.at(row.uid.value - 1);
        PlainMessage message{.uid = row.uid,
                             .modSeq = row.modSeq,
                             .flags = mail.flags,
                             .date = mail.date,
                             .savedUtc = m_savedUtc.at(row.uid.value - 1)};
        message.emailId = emailObjectId(row.sha256, row.internalDate);
        message.threadId = row.thread ? threadObjectId(*row.thread) : QByteArray();
        message.readText(mail.bytes);
        m_messages.append(message);
    }
    return rows->size() == mails.size()
        ? Result<void>()
        : Error{ErrorCode::Internal, QStringLiteral("a message is missing")};
}

Result<void> SearchedMailbox::indexAll() const
{
    for (;;) {
        const auto state = await(m_fixture.mail().store().index(MailStore::Indexing::GoOn));
        if (!state || state->waiting == 0) {
            return state ? Result<void>() : state.error();
        }
    }
}

void SearchedMailbox::beforeQuery() const
{
    if (m_index == IndexState::Renewed) {
        m_fixture.mail().store().index(MailStore::Indexing::Afresh);
    }
}

Result<QList<Uid>> SearchedMailbox::find(const PlainQuery &query, const PlainView &view) const
{
    const auto text = query.charset + query.written;
    TokenCursor cursor(text);
    const auto program = parseSearch(cursor);
    if (!program) {
        return program.error();
    }
    const SearchScope scope{.mailbox = m_id,
                            .uids = view.uids,
                            .recent = rangesOf(view.recent),
                            .saved = view.saved,
                            .nowUtc = view.nowUtc};
    return await(m_fixture.mail().store().read(
        [&program, &scope](ReadTxn &txn) { return evaluateSearch(txn, *program, scope); }));
}

QList<Uid> SearchedMailbox::findPlainly(const PlainQuery &query, const PlainView &view) const
{
    QList<Uid> found;
    for (const auto &message : m_messages) {
        if (view.uids.contains(message.uid) && matches(query, message, view)) {
            found.append(message.uid);
        }
    }
    return found;
}

QList<Uid> SearchedMailbox::someOf(const QList<Uid> &uids, int of)
{
    QList<Uid> some;
    for (const auto uid : uids) {
        if (m_random.bounded(of) != 0) {
            some.append(uid);
        }
    }
    return some;
}

PlainView SearchedMailbox::randomView()
{
    PlainView view;
    for (const auto &message : m_messages) {
        view.uids.append(message.uid);
    }
    switch (m_random.bounded(20)) {
    case 0:
        view.uids.clear();
        break;
    case 1:
    case 2:
    case 3:
        view.uids = someOf(view.uids, 5);
        break;
    default:
        break;
    }
    view.saved = someOf(view.uids, 2);
    view.recent = someOf(someOf(view.uids, 2), 2);
    view.nowUtc = now();
    return view;
}

// The smallest part of a query about which the two differ.
PlainQuery
smallestDifference(const SearchedMailbox &mailbox, const PlainQuery &query, const PlainView &view)
{
    for (auto operand : query.operands) {
        operand.charset = query.charset;
        const auto found = mailbox.find(operand, view);
        if (!found || *found != mailbox.findPlainly(operand, view)) {
            return smallestDifference(mailbox, operand, view);
        }
    }
    return query;
}

} // namespace

// SEARCH finds in every state of the store what the plainest reading of the RFCs finds.
class TestSearchExact : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("postnook.*=false")); }
    void knowsWhatWasWritten();
    void findsTheSame_data();
    void findsTheSame();

private:
    static QByteArray
    difference(const SearchedMailbox &mailbox, const PlainQuery &query, const PlainView &view);
};

// The plain evaluator itself: it sees what the mail was made of, and nothing that is not shown.
void TestSearchExact::knowsWhatWasWritten()
{
    for (quint32 seed = 1; seed <= 10; ++seed) {
        SearchMailGenerator generator(seed);
        for (const auto &mail : generator.mails(30, 1'700'000'000)) {
            PlainMessage message;
            message.readText(mail.bytes);
            const auto shown = message.foldedHeader + message.foldedBody;
            const auto has = [&shown](const QString &text) {
                return std::any_of(shown.begin(), shown.end(), [&text](const QString &one) {
                    return one.contains(plainFold(text));
                });
            };
            for (const auto &text : mail.texts) {
                QVERIFY2(has(text), (text.toUtf8() + "\nis not in\n" + mail.bytes).constData());
            }
            QVERIFY2(!has(QString::fromLatin1(HiddenText)), mail.bytes.constData());
            if (mail.sentDay) {
                QCOMPARE(message.sentDay(), mail.sentDay);
            }
        }
    }
}

void TestSearchExact::findsTheSame_data()
{
    QTest::addColumn<IndexState>("index");
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("messages");
    const auto rounds =
        static_cast<quint32>(qMax(Seeds, qEnvironmentVariableIntValue("POSTNOOK_RANDOM_ROUNDS")));
    const auto first =
        static_cast<quint32>(qMax(1, qEnvironmentVariableIntValue("POSTNOOK_RANDOM_FIRST")));
    for (quint32 seed = first; seed < first + rounds; ++seed) {
        QTest::addRow("no index, seed %u", seed) << IndexState::None << seed << Messages;
        QTest::addRow("half an index, seed %u", seed) << IndexState::Half << seed << Messages;
        QTest::addRow("all indexed, seed %u", seed) << IndexState::All << seed << Messages;
        QTest::addRow("made anew, seed %u", seed) << IndexState::Renewed << seed << Messages;
    }
    QTest::newRow("many messages") << IndexState::Half << first << ManyMessages;
}

void TestSearchExact::findsTheSame()
{
    QFETCH(const IndexState, index);
    QFETCH(const quint32, seed);
    QFETCH(const int, messages);
    SearchedMailbox mailbox(seed, index);
    SearchMailGenerator generator(seed);
    VERIFY_OK(mailbox.fill(mailsOf(generator, messages, mailbox.now())));

    qsizetype some = 0;
    for (quint32 i = 0; i < Queries; ++i) {
        const auto view = mailbox.randomView();
        const auto query = SearchQueries(seed * Queries + i, mailbox.messages(), view).next();
        const auto expected = mailbox.findPlainly(query, view);
        mailbox.beforeQuery();
        const auto found = mailbox.find(query, view);
        if (!found || *found != expected) {
            QFAIL(("query " + QByteArray::number(i) + " of seed " + QByteArray::number(seed) + ":\n"
                   + query.charset + query.written + '\n' + difference(mailbox, query, view))
                      .constData());
        }
        some += !expected.isEmpty() && expected.size() < view.uids.size();
    }
    // The queries are worth something: many give neither all nor nothing.
    QVERIFY(some > Queries / 3);
}

QByteArray TestSearchExact::difference(const SearchedMailbox &mailbox,
                                       const PlainQuery &query,
                                       const PlainView &view)
{
    const auto smallest = smallestDifference(mailbox, query, view);
    const auto expected = mailbox.findPlainly(smallest, view);
    const auto found = mailbox.find(smallest, view);
    QByteArray text = "differs by\n" + smallest.written + "\nexpected " + toText(expected)
        + "\nfound    " + (found ? toText(*found) : describe(found.error())) + "\nof       "
        + toText(view.uids) + "\n$ is     " + toText(view.saved);
    for (const auto uid : view.uids) {
        if (found && found->contains(uid) != expected.contains(uid)) {
            const auto bytes = mailbox.bytes(uid).value_or("gone");
            return text + "\nmessage " + QByteArray::number(uid.value) + ":\n"
                + bytes.first(std::min(bytes.size(), ShownBytes));
        }
    }
    return text;
}

QTEST_GUILESS_MAIN(TestSearchExact)
#include "tst_searchexact.moc"
