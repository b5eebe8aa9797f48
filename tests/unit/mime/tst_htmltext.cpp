#include "core/mime/htmlreader.h"
#include "core/mime/htmlreferences.h"
#include "core/mime/htmltext.h"

#include <QTest>

#include <array>

using namespace Postnook::Mime;

class TestHtmlText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void text_data();
    void text();
    void references_data();
    void references();
    void numbers();
    void preview_data();
    void preview();
    void hostile_data();
    void hostile();
};

void TestHtmlText::text_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, QStringView html, QStringView expected) {
        QTest::newRow(name) << html.toString() << expected.toString();
    };
    row("nothing", u"", u"");
    row("blocks", u"<p>one</p><div>two<br>three</div>", u"one\ntwo\nthree\n");
    row("richtext", u"<bold>a</bold><nl>b<np>c<paragraph>d</paragraph>e", u"a\nb\nc\nd\ne");
    row("list", u"<ul><li>one<li>two</ul>three", u"one\ntwo\nthree");
    row("table cells", u"<table><tr><td>a<td>b</tr><tr><th>c</th></tr></table>", u"a\nb\nc\n");
    row("inline tags part no words", u"w<b>or</b>d<o:p></o:p>s", u"words");
    row("blanks", u"a \n\t b&nbsp; c", u"a b c");
    row("preformatted", u"<pre>a  b\nc</pre>d\ne", u"a b\nc\nd e");
    row("style, script, comment",
        u"a<style>x{}</style>b<SCRIPT>if(a<b)</SCRIPT>c<!-- <p>d -->e",
        u"a\nb\nce");
    row("title", u"<head><title>a <b> c</title></head>d", u"d");
    row("title not closed", u"<title>a<p>b", u"a\nb");
    row("style not closed", u"a<style>b{}", u"a\n");
    row("Office data", u"a<xml><o:x>b</o:x></xml>c", u"a\nc");
    row("less-than that is none", u"1 < 2 <3 <", u"1 < 2 <3 <");
    row("end tag that is none", u"a </ b </3", u"a </ b </3");
    row("tag not closed", u"a <b", u"a <b");
    row("greater-than in an attribute", u"<a title=\"x>y\">z</a>", u"z");
    row("blanks before a quoted value", u"<a title = 'x>y'>z</a>", u"z");
    row("quotes within quotes", u"<a title=\"it's > it\" alt='say \">\"'>z</a>", u"z");
    row("attribute not closed", u"<a title=\"x>z</a>", u"z");
    row("quote that is none", u"<a title=it's>z</a> it's", u"z it's");
    row("end tag with attributes", u"<b>a</b class=\">\">c", u"ac");
    row("soft hyphen", u"in&shy;vis&#8203;ible", u"invisible");
    row("comment not closed", u"a<!-- b", u"a");
    row("empty comments", u"a<!-->b<!--->c<!---->d", u"abcd");
    row("conditional comments",
        u"a<!--[if mso]>b<![endif]-->c<![if !mso]>d<![endif]><!--[if !mso]><!-->e<!--<![endif]-->",
        u"acde");
    row("declarations", u"<?xml version='1.0'?><!DOCTYPE html>a<![CDATA[b]]>c", u"ac");
    row("declaration not closed", u"a<!b", u"a<!b");
    row("hidden text is found", u"a<p style='display:none'>b</p><i hidden>c</i>", u"a\nb\nc");
    row("names of pictures", u"a<img alt=\"b &amp; c\">d<IMG ALT=e>", u"a b & c d e ");
    row("capital letters", u"<P>a</P><STYLE>b</STYLE><DIV>c", u"a\nc");
    row("emoji", u"\U0001f600&#x1f600;", u"\U0001f600\U0001f600");
}

void TestHtmlText::text()
{
    QFETCH(QString, html);
    QFETCH(QString, expected);
    QCOMPARE(htmlToText(html), expected);
}

void TestHtmlText::references_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("expected");
    const auto row = [](QStringView html, QStringView expected) {
        QTest::newRow(qPrintable(html.toString())) << html.toString() << expected.toString();
    };
    row(u"&lt;&amp;&#228;&#xe4;&#XE4;&auml;&euro;&hellip;&#128512;",
        u"<&\u00e4\u00e4\u00e4\u00e4\u20ac\u2026\U0001f600");
    row(u"a & b &unknown; &#0; &#xd800; &#x110000; &#; &#x; &;",
        u"a & b &unknown; &#0; &#xd800; &#x110000; &#; &#x; &;");
    row(u"&#99999999999999999999;", u"&#99999999999999999999;");
    row(u"&", u"&");
    row(u"&#", u"&#");
    row(u"&amp", u"&");
    row(u"&ampx &eacutex &copy2 &notit;", u"&x \u00e9x \u00a92 \u00acit;");
    row(u"&euro &hellip", u"&euro &hellip"); // these always need the semicolon
    row(u"&#65 &#x42c", u"A \u042c");
    row(u"&Eacute;&eacute;&ETH;&eth;", u"\u00c9\u00e9\u00d0\u00f0"); // case counts
    row(u"&AMP;&LT;&QUOT;&NBSP;", u"&<\"&NBSP;");
    row(u"&apos;&zwj;&Scaron;&Omega;&rarr;&hearts;&lang;",
        u"'\u200d\u0160\u03a9\u2192\u2665\u27e8");
    row(u"&period;&comma;&lpar;&commat;&check;&Lstrok;&IOcy;", u".,(@\u2713\u0141\u0401");
}

