#pragma once

#include "app/control/controlhandlers.h"
#include "storage/store.h"

#include <QObject>

namespace Postnook
{

// Bringing expunged messages back, as control requests:
// - undelete.list tells some more of those that can be brought back, removed "since" a time or
//   later (seconds since 1970 UTC), from the "mailbox" of this name, with "text" in From or
//   Subject; each as far as it is asked. The reply has the "messages", the newest removal first,
//   and "after", where the next request goes on, unless it "isLast".
// - undelete.restore brings those with the "uids" (ascending, some hundred) of the mailbox "id"
//   back, to where they were; when that is deleted, or when "isMoving", to the mailbox "to". The
//   reply says how many "messages" that were, and in which "mailbox" they are.
// Main thread; owned by whoever owns the storage.
class UndeleteControl : public QObject
{
    Q_OBJECT

public:
    explicit UndeleteControl(Storage &storage, QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    using Work = std::function<void(const std::shared_ptr<MailStore> &)>;

    void list(const QJsonObject &request, const ControlDone &done);
    void restore(const QJsonObject &request, const ControlDone &done);
    void withStore(const QJsonObject &request, const ControlDone &done, const Work &work);

    Storage &m_storage;
};

} // namespace Postnook
