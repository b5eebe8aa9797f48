#include "core/lmtp/dotreader.h"

#include <QTest>

using namespace Postnook;

class TestDotReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void read_data();
    void read();
    void withoutEnd_data();
    void withoutEnd();
};

void TestDotReader::read_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &input, const QByteArray &expected) {
        QTest::newRow(name) << input << expected;
    };
    row("text", "a\r\nb\r\n.\r\n", "a\r\nb\r\n");
    row("nothing", ".\r\n", "");
    row("an empty line", "\r\n.\r\n", "\r\n");
    row("stuffed", "..\r\n...a\r\n.\r\n", ".\r\n..a\r\n");
    row("a lonely dot in front", ".a\r\n.\r\n", "a\r\n");
    row("dots inside", "a.b.\r\n.\r\n", "a.b.\r\n");
    // What others take for the end: a message could carry another one inside it.
    row("LF . CRLF", "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n");
    row("LF . LF", "a\n.\nb\r\n.\r\n", "a\n.\nb\r\n");
    row("CR . CR", "a\r.\rb\r\n.\r\n", "a\r.\rb\r\n");
    row("CRLF . LF", "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n");
    row("CRLF . CR", "a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n");
    row("CRLF . CR CRLF", "a\r\n.\r\r\n.\r\n", "a\r\n\r\r\n");
    row("CR CRLF . CRLF", "a\r\r\n.\r\n", "a\r\r\n");
    row("NUL and eight bits", QByteArray("\0\xff\r\n.\r\n", 7), QByteArray("\0\xff\r\n", 4));
}

// Cut into two pieces at every place, and octet by octet.
void TestDotReader::read()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, expected);
    const QByteArray behind = "NOOP\r\n.\r\n";
    const QByteArray stream = input + behind;
    for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
        DotReader reader;
        QByteArray rest = stream.first(cut);
        QByteArray text = reader.read(&rest);
        rest += stream.sliced(cut);
        text += reader.read(&rest);
        QVERIFY(reader.isAtEnd());
        QCOMPARE(text, expected);
        QCOMPARE(rest, behind);
    }
    DotReader reader;
    QByteArray text;
    qsizetype at = 0;
    while (!reader.isAtEnd()) {
        QByteArray octet = stream.sliced(at++, 1);
        text += reader.read(&octet);
    }
    QCOMPARE(text, expected);
    QCOMPARE(at, input.size());
}

void TestDotReader::withoutEnd_data()
{
    QTest::addColumn<QByteArray>("input");
    for (const char *input :
         {"", "a", "a\r\n", "a\r\n.", "a\r\n.\r", ".", ".\r", ".\n", "a\r\n..\r\n"}) {
        QTest::newRow(QByteArray(input).toPercentEncoding()) << QByteArray(input);
    }
}

void TestDotReader::withoutEnd()
{
    QFETCH(QByteArray, input);
    DotReader reader;
    reader.read(&input);
    QVERIFY(!reader.isAtEnd());
    QVERIFY(input.isEmpty());
}

QTEST_GUILESS_MAIN(TestDotReader)
#include "tst_dotreader.moc"
