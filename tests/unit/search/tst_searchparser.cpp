#include "core/search/searchkey.h"

#include <QTest>

using namespace Postnook;

namespace
{

using Kind = SearchKey::Kind;

QByteArray setText(const SequenceSet &set)
{
    const auto number = [](quint32 n) { return n == 0 ? QByteArray("*") : QByteArray::number(n); };
    if (set.isSavedResult()) {
        return "$";
    }
    QByteArrayList ranges;
    for (const auto &range : set.ranges()) {
        ranges.append(range.first == range.last ? number(range.first)
                                                : number(range.first) + ':' + number(range.last));
    }
    return ranges.join(',');
}

QByteArray flagText(SystemFlag flag)
{
    switch (flag) {
    case SystemFlag::Seen:
        return "seen";
    case SystemFlag::Answered:
        return "answered";
    case SystemFlag::Flagged:
        return "flagged";
    case SystemFlag::Deleted:
        return "deleted";
    case SystemFlag::Draft:
        return "draft";
    }
    return "?";
}

// A key as the rows below write it.
QByteArray keyText(const SearchKey &key)
{
    const QByteArray not_ = key.want ? "" : "!";
    const QByteArray number = QByteArray::number(key.number);
    switch (key.kind) {
    case Kind::All:
        return "all";
    case Kind::And:
        return "and" + QByteArray::number(key.count);
    case Kind::Or:
        return "or";
    case Kind::Not:
        return "not";
    case Kind::SequenceNumbers:
        return "seq=" + setText(key.set);
    case Kind::Uids:
        return "uid=" + setText(key.set);
    case Kind::Flag:
        return not_ + flagText(key.flag);
    case Kind::Keyword:
        return not_ + "keyword=" + key.name;
    case Kind::Recent:
        return not_ + "recent";
    case Kind::Larger:
        return "size>" + number;
    case Kind::Smaller:
        return "size<" + number;
    case Kind::Before:
        return "day<" + number;
    case Kind::On:
        return "day=" + number;
    case Kind::Since:
        return "day>=" + number;
    case Kind::Older:
        return "older" + number;
    case Kind::Younger:
        return "younger" + number;
    case Kind::ModSequence:
        return "modseq>=" + number;
    case Kind::EmailId:
        return "email=" + key.name;
    case Kind::InThread:
        return "thread=" + key.name;
    case Kind::Filter:
        return "filter=" + key.name;
    case Kind::SavedBefore:
        return "saved<" + number;
    case Kind::SavedOn:
        return "saved=" + number;
    case Kind::SavedSince:
        return "saved>=" + number;
    case Kind::SentBefore:
        return "sent<" + number;
    case Kind::SentOn:
        return "sent=" + number;
    case Kind::SentSince:
        return "sent>=" + number;
    case Kind::Header:
    case Kind::Addresses:
        return key.name + "~" + key.text.toUtf8();
    case Kind::Body:
        return "body~" + key.text.toUtf8();
    case Kind::Text:
        return "text~" + key.text.toUtf8();
    }
    return "?";
}

Result<SearchProgram> parse(const QByteArray &criteria)
{
    TokenCursor cursor(criteria);
    return parseSearch(cursor);
}

} // namespace

class TestSearchParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void cutAnywhere_data();
    void cutAnywhere();
    void refuses_data();
    void refuses();
    void limits_data();
    void limits();
    void needsContent_data();
    void needsContent();
};

