#include "core/mime/defects.h"
#include "core/mime/messagescanner.h"

#include <QTest>

using namespace Postnook::Mime;
using Kind = DefectKind;

namespace
{

QByteArray crlf(QByteArray text)
{
    return text.replace('\n', "\r\n");
}

// A sound header without the empty line behind it.
QByteArray head()
{
    return crlf("Date: Mon, 5 Jan 2026 10:00:00 +0000\nFrom: Ann <ann@example.org>\n"
                "To: bob@example.org\nSubject: Hello\nMessage-ID: <1@example.org>\n"
                "MIME-Version: 1.0\n");
}

QByteArray withFields(const QByteArray &fields)
{
    return head() + fields + "\r\nwords\r\n";
}

QByteArray withBody(const QByteArray &fields, const QByteArray &body)
{
    return head() + fields + "\r\n" + body;
}

QByteArray multipart(const QByteArray &body)
{
    return withBody("Content-Type: multipart/mixed; boundary=b\r\n", crlf(body));
}

QList<Defect> defectsOf(const QByteArray &message)
{
    return findDefects(message, *PartTree::fromBytes(scanMessage(message).parts));
}

QString list(const QList<Defect> &defects)
{
    QString text;
    for (const auto &defect : defects) {
        text += QStringLiteral("kind %1, offset %2, %3 times: %4\n")
                    .arg(static_cast<int>(defect.kind))
                    .arg(defect.offset)
                    .arg(defect.count)
                    .arg(defect.text);
    }
    return text;
}

} // namespace

class TestDefects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void none_data();
    void none();
    void one_data();
    void one();
    void missingFields();
    void headerTooLong();
    void nestedHeader();
    void depth();
    void parts();
    void countsTogether();
    void countsLaterParts();
    void textIsShort();
};

void TestDefects::none_data()
{
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const QByteArray &message) {
        QTest::newRow(name) << message;
    };
    row("plain", withFields({}));
    row("header only", head() + "\r\n");
    row("UTF-8 header (RFC 6532)",
        withFields("Comments: Gr\xc3\xbc\xc3\x9f"
                   "e\r\n"));
    row("encoded words", withFields("Comments: =?utf-8?Q?Gr=C3=BC=C3=9Fe_?= =?UTF-8?B?w6Q=?=\r\n"));
    row("encoded word with a language (RFC 2231 5)",
        withFields("Comments: =?us-ascii*en?Q?Hello?=\r\n"));
    row("no encoded word: a question", withFields("Comments: is 1=?2?x?3 or =? what?=\r\n"));
    row("group and empty Bcc",
        withFields("Cc: Friends: a@example.org, b@example.org;\r\nBcc:\r\n"));
    row("empty group", withFields("Cc: undisclosed-recipients:;\r\n"));
    row("date in obsolete form",
        "Date: Mon, 5 Jan 26 10:00 EST (winter)\r\nFrom: a@example.org\r\n\r\nx\r\n");
    row("a line of 998 octets", withFields("Comments: " + QByteArray(988, 'x') + "\r\n"));
    row("quoted-printable of 76 characters",
        withBody("Content-Transfer-Encoding: quoted-printable\r\n",
                 QByteArray(75, 'x') + "=\r\n=3D=  \r\nend\r\n"));
    row("base64", withBody("Content-Transfer-Encoding: base64\r\n", "aGVs\r\nbG8=\r\n"));
    row("empty base64", withBody("Content-Transfer-Encoding: base64\r\n", {}));
    row("8bit UTF-8",
        withBody("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
                 "Gr\xc3\xbc\xc3\x9f"
                 "e\r\n"));
    row("ISO-8859-1",
        withBody("Content-Type: text/plain; charset=iso-8859-1\r\n"
                 "Content-Transfer-Encoding: quoted-printable\r\n",
                 "Gr=FC=DFe\r\n"));
    row("multipart", multipart("--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n--b--\n"));
    row("preamble and epilogue", multipart("text\n--b\n\none\n--b--\ntext\n"));
    row("parts without header or body", multipart("--b\n\n--b\nContent-ID: <a@b>\n\n--b--\n"));
    row("blanks behind delimiters", multipart("--b  \n\none\n--b--\t\n"));
    row("boundary that begins like another",
        multipart(
            "--b\nContent-Type: multipart/mixed; boundary=bc\n\n--bc\n\none\n--bc--\n--b--\n"));
    row("nested message",
        multipart("--b\nContent-Type: message/rfc822\n\n" + head().replace("\r\n", "\n")
                  + "\nwords\n--b--\n"));
    row("message/global in base64 (RFC 6532 3.7)",
        withBody("Content-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n",
                 head() + "\r\n")); // the scanner reads it as it stands
    row("digest",
        withBody("Content-Type: multipart/digest; boundary=b\r\n",
                 "--b\r\n\r\n" + head() + "\r\nwords\r\n--b--\r\n"));
}

