#pragma once

#include "storage/result.h"
#include "storage/store.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace Postnook::Auth
{

// The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding ("n" and "y"
// are taken, "p=" is refused). One exchange: begin(), challenge(), finish(), once each; a step out
// of order is Invalid. A plain state machine, no I/O; any thread, and cheap enough for the loop.
class ScramServer
{
public:
    // client-first-message. Gives the user name (unescaped, SASLprepped). Invalid when malformed.
    Result<QString> begin(QByteArrayView clientFirst);
    // Whether the client wants to act for another than that user: to be refused, but not before
    // the proof, or it could be asked without one.
    bool isForAnother() const { return m_isForAnother; }
    // server-first-message; `nonce` is printable and without comma.
    QByteArray challenge(const ScramCredentials &credentials, const QByteArray &nonce);
    // client-final-message: server-final-message ("v=…"), or NotPermitted for a proof, nonce or
    // channel binding that is not the right one, Invalid for a malformed message.
    Result<QByteArray> finish(QByteArrayView clientFinal);

private:
    enum class Step { Begin, Challenge, Finish, Over };

    Step m_step = Step::Begin;
    bool m_isForAnother = false;
    QByteArray m_clientFirstBare;
    QByteArray m_gs2Header;
    QByteArray m_serverFirst;
    QByteArray m_nonce; // the client's; after challenge() the server's appended
    ScramCredentials m_credentials;
};

} // namespace Postnook::Auth
