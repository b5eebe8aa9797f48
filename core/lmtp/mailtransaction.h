#pragma once

#include "core/lmtp/recipient.h"
#include "core/mailbox/messageintake.h"
#include "storage/store.h"

#include <QByteArray>
#include <QObject>

#include <deque>
#include <memory>

namespace Postnook
{

struct LmtpOptions;

// From whom a message comes and by which way.
struct MailOrigin {
    MailPath sender; // "<>" for reports
    QByteArray client; // the server that brings it, as it calls itself
    QString address; // of that one
    bool isUtf8 = false; // it brings it by SMTPUTF8 (RFC 6531)
    QString logName; // of the session
};

// One message for some recipients (RFC 5321 3.3), each of whom gets it or not. Main thread.
class MailTransaction : public QObject
{
    Q_OBJECT

public:
    // Storage and options outlive this.
    MailTransaction(Storage &storage, const LmtpOptions &options, MailOrigin origin);

    void addRecipient(const MailPath &path, const Recipient &recipient);
    int recipients() const { return static_cast<int>(m_deliveries.size()); }

    // The text of the message: begin, pieces as they come, end.
    void begin();
    void add(const QByteArray &text);
    void end();
    bool isFull() const; // wait for drained()

Q_SIGNALS:
    void drained();
    // One for each recipient, in their order, each as soon as those before it are told (RFC 2033
    // 5). A positive one: the message is on disk for them.
    void replied(const QByteArray &reply);
    void finished(); // every reply has been given; nothing follows

private:
    struct Delivery {
        MailPath path;
        Recipient recipient;
        std::unique_ptr<MessageIntake> intake = {};
        QByteArray reply = {}; // how it ended; empty: it has not
    };

    bool isTooLarge() const;
    void store(Delivery &delivery, const MessageIntake::Taken &taken);
    void conclude(Delivery &delivery, const Result<AppendResult> &stored);
    QByteArray traceFor(const MailPath &recipient) const;

    Storage &m_storage;
    const LmtpOptions &m_options;
    MailOrigin m_origin;
    std::deque<Delivery> m_deliveries; // their addresses stay
    size_t m_replied = 0; // of the deliveries
    quint64 m_textBytes = 0; // so far
};

// What to tell who brings mail (RFC 5321 4.2, RFC 3463). What may pass is 4yz, so that the message
// is kept and tried again.
QByteArray lmtpReply(const Error &error);

} // namespace Postnook