void TestSearchParser::parses_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<QByteArray>("program");

    const auto row = [](const char *name, const QByteArray &criteria, const QByteArray &program) {
        QTest::newRow(name) << criteria << program;
    };

    row("rfc3501-6.4.4 ALL", "ALL", "and1 all");
    row("rfc3501-6.4.4 ANSWERED", "ANSWERED", "and1 answered");
    row("rfc3501-6.4.4 BCC", "BCC ann", "and1 bcc~ann");
    row("rfc3501-6.4.4 BEFORE", "BEFORE 1-Feb-1994", "and1 day<8797");
    row("rfc3501-6.4.4 BODY", "BODY \"a b\"", "and1 body~a b");
    row("rfc3501-6.4.4 CC", "CC ann", "and1 cc~ann");
    row("rfc3501-6.4.4 DELETED", "DELETED", "and1 deleted");
    row("rfc3501-6.4.4 DRAFT", "DRAFT", "and1 draft");
    row("rfc3501-6.4.4 FLAGGED", "FLAGGED", "and1 flagged");
    row("rfc3501-6.4.4 FROM", "FROM ann", "and1 from~ann");
    row("rfc3501-6.4.4 HEADER", "HEADER X-Mailer foo", "and1 x-mailer~foo");
    row("rfc3501-6.4.4 HEADER exists", "HEADER List-Id \"\"", "and1 list-id~");
    row("rfc3501-6.4.4 KEYWORD", "KEYWORD $Junk", "and1 keyword=$Junk");
    row("rfc3501-6.4.4 LARGER", "LARGER 4096", "and1 size>4096");
    row("rfc3501-6.4.4 NEW", "NEW", "and1 and2 recent !seen");
    row("rfc3501-6.4.4 NOT", "NOT SEEN", "and1 not seen");
    row("rfc3501-6.4.4 OLD", "OLD", "and1 !recent");
    row("rfc5032 OLDER", "OLDER 60", "and1 older60");
    row("rfc6203-3 FUZZY of a list",
        "FUZZY (SUBJECT \"IMAP break\")",
        "and1 ?and1 ?subject~imap break");
    row("rfc6203-3 FUZZY of one key",
        "FUZZY SUBJECT work FROM user@example.com",
        "and2 ?subject~work from~user@example.com");
    row("rfc6203-5 FUZZY of a flag",
        "SUBJECT \"xyz\" FUZZY ANSWERED",
        "and2 subject~xyz ?answered");
    row("FUZZY of OR", "FUZZY OR SUBJECT a BODY b TEXT c", "and2 ?or ?subject~a ?body~b text~c");
    row("FUZZY of NOT", "FUZZY NOT TO a CC b", "and2 ?not ?to~a cc~b");
    row("FUZZY in OR", "OR FUZZY TO a CC b TO c", "and2 or ?to~a cc~b to~c");
    row("FUZZY in a list", "(FUZZY TO a CC b) TO c", "and2 and2 ?to~a cc~b to~c");
    row("FUZZY of lists in lists",
        "fuzzy (TO a (CC b) NOT (BCC c)) TO d",
        "and2 ?and3 ?to~a ?and1 ?cc~b ?not ?and1 ?bcc~c to~d");
    row("FUZZY of FUZZY", "FUZZY FUZZY (TO a FUZZY CC b) TO c", "and2 ?and2 ?to~a ?cc~b to~c");
    row("FUZZY of NEW", "FUZZY NEW TO a", "and2 ?and2 ?recent ?!seen to~a");
    row("FUZZY of sets", "FUZZY 1:2 FUZZY UID 3 4", "and3 ?seq=1:2 ?uid=3 seq=4");
    row("FUZZY twice", "FUZZY TO a CC b FUZZY BCC c", "and3 ?to~a cc~b ?bcc~c");
    row("rfc7162 MODSEQ", "MODSEQ 620162338", "and1 modseq>=620162338");
    row("rfc7162 MODSEQ of 0", "MODSEQ 0", "and1 modseq>=0");
    row("rfc7162 MODSEQ of a flag", R"(MODSEQ "/flags/\\draft" all 9 SEEN)", "and2 modseq>=9 seen");
    row("rfc5032 YOUNGER", "YOUNGER 259200", "and1 younger259200");
    row("rfc5182 saved result", "$", "and1 seq=$");
    row("rfc5182 saved UIDs", "NOT UID $", "and1 not uid=$");
    row("rfc8514 SAVEDBEFORE", "SAVEDBEFORE 1-Feb-1994", "and1 saved<8797");
    row("rfc8514 SAVEDON", "SAVEDON 1-Feb-1994", "and1 saved=8797");
    row("rfc8514 SAVEDSINCE", "SAVEDSINCE 1-Feb-1994", "and1 saved>=8797");
    row("rfc8514 SAVEDATESUPPORTED", "SAVEDATESUPPORTED", "and1 all");
    row("rfc3501-6.4.4 ON", "ON 1-Jan-1970", "and1 day=0");
    row("rfc3501-6.4.4 OR", "OR SEEN DRAFT", "and1 or seen draft");
    row("rfc3501-6.4.4 RECENT", "RECENT", "and1 recent");
    row("rfc3501-6.4.4 SEEN", "SEEN", "and1 seen");
    row("rfc3501-6.4.4 SENTBEFORE", "SENTBEFORE 2-Jan-1970", "and1 sent<1");
    row("rfc3501-6.4.4 SENTON", "SENTON 2-Jan-1970", "and1 sent=1");
    row("rfc3501-6.4.4 SENTSINCE", "SENTSINCE 2-Jan-1970", "and1 sent>=1");
    row("rfc3501-6.4.4 SINCE", "SINCE \"2-Jan-1970\"", "and1 day>=1");
    row("rfc3501-6.4.4 SMALLER", "SMALLER 0", "and1 size<0");
    row("rfc3501-6.4.4 SUBJECT", "SUBJECT lunch", "and1 subject~lunch");
    row("rfc3501-6.4.4 TEXT", "TEXT lunch", "and1 text~lunch");
    row("rfc3501-6.4.4 TO", "TO ann", "and1 to~ann");
    row("rfc3501-6.4.4 UID", "UID 1:3,7,*", "and1 uid=1:3,7,*");
    row("rfc3501-6.4.4 UNANSWERED", "UNANSWERED", "and1 !answered");
    row("rfc3501-6.4.4 UNDELETED", "UNDELETED", "and1 !deleted");
    row("rfc3501-6.4.4 UNDRAFT", "UNDRAFT", "and1 !draft");
    row("rfc3501-6.4.4 UNFLAGGED", "UNFLAGGED", "and1 !flagged");
    row("rfc8474 EMAILID", "EMAILID M6d99ac3275bb4e", "and1 email=M6d99ac3275bb4e");
    row("rfc8474 THREADID", "threadid T64b478a75b7ea9", "and1 thread=T64b478a75b7ea9");
    row("rfc8474 case is kept", "EMAILID aA0_-", "and1 email=aA0_-");
    row("rfc8474-8.3", "OR EMAILID 1234 EMAILID 4321", "and1 or email=1234 email=4321");
    row("rfc8474 longest",
        "THREADID " + QByteArray(255, 'x'),
        "and1 thread=" + QByteArray(255, 'x'));
    row("rfc3501-6.4.4 UNKEYWORD", "UNKEYWORD foo", "and1 !keyword=foo");
    row("rfc3501-6.4.4 UNSEEN", "UNSEEN", "and1 !seen");
    row("rfc3501-6.4.4 set", "2:*", "and1 seq=2:*");
    row("star alone", "*", "and1 seq=*");
    row("rfc3501-6.4.4 example",
        "FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"",
        "and3 flagged day>=8797 not from~smith");
    row("rfc3501-6.4.4 example with charset",
        "CHARSET UTF-8 TEXT {6}\r\n\xd0\x98\xd0\xb2\xd0\xb0",
        "and1 text~\xd0\xb8\xd0\xb2\xd0\xb0");

    row("any case of letters", "uNsEeN from ANN", "and2 !seen from~ann");
    row("parentheses", "(SEEN DRAFT)", "and1 and2 seen draft");
    row("parentheses and more", "(SEEN (DRAFT)) 1", "and2 and2 seen and1 draft seq=1");
    row("OR of lists", "OR (SEEN DRAFT) (1 2)", "and1 or and2 seen draft and2 seq=1 seq=2");
    row("OR of ORs", "OR OR 1 2 OR 3 4 5", "and2 or or seq=1 seq=2 or seq=3 seq=4 seq=5");
    row("NOT NOT", "NOT NOT SEEN", "and1 not not seen");
    row("NOT in OR", "OR NOT SEEN NOT (1 2) ALL", "and2 or not seen not and2 seq=1 seq=2 all");
    row("NEW as operand", "OR NEW OLD", "and1 or and2 recent !seen !recent");
    row("UID is a key among others", "UID 5 SEEN", "and2 uid=5 seen");
    row("empty BODY matches all", "BODY \"\"", "and1 all");
    row("empty TEXT matches all", "TEXT {0}\r\n", "and1 all");
    row("empty SUBJECT wants a subject", "SUBJECT \"\"", "and1 subject~");
    row("literals", "SUBJECT {3+}\r\nA(B HEADER {1}\r\nX \"y\"", "and2 subject~a(b x~y");
    row("quoted keyword-like text", "SUBJECT \"NOT\"", "and1 subject~not");
    row("big number", "LARGER 5000000000", "and1 size>5000000000");

    row("no charset, utf-8", "SUBJECT {2}\r\n\xc3\x9c", "and1 subject~u\xcc\x88");
    row("no charset, 8 bit", "SUBJECT {1}\r\n\xdc", "and1 subject~u\xcc\x88");
    row("rfc5466 filter", "NOT FILTER on-the-road SEEN", "and2 not filter=on-the-road seen");
    row("rfc5466 filter in utf-8", "CHARSET utf-8 FILTER A.b", "and1 filter=A.b");
    row("rfc5466 filter in us-ascii", "CHARSET US-ASCII FILTER a", "and1 filter=a");
    row("charset us-ascii", "CHARSET US-ASCII SUBJECT a", "and1 subject~a");
    row("charset in lower case", "charset utf-8 SUBJECT a", "and1 subject~a");
    row("charset quoted", "CHARSET \"UTF-8\" SUBJECT a", "and1 subject~a");
    row("charset iso-8859-1", "CHARSET ISO-8859-1 SUBJECT {1}\r\n\xdc", "and1 subject~u\xcc\x88");
}