void TestDefects::none()
{
    QFETCH(QByteArray, message);
    const auto defects = defectsOf(message);
    QVERIFY2(defects.isEmpty(), qPrintable(list(defects)));
}

// Each message has one defect; `mark` is where it begins, or is empty for the end of the message.
void TestDefects::one_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<DefectKind>("kind");
    QTest::addColumn<QByteArray>("mark");
    QTest::addColumn<quint64>("count");
    QTest::addColumn<QByteArray>("word"); // in the text
    const auto row = [](const char *name,
                        const QByteArray &message,
                        Kind kind,
                        const QByteArray &mark,
                        quint64 count = 1,
                        const QByteArray &word = {}) {
        QTest::newRow(name) << message << kind << mark << count << word;
    };
    // Lines.
    row("LF only",
        "Date: 5 Jan 2026 10:00\nFrom: a@b.org\n\nx\n",
        Kind::LineFeedOnly,
        "\n",
        4,
        "Lines end in LF");
    row("mixed line ends",
        withFields("Comments: a\n"),
        Kind::LineFeedOnly,
        "\n\r\nwords",
        1,
        "others in CRLF");
    row("bare CR", withBody({}, "a\rb\rc\r\n"), Kind::BareCarriageReturn, "\rb", 2);
    row("NUL", withBody({}, QByteArray("a\0b\0\r\n", 6)), Kind::Nul, QByteArray("\0b", 2), 2);
    row("line of 999 octets",
        withBody({}, QByteArray(999, 'x') + "\r\n"),
        Kind::LongLine,
        "xxx",
        1,
        "at most 999");
    row("no last line end", withBody({}, "words"), Kind::NoLastLineEnd, {});
    // Headers.
    row("no field", withFields("rubbish\r\n"), Kind::NoField, "rubbish", 1, "\"rubbish\"");
    row("name with a blank in it", withFields("a b: c\r\n"), Kind::NoField, "a b:");
    row("continuation of nothing",
        ' ' + withFields({}).replace("Date:", "x\r\nDate:"),
        Kind::NoField,
        " x",
        1,
        "goes on");
    row("mbox line",
        "From ann Mon Jan  5 10:00:00 2026\r\n" + withFields({}),
        Kind::MboxLine,
        "From ann");
    row("blank before the colon",
        withFields("Comments : a\r\n"),
        Kind::BlankBeforeColon,
        "Comments");
    row("no empty line", head(), Kind::NoEmptyLine, {});
    row("8-bit and no UTF-8",
        withFields("Comments: Gr\xfc\xdf"
                   "e\r\n"),
        Kind::EightBitHeader,
        "Comments",
        1,
        "Comments");
    row("Subject twice",
        withFields("Subject: a\r\nSubject: b\r\n"),
        Kind::RepeatedField,
        "Subject: a",
        2,
        "the first counts");
    row("To twice",
        withFields("To: c@example.org\r\n"),
        Kind::RepeatedField,
        "To: c",
        1,
        "one list");
    row("Content-Type twice",
        withFields("Content-Type: text/plain\r\nContent-Type: text/html\r\n"),
        Kind::RepeatedField,
        "Content-Type: text/html",
        1,
        "RFC 2045");
    row("Date", withFields({}).replace("5 Jan", "35 Jan"), Kind::UnreadableDate, "Date");
    row("From without @",
        withFields({}).replace("Ann <ann@example.org>", "ann"),
        Kind::NoAddress,
        "From",
        1,
        "\"ann\"");
    row("From with a name only",
        withFields({}).replace("Ann <ann@example.org>", "Ann Lee"),
        Kind::NoAddress,
        "From",
        1,
        "\"Ann Lee\"");
    row("empty To",
        withFields({}).replace("bob@example.org", ""),
        Kind::NoAddress,
        "To:",
        1,
        "is empty");
    row("To of commas",
        withFields({}).replace("bob@example.org", ",,"),
        Kind::NoAddress,
        "To:",
        1,
        "has no address");
    row("encoded word that does not end",
        withFields("Comments: =?utf-8?Q?abc\r\n"),
        Kind::BadEncodedWord,
        "Comments",
        1,
        "does not end");
    row("encoded word in X",
        withFields("Comments: =?utf-8?X?abc?=\r\n"),
        Kind::BadEncodedWord,
        "Comments",
        1,
        "neither in B nor in Q");
    row("encoded word that is no base64",
        withFields("Comments: =?utf-8?B?a!Gk=?=\r\n"),
        Kind::BadEncodedWord,
        "Comments",
        1,
        "no base64");
    row("encoded word with half a character",
        withFields("Comments: =?utf-8?Q?Gr=C3?=\r\n"),
        Kind::BadEncodedWord,
        "Comments",
        1,
        "whole characters");
    row("encoded word in an unknown charset",
        withFields("Comments: =?x-martian?Q?abc?=\r\n"),
        Kind::UnknownWordCharset,
        "Comments");
    row("Message-ID without brackets",
        withFields({}).replace("<1@example.org>", "1@example.org"),
        Kind::BadMessageId,
        "Message-ID");
    row("Message-ID without @",
        withFields({}).replace("<1@example.org>", "<1>"),
        Kind::BadMessageId,
        "Message-ID");
    // What headers say of bodies.
    row("no MIME-Version",
        withFields("Content-Type: text/plain\r\n").replace("MIME-Version: 1.0\r\n", ""),
        Kind::NoMimeVersion,
        "Content-Type");
    row("Content-Type",
        withFields("Content-Type: rubbish\r\n"),
        Kind::UnreadableType,
        "Content-Type");
    row("empty Content-Type",
        withFields("Content-Type:\r\n"),
        Kind::UnreadableType,
        "Content-Type");
    row("Content-Transfer-Encoding of two words",
        withFields("Content-Transfer-Encoding: quoted printable\r\n"),
        Kind::UnreadableEncoding,
        "Content-Tr");
    row("unknown encoding",
        withFields("Content-Transfer-Encoding: x-uuencode\r\n"),
        Kind::UnknownEncoding,
        "Content-Tr",
        1,
        "x-uuencode");
    row("multipart in base64",
        multipart("--b\n\none\n--b--\n")
            .replace("MIME-V", "Content-Transfer-Encoding: base64\r\nMIME-V"),
        Kind::ForbiddenEncoding,
        "Content-Tr",
        1,
        "RFC 2045 6.4");
    row("message in quoted-printable",
        withBody("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n",
                 withFields({})),
        Kind::ForbiddenEncoding,
        "Content-Tr",
        1,
        "RFC 2046 5.2.1");
    row("encoded word for a name",
        withFields("Content-Type: text/plain; name=\"=?utf-8?Q?a?=\"\r\n"),
        Kind::EncodedName,
        "Date");
    row("no boundary",
        withFields("Content-Type: multipart/mixed\r\n"),
        Kind::BoundaryMissing,
        "Content-Type");
    row("boundary of 71",
        multipart("--b\n\none\n--b--\n")
            .replace("=b", '=' + QByteArray(71, 'b'))
            .replace("--b", "--" + QByteArray(71, 'b')),
        Kind::BoundaryTooLong,
        "Content-Type",
        1,
        "it works");
    row("boundary longer than a line",
        withFields("Content-Type: multipart/mixed;\r\n boundary*0=" + QByteArray(600, 'b')
                   + ";\r\n boundary*1=" + QByteArray(600, 'b') + "\r\n"),
        Kind::BoundaryTooLong,
        "Content-Type",
        1,
        "1200 characters");
    row("boundary never there",
        multipart("--c\n\none\n--c--\n"),
        Kind::BoundaryNeverThere,
        "Content-Type",
        1,
        "a line \"--c\"");
    row("not closed", multipart("--b\n\none\n"), Kind::BoundaryNotClosed, {});
    row("inner one not closed",
        multipart("--b\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\none\n--b--\n"),
        Kind::BoundaryNotClosed,
        "\r\n--b--");
    row("delimiter with text behind it",
        multipart("--b and more\n\none\n--b--\n"),
        Kind::BoundaryLookalike,
        "--b and",
        1,
        "taken for one");
    row("closing delimiter with text behind it",
        multipart("--b\n\none\n--b--and more\n"),
        Kind::BoundaryLookalike,
        "--b--and",
        1,
        "closing");
    row("delimiters in the epilogue",
        multipart("--b\n\none\n--b--\n--b\n\ntwo\n--b--\n"),
        Kind::BoundaryLookalike,
        "--b\r\n\r\ntwo",
        2,
        "means nothing");
    row("the boundary of the multipart around it",
        multipart("--b\nContent-Type: multipart/mixed; boundary=b\n\n"
                  "--b\n\none\n--b--\n--b--\n"),
        Kind::BoundaryLookalike,
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none",
        1,
        "around this one");
    // Bodies.
    row("base64 with a foreign character",
        withBody("Content-Transfer-Encoding: base64\r\n", "aG!Vs\r\n"),
        Kind::Base64Foreign,
        "!Vs");
    row("base64 with padding too much",
        withBody("Content-Transfer-Encoding: base64\r\n", "aGVs=\r\n"),
        Kind::Base64Foreign,
        "=\r\n");
    row("base64 that is cut",
        withBody("Content-Transfer-Encoding: base64\r\n", "aGVsbG8\r\n"),
        Kind::Base64Cut,
        {},
        1,
        "ends early");
    row("base64 in pieces",
        withBody("Content-Transfer-Encoding: base64\r\n", "aGU=\r\nbG8=\r\n"),
        Kind::Base64Cut,
        "bG8=",
        1,
        "goes on");
    row("base64 in long lines",
        withBody("Content-Transfer-Encoding: base64\r\n", QByteArray(80, 'A') + "\r\n"),
        Kind::LongEncodedLine,
        "AAA");
    row("stray =",
        withBody("Content-Transfer-Encoding: quoted-printable\r\n", "1 = 2 =3D =x\r\n"),
        Kind::StrayEquals,
        "= 2",
        2);
    row("quoted-printable in long lines",
        withBody("Content-Transfer-Encoding: quoted-printable\r\n", QByteArray(77, 'x') + "\r\n"),
        Kind::LongEncodedLine,
        "xxx");
    row("8-bit quoted-printable",
        withBody("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
                 "quoted-printable\r\n",
                 "\xc3\xbc\r\n"),
        Kind::EightBitBody,
        "\xc3",
        2);
    row("8-bit in 7bit",
        withBody("Content-Type: text/plain; charset=utf-8\r\n", "\xc3\xbc\r\n"),
        Kind::EightBitBody,
        "\xc3",
        2);
    row("8-bit in 7bit, no text",
        withBody("Content-Type: image/png\r\n", "\xff\r\n"),
        Kind::EightBitBody,
        "\xff");
    row("unknown charset",
        withBody("Content-Type: text/plain; charset=x-martian\r\n", "x\r\n"),
        Kind::UnknownCharset,
        "x\r\n",
        1,
        "x-martian");
    row("beyond US-ASCII",
        withBody("Content-Transfer-Encoding: 8bit\r\n", "\xc3\xbc\r\n"),
        Kind::InvalidText,
        "\xc3",
        2,
        "UTF-8, which it is");
    row("US-ASCII, by name",
        withBody("Content-Type: text/html; charset=US-ASCII\r\nContent-Transfer-Encoding: 8bit\r\n",
                 "x\xfc\r\n"),
        Kind::InvalidText,
        "\xfc",
        1,
        "windows-1252");
    row("no UTF-8",
        withBody("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
                 "/Pw=\r\n"),
        Kind::InvalidText,
        "/Pw",
        1,
        "UTF-8");
    row("no EUC-JP",
        withBody("Content-Type: text/plain; charset=euc-jp\r\nContent-Transfer-Encoding: 8bit\r\n",
                 "a\xb0 x\r\n"),
        Kind::InvalidText,
        "a\xb0",
        1,
        "euc-jp");
    row("UTF-8 that is to be ISO-8859-1",
        withBody(
            "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n",
            "x\xc3\xbc\r\n"),
        Kind::OtherCharset,
        "\xc3");
}

