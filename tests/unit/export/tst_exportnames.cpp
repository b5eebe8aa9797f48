#include "app/export/exportnames.h"
#include "app/import/mailboxnaming.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestExportNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paths_data();
    void paths();
    void comeBack();
    void tooLong();
};

namespace
{

MailboxName mailbox(const QString &text)
{
    return MailboxName(text.toUtf8());
}

// As the import reads it: folders and the file's name without its suffix, or a Maildir's folder.
QStringList levelsOf(QString path, ExportNames::Style style)
{
    if (style == ExportNames::Style::Folders) {
        path.chop(path.endsWith(".mbox"_L1) ? 5 : 0);
        return path.split(u'/');
    }
    QStringList levels;
    if (!path.isEmpty()) {
        const auto parts = path.mid(1).split(u'.');
        for (const QString &part : parts) {
            levels.append(levelFromUtf7(part));
        }
    }
    return levels;
}

// In the order of their names, as an export asks.
const QStringList Names{u"A/b.mbox/c"_s, u"A"_s,
                        u"A/b"_s,        u"CON"_s,
                        u"COM1.txt"_s,   u"INBOX"_s,
                        u"INBOX/Sub"_s,  u"WORK"_s,
                        u"WORK/x"_s,     u"Work"_s,
                        u"Work/x"_s,     u"Work/X"_s,
                        u"a.b"_s,        u"a/b"_s,
                        u"ends."_s,      u"ends "_s,
                        u".hidden"_s,    u"what? <\"|:\\>"_s,
                        u"x/cur"_s,      u"x/new"_s,
                        u"x/y.eml"_s,    u"é"_s,
                        u"É"_s,          u"&-"_s,
                        u"wORK"_s,       u"\U0001f4e7 mail"_s};

} // namespace

void TestExportNames::paths_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("maildir");
    const auto row = [](const QString &name, const QString &folder, const QString &maildir) {
        QTest::newRow(name.toUtf8().constData()) << name << folder << maildir;
    };
    row(u"INBOX"_s, u"INBOX"_s, QString());
    row(u"Work/Bills"_s, u"Work/Bills"_s, u".Work.Bills"_s);
    row(u"example.org"_s, u"example.org"_s, u".example%2Eorg"_s);
    row(u"Entwürfe"_s, u"Entwürfe"_s, u".Entw&APw-rfe"_s);
    row(u"nul"_s, u"%6Eul"_s, u".%6Eul"_s);
    row(u"a:b"_s, u"a%3Ab"_s, u".a%3Ab"_s);
    row(u"x."_s, u"x%2E"_s, u".x%2E"_s);
    row(u"old.mbox"_s, u"old%2Embox"_s, u".old%2Embox"_s);
    row(u"cur"_s, u"%63ur"_s, u".%63ur"_s);
    row(u"postnook-unfinished"_s, u"%70ostnook-unfinished"_s, u".%70ostnook-unfinished"_s);
    row(u"Postnook-export.json"_s, u"%50ostnook-export.json"_s, u".%50ostnook-export%2Ejson"_s);
    row(u"postnook-export.lock"_s, u"%70ostnook-export.lock"_s, u".%70ostnook-export%2Elock"_s);
    row(u"a/postnook-messages.tsv"_s,
        u"a/%70ostnook-messages.tsv"_s,
        u".a.%70ostnook-messages%2Etsv"_s);
    row(u"postnook-users"_s, u"postnook-users"_s, u".postnook-users"_s);
}

void TestExportNames::paths()
{
    QFETCH(QString, name);
    QFETCH(QString, folder);
    QFETCH(QString, maildir);
    QCOMPARE(ExportNames(ExportNames::Style::Folders, {}).pathFor(mailbox(name)).path, folder);
    QCOMPARE(ExportNames(ExportNames::Style::Folders, u".mbox"_s).pathFor(mailbox(name)).path,
             folder + u".mbox"_s);
    QCOMPARE(ExportNames(ExportNames::Style::Maildir, {}).pathFor(mailbox(name)).path, maildir);
}

void TestExportNames::comeBack()
{
    const QRegularExpression unsafe(u"[<>:\"\\\\|?*]|[ .](/|$)"_s);
    for (const auto style : {ExportNames::Style::Folders, ExportNames::Style::Maildir}) {
        for (const QString &suffix : {QString(), u".mbox"_s}) {
            ExportNames names(style, suffix);
            QSet<QString> seen;
            for (const QString &name : Names) {
                const auto path = names.pathFor(mailbox(name));
                QVERIFY(!path.isShortened);
                QVERIFY2(!path.path.contains(unsafe), qPrintable(path.path));
                const auto back = MailboxNaming().nameFor(levelsOf(path.path, style));
                QVERIFY2(back, qPrintable(path.path));
                QCOMPARE(QString::fromUtf8(back->utf8), name);
                // Neither with another mailbox nor with the folder of one.
                const QString folded = path.path.toCaseFolded();
                QVERIFY2(!seen.contains(folded), qPrintable(path.path));
                seen.insert(folded);
            }
        }
    }
}

void TestExportNames::tooLong()
{
    const QString level(300, u'я');
    for (const auto style : {ExportNames::Style::Folders, ExportNames::Style::Maildir}) {
        ExportNames names(style, u".mbox"_s);
        const auto one = names.pathFor(mailbox(level + u"1"_s));
        const auto two = names.pathFor(mailbox(level + u"2"_s));
        QVERIFY(one.isShortened && two.isShortened);
        QVERIFY(one.path != two.path);
        QVERIFY(one.path.toUtf8().size() <= 255);
        const auto deep = names.pathFor(mailbox(QStringList(40, u"level"_s).join(u'/')));
        for (const QString &part : deep.path.split(u'/')) {
            QVERIFY(part.toUtf8().size() <= 255);
        }
    }
}

QTEST_GUILESS_MAIN(TestExportNames)
#include "tst_exportnames.moc"
