#include "app/mirror/mailboxmirror.h"

#include "app/mirror/messagefetcher.h"

#include <QSet>

#include <algorithm>
#include <utility>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype KeysTogether = 500; // 34 KB, half of the line that a session takes
// What a kill costs is to compare the messages of so long; a save costs a commit.
constexpr qint64 SaveIntervalMs = 2'000;
// Of the time that saving a large state takes: it must not become what the run does.
constexpr qint64 SaveShare = 20;

} // namespace

MailboxMirror::MailboxMirror(const Parties &parties,
                             const RemoteMailbox &mailbox,
                             const MirrorCopy &copy,
                             bool exists,
                             const MirrorMode &mode)
    : m_parties(parties)
    , m_mailbox(mailbox)
    , m_copy(copy)
    , m_exists(exists)
    , m_mode(mode)
{
}

Result<void> MailboxMirror::run(MailboxReport *report)
{
    m_report = report;
    auto done = openCopy().and_then([this] { return openRemote(); }).and_then([this] {
        return recogniseCopies();
    });
    if (!done) {
        return done;
    }
    const MirrorPlan plan = planMirror(m_state, m_contents);
    // Flags first: those of what is fetched are newer than those told when the mailbox was opened.
    done = followFlags(plan).and_then([&] { return fetch(plan.fresh); }).and_then([&] {
        return followDeletions(plan);
    });
    if (!done) {
        return done;
    }
    m_state.remoteModSeq = m_contents.modSeq;
    return save();
}

Result<void> MailboxMirror::openCopy()
{
    if (!m_exists) {
        m_report->isMade = true;
        if (m_mode.isDryRun) {
            return {};
        }
        if (auto made = m_parties.local.create(m_copy.local, m_mailbox.use);
            !made && made.error().code != ErrorCode::AlreadyExists) {
            return made;
        }
    }
    const auto selected = m_parties.local.select(m_copy.local);
    if (!selected) {
        return selected.error();
    }
    const auto remembered = m_parties.store.load(m_copy);
    if (!remembered) {
        return remembered.error();
    }
    m_saved = *remembered;
    m_state = *remembered;
    if (m_state.localValidity != selected->validity) {
        // Another mailbox, or one of an earlier day: what was remembered is of other messages.
        m_state = {};
        m_state.isSubscribed = remembered->isSubscribed;
        m_state.localValidity = selected->validity;
    }
    return followSubscription();
}

// Only what changes there, so that a person can have it otherwise here.
Result<void> MailboxMirror::followSubscription()
{
    if (m_state.isSubscribed == m_mailbox.isSubscribed || m_mode.isDryRun) {
        return {};
    }
    m_state.isSubscribed = m_mailbox.isSubscribed;
    return m_parties.local.setSubscribed(m_copy.local, m_mailbox.isSubscribed);
}

Result<void> MailboxMirror::openRemote()
{
    const auto contents = m_parties.remote.open(m_mailbox, m_state);
    if (!contents) {
        return contents.error();
    }
    m_contents = *contents;
    if (m_state.remoteValidity == m_contents.validity) {
        return {};
    }
    m_isAnew = true;
    m_report->isAnew = m_state.remoteValidity != UidValidity(0);
    for (const MirroredMessage &message : std::as_const(m_state.messages)) {
        m_flagsByCopy.insert(message.local, message.flags);
    }
    m_state.messages.clear();
    m_state.remoteModSeq = ModSeq(0);
    m_state.remoteValidity = m_contents.validity;
    return {};
}

Result<QList<Uid>> MailboxMirror::withKnownKeys(const QList<Uid> &uids)
{
    QList<Uid> known;
    for (qsizetype from = 0; from < uids.size(); from += KeysTogether) {
        QByteArrayList keys;
        const auto some = uids.mid(from, KeysTogether);
        for (const Uid uid : some) {
            keys.append(mirrorKey(
                m_parties.identity.account(), m_mailbox.wireName, m_contents.validity, uid));
        }
        const auto found = m_parties.local.knownKeys(keys);
        if (!found) {
            return found.error();
        }
        const QSet<QByteArray> set(found->begin(), found->end());
        for (qsizetype i = 0; i < some.size(); ++i) {
            if (set.contains(keys.at(i))) {
                known.append(some.at(i));
            }
        }
    }
    return known;
}

// Messages that are here already and not remembered: those of a run that was cut off, and all of
// them when the server has new numbers for its messages, or nothing is remembered.
Result<void> MailboxMirror::recogniseCopies()
{
    const QList<Uid> fresh = planMirror(m_state, m_contents).fresh;
    const auto known = withKnownKeys(fresh);
    if (!known) {
        return known.error();
    }
    const auto &candidates = m_isAnew ? fresh : *known;
    if (candidates.isEmpty()) {
        return {};
    }
    if (const auto matched = matchCopies(candidates, *known); !matched) {
        return matched;
    }
    return save();
}