void TestDefects::one()
{
    QFETCH(QByteArray, message);
    QFETCH(DefectKind, kind);
    QFETCH(QByteArray, mark);
    QFETCH(quint64, count);
    QFETCH(QByteArray, word);
    const auto defects = defectsOf(message);
    QVERIFY2(defects.size() == 1, qPrintable(list(defects)));
    const auto at = mark.isEmpty() ? message.size() : message.indexOf(mark);
    QVERIFY(at >= 0);
    QCOMPARE(defects.first().kind, kind);
    QCOMPARE(defects.first().offset, static_cast<quint64>(at));
    QCOMPARE(defects.first().count, count);
    QVERIFY2(defects.first().text.contains(QString::fromUtf8(word)), qPrintable(list(defects)));
    QVERIFY2(defects.first().text.contains(u'.'), qPrintable(list(defects)));
}

void TestDefects::missingFields()
{
    const auto defects = defectsOf("Subject: x\r\n\r\nwords\r\n");
    QCOMPARE(defects.size(), 2);
    for (const auto &defect : defects) {
        QCOMPARE(defect.kind, Kind::MissingField);
        QCOMPARE(defect.part, 0);
    }
    QVERIFY(defects.at(0).text.contains(u"Date"));
    QVERIFY(defects.at(1).text.contains(u"From"));
}

