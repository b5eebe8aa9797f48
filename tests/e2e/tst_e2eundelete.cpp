#include "imapclient.h"
#include "postnookprocess.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

// `postnook undelete` and `postnook compact`, beside a running server and without one.
class TestE2eUndelete : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void bringsBackWhatWasExpunged();
    void bringsBackWithoutServer();
    void deletedMailbox();
    void movedIsNotDeleted();
    void filters();
    void manyAtOnce();
    void mistakes_data();
    void mistakes();
    void compacts();

private:
    void start();
    void stop();
    Home::Finished postnook(const QStringList &words) const
    {
        return m_home->run(m_home->settings() + words);
    }
    Home::Finished undelete(const QStringList &words = {}) const
    {
        return postnook(QStringList{u"undelete"_s, u"ann"_s} + words);
    }
    void append(const QByteArray &mailbox, const QByteArray &subject, const QByteArray &flags = {});
    // All messages of the mailbox.
    void expunge(const QByteArray &mailbox, const QByteArray &uids = "1:*");
    // Of each message of the mailbox: flags, date and text, in the order of UIDs.
    QByteArrayList contents(const QByteArray &mailbox);

    std::unique_ptr<Home> m_home;
    std::unique_ptr<ServerProcess> m_server;
    std::unique_ptr<ImapClient> m_client;
};

namespace
{

QByteArray message(const QByteArray &subject)
{
    return "From: =?utf-8?q?J=C3=BCrgen?= <jk@example.org>\r\nSubject: " + subject
        + "\r\n\r\ntext of " + subject + "\r\n";
}

// Columns of a line of the list, without the times.
QStringList listed(const QString &out)
{
    QStringList lines;
    for (const QString &line : out.split(u'\n', Qt::SkipEmptyParts)) {
        const auto columns = line.split(u'\t');
        static const QRegularExpression time(u"^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d$"_s);
        const bool isWhole = columns.size() == 6 && time.match(columns.at(0)).hasMatch()
            && time.match(columns.at(2)).hasMatch();
        lines += isWhole ? columns.at(1) + u'|' + columns.mid(3).join(u'|') : line;
    }
    return lines;
}

const QString From = u"Jürgen <jk@example.org>"_s;

} // namespace

void TestE2eUndelete::init()
{
    m_home = std::make_unique<Home>();
    QVERIFY(m_home->addAccount(u"ann"_s, "secret"));
    start();
}

void TestE2eUndelete::cleanup()
{
    m_client.reset();
    m_server.reset();
    m_home.reset();
}

void TestE2eUndelete::start()
{
    m_server = std::make_unique<ServerProcess>(*m_home);
    QVERIFY(m_server->start());
    m_client = std::make_unique<ImapClient>();
    QVERIFY(m_client->connectTls(m_server->portTls()));
    QVERIFY(m_client->login("ann", "secret"));
}

void TestE2eUndelete::stop()
{
    m_client.reset();
    m_server->terminate();
    QCOMPARE(m_server->waitForEnd(), 0);
}

void TestE2eUndelete::append(const QByteArray &mailbox,
                             const QByteArray &subject,
                             const QByteArray &flags)
{
    const auto bytes = message(subject);
    QVERIFY(m_client->succeeds("APPEND " + mailbox + " (" + flags
                               + ") \"01-Feb-2020 10:00:00 +0100\" {"
                               + QByteArray::number(bytes.size()) + "+}\r\n" + bytes));
}

void TestE2eUndelete::expunge(const QByteArray &mailbox, const QByteArray &uids)
{
    QVERIFY(m_client->succeeds("SELECT " + mailbox));
    QVERIFY(m_client->succeeds("UID STORE " + uids + " +FLAGS.SILENT (\\Deleted)"));
    QVERIFY(m_client->succeeds("EXPUNGE"));
}

