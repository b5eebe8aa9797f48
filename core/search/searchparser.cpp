#include "core/mime/messagetext.h"
#include "core/search/searchkey.h"

#include <algorithm>
#include <array>

#include <cctype>

namespace Postnook
{

namespace
{

using Kind = SearchKey::Kind;

// What follows the name of a key.
enum class Argument {
    None,
    Text,
    NamedText,
    Keyword,
    ObjectId,
    FilterName,
    Number,
    Interval,
    Date,
    Uids,
    ModSequence,
    Operands,
};

// RFC 3501 section 9, search-key; RFC 5032; RFC 5466; RFC 6203; RFC 7162; RFC 8474; RFC 8514.
struct KeyName {
    const char *name;
    Argument argument;
    Kind kind;
    quint32 count = 0; // operands
    bool want = true;
    SystemFlag flag = SystemFlag::Seen;
    const char *field = "";
};

constexpr std::array KeyNames{
    KeyName{"ALL", Argument::None, Kind::All},
    KeyName{"ANSWERED", Argument::None, Kind::Flag, 0, true, SystemFlag::Answered},
    KeyName{"BCC", Argument::Text, Kind::Addresses, 0, true, {}, "bcc"},
    KeyName{"BEFORE", Argument::Date, Kind::Before},
    KeyName{"BODY", Argument::Text, Kind::Body},
    KeyName{"CC", Argument::Text, Kind::Addresses, 0, true, {}, "cc"},
    KeyName{"DELETED", Argument::None, Kind::Flag, 0, true, SystemFlag::Deleted},
    KeyName{"DRAFT", Argument::None, Kind::Flag, 0, true, SystemFlag::Draft},
    KeyName{"EMAILID", Argument::ObjectId, Kind::EmailId},
    KeyName{"FILTER", Argument::FilterName, Kind::Filter},
    KeyName{"FLAGGED", Argument::None, Kind::Flag, 0, true, SystemFlag::Flagged},
    KeyName{"FROM", Argument::Text, Kind::Addresses, 0, true, {}, "from"},
    KeyName{"HEADER", Argument::NamedText, Kind::Header},
    KeyName{"KEYWORD", Argument::Keyword, Kind::Keyword},
    KeyName{"LARGER", Argument::Number, Kind::Larger},
    KeyName{"MODSEQ", Argument::ModSequence, Kind::ModSequence},
    KeyName{"NEW", Argument::None, Kind::And, 2}, // RECENT and UNSEEN
    KeyName{"NOT", Argument::Operands, Kind::Not, 1},
    KeyName{"OLD", Argument::None, Kind::Recent, 0, false},
    KeyName{"OLDER", Argument::Interval, Kind::Older},
    KeyName{"ON", Argument::Date, Kind::On},
    KeyName{"OR", Argument::Operands, Kind::Or, 2},
    KeyName{"RECENT", Argument::None, Kind::Recent},
    KeyName{"SAVEDATESUPPORTED", Argument::None, Kind::All},
    KeyName{"SAVEDBEFORE", Argument::Date, Kind::SavedBefore},
    KeyName{"SAVEDON", Argument::Date, Kind::SavedOn},
    KeyName{"SAVEDSINCE", Argument::Date, Kind::SavedSince},
    KeyName{"SEEN", Argument::None, Kind::Flag, 0, true, SystemFlag::Seen},
    KeyName{"SENTBEFORE", Argument::Date, Kind::SentBefore},
    KeyName{"SENTON", Argument::Date, Kind::SentOn},
    KeyName{"SENTSINCE", Argument::Date, Kind::SentSince},
    KeyName{"SINCE", Argument::Date, Kind::Since},
    KeyName{"SMALLER", Argument::Number, Kind::Smaller},
    KeyName{"SUBJECT", Argument::Text, Kind::Header, 0, true, {}, "subject"},
    KeyName{"TEXT", Argument::Text, Kind::Text},
    KeyName{"THREADID", Argument::ObjectId, Kind::InThread},
    KeyName{"TO", Argument::Text, Kind::Addresses, 0, true, {}, "to"},
    KeyName{"UID", Argument::Uids, Kind::Uids},
    KeyName{"UNANSWERED", Argument::None, Kind::Flag, 0, false, SystemFlag::Answered},
    KeyName{"UNDELETED", Argument::None, Kind::Flag, 0, false, SystemFlag::Deleted},
    KeyName{"UNDRAFT", Argument::None, Kind::Flag, 0, false, SystemFlag::Draft},
    KeyName{"UNFLAGGED", Argument::None, Kind::Flag, 0, false, SystemFlag::Flagged},
    KeyName{"UNKEYWORD", Argument::Keyword, Kind::Keyword, 0, false},
    KeyName{"UNSEEN", Argument::None, Kind::Flag, 0, false, SystemFlag::Seen},
    KeyName{"YOUNGER", Argument::Interval, Kind::Younger},
};

bool opensMessage(Kind kind)
{
    switch (kind) {
    case Kind::SentBefore:
    case Kind::SentOn:
    case Kind::SentSince:
    case Kind::Header:
    case Kind::Addresses:
    case Kind::Body:
    case Kind::Text:
        return true;
    default:
        return false;
    }
}

// Reads the criteria left to right. What is open (the whole, parentheses, OR, NOT) is on a stack of
// its own, so a hostile command finds no recursion.
class SearchParser
{
public:
    explicit SearchParser(TokenCursor &cursor)
        : m_cursor(cursor)
    {
    }

