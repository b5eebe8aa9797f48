#include "core/session/wirelog.h"

#include "core/session/command.h"
#include "core/session/sessionlog.h"

namespace Postnook
{

namespace
{

constexpr qsizetype MaxLoggedBytes = 300;

QByteArray firstLine(const QByteArray &text)
{
    const auto end = text.indexOf('\r');
    return end < 0 ? text : text.first(end);
}

} // namespace

void logReceived(const QString &who, const QByteArray &text, const CommandRow &row)
{
    if (!lcWire().isDebugEnabled()) {
        return;
    }
    QByteArray line = firstLine(text);
    if (row.flags.testFlag(CommandFlag::SendsPassword)) {
        line = line.first(qMax(line.indexOf(' '), qsizetype(0))) + ' ' + row.name + " ...";
    } else if (QByteArrayView(row.name) == "SETMETADATA" && line.contains('(')) {
        line = line.first(line.indexOf('(')) + "(...)"; // tokens of push services, for one
    }
    qCDebug(lcWire).noquote() << who << "C:" << line.left(MaxLoggedBytes);
}

void logSent(const QString &who, const QByteArray &bytes)
{
    if (!lcWire().isDebugEnabled()) {
        return;
    }
    QByteArray line = firstLine(bytes);
    const bool isMetadata = line.startsWith("* METADATA ") && line.contains(" (");
    if ((line.startsWith("* ") && line.contains("FETCH (")) || isMetadata) {
        line = line.first(line.indexOf('(')) + "(...)";
    }
    qCDebug(lcWire).noquote() << who << "S:" << line.left(MaxLoggedBytes) << bytes.size()
                              << "octets";
}

} // namespace Postnook
