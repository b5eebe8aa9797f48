#include "core/mime/messagetext.h"
#include "core/mime/rfc2231.h"

#include <QTest>

using namespace Postnook::Mime;

class TestHeaderText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headerText_data();
    void headerText();
    void hostile();
    void sections_data();
    void sections();
};

void TestHeaderText::headerText_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, QByteArrayView value, QStringView expected) {
        QTest::newRow(name) << value.toByteArray() << expected.toString();
    };
    row("plain", "Hello =? world", u"Hello =? world");
    row("rfc2047-8 a", "(=?ISO-8859-1?Q?a?=)", u"(a)");
    row("rfc2047-8 a b", "(=?ISO-8859-1?Q?a?= b)", u"(a b)");
    row("rfc2047-8 blanks between words", "(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", u"(ab)");
    row("rfc2047-8 underline", "(=?ISO-8859-1?Q?a_b?=)", u"(a b)");
    row("rfc2047 base64", "=?utf-8?B?w6k=?= x", u"\u00e9 x");
    row("rfc2231-5 language", "=?utf-8*fr?q?caf=C3=A9?=", u"caf\u00e9");
    row("character over two words", "=?utf-8?q?=C3?= =?UTF-8?q?=A9?=", u"\u00e9");
    row("base64 character over two words", "=?utf-8?b?w6nD?= =?utf-8?b?qQ==?=", u"\u00e9\u00e9");
    row("two charsets", "=?utf-8?q?=C3=A9?= =?iso-8859-1?q?=E9?=", u"\u00e9\u00e9");
    row("glued to text", "a=?utf-8?q?b?=c", u"abc");
    row("blanks inside", "=?utf-8?q?a b?=", u"a b");
    row("blanks at the end stay", "=?utf-8?q?a_?= =?utf-8?q?b?=", u"a b");
    row("padding missing", "=?utf-8?b?w6k?=", u"\u00e9");
    row("unknown encoding", "=?utf-8?x?a?=", u"=?utf-8?x?a?=");
    row("no end", "=?utf-8?q?abc", u"abc");
    row("no end, then text", "=?utf-8?q?caf=C3=A9 and more", u"caf\u00e9 and more");
    row("half an end", "=?utf-8?q?abc?", u"abc");
    row("no end in base64", "x =?utf-8?b?w6nDqcOp", u"x \u00e9\u00e9\u00e9");
    row("cut within a character", "=?utf-8?q?a=C3", u"a\u00c3");
    row("no end behind words", "=?utf-8?q?a?= =?utf-8?q?b", u"ab");
    row("no charset", "=?\?q?caf=C3=A9?=", u"caf\u00e9");
    row("nearly a word", "=?utf-8?q", u"=?utf-8?q");
    row("nearly words", "=?=?=?utf-8?q?a?=", u"=?=?a");
    row("empty words", "=?utf-8?q?\?= =?utf-8?b?\?=x", u"x");
    row("unknown charset", "=?x-none?q?caf=E9?=", u"caf\u00e9");
    row("question mark in text", "=?utf-8?q?a?b?=", u"a?b");
    row("words glued together", "=?utf-8?q?a?==?utf-8?q?b?=", u"ab");
    row("words glued to others", "x=?utf-8?q?a?=y=?utf-8?q?b?=z", u"xaybz");
    row("blanks around the charset", "=? utf-8 ?q?caf=C3=A9?=", u"caf\u00e9");
    row("base64 with blanks", "=?utf-8?b?w6 nD\tqQ==?=", u"\u00e9\u00e9");
    row("base64 with too much padding", "=?utf-8?b?w6k=====?=", u"\u00e9");
    row("base64 with rubbish", "=?utf-8?b?w6k-!?=", u"\u00e9");
    row("in a quoted string", "\"=?utf-8?q?caf=C3=A9?=\" <a@b>", u"\"caf\u00e9\" <a@b>");
    row("in a comment", "(=?utf-8?q?caf=C3=A9?=)", u"(caf\u00e9)");
    row("raw 8-bit within", "=?iso-8859-1?q?caf\xe9_=E9?=", u"caf\u00e9 \u00e9");
    row("raw utf-8 within", "=?utf-8?q?caf\xc3\xa9?=", u"caf\u00e9");
    row("utf-8 in a word that says iso-8859-1", "=?iso-8859-1?q?caf=C3=A9?=", u"caf\u00e9");
    row("three words, one character", "=?utf-8?q?=E2?= =?utf-8?q?=82?= =?utf-8?q?=AC?=", u"\u20ac");
    row("escape sequence over two words",
        "=?iso-2022-jp?b?GyRCRnw=?= =?iso-2022-jp?b?S1wbKEI=?=",
        u"\u65e5\u672c");
    row("characters of Windows in iso-2022-jp", "=?iso-2022-jp?b?GyRCLSEbKEI=?=", u"\u2460");
    row("small hexadecimal digits", "=?utf-8?q?caf=c3=a9?=", u"caf\u00e9");
    row("capital Q and B", "=?UTF-8?Q?a?= =?UTF-8?B?Yg==?=", u"ab");
    row("unknown charset that is utf-8", "=?x-none?q?caf=C3=A9?=", u"caf\u00e9");
    row("equals sign that is none", "=?utf-8?q?a=b=3D?=", u"a=b=");
    row("words and raw utf-8", "caf\xc3\xa9 =?utf-8?q?caf=C3=A9?=", u"caf\u00e9 caf\u00e9");
    row("raw utf-8", "caf\xc3\xa9", u"caf\u00e9");
    row("raw windows-1252", "caf\xe9", u"caf\u00e9");
}