void TestHtmlText::references()
{
    QFETCH(QString, html);
    QFETCH(QString, expected);
    QCOMPARE(htmlToText(html), expected);
}

// 128 to 159 are windows-1252, but for the five that are nothing there.
void TestHtmlText::numbers()
{
    const QString expected =
        QStringLiteral(u"\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160"
                       u"\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022"
                       u"\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178");
    for (int i = 0; i < 32; ++i) {
        const auto source = QStringLiteral("&#%1;").arg(128 + i);
        const auto reference = readHtmlReference(source);
        QCOMPARE(reference.character, char32_t(expected[i].unicode()));
        QCOMPARE(reference.size, source.size());
    }
}

void TestHtmlText::preview_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("expectedOfImages");
    const auto row = [](const char *name, QStringView html, QStringView expected) {
        QTest::newRow(name) << html.toString() << expected.toString() << expected.toString();
    };
    row("preheader", u"<div style='display:none'>a</div><p>b</p>", u"a\nb\n");
    row("preheader of blanks", u"<div style='display:none'>&zwnj;&nbsp;</div>b", u"\u200c \nb");
    row("hidden behind words", u"a<div style='display:none'>b</div>c", u"a\nc");
    row("hidden within hidden",
        u"a<div style='display:none'><div>b</div>c<div style='display:block'>d</div></div>e",
        u"a\ne");
    row("hidden ends with what it is in", u"a<div><p hidden>b</div>c", u"a\nc");
    row("hidden paragraph ends at the next", u"a<p hidden>b<p>c", u"a\nc");
    row("hidden never ends", u"a<div hidden>b", u"a\n");
    row("all ways to hide",
        u"a<i style='visibility:hidden'>b</i><i style='opacity:0.0'>c</i>"
        u"<i style='overflow:hidden;max-height:0px'>d</i><i style='max-width:0'>e</i>"
        u"<i style='font-size:0'>f</i><i style='FONT-SIZE : 1px !important'>g</i>"
        u"<i hidden=''>h</i><i style=\"color:red;DISPLAY:None;\">i</i><i style=display:none>j</i>",
        u"a");
    row("shown",
        u"a<i style='display:inline'>b</i><i style='opacity:0.5'>c</i>"
        u"<i style='max-height:10px'>d</i><i style='font-size:10px'>e</i><i class='hidden'>f</i>"
        u"<i style='mso-hide:all'>g</i>",
        u"abcdefg");
    row("size set again",
        u"a<td style='font-size:0'>b<p style='font-size:12px'>c</p>d</td>e",
        u"a\nc\ne");
    row("quoted block",
        u"a<blockquote>b<br>c<blockquote><p>d</blockquote></blockquote>e",
        u"a\n> b\n> c\n> d\ne");
    row("deep", QStringLiteral(u"<div>").repeated(10'000) + QStringLiteral(u"a</div>b"), u"a\nb");
    QTest::newRow("pictures") << QStringLiteral(
        u"<img alt=a><img alt=b width=1><img alt='\u2764'>c")
                              << QStringLiteral(u"\u2764 c") << QStringLiteral(u"a \u2764 c");
}

void TestHtmlText::preview()
{
    QFETCH(QString, html);
    QFETCH(QString, expected);
    QFETCH(QString, expectedOfImages);
    QCOMPARE(htmlToText(html, HtmlUse::Preview), expected);
    QCOMPARE(htmlToText(html, HtmlUse::PreviewOfImages), expectedOfImages);
}

void TestHtmlText::hostile_data()
{
    QTest::addColumn<QString>("unit");
    constexpr std::array Units{
        QStringView(u"<"),
        QStringView(u"<a "),
        QStringView(u"<a b=\""),
        QStringView(u"<a b='>' c=\">\" d="),
        QStringView(u"<a b='>'"),
        QStringView(u"<a ='>'"),
        QStringView(u"=\"<'"),
        QStringView(u"<title>"),
        QStringView(u"<title></"),
        QStringView(u"<xml></x"),
        QStringView(u"<style></styl"),
        QStringView(u"<!--"),
        QStringView(u"<!-->"),
        QStringView(u"<!"),
        QStringView(u"<?"),
        QStringView(u"</"),
        QStringView(u"</p"),
        QStringView(u"<p>"),
        QStringView(u"<b></i>"),
        QStringView(u"<blockquote>a"),
        QStringView(u"<i style='"),
        QStringView(u"<i style=display:none>"),
        QStringView(u"<img alt=\"&"),
        QStringView(u"&#"),
        QStringView(u"&aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    };
    for (const auto unit : Units) {
        QTest::newRow(qPrintable(unit.toString())) << unit.toString();
    }
}

// Linear by count: the searches of the reader go over each character a few times at most.
void TestHtmlText::hostile()
{
    QFETCH(QString, unit);
    const auto html = unit.repeated(5'000);
    for (const auto use : {HtmlUse::Search, HtmlUse::Preview, HtmlUse::PreviewOfImages}) {
        HtmlReader reader(html, use);
        const auto text = reader.text();
        QVERIFY2(reader.lookedAt() <= 4 * html.size(),
                 qPrintable(QString::number(reader.lookedAt())));
        QVERIFY(text.size() <= 3 * html.size()); // marks of quoted lines
    }
}

QTEST_GUILESS_MAIN(TestHtmlText)
#include "tst_htmltext.moc"