void TestSearchParser::parses()
{
    QFETCH(const QByteArray, criteria);

    const auto program = parse(criteria);
    QVERIFY2(program, program ? "" : qPrintable(program.error().text));
    QByteArrayList words;
    for (const SearchKey &key : program->keys) {
        words.append((key.isFuzzy ? "?" : "") + keyText(key));
    }
    QTEST(words.join(' '), "program");
}

void TestSearchParser::cutAnywhere_data()
{
    parses_data();
}

// Whatever is left of a command, there is an answer, and never a program that lacks an operand.
void TestSearchParser::cutAnywhere()
{
    QFETCH(const QByteArray, criteria);

    for (qsizetype length = 0; length < criteria.size(); ++length) {
        const auto program = parse(criteria.first(length));
        QVERIFY(!program || program->keys.size() > 1);
        QVERIFY(program || program.error().code != ErrorCode::Limit);
    }
}

void TestSearchParser::refuses_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<ErrorCode>("code");

    const auto row = [](const char *name, const QByteArray &criteria) {
        QTest::newRow(name) << criteria << ErrorCode::Invalid;
    };
    row("nothing", "");
    row("space", " ");
    row("unknown key", "FOO");
    row("number glued to a key", "1SEEN");
    row("two spaces", "SEEN  DRAFT");
    row("space at the end", "SEEN ");
    row("garbage at the end", "SEEN)");
    row("comma", "SEEN,DRAFT");
    row("quoted key", "\"SEEN\"");
    row("flag for a key", "\\Seen");
    row("NOT alone", "NOT");
    row("NOT without operand", "NOT ");
    row("OR with one", "OR SEEN");
    row("OR with one and space", "OR SEEN ");
    row("OR in parentheses with one", "(OR SEEN)");
    row("empty parentheses", "()");
    row("open parenthesis", "(SEEN");
    row("space in parenthesis", "( SEEN)");
    row("space before closing", "(SEEN )");
    row("no space between lists", "(SEEN)(DRAFT)");
    row("FUZZY alone", "FUZZY");
    row("FUZZY without a key", "FUZZY ");
    row("FUZZY at the end of a list", "(TO a FUZZY)");
    row("FUZZY of a text", "FUZZY \"a\"");
    row("SUBJECT without text", "SUBJECT");
    row("SUBJECT with a list", "SUBJECT (a)");
    row("HEADER without text", "HEADER X-A");
    row("KEYWORD without name", "KEYWORD ");
    row("KEYWORD system flag", "KEYWORD \\Seen");
    row("LARGER text", "LARGER a");
    row("LARGER negative", "LARGER -1");
    row("BEFORE nonsense", "BEFORE 31-Feb-2026");
    row("BEFORE date-time", "BEFORE \"1-Feb-2026 10:00:00 +0000\"");
    row("UID without set", "UID");
    row("set with zero", "0");
    row("set with hole", "1,,2");
    row("rfc5032 no interval", "OLDER 0");
    row("rfc7162 no number", "MODSEQ");
    row("rfc7162 entry without its type", R"(MODSEQ "/flags/\\draft" 9)");
    row("rfc7162 beyond 63 bits", "MODSEQ 9223372036854775808");
    row("rfc8474 no id", "EMAILID");
    row("rfc8474 empty id", "EMAILID ");
    row("rfc8474 id in quotes", "EMAILID \"M1\"");
    row("rfc8474 id in parentheses", "THREADID (T1)");
    row("rfc8474 no object id", "THREADID T1.2");
    row("rfc8474 too long", "EMAILID " + QByteArray(256, 'x'));
    row("rfc5032 negative", "YOUNGER -1");
    row("rfc8514 no date", "SAVEDON");
    row("CHARSET alone", "CHARSET UTF-8");
    row("CHARSET without name", "CHARSET SEEN");
    row("CHARSET behind a key", "SEEN CHARSET UTF-8 DRAFT");
    row("broken utf-8 in CHARSET UTF-8", "CHARSET utf-8 SUBJECT {1}\r\n\xdc");
    row("NUL", QByteArray("SEEN\0", 5));
    QTest::newRow("unknown charset") << QByteArray("CHARSET X-NONE SEEN") << ErrorCode::NotFound;
    row("unknown charset and an unknown key", "CHARSET X-NONE FOO");
    row("rfc5466 no name", "FILTER");
    row("rfc5466 empty name", "FILTER ");
    row("rfc5466 name in quotes", "FILTER \"a\"");
    row("rfc5466 name with a slash", "FILTER a/b");
    row("rfc5466 name with a wildcard", "FILTER a*");
    row("rfc5466 name in utf-8", "FILTER \xc3\xbc");
    QTest::newRow("rfc5466 not with this charset")
        << QByteArray("CHARSET ISO-8859-1 SEEN FILTER a") << ErrorCode::NotPermitted;
    QTest::newRow("rfc5466 not with an unknown charset")
        << QByteArray("CHARSET X-NONE FILTER a") << ErrorCode::NotPermitted;
}

