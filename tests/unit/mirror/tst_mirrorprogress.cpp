#include "app/mirror/mirror.h"
#include "app/mirror/mirrorprogress.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestMirrorProgress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void line_data();
    void line();
    void waits();
};

void TestMirrorProgress::line_data()
{
    QTest::addColumn<MirrorProgress::State>("state");
    QTest::addColumn<QString>("text");
    using State = MirrorProgress::State;
    QTest::newRow("begin") << State{u"INBOX"_s, 0, 100, 0, 0}
                           << u"INBOX: 0 of 100 messages, 0/s, 0.0 MB/s"_s;
    QTest::newRow("half") << State{u"INBOX"_s, 500, 1000, 10'000'000, 5000}
                          << u"INBOX: 500 of 1000 messages, 100/s, 2.0 MB/s, 0:06 left"_s;
    QTest::newRow("hours") << State{u"a"_s, 1, 10'000, 0, 1000}
                           << u"a: 1 of 10000 messages, 1/s, 0.0 MB/s, 2:46:40 left"_s;
    QTest::newRow("end") << State{u"a"_s, 10, 10, 0, 1000}
                         << u"a: 10 of 10 messages, 10/s, 0.0 MB/s"_s;
    QTest::newRow("more than was known")
        << State{u"a"_s, 11, 10, 0, 1000} << u"a: 11 of 11 messages, 11/s, 0.0 MB/s"_s;
    QTest::newRow("long name") << State{QString(100, u'x'), 0, 1, 0, 0}
                               << u"…%1: 0 of 1 messages, 0/s, 0.0 MB/s"_s.arg(QString(23, u'x'));
}

void TestMirrorProgress::line()
{
    QFETCH(MirrorProgress::State, state);
    QTEST(MirrorProgress::line(state), "text");
}

void TestMirrorProgress::waits()
{
    QList<int> seconds;
    for (const int number : {1, 2, 3, 6, 7, 8, 100}) {
        seconds.append(secondsBeforeTry(number));
    }
    QCOMPARE(seconds, (QList<int>{1, 2, 4, 32, 60, 60, 60}));
}

QTEST_GUILESS_MAIN(TestMirrorProgress)
#include "tst_mirrorprogress.moc"