void TestHeaderText::headerText()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, expected);
    QCOMPARE(decodeHeaderText(value), expected);
}

// One end for very many beginnings, and none for them.
void TestHeaderText::hostile()
{
    constexpr int Count = 100'000;
    for (const QByteArray unit :
         {"=?", "=?utf-8?q?", "=?utf-8?q", "=?utf-8?q?a?= ", "?=", "=?a?b?"}) {
        const auto text = decodeHeaderText(unit.repeated(Count));
        QVERIFY(text.size() <= unit.size() * Count);
        QVERIFY(decodeHeaderText(unit.repeated(Count) + "?=").size() <= unit.size() * Count + 2);
    }
}

// RFC 2231, and what is sent in its name. "name=value" pairs, one a line.
void TestHeaderText::sections_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("joined");
    const auto row = [](const char *name, const char *sent, const char *joined) {
        QTest::newRow(name) << QByteArray(sent) << QByteArray(joined);
    };
    row("none", "name=a", "name=a");
    row("rfc2231-3", "name*0=a\nname*1=b", "name=ab");
    row("rfc2231-4", "name*=utf-8'en'caf%C3%A9", "name*=caf\xc3\xa9");
    row("rfc2231-4.1",
        "name*0*=iso-8859-1''caf%E9\nname*1= x%20\nname*2*=%E9",
        "name*=caf\xc3\xa9 x%20\xc3\xa9");
    row("any order", "name*1=b\nother=c\nname*0=a", "name=ab\nother=c");
    row("character over two sections", "name*0*=utf-8''%C3\nname*1*=%A9", "name*=\xc3\xa9");
    row("no charset, no quotes", "name*=caf%C3%A9", "name*=caf\xc3\xa9");
    row("no charset, windows-1252", "name*=caf%E9", "name*=caf\xc3\xa9");
    row("empty charset", "name*=''caf%C3%A9", "name*=caf\xc3\xa9");
    row("one quote", "name*=utf-8'caf%C3%A9", "name*=caf\xc3\xa9");
    row("quote in the text", "name*=it's%20me", "name*=it's me");
    row("quotes in the text", "name*=utf-8''it's%20'me'", "name*=it's 'me'");
    row("unknown charset", "name*=x-none''caf%C3%A9", "name*=caf\xc3\xa9");
    row("per cent that is none", "name*=utf-8''100%%2z%4", "name*=100%%2z%4");
    row("raw 8-bit", "name*=utf-8''caf\xc3\xa9%20", "name*=caf\xc3\xa9 ");
    row("gap", "name*0=a\nname*2=c", "name=a\nname*2=c");
    row("no first section", "name*1=b", "name*1=b");
    row("section twice", "name*0=a\nname*0=b\nname*1=c", "name=ac\nname*0=b");
    row("charset in the second section", "name*0=a\nname*1*=utf-8''%41", "name*=autf-8''A");
    row("per cent without an asterisk", "name=a%20b", "name=a%20b");
    row("both forms", "name=cafe\nname*=utf-8''caf%C3%A9", "name=cafe\nname*=caf\xc3\xa9");
    row("rfc2047 in a plain parameter", "name==?utf-8?q?caf=C3=A9?=", "name==?utf-8?q?caf=C3=A9?=");
}

void TestHeaderText::sections()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, joined);
    Parameters parameters;
    for (const auto &line : sent.split('\n')) {
        const auto equals = line.indexOf('=');
        parameters.append({line.first(equals), line.sliced(equals + 1)});
    }
    QByteArrayList lines;
    const auto joinedParameters = joinSections(parameters);
    for (const auto &parameter : joinedParameters) {
        const bool isExtended = parameter.name.endsWith('*');
        lines.append(parameter.name + '='
                     + (isExtended ? decodedValue(joinedParameters, parameter.name.chopped(1))
                                   : parameter.value));
    }
    QCOMPARE(lines.join('\n'), joined);
}

QTEST_GUILESS_MAIN(TestHeaderText)
#include "tst_headertext.moc"