void TestSearchParser::refuses()
{
    QFETCH(const QByteArray, criteria);

    const auto program = parse(criteria);
    QVERIFY(!program);
    QTEST(program.error().code, "code");
    QVERIFY(!program.error().text.isEmpty());
}

void TestSearchParser::limits_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<bool>("isWithin");

    // The whole counts as a key too.
    QTest::newRow("1000 keys") << QByteArray("ALL ").repeated(998) + "ALL" << true;
    QTest::newRow("1001 keys") << QByteArray("ALL ").repeated(999) + "ALL" << false;
    QTest::newRow("100 times NOT") << QByteArray("NOT ").repeated(100) + "ALL" << true;
    QTest::newRow("100 times NOT, then NEW") << QByteArray("NOT ").repeated(100) + "NEW" << true;
    QTest::newRow("101 times NOT") << QByteArray("NOT ").repeated(101) + "ALL" << false;
    QTest::newRow("100 parentheses")
        << QByteArray("(").repeated(100) + "ALL" + QByteArray(")").repeated(100) << true;
    QTest::newRow("101 parentheses")
        << QByteArray("(").repeated(101) + "ALL" + QByteArray(")").repeated(101) << false;
    QTest::newRow("OR to the right") << QByteArray("OR 1 ").repeated(100) + "ALL" << true;
    QTest::newRow("OR to the left, too deep")
        << QByteArray("OR ").repeated(101) + "ALL" + QByteArray(" 1").repeated(101) << false;
    QTest::newRow("OR NOT 1500 deep, as it hurt another server")
        << QByteArray("OR NOT SEEN ").repeated(1500) + "ALL" << false;
    QTest::newRow("100 fuzzy texts")
        << "TO b FUZZY (NEW" + QByteArray(" TO a").repeated(100) + ") TO b" << true;
    QTest::newRow("101 fuzzy texts")
        << QByteArray("FUZZY TO a ").repeated(100) + "FUZZY BODY b" << false;
    QTest::newRow("FUZZY ten thousand times")
        << QByteArray("FUZZY ").repeated(10'000) + "TO a" << true;
    const QByteArray longText(MaxSearchTextBytes, 'x');
    QTest::newRow("a text of 64 KiB") << "BODY " + longText << true;
    QTest::newRow("a longer one") << "BODY x" + longText << false;
    QTest::newRow("many texts of 64 KiB together")
        << "HEADER a " + longText.first(1000) + " TO b NOT SUBJECT " + longText.first(64'000)
        << true;
    QTest::newRow("many longer ones") << QByteArray("TEXT abcd ").repeated(100) + "OR TO b BODY "
            + longText.first(65'136) << false;
    QTest::newRow("a million parentheses") << QByteArray(1'000'000, '(') << false;
}

void TestSearchParser::limits()
{
    QFETCH(const QByteArray, criteria);
    QFETCH(const bool, isWithin);

    const auto program = parse(criteria);
    QCOMPARE(program.has_value(), isWithin);
    QVERIFY(isWithin || program.error().code == ErrorCode::Limit);
}

void TestSearchParser::needsContent_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<bool>("needsContent");

    QTest::newRow("rows only") << QByteArray("1 UID 2 SEEN KEYWORD a EMAILID a THREADID b LARGER 1 "
                                             "ON 1-Jan-2026 NEW ALL OR OLD NOT 3 BODY \"\"")
                               << false;
    for (const char *key : {"FROM a",
                            "SUBJECT \"\"",
                            "HEADER a b",
                            "BODY a",
                            "TEXT a",
                            "SENTON 1-Jan-2026",
                            "SENTBEFORE 1-Jan-2026",
                            "SENTSINCE 1-Jan-2026"}) {
        QTest::newRow(key) << "SEEN NOT (1 " + QByteArray(key) + ")" << true;
    }
}

void TestSearchParser::needsContent()
{
    QFETCH(const QByteArray, criteria);

    const auto program = parse(criteria);
    QVERIFY(program);
    QTEST(program->needsContent, "needsContent");
}

QTEST_GUILESS_MAIN(TestSearchParser)
#include "tst_searchparser.moc"
