#include "app/mirror/messagefetcher.h"

#include <utility>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype DescribedTogether = 500;
// One commit takes as much anyway (storage/store.h).
constexpr qsizetype MaxBatchMessages = 100;
constexpr quint64 MaxBatchBytes = 8'388'608;
// Larger ones go through without being held in memory.
constexpr quint64 MaxHeldBytes = 1'048'576;
// Four times what the messages of a batch said they had, and then some: no server is that wrong.
constexpr quint64 MaxReceivedBytes = 4 * MaxBatchBytes;

// Refusals that are about the message; all others are about the account.
bool isAboutMessage(ErrorCode code)
{
    return code == ErrorCode::Invalid || code == ErrorCode::TooBig || code == ErrorCode::Limit;
}

// One message, from the remote server's connection into the local one.
class AppendSink : public BodySink
{
public:
    AppendSink(LocalAccount &local, const MailboxName &copy, const FetchedMessage &message)
        : m_local(local)
        , m_copy(copy)
        , m_message(message)
    {
    }

    Result<void> beginLiteral(quint64 size) override
    {
        if (hasBegun || size > m_local.maxMessageBytes()) {
            return Error{ErrorCode::Unavailable,
                         u"the remote server sends more than it announced"_s};
        }
        hasBegun = true;
        sizeBytes = size;
        return m_local.beginAppend(m_copy, m_message, size);
    }
    Result<void> takeLiteral(const QByteArray &bytes) override { return m_local.write(bytes); }

    bool hasBegun = false;
    quint64 sizeBytes = 0;

private:
    LocalAccount &m_local;
    const MailboxName &m_copy;
    const FetchedMessage &m_message;
};

} // namespace

Result<void> MessageFetcher::fetch(const QList<Uid> &uids)
{
    for (qsizetype from = 0; from < uids.size(); from += DescribedTogether) {
        const auto fetched =
            m_task.remote.describe(uids.mid(from, DescribedTogether))
                .and_then([this](const QList<Description> &all) { return fetchDescribed(all); });
        if (!fetched) {
            return fetched;
        }
    }
    return {};
}

Result<void> MessageFetcher::fetchDescribed(const QList<Description> &described)
{
    QList<Description> batch;
    quint64 batchBytes = 0;
    const auto flush = [&] {
        batchBytes = 0;
        const auto full = std::exchange(batch, {});
        return full.isEmpty() ? Result<void>() : fetchBatch(full);
    };
    const quint64 maxBatchBytes = std::min(MaxBatchBytes, m_task.local.maxMessageBytes());
    for (const Description &description : described) {
        const bool isLarge = description.sizeBytes > std::min(MaxHeldBytes, maxBatchBytes);
        if (isLarge || batch.size() == MaxBatchMessages
            || batchBytes + description.sizeBytes > maxBatchBytes) {
            if (auto flushed = flush(); !flushed) {
                return flushed;
            }
        }
        if (isLarge) {
            if (auto fetched = fetchLarge(description); !fetched) {
                return fetched;
            }
            continue;
        }
        batchBytes += description.sizeBytes;
        batch.append(description);
    }
    return flush();
}

Result<void> MessageFetcher::fetchBatch(const QList<Description> &batch)
{
    QList<Uid> uids;
    for (const Description &description : batch) {
        uids.append(description.uid);
    }
    QMap<Uid, QByteArray> bytes;
    quint64 received = 0;
    const auto take = [&](Uid uid, const QByteArray &message) {
        received += static_cast<quint64>(message.size());
        if (received > MaxReceivedBytes) {
            return Result<void>(
                Error{ErrorCode::Unavailable, u"the remote server sends more than it announced"_s});
        }
        bytes.insert(uid, message);
        m_task.progress.show(m_done + bytes.size(), m_bytes + static_cast<qint64>(received));
        return Result<void>();
    };
    const auto fetched = m_task.remote.fetch(uids, take);
    if (!fetched) {
        return fetched.error();
    }
    if (const auto rest = fetchMissing(batch, &bytes); !rest) {
        return rest;
    }
    QList<FetchedMessage> messages;
    for (const Description &description : batch) {
        const auto found = bytes.find(description.uid);
        if (found == bytes.end()) {
            continue;
        }
        if (found->isEmpty()) {
            skip(description.uid, u"it is empty"_s);
            continue;
        }
        m_bytes += found->size();
        messages.append(messageFrom(description));
        messages.last().bytes = std::exchange(*found, {});
    }
    m_done += batch.size();
    return messages.isEmpty() ? Result<void>() : store(messages);
}