QByteArrayList TestE2eUndelete::contents(const QByteArray &mailbox)
{
    QByteArrayList messages;
    if (!m_client->succeeds("EXAMINE " + mailbox)) {
        return {"no " + mailbox};
    }
    const auto lines = m_client->command("UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])");
    const auto text = lines.mid(0, lines.size() - 1).join("\n");
    for (auto part : text.split('*')) {
        const auto begin = part.indexOf("FLAGS (");
        if (begin >= 0) {
            part.remove(0, begin);
            messages.append(
                part.replace("\\Recent ", "").replace("\\Recent", "").replace(" )", ")").trimmed());
        }
    }
    return messages;
}

void TestE2eUndelete::bringsBackWhatWasExpunged()
{
    append("INBOX", "one", "\\Seen $Label1");
    append("INBOX", "two", "\\Flagged");
    append("INBOX", "stays");
    append("INBOX", "three");
    const auto before = contents("INBOX");
    QCOMPARE(before.size(), 4);
    expunge("INBOX", "1:2,4");
    QCOMPARE(contents("INBOX"), QByteArrayList{before.at(2)});

    const auto list = undelete();
    QCOMPARE(list.exitCode, 0);
    QCOMPARE(listed(list.out),
             (QStringList{u"INBOX|%1|three|"_s.arg(From),
                          u"INBOX|%1|two|"_s.arg(From),
                          u"INBOX|%1|one|"_s.arg(From)}));
    QCOMPARE(list.err, u"postnook: ann: 3 messages can be brought back with --restore\n"_s);

    // Who has the mailbox open hears of it at once.
    ImapClient watcher;
    QVERIFY(watcher.connectTls(m_server->portTls()));
    QVERIFY(watcher.login("ann", "secret") && watcher.succeeds("SELECT INBOX"));
    watcher.send("i IDLE\r\n");
    QVERIFY(watcher.readLine().startsWith('+'));
    const auto restored = undelete({u"--restore"_s});
    QCOMPARE(restored.exitCode, 0);
    QCOMPARE(restored.out, u"3 messages are back in INBOX\n"_s);
    QCOMPARE(restored.err, QString());
    QCOMPARE(watcher.readLine(), QByteArray("* 4 EXISTS"));

    auto expected = before;
    expected.move(2, 0);
    QCOMPARE(contents("INBOX"), expected);
    QVERIFY(m_client->command("UID SEARCH ALL").first().startsWith("* SEARCH 3 5 6 7"));
    // Nothing twice.
    const auto none = undelete({u"--restore"_s});
    QCOMPARE(none.exitCode, 0);
    QCOMPARE(none.out, QString());
    QCOMPARE(none.err,
             u"postnook: ann: nothing that could be brought back; deleted messages are kept for "
             "30d (undelete-retention)\n"_s);
    QCOMPARE(contents("INBOX"), expected);
}

void TestE2eUndelete::bringsBackWithoutServer()
{
    append("INBOX", "one", "\\Seen");
    const auto before = contents("INBOX");
    expunge("INBOX");
    stop();
    QCOMPARE(listed(undelete().out), QStringList{u"INBOX|%1|one|"_s.arg(From)});
    QCOMPARE(undelete({u"--restore"_s}).out, u"1 message is back in INBOX\n"_s);
    start();
    QCOMPARE(contents("INBOX"), before);
}

