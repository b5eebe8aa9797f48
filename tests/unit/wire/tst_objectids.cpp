#include "core/wire/objectids.h"

#include <QSet>
#include <QTest>

#include <algorithm>

using namespace Postnook;

namespace
{

const QByteArray Digest = QByteArray::fromHex("00112233445566778899aabbccddeeff"
                                              "0123456789abcdeffedcba9876543210");

// RFC 8474 section 7, and what 8.1 calls wise.
bool isSafe(const QByteArray &id)
{
    const auto isAllowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '_' || c == '-';
    };
    return !id.isEmpty() && id.size() <= 255 && std::all_of(id.begin(), id.end(), isAllowed)
        && id.front() >= 'A' && id.front() <= 'Z' && !id.toUpper().contains("NIL")
        && id.sliced(1) == id.sliced(1).toLower();
}

} // namespace

class TestObjectIds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mailboxes();
    void emails_data();
    void emails();
    void threads_data();
    void threads();
    void foreign_data();
    void foreign();
};

void TestObjectIds::mailboxes()
{
    QCOMPARE(mailboxObjectId(UidValidity(1)), QByteArray("F00000001"));
    QCOMPARE(mailboxObjectId(UidValidity(0xfffffffe)), QByteArray("Ffffffffe"));
    QVERIFY(isSafe(mailboxObjectId(UidValidity(0xabcdef12))));
}

void TestObjectIds::emails_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<int>("zone");
    QTest::newRow("1970") << 0LL << 0;
    QTest::newRow("2026") << 1'767'225'600LL << 60;
    QTest::newRow("year 1, far east") << -62'135'596'800LL - 1439 * 60 << 1439;
    QTest::newRow("year 9999, far west") << 253'402'300'799LL + 1439 * 60 << -1439;
}

void TestObjectIds::emails()
{
    QFETCH(qint64, seconds);
    QFETCH(int, zone);
    const InternalDate date{seconds, zone};
    const auto id = emailObjectId(Digest, date);
    QVERIFY2(isSafe(id), id.constData());
    QCOMPARE(id.size(), 54);
    QCOMPARE(parseEmailObjectId(id), std::make_optional(EmailKey{Digest.first(20), date}));

    // Other for another text, moment or zone.
    const QSet<QByteArray> ids{id,
                               emailObjectId(QByteArray(32, 'a'), date),
                               emailObjectId(Digest, {seconds + 1, zone}),
                               emailObjectId(Digest, {seconds, zone > 0 ? zone - 1 : zone + 1})};
    QCOMPARE(ids.size(), 4);
}

void TestObjectIds::threads_data()
{
    QTest::addColumn<quint64>("number");
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("least") << quint64(0) << QByteArray("T0000000000000000");
    QTest::newRow("small") << quint64(0xabc) << QByteArray("T0000000000000abc");
    QTest::newRow("largest") << ~quint64(0) << QByteArray("Tffffffffffffffff");
}

void TestObjectIds::threads()
{
    QFETCH(quint64, number);
    QFETCH(QByteArray, id);
    QCOMPARE(threadObjectId(ThreadId(number)), id);
    QVERIFY(isSafe(id));
    QCOMPARE(parseThreadObjectId(id), std::make_optional(ThreadId(number)));
}

void TestObjectIds::foreign_data()
{
    QTest::addColumn<QByteArray>("id");
    const auto email = emailObjectId(Digest, {});
    const QByteArray thread = "T0123456789abcdef";
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a letter") << QByteArray("M");
    QTest::newRow("no letter") << email.sliced(1);
    QTest::newRow("short email") << email.chopped(1);
    QTest::newRow("long email") << email + '0';
    QTest::newRow("email in capitals") << email.toUpper();
    QTest::newRow("email in small letters") << email.toLower();
    QTest::newRow("email that is none") << email.chopped(1) + 'g';
    QTest::newRow("short thread") << thread.chopped(1);
    QTest::newRow("long thread") << thread + '0';
    QTest::newRow("thread in capitals") << thread.toUpper();
    QTest::newRow("thread with a sign") << QByteArray("T+123456789abcdef");
    QTest::newRow("mailbox") << mailboxObjectId(UidValidity(1));
}

void TestObjectIds::foreign()
{
    QFETCH(QByteArray, id);
    QVERIFY(!parseEmailObjectId(id));
    QVERIFY(!parseThreadObjectId(id));
}

QTEST_GUILESS_MAIN(TestObjectIds)
#include "tst_objectids.moc"
