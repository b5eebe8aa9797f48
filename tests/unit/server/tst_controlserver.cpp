#include "app/control/controlprotocol.h"
#include "app/control/controlserver.h"
#include "app/control/controlsocketpath.h"

#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

// Answers "echo" at once; "later" when the test says so. "take" keeps the connection.
struct Handlers {
    ControlDone later;
    HandoverDone take;
    std::unique_ptr<QLocalSocket> taken;

    ControlHandlers table()
    {
        ControlHandlers handlers;
        handlers.add(u"echo"_s, [](const QJsonObject &request, const ControlDone &done) {
            done(QJsonObject{{u"text"_s, request.value("text"_L1)}});
        });
        handlers.add(u"later"_s,
                     [this](const QJsonObject &, const ControlDone &done) { later = done; });
        handlers.addHandover(
            u"take"_s, [this](const QJsonObject &, const HandoverDone &done) { take = done; });
        return handlers;
    }

    ControlHandover handover()
    {
        return {{{u"text"_s, u"yours"_s}},
                [this](std::unique_ptr<QLocalSocket> socket) { taken = std::move(socket); }};
    }
};

QByteArray echoOf(const char *text)
{
    return ControlProtocol::toLine(
        {{u"command"_s, u"echo"_s}, {u"text"_s, QLatin1StringView(text)}});
}

} // namespace

class TestControlServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void answers();
    void answersInOrder();
    void waitsForTheHandler();
    void peerThatGoesBeforeTheAnswer();
    void handsTheConnectionOver();
    void refusedHandover();
    void peerThatGoesBeforeTheHandover();
    void unknownCommand();
    void lineThatIsNoRequest();
    void lineWithoutEnd();
    void tooManyConnections();
    void socketOfAKilledProcess();
    void onlyForItsOwner();
    void shortPathIsInTheFolder();
    void longPathIsElsewhere();

private:
    Result<QJsonObject> readReply();

    std::unique_ptr<QTemporaryDir> m_dir;
    Handlers m_handlers;
    std::unique_ptr<ControlServer> m_server;
    QString m_path;
    std::unique_ptr<QLocalSocket> m_client;
};

void TestControlServer::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_handlers = Handlers();
    m_server = std::make_unique<ControlServer>(m_handlers.table());
    m_path = *controlSocketPath(m_dir->path());
    QVERIFY(m_server->listen(m_path));
    m_client = std::make_unique<QLocalSocket>();
    m_client->connectToServer(m_path);
    QVERIFY(m_client->waitForConnected());
}

void TestControlServer::cleanup()
{
    m_client.reset();
    m_server.reset();
    m_dir.reset();
}

Result<QJsonObject> TestControlServer::readReply()
{
    if (!QTest::qWaitFor([this] { return m_client->canReadLine(); })) {
        return Error{ErrorCode::Cancelled, u"no reply came"_s};
    }
    return ControlProtocol::parseReply(m_client->readLine());
}

void TestControlServer::answers()
{
    m_client->write(echoOf("hello"));
    const auto reply = readReply();
    QVERIFY(reply);
    QCOMPARE(reply->value("text"_L1).toString(), u"hello"_s);
}

void TestControlServer::answersInOrder()
{
    m_client->write(echoOf("one") + echoOf("two") + echoOf("three"));
    for (const auto *text : {"one", "two", "three"}) {
        QCOMPARE(readReply()->value("text"_L1).toString(), QLatin1StringView(text));
    }
}

void TestControlServer::waitsForTheHandler()
{
    m_client->write("{\"command\":\"later\"}\n" + echoOf("behind it"));
    QTRY_VERIFY(m_handlers.later);
    QCoreApplication::processEvents();
    QVERIFY(!m_client->canReadLine());
    m_handlers.later(QJsonObject{{u"text"_s, u"first"_s}});
    QCOMPARE(readReply()->value("text"_L1).toString(), u"first"_s);
    QCOMPARE(readReply()->value("text"_L1).toString(), u"behind it"_s);
}

void TestControlServer::peerThatGoesBeforeTheAnswer()
{
    m_client->write("{\"command\":\"later\"}\n");
    QTRY_VERIFY(m_handlers.later);
    m_client->abort();
    QTRY_VERIFY(m_server->children().isEmpty()); // its connection is gone
    m_handlers.later(QJsonObject()); // and the answer hurts nobody
}

void TestControlServer::handsTheConnectionOver()
{
    m_client->write("{\"command\":\"take\"}\n");
    QTRY_VERIFY(m_handlers.take);
    m_client->write("* no JSON any more\n");
    m_handlers.take(m_handlers.handover());
    QCOMPARE(readReply()->value("text"_L1).toString(), u"yours"_s);
    QVERIFY(m_handlers.taken);
    QTRY_VERIFY(m_server->children().isEmpty());
    // What came behind the request is for the new owner, who outlives the server.
    m_server.reset();
    QTRY_VERIFY(m_handlers.taken->canReadLine());
    QCOMPARE(m_handlers.taken->readLine(), QByteArray("* no JSON any more\n"));
    m_handlers.taken->write("* nor here\n");
    QTRY_VERIFY(m_client->canReadLine());
    QCOMPARE(m_client->readLine(), QByteArray("* nor here\n"));
}

