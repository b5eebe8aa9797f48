#include "core/commands/notifyparser.h"

#include <QTest>

using namespace Postnook;

namespace
{

using Filter = MailboxFilter::Kind;
constexpr auto New = NotifyEvent::MessageNew;
constexpr auto Expunge = NotifyEvent::MessageExpunge;
constexpr auto Flags = NotifyEvent::FlagChange;
constexpr auto Names = NotifyEvent::MailboxName;
constexpr auto Subscriptions = NotifyEvent::SubscriptionChange;

QList<MailboxName> names(const QByteArrayList &all)
{
    QList<MailboxName> list;
    for (const QByteArray &name : all) {
        list << MailboxName(name);
    }
    return list;
}

NotifyGroup group(Filter kind, NotifyEvents events = {}, const QList<MailboxName> &mailboxes = {})
{
    return {.mailboxes = {kind, mailboxes}, .events = events};
}

NotifyRequest parse(const QByteArray &text)
{
    TokenCursor cursor(text);
    const auto request = parseNotify(cursor);
    cursor.expectEnd();
    return cursor.hasFailed() ? NotifyRequest() : request;
}

} // namespace

// The grammar of RFC 5465 8 with the rules of sections 3.1, 5 and 6.
class TestNotifyParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void good_data();
    void good();
    void newItems();
    void bad_data();
    void bad();
    void everyCutIsBad();
    void unsupported_data();
    void unsupported();
    void events_data();
    void events();
};

void TestNotifyParser::good_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<NotifyRequest>("request");
    const auto row = [](const char *text, const QList<NotifyGroup> &groups, bool status = false) {
        QTest::newRow(text) << QByteArray(text) << NotifyRequest{groups, status};
    };
    row("NONE", {});
    row("none", {});
    row("SET (SELECTED NONE)", {group(Filter::Selected)});
    row("SET (SELECTED (MessageNew MessageExpunge))", {group(Filter::Selected, New | Expunge)});
    row("SET (SELECTED (MessageExpunge MessageNew))", {group(Filter::Selected, New | Expunge)});
    row("set (selected-delayed (FLAGCHANGE messagenew MESSAGEEXPUNGE))",
        {group(Filter::SelectedDelayed, New | Expunge | Flags)});
    row("SET STATUS (PERSONAL (MessageNew MessageExpunge))",
        {group(Filter::Personal, New | Expunge)},
        true);
    row("SET (INBOXES (MailboxName)) (SUBSCRIBED (SubscriptionChange))",
        {group(Filter::Inboxes, Names), group(Filter::Subscribed, Subscriptions)});
    row("SET (SUBTREE a (MailboxName))", {group(Filter::Subtree, Names, names({"a"}))});
    row("SET (SUBTREE (a b/c) (MailboxName))",
        {group(Filter::Subtree, Names, names({"a", "b/c"}))});
    row("SET (MAILBOXES inbox (MailboxName SubscriptionChange))",
        {group(Filter::Mailboxes, Names | Subscriptions, names({"INBOX"}))});
    row("SET (MAILBOXES (a \"b c\" {1}\r\nd a) NONE)",
        {group(Filter::Mailboxes, {}, names({"a", "b c", "d"}))});
    row("SET (SELECTED NONE) (PERSONAL (MailboxName))",
        {group(Filter::Selected), group(Filter::Personal, Names)});
    // Names that are no mailbox's are ignored; there are no wildcards (3.1, 6.6).
    row("SET (MAILBOXES \"*\" (MailboxName))", {group(Filter::Mailboxes, Names)});
    row("SET (MAILBOXES (\"%\" a \"\" \"b//c\") (MailboxName))",
        {group(Filter::Mailboxes, Names, names({"a"}))});
    // An event twice is the event.
    row("SET (PERSONAL (MailboxName MailboxName))", {group(Filter::Personal, Names)});
}

void TestNotifyParser::good()
{
    QFETCH(QByteArray, text);
    QFETCH(NotifyRequest, request);
    TokenCursor cursor(text);
    const auto parsed = parseNotify(cursor);
    QVERIFY2(!cursor.hasFailed(), cursor.fault().constData());
    QVERIFY(cursor.atEnd());
    QVERIFY(parsed == request);
}