void TestDefects::headerTooLong()
{
    const QByteArray field = "Comments: " + QByteArray(900, 'a') + "\r\n";
    const auto message = withFields(field.repeated(MaxHeaderBytes / field.size() + 1));
    const auto defects = defectsOf(message);
    QVERIFY2(defects.size() == 1, qPrintable(list(defects)));
    QCOMPARE(defects.first().kind, Kind::HeaderTooLong);
    QVERIFY(defects.first().offset <= MaxHeaderBytes);
    QVERIFY(defects.first().offset + static_cast<quint64>(field.size()) > MaxHeaderBytes);
}

// A message in a message has a header of its own; a part has no From to miss.
void TestDefects::nestedHeader()
{
    const auto message =
        multipart("--b\nContent-Type: message/rfc822\n\nSubject: a\nSubject: b\n\nx\n"
                  "--b\nSubject: a\nSubject: b\n\nx\n--b--\n");
    const auto defects = defectsOf(message);
    QVERIFY2(defects.size() == 3, qPrintable(list(defects)));
    QCOMPARE(defects.at(0).kind, Kind::MissingField);
    QCOMPARE(defects.at(1).kind, Kind::MissingField);
    QCOMPARE(defects.at(2).kind, Kind::RepeatedField);
    QCOMPARE(defects.at(2).part, 2);
    QCOMPARE(defects.at(2).offset, static_cast<quint64>(message.indexOf("Subject: b")));
}

