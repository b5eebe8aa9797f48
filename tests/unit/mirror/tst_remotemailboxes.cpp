#include "app/mirror/remotemailboxes.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestRemoteMailboxes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
    void subscriptions();
    void choice_data();
    void choice();
    void copies_data();
    void copies();
};

namespace
{

ListData listed(const QByteArray &name, char separator = '/', const QByteArrayList &attributes = {})
{
    return {attributes, separator, name};
}

QStringList namesOf(const QList<RemoteMailbox> &mailboxes)
{
    QStringList names;
    for (const RemoteMailbox &mailbox : mailboxes) {
        names.append(mailbox.name());
    }
    return names;
}

RemoteMailbox mailbox(const QString &name, SpecialUse use = SpecialUse::None)
{
    return {name.toUtf8(), name.split(u'/'), use, false};
}

} // namespace

void TestRemoteMailboxes::names_data()
{
    QTest::addColumn<QList<ListData>>("list");
    QTest::addColumn<NamespaceData>("namespaces");
    QTest::addColumn<QStringList>("names");
    using All = QList<ListData>;
    QTest::newRow("slashes") << All{listed("b/c"), listed("INBOX"), listed("a")} << NamespaceData{}
                             << QStringList{u"INBOX"_s, u"a"_s, u"b/c"_s};
    QTest::newRow("dots below INBOX")
        << All{listed("INBOX", '.'), listed("INBOX.Sent", '.'), listed("INBOX.a.b", '.')}
        << NamespaceData{{"INBOX."}, {}} << QStringList{u"INBOX"_s, u"Sent"_s, u"a/b"_s};
    QTest::newRow("dots") << All{listed("a.b", '.')} << NamespaceData{{""}, {}}
                          << QStringList{u"a/b"_s};
    QTest::newRow("inbox in small letters")
        << All{listed("inbox")} << NamespaceData{} << QStringList{u"INBOX"_s};
    QTest::newRow("modified UTF-7") << All{listed("Entw&APw-rfe"), listed("a &- b")}
                                    << NamespaceData{} << QStringList{u"Entwürfe"_s, u"a & b"_s};
    QTest::newRow("not even that")
        << All{listed("a&b")} << NamespaceData{} << QStringList{u"a&b"_s};
    QTest::newRow("flat") << All{listed("a/b", '\0')} << NamespaceData{} << QStringList{u"a/b"_s};
    QTest::newRow("cannot be opened") << All{listed("[Gmail]", '/', {"\\noselect"}),
                                             listed("x", '/', {"\\nonexistent"}),
                                             listed("[Gmail]/All Mail")}
                                      << NamespaceData{} << QStringList{u"[Gmail]/All Mail"_s};
    QTest::newRow("other people's") << All{listed("a"), listed("shared/x"), listed("~bob/y")}
                                    << NamespaceData{{""}, {"~", "shared/"}} << QStringList{u"a"_s};
    QTest::newRow("told twice") << All{listed("a"), listed("a")} << NamespaceData{}
                                << QStringList{u"a"_s};
    QTest::newRow("without a name") << All{listed("")} << NamespaceData{} << QStringList{};
}

void TestRemoteMailboxes::names()
{
    QFETCH(QList<ListData>, list);
    QFETCH(NamespaceData, namespaces);
    QTEST(namesOf(remoteMailboxes(list, {}, namespaces)), "names");
}

void TestRemoteMailboxes::subscriptions()
{
    const auto mailboxes = remoteMailboxes(
        {listed("a"), listed("b", '/', {"\\subscribed"}), listed("c")}, {listed("a")}, {});
    QVERIFY(mailboxes.at(0).isSubscribed);
    QVERIFY(mailboxes.at(1).isSubscribed);
    QVERIFY(!mailboxes.at(2).isSubscribed);
}

