#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook::Mime
{

// How text in a named charset is decoded.
struct CharsetName {
    enum class Kind {
        Unknown,
        Guess, // the name says nothing ("unknown-8bit", us-ascii), or next to nothing (iso-8859-1)
        Utf8,
        Utf16, // with or without a mark of its byte order
        Iso2022Jp,
        Iso8859_16,
        Converter, // the ICU converter of that name
    };

    Kind kind = Kind::Unknown;
    QByteArray converter;
};

// Of a charset as named in mail, in any spelling: "ISO_8859-1:1987", "utf8", "cp-1252",
// "windows1252", "x-sjis", quoted, with a language behind an asterisk (RFC 2231 5).
CharsetName findCharset(QByteArrayView name);

} // namespace Postnook::Mime
