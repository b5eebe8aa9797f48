#pragma once

#include "core/wire/mailboxnames.h"
#include "core/wire/sequenceset.h"
#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook
{

constexpr auto MaxListDepth = 100; // deeper than any client nests, and no strain on the stack
constexpr auto MaxKeywordBytes = 200; // several times the longest keyword that clients set

// Reads the values of RFC 9051 section 9 (and RFC 3501) out of one complete command: the text
// after the tag, literals inline as the client sent them ("{3}\r\nabc", "{3+}\r\nabc",
// "~{3}\r\nabc"), without the final CRLF.
//
// Two families. "try…" looks and moves on only where it matches, and is never an error. "expect…"
// (the plain verbs) must match: else the cursor fails, remembers the FIRST fault, and everything
// after it is a no-op that returns an empty value; it stands at the end of the text then, so that
// loops over it end. A parse function reads straight down in the order of the grammar and looks at
// hasFailed() once, at the end. Malformed input never asserts.
// Limits: parenthesis depth 100 (see enterList), numbers to 2^63 - 1.
// Pure value; any thread.
class TokenCursor
{
public:
    // `coding`: how mailbox names are written. In UTF-8 quoted strings must be that too (RFC 6855
    // 3, RFC 9051 9).
    explicit TokenCursor(QByteArrayView text, NameCoding coding = NameCoding::ModifiedUtf7)
        : m_text(text)
        , m_coding(coding)
    {
    }

    bool atEnd() const { return m_pos >= m_text.size(); }
    bool hasFailed() const { return m_failed; }
    const QByteArray &fault() const { return m_fault; } // for the text of a BAD, plain ASCII
    void fail(const char *fault); // keeps the first one
    // Set where the grammar is kept, but no mailbox can have the name: for a NO.
    const std::optional<Error> &refusal() const { return m_refusal; }
    qsizetype position() const { return m_pos; }
    QByteArrayView rest() const { return m_text.sliced(m_pos); }

    std::optional<char> peek() const;
    bool tryChar(char c);
    // `word` without regard to case, followed by no further ATOM-CHAR, '[' aside ("BODY[").
    bool tryWord(const char *word);
    bool trySpace() { return tryChar(' '); }
    void expectChar(char c);
    void expectSpace() { expectChar(' '); }
    void expectEnd(); // nothing may follow

    // '(' with the depth limit; the pair leaveList() wants ')'.
    bool tryEnterList();
    void enterList();
    void leaveList();

    QByteArray atom();
    QByteArray astring(); // atom (with ']'), quoted or literal
    QByteArray string(); // quoted or literal
    std::optional<QByteArray> nstring(); // NIL gives nullopt, but not an error
    QByteArray literalOrLiteral8(); // bytes; NUL only where "~{" allows it
    quint64 number64(); // 0 to 2^63 - 1
    quint32 number(); // 0 to 2^32 - 1
    quint32 nzNumber(); // 1 to 2^32 - 1

    SequenceSet sequenceSet(); // also "$" alone (SequenceSet::isSavedResult)
    // astring, decoded and checked (core/wire/mailboxnames.h). `asGiven`: the name as the client
    // spells it where that is another one, else left alone; for clients that write UTF-8.
    MailboxName mailbox(std::optional<MailboxName> *asGiven = nullptr);
    // list-mailbox: may hold '%' and '*'; pattern in UTF-8, decoded
    QByteArray listMailbox();
    // One flag, as sent ("\Seen", "$Junk"); system flags in their RFC spelling. Fails on "\Recent",
    // on unknown system flags and on keywords above MaxKeywordBytes.
    QByteArray flag();
    MessageFlags flagList(); // "(" flags ")"
    MessageFlags flagListOrBare(); // with or without parentheses (STORE)
    InternalDate dateTime(); // quoted date-time
    qint64 date(); // date of SEARCH, quoted or not: days since 1970-01-01
    // Text up to the next space or end: for tags and command names.
    QByteArrayView word();

    // Peeks: a string (quoted or literal) and not an atom stands here.
    bool atString() const;

private:
    template <typename Predicate>
    QByteArrayView takeWhile(Predicate belongs);
    QByteArray quoted();
    QByteArray literal(bool mayHoldNul = false);
    quint64 boundedNumber(quint64 maximum);
    quint32 seqNumber();
    void addFlag(MessageFlags &flags);
    MessageFlags bareFlags();
    void refuse(const Error &error);

    QByteArrayView m_text;
    NameCoding m_coding;
    qsizetype m_pos = 0;
    int m_depth = 0;
    bool m_failed = false;
    QByteArray m_fault;
    std::optional<Error> m_refusal;
};

} // namespace Postnook
