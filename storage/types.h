#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QFlags>
#include <QHashFunctions>
#include <QList>

#include <compare>
#include <optional>

namespace Postnook
{

// A number that does not mix with numbers of another kind: confusing a UID with a sequence number
// must not compile.
template <typename Tag, typename T>
struct StrongNumber {
    using Int = T;

    T value = 0;

    constexpr StrongNumber() = default;
    constexpr explicit StrongNumber(T v)
        : value(v)
    {
    }

    friend constexpr auto operator<=>(StrongNumber, StrongNumber) = default; // NOLINT(*-nullptr)
    friend constexpr bool operator==(StrongNumber, StrongNumber) = default;
    friend size_t qHash(StrongNumber n, size_t seed = 0) { return ::qHash(n.value, seed); }
};

using Uid = StrongNumber<struct UidTag, quint32>;
using UidValidity = StrongNumber<struct UidValidityTag, quint32>;
using ModSeq = StrongNumber<struct ModSeqTag, quint64>;
using MailboxId = StrongNumber<struct MailboxIdTag, quint32>; // never reused
using ContentId = StrongNumber<struct ContentIdTag, qint64>; // one per distinct message text
using AccountId = StrongNumber<struct AccountIdTag, qint64>; // never reused
using ThreadId = StrongNumber<struct ThreadIdTag, quint64>; // the messages of one conversation

constexpr auto MaxUid = Uid(0xffffffffU);

// first <= last, both included.
struct UidRange {
    Uid first;
    Uid last;

    friend bool operator==(const UidRange &, const UidRange &) = default;
};
using UidRanges = QList<UidRange>; // ascending, disjoint

// A mailbox name as it is kept: UTF-8, NFC, '/' between levels, "INBOX" in capitals. Only
// core/wire makes one from what a client sent.
struct MailboxName {
    QByteArray utf8;

    MailboxName() = default;
    explicit MailboxName(QByteArray bytes)
        : utf8(std::move(bytes))
    {
    }

    friend bool operator==(const MailboxName &, const MailboxName &) = default;
    friend bool operator<(const MailboxName &a, const MailboxName &b) { return a.utf8 < b.utf8; }
    friend size_t qHash(const MailboxName &n, size_t seed = 0) { return ::qHash(n.utf8, seed); }
};
constexpr auto HierarchySeparator = '/';

// The system flags that are stored. \Recent is not one of them: see MailboxInfo::recentFloor.
enum class SystemFlag : quint8 {
    Seen = 0x01,
    Answered = 0x02,
    Flagged = 0x04,
    Deleted = 0x08,
    Draft = 0x10,
};
Q_DECLARE_FLAGS(SystemFlags, SystemFlag)
Q_DECLARE_OPERATORS_FOR_FLAGS(SystemFlags)

struct MessageFlags {
    SystemFlags system;
    // Unique without regard to ASCII case, sorted by lower-cased bytes, in the spelling the
    // mailbox first saw.
    QByteArrayList keywords;

    friend bool operator==(const MessageFlags &, const MessageFlags &) = default;
};

// An instant with the zone it was given in (RFC 9051 date-time), good for any year 1 to 9999.
struct InternalDate {
    qint64 secondsUtc = 0; // since 1970-01-01T00:00:00Z, may be negative
    int zoneMinutes = 0; // east of UTC positive, -1439 to 1439

    friend bool operator==(const InternalDate &, const InternalDate &) = default;
};

enum class SpecialUse : quint8 { // RFC 6154, RFC 8457
    None = 0,
    All,
    Archive,
    Drafts,
    Flagged,
    Junk,
    Sent,
    Trash,
    Important,
};

struct MailboxInfo {
    MailboxId id;
    MailboxName name;
    UidValidity uidValidity;
    Uid uidNext{1};
    ModSeq highestModSeq{1};
    ModSeq historyFloor; // changes at or below are no longer kept one by one
    Uid recentFloor{1}; // UIDs from here on were never claimed as \Recent by a session
    quint32 messages = 0;
    quint32 unseen = 0;
    quint32 deleted = 0; // messages with \Deleted
    quint64 sizeBytes = 0;
    SpecialUse specialUse = SpecialUse::None;

    friend bool operator==(const MailboxInfo &, const MailboxInfo &) = default;
};

// The first scanner that looks for messageId and references. What an older one has described has no
// thread.
constexpr quint16 FirstScannerWithThreadKeys = 3;

// What core/mime found in a message once, at append. Opaque to storage.
struct MessageMeta {
    quint32 headerSize = 0; // octets up to and including the empty line
    quint16 scannerVersion = 0; // a newer scanner may refresh older rows
    QByteArray envelope; // RFC 9051 `envelope`, ready to send
    QByteArray bodyStructure; // RFC 9051 `body` with extension data, ready to send
    QByteArray parts; // offsets of every part, core/mime's own coding
    QByteArray preview = {}; // UTF-8, at most 200 characters (RFC 8970); empty: nothing to show
    QByteArray baseSubject = {}; // UTF-8 (RFC 5256 2.1)
    bool isReply = false; // or a forward, as the subject has it (RFC 5256 2.1)
    std::optional<InternalDate> sentDate =
        {}; // RFC 5256 2.2; without one, the internal date counts
    // RFC 5256 3, REFERENCES: without brackets and quoting. No id is empty or has white space in
    // it.
    QByteArray messageId = {}; // empty: none that is valid
    QByteArrayList references = {}; // as they came, the parent last

    friend bool operator==(const MessageMeta &, const MessageMeta &) = default;
};

} // namespace Postnook
