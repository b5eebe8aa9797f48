#include "core/search/keysource.h"

#include "core/mime/messagetext.h"
#include "core/mime/storedenvelope.h"
#include "core/search/collation.h"

#include <QCryptographicHash>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

using Key = SortCriterion::Key;

constexpr qsizetype MaxKeyBytes = 1000;

// What texts sort by: their first few hundred characters. A field may have megabytes, a key stays
// in memory, and nobody orders by more; those that begin alike keep the order of the mailbox, as
// equal ones do.
QByteArray sortKey(const QByteArray &utf8)
{
    auto size = std::min(utf8.size(), MaxKeyBytes);
    while (size > 0 && size < utf8.size() && (utf8[size] & 0xc0) == 0x80) {
        --size; // no character is cut
    }
    return collationKey(utf8.first(size));
}

// Subjects that only begin alike are no thread, so of a long one it is a digest of all.
QByteArray threadKey(const QByteArray &subject)
{
    const QByteArray key = collationKey(subject);
    return key.size() <= MaxKeyBytes ? key
                                     : QCryptographicHash::hash(key, QCryptographicHash::Sha256);
}

// RFC 5957 3
QString displayed(const Mime::EnvelopeAddress &address)
{
    if (const auto name = Mime::decodeHeaderText(address.name.value_or(QByteArray()));
        !name.isEmpty()) {
        return name;
    }
    if (address.mailbox && address.host) {
        return QString::fromUtf8(*address.mailbox + '@' + *address.host);
    }
    return QString::fromUtf8(address.mailbox.value_or(QByteArray()));
}

template <Mime::AddressField Field>
QByteArray mailboxKey(const MessageRow &row)
{
    const auto address = Mime::firstAddress(row.meta.envelope, Field);
    return address ? sortKey(address->mailbox.value_or(QByteArray())) : QByteArray();
}

template <Mime::AddressField Field>
QByteArray displayKey(const MessageRow &row)
{
    const auto address = Mime::firstAddress(row.meta.envelope, Field);
    return address ? sortKey(displayed(*address).toUtf8()) : QByteArray();
}

QByteArray subjectKey(const MessageRow &row)
{
    return sortKey(row.meta.baseSubject);
}

qint64 arrival(const MessageRow &row)
{
    return row.internalDate.secondsUtc;
}

qint64 sentUtc(const MessageRow &row)
{
    return row.meta.sentDate.value_or(row.internalDate).secondsUtc;
}

qint64 size(const MessageRow &row)
{
    return static_cast<qint64>(row.sizeBytes);
}

ThreadMessage threadMessage(const MessageRow &row, ThreadNames &names)
{
    ThreadMessage message;
    message.uid = row.uid;
    message.messageId = names.of(row.meta.messageId);
    message.references.reserve(row.meta.references.size());
    for (const QByteArray &id : row.meta.references) {
        message.references.append(names.of(id));
    }
    message.subject = names.of(threadKey(row.meta.baseSubject));
    message.isReply = row.meta.isReply;
    message.sentUtc = sentUtc(row);
    return message;
}

} // namespace

const KeySource &KeySource::of(Key key)
{
    using enum MessageColumn;
    using Mime::AddressField;
    static const std::array sources{
        KeySource{Key::Arrival, 1, Dates, false, arrival},
        KeySource{Key::Date, 2, SortKeys | Dates, true, sentUtc},
        KeySource{Key::Size, 3, Size, true, size},
        KeySource{Key::Subject, 4, SortKeys, true, nullptr, subjectKey},
        KeySource{Key::Cc, 5, Envelope, true, nullptr, mailboxKey<AddressField::Cc>},
        KeySource{Key::From, 6, Envelope, true, nullptr, mailboxKey<AddressField::From>},
        KeySource{Key::To, 7, Envelope, true, nullptr, mailboxKey<AddressField::To>},
        KeySource{Key::DisplayFrom, 8, Envelope, true, nullptr, displayKey<AddressField::From>},
        KeySource{Key::DisplayTo, 9, Envelope, true, nullptr, displayKey<AddressField::To>},
    };
    return *std::find_if(
        sources.begin(), sources.end(), [key](const KeySource &s) { return s.key == key; });
}

const KeySource &KeySource::threads()
{
    using enum MessageColumn;
    static const KeySource source{
        std::nullopt, 10, ThreadKeys | SortKeys | Dates, true, nullptr, nullptr, threadMessage};
    return source;
}

} // namespace Postnook
