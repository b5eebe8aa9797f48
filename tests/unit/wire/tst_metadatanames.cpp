#include "core/wire/metadatanames.h"

#include <QTest>

using namespace Postnook;

// RFC 5464 3.2
class TestMetadataNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
    void everyOctet();
};

void TestMetadataNames::names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isEntry");
    QTest::addColumn<bool>("isBranch");
    const auto entry = [](const char *name) {
        QTest::newRow(name) << QByteArray(name) << true << true;
    };
    const auto branch = [](const char *name) {
        QTest::newRow(name) << QByteArray(name) << false << true;
    };
    const auto neither = [](const char *name) {
        QTest::newRow(*name == '\0' ? "empty" : name) << QByteArray(name) << false << false;
    };
    entry("/private/comment");
    entry("/shared/comment");
    entry("/SHARED/Comment");
    entry("/shared/admin");
    entry("/private/specialuse");
    entry("/private/filters/values/on-the-road");
    entry("/shared/filters/descriptions/x");
    entry("/private/vendor/acme/color");
    entry("/shared/VENDOR/acme/a/b/c");
    entry("/private/vendors");
    entry("/private/vendors/acme");
    entry("/private/a b");
    entry("/private/a\"b\\c");
    branch("/private");
    branch("/Shared");
    branch("/private/vendor");
    branch("/shared/Vendor/acme");
    neither("");
    neither("/");
    neither("//");
    neither("private/comment");
    neither("/comment");
    neither("/public/comment");
    neither("/privates/comment");
    neither("/private/");
    neither("/private//a");
    neither("//private/a");
    neither("/private/a/");
    neither("/private/a*");
    neither("/private/%/a");
    neither("/private/vendor//color");
}

void TestMetadataNames::names()
{
    QFETCH(QByteArray, name);
    QTEST(isMetadataEntry(name), "isEntry");
    QTEST(isMetadataBranch(name), "isBranch");
}

void TestMetadataNames::everyOctet()
{
    for (int octet = 0; octet < 256; ++octet) {
        const QByteArray name = "/private/a" + QByteArray(1, static_cast<char>(octet)) + 'b';
        const bool isForbidden = octet <= 0x19 || octet >= 0x80 || octet == '*' || octet == '%';
        QCOMPARE(isMetadataEntry(name), !isForbidden);
    }
}

QTEST_GUILESS_MAIN(TestMetadataNames)
#include "tst_metadatanames.moc"