void TestControlServer::refusedHandover()
{
    m_client->write("{\"command\":\"take\"}\n" + echoOf("still here"));
    QTRY_VERIFY(m_handlers.take);
    m_handlers.take(Error{ErrorCode::NotFound, u"nothing to take"_s});
    QCOMPARE(readReply().error().code, ErrorCode::NotFound);
    QCOMPARE(readReply()->value("text"_L1).toString(), u"still here"_s);
    QVERIFY(!m_handlers.taken);
}

void TestControlServer::peerThatGoesBeforeTheHandover()
{
    m_client->write("{\"command\":\"take\"}\n");
    QTRY_VERIFY(m_handlers.take);
    m_client->abort();
    QTRY_VERIFY(m_server->children().isEmpty());
    m_handlers.take(m_handlers.handover());
    QVERIFY(!m_handlers.taken);
}

void TestControlServer::unknownCommand()
{
    m_client->write("{\"command\":\"account.rename\"}\n");
    const auto reply = readReply();
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Invalid);
    QVERIFY(reply.error().text.contains(u"'account.rename'"_s));
}

void TestControlServer::lineThatIsNoRequest()
{
    m_client->write("GET / HTTP/1.1\n" + echoOf("still here"));
    QCOMPARE(readReply().error().code, ErrorCode::Invalid);
    QCOMPARE(readReply()->value("text"_L1).toString(), u"still here"_s);
}

void TestControlServer::lineWithoutEnd()
{
    QSignalSpy gone(m_client.get(), &QLocalSocket::disconnected);
    m_client->write(QByteArray(ControlProtocol::MaxRequestBytes + 1, 'x'));
    QCOMPARE(readReply().error().code, ErrorCode::TooBig);
    QTRY_COMPARE(gone.count(), 1);
}

void TestControlServer::tooManyConnections()
{
    std::vector<std::unique_ptr<QLocalSocket>> clients;
    for (int i = 0; i < 40; ++i) {
        clients.push_back(std::make_unique<QLocalSocket>());
        clients.back()->connectToServer(m_path);
    }
    QTRY_COMPARE(clients.back()->state(), QLocalSocket::UnconnectedState);
    m_client->write(echoOf("the first goes on"));
    QVERIFY(readReply());
}

void TestControlServer::socketOfAKilledProcess()
{
#ifdef Q_OS_WIN
    QSKIP("a pipe goes with its process");
#else
    // A file is at the socket's place and nobody listens there.
    const QString path = m_dir->filePath(u"stale.sock"_s);
    QFile left(path);
    QVERIFY(left.open(QIODevice::WriteOnly));
    left.close();
    ControlServer server{ControlHandlers()};
    QVERIFY(server.listen(path));
#endif
}

void TestControlServer::onlyForItsOwner()
{
#ifdef Q_OS_WIN
    QSKIP("the pipe's security descriptor is Qt's");
#else
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY((QFile::permissions(m_path) & others) == 0);
#endif
}

void TestControlServer::shortPathIsInTheFolder()
{
#ifdef Q_OS_WIN
    QSKIP("pipes have names, not paths");
#else
    QCOMPARE(m_path, m_dir->filePath(u"postnook.sock"_s));
#endif
}

void TestControlServer::longPathIsElsewhere()
{
    const QString folder = m_dir->filePath(QString(120, u'x'));
    const QString other = m_dir->filePath(QString(120, u'y'));
    QVERIFY(QDir().mkpath(folder) && QDir().mkpath(other));
    qputenv("XDG_RUNTIME_DIR", m_dir->path().toUtf8());
    const auto path = controlSocketPath(folder);
    QVERIFY(path);
    QVERIFY(*path != *controlSocketPath(other));
#ifndef Q_OS_WIN
    QCOMPARE(*path, *controlSocketPath(folder));
    QVERIFY(QFile::encodeName(*path).size() <= 103); // macOS
    QVERIFY(!path->startsWith(folder));
    ControlServer server{ControlHandlers()};
    QVERIFY(server.listen(*path));

    // A folder that others may enter is not taken.
    const QString runtime = QFileInfo(*path).absolutePath();
    QFile::setPermissions(runtime,
                          QFile::permissions(runtime) | QFile::ExeOther | QFile::ReadOther);
    QCOMPARE(controlSocketPath(folder).error().code, ErrorCode::NotPermitted);
#endif
}

QTEST_GUILESS_MAIN(TestControlServer)
#include "tst_controlserver.moc"