void TestE2eUndelete::deletedMailbox()
{
    QVERIFY(m_client->succeeds("CREATE Project/2020"));
    append("Project/2020", "one");
    append("Project/2020", "two", "\\Answered");
    append("Sent", "three");
    const auto before = contents("Project/2020");
    QVERIFY(m_client->succeeds("UNSELECT"));
    QVERIFY(m_client->succeeds("DELETE Project/2020"));
    QVERIFY(m_client->succeeds("DELETE Project"));
    QVERIFY(m_client->succeeds("DELETE Sent"));
    QVERIFY(m_client->succeeds("UNSUBSCRIBE Sent"));
    QCOMPARE(undelete({u"--count"_s}).out,
             u"2\tProject/2020\tmailbox deleted\n1\tSent\tmailbox deleted\n"_s);
    QCOMPARE(undelete({u"--restore"_s}).out,
             u"2 messages are back in Project/2020\n1 message is back in Sent\n"_s);
    QCOMPARE(contents("Project/2020"), before);
    const auto listed = m_client->command("LIST (SUBSCRIBED) \"\" \"*\" RETURN (SPECIAL-USE)");
    const auto line = [&listed](const QByteArray &name) {
        return std::any_of(listed.begin(), listed.end(), [&name](const QByteArray &one) {
            return one.contains("\\Subscribed") && one.endsWith(name);
        });
    };
    QVERIFY2(line("Project/2020") || line("\"Project/2020\""), listed.join('\n').constData());
    QVERIFY(std::any_of(listed.begin(), listed.end(), [](const QByteArray &one) {
        return one.contains("\\Sent") && one.endsWith("Sent");
    }));
}

void TestE2eUndelete::movedIsNotDeleted()
{
    append("INBOX", "moved");
    append("INBOX", "copied");
    append("INBOX", "gone");
    QVERIFY(m_client->succeeds("SELECT INBOX"));
    QVERIFY(m_client->succeeds("UID MOVE 1 Trash"));
    QVERIFY(m_client->succeeds("UID COPY 2 Archive"));
    expunge("INBOX");
    const auto list = undelete();
    QCOMPARE(listed(list.out),
             (QStringList{u"INBOX|%1|gone|"_s.arg(From), u"INBOX|%1|copied|copy"_s.arg(From)}));
    QCOMPARE(list.err,
             u"postnook: ann: 2 messages can be brought back with --restore; 1 of them only with "
             "--copies too, as the same exists elsewhere\n"_s);
    const auto restored = undelete({u"--restore"_s});
    QCOMPARE(restored.out, u"1 message is back in INBOX\n"_s);
    QCOMPARE(restored.err,
             u"postnook: ann: 1 message left out, as the same exists elsewhere; --copies brings "
             "them back too\n"_s);
    QCOMPARE(contents("INBOX").size(), 1);
    QCOMPARE(undelete({u"--restore"_s, u"--copies"_s}).out, u"1 message is back in INBOX\n"_s);
    QCOMPARE(contents("INBOX").size(), 2);
    QCOMPARE(contents("Trash").size(), 1);
    QCOMPARE(contents("Archive").size(), 1);
}

void TestE2eUndelete::filters()
{
    append("INBOX", "Annual report");
    append("INBOX", "Lunch");
    append("Drafts", "Annual holidays");
    expunge("INBOX");
    expunge("Drafts");
    QCOMPARE(listed(undelete({u"--search=ANNUAL"_s}).out),
             (QStringList{u"Drafts|%1|Annual holidays|"_s.arg(From),
                          u"INBOX|%1|Annual report|"_s.arg(From)}));
    QCOMPARE(undelete({u"--search=J\u00dcRGEN"_s, u"--count"_s}).out,
             u"1\tDrafts\t\n2\tINBOX\t\n"_s);
    QCOMPARE(undelete({u"--mailbox=inbox"_s, u"--count"_s}).out, u"2\tINBOX\t\n"_s);
    QCOMPARE(undelete({u"--since=1h"_s, u"--count"_s}).out, u"1\tDrafts\t\n2\tINBOX\t\n"_s);
    QCOMPARE(undelete({u"--since=2099-01-01"_s}).out, QString());
    QCOMPARE(
        undelete(
            {u"--mailbox=INBOX"_s, u"--search=annual"_s, u"--restore"_s, u"--into=Found/Reports"_s})
            .out,
        u"1 message is back in Found/Reports\n"_s);
    QCOMPARE(contents("Found/Reports").size(), 1);
    QCOMPARE(undelete({u"--count"_s}).out, u"1\tDrafts\t\n1\tINBOX\t\n"_s);
}

