#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"
#include "core/mime/searchfolder.h"

#include <QRandomGenerator>
#include <QStringEncoder>
#include <QTest>

#include <array>

using namespace Postnook;
using namespace Postnook::Mime;

namespace
{

ReadBytes readerOf(const QByteArray &message)
{
    return [&message](quint64 offset, quint64 size) {
        return message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
    };
}

QByteArray bodyOf(const QByteArray &message)
{
    const auto tree = PartTree::fromBytes(scanMessage(message).parts);
    return tree ? searchableBody(*tree, readerOf(message)) : QByteArray();
}

} // namespace

class TestMessageText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fold_data();
    void fold();
    void foldsAllCharacters();
    void foldsOnce();
    void foldsInPieces();
    void foldsManyMarks();
    void finds_data();
    void finds();
    void values();
    void searchable();
    void reports();
    void longParts_data();
    void longParts();
    void encodedMessages_data();
    void encodedMessages();
    void brokenLines_data();
    void brokenLines();
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
    const auto acute = QString(u'\u0301');
    row("30 marks", u'a' + acute.repeated(30) + u'b', u'a' + acute.repeated(30) + u'b');
    row("31 marks, uax15-13",
        u'a' + acute.repeated(31),
        u'a' + acute.repeated(30) + u'\u034f' + acute);
    row("marks that letters have count",
        u'\u00e9' + acute.repeated(30),
        u'e' + acute.repeated(30) + u'\u034f' + acute);
    row("marks that are two",
        QString(u'\u0344').repeated(16),
        QStringLiteral(u"\u0308\u0301").repeated(15) + QStringLiteral(u"\u034f\u0308\u0301"));
    row("marks that are none before",
        u'a' + QString(u'\uff9e').repeated(31),
        u'a' + QString(u'\u3099').repeated(30) + QStringLiteral(u"\u034f\u3099"));
    row("marks beyond the basic plane",
        u'a' + QStringLiteral("\U0001d165").repeated(31),
        u'a' + QStringLiteral("\U0001d165").repeated(30) + QStringLiteral(u"\u034f\U0001d165"));
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
        const bool isLong = round % 8 == 0;
        for (int i = 0; i < (isLong ? 120 : 8); ++i) {
            const char32_t c = random.bounded(isLong ? 40 : 2) != 1
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

// What comes in pieces folds to the same, wherever it was cut.
void TestMessageText::foldsInPieces()
{
    QRandomGenerator random(2);
    constexpr int Rounds = 3000;
    const QStringList tokens{
        QStringLiteral("a"),      QStringLiteral("E"),          QStringLiteral("\u00e9"),
        QStringLiteral("\u0301"), QStringLiteral("\u0323"),     QStringLiteral("\u0345"),
        QStringLiteral(" "),      QStringLiteral("\r\n"),       QStringLiteral("\u00a0"),
        QStringLiteral("\u00a8"), QStringLiteral("\u0130"),     QStringLiteral("\U0001d165"),
        QStringLiteral("\uac00"), QStringLiteral("\u11a8"),     QStringLiteral("\uff76\uff9e"),
        QStringLiteral("\u00df"), QStringLiteral("\U00010400"), QStringLiteral("\ufdfa"),
        QString(QChar(0)),        QString(QChar(0xd801)),       QString(u'\u0344').repeated(20)};
    for (int round = 0; round < Rounds; ++round) {
        QString text;
        for (quint32 i = random.bounded(40U); i > 0; --i) {
            text += tokens.at(random.bounded(tokens.size()));
        }
        SearchFolder folder;
        QString folded;
        for (qsizetype at = 0; at < text.size();) {
            auto end = std::min<qsizetype>(text.size(), at + 1 + random.bounded(9));
            end += end < text.size() && text[end].isLowSurrogate() ? 1 : 0;
            folded += folder.fold(QStringView(text).sliced(at, end - at));
            at = end;
        }
        folded += folder.finish();
        QCOMPARE(folded, foldForSearch(text));
    }
}

// To bring such a run into order at once takes hours.
void TestMessageText::foldsManyMarks()
{
    constexpr int Pairs = 2'000'000;
    const auto text = u'a' + QStringLiteral(u"\u0301\u0316").repeated(Pairs);
    const auto folded = foldForSearch(text);
    constexpr int Limit = 30;
    QCOMPARE(folded.size(), text.size() + (2 * Pairs - 1) / Limit);
    QCOMPARE(folded.first(3), QStringLiteral(u"a\u0316\u0316"));
    QVERIFY(folded.startsWith(foldForSearch(text.first(1 + 10 * Limit))));
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
    const QByteArray body = searchableBody(*tree, [&message, &read](quint64 offset, quint64 size) {
        const auto bytes =
            message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
        read.append(QString::fromLatin1(bytes));
        return bytes;
    });
    QCOMPARE(
        body,
        QStringLiteral(
            u"gru\u0308sse softbreak\nboldly \nsubject: inner one\ninner body\ncafe\u0301.pdf\n")
            .toUtf8());
    QVERIFY(!read.contains(QStringLiteral("BINARY")));
    const auto header = searchableHeader(message.first(meta.headerSize));
    QCOMPARE(
        header,
        QStringLiteral(u"subject: cafe\u0301 news\ncontent-type: multipart/mixed; boundary=b\n")
            .toUtf8());
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
    QCOMPARE(bodyOf(message), QByteArray("final-recipient: rfc822; ann@example.org\npart\n"));
}

// A part of many pieces is that of the whole, in whatever charset and encoding.
void TestMessageText::longParts_data()
{
    QTest::addColumn<QByteArray>("charset");
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QString>("unit");
    const auto row = [](const char *charset, const char *encoding, const QString &unit) {
        QTest::addRow("%s %s %d", charset, encoding, int(unit.size()))
            << QByteArray(charset) << QByteArray(encoding) << unit;
    };
    const auto ascii = QStringLiteral("Some  Words\r\n of a text \r\n\r\n");
    const auto odd = QStringLiteral(u"Stra\u00dfe \u0301\u0323 \U0001F642\u00e9\u0323\ufdfa\r\n ");
    const auto unbroken = QStringLiteral(u"\ufdfa\u00e9\u0323\U0001d165\u0301\U00010400");
    const auto marks = QStringLiteral(u"\u0301\u0316");
    for (const auto &text : {ascii, odd, unbroken, marks}) {
        row("utf-8", "8bit", text);
        row("utf-8", "base64", text);
        row("utf-16le", "base64", text);
    }
    row("us-ascii", "7bit", ascii);
    row("iso-8859-1", "8bit", QStringLiteral(u"Stra\u00dfe \u00c9\r\n"));
}

void TestMessageText::longParts()
{
    QFETCH(QByteArray, charset);
    QFETCH(QByteArray, encoding);
    QFETCH(QString, unit);
    const auto text = u'x' + unit.repeated(400'000 / unit.size());
    QStringEncoder encoder(
        *QStringConverter::encodingForName(charset == "us-ascii" ? "utf-8" : charset.constData()));
    const QByteArray octets = encoder(text);
    const QByteArray message = "Content-Type: text/plain; charset=" + charset
        + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n"
        + (encoding == "base64" ? octets.toBase64() : octets);
    QVERIFY(bodyOf(message) == foldForSearch(text).toUtf8() + '\n');
}

// RFC 6532 3.7, and what people send against RFC 2045 6.4.
void TestMessageText::encodedMessages_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("partHeaders");
    const auto wrapped = [](const char *type, const char *encoding, const QByteArray &body) {
        return "Content-Type: " + QByteArray(type) + "\r\nContent-Transfer-Encoding: " + encoding
            + "\r\n\r\n" + body;
    };
    const QByteArray inner = "Subject: Inner One\r\nContent-Type: multipart/mixed; boundary=b\r\n"
                             "\r\n--b\r\nX-Part: 1\r\n\r\nFirst words\r\n--b--\r\n";
    const QByteArray found =
        "subject: inner one\ncontent-type: multipart/mixed; boundary=b\nfirst words\n";
    const auto quoted = QByteArray(inner).replace('=', "=3D").replace("First", "=46irst");
    const auto once = wrapped("message/rfc822", "base64", inner.toBase64());
    QTest::newRow("base64") << once << found << QByteArray("x-part: 1\n");
    QTest::newRow("global, quoted-printable")
        << wrapped("message/global", "Quoted-Printable", quoted) << found
        << QByteArray("x-part: 1\n");
    QTest::newRow("in a multipart")
        << "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n" + once
            + "\r\n--o\r\n\r\nlast\r\n--o--\r\n"
        << found + "last\n"
        << QByteArray("content-type: message/rfc822\ncontent-transfer-encoding: base64\n"
                      "x-part: 1\n");
    QTest::newRow("what is no encoding")
        << wrapped("message/rfc822", "8bit", inner) << found << QByteArray("x-part: 1\n");
    QTest::newRow("no base64") << wrapped("message/rfc822", "base64", "***") << QByteArray()
                               << QByteArray();
    auto nested = inner;
    for (int depth = 0; depth < 3; ++depth) {
        nested = wrapped("message/rfc822", "base64", nested.toBase64());
    }
    const QByteArray header = "content-type: message/rfc822\ncontent-transfer-encoding: base64\n";
    QTest::newRow("three deep") << nested << header.repeated(2) + found
                                << QByteArray("x-part: 1\n");
    QTest::newRow("too deep") << wrapped("message/rfc822", "base64", nested.toBase64())
                              << header.repeated(3) << QByteArray();
}

void TestMessageText::encodedMessages()
{
    QFETCH(QByteArray, message);
    const auto tree = PartTree::fromBytes(scanMessage(message).parts);
    QVERIFY(tree);
    QTEST(searchableBody(*tree, readerOf(message)), "body");
    QTEST(searchablePartHeaders(*tree, readerOf(message)), "partHeaders");
}

// RFC 5545 3.1, RFC 6350 3.2: words that were broken to be sent.
void TestMessageText::brokenLines_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("found");
    const auto row = [](const char *name, const char *type, const char *text, const char *found) {
        QTest::newRow(name) << QByteArray(type) << QByteArray(text) << QByteArray(found);
    };
    row("rfc5545-3.1",
        "text/calendar",
        "SUMMARY:Meet\r\n ing\r\n\t at noon\r\n",
        "summary:meeting at noon ");
    row("rfc6350-3.2", "text/vcard", "FN:An\n n\n", "fn:ann ");
    row("others", "text/x-list", "a\r\n b", "a b");
}

void TestMessageText::brokenLines()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, found);
    QCOMPARE(bodyOf("Content-Type: " + type + "\r\n\r\n" + text).trimmed(), found.trimmed());
}

QTEST_GUILESS_MAIN(TestMessageText)
#include "tst_messagetext.moc"
