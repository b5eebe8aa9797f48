#include "imapclient.h"
#include "postnookprocess.h"

#include <QFile>
#include <QFileInfo>
#include <QTest>

#ifndef Q_OS_WIN
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

// `postnook account`, with and without a running server.
class TestE2eAccounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutServer();
    void besideServer();
    void badNamesAndPasswords_data();
    void badNamesAndPasswords();
    void iterations_data();
    void iterations();
    void databaseThatCannotBeWritten();
    void noDataFolder();
    void passwdEndsSessions();
    void removeEndsSessionsAndKeepsMail();
    void removePurges();
    void otherNormalForms();
    void promptWithoutEcho_data();
    void promptWithoutEcho();
    void noTerminalToAsk();
    void checkRescans();
    void checkReindexes();
    void checkRepairs();
};

namespace
{

QStringList account(const Home &home, const QStringList &words)
{
    return home.settings() + QStringList{u"account"_s} + words;
}

// A session over TLS, logged in with INBOX open.
bool openInbox(ImapClient *client, const ServerProcess &server, const QByteArray &password)
{
    return client->connectTls(server.portTls()) && client->login("ann", password)
        && client->succeeds("SELECT INBOX");
}

} // namespace

void TestE2eAccounts::withoutServer()
{
    const Home home;
    const auto added =
        home.run(account(home, {u"add"_s, u"Jürgen"_s, u"--password-stdin"_s}), "secret\n");
    QCOMPARE(added.exitCode, 0);
    QCOMPARE(added.err, u"The account 'Jürgen' is ready.\n"_s);
    QCOMPARE(added.out, QString());
    QVERIFY(home.addAccount(u"ann"_s, "secret"));

    const auto again =
        home.run(account(home, {u"add"_s, u"JÜRGEN"_s, u"--password-stdin"_s}), "secret\n");
    QCOMPARE(again.exitCode, 65);
    QCOMPARE(again.err, u"postnook: there is an account 'JÜRGEN' already\n"_s);

    const auto list = home.run(account(home, {u"list"_s}));
    QCOMPARE(list.exitCode, 0);
    QCOMPARE(list.out, u"ann\nJürgen\n"_s);

    QCOMPARE(home.run(account(home, {u"remove"_s, u"ann"_s})).exitCode, 0);
    const auto gone = home.run(account(home, {u"remove"_s, u"ann"_s}));
    QCOMPARE(gone.exitCode, 67);
    QCOMPARE(gone.err, u"postnook: there is no account 'ann'\n"_s);
    QCOMPARE(
        home.run(account(home, {u"passwd"_s, u"ann"_s, u"--password-stdin"_s}), "x\n").exitCode,
        67);
    QCOMPARE(home.run(account(home, {u"list"_s})).out, u"Jürgen\n"_s);
}

void TestE2eAccounts::besideServer()
{
    const Home home;
    ServerProcess server(home);
    QVERIFY(server.start());
    QVERIFY(server.waitForLog(u"there is no account yet"_s));

    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()));
    QVERIFY(!client.login("ann", "secret"));
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    QVERIFY(client.login("ann", "secret")); // at once, in a session that was there before

    QCOMPARE(home.run(account(home, {u"list"_s})).out, u"ann\n"_s);
    const auto again = home.run(account(home, {u"add"_s, u"ann"_s, u"--password-stdin"_s}), "x\n");
    QCOMPARE(again.exitCode, 65);
    QCOMPARE(again.err, u"postnook: there is an account 'ann' already\n"_s);
}

void TestE2eAccounts::badNamesAndPasswords_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("empty name") << u""_s << QByteArray("secret\n") << 65;
    for (const QString &name : {u" "_s, u" bob"_s, u"bob "_s, u"\u00a0bob"_s}) {
        QTest::addRow("blank at an end '%s'", qPrintable(name))
            << name << QByteArray("secret\n") << 65;
    }
    QTest::newRow("blank within") << u"bob b"_s << QByteArray("secret\n") << 0;
    QTest::newRow("control character") << u"a\x01b"_s << QByteArray("secret\n") << 65;
    QTest::newRow("longest name") << QString(255, u'n') << QByteArray("secret\n") << 0;
    QTest::newRow("name too long") << QString(256, u'n') << QByteArray("secret\n") << 65;
    QTest::newRow("empty password") << u"bob"_s << QByteArray("\n") << 65;
    QTest::newRow("no password") << u"bob"_s << QByteArray() << 65;
    QTest::newRow("password that SASLprep forbids") << u"bob"_s << QByteArray("a\x01\n") << 65;
    QTest::newRow("password of spaces") << u"bob"_s << QByteArray("   \n") << 0;
}

