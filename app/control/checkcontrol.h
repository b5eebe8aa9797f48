#pragma once

#include "app/control/controlhandlers.h"
#include "storage/store.h"

#include <QObject>

namespace Postnook
{

// What can be checked in an account, as control requests:
// - check.rescan describes some more of the texts that an older scanner has described; the reply
//   says how many, and "after", where the next request goes on, unless it "isLast".
// - check.index indexes some more texts for search, "afresh" from the first; the reply says how far
//   the index has come and what it costs (SearchIndexState).
// - check.size says that without doing anything.
// Main thread; owned by whoever owns the storage.
class CheckControl : public QObject
{
    Q_OBJECT

public:
    explicit CheckControl(Storage &storage, QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    using Work = std::function<void(const std::shared_ptr<MailStore> &)>;

    void rescan(const QJsonObject &request, const ControlDone &done);
    void index(const QJsonObject &request, const ControlDone &done);
    void size(const QJsonObject &request, const ControlDone &done);
    // Opens the mail of the account that the request names.
    void withStore(const QJsonObject &request, const ControlDone &done, Work work);
    void scan(const std::shared_ptr<MailStore> &store, ContentId after, const ControlDone &done);

    Storage &m_storage;
};

} // namespace Postnook