void TestRemoteMailboxes::choice_data()
{
    QTest::addColumn<QStringList>("wanted");
    QTest::addColumn<QStringList>("unwanted");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isTaken");
    using L = QStringList;
    QTest::newRow("all") << L{} << L{} << u"a/b"_s << true;
    QTest::newRow("a name") << L{u"a"_s} << L{} << u"a"_s << true;
    QTest::newRow("not what is below") << L{u"a"_s} << L{} << u"a/b"_s << false;
    QTest::newRow("one level") << L{u"a/%"_s} << L{} << u"a/b"_s << true;
    QTest::newRow("not two") << L{u"a/%"_s} << L{} << u"a/b/c"_s << false;
    QTest::newRow("all below") << L{u"a*"_s} << L{} << u"a/b/c"_s << true;
    QTest::newRow("several") << L{u"x"_s, u"a"_s} << L{} << u"a"_s << true;
    QTest::newRow("unwanted") << L{} << L{u"Junk"_s} << u"Junk"_s << false;
    QTest::newRow("unwanted is stronger") << L{u"*"_s} << L{u"a*"_s} << u"a/b"_s << false;
    QTest::newRow("INBOX in any case") << L{u"inbox"_s} << L{} << u"INBOX"_s << true;
    QTest::newRow("letters of any script") << L{u"Entw%"_s} << L{} << u"Entwürfe"_s << true;
}

void TestRemoteMailboxes::choice()
{
    QFETCH(QStringList, wanted);
    QFETCH(QStringList, unwanted);
    QFETCH(QString, name);
    QTEST((MailboxChoice{wanted, unwanted}.takes(mailbox(name))), "isTaken");
}

void TestRemoteMailboxes::copies_data()
{
    QTest::addColumn<QString>("below");
    QTest::addColumn<QList<RemoteMailbox>>("mailboxes");
    QTest::addColumn<QStringList>("copies");
    using L = QStringList;
    using All = QList<RemoteMailbox>;
    QTest::newRow("the same") << QString() << All{mailbox(u"INBOX"_s), mailbox(u"a/b"_s)}
                              << L{u"INBOX"_s, u"a/b"_s};
    QTest::newRow("special use") << QString() << All{mailbox(u"Gesendet"_s, SpecialUse::Sent)}
                                 << L{u"Sent"_s};
    QTest::newRow("nobody has the use")
        << QString() << All{mailbox(u"Weg"_s, SpecialUse::Trash)} << L{u"Weg"_s};
    QTest::newRow("two with the use")
        << QString() << All{mailbox(u"s1"_s, SpecialUse::Sent), mailbox(u"s2"_s, SpecialUse::Sent)}
        << L{u"Sent"_s, u"s2"_s};
    QTest::newRow("below") << u"Old"_s
                           << All{mailbox(u"INBOX"_s), mailbox(u"Gesendet"_s, SpecialUse::Sent)}
                           << L{u"Old/INBOX"_s, u"Old/Gesendet"_s};
    QTest::newRow("what no name may hold") << QString() << All{mailbox(u"a%b*"_s)} << L{u"a_b_"_s};
    QTest::newRow("two of one name")
        << QString() << All{mailbox(u"a%"_s), mailbox(u"a*"_s)} << L{u"a_"_s, u"a_ 2"_s};
    QTest::newRow("taken by another copy")
        << QString() << All{mailbox(u"Taken"_s)} << L{u"Taken 2"_s};
    QTest::newRow("too long") << QString() << All{mailbox(QString(2000, u'x'))} << L{QString()};
}

void TestRemoteMailboxes::copies()
{
    QFETCH(QString, below);
    QFETCH(QList<RemoteMailbox>, mailboxes);
    CopyNames naming(below.isEmpty() ? MailboxNaming() : *MailboxNaming::below(below),
                     {{SpecialUse::Sent, MailboxName("Sent")}},
                     {MailboxName("Taken")});
    QStringList copies;
    for (const RemoteMailbox &mailbox : mailboxes) {
        copies.append(QString::fromUtf8(naming.nameFor(mailbox).value_or(MailboxName()).utf8));
    }
    QTEST(copies, "copies");
}

QTEST_GUILESS_MAIN(TestRemoteMailboxes)
#include "tst_remotemailboxes.moc"
