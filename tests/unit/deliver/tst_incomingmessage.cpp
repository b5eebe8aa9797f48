#include "app/deliver/incomingmessage.h"

#include <QBuffer>
#include <QTest>

using namespace Postnook;

class TestIncomingMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void message_data();
    void message();
    void refused_data();
    void refused();
    void readsToTheEnd();
};

namespace
{

constexpr quint64 Limit = 64;

Result<QByteArray> read(QByteArray bytes)
{
    QBuffer device(&bytes);
    device.open(QIODevice::ReadOnly);
    return readIncoming(device, Limit);
}

} // namespace

void TestIncomingMessage::message_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &input, const QByteArray &expected) {
        QTest::newRow(name) << input << expected;
    };
    row("LF becomes CRLF", "A: b\n\ntext\n", "A: b\r\n\r\ntext\r\n");
    row("CRLF stays", "A: b\r\n\r\nbare\nLF", "A: b\r\n\r\nbare\nLF");
    row("From line", "From ann@example.org Mon Jan  1 10:00:00 2024\nA: b\n\n", "A: b\r\n\r\n");
    row("From line with CRLF", "From ann Mon Jan  1 10:00:00 2024\r\nA: b\r\n", "A: b\r\n");
    row("From field", "From: ann\n\n", "From: ann\r\n\r\n");
    row("From in the text",
        "A: b\n\nFrom here\n>From there\n",
        "A: b\r\n\r\nFrom here\r\n>From there\r\n");
    row("Return-Path", "Return-Path: <x@y>\nA: b\n", "Return-Path: <x@y>\r\nA: b\r\n");
    row("no line end", "text", "text");
    row("as large as may be", QByteArray(64, 'x'), QByteArray(64, 'x'));
}

void TestIncomingMessage::message()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, expected);
    const auto result = read(input);
    QVERIFY(result);
    QCOMPARE(*result, expected);
}

void TestIncomingMessage::refused_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const QByteArray &input, ErrorCode code) {
        QTest::newRow(name) << input << static_cast<int>(code);
    };
    row("nothing", "", ErrorCode::Invalid);
    row("a From line alone", "From ann Mon Jan  1 10:00:00 2024\n", ErrorCode::Invalid);
    row("too large", QByteArray(65, 'x'), ErrorCode::TooBig);
    row("too large with its line ends", QByteArray(64, '\n'), ErrorCode::TooBig);
}

void TestIncomingMessage::refused()
{
    QFETCH(QByteArray, input);
    QFETCH(int, code);
    const auto result = read(input);
    QVERIFY(!result);
    QCOMPARE(static_cast<int>(result.error().code), code);
}

// A program that writes into a closed pipe believes that we crashed.
void TestIncomingMessage::readsToTheEnd()
{
    QByteArray bytes(1'000'000, 'x');
    QBuffer device(&bytes);
    device.open(QIODevice::ReadOnly);
    QVERIFY(!readIncoming(device, Limit));
    QVERIFY(device.atEnd());
}

QTEST_GUILESS_MAIN(TestIncomingMessage)
#include "tst_incomingmessage.moc"
