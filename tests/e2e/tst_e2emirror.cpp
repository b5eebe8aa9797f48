#include "imapclient.h"
#include "postnookprocess.h"

#include <QFile>
#include <QRegularExpression>
#include <QSslCertificate>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

// `postnook mirror`, from one real server into the account of another.
class TestE2eMirror : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void everything_data();
    void everything();
    void changes_data();
    void changes();
    void ownChangesStay();
    void deletions();
    void mailboxGone();
    void mailboxGoneToo();
    void renamedCopy();
    void numberedAnew();
    void uniteWithImported();
    void chosenBelow();
    void dryRun();
    void refusedMessages();
    void killed();
    void remoteKilled();
    void stopped();
    void exitCodes_data();
    void exitCodes();
    void openPasswordFile();
    void again();

private:
    QStringList mirrorOf(const QStringList &words = {}) const;
    Home::Finished mirror(const QStringList &words = {}) const;
    bool startRemote(const QStringList &settings = {});
    bool connectRemote();
    // A connection to the account with the copies, whose server is started for it.
    std::unique_ptr<ImapClient> local(const QByteArray &user = "bob");
    void stopLocal();
    bool append(const QByteArray &mailbox, const QByteArray &subject, const QByteArray &flags = "");
    QProcess *startMirror(const QStringList &words = {});
    void fillLarge();

    std::unique_ptr<Home> m_remoteHome;
    std::unique_ptr<Home> m_home;
    std::unique_ptr<ServerProcess> m_remote;
    std::unique_ptr<ServerProcess> m_local;
    std::unique_ptr<ImapClient> m_there;
};

