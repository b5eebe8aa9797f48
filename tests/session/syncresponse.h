#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QList>

#include <optional>

namespace Postnook
{

// A line from the server as a client that synchronises has to understand it.
struct SyncResponse {
    enum class Kind {
        Exists,
        Recent,
        Expunge,
        Vanished,
        VanishedEarlier,
        Fetch,
        Search,
        Code, // untagged OK, PREAUTH or BYE
        Tagged,
        Continuation,
        Other, // FLAGS, STATUS, ENABLED: well-formed and nothing to keep
    };

    Kind kind = Kind::Other;
    quint32 number = 0; // of EXISTS, RECENT, EXPUNGE, FETCH
    QList<quint32> uids; // of VANISHED and SEARCH, each one, as sent
    std::optional<quint32> uid;
    std::optional<QByteArrayList> flags; // sorted, without \Recent
    std::optional<quint64> modSeq;
    QByteArray tag;
    QByteArray status; // OK, NO, BAD, PREAUTH, BYE
    QByteArray code; // "HIGHESTMODSEQ", and
    QByteArray argument; // what stands behind it
};

// The numbers of "1:3,7", in that order. No value: it is no set of numbers, or a senseless one.
std::optional<QList<quint32>> parseNumberSet(const QByteArray &set);

// One line without CRLF, literals replaced by "". No value: it breaks the grammar.
std::optional<SyncResponse> parseSyncResponse(const QByteArray &line);

} // namespace Postnook
