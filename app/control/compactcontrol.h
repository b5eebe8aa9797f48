#pragma once

#include "app/control/controlhandlers.h"
#include "storage/store.h"

#include <QObject>

namespace Postnook
{

// The control request "compact": gives some more of the room that an account does not need back to
// the disk, after a look for what it needs no longer, if it "begins". The reply says whether that
// "isDone", and then, as when it begins, the "sizeBytes" of all that the account has on disk. Main
// thread; owned by whoever owns the storage.
class CompactControl : public QObject
{
    Q_OBJECT

public:
    explicit CompactControl(Storage &storage, QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    void compact(const QJsonObject &request, const ControlDone &done);

    Storage &m_storage;
};

} // namespace Postnook
