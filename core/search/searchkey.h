#pragma once

#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"
#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace Postnook
{

// One search criterion (RFC 9051 6.4.4, RFC 3501 6.4.4) as a flat program in prefix order, so that
// nothing here recurses: And, Or and Not say how many operands follow them.
struct SearchKey {
    enum class Kind {
        All,
        And, // count operands
        Or, // two operands
        Not, // one operand
        SequenceNumbers, // set
        Uids, // set
        Flag, // flag is set (system), want
        Keyword, // name, want
        Recent, // want
        Larger, // number
        Smaller, // number
        Before, // internal date, number = day since 1970 (local to the date's zone)
        On,
        Since,
        Older, // internal date, number = seconds before now (RFC 5032)
        Younger,
        ModSequence, // number = lowest MODSEQ (RFC 7162 3.1.5)
        EmailId, // name = object id as sent (RFC 8474); Uids when it is evaluated
        InThread,
        Filter, // name = the filter's as sent (RFC 5466); its criteria when it is evaluated
        SavedBefore, // save date (RFC 8514), number = day since 1970, UTC
        SavedOn,
        SavedSince,
        SentBefore, // Date: header
        SentOn,
        SentSince,
        Header, // name + text; empty text: the field exists
        Addresses, // the same, or a name or local@domain in the field as ENVELOPE shows them
        Body, // text, never empty
        Text, // header or body, never empty
        // FROM, TO, CC and BCC are Addresses, SUBJECT is Header with that name; NEW and OLD are
        // made of the rest
    };

    Kind kind = Kind::All;
    quint32 count = 0;
    bool want = true;
    SystemFlag flag = SystemFlag::Seen;
    qint64 number = 0;
    QByteArray name = {}; // header field, lower case; keyword, object id as sent
    QString text = {}; // folded by Mime::foldForSearch
    SequenceSet set = {};
    bool isFuzzy = false; // below FUZZY (RFC 6203); matters to keys with a text alone
};

// A client that looks for 500 UIDs one by one still fits. What is deeper than 100 was made to hurt:
// "OR NOT" nested 1,500 deep cost another server 13 s.
constexpr auto MaxSearchKeys = 1000;
constexpr auto MaxSearchDepth = 100; // of parentheses, OR and NOT
constexpr auto MaxSearchTextBytes = 64 * 1024; // all texts together: the event loop folds them
constexpr auto MaxFuzzyTexts = 100; // each of up to 32 words (RFC 6203 8)

struct SearchProgram {
    QList<SearchKey> keys; // prefix order; the whole is one criterion
    bool needsContent = false; // any key that must open the message
    bool usesNumbers = false; // message numbers, so that no expunge may be told meanwhile
    bool namesNumbers = false; // with numbers and not only with "$"
    bool usesModSeq = false;
    bool namesCharset = false;
    bool usesFilters = false; // withFiltersFound() is still to come
    bool isFuzzy = false; // FUZZY was there: there are scores
};

// SEARCH may name a charset ("CHARSET name"), SORT and THREAD have to ("name"); criteria that are
// kept as a filter name none and are in UTF-8.
enum class CharsetForm { Optional, Mandatory, None };

// The search criteria up to the end of the command, behind the charset. Strings are in that
// charset; without one they are UTF-8 where they can be, else windows-1252 (clients that send their
// local 8-bit). Invalid: malformed (BAD). NotFound: a charset not known (NO [BADCHARSET]).
// NotPermitted: a charset that FILTER must not stand with (BAD [BADCHARSET]). Limit: too many keys
// or too deep.
Result<SearchProgram> parseSearch(TokenCursor &cursor, CharsetForm form = CharsetForm::Optional);

} // namespace Postnook
