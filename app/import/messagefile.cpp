#include "app/import/messagefile.h"

#include "core/mime/messagetext.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 ChunkBytes = 262'144;
// No header that anybody wrote is longer.
constexpr qsizetype MaxHeaderBytes = 1'048'576;

} // namespace

Result<QByteArray> readMessageFile(const QString &path, const ImportLimits &limits)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        const bool isGone = !QFileInfo::exists(path);
        return Error{isGone ? ErrorCode::NotFound : ErrorCode::Unavailable,
                     u"it cannot be read: %1"_s.arg(file.errorString())};
    }
    QByteArray bytes;
    for (;;) {
        const QByteArray chunk = file.read(ChunkBytes);
        bytes += chunk;
        if (static_cast<quint64>(std::max<qint64>(bytes.size(), file.size()))
            > limits.messageBytes) {
            return Error{ErrorCode::TooBig, tooLargeReason(limits)};
        }
        if (file.error() != QFile::NoError) {
            return Error{ErrorCode::Unavailable,
                         u"it cannot be read to its end: %1"_s.arg(file.errorString())};
        }
        if (chunk.isEmpty()) {
            return bytes;
        }
    }
}

QString tooLargeReason(const ImportLimits &limits)
{
    return u"it is larger than the %1 bytes that max-request-size allows"_s.arg(
        limits.messageBytes);
}

QByteArray toNetworkForm(QByteArray message)
{
    const auto firstEnd = message.indexOf('\n');
    if (firstEnd < 0 || (firstEnd > 0 && message.at(firstEnd - 1) == '\r')) {
        return message;
    }
    QByteArray converted;
    converted.reserve(message.size() + message.count('\n'));
    for (qsizetype start = 0; start < message.size();) {
        const auto lineEnd = message.indexOf('\n', start);
        const auto end = lineEnd < 0 ? message.size() : lineEnd;
        converted.append(QByteArrayView(message).sliced(start, end - start));
        if (lineEnd >= 0) {
            converted.append(end > 0 && message.at(end - 1) == '\r' ? "\n" : "\r\n");
        }
        start = end + 1;
    }
    return converted;
}

QByteArray withLineEndsOf(const std::optional<MessageNote> &note, QByteArray message)
{
    const bool isAsExported = note && note->sizeBytes == static_cast<quint64>(message.size());
    return isAsExported ? message : toNetworkForm(std::move(message));
}

QByteArrayView headerOf(QByteArrayView message)
{
    const auto start = message.first(std::min(message.size(), MaxHeaderBytes));
    for (qsizetype end = start.indexOf('\n'); end >= 0; end = start.indexOf('\n', end + 1)) {
        const auto behind = start.sliced(end + 1);
        if (behind.startsWith('\n') || behind.startsWith("\r\n")) {
            return start.first(end + 1);
        }
    }
    return start;
}

std::optional<InternalDate> dateInHeader(QByteArrayView message)
{
    const auto values = Mime::headerValues(headerOf(message), "Date");
    const auto date = values.isEmpty() ? std::nullopt : Mime::parseHeaderDate(values.first());
    if (!date) {
        return {};
    }
    return InternalDate{date->secondsUtc, date->zoneMinutes};
}

std::optional<InternalDate> modificationDate(const QString &path)
{
    const QDateTime time = QFileInfo(path).lastModified();
    if (!time.isValid()) {
        return {};
    }
    return InternalDate{time.toSecsSinceEpoch(), 0};
}

} // namespace Postnook
