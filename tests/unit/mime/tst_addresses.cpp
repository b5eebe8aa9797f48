#include "core/mime/addressparser.h"
#include "core/mime/envelopewriter.h"

#include <QTest>

using namespace Postnook::Mime;

namespace
{

// One line per address: name|route|mailbox|host; groups as "{name" and "}".
QByteArray shown(const QList<Address> &addresses)
{
    QByteArrayList lines;
    for (const auto &address : addresses) {
        switch (address.kind) {
        case Address::Kind::GroupStart:
            lines.append('{' + address.mailbox);
            break;
        case Address::Kind::GroupEnd:
            lines.append("}");
            break;
        case Address::Kind::Mailbox:
            lines.append(address.name + '|' + address.route + '|' + address.mailbox + '|'
                         + address.host);
            break;
        }
    }
    return lines.join(' ');
}

QList<Address> parsed(const QByteArray &value)
{
    QList<Address> addresses;
    parseAddresses(value, addresses);
    return addresses;
}

} // namespace

class TestAddresses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_data();
    void parse();
    void everyPrefixIsUsable_data() { parse_data(); }
    void everyPrefixIsUsable();
    void listIsBounded();
    void envelope_data();
    void envelope();
};

void TestAddresses::parse_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *value, const char *expected) {
        QTest::newRow(name) << QByteArray(value) << QByteArray(expected);
    };

    row("rfc5322-3.4 addr-spec", "ann@example.org", "||ann|example.org");
    row("rfc5322-3.4 name-addr", "Ann Example <ann@example.org>", "Ann Example||ann|example.org");
    row("rfc5322-3.4 list", "a@x.org, B <b@y.org>", "||a|x.org B||b|y.org");
    row("rfc5322-3.2.4 quoted name",
        "\"Example, Ann \\\"A\\\"\" <a@x.org>",
        "Example, Ann \"A\"||a|x.org");
    row("rfc5322-3.2.4 quoted local part", "\"a b\"@x.org", "||a b|x.org");
    row("rfc5322-3.4.1 domain literal",
        "u@[192.0.2.1], v@[IPv6:2001:db8::1]",
        "||u|[192.0.2.1] ||v|[IPv6:2001:db8::1]");
    row("rfc5322-3.4 comment as name",
        "u(one)@(two)x.org (Full (nested) Name)",
        "Full (nested) Name||u|x.org");
    row("rfc5322-3.2.2 quoted pair in comment", "u@x.org (a\\)b)", "a)b||u|x.org");
    row("rfc5322-3.4 group",
        "Friends: a@x.org, b@y.org;, c@z.org",
        "{Friends ||a|x.org ||b|y.org } ||c|z.org");
    row("rfc5322-3.4 empty group", "undisclosed-recipients:;", "{undisclosed-recipients }");
    row("rfc5322-3.4 group of name-addrs", "\"My: list\": A <a@x.org>;", "{My: list A||a|x.org }");
    row("rfc5322-4.1 dots in a phrase", "John Q. Public <j@x.org>", "John Q. Public||j|x.org");
    row("rfc5322-4.4 blanks around dots", "u . v @ example . org", "||u.v|example.org");
    row("rfc5322-4.4 route", "<@a.org,@b.org:u@x.org>", "|@a.org,@b.org|u|x.org");
    row("rfc5322-4.4 route with name", "N <@a.org:u@x.org>", "N|@a.org|u|x.org");
    row("rfc5322-4.4 empty entries", ", a@x.org,, b@x.org ,", "||a|x.org ||b|x.org");
    row("rfc6532 utf-8", "J\xc3\xb6rg <j\xc3\xb6rg@x.org>", "J\xc3\xb6rg||j\xc3\xb6rg|x.org");
    row("rfc2047 encoded word stays",
        "=?utf-8?q?J=C3=B6rg?= <j@x.org>",
        "=?utf-8?q?J=C3=B6rg?=||j|x.org");
    row("dots at odd places", ".a..b.@x.org", "||.a..b.|x.org");
    row("blanks in a name are one", "Ann   \t Example <a@x.org>", "Ann Example||a|x.org");

    row("broken: no at", "ann", "||ann|");
    row("broken: only a name", "Ann Example", "Ann Example|||");
    row("broken: only a quoted name", "\"Ann\"", "Ann|||");
    row("broken: name without brackets", "Ann Example ann@x.org", "Ann Example||ann|x.org");
    row("broken: name behind", "ann@x.org Ann Example", "Ann Example||ann|x.org");
    row("broken: name behind brackets", "<ann@x.org> Ann Example", "Ann Example||ann|x.org");
    row("broken: address as name", "ann@x.org <ann@x.org>", "ann@x.org||ann|x.org");
    row("broken: comma missing", "a@x.org b@y.org", "||a|x.org ||b|y.org");
    row("broken: comma missing, brackets", "A <a@x.org> B <b@y.org>", "A||a|x.org B||b|y.org");
    row("broken: semicolon for comma", "a@x.org; b@y.org", "||a|x.org ||b|y.org");
    row("broken: bracket not closed", "A <a@x.org, B <b@y.org>", "A||a|x.org B||b|y.org");
    row("broken: bracket not closed, more behind",
        "A <a@x . org From b@y.org Mon Jan 5",
        "A||a|x.org");
    row("broken: bracket not closed, name behind", "<a@x.org Ann Example", "Ann Example||a|x.org");
    row("broken: line ended within the domain", "<a@exam ple.org>", "||a|example.org");
    row("broken: brackets doubled", "<<a@x.org>>", "||a|x.org");
    row("broken: brackets empty", "Nobody <>", "Nobody|||");
    row("broken: blank in local part", "<john doe@x.org>", "||john doe|x.org");
    row("broken: two ats", "a@b@c.org", "||a@b|c.org");
    row("broken: quote not closed", "\"Ann <ann@x.org>, b@y.org", "Ann||ann|x.org ||b|y.org");
    row("broken: brackets in name", "[TICKET-1] Ann <a@x.org>", "[TICKET-1] Ann||a|x.org");
    row("broken: group not closed", "Open: a@x.org, b@y.org", "{Open ||a|x.org ||b|y.org }");
    row("broken: groups nested", "A: b: c@x.org;; d@y.org; ,,", "{A } {b ||c|x.org } ||d|y.org");
    row("broken: group without name", ": a@x.org;", "||a|x.org");
    row("broken: bracket open at group end", "G: A <a@x.org; b@y.org", "{G A||a|x.org } ||b|y.org");
    row("broken: port behind address", "a@x.org:25", "||a|x.org ||25|");
    row("broken: backslash at the end",
        "u@x.org (ends in a backslash \\",
        "ends in a backslash \\||u|x.org");
    row("broken: domain literal not closed", "u@[192.0.2.1, b@y.org", "||u|[192.0.2.1 ||b|y.org");
    row("broken: missing domain", "a@, @b.org", "||a| |||b.org");
    row("rubbish: nothing in it", "@, <>, <@>, ;:, (((", "");
    row("rubbish: all specials", "<<<>>>,;:@@@ \"unclosed", "||@@|unclosed");
    row("blanks only", " \t ", "");
    row("comment only", "(nobody)", "");
}

