#include "core/lmtp/envelope.h"

#include <QTest>

using namespace Postnook;

class TestEnvelope : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void path_data();
    void path();
    void parameters();
    void malformed_data();
    void malformed();
};

void TestEnvelope::path_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("localPart");
    QTest::addColumn<QByteArray>("domain");
    const auto row = [](const char *name,
                        const QByteArray &line,
                        const QByteArray &text,
                        const QByteArray &localPart,
                        const QByteArray &domain) {
        QTest::newRow(name) << line << text << localPart << domain;
    };
    row("plain", "TO:<ann@example.org>", "ann@example.org", "ann", "example.org");
    row("small letters", "to:<ann@example.org>", "ann@example.org", "ann", "example.org");
    row("a space", "TO: <ann@example.org>", "ann@example.org", "ann", "example.org");
    row("no domain", "TO:<ann>", "ann", "ann", "");
    row("null", "TO:<>", "", "", "");
    row("address literal", "TO:<ann@[IPv6:::1]>", "ann@[IPv6:::1]", "ann", "[IPv6:::1]");
    row("detail", "TO:<ann+a/b@x>", "ann+a/b@x", "ann+a/b", "x");
    row("route", "TO:<@one.example,@two.example:ann@x>", "ann@x", "ann", "x");
    row("quoted", "TO:<\"ann lee\"@x>", "\"ann lee\"@x", "ann lee", "x");
    row("quoted pairs", "TO:<\"a\\\"\\\\@>\"@x>", "\"a\\\"\\\\@>\"@x", "a\"\\@>", "x");
    row("quoted nothing else", "TO:<\"a\">", "\"a\"", "a", "");
    row("UTF-8",
        "TO:<\xc3\xa4nn@b\xc3\xbc.example>",
        "\xc3\xa4nn@b\xc3\xbc.example",
        "\xc3\xa4nn",
        "b\xc3\xbc.example");
}

void TestEnvelope::path()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, localPart);
    QFETCH(QByteArray, domain);
    const auto parsed = parseEnvelope(line, "TO");
    QVERIFY(parsed);
    QCOMPARE(parsed->path.text, text);
    QCOMPARE(parsed->path.localPart, localPart);
    QCOMPARE(parsed->path.domain, domain);
    QVERIFY(parsed->parameters.isEmpty());
}

void TestEnvelope::parameters()
{
    const auto parsed = parseEnvelope("FROM:<a@b>  size=17 Smtputf8 X=a=b", "FROM");
    QVERIFY(parsed);
    QCOMPARE(parsed->parameters.size(), 3);
    QCOMPARE(parsed->parameters.at(0).name, "SIZE");
    QCOMPARE(parsed->parameters.at(0).value, "17");
    QCOMPARE(parsed->parameters.at(1).name, "SMTPUTF8");
    QCOMPARE(parsed->parameters.at(1).value, "");
    QCOMPARE(parsed->parameters.at(2).value, "a=b");
}

void TestEnvelope::malformed_data()
{
    QTest::addColumn<QByteArray>("line");
    const auto row = [](const char *name, const QByteArray &line) { QTest::newRow(name) << line; };
    row("empty", "");
    row("word alone", "TO");
    row("nothing behind the colon", "TO:");
    row("another word", "FROM:<a@b>");
    row("no brackets", "TO:a@b");
    row("not closed", "TO:<a@b");
    row("no local part", "TO:<@b>");
    row("no domain behind @", "TO:<a@>");
    row("two @", "TO:<a@b@c>");
    row("space inside", "TO:<a b@c>");
    row("quote inside", "TO:<a\"b\"@c>");
    row("quote not closed", "TO:<\"a@b>");
    row("empty quotes", "TO:<\"\"@b>");
    row("control character", "TO:<a\rb@c>");
    row("control character in quotes", "TO:<\"a\nb\"@c>");
    row("DEL", "TO:<a\x7f@c>");
    row("NUL", QByteArray("TO:<a\0@c>", 9));
    row("route without end", "TO:<@a,@b>");
    row("something behind", "TO:<a@b>x");
    row("too long", "TO:<a@" + QByteArray(600, 'x') + ">");
}

void TestEnvelope::malformed()
{
    QFETCH(QByteArray, line);
    QVERIFY(!parseEnvelope(line, "TO"));
}

QTEST_GUILESS_MAIN(TestEnvelope)
#include "tst_envelope.moc"
