#include "core/session/status.h"

#include "core/session/sessionlog.h"

#include <QRandomGenerator>

namespace Postnook
{

namespace
{

struct Mapping {
    const char *code;
    const char *text; // shown where the error brings no words of its own
};

Mapping mappingFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound:
        return {"NONEXISTENT", "No such mailbox"};
    case ErrorCode::AlreadyExists:
        return {"ALREADYEXISTS", "A mailbox of that name exists"};
    case ErrorCode::NotPermitted:
        return {"NOPERM", "Not permitted"};
    case ErrorCode::Invalid:
        return {"CANNOT", "That cannot be done"};
    case ErrorCode::TooBig:
        return {"TOOBIG", "The message is too large"};
    case ErrorCode::Limit:
        return {"LIMIT", "A limit of this server was reached"};
    case ErrorCode::OverQuota:
        return {"OVERQUOTA", "The disk is full; nothing was changed"};
    case ErrorCode::Busy:
        return {"INUSE", "The mail store is busy; try again"};
    case ErrorCode::Unavailable:
        return {"UNAVAILABLE", "The mail store cannot do this now; nothing was changed"};
    case ErrorCode::ReadOnly:
        return {"READ-ONLY", "The mailbox is read-only"};
    case ErrorCode::Corrupt:
        return {"CORRUPTION", "The stored mail is damaged"};
    case ErrorCode::Cancelled:
        return {"", "Cancelled"};
    case ErrorCode::Internal:
        break;
    }
    return {"SERVERBUG", "Internal error"};
}

bool isPrivate(ErrorCode code)
{
    // These carry paths, SQL or errno in their text: for the log, never for a client.
    return code == ErrorCode::Internal || code == ErrorCode::Corrupt
        || code == ErrorCode::Unavailable || code == ErrorCode::OverQuota
        || code == ErrorCode::Busy;
}

QByteArray oneAsciiLine(const QString &text)
{
    QByteArray line;
    for (const QChar c : text) {
        const bool isPrintable = c.unicode() >= 0x20 && c.unicode() < 0x7f;
        line.append(isPrintable ? c.toLatin1() : '?');
    }
    return line;
}

} // namespace

QByteArray Status::toBytes() const
{
    QByteArray bytes = kind == Kind::Ok ? "OK" : kind == Kind::No ? "NO" : "BAD";
    if (!code.isEmpty()) {
        bytes += " [" + code + ']';
    }
    return bytes + ' ' + text;
}

Status statusFor(const Error &error)
{
    const Mapping mapping = mappingFor(error.code);
    if (isPrivate(error.code)) {
        const auto reference =
            QByteArray::number(QRandomGenerator::global()->generate() & 0xffff, 16);
        qCWarning(lcSession).noquote().nospace() << "error ref " << reference << ": " << error.text;
        return Status::no(QByteArray(mapping.text) + " (ref " + reference + ')', mapping.code);
    }
    const QByteArray text =
        error.text.isEmpty() ? QByteArray(mapping.text) : oneAsciiLine(error.text);
    return Status::no(text, mapping.code);
}

} // namespace Postnook
