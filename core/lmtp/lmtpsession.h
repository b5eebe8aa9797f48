#pragma once

#include "core/lmtp/dotreader.h"
#include "core/lmtp/recipient.h"
#include "storage/store.h"

#include <QByteArray>
#include <QObject>

#include <memory>

namespace Postnook
{

class MailTransaction;
class Transport;
struct LmtpOptions;

// A mail server that brings mail (RFC 2033). One connection: it says for each recipient whether the
// message is on disk for them. Lives in the event loop thread, owned by the LmtpService, owns its
// transport. Commands are taken in their order and one at a time; no more is read while one waits
// for the store, so that memory stays bounded.
class LmtpSession : public QObject
{
    Q_OBJECT

public:
    // Storage and options outlive this.
    LmtpSession(Storage &storage,
                const LmtpOptions &options,
                std::unique_ptr<Transport> transport,
                quint64 number);
    ~LmtpSession() override;

    void begin(); // greets
    void tick(qint64 nowMs); // time limits
    // Ends the connection with this reply, once what is about to be stored is stored.
    void end(const QByteArray &reply);

Q_SIGNALS:
    void ended();

private:
    enum class State { Command, Lookup, Data, Storing };

    struct CommandRow {
        QByteArrayView name;
        void (LmtpSession::*run)(const QByteArray &arguments);
    };

    void process();
    bool canGoOn() const;
    bool step();
    bool takeLine();
    bool takeText();
    void runLine(const QByteArray &line);

    void lhlo(const QByteArray &domain);
    void hello(const QByteArray &);
    void mail(const QByteArray &arguments);
    void rcpt(const QByteArray &arguments);
    void data(const QByteArray &arguments);
    void rset(const QByteArray &);
    void noop(const QByteArray &);
    void quit(const QByteArray &);
    void vrfy(const QByteArray &);

    bool checkParameters(const QList<MailParameter> &parameters);
    void onRecipient(const MailPath &path, const Result<Recipient> &found);
    void onFinished();

    void reply(const QByteArray &text);
    void refuse(const QByteArray &text); // a command that is wrong

    Storage &m_storage;
    const LmtpOptions &m_options;
    std::unique_ptr<Transport> m_transport;
    QString m_logName; // "l17"
    State m_state = State::Command;
    QByteArray m_input;
    QByteArray m_client; // how it calls itself; empty: it has not
    std::unique_ptr<MailTransaction> m_mail; // from MAIL on
    DotReader m_reader;
    QByteArray m_lastReply; // of end(), while it waits
    int m_badCommands = 0; // in a row
    qint64 m_lastInputMs = 0;
    bool m_isProcessing = false;
    bool m_isEnding = false;
};

} // namespace Postnook
