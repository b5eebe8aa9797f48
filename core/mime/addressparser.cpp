#include "core/mime/addressparser.h"

#include "core/mime/fieldcursor.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

constexpr qsizetype MaxWords = 1000; // of one address; no name is that long
constexpr QByteArrayView Specials = "()<>:;@\\,.\"";

// An atom, a quoted string, a domain literal, "." or "@".
struct Word {
    QByteArray text{};
    bool gapBefore = false; // blanks or a comment stood before it
    bool quoted = false;
    bool joins = false; // "." or "@": belongs to the words at both sides, whatever the gaps
    bool isAt = false;
};
using Words = QList<Word>;

// Words as a person wrote them: one space for every gap.
QByteArray phrase(const Words &words)
{
    QByteArray text;
    for (const auto &word : words) {
        if (word.gapBefore && !text.isEmpty()) {
            text.append(' ');
        }
        text.append(word.text);
    }
    return text;
}

// Words of a local part or domain, where blanks around the dots mean nothing (RFC 5322 4.4).
QByteArray joined(Words::const_iterator begin, Words::const_iterator end)
{
    QByteArray text;
    bool afterJoin = true;
    for (auto word = begin; word != end; ++word) {
        if (word->gapBefore && !afterJoin && !word->joins) {
            text.append(' ');
        }
        text.append(word->text);
        afterJoin = word->joins;
    }
    return text;
}

// Where the addr-spec at the beginning of words ends that go on with something else: behind the
// "@", at the first word that stands apart.
Words::const_iterator endOfAddrSpec(const Words &words)
{
    auto word = std::find_if(words.cbegin(), words.cend(), [](const Word &w) { return w.isAt; });
    for (auto last = word; word != words.cend(); last = word++) {
        if (word->gapBefore && !word->joins && !last->joins) {
            return word;
        }
    }
    return words.cend();
}

// Sets local part and host from an addr-spec, split at its last "@".
void setAddrSpec(Address &address, Words::const_iterator begin, Words::const_iterator end)
{
    auto at = end;
    for (auto word = begin; word != end; ++word) {
        if (word->isAt) {
            at = word;
        }
    }
    address.mailbox = joined(begin, at);
    if (at != end) {
        address.host = joined(at + 1, end);
        address.host.replace(' ', "");
    }
}

class Parser
{
public:
    Parser(QByteArrayView value, QList<Address> &addresses)
        : m_cursor(value)
        , m_list(addresses)
    {
    }

    void run();

private:
    void readWord(Words &words);
    void readDomainLiteral(Words &words);
    void readAngle();
    QByteArray readRoute();
    void addWord(Words &words, Word word);

    void startGroup();
    void endGroup();
    void finishAddress();
    void finishPlain();
    void append(Address address);

    FieldCursor m_cursor;
    QList<Address> &m_list;
    Words m_words; // before "<", or behind ">"
    Address m_angle; // what "name <...>" gave
    bool m_hasAngle = false;
    bool m_inGroup = false;
    bool m_gap = false; // blanks or comments since the last word
    QByteArray m_comment; // the last one of this address
};

void Parser::run()
{
    while (m_list.size() + 1 < MaxAddresses) {
        m_gap = m_cursor.skipCfws(&m_comment) || m_gap;
        if (m_cursor.atEnd()) {
            break;
        }
        const char c = m_cursor.peek();
        if (c == '<') {
            readAngle();
        } else if (c == ',' || c == ';' || c == ':' || c == '>' || c == ')') {
            m_cursor.advance();
            if (c == ':') {
                startGroup();
            } else if (c == ',' || c == ';') {
                finishAddress();
            }
            if (c == ';') {
                endGroup();
            }
        } else {
            readWord(m_words);
        }
    }
    finishAddress();
    endGroup();
}

void Parser::readWord(Words &words)
{
    const char c = m_cursor.peek();
    if (c == '"') {
        if (auto text = m_cursor.quotedString()) {
            addWord(words, {.text = *std::move(text), .quoted = true});
        } else {
            m_cursor.advance(); // a quote that is never closed is noise
        }
    } else if (c == '@' || c == '.') {
        m_cursor.advance();
        addWord(words, {.text = QByteArray(1, c), .joins = true, .isAt = c == '@'});
    } else if (c == '\\') {
        m_cursor.advance();
        if (!m_cursor.atEnd()) {
            addWord(words, {.text = QByteArray(1, m_cursor.peek())});
            m_cursor.advance();
        }
    } else if (c == '[' && !words.isEmpty() && words.last().isAt) {
        readDomainLiteral(words);
    } else if (const auto atom = m_cursor.run(Specials); !atom.isEmpty()) {
        addWord(words, {.text = atom.toByteArray()});
    } else {
        m_cursor.advance(); // a control character
    }
}

// RFC 5322 3.4.1; the brackets are part of the domain.
void Parser::readDomainLiteral(Words &words)
{
    auto text = m_cursor.run("]<>,;()\"").toByteArray();
    if (m_cursor.accept(']')) {
        text.append(']');
    }
    addWord(words, {.text = std::move(text)});
}

