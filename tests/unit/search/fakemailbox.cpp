#include "fakemailbox.h"

#include "core/mime/messagescanner.h"
#include "core/search/searchtext.h"
#include "core/wire/datetime.h"
#include "core/wire/objectids.h"

#include <QCryptographicHash>

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr auto Mailbox = MailboxId(7);

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

class FakeReader : public ContentReader
{
public:
    FakeReader(const QByteArray &bytes, qint64 &bytesRead)
        : m_bytes(bytes)
        , m_bytesRead(bytesRead)
    {
    }
    quint64 sizeBytes() const override { return static_cast<quint64>(m_bytes.size()); }
    Result<QByteArray> read(quint64 offset, qsizetype maxBytes) override
    {
        const auto chunk = m_bytes.mid(static_cast<qsizetype>(offset), maxBytes);
        m_bytesRead += chunk.size();
        return chunk;
    }

private:
    QByteArray m_bytes;
    qint64 &m_bytesRead;
};

} // namespace

FakeMailbox::Message &FakeMailbox::Message::received(const char *dateTime)
{
    internalDate = parseDateTime(dateTime).value();
    return *this;
}

QByteArray FakeMailbox::Message::emailId() const
{
    return emailObjectId(sha256(bytes), internalDate);
}

FakeMailbox::Message &FakeMailbox::add(quint32 uid, const QByteArray &bytes)
{
    Message &message = m_messages[Uid(uid)];
    message.bytes = bytes;
    message.meta = Mime::scanMessage(bytes);
    return message;
}

MessageRow FakeMailbox::rowOf(Uid uid, const Message &message, MessageColumns columns)
{
    MessageRow row;
    row.uid = uid;
    row.flags = message.flags;
    row.expunged = message.expunged;
    row.content = ContentId(uid.value);
    row.meta.scannerVersion = message.meta.scannerVersion;
    if (columns.testFlag(MessageColumn::Dates)) {
        row.internalDate = message.internalDate;
    }
    if (columns.testFlag(MessageColumn::Size)) {
        row.sizeBytes = static_cast<quint64>(message.bytes.size());
        row.meta.headerSize = message.meta.headerSize;
    }
    if (columns.testFlag(MessageColumn::Envelope)) {
        row.meta.envelope = message.meta.envelope;
    }
    if (columns.testFlag(MessageColumn::SortKeys)) {
        row.meta.baseSubject = message.meta.baseSubject;
        row.meta.isReply = message.meta.isReply;
        row.meta.sentDate = message.meta.sentDate;
    }
    if (columns.testFlag(MessageColumn::ThreadKeys)) {
        row.meta.messageId = message.meta.messageId;
        row.meta.references = message.meta.references;
    }
    if (columns.testFlag(MessageColumn::Parts)) {
        row.meta.parts = message.meta.parts;
    }
    return row;
}

Result<void> FakeMailbox::forEachMessage(MailboxId mailbox,
                                         const UidRanges &uids,
                                         MessageColumns columns,
                                         bool includeExpunged,
                                         const std::function<bool(const MessageRow &)> &visit)
{
    if (mailbox != Mailbox) {
        return Error{ErrorCode::NotFound, QStringLiteral("another mailbox")};
    }
    for (const UidRange &range : uids) {
        for (auto it = m_messages.lowerBound(range.first);
             it != m_messages.end() && it.key() <= range.last;
             ++it) {
            if (it->expunged && !includeExpunged) {
                continue;
            }
            ++rowsVisited;
            if (!visit(rowOf(it.key(), *it, columns))) {
                return {};
            }
        }
    }
    return {};
}

template <typename Condition>
QList<Uid> FakeMailbox::uidsWhere(Condition condition) const
{
    QList<Uid> uids;
    for (auto it = m_messages.begin(); it != m_messages.end(); ++it) {
        if (condition(*it)) {
            uids.append(it.key());
        }
    }
    return uids;
}

Result<QList<Uid>>
FakeMailbox::uidsWithFlags(MailboxId mailbox, SystemFlags mask, SystemFlags wanted)
{
    if (mailbox != Mailbox) {
        return unasked();
    }
    return uidsWhere(
        [mask, wanted](const Message &message) { return (message.flags.system & mask) == wanted; });
}

Result<QList<Uid>>
FakeMailbox::uidsWithKeyword(MailboxId mailbox, const QByteArray &keyword, bool wanted)
{
    if (mailbox != Mailbox) {
        return unasked();
    }
    return uidsWhere([&](const Message &message) {
        const auto &keywords = message.flags.keywords;
        return std::any_of(keywords.begin(),
                           keywords.end(),
                           [&](const QByteArray &name) {
                               return name.compare(keyword, Qt::CaseInsensitive) == 0;
                           })
            == wanted;
    });
}