void TestE2eAccounts::badNamesAndPasswords()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, password);
    QFETCH(int, exitCode);
    const Home home;
    const auto added = home.run(
        account(home, {u"add"_s, u"--password-stdin"_s, u"--iterations=4096"_s, u"--"_s, name}),
        password);
    QCOMPARE(added.exitCode, exitCode);
    QCOMPARE(added.err.count(u'\n'), 1);
}

void TestE2eAccounts::iterations_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("by the setting")
        << QStringList{u"--password-iterations=5000"_s} << QByteArray("5000");
    QTest::newRow("by the option")
        << QStringList{u"--password-iterations=5000"_s, u"--iterations=6000"_s}
        << QByteArray("6000");
}

void TestE2eAccounts::iterations()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, told);
    const Home home;
    const QStringList add{u"add"_s, u"bob"_s, u"--password-stdin"_s};
    QCOMPARE(home.run(account(home, add + words), "secret\n").exitCode, 0);
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()));
    // RFC 5802 5.1: the server's first message says how often.
    client.send("a AUTHENTICATE SCRAM-SHA-256 " + QByteArray("n,,n=bob,r=abc").toBase64() + "\r\n");
    const auto first = QByteArray::fromBase64(client.readLine().mid(2));
    QVERIFY2(first.endsWith(",i=" + told), first.constData());
}

// SQLite would take it for reading, and leave files behind that stop all later commands.
void TestE2eAccounts::databaseThatCannotBeWritten()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    const QString path = home.dataDir() + u"/server.db"_s;
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner));
    if (QFileInfo(path).isWritable()) {
        QSKIP("this user may write everything");
    }
    for (const QStringList &words : {account(home, {u"list"_s}),
                                     home.settings() + QStringList{u"serve"_s},
                                     home.settings() + QStringList{u"import"_s, u"ann"_s, path}}) {
        const auto refused = home.run(words);
        QVERIFY(refused.exitCode == 77 || refused.exitCode == 73); // as with a folder
        QVERIFY2(refused.err.contains(path + u" cannot be read and written"_s),
                 qPrintable(refused.err));
    }
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
    QCOMPARE(home.run(account(home, {u"list"_s})).out, u"ann\n"_s);
}

void TestE2eAccounts::noDataFolder()
{
    const Home home;
    const auto list = home.run(account(home, {u"list"_s}));
    QCOMPARE(list.exitCode, 69);
    QCOMPARE(list.err,
             u"postnook: there is no data folder %1; 'postnook account add' makes it\n"_s.arg(
                 home.dataDir()));
    QVERIFY(!QFileInfo::exists(home.dataDir()));
}

void TestE2eAccounts::passwdEndsSessions()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "old"));
    QVERIFY(home.addAccount(u"bob"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient ann;
    QVERIFY(openInbox(&ann, server, "old"));
    ImapClient bob;
    QVERIFY(bob.connectTls(server.portTls()) && bob.login("bob", "secret"));

    const auto changed =
        home.run(account(home, {u"passwd"_s, u"ann"_s, u"--password-stdin"_s}), "new\n");
    QCOMPARE(changed.exitCode, 0);
    QVERIFY(ann.readLine().startsWith("* BYE"));
    QVERIFY(ann.waitForDisconnect());
    QVERIFY(bob.succeeds("NOOP"));

    ImapClient again;
    QVERIFY(again.connectTls(server.portTls()));
    QVERIFY(!again.login("ann", "old"));
    QVERIFY(again.login("ann", "new"));
}

void TestE2eAccounts::removeEndsSessionsAndKeepsMail()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient ann;
    QVERIFY(openInbox(&ann, server, "secret"));
    QVERIFY(ann.succeeds("APPEND INBOX {6+}\r\nA: b\r\n"));

    QCOMPARE(home.run(account(home, {u"remove"_s, u"ann"_s})).exitCode, 0);
    QCOMPARE(ann.readLine().left(5), QByteArray("* BYE"));
    ImapClient gone;
    QVERIFY(gone.connectTls(server.portTls()));
    QVERIFY(!gone.login("ann", "secret"));

    QVERIFY(home.addAccount(u"ann"_s, "other"));
    ImapClient again;
    QVERIFY(openInbox(&again, server, "other"));
    QVERIFY(again.command("STATUS INBOX (MESSAGES)").join('\n').contains("MESSAGES 1"));
}

