#include "app/deliver/incomingmessage.h"

#include "app/import/messagefile.h"

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 ChunkBytes = 262'144;

QByteArray withoutFromLine(QByteArray message)
{
    if (message.startsWith("From ")) {
        const auto end = message.indexOf('\n');
        message.remove(0, end < 0 ? message.size() : end + 1);
    }
    return message;
}

} // namespace

Result<QByteArray> readIncoming(QIODevice &device, quint64 maxBytes)
{
    QByteArray bytes;
    QByteArray chunk(ChunkBytes, Qt::Uninitialized);
    bool isTooBig = false;
    for (;;) {
        const qint64 count = device.read(chunk.data(), chunk.size());
        if (count < 0) {
            return Error{
                ErrorCode::Unavailable,
                u"the message cannot be read from standard input: %1"_s.arg(device.errorString())};
        }
        if (count == 0) {
            break;
        }
        isTooBig = isTooBig || static_cast<quint64>(bytes.size() + count) > maxBytes;
        isTooBig ? bytes.clear() : static_cast<void>(bytes.append(chunk.constData(), count));
    }
    if (!isTooBig) {
        bytes = toNetworkForm(withoutFromLine(std::move(bytes)));
        isTooBig = static_cast<quint64>(bytes.size()) > maxBytes;
    }
    if (isTooBig) {
        return Error{ErrorCode::TooBig,
                     u"the message cannot be taken: "_s + tooLargeReason({maxBytes})};
    }
    if (bytes.isEmpty()) {
        return Error{ErrorCode::Invalid, u"no message came on standard input"_s};
    }
    return bytes;
}

} // namespace Postnook
