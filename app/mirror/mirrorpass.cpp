#include "app/mirror/mirrorpass.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// Errors of one mailbox, with which the others have nothing to do.
bool isOfOneMailbox(const Error &error)
{
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::Invalid
        || error.code == ErrorCode::AlreadyExists || error.code == ErrorCode::Limit;
}

QHash<SpecialUse, MailboxName> holdersIn(const QList<LocalAccount::Mailbox> &mailboxes)
{
    QHash<SpecialUse, MailboxName> holders;
    for (const LocalAccount::Mailbox &mailbox : mailboxes) {
        if (mailbox.use != SpecialUse::None) {
            holders.insert(mailbox.use, mailbox.name);
        }
    }
    return holders;
}

// Those with a special use choose their names first.
QList<qsizetype> namingOrder(const QList<RemoteMailbox> &mailboxes)
{
    QList<qsizetype> order;
    for (qsizetype i = 0; i < mailboxes.size(); ++i) {
        order.append(i);
    }
    std::stable_partition(order.begin(), order.end(), [&mailboxes](qsizetype i) {
        return mailboxes.at(i).use != SpecialUse::None;
    });
    return order;
}

} // namespace

MailboxReport &MirrorResults::reportFor(const QByteArray &id)
{
    auto index = m_ids.indexOf(id);
    if (index < 0) {
        index = m_ids.size();
        m_ids.append(id);
        m_reports.append(MailboxReport());
    }
    return m_reports[index];
}

qint64 MirrorResults::progressMade() const
{
    qint64 made = m_done.size();
    for (const MailboxReport &report : m_reports) {
        made += report.fetched + report.found + report.flagged + report.deleted;
    }
    return made;
}

MirrorPass::MirrorPass(const MirrorRequest &request,
                       const RemoteIdentity &identity,
                       const Sides &sides,
                       MirrorResults *results)
    : m_request(request)
    , m_identity(identity)
    , m_remote(sides.server)
    , m_local(sides.local)
    , m_store(sides.local, identity)
    , m_progress(sides.progress)
    , m_results(*results)
{
}

Result<void> MirrorPass::run()
{
    if (auto looked = look(); !looked) {
        return looked;
    }
    nameCopies();
    QSet<QByteArray> there;
    for (const RemoteMailbox &mailbox : std::as_const(m_there)) {
        there.insert(m_identity.idOf(mailbox.wireName));
        if (auto done = mirror(mailbox); !done) {
            return done;
        }
    }
    for (const MirrorCopy &copy : std::as_const(m_copies)) {
        if (there.contains(copy.id)) {
            continue;
        }
        if (auto done = onGone(copy); !done) {
            return done;
        }
    }
    return {};
}

Result<void> MirrorPass::look()
{
    const auto there = m_remote.mailboxes();
    if (!there) {
        return there.error();
    }
    if (there->isEmpty()) { // there is an INBOX always: this must not look as if all were deleted
        return Error{ErrorCode::Unavailable, u"the remote server names no mailboxes at all"_s};
    }
    const auto here = m_local.mailboxes();
    if (!here) {
        return here.error();
    }
    const auto copies = m_store.copies(*here);
    if (!copies) {
        return copies.error();
    }
    m_there = *there;
    m_here = *here;
    m_copies = *copies;
    return {};
}

void MirrorPass::nameCopies()
{
    QList<MailboxName> taken;
    for (const MirrorCopy &copy : std::as_const(m_copies)) {
        if (!m_names.contains(copy.id)) { // a renamed INBOX leaves two (RFC 5464 4.1)
            m_names.insert(copy.id, copy.local);
        }
        taken.append(copy.local);
    }
    CopyNames naming(m_request.naming, holdersIn(m_here), taken);
    for (const qsizetype i : namingOrder(m_there)) {
        const RemoteMailbox &mailbox = m_there.at(i);
        const QByteArray id = m_identity.idOf(mailbox.wireName);
        if (!m_request.choice.takes(mailbox) || m_names.contains(id)) {
            continue;
        }
        const auto name = naming.nameFor(mailbox);
        if (name) {
            m_names.insert(id, *name);
            continue;
        }
        MailboxReport &report = m_results.reportFor(id);
        report.remote = mailbox.name();
        report.failure = name.error();
        m_results.setDone(id);
    }
}