void TestNotifyParser::newItems()
{
    const auto request = parse("SET (SELECTED (MessageNew (UID BODY.PEEK[HEADER.FIELDS (To)]"
                               " FLAGS) MessageExpunge FlagChange))");
    QVERIFY(request.selected() != nullptr);
    const auto &items = request.selected()->newItems;
    QCOMPARE(items.size(), 3);
    QCOMPARE(items.at(0), uidItem());
    QCOMPARE(items.at(1).label, "BODY[HEADER.FIELDS (To)]");
    QCOMPARE(items.at(2), flagsItem());
    QCOMPARE(request.selected()->events, New | Expunge | Flags);
    QVERIFY(parse("SET (SELECTED (MessageNew MessageExpunge))").selected()->newItems.isEmpty());
}

void TestNotifyParser::bad_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             "SOME",
                             "NONE ",
                             "NONE (SELECTED NONE)",
                             "SET",
                             "SET ",
                             "SET STATUS",
                             "SET STATUS ",
                             "SETSTATUS (SELECTED NONE)",
                             "SET SELECTED NONE",
                             "SET (SUBTREE-ONE a (MailboxName))",
                             "SET ()",
                             "SET (SELECTED)",
                             "SET (SELECTED )",
                             "SET (SELECTED ())",
                             "SET (SELECTED (NONE MessageNew))",
                             "SET (SELECTED MessageNew MessageExpunge)",
                             "SET (SELECTED NONE)(PERSONAL NONE)",
                             "SET (SELECTED NONE) ",
                             "SET (SELECTED a NONE)",
                             "SET (PERSONAL a NONE)",
                             "SET (SHARED NONE)",
                             "SET (SUBTREE NONE)",
                             "SET (SUBTREE (a)(MailboxName))",
                             "SET (SUBTREE () (MailboxName))",
                             "SET (MAILBOXES (a  b) (MailboxName))",
                             "SET (MAILBOXES a b (MailboxName))",
                             "SET (PERSONAL (MailboxName  SubscriptionChange))",
                             "SET (PERSONAL (MailboxName)",
                             "SET (PERSONAL (\"MailboxName\"))",
                             // 6.1: one of the two, once, and message events alone
                             "SET (SELECTED NONE) (SELECTED NONE)",
                             "SET (SELECTED NONE) (PERSONAL NONE) (SELECTED-DELAYED NONE)",
                             "SET (SELECTED (MailboxName))",
                             "SET (SELECTED (MessageNew MessageExpunge SubscriptionChange))",
                             "SET (SELECTED-DELAYED (MessageNew MessageExpunge MailboxName))",
                             // 5: what goes together
                             "SET (SELECTED (MessageNew))",
                             "SET (SELECTED (MessageExpunge))",
                             "SET (PERSONAL (MessageNew MailboxName))",
                             "SET (PERSONAL (FlagChange))",
                             "SET (PERSONAL (FlagChange MessageNew))",
                             "SET (PERSONAL (FlagChange MessageExpunge))",
                             "SET (PERSONAL (AnnotationChange))",
                             "SET (PERSONAL (MailboxName AnnotationChange))",
                             // 8: FETCH items
                             "SET (PERSONAL (MessageNew (UID) MessageExpunge))",
                             "SET (MAILBOXES a (MessageNew (UID) MessageExpunge))",
                             "SET (SELECTED (MessageNew () MessageExpunge))",
                             "SET (SELECTED (MessageNew (ALL) MessageExpunge))",
                             "SET (SELECTED (MessageNew UID MessageExpunge) MessageExpunge)",
                             "SET (SELECTED (MessageNew(UID) MessageExpunge))",
                             "SET (SELECTED (MessageNew (UID UNKNOWN) MessageExpunge))",
                             "SET (SELECTED (MessageExpunge (UID) MessageNew))"}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

void TestNotifyParser::bad()
{
    QFETCH(QByteArray, text);
    TokenCursor cursor(text);
    (void)parseNotify(cursor);
    cursor.expectEnd();
    QVERIFY(cursor.hasFailed());
    QVERIFY(!cursor.refusal()); // BAD, not NO
}

