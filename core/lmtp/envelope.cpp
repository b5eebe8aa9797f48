#include "core/lmtp/envelope.h"

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr qsizetype MaxPathBytes = 512; // twice what RFC 5321 4.5.3.1.3 asks for

// Atom and quoted string both: whatever is neither white space nor a control character.
bool isPathOctet(char c)
{
    const auto octet = static_cast<quint8>(c);
    return octet > 0x20 && octet != 0x7f;
}

bool takeFirst(QByteArrayView *text, char c)
{
    if (!text->startsWith(c)) {
        return false;
    }
    *text = text->sliced(1);
    return true;
}

// "a quoted \"name\"" with the quotes gone.
std::optional<QByteArray> takeQuoted(QByteArrayView *text)
{
    QByteArray content;
    while (!text->isEmpty()) {
        char c = text->front();
        *text = text->sliced(1);
        if (c == '"') {
            return content;
        }
        if (c == '\\' && !text->isEmpty()) {
            c = text->front();
            *text = text->sliced(1);
        }
        if (c != ' ' && !isPathOctet(c)) {
            return {};
        }
        content += c;
    }
    return {};
}

QByteArray takeUntil(QByteArrayView *text, QByteArrayView ends)
{
    const auto *end = std::find_if(
        text->begin(), text->end(), [ends](char c) { return ends.contains(c) || !isPathOctet(c); });
    const QByteArray taken = text->first(end - text->begin()).toByteArray();
    *text = text->sliced(taken.size());
    return taken;
}

// Behind the "<"; takes the ">", too.
std::optional<MailPath> takePath(QByteArrayView *text)
{
    if (text->startsWith('@')) {
        const qsizetype colon = text->indexOf(':');
        if (colon < 0) {
            return {};
        }
        *text = text->sliced(colon + 1);
    }
    MailPath path;
    const QByteArrayView begin = *text;
    if (takeFirst(text, '"')) {
        auto quoted = takeQuoted(text);
        if (!quoted) {
            return {};
        }
        path.localPart = std::move(*quoted);
    } else {
        path.localPart = takeUntil(text, "@<>\"");
    }
    const bool hasDomain = takeFirst(text, '@');
    path.domain = hasDomain ? takeUntil(text, "@<>\"") : QByteArray();
    path.text = begin.first(begin.size() - text->size()).toByteArray();
    const bool isWhole = hasDomain == !path.domain.isEmpty()
        && (!path.localPart.isEmpty() || path.text.isEmpty()) && path.text.size() <= MaxPathBytes;
    if (!isWhole || !takeFirst(text, '>')) {
        return {};
    }
    return path;
}

} // namespace

std::optional<EnvelopeLine> parseEnvelope(QByteArrayView text, QByteArrayView word)
{
    if (text.size() <= word.size()
        || text.first(word.size()).compare(word, Qt::CaseInsensitive) != 0
        || text.at(word.size()) != ':') {
        return {};
    }
    text = text.sliced(word.size() + 1).trimmed(); // many a sender puts a space there
    if (!takeFirst(&text, '<')) {
        return {};
    }
    auto path = takePath(&text);
    if (!path || (!text.isEmpty() && text.front() != ' ')) {
        return {};
    }
    EnvelopeLine line{std::move(*path), {}};
    const QByteArrayList words = text.toByteArray().simplified().split(' ');
    for (const QByteArray &parameter : words) {
        const qsizetype equals = parameter.indexOf('=');
        if (equals >= 0) {
            line.parameters.append(
                {parameter.first(equals).toUpper(), parameter.sliced(equals + 1)});
        } else if (!parameter.isEmpty()) {
            line.parameters.append({parameter.toUpper(), {}});
        }
    }
    return line;
}

} // namespace Postnook