void TestE2eAccounts::removePurges()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient ann;
    QVERIFY(openInbox(&ann, server, "secret"));
    QVERIFY(ann.succeeds("APPEND INBOX {6+}\r\nA: b\r\n"));

    const auto removed = home.run(account(home, {u"remove"_s, u"ann"_s, u"--purge"_s}));
    QCOMPARE(removed.exitCode, 0);
    QCOMPARE(removed.err, u"The account 'ann' and its mail are gone.\n"_s);
    QVERIFY(ann.waitForDisconnect());
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ImapClient again;
    QVERIFY(openInbox(&again, server, "secret"));
    QVERIFY(again.command("STATUS INBOX (MESSAGES)").join('\n').contains("MESSAGES 0"));
}

void TestE2eAccounts::otherNormalForms()
{
    // Typed as "u" and a combining diaeresis, used as one character: SASLprep (RFC 4013) makes both
    // the same, in names and passwords.
    const Home home;
    QVERIFY(home.addAccount(u"ju\u0308rgen"_s, "gru\xcc\x88n"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()));
    client.send("a LOGIN {7+}\r\nj\xc3\xbcrgen {5+}\r\ngr\xc3\xbcn\r\n");
    QVERIFY(client.readLine().startsWith("a OK"));
}

void TestE2eAccounts::promptWithoutEcho_data()
{
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("last");
    QTest::newRow("the same twice")
        << QByteArray("secret\r") << 0 << u"The account 'ann' is ready."_s;
    QTest::newRow("two different ones")
        << QByteArray("secrets\r") << 65
        << u"postnook: the two passwords differ; nothing was changed"_s;
    QTest::newRow("Ctrl-C") << QByteArray("sec\x03") << 69 << u"postnook: cancelled"_s;
}

void TestE2eAccounts::promptWithoutEcho()
{
#ifdef Q_OS_WIN
    QSKIP("needs a pseudo terminal");
#else
    QFETCH(QByteArray, second);
    QFETCH(int, exitCode);
    QFETCH(QString, last);
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    QVERIFY(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    const auto type = [terminal](const QByteArray &keys) {
        return ::write(terminal, keys.constData(), static_cast<size_t>(keys.size())) == keys.size();
    };

    const Home home;
    QProcess process;
    home.prepare(&process);
    process.setArguments(account(home, {u"add"_s, u"ann"_s}));
    process.setStandardInputFile(QFile::decodeName(ptsname(terminal)));
    QString messages;
    const auto says = [&process, &messages](const QString &text) {
        const auto heard = [&process, &messages, &text] {
            messages += QString::fromUtf8(process.readAllStandardError());
            return messages.contains(text);
        };
        return QTest::qWaitFor(heard, 30'000);
    };
    process.start();
    QVERIFY(says(u"New password for ann: "_s) && type("secret\r"));
    QVERIFY(says(u"The same again: "_s) && type(second));
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 30'000);
    QVERIFY(says(last));
    QCOMPARE(process.exitCode(), exitCode);

    // Nothing of it came back to the screen.
    QCOMPARE(::fcntl(terminal, F_SETFL, O_NONBLOCK), 0);
    QByteArray screen(1024, '\0');
    screen.resize(std::max<qsizetype>(0, ::read(terminal, screen.data(), 1024)));
    ::close(terminal);
    QVERIFY(!screen.contains("sec"));
    QVERIFY(!messages.contains(u"secret"_s));
#endif
}

void TestE2eAccounts::noTerminalToAsk()
{
    const Home home;
    const auto added = home.run(account(home, {u"add"_s, u"ann"_s}), "secret\n");
    QCOMPARE(added.exitCode, 65);
    QCOMPARE(added.err,
             u"postnook: there is no terminal to ask for the password; use --password-stdin\n"_s);
}

// `postnook check`; what a rescan finds is tst_rescan's.
void TestE2eAccounts::checkRescans()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    QVERIFY(home.addAccount(u"bob"_s, "secret"));
    const QStringList check = home.settings() + QStringList{u"check"_s};
    const auto both = home.run(check + QStringList{u"ann"_s, u"bob"_s, u"--rescan"_s});
    QCOMPARE(both.exitCode, 0);
    QCOMPARE(both.out,
             u"ann: 0 message texts described anew\nbob: 0 message texts described anew\n"_s);

    ServerProcess server(home);
    QVERIFY(server.start());
    const auto beside = home.run(check + QStringList{u"ann"_s, u"--rescan"_s});
    QCOMPARE(beside.exitCode, 0);
    QCOMPARE(beside.out, u"ann: 0 message texts described anew\n"_s);
    const auto unknown = home.run(check + QStringList{u"eve"_s, u"--rescan"_s});
    QCOMPARE(unknown.exitCode, 67);
    QCOMPARE(unknown.err, u"postnook: there is no account 'eve'\n"_s);
    QCOMPARE(home.run(check + QStringList{u"--rescan"_s}).exitCode, 64);
}

// What an index is good for is tst_storagesearch's.
void TestE2eAccounts::checkReindexes()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    const QStringList check = home.settings() + QStringList{u"check"_s, u"ann"_s};
    const auto empty = u"ann: search index: 0 message texts, 0 still to come; 0.0 MiB of text take "
                       "0.0 MiB, and 0.0 MiB of index\n"_s;
    const auto indexed = home.run(check + QStringList{u"--reindex"_s});
    QCOMPARE(indexed.exitCode, 0);
    QCOMPARE(indexed.out, empty);
    const auto both = home.run(check + QStringList{u"--rescan"_s, u"--sizes"_s});
    QCOMPARE(both.exitCode, 0);
    QCOMPARE(both.out, u"ann: 0 message texts described anew\n"_s + empty);

    const auto off = home.run(check + QStringList{u"--reindex"_s, u"--search-index=false"_s});
    QCOMPARE(off.exitCode, 78);
    QCOMPARE(off.err, u"postnook: search-index=false: there is no index to be made\n"_s);
    const auto sizes = home.run(check + QStringList{u"--sizes"_s, u"--search-index=false"_s});
    QCOMPARE(sizes.exitCode, 0);
    QCOMPARE(
        sizes.out,
        u"ann: search-index=false: no index is kept; what is left of one in search.db may be deleted\n"_s);
}

