#include "core/mime/transferdecoder.h"

#include <QTest>

using namespace Postnook::Mime;

class TestTransferDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decoded_data();
    void decoded();
    void longRunsOfBlanks();
    void known();
};

void TestTransferDecoder::decoded_data()
{
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected");
    const auto row =
        [](const char *name, const char *encoding, const char *body, const char *expected) {
            QTest::newRow(name) << QByteArray(encoding) << QByteArray(body) << QByteArray(expected);
        };
    row("7bit", "7bit", "a=\r\n", "a=\r\n");
    row("unknown", "x-weird", "YQ==", "YQ==");
    row("base64", "BASE64", "Zm9v\r\nYmFy\r\n", "foobar");
    row("base64 rubbish within",
        "base64",
        "Zm!9v *Ym\xff"
        "Fy",
        "foobar");
    row("base64 padding missing", "base64", "Zm9vYg", "foob");
    row("base64 cut", "base64", "Zm9vYmF", "fooba");
    row("base64 two pieces", "base64", "Zg==Zm9v", "ffoo");
    row("quoted-printable", "Quoted-Printable", "caf=E9 =3d\r\n", "caf\xe9 =\r\n");
    row("quoted-printable soft line ends", "quoted-printable", "a=\r\nb=\nc= \t\r\nd=", "abcd");
    row("quoted-printable blanks at line end",
        "quoted-printable",
        "a \t\r\nb  \nc d ",
        "a\r\nb\nc d");
    row("quoted-printable rubbish", "quoted-printable", "=zz =4 =", "=zz =4 ");
    row("quoted-printable empty", "quoted-printable", "", "");
    row("quoted-printable lower case", "quoted-printable", "=c3=a9", "\xc3\xa9");
    row("quoted-printable bare CR", "quoted-printable", "a \rb=\rc", "a \rb=\rc");
    row("quoted-printable CR at the end", "quoted-printable", "a \r", "a \r");
    row("quoted-printable escapes cut at the end", "quoted-printable", "a=4", "a=4");
    row("quoted-printable escape behind an equals sign", "quoted-printable", "==41", "=A");
    row("base64 nothing but rubbish", "base64", "\r\n !*-\r\n", "");
    row("base64 URL alphabet is foreign", "base64", "Zm-9v_YmFy", "foobar");
    row("base64 one character", "base64", "Z", "");
    row("base64 padding first", "base64", "====Zm9v", "foo");
    row("base64 padding within", "base64", "Zm9=vYmFy", "fo\xbd\x89\x85");
}

void TestTransferDecoder::decoded()
{
    QFETCH(QByteArray, encoding);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, expected);
    QCOMPARE(decodeTransferEncoding(body, encoding), expected);
    for (qsizetype step = 1; step <= 4; ++step) {
        TransferDecoder decoder(encoding);
        QByteArray pieces;
        for (qsizetype from = 0; from < body.size(); from += step) {
            pieces += decoder.decode(body.mid(from, step));
        }
        QCOMPARE(pieces + decoder.finish(), expected);
    }
}

// What is held back is bounded, so of a very long run only the last blanks can go.
void TestTransferDecoder::longRunsOfBlanks()
{
    constexpr qsizetype Held = 998;
    const QByteArray run(3 * Held + 5, ' ');
    for (const QByteArray &before : {QByteArray("a"), QByteArray("=")}) {
        const auto body = before + run + "\r\nb";
        const auto expected = before + run.first(3 * Held) + "\r\nb";
        QCOMPARE(decodeTransferEncoding(body, "quoted-printable"), expected);
        for (const qsizetype cut : {qsizetype(1), Held, Held + 1, 2 * Held + 1, 3 * Held + 3}) {
            TransferDecoder decoder("quoted-printable");
            auto pieces = decoder.decode(body.first(cut));
            pieces += decoder.decode(body.sliced(cut));
            QCOMPARE(pieces + decoder.finish(), expected);
        }
    }
}

void TestTransferDecoder::known()
{
    for (const auto *encoding : {"7bit", "8BIT", "Binary", "BASE64", "quoted-printable"}) {
        QVERIFY(TransferDecoder::isKnown(encoding));
    }
    for (const auto *encoding : {"", "x-uuencode", "base64 ", "7-bit", "quoted_printable"}) {
        QVERIFY(!TransferDecoder::isKnown(encoding));
    }
}

QTEST_GUILESS_MAIN(TestTransferDecoder)
#include "tst_transferdecoder.moc"
