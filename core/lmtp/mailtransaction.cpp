#include "core/lmtp/mailtransaction.h"

#include "core/lmtp/lmtplog.h"
#include "core/lmtp/lmtpoptions.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

// Into INBOX where the mailbox has gone since the recipient was named.
Result<AppendResult> append(WriteTxn &txn, MailboxId mailbox, const NewMessage &message)
{
    const auto stored = txn.append(mailbox, message);
    if (stored || stored.error().code != ErrorCode::NotFound) {
        return stored;
    }
    return txn.mailbox(MailboxName("INBOX")).and_then([&](const MailboxInfo &inbox) {
        return txn.append(inbox.id, message);
    });
}

QByteArray addressLiteral(const QString &address)
{
    return (address.contains(u':') ? "[IPv6:" : "[") + address.toLatin1() + ']';
}

} // namespace

MailTransaction::MailTransaction(Storage &storage, const LmtpOptions &options, MailOrigin origin)
    : m_storage(storage)
    , m_options(options)
    , m_origin(std::move(origin))
{
}

void MailTransaction::addRecipient(const MailPath &path, const Recipient &recipient)
{
    m_deliveries.push_back(Delivery{path, recipient});
}

bool MailTransaction::isFull() const
{
    return std::any_of(m_deliveries.begin(), m_deliveries.end(), [](const Delivery &delivery) {
        return delivery.intake && delivery.intake->isFull();
    });
}

void MailTransaction::begin()
{
    for (Delivery &delivery : m_deliveries) {
        delivery.intake = std::make_unique<MessageIntake>(
            m_storage, *delivery.recipient.store, [this] { Q_EMIT drained(); });
        // A NUL, which no message may have, is encoded where that can be done.
        delivery.intake->begin(0, MessageIntake::LiteralKind::Binary);
        delivery.intake->add(traceFor(delivery.path));
    }
}

bool MailTransaction::isTooLarge() const
{
    return m_textBytes > m_options.maxMessageBytes;
}

void MailTransaction::add(const QByteArray &text)
{
    m_textBytes += static_cast<quint64>(text.size());
    for (Delivery &delivery : m_deliveries) {
        if (!text.isEmpty() && !isTooLarge()) {
            delivery.intake->add(text);
        }
    }
}

void MailTransaction::end()
{
    for (Delivery &delivery : m_deliveries) {
        if (isTooLarge()) {
            conclude(delivery, Error{ErrorCode::TooBig, QStringLiteral("it is too large")});
        } else if (m_textBytes == 0) {
            conclude(delivery, Error{ErrorCode::Invalid, QStringLiteral("it is empty")});
        } else {
            delivery.intake->end();
            delivery.intake->finish([this, &delivery](const auto &taken) {
                taken ? store(delivery, taken->first()) : conclude(delivery, taken.error());
            });
        }
    }
}

void MailTransaction::store(Delivery &delivery, const MessageIntake::Taken &taken)
{
    const NewMessage message{taken.content, taken.meta, {}, InternalDate{m_options.nowUtc(), 0}};
    delivery.recipient.store
        ->write([mailbox = delivery.recipient.mailbox,
                 message](WriteTxn &txn) { return append(txn, mailbox, message); },
                {0, taken.content.sizeBytes()})
        .then(this, [this, &delivery](const auto &stored) { conclude(delivery, stored); });
}

void MailTransaction::conclude(Delivery &delivery, const Result<AppendResult> &stored)
{
    const QByteArray address = '<' + delivery.path.text + '>';
    qCInfo(lcLmtp).noquote() << QStringLiteral("%1 mail from <%2> for %3, account %4: %5")
                                    .arg(m_origin.logName,
                                         QString::fromUtf8(m_origin.sender.text),
                                         QString::fromUtf8(address),
                                         delivery.recipient.account,
                                         stored ? QStringLiteral("stored") : stored.error().text);
    delivery.reply = stored ? "250 2.1.5 " + address + " has it" : lmtpReply(stored.error());
    while (m_replied < m_deliveries.size() && !m_deliveries[m_replied].reply.isEmpty()) {
        Q_EMIT replied(m_deliveries[m_replied].reply);
        ++m_replied;
    }
    if (m_replied == m_deliveries.size()) {
        // Not at once: an intake, which goes then, may be what calls.
        QMetaObject::invokeMethod(this, &MailTransaction::finished, Qt::QueuedConnection);
    }
}

// RFC 5321 4.4: who delivers a message for good tells its sender and how it came.
QByteArray MailTransaction::traceFor(const MailPath &recipient) const
{
    const QByteArray date = QDateTime::fromSecsSinceEpoch(m_options.nowUtc(), Qt::UTC)
                                .toString(Qt::RFC2822Date)
                                .toLatin1();
    return "Return-Path: <" + m_origin.sender.text + ">\r\nReceived: from " + m_origin.client + " ("
        + addressLiteral(m_origin.address) + ")\r\n by " + m_options.hostName + " with "
        + (m_origin.isUtf8 ? "UTF8LMTP" : "LMTP") + "\r\n for <" + recipient.text + ">; " + date
        + "\r\n";
}

QByteArray lmtpReply(const Error &error)
{
    switch (error.code) {
    case ErrorCode::NotFound:
        return "550 5.1.1 There is no such account here";
    case ErrorCode::OverQuota:
        return "452 4.3.1 The disk that holds the mail is full";
    case ErrorCode::TooBig:
        return "552 5.3.4 The message is larger than this server takes";
    case ErrorCode::Invalid:
    case ErrorCode::NotPermitted:
        return "554 5.6.0 The message cannot be stored";
    default:
        return "451 4.3.0 The message cannot be stored now";
    }
}

} // namespace Postnook
