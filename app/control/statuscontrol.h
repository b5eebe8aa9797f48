#pragma once

#include "app/control/controlhandlers.h"
#include "storage/store.h"

#include <QObject>

namespace Postnook
{

// How it goes, as control requests:
// - status.server says whether a server runs: "isRunning" is false here, and the server has an
//   answer of its own (Server::status()).
// - status.account tells of one account ("name") its "mailboxes", "messages", their "bytes", and of
//   how many texts the search index "indexed" and how many are "waiting". Where the mail cannot be
//   opened or read, the reply has that as "trouble", for the others are still to be told of.
// Main thread; owned by whoever owns the storage.
class StatusControl : public QObject
{
    Q_OBJECT

public:
    explicit StatusControl(Storage &storage, QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    void account(const QJsonObject &request, const ControlDone &done);

    Storage &m_storage;
};

} // namespace Postnook
