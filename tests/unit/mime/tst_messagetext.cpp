#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"

#include <QTest>

using namespace Postnook;
using namespace Postnook::Mime;

class TestMessageText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fold_data();
    void fold();
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
    row("accents", u"\u00c9tude", u"\u00e9tude");
    row("decomposed", u"E\u0301tude", u"\u00e9tude");
    row("sharp s", u"Stra\u00dfe", u"strasse");
    row("greek final sigma", u"\u03a3\u03a3\u03c2", u"\u03c3\u03c3\u03c3");
    row("cyrillic", u"\u041f\u0440", u"\u043f\u0440");
}

void TestMessageText::fold()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(foldForSearch(text), expected);
    QCOMPARE(foldForSearch(expected), expected);
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
            u"gr\u00fcsse softbreak\nboldly \nsubject: inner one\ninner body\ncaf\u00e9.pdf\n"));
    QVERIFY(!read.contains(QStringLiteral("BINARY")));
    const auto header = searchableHeader(message.first(meta.headerSize));
    QCOMPARE(
        header,
        QStringLiteral(u"subject: caf\u00e9 news\ncontent-type: multipart/mixed; boundary=b\n"));
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