void TestAddresses::parse()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, expected);
    QCOMPARE(shown(parsed(value)), expected);
}

void TestAddresses::everyPrefixIsUsable()
{
    QFETCH(QByteArray, value);
    for (qsizetype size = 0; size <= value.size(); ++size) {
        bool inGroup = false;
        for (const auto &address : parsed(value.first(size))) {
            QCOMPARE(address.kind == Address::Kind::GroupEnd,
                     inGroup && address.kind != Address::Kind::Mailbox);
            inGroup = address.kind == Address::Kind::GroupStart
                || (inGroup && address.kind != Address::Kind::GroupEnd);
        }
        QVERIFY(!inGroup);
    }
}

void TestAddresses::listIsBounded()
{
    QByteArray value = "g: ";
    for (qsizetype i = 0; i < MaxAddresses * 2; ++i) {
        value += "u@x.org, h: ";
    }
    const auto addresses = parsed(value);
    QVERIFY(addresses.size() <= MaxAddresses);
    QVERIFY(addresses.size() > MaxAddresses - 3);
    QCOMPARE(addresses.last().kind, Address::Kind::GroupEnd);
}

void TestAddresses::envelope_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *header, const char *expected) {
        QTest::newRow(name) << QByteArray(header) << QByteArray(expected);
    };

    row("rfc9051-7.5.2 absent fields", "\r\n", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
    row("rfc9051-7.5.2 empty fields",
        "Date:\r\nSubject: "
        "\r\nFrom:\r\nSender:\r\nReply-To:\r\nTo:\r\nCc:\r\nBcc:\r\nIn-Reply-To:\r\nMessage-ID:"
        "\r\n\r\n",
        "(\"\" \"\" NIL NIL NIL NIL NIL NIL \"\" \"\")");
    row("rfc9051-7.5.2 sender and reply-to default to from",
        "From: A <a@x.org>\r\nSender:\r\n\r\n",
        "(NIL NIL ((\"A\" NIL \"a\" \"x.org\")) ((\"A\" NIL \"a\" \"x.org\")) ((\"A\" NIL \"a\" "
        "\"x.org\")) NIL NIL NIL NIL NIL)");
    row("rfc9051-7.5.2 own sender and reply-to",
        "From: a@x\r\nSender: s@x\r\nReply-To: r@x, q@x\r\n\r\n",
        "(NIL NIL ((NIL NIL \"a\" \"x\")) ((NIL NIL \"s\" \"x\")) ((NIL NIL \"r\" \"x\")(NIL NIL "
        "\"q\" \"x\")) NIL NIL NIL NIL NIL)");
    row("rfc9051-7.5.2 group",
        "To: G: a@x;\r\n\r\n",
        "(NIL NIL NIL NIL NIL ((NIL NIL \"G\" NIL)(NIL NIL \"a\" \"x\")(NIL NIL NIL NIL)) NIL NIL "
        "NIL NIL)");
    row("rfc9051-7.5.2 no at is no group",
        "Cc: ann\r\n\r\n",
        "(NIL NIL NIL NIL NIL NIL ((NIL NIL \"ann\" \"\")) NIL NIL NIL)");
    row("rfc5322-2.2.3 unfolding",
        "Subject: one\r\n two\r\n\tthree\r\n  \r\n four\r\n\r\n",
        "(NIL \"one two\tthree   four\" NIL NIL NIL NIL NIL NIL NIL NIL)");
    row("rfc5322-4.5.3 several To fields",
        "To: a@x\r\nTo: b@x\r\n\r\n",
        "(NIL NIL NIL NIL NIL ((NIL NIL \"a\" \"x\")(NIL NIL \"b\" \"x\")) NIL NIL NIL NIL)");
    row("rfc5322-4.5 blank before the colon",
        "Subject : s\r\n\r\n",
        "(NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL)");
    row("first of several subjects",
        "Subject: a\r\nSUBJECT: b\r\n\r\n",
        "(NIL \"a\" NIL NIL NIL NIL NIL NIL NIL NIL)");
    row("strings are quoted",
        "Message-ID: <\"q\\\"q\"@x>\r\n\r\n",
        "(NIL NIL NIL NIL NIL NIL NIL NIL NIL \"<\\\"q\\\\\\\"q\\\"@x>\")");
    row("8-bit is a literal",
        "Subject: caf\xe9\r\n\r\n",
        "(NIL {4}\r\ncaf\xe9 NIL NIL NIL NIL NIL NIL NIL NIL)");
    row("bare CR is a literal",
        "Subject: a\rb\r\n\r\n",
        "(NIL {3}\r\na\rb NIL NIL NIL NIL NIL NIL NIL NIL)");
    row("bare LF", "Subject: a\nDate: d\n\n", "(\"d\" \"a\" NIL NIL NIL NIL NIL NIL NIL NIL)");
    row("mbox line and no colon",
        "From a@x Mon Jan  5 10:00:00 2026\r\nSubject: s\r\nno colon\r\n glued: x\r\nDate: "
        "d\r\n\r\n",
        "(\"d\" \"s\" NIL NIL NIL NIL NIL NIL NIL NIL)");
    row("cut within a field",
        "Subject: no line end",
        "(NIL \"no line end\" NIL NIL NIL NIL NIL NIL NIL NIL)");
    QTest::newRow("NUL never travels") << QByteArray("Subject: a\0b\r\n\r\n", 16)
                                       << QByteArray("(NIL {3}\r\na\x80"
                                                     "b NIL NIL NIL NIL NIL NIL NIL NIL)");
}

void TestAddresses::envelope()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, expected);
    QCOMPARE(writeEnvelope(header), expected);
}

QTEST_GUILESS_MAIN(TestAddresses)
#include "tst_addresses.moc"