namespace
{

constexpr auto LargeCount = 3000;
constexpr auto TimeoutMs = 60'000;

QByteArray message(const QByteArray &subject)
{
    return "From: ann@example.org\r\nMessage-ID: <" + subject + "@example.org>\r\nSubject: "
        + subject + "\r\nDate: Mon, 1 Jan 2024 10:00:00 +0100\r\n\r\ntext of " + subject + "\r\n";
}

// All that a message is, by the order of the UIDs; what does not belong to it (its UID, \Recent,
// the order of flags) left out.
QByteArrayList messagesIn(ImapClient &client, const QByteArray &mailbox)
{
    if (!client.succeeds("EXAMINE " + mailbox)) {
        return {"cannot be opened"};
    }
    QByteArrayList lines;
    client.send("f FETCH 1:* (INTERNALDATE FLAGS BODY.PEEK[])\r\n");
    // Empty lines are of messages; without its last one the test ends by its time limit.
    for (QByteArray line = client.readLine(); !line.startsWith("f "); line = client.readLine()) {
        lines.append(line.replace("\\Recent ", "").replace("\\Recent", ""));
        if (client.socket().state() == QAbstractSocket::UnconnectedState) {
            return {"the server went away"};
        }
    }
    client.command("UNSELECT");
    return lines;
}

QByteArrayList mailboxesOf(ImapClient &client)
{
    QByteArrayList names;
    for (const QByteArray &line : client.command("LIST \"\" *")) {
        if (line.startsWith("* LIST")) {
            names.append(line.mid(line.lastIndexOf("\"/\" ") + 4));
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

QByteArray countOf(ImapClient &client, const QByteArray &mailbox)
{
    const QString line =
        QString::fromUtf8(client.command("STATUS " + mailbox + " (MESSAGES)").first());
    return QRegularExpression(u"MESSAGES (\\d+)"_s).match(line).captured(1).toLatin1();
}

QString lastLine(const QString &text)
{
    return text.trimmed().section(u'\n', -1);
}

} // namespace

void TestE2eMirror::init()
{
    m_there.reset();
    m_remote.reset();
    m_local.reset();
    m_remoteHome = std::make_unique<Home>();
    m_home = std::make_unique<Home>();
    QVERIFY(m_remoteHome->addAccount(u"ann"_s, "secret"));
    QVERIFY(m_home->addAccount(u"bob"_s, "other"));
    QFile password(m_home->path(u"password"_s));
    QVERIFY(password.open(QIODevice::WriteOnly));
    QVERIFY(password.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    password.write("secret\n");
    password.close();
    QVERIFY(startRemote());
}

bool TestE2eMirror::startRemote(const QStringList &settings)
{
    m_there.reset();
    m_remote = std::make_unique<ServerProcess>(*m_remoteHome);
    return m_remote->start(settings) && connectRemote();
}

bool TestE2eMirror::connectRemote()
{
    m_there = std::make_unique<ImapClient>();
    return m_there->connectTls(m_remote->portTls()) && m_there->login("ann", "secret");
}

std::unique_ptr<ImapClient> TestE2eMirror::local(const QByteArray &user)
{
    if (!m_local) {
        m_local = std::make_unique<ServerProcess>(*m_home);
        if (!m_local->start()) {
            return nullptr;
        }
    }
    auto client = std::make_unique<ImapClient>();
    return client->connectTls(m_local->portTls()) && client->login(user, "other")
        ? std::move(client)
        : nullptr;
}

void TestE2eMirror::stopLocal()
{
    if (m_local) {
        m_local->terminate();
        QCOMPARE(m_local->waitForEnd(), 0);
        m_local.reset();
    }
}

QStringList TestE2eMirror::mirrorOf(const QStringList &words) const
{
    return m_home->settings()
        + QStringList{u"mirror"_s,
                      u"bob"_s,
                      u"--host=127.0.0.1"_s,
                      u"--port=%1"_s.arg(m_remote->portTls()),
                      u"--user=ann"_s,
                      u"--ca="_s + m_remoteHome->dataDir() + u"/tls/ca.pem"_s,
                      u"--password-file="_s + m_home->path(u"password"_s),
                      u"--retries=0"_s}
    + words;
}

Home::Finished TestE2eMirror::mirror(const QStringList &words) const
{
    return m_home->run(mirrorOf(words));
}

bool TestE2eMirror::append(const QByteArray &mailbox,
                           const QByteArray &subject,
                           const QByteArray &flags)
{
    const QByteArray bytes = message(subject);
    return m_there->succeeds("APPEND " + mailbox + " (" + flags
                             + ") \"14-Nov-2023 22:13:20 +0100\" {"
                             + QByteArray::number(bytes.size()) + "+}\r\n" + bytes);
}

QProcess *TestE2eMirror::startMirror(const QStringList &words)
{
    auto *process = new QProcess(this);
    m_home->prepare(process);
    process->setArguments(mirrorOf(words));
    process->start();
    return process;
}

void TestE2eMirror::everything_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<bool>("besideServer");
    QTest::newRow("TLS, beside a server") << QStringList{} << true;
    QTest::newRow("TLS, without one") << QStringList{} << false;
    QTest::newRow("STARTTLS") << QStringList{u"--security=starttls"_s} << false;
}

void TestE2eMirror::everything()
{
    QFETCH(QStringList, words);
    QFETCH(bool, besideServer);
    QVERIFY(append("INBOX", "one", "\\Seen $Forwarded"));
    QVERIFY(append("INBOX", "two"));
    QVERIFY(append("Sent", "three", "\\Answered \\Flagged \\Draft"));
    QVERIFY(m_there->succeeds("CREATE a/b/&AOQ-"));
    QVERIFY(m_there->succeeds("SUBSCRIBE a/b/&AOQ-"));
    QVERIFY(append("a/b/&AOQ-", "four", "\\Deleted"));
    // Octets that are no text, line ends that are none, and more than is held in memory.
    const QByteArray odd = "Subject: odd\r\n\r\nbare \n and \r\xff\xfe\r\n\r\n";
    QVERIFY(m_there->succeeds("APPEND INBOX {" + QByteArray::number(odd.size()) + "+}\r\n" + odd));
    const QByteArray large =
        "Subject: large\r\n\r\n" + QByteArray("0123456789abcde\n").repeated(200'000);
    QVERIFY(
        m_there->succeeds("APPEND INBOX {" + QByteArray::number(large.size()) + "+}\r\n" + large));
    if (besideServer) {
        QVERIFY(local());
    }

    if (!words.isEmpty()) {
        words.append(u"--port=%1"_s.arg(m_remote->port()));
    }
    const auto first = mirror(words);
    QCOMPARE(first.err, QString());
    QCOMPARE(first.exitCode, 0);
    QVERIFY2(first.out.contains(u"INBOX: 4 new\n"_s), qPrintable(first.out));
    QVERIFY2(first.out.contains(u"a/b/ä: made, 1 new\n"_s), qPrintable(first.out));
    QCOMPARE(lastLine(first.out),
             u"6 new, 0 with other flags, 0 deleted; 4 of 9 mailboxes unchanged"_s);

    const auto here = local();
    QVERIFY(here);
    for (const QByteArray mailbox : {"INBOX", "Sent", "a/b/&AOQ-"}) {
        QCOMPARE(messagesIn(*here, mailbox), messagesIn(*m_there, mailbox));
    }
    QCOMPARE(mailboxesOf(*here), mailboxesOf(*m_there));
    QVERIFY(here->command("LSUB \"\" *").join('\n').contains("a/b/&AOQ-"));

    const auto second = mirror(words);
    QCOMPARE(second.out, u"0 new, 0 with other flags, 0 deleted; 9 of 9 mailboxes unchanged\n"_s);
    QCOMPARE(second.exitCode, 0);
}

void TestE2eMirror::changes_data()
{
    QTest::addColumn<QStringList>("settings");
    QTest::newRow("QRESYNC") << QStringList{};
    QTest::newRow("CONDSTORE alone") << QStringList{u"--hide-capabilities=*: QRESYNC"_s};
    QTest::newRow("no CONDSTORE") << QStringList{u"--hide-capabilities=*: CONDSTORE"_s};
    QTest::newRow("IMAP4rev1 and no more")
        << QStringList{u"--hide-capabilities=*: CONDSTORE, ESEARCH, LIST-EXTENDED, NAMESPACE, "
                       "SPECIAL-USE, ENABLE, SASL-IR, UIDPLUS"_s};
}

void TestE2eMirror::changes()
{
    QFETCH(QStringList, settings);
    QVERIFY(startRemote(settings));
    for (const QByteArray subject : {"one", "two", "three", "four"}) {
        QVERIFY(append("INBOX", subject));
    }
    QCOMPARE(mirror().exitCode, 0);
    QVERIFY(m_there->succeeds("SELECT INBOX"));
    QVERIFY(m_there->succeeds("STORE 1,3 FLAGS (\\Seen $Label1)"));
    QVERIFY(m_there->succeeds("STORE 2 +FLAGS (\\Flagged)"));
    QVERIFY(append("INBOX", "five", "\\Answered"));

    const auto second = mirror();
    QCOMPARE(second.exitCode, 0);
    QCOMPARE(second.out.section(u'\n', 0, 0), u"INBOX: 1 new, 3 with other flags"_s);
    QVERIFY(m_there->succeeds("STORE 1 -FLAGS (\\Seen $Label1)"));
    const auto third = mirror();
    QCOMPARE(third.out.section(u'\n', 0, 0), u"INBOX: 1 with other flags"_s);
    const auto here = local();
    QVERIFY(here);
    QCOMPARE(messagesIn(*here, "INBOX"), messagesIn(*m_there, "INBOX"));
}

// What the person does in the copy stays until it changes over there.
void TestE2eMirror::ownChangesStay()
{
    for (const QByteArray subject : {"one", "two", "three"}) {
        QVERIFY(append("INBOX", subject));
    }
    QCOMPARE(mirror().exitCode, 0);
    const auto here = local();
    QVERIFY(here);
    QVERIFY(here->succeeds("SELECT INBOX"));
    QVERIFY(here->succeeds("STORE 1 +FLAGS (\\Seen mine)"));
    QVERIFY(here->succeeds("UID STORE 2 +FLAGS (\\Deleted)"));
    QVERIFY(here->succeeds("UID EXPUNGE 2"));
    QVERIFY(m_there->succeeds("SELECT INBOX"));
    QVERIFY(m_there->succeeds("STORE 1:3 +FLAGS (\\Flagged)"));
    QCOMPARE(mirror().exitCode, 0);

    const QByteArray flags = here->command("FETCH 1 FLAGS").join(' ');
    QVERIFY(flags.contains("\\Seen") && flags.contains("mine") && flags.contains("\\Flagged"));
    QCOMPARE(countOf(*here, "INBOX"), QByteArray("2")); // the deleted one did not come back
}

void TestE2eMirror::deletions()
{
    for (const QByteArray subject : {"one", "two", "three", "four"}) {
        QVERIFY(append("INBOX", subject));
    }
    QCOMPARE(mirror().exitCode, 0);
    QVERIFY(m_there->succeeds("SELECT INBOX"));
    const auto expungeFirst = [this] {
        return m_there->succeeds("STORE 1 +FLAGS (\\Deleted)") && m_there->succeeds("EXPUNGE");
    };
    QVERIFY(expungeFirst());
    const auto kept = mirror();
    QCOMPARE(kept.out.section(u'\n', 0, 0), u"INBOX: 1 deleted there and kept here"_s);
    const auto here = local();
    QVERIFY(here);
    QVERIFY(
        here->succeeds("APPEND INBOX {9+}\r\nSubject:\n")); // no copy: no business of the mirror
    QCOMPARE(countOf(*here, "INBOX"), QByteArray("5"));

    QVERIFY(expungeFirst());
    QCOMPARE(mirror({u"--delete"_s, u"--dry-run"_s}).out.section(u'\n', 0, 0),
             u"INBOX: 1 would be deleted"_s);
    QCOMPARE(countOf(*here, "INBOX"), QByteArray("5"));
    QCOMPARE(mirror({u"--delete"_s}).out.section(u'\n', 0, 0), u"INBOX: 1 deleted"_s);
    QCOMPARE(countOf(*here, "INBOX"), QByteArray("4")); // "one" was gone before --delete was given
    const QByteArray left = messagesIn(*here, "INBOX").join('\n');
    QVERIFY(left.contains("Subject: one") && !left.contains("Subject: two"));
    QCOMPARE(mirror({u"--delete"_s}).out.section(u'\n', 0, 0),
             u"0 new, 0 with other flags, 0 deleted; 6 of 6 mailboxes unchanged"_s);
}

void TestE2eMirror::mailboxGone()
{
    QVERIFY(m_there->succeeds("CREATE Work"));
    QVERIFY(append("Work", "one"));
    QCOMPARE(mirror().exitCode, 0);
    QVERIFY(m_there->succeeds("RENAME Work Job"));
    const auto second = mirror();
    QVERIFY2(second.out.contains(u"Work: no longer there, its copy stays\n"_s),
             qPrintable(second.out));
    QVERIFY(second.out.contains(u"Job: made, 1 new\n"_s));
    QVERIFY(!mirror().out.contains(u"Work"_s)); // said once
    const auto here = local();
    QVERIFY(here);
    QCOMPARE(countOf(*here, "Work"), QByteArray("1"));
    QCOMPARE(countOf(*here, "Job"), QByteArray("1"));
}

void TestE2eMirror::mailboxGoneToo()
{
    for (const QByteArray name : {"Work", "Play", "Rest"}) {
        QVERIFY(m_there->succeeds("CREATE " + name));
        QVERIFY(append(name, "one"));
    }
    QCOMPARE(mirror().exitCode, 0);
    const auto here = local();
    QVERIFY(here);
    QVERIFY(here->succeeds("APPEND Play {9+}\r\nSubject:\n"));
    for (const QByteArray name : {"Work", "Play", "Rest"}) {
        QVERIFY(m_there->succeeds("DELETE " + name));
    }
    const auto would = mirror({u"--delete"_s, u"--dry-run"_s, u"--exclude=Rest"_s});
    QVERIFY2(would.out.contains(
                 u"Work: 1 would be deleted, no longer there, would be deleted here too\n"_s)
                 && would.out.contains(
                     u"Play: 1 would be deleted, no longer there, the mailbox here stays\n"_s),
             qPrintable(would.out));
    QCOMPARE(countOf(*here, "Work"), QByteArray("1"));
    // Rest is not asked about.
    const auto second = mirror({u"--delete"_s, u"--exclude=Rest"_s});
    QVERIFY2(second.out.contains(u"Work: 1 deleted, no longer there, deleted here too\n"_s),
             qPrintable(second.out));
    QVERIFY(second.out.contains(u"Play: 1 deleted, no longer there, the mailbox here stays\n"_s));
    const auto names = mailboxesOf(*here);
    QVERIFY(!names.contains("Work"));
    QCOMPARE(countOf(*here, "Play"), QByteArray("1")); // what the person put there
    QCOMPARE(countOf(*here, "Rest"), QByteArray("1"));
}

void TestE2eMirror::renamedCopy()
{
    QVERIFY(m_there->succeeds("CREATE Work"));
    QVERIFY(append("Work", "one"));
    QCOMPARE(mirror().exitCode, 0);
    const auto here = local();
    QVERIFY(here);
    QVERIFY(here->succeeds("RENAME Work Archive/Work"));
    QVERIFY(append("Work", "two"));
    QCOMPARE(mirror().out.section(u'\n', 0, 0), u"Work -> Archive/Work: 1 new"_s);
    QCOMPARE(countOf(*here, "Archive/Work"), QByteArray("2"));
    QVERIFY(!mailboxesOf(*here).contains("Work"));
}

void TestE2eMirror::numberedAnew()
{
    QVERIFY(m_there->succeeds("CREATE Work"));
    for (const QByteArray subject : {"one", "two", "two", "three"}) {
        QVERIFY(append("Work", subject, "\\Seen"));
    }
    QCOMPARE(mirror().exitCode, 0);
    // The same messages in a mailbox of another day: other numbers, another order, one more.
    QVERIFY(m_there->succeeds("DELETE Work"));
    QVERIFY(m_there->succeeds("CREATE Work"));
    for (const QByteArray subject : {"four", "three", "two", "two"}) {
        QVERIFY(append("Work", subject, subject == "three" ? "\\Flagged" : "\\Seen"));
    }
    const auto second = mirror({u"--delete"_s});
    QCOMPARE(
        second.out.section(u'\n', 0, 0),
        u"Work: numbered anew by the server, 1 new, 3 found here already, 1 with other flags"_s);
    QCOMPARE(mirror({u"--delete"_s}).out.section(u'\n', 0, 0),
             u"0 new, 0 with other flags, 0 deleted; 7 of 7 mailboxes unchanged"_s);
    const auto here = local();
    QVERIFY(here);
    QCOMPARE(countOf(*here, "Work"), QByteArray("5")); // "one" stays: nobody said it was deleted
    // And is followed from then on.
    QVERIFY(m_there->succeeds("SELECT Work"));
    QVERIFY(m_there->succeeds("STORE 3 +FLAGS (found)"));
    QCOMPARE(mirror().out.section(u'\n', 0, 0), u"Work: 1 with other flags"_s);
}

void TestE2eMirror::uniteWithImported()
{
    QVERIFY(append("INBOX", "one", "\\Seen"));
    QVERIFY(append("INBOX", "two"));
    QFile file(m_home->path(u"one.eml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(message("one"));
    file.close();
    QCOMPARE(m_home->run(m_home->settings() + QStringList{u"import"_s, u"bob"_s, file.fileName()})
                 .exitCode,
             0);
    QCOMPARE(mirror().out.section(u'\n', 0, 0),
             u"INBOX: 1 new, 1 found here already, 1 with other flags"_s);
    const auto here = local();
    QVERIFY(here);
    QCOMPARE(countOf(*here, "INBOX"), QByteArray("2"));
}

void TestE2eMirror::chosenBelow()
{
    for (const QByteArray name : {"Work", "Work/a", "Work/a/b", "Play"}) {
        QVERIFY(m_there->succeeds("CREATE " + name));
        QVERIFY(append(name, "one"));
    }
    const auto done = mirror(
        {u"--mailbox=Work*"_s, u"--mailbox=INBOX"_s, u"--exclude=Work/%"_s, u"--below=Old/ann"_s});
    QCOMPARE(done.exitCode, 0);
    const auto here = local();
    QVERIFY(here);
    const auto names = mailboxesOf(*here);
    QVERIFY(names.contains("Old/ann/Work") && names.contains("Old/ann/INBOX"));
    QVERIFY(names.contains("Old/ann/Work/a/b"));
    QVERIFY(!names.contains("Old/ann/Play"));
    QCOMPARE(countOf(*here, "Old/ann/Work/a"), QByteArray("0")); // it is there for what is below
}

void TestE2eMirror::dryRun()
{
    QVERIFY(m_there->succeeds("CREATE Work"));
    QVERIFY(append("Work", "one"));
    QVERIFY(append("INBOX", "two"));
    const auto would = mirror({u"--dry-run"_s});
    QCOMPARE(would.exitCode, 0);
    QVERIFY2(would.out.contains(u"Work: would be made, 1 new\n"_s), qPrintable(would.out));
    const auto here = local();
    QVERIFY(here);
    QVERIFY(!mailboxesOf(*here).contains("Work"));
    QCOMPARE(countOf(*here, "INBOX"), QByteArray("0"));
    QCOMPARE(lastLine(mirror().out),
             u"2 new, 0 with other flags, 0 deleted; 5 of 7 mailboxes unchanged"_s);
}

void TestE2eMirror::refusedMessages()
{
    QVERIFY(append("INBOX", "one"));
    const QByteArray large = message("large") + QByteArray(70'000, 'x');
    QVERIFY(
        m_there->succeeds("APPEND INBOX {" + QByteArray::number(large.size()) + "+}\r\n" + large));
    QVERIFY(append("INBOX", "two"));
    m_local = std::make_unique<ServerProcess>(*m_home);
    QVERIFY(m_local->start({u"--max-request-size=65536"_s}));
    const auto done = mirror();
    QCOMPARE(done.exitCode, 65);
    QVERIFY2(done.err.startsWith(u"skipped INBOX, UID 2: "_s), qPrintable(done.err));
    QCOMPARE(done.out.section(u'\n', 0, 0), u"INBOX: 2 new, 1 skipped"_s);
    stopLocal();
    // The limit was raised: now it comes.
    QCOMPARE(mirror().out.section(u'\n', 0, 0), u"INBOX: 1 new"_s);
}

void TestE2eMirror::fillLarge()
{
    QVERIFY(m_there->succeeds("CREATE large"));
    QByteArray command;
    for (int i = 0; i < LargeCount; ++i) {
        // Every fourth one is equal to others: each of them counts.
        const QByteArray bytes = message(i % 4 == 0 ? QByteArray("equal") : QByteArray::number(i));
        command += (i % 100 == 0 ? QByteArray("APPEND large") : QByteArray())
            + (i % 3 == 0 ? " (\\Seen)" : " ()") + " {" + QByteArray::number(bytes.size())
            + "+}\r\n" + bytes;
        if (i % 100 == 99) {
            QVERIFY(m_there->succeeds(command));
            command.clear();
        }
    }
}

void TestE2eMirror::killed()
{
    fillLarge();
    const auto here = local();
    QVERIFY(here);
    QVERIFY(here->succeeds("CREATE large"));
    for (int round = 0; round < 2; ++round) {
        QVERIFY(here->succeeds("SELECT large"));
        here->send("i IDLE\r\n");
        here->readLine();
        QProcess *process = startMirror();
        QVERIFY(here->readLine().endsWith(" EXISTS")); // the first batch is there
        process->kill();
        QVERIFY(waitForEnd(process));
        here->send("DONE\r\n");
        while (!here->readLine().startsWith("i OK")) { }
    }
    const int before = countOf(*here, "large").toInt();
    QVERIFY(before > 0 && before < LargeCount);
    const auto rest = mirror();
    QCOMPARE(rest.exitCode, 0);
    QCOMPARE(messagesIn(*here, "large"), messagesIn(*m_there, "large"));
    // Those of the cut off runs are followed too.
    QVERIFY(m_there->succeeds("SELECT large"));
    QVERIFY(m_there->succeeds("STORE 1:* +FLAGS (\\Answered)"));
    QVERIFY(mirror().out.startsWith(u"large: %1 with other flags\n"_s.arg(LargeCount)));
    QCOMPARE(messagesIn(*here, "large"), messagesIn(*m_there, "large"));
}

void TestE2eMirror::remoteKilled()
{
    fillLarge();
    const auto here = local();
    QVERIFY(here);
    QVERIFY(here->succeeds("CREATE large"));
    QVERIFY(here->succeeds("SELECT large"));
    here->send("i IDLE\r\n");
    here->readLine();
    QProcess *process = startMirror();
    QVERIFY(here->readLine().endsWith(" EXISTS"));
    m_remote->kill();
    QVERIFY(waitForEnd(process));
    QCOMPARE(process->exitCode(), 75);
    QVERIFY(process->readAllStandardError().contains("goes on from here"));
    QVERIFY(startRemote()); // on another port: the same account all the same
    QCOMPARE(mirror().exitCode, 0);
    const auto after = local();
    QCOMPARE(messagesIn(*after, "large"), messagesIn(*m_there, "large"));
}

void TestE2eMirror::stopped()
{
#ifdef Q_OS_WIN
    QSKIP("there is no SIGTERM");
#endif
    fillLarge();
    const auto here = local();
    QVERIFY(here);
    QVERIFY(here->succeeds("CREATE large"));
    QVERIFY(here->succeeds("SELECT large"));
    here->send("i IDLE\r\n");
    here->readLine();
    QProcess *process = startMirror();
    QVERIFY(here->readLine().endsWith(" EXISTS"));
    process->terminate();
    QVERIFY(waitForEnd(process));
    QCOMPARE(process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(process->exitCode(), 75);
    QCOMPARE(mirror().exitCode, 0);
    const auto after = local();
    QCOMPARE(countOf(*after, "large"), QByteArray::number(LargeCount));
}

void TestE2eMirror::exitCodes_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("inText");
    using L = QStringList;
    QTest::newRow("refused login")
        << L{u"--user=nobody"_s} << 77 << u"refuses the login of nobody"_s;
    QTest::newRow("nobody listens") << L{u"--port=1"_s} << 75 << u"cannot be reached"_s;
    QTest::newRow("no such mailbox") << L{u"--mailbox=none"_s} << 66 << u"no such mailbox"_s;
    QTest::newRow("authority that is none") << L{u"--ca=/dev/null"_s} << 65 << u"PEM"_s;
    QTest::newRow("another certificate")
        << L{u"--ca="_s, u"--fingerprint="_s + QString(64, u'a')} << 64 << u"needs a value"_s;
    QTest::newRow("no password file") << L{u"--password-file=/none"_s} << 64 << u"/none"_s;
    QTest::newRow("not TLS") << L{u"--security=starttls"_s} << 75 << u""_s;
}

void TestE2eMirror::exitCodes()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, inText);
    const auto done = mirror(words);
    QVERIFY2(done.err.contains(inText), qPrintable(done.err));
    QVERIFY(!done.err.contains(u"secret"_s));
    QCOMPARE(done.exitCode, exitCode);
}

void TestE2eMirror::openPasswordFile()
{
#ifdef Q_OS_WIN
    QSKIP("permissions are another matter there");
#endif
    QVERIFY(QFile::setPermissions(m_home->path(u"password"_s),
                                  QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
    const auto refused = mirror();
    QCOMPARE(refused.exitCode, 77);
    QVERIFY(refused.err.contains(u"chmod 600"_s));
}

// Again and again, until it is told to stop.
void TestE2eMirror::again()
{
#ifdef Q_OS_WIN
    QSKIP("there is no SIGTERM");
#endif
    QVERIFY(append("INBOX", "one"));
    QProcess *process = startMirror({u"--every=1h"_s});
    QVERIFY(QTest::qWaitFor([&] { return process->canReadLine(); }, TimeoutMs));
    QVERIFY(process->readLine().startsWith("INBOX: 1 new"));
    // Between two times nobody owns the data folder: the server can start.
    const auto here = local();
    QVERIFY(here);
    QCOMPARE(countOf(*here, "INBOX"), QByteArray("1"));
    process->terminate();
    QVERIFY(waitForEnd(process));
    QCOMPARE(process->exitCode(), 0);
}

QTEST_GUILESS_MAIN(TestE2eMirror)
#include "tst_e2emirror.moc"