// What is found and what is saved is tst_storagerepair's and tst_verify's.
void TestE2eAccounts::checkRepairs()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    const QStringList check = home.settings() + QStringList{u"check"_s, u"ann"_s};
    const auto none = home.run(check);
    QCOMPARE(none.exitCode, 0);
    const auto sound = [](const QString &counts, const QString &index) {
        return u"ann: Database sound. %1, all readable. Counters right. Search index %2.\n"
               "ann: Nothing to repair.\n"_s.arg(counts, index);
    };
    const QString one = u"1 message, 1 text"_s;
    QCOMPARE(none.out, sound(u"0 messages, 0 texts"_s, u"complete"_s));

    {
        ServerProcess server(home);
        QVERIFY(server.start());
        ImapClient client;
        QVERIFY(client.connectTls(server.portTls()));
        QVERIFY(client.login("ann", "secret"));
        QVERIFY(client.succeeds("APPEND INBOX {14+}\r\nSubject: a\r\n\r\n"));
        const auto beside = home.run(check + QStringList{u"--repair"_s});
        QCOMPARE(beside.exitCode, 0);
        // A running server may not have come so far with its index.
        QVERIFY2(beside.out == sound(one, u"complete"_s)
                     || beside.out == sound(one, u"right, 1 text still to come"_s),
                 qPrintable(beside.out));
        server.terminate();
        QCOMPARE(server.waitForEnd(), 0);
    }
    QFile database(home.dataDir() + u"/accounts/1/mail.db"_s);
    QVERIFY(database.open(QIODevice::ReadWrite));
    const auto at = database.readAll().indexOf("Subject: a\r\n\r\n");
    QVERIFY(at > 0);
    QVERIFY(database.seek(at + 9));
    QCOMPARE(database.write("b"), 1);
    database.close();
    const auto fault = u"ann: mailbox INBOX, UID 1: the bytes of the message are not those that "
                       "came\n"_s;
    const auto found = home.run(check);
    QCOMPARE(found.exitCode, 65);
    QCOMPARE(found.out, fault);
    const auto repaired = home.run(check + QStringList{u"--repair"_s});
    QCOMPARE(repaired.exitCode, 0);
    QVERIFY2(repaired.out.startsWith(fault + u"ann: 1 messages are in the new database; "_s),
             qPrintable(repaired.out));
    QVERIFY(repaired.out.contains(u"ann: 1 messages are not as they came; they are kept"_s));
    QVERIFY(repaired.out.contains(u"ann: 1 message texts described anew\n"_s));
    QCOMPARE(home.run(check).out, sound(one, u"complete"_s));
}

QTEST_GUILESS_MAIN(TestE2eAccounts)
#include "tst_e2eaccounts.moc"
