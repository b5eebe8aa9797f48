#include "imapclient.h"
#include "postnookprocess.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>

#ifndef Q_OS_WIN
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

// `postnook import`, beside a running server and without one, ended at any moment.
class TestE2eImport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void twiceWithoutServer();
    void twiceBesideServer();
    void bytesFlagsAndDates();
    void notRevived();
    void refusedMessages();
    void growingMbox();
    void dryRun();
    void mapped();
    void twoAtOnce();
    void killedWithoutServer_data();
    void killedWithoutServer();
    void serverKilled();
    void stopped();
    void exitCodes_data();
    void exitCodes();
    void pathThatIsNoText();
    void accountRemoved();
    void accountRemovedMeanwhile();
    void progressOnATerminal();

private:
    void write(const QString &name, const QByteArray &bytes) const;
    QStringList importOf(const QStringList &words) const;
    Home::Finished import(const QStringList &words) const;
    void writeLarge() const;
    QProcess *startLarge(const QString &name = QStringLiteral("large.mbox"));
    // The same messages as another program keeps them; how many an import of them brings.
    qint64 writeLargeAs(const QString &format, const QString &name) const;
    // Returns when the first batch is there, told to the client; null when it never is.
    QProcess *startUntilFirstCommit(const ServerProcess &server, ImapClient *client);
    // Of all mailboxes together.
    qint64 messagesOnServer(const ServerProcess &server) const;

    std::unique_ptr<Home> m_home;
};

namespace
{

constexpr auto LargeCount = 4000;
constexpr auto TimeoutMs = 60'000;

QByteArray message(const QByteArray &subject)
{
    return "From: ann@example.org\nSubject: " + subject
        + "\nDate: Mon, 1 Jan 2024 10:00:00 +0100\n\ntext of " + subject + "\n";
}

QByteArray mbox(const QByteArrayList &subjects)
{
    QByteArray bytes;
    for (const QByteArray &subject : subjects) {
        bytes += "From ann@example.org Mon Jan  1 10:00:00 2024\n" + message(subject) + '\n';
    }
    return bytes;
}

qint64 countIn(const QString &line, const QString &what)
{
    return QRegularExpression(what + u" (\\d+)"_s).match(line).captured(1).toLongLong();
}

bool logIn(ImapClient *client, const ServerProcess &server)
{
    return client->connectTls(server.portTls()) && client->login("ann", "secret");
}

} // namespace

void TestE2eImport::init()
{
    m_home = std::make_unique<Home>();
    QVERIFY(m_home->addAccount(u"ann"_s, "secret"));
}