    Result<SearchProgram> parse(CharsetForm form);

private:
    // An operator whose operands are being read.
    struct Open {
        qsizetype key = 0;
        quint32 missing = 0; // operands still to come; of a list as many as there are
        bool isList = false;
    };

    void readCharset(CharsetForm form);
    void readKey();
    void readNamedKey();
    void readArgument(SearchKey &key, Argument argument);
    void readModSeq(SearchKey &key);
    void readObjectId(SearchKey &key);
    void readFilterName(SearchKey &key);
    QString readText();
    void append(SearchKey key);
    void open(SearchKey key, bool isList);
    void closeWhatIsComplete();
    void fail(ErrorCode code, const QString &text);
    void checkCharset();
    bool hasFailed() const { return m_error || m_cursor.hasFailed(); }
    bool isCharset(const char *name) const
    {
        return m_charset.compare(name, Qt::CaseInsensitive) == 0;
    }

    TokenCursor &m_cursor;
    QByteArray m_charset; // empty: none was named
    bool m_isCharsetKnown = true;
    SearchProgram m_program;
    QList<Open> m_open;
    qsizetype m_textBytes = 0;
    int m_fuzzyTexts = 0;
    qsizetype m_fuzzyDepth = 0; // of m_open where FUZZY was read; 0: not below one
    std::optional<Error> m_error;
};

Result<SearchProgram> SearchParser::parse(CharsetForm form)
{
    readCharset(form);
    open({.kind = Kind::And}, true);
    while (!m_open.isEmpty() && !hasFailed()) {
        readKey();
    }
    checkCharset();
    if (m_error) {
        return *m_error;
    }
    if (m_cursor.hasFailed()) {
        return Error{ErrorCode::Invalid, QString::fromLatin1(m_cursor.fault())};
    }
    return std::move(m_program);
}

void SearchParser::readCharset(CharsetForm form)
{
    if (form == CharsetForm::None) {
        m_charset = "UTF-8";
        return;
    }
    if (form == CharsetForm::Optional) {
        if (!m_cursor.tryWord("CHARSET")) {
            return;
        }
        m_cursor.expectSpace();
        m_program.namesCharset = true;
    }
    m_charset = m_cursor.astring();
    m_cursor.expectSpace();
    m_isCharsetKnown = Mime::isKnownCharset(m_charset);
}

// Once the keys are known, for FILTER has a rule of its own (RFC 5466 3.1).
void SearchParser::checkCharset()
{
    const bool isUnicode = m_charset.isEmpty() || isCharset("UTF-8") || isCharset("US-ASCII");
    if (m_program.usesFilters && !isUnicode) {
        fail(ErrorCode::NotPermitted, QStringLiteral("FILTER goes with UTF-8 alone"));
    } else if (!m_isCharsetKnown) {
        fail(ErrorCode::NotFound, QStringLiteral("The charset is not known"));
    }
}

// One key, or the part of it up to its first operand.
void SearchParser::readKey()
{
    const char first = m_cursor.peek().value_or('\0');
    if (m_cursor.tryChar('(')) {
        return open({.kind = Kind::And}, true);
    }
    if (first == '*' || first == '$' || (first >= '0' && first <= '9')) {
        SearchKey key{.kind = Kind::SequenceNumbers};
        key.set = m_cursor.sequenceSet();
        append(std::move(key));
        return closeWhatIsComplete();
    }
    readNamedKey();
}

void SearchParser::readNamedKey()
{
    const QByteArray name = m_cursor.atom().toUpper();
    if (name == "FUZZY") {
        // No operator of its own: it says how the key behind it is compared, and all that is in it.
        m_fuzzyDepth = m_fuzzyDepth > 0 ? m_fuzzyDepth : m_open.size();
        m_program.isFuzzy = true;
        return m_cursor.expectSpace();
    }
    const auto found = std::find_if(
        KeyNames.begin(), KeyNames.end(), [&name](const KeyName &key) { return name == key.name; });
    if (found == KeyNames.end()) {
        return m_cursor.fail("Unknown search key");
    }

    SearchKey key{.kind = found->kind, .count = found->count, .want = found->want};
    key.flag = found->flag;
    key.name = found->field;
    if (found->argument == Argument::Operands) {
        m_cursor.expectSpace();
        return open(std::move(key), false);
    }
    readArgument(key, found->argument);
    append(std::move(key));
    if (found->kind == Kind::And) {
        append({.kind = Kind::Recent});
        append({.kind = Kind::Flag, .want = false, .flag = SystemFlag::Seen});
    }
    closeWhatIsComplete();
}

void SearchParser::readArgument(SearchKey &key, Argument argument)
{
    if (argument == Argument::None) {
        return;
    }
    m_cursor.expectSpace();
    switch (argument) {
    case Argument::NamedText:
        key.name = m_cursor.astring().toLower();
        m_cursor.expectSpace();
        key.text = readText();
        break;
    case Argument::Text:
        key.text = readText();
        // Every text has an empty one in it. For a header field it asks whether there is one.
        if (key.text.isEmpty() && (key.kind == Kind::Body || key.kind == Kind::Text)) {
            key.kind = Kind::All;
        }
        break;
    case Argument::Keyword:
        key.name = m_cursor.atom();
        break;
    case Argument::ObjectId:
        readObjectId(key);
        break;
    case Argument::FilterName:
        readFilterName(key);
        break;
    case Argument::Number:
        key.number = static_cast<qint64>(m_cursor.number64());
        break;
    case Argument::Interval:
        key.number = m_cursor.nzNumber();
        break;
    case Argument::Date:
        key.number = m_cursor.date();
        break;
    case Argument::ModSequence:
        readModSeq(key);
        break;
    default:
        key.set = m_cursor.sequenceSet();
    }
}

// RFC 7162 3.1.5. Metadata items have no MODSEQ of their own here, so their name does not count.
void SearchParser::readModSeq(SearchKey &key)
{
    if (m_cursor.atString()) {
        (void)m_cursor.string();
        m_cursor.expectSpace();
        if (!m_cursor.tryWord("priv") && !m_cursor.tryWord("shared") && !m_cursor.tryWord("all")) {
            m_cursor.fail("An entry is priv, shared or all");
        }
        m_cursor.expectSpace();
    }
    key.number = static_cast<qint64>(m_cursor.number64());
}

// RFC 8474 section 7.
void SearchParser::readObjectId(SearchKey &key)
{
    constexpr qsizetype MaxBytes = 255;
    key.name = m_cursor.atom();
    const bool isObjectId = std::all_of(key.name.begin(), key.name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '_' || c == '-';
    });
    if (!isObjectId || key.name.size() > MaxBytes) {
        m_cursor.fail("This is no object id");
    }
}

// RFC 5466 4.
void SearchParser::readFilterName(SearchKey &key)
{
    key.name = m_cursor.atom();
    if (key.name.contains('/')) {
        m_cursor.fail("No filter can have this name");
    }
}

QString SearchParser::readText()
{
    const QByteArray bytes = m_cursor.astring();
    m_textBytes += bytes.size();
    if (m_textBytes > MaxSearchTextBytes) {
        fail(ErrorCode::Limit,
             QStringLiteral("Texts of more than %1 octets").arg(MaxSearchTextBytes));
        return {};
    }
    const bool isUtf8 = bytes.isValidUtf8();
    if (isCharset("UTF-8") && !isUtf8) {
        m_cursor.fail("The text is not UTF-8");
        return {};
    }
    const QByteArray charset = !m_charset.isEmpty() ? m_charset
        : isUtf8                                    ? QByteArray("utf-8")
                                                    : QByteArray("windows-1252");
    return Mime::foldForSearch(Mime::decodeCharset(bytes, charset));
}

void SearchParser::append(SearchKey key)
{
    if (m_program.keys.size() >= MaxSearchKeys) {
        return fail(ErrorCode::Limit,
                    QStringLiteral("More than %1 search keys").arg(MaxSearchKeys));
    }
    m_program.needsContent = m_program.needsContent || opensMessage(key.kind);
    if (key.kind == Kind::SequenceNumbers) {
        m_program.usesNumbers = true;
        m_program.namesNumbers = m_program.namesNumbers || !key.set.isSavedResult();
    }
    m_program.usesFilters = m_program.usesFilters || key.kind == Kind::Filter;
    m_program.usesModSeq = m_program.usesModSeq || key.kind == Kind::ModSequence;
    key.isFuzzy = m_fuzzyDepth > 0;
    if (key.isFuzzy && !key.text.isEmpty() && ++m_fuzzyTexts > MaxFuzzyTexts) {
        return fail(ErrorCode::Limit,
                    QStringLiteral("More than %1 fuzzy texts").arg(MaxFuzzyTexts));
    }
    m_program.keys.append(std::move(key));
}

void SearchParser::open(SearchKey key, bool isList)
{
    // The whole itself is open too.
    if (m_open.size() > MaxSearchDepth) {
        return fail(ErrorCode::Limit,
                    QStringLiteral("Search nested deeper than %1").arg(MaxSearchDepth));
    }
    m_open.append({m_program.keys.size(), key.count, isList});
    append(std::move(key));
}

// A key has ended: so have NOT and OR with it, and lists whose ')' or end follows. Stops where the
// next key is due.
void SearchParser::closeWhatIsComplete()
{
    while (!m_open.isEmpty() && !hasFailed()) {
        if (m_open.size() <= m_fuzzyDepth) {
            m_fuzzyDepth = 0;
        }
        Open &innermost = m_open.last();
        if (!innermost.isList) {
            if (--innermost.missing > 0) {
                return m_cursor.expectSpace();
            }
        } else {
            ++m_program.keys[innermost.key].count;
            if (m_cursor.trySpace()) {
                return;
            }
            if (m_open.size() == 1) {
                m_cursor.expectEnd();
            } else {
                m_cursor.expectChar(')');
            }
        }
        m_open.removeLast();
    }
}

void SearchParser::fail(ErrorCode code, const QString &text)
{
    if (!hasFailed()) {
        m_error = Error{code, text};
    }
}

} // namespace

Result<SearchProgram> parseSearch(TokenCursor &cursor, CharsetForm form)
{
    return SearchParser(cursor).parse(form);
}

} // namespace Postnook
