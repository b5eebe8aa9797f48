#include "core/search/objectidsearch.h"

#include "core/wire/objectids.h"

namespace Postnook
{

namespace
{

using Kind = SearchKey::Kind;

// An id that is none of ours is no message's.
Result<QList<Uid>> uidsFor(ReadTxn &txn, const SearchKey &key, MailboxId mailbox)
{
    if (key.kind == Kind::InThread) {
        const auto thread = parseThreadObjectId(key.name);
        return thread ? txn.uidsInThread(mailbox, *thread) : QList<Uid>();
    }
    const auto email = parseEmailObjectId(key.name);
    return email ? txn.uidsOfText(mailbox, email->sha256Start, email->internalDate) : QList<Uid>();
}

} // namespace

Result<SearchProgram>
withObjectIdsFound(ReadTxn &txn, const SearchProgram &program, MailboxId mailbox)
{
    SearchProgram found = program;
    for (qsizetype i = 0; i < program.keys.size(); ++i) {
        const SearchKey &key = program.keys.at(i);
        if (key.kind != Kind::EmailId && key.kind != Kind::InThread) {
            continue;
        }
        const auto uids = uidsFor(txn, key, mailbox);
        if (!uids) {
            return uids.error();
        }
        found.keys[i] = {.kind = Kind::Uids, .set = SequenceSet::of(*uids)};
    }
    return found;
}

} // namespace Postnook
