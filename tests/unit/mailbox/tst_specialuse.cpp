#include "core/mailbox/specialuse.h"

#include <QTest>

using namespace Postnook;

class TestSpecialUse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void attributes_data();
    void attributes();
    void unknownAttribute();
    void names_data();
    void names();
};

void TestSpecialUse::attributes_data()
{
    QTest::addColumn<SpecialUse>("use");
    QTest::addColumn<QByteArray>("attribute");
    QTest::addColumn<bool>("canBeGiven");

    QTest::newRow("all") << SpecialUse::All << QByteArray("\\All") << false;
    QTest::newRow("archive") << SpecialUse::Archive << QByteArray("\\Archive") << true;
    QTest::newRow("drafts") << SpecialUse::Drafts << QByteArray("\\Drafts") << true;
    QTest::newRow("flagged") << SpecialUse::Flagged << QByteArray("\\Flagged") << false;
    QTest::newRow("junk") << SpecialUse::Junk << QByteArray("\\Junk") << true;
    QTest::newRow("sent") << SpecialUse::Sent << QByteArray("\\Sent") << true;
    QTest::newRow("trash") << SpecialUse::Trash << QByteArray("\\Trash") << true;
    QTest::newRow("important") << SpecialUse::Important << QByteArray("\\Important") << true;
}

void TestSpecialUse::attributes()
{
    QFETCH(const SpecialUse, use);
    QFETCH(const QByteArray, attribute);
    QFETCH(const bool, canBeGiven);

    QCOMPARE(specialUseAttribute(use), attribute);
    QVERIFY(specialUseNamed(attribute) == use);
    QVERIFY(specialUseNamed(attribute.toUpper()) == use);
    QCOMPARE(isAssignable(use), canBeGiven);
}

void TestSpecialUse::unknownAttribute()
{
    QCOMPARE(specialUseAttribute(SpecialUse::None), QByteArray());
    for (const QByteArray text : {"", "Sent", "\\Sen", "\\Sentt", "\\Inbox"}) {
        QVERIFY2(!specialUseNamed(text), text.constData());
    }
}

void TestSpecialUse::names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<SpecialUse>("use");

    const auto row = [](const char *name, SpecialUse use) {
        QTest::newRow(name) << QByteArray(name) << use;
    };
    row("Trash", SpecialUse::Trash);
    row("trash", SpecialUse::Trash);
    row("Deleted Items", SpecialUse::Trash);
    row("DELETED MESSAGES", SpecialUse::Trash);
    row("INBOX/Trash", SpecialUse::Trash);
    row("INBOX/Sent Items", SpecialUse::Sent);
    row("[Gmail]/Sent Mail", SpecialUse::Sent);
    row("[Google Mail]/Spam", SpecialUse::Junk);
    row("Gesendete Objekte", SpecialUse::Sent);
    row("Entwürfe", SpecialUse::Drafts);
    row("ENTWÜRFE", SpecialUse::Drafts);
    row("Entwu\u0308rfe", SpecialUse::Drafts); // decomposed
    row("Gelöschte Elemente", SpecialUse::Trash);
    row("Brouillons", SpecialUse::Drafts);
    row("Éléments supprimés", SpecialUse::Trash);
    row("Courrier indésirable", SpecialUse::Junk);
    row("Papelera", SpecialUse::Trash);
    row("Posta inviata", SpecialUse::Sent);
    row("Verzonden items", SpecialUse::Sent);
    row("Borttagna objekt", SpecialUse::Trash);
    row("Отправленные", SpecialUse::Sent);
    row("ЧЕРНОВИКИ", SpecialUse::Drafts);
    row("Απεσταλμένα", SpecialUse::Sent);
    row("已发送", SpecialUse::Sent);
    row("ゴミ箱", SpecialUse::Trash);
    row("휴지통", SpecialUse::Trash);
    row("Junk E-mail", SpecialUse::Junk);
    row("Archives", SpecialUse::Archive);

    row("INBOX", SpecialUse::None);
    row("Sentinel", SpecialUse::None);
    row("Trash ", SpecialUse::None);
    row("Work/Trash", SpecialUse::None);
    row("Trash/Sent", SpecialUse::None);
    row("INBOX/INBOX/Trash", SpecialUse::None);
    row("Important", SpecialUse::None);
    row("Notes", SpecialUse::None);
}

void TestSpecialUse::names()
{
    QFETCH(const QByteArray, name);
    QFETCH(const SpecialUse, use);

    QCOMPARE(specialUseOfName(MailboxName(name)), use);
}

QTEST_APPLESS_MAIN(TestSpecialUse)
#include "tst_specialuse.moc"
