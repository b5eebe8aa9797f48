#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"

#include <QRandomGenerator>
#include <QTest>

#include <array>

using namespace Postnook;
using namespace Postnook::Mime;

class TestMessageText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fold_data();
    void fold();
    void foldsAllCharacters();
    void foldsOnce();
    void finds_data();
    void finds();
    void values();
    void searchable();
    void reports();
};

void TestMessageText::fold_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, QStringView text, QStringView expected) {
        QTest::newRow(name) << text.toString() << expected.toString();
    };
    row("ascii", u"Hello World", u"hello world");
    row("blanks", u"a \t\r\n b", u"a b");
    row("accents", u"\u00c9tude", u"e\u0301tude");
    row("decomposed", u"E\u0301tude", u"e\u0301tude");
    row("marks in any order", u"a\u0301\u0323", u"a\u0323\u0301");
    row("sharp s", u"Stra\u00dfe", u"strasse");
    row("capital sharp s", u"STRA\u1e9eE", u"strasse");
    row("greek final sigma", u"\u03a3\u03a3\u03c2", u"\u03c3\u03c3\u03c3");
    row("greek with a iota below",
        u"\u1fb3 \u1fbc \u0391\u0345",
        u"\u03b1\u03b9 \u03b1\u03b9 \u03b1\u03b9");
    row("cyrillic", u"\u041f\u0440", u"\u043f\u0440");
    row("ligature", u"\ufb01ne O\ufb03ce", u"fine office");
    row("digraph, rfc5051-2 example", u"\u01c4\u01c5\u01c6", u"dz\u030cdz\u030cdz\u030c");
    row("full width", u"\uff21\uff42\uff23\u3000\uff11", u"abc 1");
    row("turkish", u"I\u0131\u0130i", u"iii\u0307i");
    row("hangul", u"\ud55c", u"\u1112\u1161\u11ab");
    row("hangul in parts", u"\u1112\u1161\u11ab", u"\u1112\u1161\u11ab");
    row("half-width katakana", u"\uff76\uff9e", u"\u30ab\u3099");
    row("no-break blank", u"a\u00a0\u00a0b", u"a b");
    row("signs that are letters", u"\u2122 \u212b \u210c", u"tm a\u030a h");
    row("beyond the basic plane", u"\U00010400", u"\U00010428");
    row("cherokee", u"\uab70", u"\u13a0");
    row("long s", u"\u017f", u"s");
    row("half a pair", u"\xd801", u"\xd801");
}

void TestMessageText::fold()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(foldForSearch(text), expected);
    QCOMPARE(foldForSearch(expected), expected);
}

// Whatever i;unicode-casemap (RFC 5051 2) holds for the same character is the same, and so is what
// Unicode's full case folding and its canonical forms do.
void TestMessageText::foldsAllCharacters()
{
    for (char32_t c = 0; c <= QChar::LastValidCodePoint; ++c) {
        const auto category = QChar::category(c);
        const bool isBlank = c == '\r' || c == '\n' || c == '\t';
        if (isBlank || category == QChar::Other_NotAssigned || category == QChar::Other_PrivateUse
            || category == QChar::Other_Surrogate) {
            continue;
        }
        const QString text = QString::fromUcs4(&c, 1);
        const QString folded = foldForSearch(text);
        const char32_t titled = QChar::toTitleCase(c);
        const auto inTitleCase = QString::fromUcs4(&titled, 1);
        const QStringList same{folded,
                               inTitleCase,
                               inTitleCase.normalized(QString::NormalizationForm_KD),
                               text.normalized(QString::NormalizationForm_C),
                               text.normalized(QString::NormalizationForm_KC),
                               text.toCaseFolded(),
                               text.toUpper(),
                               text.toLower()};
        for (const QString &other : same) {
            if (foldForSearch(other) != folded) {
                QFAIL(qPrintable(QStringLiteral("U+%1 as \"%2\"").arg(c, 0, 16).arg(other)));
            }
        }
        if (folded.contains(u'\n')) {
            QFAIL(qPrintable(QStringLiteral("U+%1").arg(c, 0, 16)));
        }
    }
}

