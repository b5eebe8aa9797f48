#pragma once

#include "app/export/exportsession.h"
#include "postnookprocess.h"

#include <QTest>

// What lies in an account of a running server, and how it gets there: over the control socket.
namespace Postnook::Test
{

struct StoredMessage {
    QByteArray mailbox;
    QByteArray flags; // sorted
    InternalDate date;
    QByteArray bytes;

    friend bool operator==(const StoredMessage &, const StoredMessage &) = default;
};

// By mailbox and UID. Fails the test where it cannot be read.
QList<StoredMessage> mailOf(const Home &home, const QString &account);

struct NewMail {
    QByteArray mailbox; // in modified UTF-7
    QByteArray flags; // "(\\Seen)"
    QByteArray date; // with its quotes
    QByteArray bytes;
};
// Makes the mailboxes as they are needed.
void addMail(const Home &home, const QString &account, const QList<NewMail> &mail);
// Commands as they are sent; each must succeed.
void runCommands(const Home &home, const QString &account, const QByteArrayList &commands);

} // namespace Postnook::Test