Result<void> MailboxMirror::matchCopies(const QList<Uid> &candidates, const QList<Uid> &withKeys)
{
    QList<Uid> unclaimed;
    if (m_exists) {
        const auto all = m_parties.local.uids();
        if (!all) {
            return all.error();
        }
        unclaimed = without(*all, copiesOf(m_state));
    }
    if (!unclaimed.isEmpty()) {
        const auto remote = m_parties.remote.traits(candidates);
        if (!remote) {
            return remote.error();
        }
        const auto local = m_parties.local.traits(unclaimed);
        if (!local) {
            return local.error();
        }
        if (const auto recorded = recordPairs(matchMessages(*remote, *local)); !recorded) {
            return recorded;
        }
    }
    for (const Uid uid : withKeys) {
        if (!m_state.messages.contains(uid)) {
            m_state.messages.insert(uid, {}); // it came, and the person has deleted or moved it
        }
    }
    return {};
}

Result<void> MailboxMirror::recordPairs(const QList<std::pair<Uid, Uid>> &pairs)
{
    QList<Uid> copies;
    for (const auto &[remote, local] : pairs) {
        copies.append(local);
    }
    std::sort(copies.begin(), copies.end());
    const auto flags = m_parties.local.flags(copies);
    if (!flags) {
        return flags.error();
    }
    for (const auto &[remote, local] : pairs) {
        const auto remembered = m_flagsByCopy.find(local);
        m_state.messages.insert(
            remote, {local, remembered != m_flagsByCopy.end() ? *remembered : flags->value(local)});
    }
    m_report->found += pairs.size();
    return {};
}

Result<void> MailboxMirror::followFlags(const MirrorPlan &plan)
{
    for (const FlagDifference &change : plan.flagChanges) {
        m_report->flagged += change.copies.size();
        if (m_mode.isDryRun) {
            continue;
        }
        if (auto changed = m_parties.local.changeFlags(change); !changed) {
            return changed;
        }
    }
    rememberFlags(m_contents, &m_state);
    return {};
}

Result<void> MailboxMirror::followDeletions(const MirrorPlan &plan)
{
    QList<Uid> copies;
    for (const Uid uid : plan.gone) {
        const MirroredMessage message = m_state.messages.take(uid);
        if (message.local != Uid(0)) {
            copies.append(message.local);
        }
    }
    std::sort(copies.begin(), copies.end());
    (m_mode.deletes ? m_report->deleted : m_report->kept) += copies.size();
    if (!m_mode.deletes || m_mode.isDryRun || copies.isEmpty()) {
        return {};
    }
    return m_parties.local.remove(copies);
}

Result<void> MailboxMirror::fetch(const QList<Uid> &uids)
{
    if (uids.isEmpty()) {
        return {};
    }
    if (m_mode.isDryRun) {
        m_report->fetched += uids.size();
        return {};
    }
    QElapsedTimer sinceSave;
    sinceSave.start();
    qint64 saveMs = 0;
    const auto onStored = [&](const QList<FetchedMessage> &messages, const QList<Uid> &copies) {
        if (copies.size() != messages.size()) {
            return Result<void>(); // another run took some of them: the next one compares
        }
        for (qsizetype i = 0; i < copies.size(); ++i) {
            m_state.messages.insert(messages.at(i).uid, {copies.at(i), messages.at(i).flags});
        }
        if (sinceSave.elapsed() < std::max(SaveIntervalMs, saveMs * SaveShare)) {
            return Result<void>();
        }
        sinceSave.restart();
        auto saved = save();
        saveMs = sinceSave.restart();
        return saved;
    };
    m_parties.progress.begin(m_report->remote, uids.size());
    auto fetched = MessageFetcher({m_parties.remote,
                                   m_parties.local,
                                   m_parties.progress,
                                   *m_report,
                                   m_copy.local,
                                   m_parties.identity.account(),
                                   m_mailbox.wireName,
                                   m_contents.validity,
                                   onStored})
                       .fetch(uids);
    m_parties.progress.end();
    if (!fetched && m_parties.local.isUsable()) {
        static_cast<void>(save()); // what has come need not be compared
    }
    return fetched;
}

Result<void> MailboxMirror::save()
{
    if (m_mode.isDryRun || m_state == m_saved) {
        return {};
    }
    auto saved = m_parties.store.save(m_copy, m_state);
    if (saved) {
        m_saved = m_state;
    }
    return saved;
}

} // namespace Postnook