// More than one request and one slice.
void TestE2eUndelete::manyAtOnce()
{
    constexpr int Count = 1200;
    for (int i = 0; i < Count; i += 100) {
        QByteArray append = "APPEND INBOX";
        for (int j = i; j < i + 100; ++j) {
            const auto bytes = message(QByteArray::number(j));
            append += " () {" + QByteArray::number(bytes.size()) + "+}\r\n" + bytes;
        }
        QVERIFY(m_client->succeeds(append));
    }
    const auto before = contents("INBOX");
    QCOMPARE(before.size(), Count);
    expunge("INBOX");
    QCOMPARE(undelete({u"--restore"_s}).out, u"1200 messages are back in INBOX\n"_s);
    QCOMPARE(contents("INBOX"), before);
}

void TestE2eUndelete::mistakes_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("says");
    QTest::newRow("account") << QStringList{u"undelete"_s, u"eve"_s} << 67
                             << u"postnook: there is no account 'eve'\n"_s;
    QTest::newRow("since") << QStringList{u"undelete"_s, u"ann"_s, u"--since=tuesday"_s} << 64
                           << u"postnook: --since=tuesday: a day such as 2026-11-20, a day and "
                              "time such as \"2026-11-20 14:30\", or how long ago, such as 3d or "
                              "12h\n"_s;
    QTest::newRow("into alone") << QStringList{u"undelete"_s, u"ann"_s, u"--into=A"_s} << 64
                                << u"postnook: --into goes with --restore\n"_s;
    QTest::newRow("copies alone") << QStringList{u"undelete"_s, u"ann"_s, u"--copies"_s} << 64
                                  << u"postnook: --copies goes with --restore\n"_s;
    QTest::newRow("count") << QStringList{u"undelete"_s, u"ann"_s, u"--count"_s, u"--restore"_s}
                           << 64
                           << u"postnook: --count only counts, --restore brings back: give one "
                              "of them\n"_s;
    QTest::newRow("compact") << QStringList{u"compact"_s, u"eve"_s} << 67
                             << u"postnook: there is no account 'eve'\n"_s;
}

void TestE2eUndelete::mistakes()
{
    QFETCH(const QStringList, words);
    QFETCH(const int, exitCode);
    QFETCH(const QString, says);
    const auto ended = postnook(words);
    QCOMPARE(ended.err, says);
    QCOMPARE(ended.exitCode, exitCode);
}

void TestE2eUndelete::compacts()
{
    append("INBOX", QByteArray(50'000, 'x'));
    append("INBOX", QByteArray(500'000, 'y'));
    append("Archive", "stays");
    const auto archive = contents("Archive");
    expunge("INBOX");
    const QRegularExpression result(u"^ann: (\\S+ \\S+) given back, \\S+ \\S+ in use\n$"_s);
    const auto kept = postnook({u"compact"_s, u"ann"_s});
    QCOMPARE(kept.exitCode, 0);
    QVERIFY2(result.match(kept.out).hasMatch(), qPrintable(kept.out + kept.err));
    QCOMPARE(listed(undelete().out).size(), 2);

    // Without a server, and with nothing kept.
    stop();
    const auto freed = postnook({u"compact"_s, u"ann"_s, u"--undelete-retention=0"_s});
    QCOMPARE(freed.exitCode, 0);
    const auto text = result.match(freed.out).captured(1);
    const auto size = text.section(u' ', 0, 0).toDouble() * (text.endsWith(u"MiB"_s) ? 1024 : 1);
    QVERIFY2(text.endsWith(u"iB"_s) && size > 500, qPrintable(freed.out + freed.err));
    QCOMPARE(undelete().out, QString());
    start();
    QCOMPARE(contents("Archive"), archive);
    QCOMPARE(postnook({u"check"_s, u"ann"_s}).exitCode, 0);
}

QTEST_GUILESS_MAIN(TestE2eUndelete)
#include "tst_e2eundelete.moc"
