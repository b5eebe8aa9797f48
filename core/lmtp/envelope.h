#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>

namespace Postnook
{

// An address of an envelope (RFC 5321 4.1.2, Path; UTF-8 as RFC 6531 3.3 has it).
struct MailPath {
    QByteArray text; // as it was sent, without the brackets; empty: "<>"
    QByteArray localPart; // without quotes
    QByteArray domain; // empty: there was none
};

struct MailParameter {
    QByteArray name; // in capitals
    QByteArray value; // empty: there was none
};

struct EnvelopeLine {
    MailPath path;
    QList<MailParameter> parameters;
};

// What follows MAIL or RCPT: "FROM:<ann@example.org> SIZE=17", where `word` is "FROM". A source
// route is passed over (RFC 5321 appendix C). nullopt: it is malformed.
std::optional<EnvelopeLine> parseEnvelope(QByteArrayView text, QByteArrayView word);

} // namespace Postnook
