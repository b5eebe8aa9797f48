#include "dialogue.h"

#include <QDir>
#include <QFile>
#include <QTest>

using Postnook::Dialogue;

// Every file below tests/session/dialogues is a test: adding one needs no code.
class TestDialogues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dialogue_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(QStringLiteral(DIALOGUES));
        const auto names = folder.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name);
        for (const QString &name : names) {
            QTest::newRow(qPrintable(name.chopped(4))) << folder.filePath(name);
        }
    }

    void dialogue()
    {
        QFETCH(QString, path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString trouble = Dialogue(file.readAll()).run();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    }
};

QTEST_GUILESS_MAIN(TestDialogues)
#include "tst_dialogues.moc"
