#pragma once

#include "app/mirror/imapconnection.h"
#include "app/mirror/remoteaccess.h"

#include <QByteArrayList>
#include <QSslSocket>

#include <memory>

namespace Postnook
{

// A session with a remote IMAP server, logged in. Blocks; for a command's thread.
class RemoteServer
{
public:
    // Busy: not reachable, or it asks to come again later. Unavailable: its certificate is not
    // trusted, it has no TLS, or does not speak IMAP. NotPermitted: the login was refused, in the
    // server's words. Cancelled.
    static Result<std::unique_ptr<RemoteServer>> open(const RemoteAccess &access,
                                                      const std::atomic<bool> &stop);

    ImapConnection &imap() { return m_imap; }
    bool can(const char *capability) const { return m_capabilities.contains(capability); }
    bool hasEnabled(const char *capability) const { return m_enabled.contains(capability); }
    void logOut();

private:
    RemoteServer(const RemoteAccess &access, const std::atomic<bool> &stop);

    Result<void> connectTo(const RemoteAccess &access);
    Result<void> waitForTls(const RemoteAccess &access);
    Result<void> startTls(const RemoteAccess &access);
    Result<void> greet();
    Result<void> logIn(const RemoteAccess &access);
    Result<ImapResponse> sendLogin(const RemoteAccess &access);
    Result<ImapResponse> sendInPieces(const QByteArrayList &pieces);
    Result<void> askCapabilities();
    Result<void> enable();
    void takeCapabilities(const ImapResponse &response);

    QSslSocket m_socket;
    ImapConnection m_imap;
    QByteArrayList m_capabilities; // in capitals
    QByteArrayList m_enabled;
    bool m_isLoggedIn = false;
};

// Whether a refusal is of a kind that goes away by itself (RFC 5530).
bool isTemporary(const ImapResponse &refusal);

} // namespace Postnook