void TestNotifyParser::everyCutIsBad()
{
    const QByteArray text = "SET STATUS (SELECTED (MessageNew (UID BODY.PEEK[HEADER.FIELDS (To)])"
                            " MessageExpunge)) (MAILBOXES (a {1}\r\nb) (MailboxName))";
    QVERIFY(!parse(text).isNone());
    for (qsizetype size = 0; size < text.size(); ++size) {
        // Behind the first group it is whole.
        const bool isWhole = text.first(size) == text.first(text.indexOf(" (MAILBOXES"));
        QCOMPARE(parse(text.first(size)).isNone(), !isWhole);
    }
}

void TestNotifyParser::unsupported_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"SET (PERSONAL (MessageNew MessageExpunge AnnotationChange))",
                             "SET (PERSONAL (AnnotationChange Another MessageNew MessageExpunge))",
                             "SET (SELECTED (SomethingNew))",
                             "SET (PERSONAL (SomethingNew MailboxName))",
                             "SET (PERSONAL (MailboxName)) (INBOXES (X-Y))"}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

// Not BAD: the grammar leaves room for events to come (3.1, 8).
void TestNotifyParser::unsupported()
{
    QFETCH(QByteArray, text);
    TokenCursor cursor(text);
    const auto request = parseNotify(cursor);
    cursor.expectEnd();
    QVERIFY2(!cursor.hasFailed(), cursor.fault().constData());
    QVERIFY(request.hasUnsupported);
}

void TestNotifyParser::events_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isSubscribed");
    QTest::addColumn<NotifyEvents>("events");
    const auto row = [](const char *what,
                        const char *text,
                        const char *name,
                        bool isSubscribed,
                        NotifyEvents events) {
        QTest::newRow(what) << QByteArray(text) << QByteArray(name) << isSubscribed << events;
    };
    row("none", "NONE", "a", true, {});
    row("selected is no other", "SET (SELECTED (MessageNew MessageExpunge))", "a", true, {});
    row("personal", "SET (PERSONAL (MailboxName))", "a/b", false, Names);
    row("inboxes", "SET (INBOXES (MailboxName))", "a/b", false, Names);
    row("subscribed", "SET (SUBSCRIBED (MailboxName))", "a", true, Names);
    row("not subscribed", "SET (SUBSCRIBED (MailboxName))", "a", false, {});
    row("subtree: itself", "SET (SUBTREE a (MailboxName))", "a", false, Names);
    row("subtree: below", "SET (SUBTREE a (MailboxName))", "a/b/c", false, Names);
    row("subtree: beside", "SET (SUBTREE a (MailboxName))", "ab", false, {});
    row("subtree: above", "SET (SUBTREE a/b (MailboxName))", "a", false, {});
    row("subtree: second", "SET (SUBTREE (x a) (MailboxName))", "a/b", false, Names);
    row("mailboxes", "SET (MAILBOXES (a b) (MailboxName))", "b", false, Names);
    row("mailboxes: below", "SET (MAILBOXES (a b) (MailboxName))", "b/c", false, {});
    row("groups add up",
        "SET (MAILBOXES a (MessageNew MessageExpunge)) (PERSONAL (SubscriptionChange))",
        "a",
        false,
        New | Expunge | Subscriptions);
    row("NONE takes from a broader group",
        "SET (PERSONAL (MailboxName)) (MAILBOXES a NONE)",
        "a",
        false,
        {});
    row("NONE leaves the others",
        "SET (PERSONAL (MailboxName)) (MAILBOXES a NONE)",
        "b",
        false,
        Names);
    row("NONE of a subtree, but for one",
        "SET (SUBTREE a NONE) (MAILBOXES a/b (SubscriptionChange)) (PERSONAL (MailboxName))",
        "a/b",
        false,
        Subscriptions);
    row("a broader NONE takes nothing",
        "SET (PERSONAL NONE) (MAILBOXES a (MailboxName))",
        "a",
        false,
        Names);
}

void TestNotifyParser::events()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, name);
    QFETCH(bool, isSubscribed);
    QFETCH(NotifyEvents, events);
    QCOMPARE(parse(text).eventsOf(MailboxName(name), isSubscribed), events);
}

QTEST_GUILESS_MAIN(TestNotifyParser)
#include "tst_notifyparser.moc"
