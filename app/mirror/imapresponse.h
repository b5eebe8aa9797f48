#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace Postnook
{

// One response of an IMAP server as its client reads it (RFC 9051 section 7), literals inline but
// for those of BODY[], of which only the header stands there. Pure value.
struct ImapResponse {
    enum class Kind {
        Tagged, // ends a command
        Status, // untagged OK, NO, BAD, BYE or PREAUTH
        Data, // anything else that is untagged
        Continuation, // "+"
    };

    Kind kind = Kind::Data;
    QByteArray tag;
    QByteArray name; // in capitals: "OK", "FETCH"
    quint32 number = 0; // in front of the name: "* 12 EXISTS"
    QByteArray code; // in brackets behind a status: "UIDVALIDITY 3"
    QByteArray text; // of a status, for people
    QByteArray arguments; // of data: all that is behind the name and its space

    bool isOk() const { return name == "OK"; }
    bool isData(const char *which) const { return kind == Kind::Data && name == which; }
    // The first word of the code, in capitals.
    QByteArray codeName() const;
    // What is behind it.
    QByteArray codeArguments() const;
    // The server's text as it may be shown: one line, no control characters, not endless.
    QString words() const;
};

// Of one whole response without its line end. Invalid when it is none, in words.
Result<ImapResponse> parseImapResponse(QByteArrayView line);

// Text of a server's as it may be shown: one line, no control characters, at most 300 of them.
QString shownText(QByteArrayView text);

} // namespace Postnook