void TestDefects::depth()
{
    QByteArray message = head();
    for (int i = 0; i < MaxDepth; ++i) {
        const auto boundary = 'b' + QByteArray::number(i);
        message += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary
            + "\r\n";
    }
    qsizetype tooDeep = 0;
    for (const auto &defect : defectsOf(message + "\r\nx\r\n")) {
        tooDeep += defect.kind == Kind::TooDeep ? 1 : 0;
    }
    QCOMPARE(tooDeep, 1);
}

void TestDefects::parts()
{
    const auto defects =
        defectsOf(multipart(QByteArray("--b\n\nx\n").repeated(MaxParts + 5) + "--b--\n"));
    QVERIFY2(defects.size() == 1, qPrintable(list(defects)));
    QCOMPARE(defects.first().kind, Kind::TooManyParts);
    QCOMPARE(defects.first().part, MaxParts - 1);
}

void TestDefects::countsTogether()
{
    const auto defects = defectsOf(withFields(QByteArray("rubbish\r\n").repeated(1000)));
    QVERIFY2(defects.size() == 1, qPrintable(list(defects)));
    QCOMPARE(defects.first().count, 1000);
    QVERIFY(!defects.first().inLaterParts);
}

void TestDefects::countsLaterParts()
{
    const auto part = QByteArray("--b\nContent-Transfer-Encoding: x-none\n\nx\n");
    const auto defects = defectsOf(multipart(part.repeated(1000) + "--b--\n"));
    QVERIFY2(defects.size() == MaxDefectsOfOneKind, qPrintable(list(defects)));
    QCOMPARE(defects.first().count, 1);
    QCOMPARE(defects.last().count, 1000 - MaxDefectsOfOneKind + 1);
    QVERIFY(defects.last().inLaterParts);
}

void TestDefects::textIsShort()
{
    const auto defects = defectsOf(withFields(QByteArray(500, 'x') + "\r\n"));
    QVERIFY2(defects.size() == 1, qPrintable(list(defects)));
    QVERIFY(defects.first().text.size() < 200);
}

QTEST_GUILESS_MAIN(TestDefects)
#include "tst_defects.moc"
