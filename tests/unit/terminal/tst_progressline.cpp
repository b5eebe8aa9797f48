#include "app/terminal/progressline.h"

#include <QTest>

using namespace Postnook;

class TestProgressLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clocks_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        const auto row = [](qint64 seconds, const char *text) {
            QTest::newRow(text) << seconds << QString::fromLatin1(text);
        };
        row(0, "0:00");
        row(45, "0:45");
        row(600, "10:00");
        row(3599, "59:59");
        row(3600, "1:00:00");
        row(3723, "1:02:03");
        row(360'000, "100:00:00");
    }

    void clocks()
    {
        QFETCH(qint64, seconds);
        QFETCH(QString, text);
        QCOMPARE(clockText(seconds), text);
    }

    void asksForNothingWithoutATerminal()
    {
        ProgressLine line(false);
        line.begin();
        line.show([](qint64) {
            qFatal("nobody sees it");
            return QString();
        });
        line.end();
    }
};

QTEST_GUILESS_MAIN(TestProgressLine)
#include "tst_progressline.moc"