bool MirrorPass::isHere(const MailboxName &name) const
{
    return std::any_of(m_here.begin(), m_here.end(), [&name](const LocalAccount::Mailbox &mailbox) {
        return mailbox.name == name;
    });
}

Result<void> MirrorPass::mirror(const RemoteMailbox &mailbox)
{
    const QByteArray id = m_identity.idOf(mailbox.wireName);
    if (!m_request.choice.takes(mailbox) || m_results.isDone(id)) {
        return {};
    }
    const MirrorCopy copy{m_names.value(id), id, mailbox.wireName, mailbox.name()};
    MailboxReport &report = m_results.reportFor(id);
    report.remote = mailbox.name();
    report.local = QString::fromUtf8(copy.local.utf8);
    const MailboxMirror::Parties parties{m_remote, m_local, m_store, m_progress, m_identity};
    const auto done =
        MailboxMirror(parties, mailbox, copy, isHere(copy.local), m_request.mode).run(&report);
    if (!done && !isOfOneMailbox(done.error())) {
        return done;
    }
    if (!done) {
        report.failure = done.error();
    }
    m_results.setDone(id);
    return {};
}

// The mailbox was deleted there, or has another name now. The copy stays unless told otherwise, and
// is an ordinary mailbox from then on.
Result<void> MirrorPass::onGone(const MirrorCopy &copy)
{
    RemoteMailbox gone;
    gone.levels = copy.mailboxName.split(u'/');
    if (!m_request.choice.takes(gone) || m_results.isDone(copy.id)) {
        return {};
    }
    MailboxReport &report = m_results.reportFor(copy.id);
    report.remote = copy.mailboxName;
    report.local = QString::fromUtf8(copy.local.utf8);
    report.isGone = true;
    const auto done = m_request.mode.deletes ? deleteCopies(copy, &report)
        : m_request.mode.isDryRun            ? Result<void>()
                                             : m_store.forget(copy);
    if (!done) {
        return done;
    }
    m_results.setDone(copy.id);
    return {};
}

// The messages that are copies, and the mailbox if that leaves nothing in it.
Result<void> MirrorPass::deleteCopies(const MirrorCopy &copy, MailboxReport *report)
{
    const auto state = m_store.load(copy);
    if (!state) {
        return state.error();
    }
    const auto selected = m_local.select(copy.local);
    if (!selected) {
        return selected.error();
    }
    const QList<Uid> copies =
        selected->validity == state->localValidity ? copiesOf(*state) : QList<Uid>();
    report->deleted = copies.size();
    const bool isDryRun = m_request.mode.isDryRun;
    if (const auto removed = isDryRun ? Result<void>() : m_local.remove(copies); !removed) {
        return removed;
    }
    const auto uids = m_local.uids();
    if (!uids) {
        return uids.error();
    }
    const bool hasOthers = std::any_of(uids->begin(), uids->end(), [&copies](Uid uid) {
        return !std::binary_search(copies.begin(), copies.end(), uid);
    });
    const auto held = std::find_if(m_here.begin(), m_here.end(), [&copy](const auto &mailbox) {
        return mailbox.name == copy.local;
    });
    const bool hasUse = held != m_here.end() && held->use != SpecialUse::None;
    report->isDeleted = !hasOthers && !hasUse && copy.local.utf8 != "INBOX";
    if (isDryRun) {
        return {};
    }
    return report->isDeleted ? m_local.deleteMailbox(copy.local) : m_store.forget(copy);
}

} // namespace Postnook