void TestE2eImport::write(const QString &name, const QByteArray &bytes) const
{
    const QString path = m_home->path(u"mail/"_s + name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QStringList TestE2eImport::importOf(const QStringList &words) const
{
    return m_home->settings() + QStringList{u"import"_s} + words;
}

Home::Finished TestE2eImport::import(const QStringList &words) const
{
    return m_home->run(importOf(words));
}

void TestE2eImport::writeLarge() const
{
    QByteArrayList subjects;
    for (int i = 0; i < LargeCount; ++i) {
        // Every fourth one is equal to others: each of them counts.
        subjects.append(i % 4 == 0 ? QByteArray("equal") : QByteArray::number(i));
    }
    write(u"large.mbox"_s, mbox(subjects));
}

qint64 TestE2eImport::writeLargeAs(const QString &format, const QString &name) const
{
    if (format == "mbox"_L1) {
        writeLarge();
        return LargeCount;
    }
    if (format == "apple"_L1) {
        for (int i = 0; i < LargeCount; ++i) {
            const QByteArray text = message(QByteArray::number(i));
            write(u"%1/Messages/%2.emlx"_s.arg(name).arg(i),
                  QByteArray::number(text.size()) + '\n' + text);
        }
        return LargeCount;
    }
    const bool isTakeout = format == "takeout"_L1;
    QByteArray bytes;
    for (int i = 0; i < LargeCount; ++i) {
        bytes += isTakeout ? "From 17@xxx Mon Jan  1 10:00:00 2024\nX-Gmail-Labels: Inbox,Work\n"
                           : "From \nX-Mozilla-Status: 0001\n";
        bytes += message(QByteArray::number(i)) + '\n';
    }
    if (isTakeout) {
        write(name, bytes);
        return 2LL * LargeCount; // a copy for each label
    }
    write(name + u"/prefs.js"_s, "");
    write(name + u"/ImapMail/imap.example.org/INBOX"_s, bytes);
    write(name + u"/ImapMail/imap.example.org/INBOX.msf"_s, "notes");
    return LargeCount;
}

QProcess *TestE2eImport::startLarge(const QString &name)
{
    auto *process = new QProcess(this);
    m_home->prepare(process);
    process->setArguments(importOf({u"ann"_s, m_home->path(u"mail/"_s + name)}));
    process->start();
    return process;
}

QProcess *TestE2eImport::startUntilFirstCommit(const ServerProcess &server, ImapClient *client)
{
    if (!logIn(client, server) || !client->succeeds("CREATE large")
        || !client->succeeds("SELECT large")) {
        return nullptr;
    }
    client->send("i IDLE\r\n");
    client->readLine();
    QProcess *process = startLarge();
    return client->readLine().endsWith(" EXISTS") ? process : nullptr;
}

qint64 TestE2eImport::messagesOnServer(const ServerProcess &server) const
{
    ImapClient client;
    if (!logIn(&client, server)) {
        return -1;
    }
    qint64 messages = 0;
    const auto lines = client.command("LIST \"\" * RETURN (STATUS (MESSAGES))");
    for (const QByteArray &line : lines) {
        messages += countIn(QString::fromUtf8(line), u"MESSAGES"_s);
    }
    return messages;
}

void TestE2eImport::twiceWithoutServer()
{
    write(u"1.eml"_s, message("one"));
    write(u"box.mbox"_s, mbox({"two", "three", "three"}));
    write(u"Work/new/1700000000.a"_s, message("four"));
    QDir().mkpath(m_home->path(u"mail/Work/cur"_s));
    write(u"notes.txt"_s, "text\n");

    const QString path = m_home->path(u"mail"_s);
    const auto first = import({u"ann"_s, path});
    QCOMPARE(first.out, u"imported 5, already there 0, skipped 1\n"_s);
    QCOMPARE(first.err, u"skipped %1/notes.txt: it is no mail file\n"_s.arg(path));
    QCOMPARE(first.exitCode, 0);
    const auto second = import({u"ann"_s, path});
    QCOMPARE(second.out, u"imported 0, already there 5, skipped 1\n"_s);
    QCOMPARE(second.exitCode, 0);

    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(logIn(&client, server));
    QCOMPARE(client.command("STATUS INBOX (MESSAGES)").first(),
             QByteArray("* STATUS INBOX (MESSAGES 1)"));
    QCOMPARE(client.command("STATUS box (MESSAGES)").first(),
             QByteArray("* STATUS box (MESSAGES 3)"));
    QCOMPARE(client.command("STATUS Work (MESSAGES)").first(),
             QByteArray("* STATUS Work (MESSAGES 1)"));
    QVERIFY(client.command("LSUB \"\" Work").first().endsWith(" Work"));
}

void TestE2eImport::twiceBesideServer()
{
    write(u"box.mbox"_s, mbox({"one", "two"}));
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(logIn(&client, server));
    QVERIFY(client.succeeds("CREATE Old"));
    QVERIFY(client.succeeds("SELECT Old"));
    client.send("i IDLE\r\n");
    QCOMPARE(client.readLine().first(2), QByteArray("+ "));

    const QStringList words{u"ann"_s, u"--mailbox=Old"_s, m_home->path(u"mail/box.mbox"_s)};
    const auto first = import(words);
    QCOMPARE(first.out, u"imported 2, already there 0, skipped 0\n"_s);
    QCOMPARE(first.err, QString());
    QCOMPARE(client.readLine(), QByteArray("* 2 EXISTS")); // at once, in a session that was there
    QCOMPARE(import(words).out, u"imported 0, already there 2, skipped 0\n"_s);
    QCOMPARE(messagesOnServer(server), 2);
}

void TestE2eImport::bytesFlagsAndDates()
{
    const QByteArray large = "Subject: large\r\n\r\n" + QByteArray(300'000, 'x') + "\r\n\xff\n";
    write(u"cur/1700000000.a;2,FS"_s, large);
    QDir().mkpath(m_home->path(u"mail/new"_s));
    QCOMPARE(import({u"ann"_s, m_home->path(u"mail"_s)}).exitCode, 0);

    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(logIn(&client, server));
    QVERIFY(client.succeeds("SELECT INBOX"));
    client.send("f FETCH 1 (FLAGS INTERNALDATE BODY.PEEK[])\r\n");
    QCOMPARE(client.readLine(),
             QByteArray("* 1 FETCH (FLAGS (\\Recent \\Flagged \\Seen)"
                        " INTERNALDATE \"14-Nov-2023 22:13:20 +0000\" BODY[] {"
                        + QByteArray::number(large.size()) + '}'));
    QVERIFY(QTest::qWaitFor([&] { return client.socket().bytesAvailable() >= large.size(); },
                            TimeoutMs));
    QCOMPARE(client.socket().read(large.size()), large);
}

void TestE2eImport::notRevived()
{
    write(u"box.mbox"_s, mbox({"one", "two", "three"}));
    const QStringList words{u"ann"_s, u"--mailbox=INBOX"_s, m_home->path(u"mail/box.mbox"_s)};
    QCOMPARE(import(words).exitCode, 0);
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(logIn(&client, server));
    QVERIFY(client.succeeds("SELECT INBOX"));
    QVERIFY(client.succeeds("STORE 1 +FLAGS (\\Deleted)"));
    QVERIFY(client.succeeds("EXPUNGE"));
    QVERIFY(client.succeeds("MOVE 1 Archive"));
    QCOMPARE(import(words).out, u"imported 0, already there 3, skipped 0\n"_s);
    QCOMPARE(messagesOnServer(server), 2);
}

void TestE2eImport::refusedMessages()
{
    write(u"1.eml"_s, message("one"));
    write(u"2.eml"_s, QByteArray("Subject: \0two\n\nNUL\n", 19));
    write(u"2b.eml"_s, QByteArray("Subject: two\n\nNUL\0\n", 19)); // can be encoded
    write(u"3.eml"_s, "");
    write(u"4.eml"_s, message("four") + QByteArray(70'000, 'x'));
    write(u"5.eml"_s, message("five"));
    const QString path = m_home->path(u"mail"_s);
    // The server's limit counts, not that of the command's own settings.
    ServerProcess server(*m_home);
    QVERIFY(server.start({u"--max-request-size=65536"_s}));
    const auto finished = import({u"ann"_s, path});
    QCOMPARE(finished.out, u"imported 3, already there 0, skipped 3\n"_s);
    QCOMPARE(
        finished.err,
        u"skipped %1/3.eml: it is empty\n"
        "skipped %1/4.eml: it is larger than the 65536 bytes that max-request-size allows\n"
        "skipped %1/2.eml: the server refuses it: A NUL octet stands outside of the bodies of the"
        " parts\n"_s.arg(path));
    QCOMPARE(finished.exitCode, 65); // not all of the mail is there
}

void TestE2eImport::growingMbox()
{
    const QStringList words{u"ann"_s, m_home->path(u"mail/box.mbox"_s)};
    write(u"box.mbox"_s, mbox({"one", "equal"}));
    QCOMPARE(import(words).out, u"imported 2, already there 0, skipped 0\n"_s);
    write(u"box.mbox"_s, mbox({"one", "equal", "equal", "new"}));
    QCOMPARE(import(words).out, u"imported 2, already there 2, skipped 0\n"_s);
}

void TestE2eImport::twoAtOnce()
{
    writeLarge();
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    QProcess *one = startLarge();
    QProcess *two = startLarge();
    QVERIFY(waitForEnd(one));
    QVERIFY(waitForEnd(two));
    const auto first = QString::fromUtf8(one->readAllStandardOutput());
    const auto second = QString::fromUtf8(two->readAllStandardOutput());
    QCOMPARE(countIn(first, u"imported"_s) + countIn(second, u"imported"_s), LargeCount);
    QCOMPARE(countIn(first, u"already there"_s) + countIn(second, u"already there"_s), LargeCount);
    QCOMPARE(messagesOnServer(server), LargeCount);
}

void TestE2eImport::dryRun()
{
    write(u"box.mbox"_s, mbox({"one", "two"}));
    write(u"Work/new/1700000000.a"_s, message("three"));
    QDir().mkpath(m_home->path(u"mail/Work/cur"_s));
    write(u"Sent/1.eml"_s, message("four"));
    write(u"notes.txt"_s, "text\n");
    const QString path = m_home->path(u"mail"_s);
    const QStringList words{u"ann"_s, u"--dry-run"_s, path};
    const auto dry = import(words);
    QCOMPARE(dry.out,
             u"  Sent   1 message  0.0 MB\n"
             "  Work   1 message  0.0 MB  new mailbox\n"
             "  box   2 messages  0.0 MB  new mailbox\n"
             "would import 4, already there 0, would skip 1\n"_s);
    QCOMPARE(dry.err, u"skipped %1/notes.txt: it is no mail file\n"_s.arg(path));
    QCOMPARE(dry.exitCode, 0);
    {
        ServerProcess server(*m_home);
        QVERIFY(server.start());
        QCOMPARE(messagesOnServer(server), 0);
        ImapClient client;
        QVERIFY(logIn(&client, server));
        QVERIFY(!client.succeeds("STATUS Work (MESSAGES)"));
    }
    QCOMPARE(import({u"ann"_s, path}).out, u"imported 4, already there 0, skipped 1\n"_s);
    QCOMPARE(import(words).out, u"would import 0, already there 4, would skip 1\n"_s);
}

void TestE2eImport::mapped()
{
    write(u"box.mbox"_s, mbox({"one"}));
    write(u"Work/a.mbox"_s, mbox({"two"}));
    const QString path = m_home->path(u"mail"_s);
    const QStringList words{u"ann"_s, u"--map"_s, u"box=Drafts"_s, u"--map=Work=Old/Job"_s, path};
    QCOMPARE(import(words).exitCode, 0);
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(logIn(&client, server));
    QCOMPARE(client.command("STATUS Drafts (MESSAGES)").first(),
             QByteArray("* STATUS Drafts (MESSAGES 1)"));
    QCOMPARE(client.command("STATUS Old/Job/a (MESSAGES)").first(),
             QByteArray("* STATUS Old/Job/a (MESSAGES 1)"));
    QVERIFY(client.command("LSUB \"\" Old/Job/a").first().endsWith(" Old/Job/a"));
    const auto mistyped = import({u"ann"_s, u"--map=Wrok=Old"_s, path});
    QCOMPARE(mistyped.err,
             u"postnook: --map=Wrok=Old changed nothing: no mail would go to Wrok\n"_s);
    QCOMPARE(mistyped.exitCode, 0);
    const auto wrong = import({u"ann"_s, u"--map=Work"_s, path});
    QCOMPARE(wrong.err,
             u"postnook: 'Work' does not say what becomes what: write it as Old=New\n"_s);
    QCOMPARE(wrong.exitCode, 65);
}

void TestE2eImport::killedWithoutServer_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("name");
    QTest::newRow("mbox") << u"mbox"_s << u"large.mbox"_s;
    QTest::newRow("Apple Mail") << u"apple"_s << u"Large.mbox"_s;
    QTest::newRow("Thunderbird") << u"thunderbird"_s << u"profile"_s;
    QTest::newRow("Takeout") << u"takeout"_s << u"All mail Including Spam and Trash.mbox"_s;
}

void TestE2eImport::killedWithoutServer()
{
    QFETCH(QString, format);
    QFETCH(QString, name);
    const qint64 count = writeLargeAs(format, name);
    QProcess *process = startLarge(name);
    // The first commits of messages are in the log: it is well under way.
    const QFileInfo log(m_home->dataDir() + u"/accounts/1/mail.db-wal"_s);
    QVERIFY(QTest::qWaitFor(
        [&] {
            return QFileInfo(log.filePath()).size() > 600'000
                || process->state() == QProcess::NotRunning;
        },
        TimeoutMs));
    process->kill();
    QVERIFY(waitForEnd(process));
    QCOMPARE(process->exitStatus(), QProcess::CrashExit);

    const auto rest = import({u"ann"_s, m_home->path(u"mail/"_s + name)});
    const qint64 imported = countIn(rest.out, u"imported"_s);
    const qint64 before = countIn(rest.out, u"already there"_s);
    QCOMPARE(rest.exitCode, 0);
    QCOMPARE(imported + before, count);
    QVERIFY2(before > 0, qPrintable(rest.out));
    QVERIFY2(imported > 0, qPrintable(rest.out));
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    QCOMPARE(messagesOnServer(server), count);
}

void TestE2eImport::serverKilled()
{
    writeLarge();
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QProcess *process = startUntilFirstCommit(server, &client);
    QVERIFY(process);
    server.kill();
    QVERIFY(waitForEnd(process));
    const QString told = QString::fromUtf8(process->readAllStandardError());
    QVERIFY2(told.contains(u"postnook: the server went away"_s), qPrintable(told));
    QCOMPARE(process->exitCode(), 69);
    QVERIFY(countIn(QString::fromUtf8(process->readAllStandardOutput()), u"imported"_s) > 0);

    QVERIFY(server.start());
    const auto rest = import({u"ann"_s, m_home->path(u"mail/large.mbox"_s)});
    QCOMPARE(rest.exitCode, 0);
    QVERIFY(countIn(rest.out, u"imported"_s) > 0);
    QCOMPARE(messagesOnServer(server), LargeCount);
}

void TestE2eImport::stopped()
{
#ifdef Q_OS_WIN
    QSKIP("no signal asks a program to end there");
#endif
    writeLarge();
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QProcess *process = startUntilFirstCommit(server, &client);
    QVERIFY(process);
    process->terminate();
    QVERIFY(waitForEnd(process));
    QCOMPARE(process->exitCode(), 75);
    QCOMPARE(QString::fromUtf8(process->readAllStandardError()),
             u"postnook: stopped; the same command goes on from here\n"_s);
    const auto imported =
        countIn(QString::fromUtf8(process->readAllStandardOutput()), u"imported"_s);
    QVERIFY(imported > 0 && imported < LargeCount);
    QCOMPARE(messagesOnServer(server), imported);

    const auto rest = import({u"ann"_s, m_home->path(u"mail/large.mbox"_s)});
    QCOMPARE(
        rest.out,
        u"imported %1, already there %2, skipped 0\n"_s.arg(LargeCount - imported).arg(imported));
}

void TestE2eImport::exitCodes_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("err");
    QTest::addColumn<QString>("out");
    const QString none = u"imported 0, already there 0, skipped 0\n"_s;
    QTest::newRow("unknown account") << QStringList{u"eve"_s, u"mail"_s} << 67
                                     << u"postnook: there is no account 'eve'\n"_s << QString();
    QTest::newRow("no such path") << QStringList{u"ann"_s, u"mail"_s, u"none"_s} << 66
                                  << u"postnook: there is no file or folder none\n"_s << QString();
    QTest::newRow("no path") << QStringList{u"ann"_s} << 64
                             << u"postnook: 'import' needs ACCOUNT PATH...\n"_s << QString();
    QTest::newRow("bad mailbox") << QStringList{u"ann"_s, u"--mailbox=a*"_s, u"mail"_s} << 65
                                 << QString() << QString();
    QTest::newRow("no mail") << QStringList{u"ann"_s, u"mail/empty"_s} << 66 << QString() << none;
    QTest::newRow("no mail file") << QStringList{u"ann"_s, u"mail/a.txt"_s} << 65
                                  << u"skipped HOME/mail/a.txt: it is no mail file\n"_s
                                  << u"imported 0, already there 0, skipped 1\n"_s;
}

void TestE2eImport::exitCodes()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, err);
    QFETCH(QString, out);
    write(u"a.txt"_s, "text\n");
    QDir().mkpath(m_home->path(u"mail/empty"_s));
    QProcess process;
    m_home->prepare(&process);
    process.setWorkingDirectory(m_home->path(u"."_s));
    process.setArguments(importOf(words));
    process.start();
    QVERIFY(waitForEnd(&process));
    // The system may have another name for it.
    const QString told = QString::fromUtf8(process.readAllStandardError())
                             .replace(QDir(m_home->path(u"."_s)).canonicalPath(), u"HOME"_s);
    if (!err.isEmpty() || exitCode == 66) {
        QCOMPARE(told, err);
    }
    QCOMPARE(QString::fromUtf8(process.readAllStandardOutput()), out);
    QCOMPARE(process.exitCode(), exitCode);
}

void TestE2eImport::pathThatIsNoText()
{
#ifdef Q_OS_WIN
    QSKIP("there are no such names there");
#endif
    QProcess process;
    m_home->prepare(&process);
    process.setArguments(QStringList{u"-c"_s,
                                     u"exec \"$0\" \"$@\" \"$(printf 'caf\\351.mbox')\""_s,
                                     process.program()}
                         + importOf({u"ann"_s}));
    process.setProgram(u"/bin/sh"_s);
    process.start();
    QVERIFY(waitForEnd(&process));
    QCOMPARE(QString::fromUtf8(process.readAllStandardError()),
             u"postnook: there is no file or folder caf\ufffd.mbox; if its name is not UTF-8, give "
             "it another\n"_s);
    QCOMPARE(process.exitCode(), 66);
}

void TestE2eImport::accountRemoved()
{
    write(u"1.eml"_s, message("one"));
    QCOMPARE(
        m_home->run(m_home->settings() + QStringList{u"account"_s, u"remove"_s, u"ann"_s}).exitCode,
        0);
    const auto finished = import({u"ann"_s, m_home->path(u"mail"_s)});
    QCOMPARE(finished.exitCode, 67);
    QCOMPARE(finished.err, u"postnook: there is no account 'ann'\n"_s);
}

void TestE2eImport::accountRemovedMeanwhile()
{
    writeLarge();
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QProcess *process = startUntilFirstCommit(server, &client);
    QVERIFY(process);
    QCOMPARE(
        m_home->run(m_home->settings() + QStringList{u"account"_s, u"remove"_s, u"ann"_s}).exitCode,
        0);
    QVERIFY(waitForEnd(process));
    QCOMPARE(process->exitCode(), 69);
    const QString told = QString::fromUtf8(process->readAllStandardError());
    QVERIFY2(told.startsWith(u"postnook: the server went away: "_s), qPrintable(told));
    QVERIFY(server.isRunning());
}

void TestE2eImport::progressOnATerminal()
{
#ifdef Q_OS_WIN
    QSKIP("no pseudo terminal");
#else
    write(u"1.eml"_s, message("one"));
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    QVERIFY(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    const QString name = QString::fromLatin1(ptsname(terminal));
    // Held open here too, or what was written would be gone with the process.
    const int held = ::open(name.toLatin1().constData(), O_RDWR | O_NOCTTY);
    QProcess process;
    m_home->prepare(&process);
    process.setStandardErrorFile(name);
    process.setArguments(importOf({u"ann"_s, m_home->path(u"mail"_s)}));
    process.start();
    QVERIFY(waitForEnd(&process));
    QByteArray shown(4096, '\0');
    shown.resize(std::max<ssize_t>(::read(terminal, shown.data(), 4096), 0));
    ::close(held);
    ::close(terminal);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY2(shown.startsWith("\r\x1b[K["), shown.constData());
    QVERIFY2(shown.contains("] 100%  1 messages, "), shown.constData());
    QVERIFY2(shown.endsWith("\r\x1b[K"), shown.constData()); // nothing of it stays
#endif
}

QTEST_GUILESS_MAIN(TestE2eImport)
#include "tst_e2eimport.moc"
