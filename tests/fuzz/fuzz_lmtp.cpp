#include "core/lmtp/dotreader.h"
#include "core/lmtp/envelope.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace Postnook::Fuzz
{

namespace
{

bool isControl(char c)
{
    return static_cast<quint8>(c) < 0x20 || c == 0x7f;
}

void checkPath(const MailPath &path)
{
    PROPERTY(std::none_of(path.text.begin(), path.text.end(), isControl));
    PROPERTY(path.text.isEmpty() == path.localPart.isEmpty());
    PROPERTY(path.domain.isEmpty() || path.text.endsWith('@' + path.domain));
    const auto again = parseEnvelope("TO:<" + path.text + '>', "TO");
    PROPERTY(again && again->path.localPart == path.localPart && again->path.domain == path.domain);
}

// How a message is cut on its way says nothing about it.
void checkText(QByteArrayView data)
{
    DotReader whole;
    QByteArray rest = data.toByteArray();
    const QByteArray text = whole.read(&rest);
    PROPERTY(whole.isAtEnd() || rest.isEmpty());
    PROPERTY(!("\r\n" + text).contains("\r\n.\r\n") || data.contains("\r\n..\r\n")
             || data.startsWith("..\r\n"));

    DotReader pieces;
    QByteArray pieced;
    QByteArray left;
    for (qsizetype at = 0, size = 1; at < data.size(); at += size, size = size % 7 + 1) {
        left += data.sliced(at, std::min(size, data.size() - at));
        if (!pieces.isAtEnd()) {
            pieced += pieces.read(&left);
        }
    }
    PROPERTY(pieced == text && left == rest && pieces.isAtEnd() == whole.isAtEnd());
}

} // namespace

void checkLmtp(QByteArrayView data)
{
    if (const auto line = parseEnvelope(data, "TO")) {
        checkPath(line->path);
    }
    checkText(data);
}

} // namespace Postnook::Fuzz
