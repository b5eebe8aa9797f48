#include "app/commands/newpassword.h"
#include "app/terminal/hiddenline.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestNewPassword : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fromLine_data();
    void fromLine();
    void refused_data();
    void refused();
    void typed_data();
    void typed();
};

void TestNewPassword::fromLine_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("password");
    QTest::newRow("LF goes") << QByteArray("secret\n") << u"secret"_s;
    QTest::newRow("CRLF goes") << QByteArray("secret\r\n") << u"secret"_s;
    QTest::newRow("no line end") << QByteArray("secret") << u"secret"_s;
    QTest::newRow("only the line end goes") << QByteArray(" se cret \t\n") << u" se cret \t"_s;
    QTest::newRow("CR alone stays") << QByteArray("secret\r") << u"secret\r"_s;
    QTest::newRow("UTF-8") << QByteArray("gr\xc3\xbc\xc3\x9f\n") << u"grüß"_s;
    QTest::newRow("longest") << QByteArray(1000, 'x') + '\n' << QString(1000, u'x');
}

void TestNewPassword::fromLine()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, password);
    const auto result = passwordFromLine(line);
    QVERIFY(result);
    QCOMPARE(*result, password);
}

void TestNewPassword::refused_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QByteArray() << u"the password is empty"_s;
    QTest::newRow("empty line") << QByteArray("\n") << u"the password is empty"_s;
    QTest::newRow("empty line of Windows") << QByteArray("\r\n") << u"the password is empty"_s;
    QTest::newRow("Latin-1") << QByteArray("gr\xfc\xdf\n")
                             << u"the password is not valid UTF-8 text"_s;
    QTest::newRow("UTF-8 cut short")
        << QByteArray("gr\xc3\n") << u"the password is not valid UTF-8 text"_s;
    QTest::newRow("too long") << QByteArray(1001, 'x') + '\n'
                              << u"the password is longer than 1000 bytes"_s;
}

void TestNewPassword::refused()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, text);
    const auto result = passwordFromLine(line);
    QVERIFY(!result);
    QCOMPARE(result.error().text, text);
}

void TestNewPassword::typed_data()
{
    using State = HiddenLine::State;
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<int>("state");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const QByteArray &keys, State state, const char *text) {
        QTest::newRow(name) << keys << static_cast<int>(state) << QByteArray(text);
    };
    row("enter", "secret\r", State::Done, "secret");
    row("line feed", "secret\n", State::Done, "secret");
    row("not done yet", "secret", State::Typing, "secret");
    row("backspace", "secrets\x7f\r", State::Done, "secret");
    row("backspace as Ctrl-H", "secrets\x08\r", State::Done, "secret");
    row("backspace on nothing", "\x7fsecret\r", State::Done, "secret");
    row("backspace takes a whole character", "a\xc3\xbc\x7f\r", State::Done, "a");
    row("backspace takes four bytes", "a\xf0\x9f\x98\x80\x7f\r", State::Done, "a");
    row("Ctrl-U", "wrong\x15right\r", State::Done, "right");
    row("Ctrl-C", "secret\x03", State::Cancelled, "secret");
    row("Ctrl-D on nothing", "\x04", State::Cancelled, "");
    row("Ctrl-D ends a line", "secret\x04", State::Done, "secret");
}

void TestNewPassword::typed()
{
    QFETCH(QByteArray, keys);
    QFETCH(int, state);
    QFETCH(QByteArray, text);
    HiddenLine line;
    auto last = HiddenLine::State::Typing;
    for (const char key : std::as_const(keys)) {
        QCOMPARE(last, HiddenLine::State::Typing);
        last = line.take(key);
    }
    QCOMPARE(static_cast<int>(last), state);
    QCOMPARE(line.text(), text);
}

QTEST_GUILESS_MAIN(TestNewPassword)
#include "tst_newpassword.moc"
