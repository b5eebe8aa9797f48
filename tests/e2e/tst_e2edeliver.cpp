#include "accountmail.h"

#include <QElapsedTimer>
#include <QFile>

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// `postnook deliver`, as a mail server calls it.
class TestE2eDeliver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void delivers_data();
    void delivers();
    void whereItGoes_data();
    void whereItGoes();
    void manyAtOnce();
    void exitCodes_data();
    void exitCodes();

private:
    Home::Finished deliver(const QStringList &words, const QByteArray &input) const
    {
        return m_home->run(m_home->settings() + QStringList{u"deliver"_s} + words, input);
    }

    std::unique_ptr<Home> m_home;
};

namespace
{

const QByteArray Message = "Return-Path: <eve@example.org>\nSubject: hello\n\ntext\n";
const QByteArray Stored = "Return-Path: <eve@example.org>\r\nSubject: hello\r\n\r\ntext\r\n";

} // namespace

void TestE2eDeliver::init()
{
    m_home = std::make_unique<Home>();
    QVERIFY(m_home->addAccount(u"ann"_s, "secret"));
}

void TestE2eDeliver::delivers_data()
{
    QTest::addColumn<bool>("hasServer");
    QTest::newRow("beside a server") << true;
    QTest::newRow("without one") << false;
}

void TestE2eDeliver::delivers()
{
    QFETCH(bool, hasServer);
    ServerProcess server(*m_home);
    if (hasServer) {
        QVERIFY(server.start());
    }
    const auto finished =
        deliver({u"ann"_s}, "From eve@example.org Mon Jan  1 10:00:00 2024\n" + Message);
    QCOMPARE(finished.err, QString());
    QCOMPARE(finished.out, QString());
    QCOMPARE(finished.exitCode, 0);
    if (!hasServer) {
        QVERIFY(server.start());
    }
    const auto mail = mailOf(*m_home, u"ann"_s);
    QCOMPARE(mail.size(), 1);
    QCOMPARE(mail.first().mailbox, QByteArray("INBOX"));
    QCOMPARE(mail.first().bytes, Stored);
    QCOMPARE(mail.first().flags, QByteArray("0 "));
}

void TestE2eDeliver::whereItGoes_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("mailbox");
    QTest::addColumn<QString>("err");
    const auto row = [](const char *name,
                        const QStringList &words,
                        const QByteArray &mailbox,
                        const QString &err = {}) {
        QTest::newRow(name) << words << mailbox << err;
    };
    row("there", {u"--mailbox=Archive"_s}, "Archive");
    row("inbox in any case", {u"--mailbox"_s, u"inbox"_s}, "INBOX");
    row("no detail of the address", {u"--mailbox="_s}, "INBOX");
    row("missing",
        {u"--mailbox=Lists/qt"_s},
        "INBOX",
        u"postnook: there is no mailbox 'Lists/qt'; the message is in INBOX\n"_s);
    row("made", {u"--mailbox=Lists/qt"_s, u"--create"_s}, "Lists/qt");
    row("made in UTF-8", {u"--mailbox=Entwürfe"_s, u"--create"_s}, u"Entwürfe"_s.toUtf8());
    row("no name",
        {u"--mailbox=a*"_s, u"--create"_s},
        "INBOX",
        u"postnook: 'a*' cannot be the name of a mailbox: "_s);
    row("sender and recipient",
        {u"-f"_s, u"eve@example.org"_s, u"-a"_s, u"ann@example.org"_s},
        "INBOX");
    row("empty sender", {u"-f"_s, QString(), u"--mailbox=Junk"_s}, "Junk");
}

void TestE2eDeliver::whereItGoes()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, mailbox);
    QFETCH(QString, err);
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    const auto finished = deliver(QStringList{u"ann"_s} + words, Message);
    QCOMPARE(finished.exitCode, 0);
    QVERIFY2(err.isEmpty() ? finished.err.isEmpty() : finished.err.startsWith(err),
             qPrintable(finished.err));
    const auto mail = mailOf(*m_home, u"ann"_s);
    QCOMPARE(mail.size(), 1);
    QCOMPARE(mail.first().mailbox, mailbox);
    QCOMPARE(mail.first().bytes, Stored);
}

// Without a server one of them owns the data folder for a moment, and the others come and go.
void TestE2eDeliver::manyAtOnce()
{
    constexpr auto Count = 8;
    QList<QProcess *> processes;
    for (int i = 0; i < Count; ++i) {
        auto *process = new QProcess(this);
        m_home->prepare(process);
        process->setArguments(m_home->settings() + QStringList{u"deliver"_s, u"ann"_s});
        process->start();
        process->write("Subject: " + QByteArray::number(i) + "\n\ntext\n");
        process->closeWriteChannel();
        processes.append(process);
    }
    int delivered = 0;
    for (QProcess *process : std::as_const(processes)) {
        QVERIFY(waitForEnd(process));
        const auto err = process->readAllStandardError();
        // An owner that ends may cut one off: then it is kept and tried again, and says so.
        QVERIFY2(process->exitCode() == 0 || process->exitCode() == 75, err.constData());
        delivered += process->exitCode() == 0 ? 1 : 0;
    }
    QVERIFY(delivered > 0);
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    QVERIFY(mailOf(*m_home, u"ann"_s).size() >= delivered);
}

void TestE2eDeliver::exitCodes_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("err");
    QTest::newRow("no such account")
        << QStringList{u"eve"_s} << Message << 67 << u"postnook: there is no account 'eve'\n"_s;
    QTest::newRow("no account's name") << QStringList{u"\u0007"_s} << Message << 67 << QString();
    QTest::newRow("nothing") << QStringList{u"ann"_s} << QByteArray() << 65
                             << u"postnook: no message came on standard input\n"_s;
    QTest::newRow("too large") << QStringList{u"ann"_s, u"--max-request-size=65536"_s}
                               << QByteArray(65'537, 'x') << 65 << QString();
    QTest::newRow("NUL in the header")
        << QStringList{u"ann"_s} << QByteArray("A: \0b\n\nx\n", 9) << 65 << QString();
    QTest::newRow("no account") << QStringList{} << Message << 64
                                << u"postnook: 'deliver' needs ACCOUNT\n"_s;
    QTest::newRow("bad setting") << QStringList{u"ann"_s, u"--worker-pool-size=many"_s} << Message
                                 << 75 << QString();
    QTest::newRow("no data folder")
        << QStringList{u"ann"_s, u"--data-dir=/nonexistent/x"_s} << Message << 75 << QString();
}

void TestE2eDeliver::exitCodes()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, input);
    QFETCH(int, exitCode);
    QFETCH(QString, err);
    const auto finished = deliver(words, input);
    QCOMPARE(finished.exitCode, exitCode);
    QVERIFY(!finished.err.isEmpty());
    if (!err.isEmpty()) {
        QCOMPARE(finished.err, err);
    }
}

QTEST_GUILESS_MAIN(TestE2eDeliver)
#include "tst_e2edeliver.moc"
