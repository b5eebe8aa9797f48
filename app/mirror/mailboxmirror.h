#pragma once

#include "app/mirror/mirrorprogress.h"
#include "app/mirror/mirrorreport.h"
#include "app/mirror/mirrorstore.h"
#include "app/mirror/remoteaccount.h"

#include <QElapsedTimer>

namespace Postnook
{

struct MirrorMode {
    bool deletes = false; // here, what is gone there
    bool isDryRun = false; // nothing is changed
};

// Brings the copy of one mailbox to what the remote mailbox has: what is there and not here is
// fetched, flags that were changed there are changed here. Ended at any moment, it leaves whole
// messages, and goes on from there the next time: the import keys say which have come, and what
// could not be written down of them is found out by comparing.
class MailboxMirror
{
public:
    struct Parties {
        RemoteAccount &remote;
        LocalAccount &local;
        MirrorStore &store;
        MirrorProgress &progress;
        const RemoteIdentity &identity;
    };

    // All outlive this. `exists`: the copy's mailbox is there.
    MailboxMirror(const Parties &parties,
                  const RemoteMailbox &mailbox,
                  const MirrorCopy &copy,
                  bool exists,
                  const MirrorMode &mode);

    // What it has done so far stands in the report also after an error.
    Result<void> run(MailboxReport *report);

private:
    Result<void> openCopy();
    Result<void> followSubscription();
    Result<void> openRemote();
    Result<QList<Uid>> withKnownKeys(const QList<Uid> &uids);
    Result<void> recogniseCopies();
    Result<void> matchCopies(const QList<Uid> &candidates, const QList<Uid> &withKeys);
    Result<void> recordPairs(const QList<std::pair<Uid, Uid>> &pairs);
    Result<void> followFlags(const MirrorPlan &plan);
    Result<void> followDeletions(const MirrorPlan &plan);
    Result<void> fetch(const QList<Uid> &uids);
    Result<void> save();

    Parties m_parties;
    RemoteMailbox m_mailbox;
    MirrorCopy m_copy;
    bool m_exists;
    MirrorMode m_mode;
    MailboxReport *m_report = nullptr;

    MirrorState m_state;
    MirrorState m_saved;
    RemoteContents m_contents;
    bool m_isAnew = false; // nothing is remembered that would say what the UIDs stand for
    QHash<Uid, MessageFlags> m_flagsByCopy; // as remembered under an earlier UIDVALIDITY
};

} // namespace Postnook