void Parser::addWord(Words &words, Word word)
{
    word.gapBefore = m_gap;
    m_gap = false;
    if (words.size() < MaxWords) {
        words.append(std::move(word));
    }
}

void Parser::readAngle()
{
    m_cursor.advance();
    auto before = std::exchange(m_words, {});
    if (m_hasAngle) {
        finishAddress(); // "A <a@example.org> B <b@example.org>": a comma is missing
    }
    m_hasAngle = true;
    m_angle = {.name = phrase(before)};
    m_cursor.skipCfws(&m_comment);
    m_angle.route = readRoute();

    Words inner;
    m_gap = false;
    bool closed = false;
    for (;;) {
        m_gap = m_cursor.skipCfws(&m_comment) || m_gap;
        closed = m_cursor.accept('>');
        if (closed || m_cursor.atEnd() || m_cursor.at(',') || (m_inGroup && m_cursor.at(';'))) {
            break;
        }
        if (QByteArrayView("<:;)").contains(m_cursor.peek())) {
            m_cursor.advance();
        } else {
            readWord(inner);
        }
    }
    const auto end = closed ? inner.cend() : endOfAddrSpec(inner);
    setAddrSpec(m_angle, inner.cbegin(), end);
    m_words = Words(end, inner.cend());
    m_gap = false;
}

// RFC 5322 4.4 obs-route, without its colon. Empty, and nothing moved, when there is none.
QByteArray Parser::readRoute()
{
    QByteArray route;
    auto ahead = m_cursor;
    if (!ahead.at('@')) {
        return {};
    }
    for (;;) {
        ahead.skipCfws();
        if (ahead.accept(':')) {
            m_cursor = ahead;
            return route;
        }
        if (ahead.at('[')) {
            route.append(ahead.run("]<>,;")); // may hold colons
        }
        const auto text = ahead.run(Specials);
        route.append(text);
        if (text.isEmpty()) {
            if (ahead.atEnd() || ahead.at('<') || ahead.at('>')) {
                return {};
            }
            route.append(ahead.peek());
            ahead.advance();
        }
    }
}

void Parser::startGroup()
{
    const bool hasAt =
        std::any_of(m_words.cbegin(), m_words.cend(), [](const Word &w) { return w.isAt; });
    if (m_hasAngle || hasAt) {
        finishAddress(); // a stray colon
        return;
    }
    const auto name = phrase(m_words);
    m_words.clear();
    m_comment.clear();
    if (name.isEmpty()) {
        return; // a start without a name would read as an end
    }
    endGroup();
    if (m_list.size() + 2 <= MaxAddresses) {
        m_list.append({.kind = Address::Kind::GroupStart, .mailbox = name});
        m_inGroup = true;
    }
}

void Parser::endGroup()
{
    if (m_inGroup) {
        m_list.append({.kind = Address::Kind::GroupEnd});
        m_inGroup = false;
    }
}

void Parser::finishAddress()
{
    const auto listed = m_list.size();
    if (m_hasAngle) {
        if (m_angle.name.isEmpty()) {
            m_angle.name = phrase(m_words);
        }
        append(std::exchange(m_angle, {}));
    } else {
        finishPlain();
    }
    // RFC 5322 3.4: before display names, people put their names in a comment.
    if (m_list.size() == listed + 1 && m_list.last().name.isEmpty()) {
        m_list.last().name = m_comment;
    }
    m_hasAngle = false;
    m_words.clear();
    m_comment.clear();
    m_gap = false;
}

// Words without angle brackets: an addr-spec, or whatever else was written.
void Parser::finishPlain()
{
    const auto listed = m_list.size();
    Words names; // words without an "@", not yet used
    qsizetype runs = 0;
    for (auto begin = m_words.cbegin(); begin != m_words.cend(); ++runs) {
        auto end = begin + 1;
        while (end != m_words.cend() && (!end->gapBefore || end->joins || (end - 1)->joins)) {
            ++end;
        }
        if (std::any_of(begin, end, [](const Word &w) { return w.isAt; })) {
            Address address{.name = phrase(std::exchange(names, {}))};
            setAddrSpec(address, begin, end);
            append(std::move(address));
        } else {
            names.append(Words(begin, end));
        }
        begin = end;
    }
    if (names.isEmpty()) {
        return;
    }
    if (m_list.size() > listed) {
        if (m_list.last().name.isEmpty()) {
            m_list.last().name = phrase(names);
        }
    } else if (runs == 1 && !names.first().quoted) {
        append({.mailbox = phrase(names)});
    } else {
        append({.name = phrase(names)});
    }
}

void Parser::append(Address address)
{
    const bool isNothing =
        address.name.isEmpty() && address.mailbox.isEmpty() && address.host.isEmpty();
    if (!isNothing && m_list.size() + (m_inGroup ? 2 : 1) <= MaxAddresses) {
        m_list.append(std::move(address));
    }
}

} // namespace

void parseAddresses(QByteArrayView value, QList<Address> &addresses)
{
    Parser(value, addresses).run();
}

} // namespace Postnook::Mime
