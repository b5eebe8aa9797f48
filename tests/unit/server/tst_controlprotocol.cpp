#include "app/control/controlprotocol.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

ScramCredentials someCredentials()
{
    return {QByteArray("\x00\xff salt", 7), 4096, QByteArray(32, 'a'), QByteArray(32, '\xfe')};
}

} // namespace

class TestControlProtocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void badRequests_data();
    void badRequests();
    void goodReply();
    void errorReply_data();
    void errorReply();
    void noReply_data();
    void noReply();
    void credentialsComeBack();
    void badCredentials_data();
    void badCredentials();
    void linesHaveNoLineEndInside();
};

void TestControlProtocol::badRequests_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("empty") << QByteArray("\n");
    QTest::newRow("no JSON") << QByteArray("account.list\n");
    QTest::newRow("array") << QByteArray("[\"account.list\"]\n");
    QTest::newRow("no command") << QByteArray("{\"name\":\"ann\"}\n");
    QTest::newRow("command of another type") << QByteArray("{\"command\":7}\n");
    QTest::newRow("nested too deep") << QByteArray(5000, '[') + '\n';
}

void TestControlProtocol::badRequests()
{
    QFETCH(QByteArray, line);
    const auto request = ControlProtocol::parseRequest(line);
    QVERIFY(!request);
    QCOMPARE(request.error().code, ErrorCode::Invalid);
}

void TestControlProtocol::goodReply()
{
    const QJsonObject result{{u"name"_s, u"Jürgen"_s}};
    const auto line = ControlProtocol::toLine(ControlProtocol::replyFor(result));
    QCOMPARE(line, QByteArray("{\"name\":\"J\xc3\xbcrgen\",\"ok\":true}\n"));
    QCOMPARE(*ControlProtocol::parseReply(line), result);
}

void TestControlProtocol::errorReply_data()
{
    QTest::addColumn<int>("code");
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
        QTest::addRow("code %d", code) << code;
    }
}

void TestControlProtocol::errorReply()
{
    QFETCH(int, code);
    const Error error{static_cast<ErrorCode>(code), u"what went wrong"_s};
    const auto line = ControlProtocol::toLine(ControlProtocol::replyFor(error));
    const auto reply = ControlProtocol::parseReply(line);
    QVERIFY(!reply);
    QCOMPARE(reply.error(), error);
}

void TestControlProtocol::noReply_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("* OK ready\n");
    QTest::newRow("no verdict") << QByteArray("{}\n");
}

void TestControlProtocol::noReply()
{
    QFETCH(QByteArray, line);
    const auto reply = ControlProtocol::parseReply(line);
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Unavailable);
}

void TestControlProtocol::credentialsComeBack()
{
    const auto credentials = someCredentials();
    const auto parsed = ControlProtocol::credentialsFromJson(ControlProtocol::toJson(credentials));
    QVERIFY(parsed);
    QCOMPARE(*parsed, credentials);
}

void TestControlProtocol::badCredentials_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("no salt") << u"salt"_s << QJsonValue(u""_s);
    QTest::newRow("salt is no base64") << u"salt"_s << QJsonValue(u"***"_s);
    QTest::newRow("short key") << u"storedKey"_s << QJsonValue(u"YWJj"_s);
    QTest::newRow("no server key") << u"serverKey"_s << QJsonValue();
    QTest::newRow("rfc7677-4 few iterations") << u"iterations"_s << QJsonValue(4095);
    QTest::newRow("iterations without end") << u"iterations"_s << QJsonValue(10'000'001);
    QTest::newRow("iterations as text") << u"iterations"_s << QJsonValue(u"4096"_s);
}

void TestControlProtocol::badCredentials()
{
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    auto object = ControlProtocol::toJson(someCredentials());
    object.insert(key, value);
    const auto parsed = ControlProtocol::credentialsFromJson(object);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::Invalid);
}

void TestControlProtocol::linesHaveNoLineEndInside()
{
    const auto line = ControlProtocol::toLine({{u"command"_s, u"a\nb"_s}});
    QCOMPARE(line.count('\n'), 1);
    QVERIFY(line.endsWith('\n'));
    QCOMPARE(ControlProtocol::parseRequest(line)->value("command"_L1).toString(), u"a\nb"_s);
}

QTEST_GUILESS_MAIN(TestControlProtocol)
#include "tst_controlprotocol.moc"
