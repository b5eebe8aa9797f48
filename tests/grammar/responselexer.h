#pragma once

#include "tests/grammar/responsevalues.h"

#include <QByteArrayView>
#include <QString>

namespace Postnook::Grammar
{

// Which grammar a client reads by: RFC 3501 or RFC 9051.
enum class Revision { Rev1, Rev2 };

// The words of a server's response, one after the other. Strict: what a client may stumble over is
// an error, be it allowed somewhere. The first error stays, and all that is read after it is empty.
class ResponseLexer
{
public:
    explicit ResponseLexer(QByteArrayView text, Revision revision = Revision::Rev2)
        : m_text(text)
        , m_revision(revision)
    {
    }

    Revision revision() const { return m_revision; }

    bool ok() const { return m_error.isEmpty(); }
    QString error() const { return m_error; }
    bool atEnd() const { return m_position == m_text.size(); }
    qsizetype position() const { return m_position; }
    QByteArrayView readFrom(qsizetype start) const
    {
        return m_text.sliced(start, m_position - start);
    }
    void fail(const char *what);

    bool at(QByteArrayView text) const; // without regard to case, as in all ABNF
    bool accept(QByteArrayView text);
    void expect(QByteArrayView text);

    // RFC 9051 `number`, `nz-number`, `number64`, without leading zeros.
    quint32 number();
    quint32 nzNumber();
    quint64 number64();
    // RFC 3501 `string`: also without the 8-bit octets that RFC 9051 allows between quotes, which
    // an IMAP4rev1 client does not expect.
    QByteArray string();
    NString nstring();
    QByteArray astring();
    QByteArray atom();
    QByteArray literal8(); // RFC 3516: any octet

private:
    QByteArray quoted();
    QByteArray literal();
    QByteArray literalOctets();

    QByteArrayView m_text;
    Revision m_revision;
    qsizetype m_position = 0;
    QString m_error;
};

} // namespace Postnook::Grammar
