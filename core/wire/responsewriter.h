#pragma once

#include "core/wire/mailboxnames.h"
#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook
{

// Builds response bytes. The one place that decides how a string is written: quoted where the
// bytes allow it (7-bit, no NUL, CR, LF, at most 1000 octets), else a literal. Pure; any thread.
// NUL cannot travel in a plain literal (RFC 9051 9, CHAR8): string() sends 0x80 for it where the
// text is a header value; message bytes go out untouched by FETCH itself.
class ResponseWriter
{
public:
    explicit ResponseWriter(QByteArray &out)
        : m_out(out)
    {
    }

    ResponseWriter &raw(QByteArrayView text)
    {
        m_out.append(text);
        return *this;
    }
    ResponseWriter &space()
    {
        m_out.append(' ');
        return *this;
    }
    ResponseWriter &number(quint64 n);
    ResponseWriter &string(QByteArrayView bytes); // quoted or literal
    ResponseWriter &nstring(QByteArrayView bytes, bool isNil);
    ResponseWriter &astring(QByteArrayView bytes); // atom where that is enough
    // As astring; in UTF-8, quoted whatever the characters (RFC 9051 9, QUOTED-CHAR).
    ResponseWriter &mailbox(const MailboxName &name, NameCoding coding);
    ResponseWriter &literalHeader(quint64 size); // "{n}\r\n"
    ResponseWriter &literal(QByteArrayView bytes);
    // "(\Seen $Junk)"; recent puts \Recent in front.
    ResponseWriter &flags(const MessageFlags &flags, bool recent = false);
    ResponseWriter &dateTime(const InternalDate &date); // quoted
    void crlf() { m_out.append("\r\n", 2); }

private:
    QByteArray &m_out;
};

// System flag names in RFC order: \Answered \Flagged \Deleted \Seen \Draft.
QByteArray formatFlagNames(SystemFlags flags);

} // namespace Postnook
