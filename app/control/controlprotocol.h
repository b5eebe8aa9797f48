#pragma once

#include "storage/result.h"
#include "storage/store.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonObject>

namespace Postnook
{

// What goes over the control socket: one JSON object a line, UTF-8.
//   {"command":"account.passwd","name":"ann","credentials":{…}}
//   {"ok":true,…} or {"ok":false,"error":{"code":"not-found","text":"…"}}
// No password passes it: the asking process derives the credentials.
namespace ControlProtocol
{

constexpr auto MaxRequestBytes = 64 * 1024; // the largest request is far below 4 KiB
constexpr auto MaxReplyBytes = 16 * 1024 * 1024; // a list of accounts

QByteArray toLine(const QJsonObject &object);
// Invalid: no JSON object, or none with a command.
Result<QJsonObject> parseRequest(QByteArrayView line);
// Unavailable when it is no reply.
Result<QJsonObject> parseReply(QByteArrayView line);
QJsonObject replyFor(const Result<QJsonObject> &result);

QJsonObject toJson(const ScramCredentials &credentials);
// Invalid: a key of a wrong length, no salt, iterations out of range.
Result<ScramCredentials> credentialsFromJson(const QJsonObject &object);

} // namespace ControlProtocol
} // namespace Postnook
