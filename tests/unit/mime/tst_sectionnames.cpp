#include "core/mime/messagescanner.h"
#include "core/mime/sectionnames.h"

#include <QTest>

using namespace Postnook::Mime;

namespace
{

// "2.1.HEADER" to what FETCH would be asked for.
Section section(const QByteArray &name)
{
    Section section;
    for (const auto &word : name.split('.')) {
        bool isNumber = false;
        const auto number = word.toUInt(&isNumber);
        if (isNumber) {
            section.part.append(number);
        } else {
            section.kind = word == "HEADER" ? Section::Kind::Header
                : word == "MIME"            ? Section::Kind::Mime
                                            : Section::Kind::Text;
        }
    }
    return section;
}

} // namespace

class TestSectionNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
};

void TestSectionNames::names_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("expected"); // header and body of all parts
    QTest::newRow("plain") << QByteArray("A: b\n\nx\n") << QByteArray("HEADER 1");
    QTest::newRow("multipart") << QByteArray(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--b\n\n2\n--b--\n")
                               << QByteArray("HEADER TEXT 1.MIME 1 2.MIME 2");
    QTest::newRow("multipart in a multipart")
        << QByteArray("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
                      "multipart/mixed; boundary=c\n\n--c\n\n1\n--c\n\n2\n--c--\n--b\n\n2\n--b--\n")
        << QByteArray("HEADER TEXT 1.MIME 1 1.1.MIME 1.1 1.2.MIME 1.2 2.MIME 2");
    QTest::newRow("message in a multipart")
        << QByteArray("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
                      "message/rfc822\n\nA: b\n\nx\n--b--\n")
        << QByteArray("HEADER TEXT 1.MIME 1 1.HEADER 1.1");
    QTest::newRow("multipart in a message in a multipart")
        << QByteArray("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--b\nContent-Type: "
                      "message/rfc822\n\nContent-Type: multipart/mixed; boundary=c\n\n"
                      "--c\n\n1\n--c\n\n2\n--c--\n--b--\n")
        << QByteArray("HEADER TEXT 1.MIME 1 2.MIME 2 2.HEADER 2.TEXT 2.1.MIME 2.1 2.2.MIME 2.2");
    QTest::newRow("messages in messages")
        << QByteArray("Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nA: b\n\nx\n")
        << QByteArray("HEADER 1 1.HEADER 1.1 1.1.HEADER 1.1.1");
}

// The names, and that they name those very octets.
void TestSectionNames::names()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, expected);
    const auto tree = *PartTree::fromBytes(scanMessage(message).parts);
    QByteArray all;
    const auto names = sectionNames(tree);
    QCOMPARE(names.size(), tree.parts().size());
    for (qsizetype i = 0; i < names.size(); ++i) {
        all += names[i].header + ' ' + names[i].body + ' ';
        const auto size = static_cast<quint64>(message.size());
        QVERIFY(tree.locate(section(names[i].header), size) == tree.parts()[i].header);
        QVERIFY(tree.locate(section(names[i].body), size) == tree.parts()[i].body);
    }
    QCOMPARE(all.trimmed(), expected);
}

QTEST_GUILESS_MAIN(TestSectionNames)
#include "tst_sectionnames.moc"
