#pragma once

#include "storage/store.h"

#include <QList>

#include <optional>

namespace Postnook
{

struct WriteJob {
    MailStore::WriteFunction run;
    MailStore::DoneFunction done;
    WriteOptions options;
};

// What an engine does for the writer lane of one account. Called by one pool thread at a time.
class CommitEngine
{
public:
    virtual ~CommitEngine() = default;

    virtual std::optional<Error> begin() = 0;
    // Runs the job inside a savepoint; an error has undone the job and nothing else, unless
    // isOpen() is false afterwards.
    virtual std::optional<Error> run(const WriteJob &job) = 0;
    // False when an error has ended the transaction and with it all jobs since begin().
    virtual bool isOpen() const = 0;
    // What the jobs changed, once it survives power loss. After an error nothing was promised.
    virtual Result<QList<CommitNotice>> commit() = 0;
    virtual void rollback() = 0;
    // After OverQuota: whether there is room now that was not there, so that it is worth trying
    // again.
    virtual bool makeRoom() = 0;
    // After the results were handed out: time for a checkpoint.
    virtual void settle() = 0;
};

} // namespace Postnook