// A server refuses the whole of a FETCH for one message that it cannot read.
Result<void> MessageFetcher::fetchMissing(const QList<Description> &batch,
                                          QMap<Uid, QByteArray> *bytes)
{
    for (const Description &description : batch) {
        if (bytes->contains(description.uid)) {
            continue;
        }
        const auto fetched =
            m_task.remote.fetch({description.uid}, [&](Uid uid, const QByteArray &message) {
                bytes->insert(uid, message);
                return Result<void>();
            });
        if (!fetched) {
            return fetched.error();
        }
        if (!bytes->contains(description.uid) && !fetched->isWhole) {
            skip(description.uid, u"the remote server refuses it: %1"_s.arg(fetched->words));
        } // else it was deleted there meanwhile
    }
    return {};
}

Result<void> MessageFetcher::fetchLarge(const Description &description)
{
    if (description.sizeBytes > m_task.local.maxMessageBytes()) {
        skip(description.uid,
             u"its %1 octets are more than the %2 of max-request-size"_s.arg(description.sizeBytes)
                 .arg(m_task.local.maxMessageBytes()));
        return {};
    }
    const FetchedMessage message = messageFrom(description);
    AppendSink sink(m_task.local, m_task.copy, message);
    bool hasCome = false;
    const auto fetched = m_task.remote.fetchInto(description.uid, &sink, &hasCome);
    if (!fetched) {
        return fetched.error();
    }
    ++m_done;
    if (hasCome && sink.hasBegun) {
        return finishLarge(message, sink.sizeBytes);
    }
    if (sink.hasBegun) {
        return Error{ErrorCode::Unavailable,
                     u"the remote server sends a message that was not asked for"_s};
    }
    if (!fetched->isWhole) {
        skip(description.uid, u"the remote server refuses it: %1"_s.arg(fetched->words));
    }
    return {};
}

Result<void> MessageFetcher::finishLarge(const FetchedMessage &message, quint64 sizeBytes)
{
    m_bytes += static_cast<qint64>(sizeBytes);
    m_task.progress.show(m_done, m_bytes);
    return stored({message}, m_task.local.endAppend());
}

Result<void> MessageFetcher::store(const QList<FetchedMessage> &messages)
{
    const auto copies = m_task.local.append(m_task.copy, messages);
    if (copies || messages.size() == 1 || !isAboutMessage(copies.error().code)) {
        return stored(messages, copies);
    }
    for (const FetchedMessage &message : messages) {
        if (auto one = stored({message}, m_task.local.append(m_task.copy, {message})); !one) {
            return one;
        }
    }
    return {};
}

Result<void> MessageFetcher::stored(const QList<FetchedMessage> &messages,
                                    const Result<QList<Uid>> &copies)
{
    if (copies) {
        m_task.report.fetched += copies->size();
        return m_task.onStored(messages, *copies);
    }
    if (messages.size() == 1 && isAboutMessage(copies.error().code)) {
        skip(messages.first().uid, copies.error().text);
        return {};
    }
    return copies.error();
}

FetchedMessage MessageFetcher::messageFrom(const Description &description) const
{
    return {description.uid,
            {},
            description.flags,
            description.date,
            mirrorKey(m_task.account, m_task.mailbox, m_task.validity, description.uid)};
}

void MessageFetcher::skip(Uid uid, const QString &why)
{
    m_task.report.skipped.append(
        u"%1, UID %2: %3"_s.arg(m_task.report.remote).arg(uid.value).arg(why));
}

} // namespace Postnook