Result<QList<Uid>>
FakeMailbox::uidsOfText(MailboxId mailbox, const QByteArray &sha256Start, const InternalDate &date)
{
    if (mailbox != Mailbox) {
        return unasked();
    }
    return uidsWhere([&](const Message &message) {
        return sha256(message.bytes).startsWith(sha256Start) && message.internalDate == date;
    });
}

Result<QList<Uid>> FakeMailbox::uidsInThread(MailboxId mailbox, ThreadId thread)
{
    if (mailbox != Mailbox) {
        return unasked();
    }
    return uidsWhere([thread](const Message &message) { return message.thread == thread; });
}

Result<std::unique_ptr<ContentReader>> FakeMailbox::content(ContentId id)
{
    const auto it = m_messages.constFind(Uid(static_cast<quint32>(id.value)));
    if (it == m_messages.cend()) {
        return Error{ErrorCode::NotFound, QStringLiteral("no such content")};
    }
    if (it->failure) {
        return Error{*it->failure, QStringLiteral("as told")};
    }
    ++contentsOpened;
    return std::unique_ptr<ContentReader>(std::make_unique<FakeReader>(it->bytes, bytesRead));
}

Result<IndexedContents> FakeMailbox::contentsWithText(const QByteArray &part)
{
    IndexedContents contents;
    for (auto it = m_messages.begin(); it != m_messages.end() && it.key() <= m_indexedUpTo; ++it) {
        const ContentId id(it.key().value);
        const auto head = searchText(id, TextPart::Head);
        const auto body = searchText(id, TextPart::Body);
        contents.upTo = ContentId(m_indexedUpTo.value);
        if ((*head)->contains(part) || (*body)->contains(part)) {
            contents.found.append(id);
        }
    }
    return part.size() < 3 ? IndexedContents() : contents;
}

Result<std::optional<QByteArray>> FakeMailbox::searchText(ContentId id, TextPart part)
{
    const auto it = m_messages.constFind(Uid(static_cast<quint32>(id.value)));
    if (it == m_messages.cend() || it.key() > m_indexedUpTo) {
        return std::optional<QByteArray>();
    }
    qint64 unread = 0;
    FakeReader reader(it->bytes, unread);
    return std::optional(makeSearchText(reader, it->meta)->part(part));
}

Result<std::optional<QByteArray>> FakeMailbox::keptKeys(MailboxId, int number)
{
    const auto kept = keptByNumber.constFind(number);
    return kept == keptByNumber.cend() ? std::nullopt : std::optional(*kept);
}

void FakeMailbox::keepKeys(MailboxId, int number, const QByteArray &keys)
{
    keptByNumber[number] = keys;
}

Result<MailboxInfo> FakeMailbox::mailbox(MailboxId mailbox)
{
    MailboxInfo info;
    info.id = mailbox;
    info.uidValidity = uidValidity;
    info.messages = static_cast<quint32>(m_messages.size());
    info.uidNext = m_messages.isEmpty() ? Uid(1) : Uid(m_messages.lastKey().value + 1);
    return info;
}

Result<QList<Uid>>
FakeMailbox::uidsOfContents(MailboxId mailbox, const QList<ContentId> &contents, ContentId above)
{
    QList<Uid> uids;
    for (auto it = m_messages.begin(); it != m_messages.end() && mailbox == Mailbox; ++it) {
        const ContentId id(it.key().value);
        if (id > above || contents.contains(id)) {
            uids.append(it.key());
        }
    }
    return uids;
}

bool FakeMailbox::isCancelled() const
{
    return m_cancelAt > 0 && ++m_questions >= m_cancelAt;
}

Result<QList<Uid>>
searchFor(FakeMailbox &mailbox, const QByteArray &criteria, const SearchScope &scope)
{
    TokenCursor cursor(criteria);
    const auto program = parseSearch(cursor);
    if (!program) {
        return program.error();
    }
    SearchScope here = scope;
    here.mailbox = Mailbox;
    return evaluateSearch(mailbox, *program, here);
}

QByteArray toText(const Result<QList<Uid>> &uids)
{
    if (!uids) {
        return "error " + QByteArray::number(static_cast<int>(uids.error().code));
    }
    QByteArrayList words;
    for (const Uid uid : *uids) {
        words.append(QByteArray::number(uid.value));
    }
    return words.join(' ');
}

} // namespace Postnook
