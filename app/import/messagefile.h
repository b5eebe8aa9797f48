#pragma once

#include "app/import/mailsource.h"
#include "app/import/messagenotes.h"
#include "storage/result.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace Postnook
{

// The bytes of a file that is one message. TooBig for more than the limit, without reading it all;
// the errors are reasons for people.
Result<QByteArray> readMessageFile(const QString &path, const ImportLimits &limits);

// Mail lies on Unix disks with LF at its line ends, and travels with CRLF (RFC 5322 2.1). A message
// whose first line ends with CRLF stays byte for byte as it is; in any other each LF that has no CR
// before it gets one.
QByteArray toNetworkForm(QByteArray message);
// The same, but a message as our export wrote it stays as it is.
QByteArray withLineEndsOf(const std::optional<MessageNote> &note, QByteArray message);

QString tooLargeReason(const ImportLimits &limits);

QByteArrayView headerOf(QByteArrayView message);
// The time in the Date: field, if it can be read.
std::optional<InternalDate> dateInHeader(QByteArrayView message);
std::optional<InternalDate> modificationDate(const QString &path);

} // namespace Postnook
