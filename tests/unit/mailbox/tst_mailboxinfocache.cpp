#include "core/mailbox/mailboxinfocache.h"

#include <QTest>

using namespace Postnook;

Q_DECLARE_METATYPE(Postnook::MailboxChanges)

namespace
{

MailboxInfo infoOf(const QByteArray &name, quint32 messages)
{
    MailboxInfo info;
    info.name = MailboxName(name);
    info.messages = messages;
    info.id = MailboxId(7);
    return info;
}

} // namespace

class TestMailboxInfoCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsUntilACommit();
    void idsOutliveACommit();
    void idsGoWithNames_data();
    void idsGoWithNames();
    void whatWasReadBeforeACommitIsNotKept();
    void isBounded();
};

void TestMailboxInfoCache::keepsUntilACommit()
{
    MailboxInfoCache cache;
    QVERIFY(cache.find(MailboxName("INBOX")) == nullptr);
    cache.keep(infoOf("INBOX", 3), cache.now());
    cache.keep(infoOf("Work", 4), cache.now());
    QVERIFY(cache.find(MailboxName("INBOX")) != nullptr);
    QCOMPARE(cache.find(MailboxName("INBOX"))->messages, 3U);
    QCOMPARE(cache.find(MailboxName("Work"))->messages, 4U);
    QVERIFY(cache.find(MailboxName("work")) == nullptr);
    cache.noteCommit({});
    QVERIFY(cache.find(MailboxName("INBOX")) == nullptr);
    QVERIFY(cache.find(MailboxName("Work")) == nullptr);
    cache.keep(infoOf("INBOX", 5), cache.now());
    QCOMPARE(cache.find(MailboxName("INBOX"))->messages, 5U);
}

void TestMailboxInfoCache::idsOutliveACommit()
{
    MailboxInfoCache cache;
    QVERIFY(!cache.idOf(MailboxName("INBOX")));
    const auto readAt = cache.now();
    CommitNotice notice;
    notice.mailbox = MailboxId(7);
    notice.changes = MailboxChange::MessagesAdded;
    cache.noteCommit({notice}); // while it is read
    cache.keep(infoOf("INBOX", 3), readAt);
    QVERIFY(cache.find(MailboxName("INBOX")) == nullptr);
    QCOMPARE(cache.idOf(MailboxName("INBOX")), std::optional(MailboxId(7)));
    cache.noteCommit({notice});
    QCOMPARE(cache.idOf(MailboxName("INBOX")), std::optional(MailboxId(7)));
}

void TestMailboxInfoCache::idsGoWithNames_data()
{
    QTest::addColumn<MailboxChanges>("changes");
    QTest::addColumn<int>("event"); // NameEvent::Kind, -1: none
    QTest::newRow("a child of what was renamed") << MailboxChanges(MailboxChange::Named) << -1;
    for (const auto kind :
         {NameEvent::Kind::Created, NameEvent::Kind::Deleted, NameEvent::Kind::Renamed}) {
        QTest::addRow("event %d", int(kind)) << MailboxChanges() << int(kind);
    }
}

void TestMailboxInfoCache::idsGoWithNames()
{
    QFETCH(const MailboxChanges, changes);
    QFETCH(const int, event);
    MailboxInfoCache cache;
    const auto readAt = cache.now();
    cache.keep(infoOf("INBOX", 3), readAt);
    CommitNotice notice;
    notice.mailbox = MailboxId(7);
    notice.changes = changes;
    if (event >= 0) {
        notice.names = {{NameEvent::Kind(event), MailboxName("Work")}};
    }
    cache.noteCommit({{}, notice});
    QVERIFY(!cache.idOf(MailboxName("INBOX")));
    cache.keep(infoOf("INBOX", 3), readAt);
    QVERIFY(!cache.idOf(MailboxName("INBOX")));
}

void TestMailboxInfoCache::whatWasReadBeforeACommitIsNotKept()
{
    MailboxInfoCache cache;
    const auto read = cache.now();
    cache.noteCommit({});
    cache.keep(infoOf("INBOX", 3), read);
    QVERIFY(cache.find(MailboxName("INBOX")) == nullptr);
}

void TestMailboxInfoCache::isBounded()
{
    MailboxInfoCache cache;
    int kept = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto info = infoOf("m" + QByteArray::number(i), 1);
        cache.keep(info, cache.now());
        kept += cache.find(info.name) != nullptr ? 1 : 0;
    }
    QCOMPARE(kept, 1000);
}

QTEST_GUILESS_MAIN(TestMailboxInfoCache)
#include "tst_mailboxinfocache.moc"
