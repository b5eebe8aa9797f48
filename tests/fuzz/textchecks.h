#pragma once

#include <QByteArrayView>
#include <QStringDecoder>
#include <QStringView>

#include <random>

namespace Postnook::Fuzz
{

// UTF-16 units for an octet. No charset has more than two, and ICU writes an octet that none has
// as one; the rest is room for what is shown of shift sequences.
constexpr qsizetype MaxGrowth = 3;

// Random numbers that depend on the input alone, so that every find can be repeated.
inline std::minstd_rand randomFor(QByteArrayView data)
{
    quint32 hash = 2166136261U; // FNV-1a: the same on every machine
    for (const char c : data) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return std::minstd_rand(hash);
}

// No half of a surrogate pair stands alone: what is no Unicode text cannot be sent as UTF-8.
inline bool isValidText(QStringView text)
{
    return text.isValidUtf16();
}

inline bool isValidUtf8(QByteArrayView bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    [[maybe_unused]] const QString text = decoder(bytes);
    return !decoder.hasError();
}

} // namespace Postnook::Fuzz