// Folding twice is folding once, for characters in any company.
void TestMessageText::foldsOnce()
{
    QRandomGenerator random(1);
    constexpr int Rounds = 5000;
    constexpr std::array<char32_t, 12> Marks{
        0x300, 0x301, 0x323, 0x327, 0x345, 0x30c, 0x5b0, 0x3099, 0x1161, 0x11a8, 0x131, 0x20};
    for (int round = 0; round < Rounds; ++round) {
        QString text;
        for (int i = 0; i < 8; ++i) {
            const char32_t c = random.bounded(2) == 0
                ? Marks.at(random.bounded(static_cast<quint32>(Marks.size())))
                : random.bounded(0x11000U);
            if (!QChar::isSurrogate(c)) {
                text += QString::fromUcs4(&c, 1);
            }
        }
        const QString folded = foldForSearch(text);
        if (foldForSearch(folded) != folded) {
            QCOMPARE(foldForSearch(folded).toUtf8().toHex(' '), folded.toUtf8().toHex(' '));
        }
    }
}

// What is found in what (RFC 5051: substrings of decomposed texts).
void TestMessageText::finds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sought");
    QTest::addColumn<bool>("isFound");
    const auto row =
        [](const char *name, QStringView text, QStringView sought, bool isFound = true) {
            QTest::newRow(name) << text.toString() << sought.toString() << isFound;
        };
    row("the letter without its accent", u"caf\u00e9", u"CAFE");
    row("the accent asked for and not there", u"cafe", u"caf\u00e9", false);
    row("a word inside a ligature", u"O\ufb03ce", u"FIC");
    row("half of a sharp s", u"Stra\u00dfe", u"ras");
    row("umlaut is not e", u"M\u00fcller", u"mueller", false);
    row("a syllable without its last sound", u"\uac01", u"\uac00");
    row("dotless as capital", u"\u0131s\u0131", u"ISI");
    row("capital with dot", u"\u0130stanbul", u"istanbul", false); // nor in i;unicode-casemap
}

void TestMessageText::finds()
{
    QFETCH(QString, text);
    QFETCH(QString, sought);
    QTEST(foldForSearch(text).contains(foldForSearch(sought)), "isFound");
}

void TestMessageText::values()
{
    const QByteArray header = "A: 1\r\n  2 \r\nB: x\r\na : 3\r\n\r\nA: body\r\n";
    QCOMPARE(headerValues(header, "A"), (QByteArrayList{"1  2", "3"}));
    QCOMPARE(headerValues(header, "c"), QByteArrayList());
}

void TestMessageText::searchable()
{
    const QByteArray message =
        "Subject: =?utf-8?q?Caf=C3=A9?=\r\n \r\n  NEWS\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe  Soft=\r\nbreak\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<p>Bold<b>ly</b></p><style>hidden</style>\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner One\r\n\r\nINNER body\r\n"
        "--b\r\nContent-Type: application/pdf; "
        "name=\"=?utf-8?q?Caf=C3=A9.pdf?=\"\r\n\r\nBINARY\r\n--b--\r\n";
    const auto meta = scanMessage(message);
    const auto tree = PartTree::fromBytes(meta.parts);
    QVERIFY(tree);
    QStringList read;
    const auto body = searchableBody(*tree, [&message, &read](quint64 offset, quint64 size) {
        const auto bytes =
            message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
        read.append(QString::fromLatin1(bytes));
        return bytes;
    });
    QCOMPARE(
        body,
        QStringLiteral(
            u"gru\u0308sse softbreak\nboldly \nsubject: inner one\ninner body\ncafe\u0301.pdf\n"));
    QVERIFY(!read.contains(QStringLiteral("BINARY")));
    const auto header = searchableHeader(message.first(meta.headerSize));
    QCOMPARE(
        header,
        QStringLiteral(u"subject: cafe\u0301 news\ncontent-type: multipart/mixed; boundary=b\n"));
}

// The person who bounced is named there.
void TestMessageText::reports()
{
    const QByteArray message = "Content-Type: multipart/report; boundary=b\r\n\r\n"
                               "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                               "Final-Recipient: rfc822; Ann@example.org\r\n"
                               "--b\r\nContent-Type: message/partial\r\n"
                               "Content-Transfer-Encoding: base64\r\n\r\nUEFSVA==\r\n"
                               "--b\r\nContent-Type: message/x-odd\r\n\r\nOCTETS\r\n--b--\r\n";
    const auto tree = PartTree::fromBytes(scanMessage(message).parts);
    QVERIFY(tree);
    const auto body = searchableBody(*tree, [&message](quint64 offset, quint64 size) {
        return message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
    });
    QCOMPARE(body, QStringLiteral("final-recipient: rfc822; ann@example.org\npart\n"));
}

QTEST_GUILESS_MAIN(TestMessageText)
#include "tst_messagetext.moc"
