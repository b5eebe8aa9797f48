#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <QDir>
#include <QTest>

#include <array>
#include <vector>

namespace Postnook::Fuzz
{

void reportFalse(const char *property, const char *details, const char *file, int line)
{
    QTest::qVerify(false, property, details, file, line);
}

} // namespace Postnook::Fuzz

namespace
{

struct Target {
    const char *name;
    void (*check)(QByteArrayView);
};

using namespace Postnook::Fuzz;

constexpr std::array Targets{
    Target{"addresses", checkAddresses},
    Target{"basesubject", checkBaseSubject},
    Target{"commands", checkCommands},
    Target{"dates", checkDates},
    Target{"framer", checkFramer},
    Target{"headertext", checkHeaderText},
    Target{"html", checkHtml},
    Target{"lmtp", checkLmtp},
    Target{"mailboxnames", checkMailboxNames},
    Target{"preview", checkPreview},
    Target{"sasl", checkSasl},
    Target{"scanner", checkScanner},
    Target{"searchkeys", checkSearchKeys},
    Target{"sequencesets", checkSequenceSets},
    Target{"session", checkSession},
    Target{"settings", checkSettings},
    Target{"structure", checkStructure},
    Target{"transferencoding", checkTransferEncoding},
};

} // namespace

// The inputs that fuzzing found worth keeping, and each that ever showed a fault:
// corpus/TARGET/*. A new find needs no more than its file there.
class TestCorpus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holds_data();
    void holds();
    void everyFolderHasATarget();
};

void TestCorpus::holds_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<size_t>("target");
    for (size_t i = 0; i < Targets.size(); ++i) {
        const QDir folder(QStringLiteral(FUZZ_CORPUS "/%1").arg(QLatin1String(Targets[i].name)));
        const auto files = folder.entryInfoList(QDir::Files, QDir::Name);
        QVERIFY2(!files.isEmpty(), Targets[i].name);
        for (const auto &file : files) {
            QTest::addRow("%s/%s", Targets[i].name, qPrintable(file.fileName()))
                << file.filePath() << i;
        }
    }
}

void TestCorpus::holds()
{
    QFETCH(QString, path);
    QFETCH(size_t, target);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    // A block of its own without a terminator, so that a sanitizer sees a step too far.
    const auto bytes = file.readAll();
    const std::vector<char> exact(bytes.cbegin(), bytes.cend());
    Targets[target].check(QByteArrayView(exact.data(), static_cast<qsizetype>(exact.size())));
}

void TestCorpus::everyFolderHasATarget()
{
    QStringList targets;
    for (const auto &target : Targets) {
        targets.append(QString::fromLatin1(target.name));
    }
    QCOMPARE(QDir(QStringLiteral(FUZZ_CORPUS)).entryList(QDir::Dirs | QDir::NoDotAndDotDot),
             targets);
}

QTEST_GUILESS_MAIN(TestCorpus)
#include "tst_corpus.moc"
