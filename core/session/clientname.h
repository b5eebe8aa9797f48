#pragma once

#include <QByteArray>
#include <QString>

namespace Postnook
{

// What a mail program calls itself (RFC 2971): shown to people, and nothing else depends on it. Of
// a length that fits a line, without characters that would steer a terminal.
struct ClientName {
    QString name; // "Thunderbird"; empty: it did not say
    QString version;

    // "Thunderbird 128.4", or what there is of it.
    QString toString() const;

    friend bool operator==(const ClientName &, const ClientName &) = default;
};

// The pairs of an ID command that are about the program, as they come. Field names go without
// regard to case (RFC 2971 3.3).
void noteIdField(const QByteArray &field, const QByteArray &value, ClientName *client);

} // namespace Postnook
