#pragma once

#include "app/control/controlhandlers.h"
#include "app/control/knownaccount.h"
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
// - check.store gives the "faults" of the mail database itself.
// - check.texts looks at some more texts behind "after": the reply has the "faults" of those, how
//   many "texts" it saw, how many of them are "stale" in the search index, and goes on as
//   check.rescan does.
// - check.trigrams says whether the search index knows each text by all that is in it ("isSound");
//   if not, it is made anew.
// - check.repair makes a new mail database of what can be read (RepairReport), and ends the
//   account's sessions before.
// Main thread; owned by whoever owns the storage.
class CheckControl : public QObject
{
    Q_OBJECT

public:
    CheckControl(Storage &storage, EndSessions endSessions, QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    using Work = std::function<void(const std::shared_ptr<MailStore> &)>;

    void rescan(const QJsonObject &request, const ControlDone &done);
    void index(const QJsonObject &request, const ControlDone &done);
    void size(const QJsonObject &request, const ControlDone &done);
    void store(const QJsonObject &request, const ControlDone &done);
    void texts(const QJsonObject &request, const ControlDone &done);
    void trigrams(const QJsonObject &request, const ControlDone &done);
    void repair(const QJsonObject &request, const ControlDone &done);
    // Opens the mail of the account that the request names.
    void withStore(const QJsonObject &request, const ControlDone &done, Work work);
    void scan(const std::shared_ptr<MailStore> &store, ContentId after, const ControlDone &done);

    Storage &m_storage;
    EndSessions m_endSessions;
};

} // namespace Postnook
