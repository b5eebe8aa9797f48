#pragma once

#include "storage/result.h"
#include "tests/grammar/responselexer.h"

#include <QByteArrayView>
#include <QList>

#include <optional>
#include <utility>

namespace Postnook::Grammar
{

struct ListResponse {
    QByteArrayList attributes;
    std::optional<char> separator;
    QByteArray mailbox; // as on the wire
    std::optional<QByteArray> oldName; // RFC 5465 5.4, RFC 9051 6.3.9.7
    QByteArrayList childInfo; // RFC 5258 4
};

struct StatusResponse {
    QByteArray mailbox;
    QList<std::pair<QByteArray, quint64>> items; // names in upper case; MAILBOXID counts as 0
};

// Each a line with its CRLF: RFC 9051 `mailbox-list` and `mailbox-data` of STATUS, with the
// extended data of RFC 5258 and RFC 5465. An error says where and why.
Result<ListResponse> parseList(QByteArrayView line, Revision revision = Revision::Rev2);
Result<StatusResponse> parseStatus(QByteArrayView line, Revision revision = Revision::Rev2);
// The event names of "BADEVENT (...)" (RFC 5465 8).
Result<QByteArrayList> parseBadEvent(QByteArrayView code);

} // namespace Postnook::Grammar
