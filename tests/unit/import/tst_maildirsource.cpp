#include "importtest.h"

#include "app/import/maildirsource.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

class TestMaildirSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void names_data();
    void names();
    void dovecotKeywords();
    void messagesInOrder();
    void dates_data();
    void dates();
    void keysStay();
    void movedWhileWeRead();
    void goneWhileWeRead();
    void tooLarge();

private:
    MaildirSource open() const { return {m_tree->path(), Inbox, Limits}; }

    std::unique_ptr<Tree> m_tree;
};

void TestMaildirSource::init()
{
    m_tree = std::make_unique<Tree>();
    for (const char *folder : {"cur", "new", "tmp"}) {
        m_tree->makeFolder(QString::fromLatin1(folder));
    }
}

void TestMaildirSource::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("base");
    QTest::addColumn<SystemFlags>("flags");
    QTest::addColumn<QByteArrayList>("keywords");
    const auto row = [](const QString &name,
                        const QString &base,
                        SystemFlags flags = {},
                        const QByteArrayList &keywords = {}) {
        QTest::newRow(qPrintable(name)) << name << base << flags << keywords;
    };
    const SystemFlags all = SystemFlags(SystemFlag::Draft) | SystemFlag::Flagged
        | SystemFlag::Answered | SystemFlag::Seen | SystemFlag::Deleted;
    row(u"1700000000.a.host"_s, u"1700000000.a.host"_s);
    row(u"1700000000.a.host:2,"_s, u"1700000000.a.host"_s);
    row(u"1700000000.a.host:2,S"_s, u"1700000000.a.host"_s, SystemFlag::Seen);
    row(u"1700000000.a.host,S=12:2,DFPRST"_s, u"1700000000.a.host,S=12"_s, all, {"$Forwarded"});
    row(u"a;2,RS"_s, u"a"_s, SystemFlag::Answered | SystemFlag::Seen);
    row(u"a!2,F"_s, u"a"_s, SystemFlag::Flagged);
    row(u"a:2,Sab"_s, u"a"_s, SystemFlag::Seen);
    row(u"a:1,S"_s, u"a"_s);
    row(u":2,S"_s, u":2,S"_s);
}

void TestMaildirSource::names()
{
    QFETCH(QString, name);
    QFETCH(QString, base);
    QFETCH(SystemFlags, flags);
    QFETCH(QByteArrayList, keywords);
    const auto parsed = MaildirName::parse(name);
    QCOMPARE(parsed.base, base);
    QCOMPARE(parsed.flags.system, flags);
    QCOMPARE(parsed.flags.keywords, keywords);
    QCOMPARE(parsed.deliveredUtc.has_value(), name.startsWith(u"17"_s));
}

void TestMaildirSource::dovecotKeywords()
{
    m_tree->write(u"dovecot-keywords"_s,
                  "0 Work\n1 $Junk\n3 a(b\nx y\n26 Far\n-1 Near\n4 \\Seen\n");
    m_tree->write(u"cur/1700000000.a;2,Sabcdez"_s, "A: b\n\n");
    auto source = open();
    const auto items = itemsOf(source);
    QCOMPARE(items.size(), 1);
    QCOMPARE(items.first().flags, MessageFlags({SystemFlag::Seen, {"Work", "$Junk"}}));
    const MailboxNaming naming;
    SourceFinder finder(naming);
    finder.findIn(m_tree->path());
    QVERIFY(finder.skipped().isEmpty());
}

void TestMaildirSource::messagesInOrder()
{
    m_tree->write(u"cur/1700000300.c;2,S"_s, "C: c\n\n");
    m_tree->write(u"new/1700000200.b"_s, "B: b\r\n\r\n");
    m_tree->write(u"cur/1700000100.a;2,"_s, "A: a\n\n");
    m_tree->write(u"cur/.hidden"_s, "H: h\n\n");
    m_tree->makeFolder(u"cur/folder"_s);
    auto source = open();
    const auto items = itemsOf(source);
    QCOMPARE(bytesOf(items), QByteArrayList({"A: a\r\n\r\n", "B: b\r\n\r\n", "C: c\r\n\r\n"}));
    QCOMPARE(items.at(2).flags.system, SystemFlags(SystemFlag::Seen));
    QCOMPARE(source.bytesRead(), 6 + 8 + 6);
}

void TestMaildirSource::dates_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("fileTime");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("delivered") << u"new/1700000000.a"_s << 1'700'000'000LL << 1'700'000'000LL;
    QTest::newRow("copied later") << u"new/1700000000.a"_s << 1'750'000'000LL << 1'700'000'000LL;
    QTest::newRow("old mail saved") << u"new/1700000000.a"_s << 1'200'000'000LL << 1'200'000'000LL;
    QTest::newRow("no time in the name") << u"new/a"_s << 1'200'000'000LL << 1'200'000'000LL;
    QTest::newRow("another number") << u"new/12.a"_s << 1'200'000'000LL << 1'200'000'000LL;
}

void TestMaildirSource::dates()
{
    QFETCH(QString, name);
    QFETCH(qint64, fileTime);
    QFETCH(qint64, expected);
    m_tree->write(name, "A: b\n\n");
    m_tree->setTime(name, fileTime);
    auto source = open();
    QCOMPARE(*source.next()->date, InternalDate({expected, 0}));
}

void TestMaildirSource::keysStay()
{
    m_tree->write(u"new/1.a"_s, "A: b\n\n");
    m_tree->write(u"new/2.b"_s, "A: b\n\n");
    auto before = open();
    const auto keys = keysOf(itemsOf(before));
    QVERIFY(keys.at(0) != keys.at(1));
    QVERIFY(QFile::rename(m_tree->path(u"new/1.a"_s), m_tree->path(u"cur/1.a;2,FS"_s)));
    auto after = open();
    QCOMPARE(keysOf(itemsOf(after)), keys);
}

void TestMaildirSource::movedWhileWeRead()
{
    m_tree->write(u"new/1.a"_s, "A: a\n\n");
    auto source = open();
    QVERIFY(QFile::rename(m_tree->path(u"new/1.a"_s), m_tree->path(u"cur/1.a;2,F"_s)));
    const auto item = source.next();
    QCOMPARE(item->skipReason, QString());
    QCOMPARE(item->bytes, QByteArray("A: a\r\n\r\n"));
    QCOMPARE(item->flags.system, SystemFlags(SystemFlag::Flagged));
}

void TestMaildirSource::goneWhileWeRead()
{
    m_tree->write(u"new/1.a"_s, "A: a\n\n");
    m_tree->write(u"new/2.b"_s, "B: b\n\n");
    auto source = open();
    QVERIFY(QFile::remove(m_tree->path(u"new/1.a"_s)));
    const auto items = itemsOf(source);
    QCOMPARE(items.size(), 2);
    QVERIFY(items.at(0).skipReason.startsWith(u"it cannot be read: "_s));
    QVERIFY(items.at(0).origin.endsWith(u"new/1.a"_s));
    QCOMPARE(items.at(1).bytes, QByteArray("B: b\r\n\r\n"));
}

void TestMaildirSource::tooLarge()
{
    m_tree->write(u"new/1.a"_s, QByteArray(1001, 'x'));
    MaildirSource source(m_tree->path(), Inbox, {1000});
    QCOMPARE(source.next()->skipReason,
             u"it is larger than the 1000 bytes that max-request-size allows"_s);
}

QTEST_GUILESS_MAIN(TestMaildirSource)
#include "tst_maildirsource.moc"
