#pragma once

#include "storage/result.h"

#include <QByteArray>

#include <utility>

namespace Postnook
{

// The outcome of a command: what the tagged line says.
struct Status {
    enum class Kind { Ok, No, Bad };

    Kind kind = Kind::Ok;
    QByteArray code; // response code without brackets, "" for none
    QByteArray text; // for people; ASCII, one line

    static Status ok(QByteArray text, QByteArray code = {})
    {
        return {Kind::Ok, std::move(code), std::move(text)};
    }
    static Status no(QByteArray text, QByteArray code = {})
    {
        return {Kind::No, std::move(code), std::move(text)};
    }
    static Status bad(QByteArray text, QByteArray code = {})
    {
        return {Kind::Bad, std::move(code), std::move(text)};
    }

    QByteArray toBytes() const; // "OK [CODE] text", no line end

    friend bool operator==(const Status &, const Status &) = default;
};

// The one place where a storage or parse error becomes NO with its RFC 5530 code. Internal and
// Corrupt errors show a reference only; the same reference is logged with the whole text.
Status statusFor(const Error &error);

} // namespace Postnook
