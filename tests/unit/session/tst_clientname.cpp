#include "core/session/clientname.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestClientName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void text_data();
    void text();
    void otherFields();
};

void TestClientName::text_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QString>("text");
    QTest::newRow("both") << QByteArray("Thunderbird") << QByteArray("128.4.0")
                          << u"Thunderbird 128.4.0"_s;
    QTest::newRow("no version") << QByteArray("mutt") << QByteArray() << u"mutt"_s;
    QTest::newRow("no name") << QByteArray() << QByteArray("7") << u"7"_s;
    QTest::newRow("nothing") << QByteArray() << QByteArray() << QString();
    QTest::newRow("UTF-8") << QByteArray("Postfächer") << QByteArray() << u"Postfächer"_s;
    QTest::newRow("Latin-1") << QByteArray("Postf\xe4"
                                           "cher")
                             << QByteArray() << u"Postfächer"_s;
    QTest::newRow("escape sequence") << QByteArray("\x1b[2Jx\x07") << QByteArray() << u"?[2Jx?"_s;
    QTest::newRow("lines") << QByteArray("a\r\nb\tc") << QByteArray() << u"a??b?c"_s;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray() << u"a?b"_s;
    QTest::newRow("C1 controls") << QByteArray("\xc2\x9b"
                                               "2J")
                                 << QByteArray() << u"?2J"_s;
    QTest::newRow("direction") << QByteArray("a\xe2\x80\xae"
                                             "b")
                               << QByteArray() << u"a?b"_s;
    QTest::newRow("blanks") << QByteArray("  a   b ") << QByteArray(" ") << u"a b"_s;
    QTest::newRow("long") << QByteArray(1024, 'n') << QByteArray(1024, '1')
                          << QString(48, u'n') + u' ' + QString(24, u'1');
    QTest::newRow("long, ends in a pair")
        << QByteArray(47, 'n') + "\xf0\x9f\x93\xa7" << QByteArray() << QString(47, u'n');
}

void TestClientName::text()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, version);
    ClientName client;
    noteIdField("NAME", name, &client);
    noteIdField("version", version, &client);
    QTEST(client.toString(), "text");
}

void TestClientName::otherFields()
{
    ClientName client;
    noteIdField("os", "Linux", &client);
    noteIdField("", "x", &client);
    noteIdField("name ", "x", &client);
    QCOMPARE(client, ClientName());
}

QTEST_GUILESS_MAIN(TestClientName)
#include "tst_clientname.moc"
