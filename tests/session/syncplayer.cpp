#include "syncplayer.h"

#include <QCoreApplication>

#include <algorithm>

namespace Postnook
{

namespace
{

using Kind = SyncStep::Kind;

const QByteArrayList Mailboxes{"INBOX", "A", "B", "C"};
const QByteArrayList Flags{
    "\\Deleted", "\\Deleted", "\\Seen", "\\Flagged", "\\Answered", "\\Draft", "Work", "Home"};

// INBOX and A are where most happens.
const QByteArray &mailboxOf(quint32 number)
{
    constexpr int Places[] = {0, 0, 0, 1, 1, 1, 1, 2, 2, 3};
    return Mailboxes.at(Places[number % std::size(Places)]);
}

// One to three neighbours of those the client has UIDs of.
QList<quint32> pick(const SyncClient &client, quint32 number)
{
    QList<quint32> known = client.numbers();
    known.removeAll(0);
    if (known.isEmpty()) {
        return {};
    }
    const auto first = static_cast<qsizetype>(number) % known.size();
    return known.mid(first, 1 + (number >> 16) % 3);
}

QByteArrayList flagsOf(quint32 number)
{
    QByteArrayList flags{Flags.at(static_cast<qsizetype>(number) % Flags.size())};
    const QByteArray &second = Flags.at(static_cast<qsizetype>(number >> 8) % Flags.size());
    if ((number >> 16) % 3 == 0 && !flags.contains(second)) {
        flags.append(second);
    }
    return flags;
}

QByteArrayList flagsOf(const MessageFlags &flags)
{
    static constexpr std::pair<SystemFlag, const char *> Names[] = {
        {SystemFlag::Seen, "\\Seen"},
        {SystemFlag::Answered, "\\Answered"},
        {SystemFlag::Flagged, "\\Flagged"},
        {SystemFlag::Deleted, "\\Deleted"},
        {SystemFlag::Draft, "\\Draft"},
    };
    QByteArrayList list = flags.keywords;
    for (const auto &[flag, name] : Names) {
        if (flags.system.testFlag(flag)) {
            list.append(name);
        }
    }
    std::sort(list.begin(), list.end());
    return list;
}

QByteArray describe(const QMap<quint32, SyncCache::Message> &messages)
{
    QByteArrayList list;
    for (auto it = messages.begin(); it != messages.end(); ++it) {
        list << QByteArray::number(it.key()) + " (" + it->flags.join(' ') + ')';
    }
    return list.isEmpty() ? "nothing" : list.join(", ");
}

} // namespace

// --- Playing -------------------------------------------------------------------------------------

SyncPlayer::SyncPlayer(const SyncHistory &history)
    : m_history(history)
{
    DialogueServer::Setup setup;
    setup.undeleteRetentionSeconds = 60;
    setup.syncHistorySeconds = 60;
    m_server = std::make_unique<DialogueServer>(setup);
    for (const SyncMode mode : history.clients) {
        m_clients.push_back(std::make_unique<SyncClient>(
            static_cast<int>(m_clients.size()) + 1, mode, m_transcript));
    }
}

QByteArray SyncPlayer::play()
{
    for (const SyncStep &step : std::as_const(m_history.steps)) {
        run(step);
        if (hasFault()) {
            break;
        }
    }
    if (!hasFault()) {
        finish();
    }
    QByteArrayList faults{m_fault};
    for (const auto &client : m_clients) {
        faults += client->faults();
    }
    faults.removeAll(QByteArray());
    return faults.join('\n');
}

void SyncPlayer::run(const SyncStep &step)
{
    runServer(step);
    SyncClient &client = *m_clients.at(static_cast<size_t>(step.client));
    if (step.kind == Kind::Synchronise) {
        synchronise(client, step);
    } else if (step.kind == Kind::Drop) {
        client.drop();
    } else if (client.isOnline()) {
        runOnline(client, step);
        if (!client.selected().isEmpty()) {
            runSelected(client, step);
        }
    }
    poll();
    if (step.waits && !DialogueServer::runUntil([&] {
            poll();
            return !client.isBusy() || hasFault();
        })) {
        client.addFault("waits for ever");
    }
}

void SyncPlayer::runServer(const SyncStep &step)
{
    switch (step.kind) {
    case Kind::Turn:
        for (quint32 i = 0; i <= step.a % 4; ++i) {
            QCoreApplication::processEvents();
            poll();
        }
        return;
    case Kind::Settle:
        settle();
        checkCovered(truth());
        return;
    case Kind::Compare:
        compareAll();
        return;
    case Kind::Restart:
        restart();
        return;
    case Kind::Clean:
        clean();
        return;
    default:
        return;
    }
}

void SyncPlayer::synchronise(SyncClient &client, const SyncStep &step)
{
    if (!client.isOnline()) {
        client.connectionLost();
        client.connect(*m_server, ++m_connections);
    }
    client.synchronise(
        mailboxOf(step.a), step.b % 10 == 0, static_cast<ResyncForm>(step.c % ResyncForms));
}

void SyncPlayer::runOnline(SyncClient &client, const SyncStep &step)
{
    const auto say = [&client](const QByteArray &text) {
        client.enqueue({[text] { return text; }});
    };
    switch (step.kind) {
    case Kind::Append:
        append(client, step);
        return;
    case Kind::Create:
        say("CREATE " + Mailboxes.at(1 + static_cast<qsizetype>(step.a) % 3));
        return;
    case Kind::Rename:
        if (const auto from = mailboxOf(step.a), to = Mailboxes.at(1 + step.b % 3); from != to) {
            say("RENAME " + from + ' ' + to);
        }
        return;
    case Kind::Noop:
        say("NOOP");
        return;
    case Kind::Idle:
        client.idle();
        return;
    default:
        return;
    }
}

void SyncPlayer::append(SyncClient &client, const SyncStep &step)
{
    const QByteArray flags = step.b % 2 == 0 ? QByteArray() : flagsOf(step.c).join(' ');
    const QByteArray text = "APPEND " + mailboxOf(step.a) + " (" + flags + ") {1+}\r\nx";
    client.enqueue({[text] { return text; }});
}

void SyncPlayer::runSelected(SyncClient &client, const SyncStep &step)
{
    const auto uids = pick(client, step.a);
    const bool byUid = step.b % 2 == 0;
    const QByteArray prefix = byUid ? "UID " : "";
    const auto onSet = [&](const QByteArray &command, const QByteArray &rest) {
        client.enqueue({[=, &client] {
            const QByteArray set = client.setOf(uids, command.startsWith("UID "));
            return set.isEmpty() ? QByteArray() : command + ' ' + set + rest;
        }});
    };
    switch (step.kind) {
    case Kind::Close:
        client.leave("CLOSE");
        return;
    case Kind::Unselect:
        client.leave("UNSELECT");
        return;
    case Kind::Store:
        store(client, step);
        return;
    case Kind::Expunge:
        client.enqueue(
            {[&client] { return QByteArray(client.selected().isEmpty() ? "" : "EXPUNGE"); }});
        return;
    case Kind::UidExpunge:
        onSet("UID EXPUNGE", {});
        return;
    case Kind::Copy:
        onSet(prefix + "COPY", ' ' + mailboxOf(step.c));
        return;
    case Kind::Move:
        onSet(prefix + "MOVE", ' ' + mailboxOf(step.c));
        return;
    case Kind::Fetch:
        fetch(client, step);
        return;
    case Kind::Search:
        search(client, step);
        return;
    default:
        return;
    }
}

void SyncPlayer::store(SyncClient &client, const SyncStep &step)
{
    SyncClient::Store store;
    store.uids = pick(client, step.a);
    store.byUid = step.b % 2 == 0;
    store.flags = flagsOf(step.c);
    store.item = QByteArrayList{"+FLAGS", "+FLAGS", "-FLAGS", "FLAGS"}.at((step.b >> 4) % 4);
    store.item += (step.b >> 8) % 2 == 0 ? ".SILENT" : "";
    if (client.mode() != SyncMode::Plain && (step.b >> 12) % 3 == 0) {
        const quint64 modSeq = client.isSynchronised() ? client.cache().highestModSeq : 1;
        store.unchangedSince = modSeq - (modSeq > 1 ? (step.b >> 16) % 2 : 0);
    }
    client.store(store);
}

void SyncPlayer::fetch(SyncClient &client, const SyncStep &step)
{
    const auto uids = pick(client, step.a);
    const bool hasModSeq = client.mode() != SyncMode::Plain;
    const quint32 form = step.b % (hasModSeq ? 6 : 4);
    client.enqueue({[=, &client]() -> QByteArray {
        const QByteArray set = client.setOf(uids, form == 1);
        if (set.isEmpty()) {
            return {};
        }
        const QByteArray forms[] = {
            "FETCH " + set + " (UID FLAGS)",
            "UID FETCH " + set + " (FLAGS)",
            "FETCH " + set + " (UID BODY[HEADER.FIELDS (X)])", // sets \Seen
            "FETCH " + set + " FLAGS",
            "FETCH " + set + " (UID FLAGS MODSEQ)",
            "FETCH " + set + " (FLAGS) (CHANGEDSINCE " + QByteArray::number(1 + step.c % 20) + ')',
        };
        return forms[form];
    }});
}

void SyncPlayer::search(SyncClient &client, const SyncStep &step)
{
    const QByteArrayList forms{"UID SEARCH UNSEEN", "SEARCH 1:* FLAGGED", "SEARCH MODSEQ 5"};
    const QByteArray text = forms.at(step.b % (client.mode() == SyncMode::Plain ? 2 : 3));
    client.enqueue({[=, &client] {
        return client.numbers().isEmpty() || client.selected().isEmpty() ? QByteArray() : text;
    }});
}

// --- Waiting -------------------------------------------------------------------------------------

void SyncPlayer::poll()
{
    for (const auto &client : m_clients) {
        client->poll();
    }
}

bool SyncPlayer::isBusy() const
{
    return std::any_of(
        m_clients.begin(), m_clients.end(), [](const auto &client) { return client->isBusy(); });
}

bool SyncPlayer::hasFault() const
{
    return !m_fault.isEmpty()
        || std::any_of(m_clients.begin(), m_clients.end(), [](const auto &client) {
               return !client->faults().isEmpty();
           });
}

void SyncPlayer::settle()
{
    const bool isDone = DialogueServer::runUntil([&] {
        poll();
        return !isBusy() || hasFault();
    });
    if (!isDone) {
        m_fault = "a client waits for ever";
    }
    barrier();
}

// Also what clients that hung up began is done, and the server knows it.
void SyncPlayer::barrier()
{
    // A session that is gone begins no write any more.
    const auto online = std::count_if(
        m_clients.begin(), m_clients.end(), [](const auto &client) { return client->isOnline(); });
    const bool areGone = DialogueServer::runUntil(
        [&] { return m_server->service().sessionCount() <= static_cast<int>(online); });
    if (!areGone) {
        m_fault = "a session outlives its client";
    }
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    if (!await(mailStore()->write([](WriteTxn &) { return Result<void>(); }))) {
        m_fault = "the store takes no write";
    }
}

std::shared_ptr<MailStore> SyncPlayer::mailStore()
{
    const auto store = await(m_server->storage().mailStore(m_server->account().id));
    if (!store) {
        qFatal("no mail: %s", qPrintable(store.error().text));
    }
    return *store;
}

void SyncPlayer::restart()
{
    m_transcript.note("R:");
    m_server->restart();
    for (const auto &client : m_clients) {
        client->connectionLost();
    }
}

void SyncPlayer::clean()
{
    settle();
    m_server->advanceUtc(120);
    const auto store = mailStore(); // open even where nobody is online
    if (const auto cleaned = m_server->cleanNow(); !cleaned) {
        m_fault = "no cleaning: " + cleaned.error().text.toUtf8();
    }
    m_transcript.note("# the clock goes on; the server forgets what is expunged");
}

// --- Comparing -----------------------------------------------------------------------------------

QMap<quint32, SyncPlayer::Truth> SyncPlayer::truth()
{
    const auto read = [](ReadTxn &txn) -> Result<QMap<quint32, Truth>> {
        const auto mailboxes = txn.mailboxes();
        if (!mailboxes) {
            return mailboxes.error();
        }
        QMap<quint32, Truth> truth;
        for (const ListedMailbox &mailbox : *mailboxes) {
            const auto changes = txn.changesSince(mailbox.info.id, ModSeq(0));
            if (!changes) {
                return changes.error();
            }
            Truth &entry = truth[mailbox.info.uidValidity.value];
            entry.name = mailbox.info.name.utf8;
            entry.historyFloor = mailbox.info.historyFloor.value;
            for (const ChangedMessage &message : changes->changed) {
                entry.messages.insert(message.uid.value,
                                      {flagsOf(message.flags), message.modSeq.value, true});
            }
            for (const ExpungedMessage &message : changes->expunged) {
                entry.expunged.insert(message.uid.value, message.modSeq.value);
            }
        }
        return truth;
    };
    const auto truth = await(mailStore()->read(read));
    if (!truth) {
        qFatal("mail cannot be read: %s", qPrintable(truth.error().text));
    }
    return *truth;
}

// Of no change up to the MODSEQ it keeps may a client not have been told, be it offline or not.
void SyncPlayer::checkCovered(const QMap<quint32, Truth> &truth)
{
    for (const auto &client : m_clients) {
        for (const SyncCache &cache : client->caches()) {
            if (cache.highestModSeq != 0 && truth.contains(cache.uidValidity)) {
                checkCovered(*client, cache, truth[cache.uidValidity]);
            }
        }
    }
}

void SyncPlayer::checkCovered(SyncClient &client, const SyncCache &cache, const Truth &truth)
{
    const QByteArray known = " in " + truth.name + ", HIGHESTMODSEQ "
        + QByteArray::number(cache.highestModSeq) + ": UID ";
    for (auto it = truth.messages.begin(); it != truth.messages.end(); ++it) {
        if (it.key() >= cache.unknownFrom || it->modSeq > cache.highestModSeq) {
            continue;
        }
        const auto mine = cache.messages.find(it.key());
        if (mine == cache.messages.end() || mine->flags != it->flags) {
            client.addFault("was not told" + known + QByteArray::number(it.key()) + " is ("
                            + it->flags.join(' ') + "), MODSEQ " + QByteArray::number(it->modSeq));
        }
    }
    for (auto it = truth.expunged.begin(); it != truth.expunged.end(); ++it) {
        if (*it <= cache.highestModSeq && cache.messages.contains(it.key())) {
            client.addFault("was not told" + known + QByteArray::number(it.key())
                            + " is expunged, MODSEQ " + QByteArray::number(*it));
        }
    }
}

void SyncPlayer::compare(SyncClient &client, const QMap<quint32, Truth> &truth)
{
    if (!client.isSynchronised()) {
        return;
    }
    const SyncCache &cache = client.cache();
    if (!truth.contains(cache.uidValidity)) {
        client.addFault("no mailbox has the UIDVALIDITY of " + client.selected());
        return;
    }
    const Truth &real = truth[cache.uidValidity];
    if (client.numbers() != real.messages.keys()) {
        client.addFault("other numbers than the server's in " + client.selected());
    }
    const bool isSame = std::equal(cache.messages.keyValueBegin(),
                                   cache.messages.keyValueEnd(),
                                   real.messages.keyValueBegin(),
                                   real.messages.keyValueEnd(),
                                   [](const auto &mine, const auto &theirs) {
                                       return mine.first == theirs.first
                                           && mine.second.flags == theirs.second.flags;
                                   });
    if (!isSame) {
        client.addFault("the cache of " + client.selected() + " has " + describe(cache.messages)
                        + ", the server " + describe(real.messages));
    }
}

void SyncPlayer::compareAll()
{
    settle();
    for (const auto &client : m_clients) {
        if (client->isOnline()) {
            client->enqueue({[] { return QByteArray("NOOP"); }});
        }
    }
    settle();
    const auto real = truth();
    checkCovered(real);
    for (const auto &client : m_clients) {
        if (client->isOnline()) {
            compare(*client, real);
        }
    }
}

// All come online and look at everything.
void SyncPlayer::finish()
{
    compareAll();
    const auto real = truth();
    quint32 form = 0;
    for (const auto &client : m_clients) {
        for (const Truth &mailbox : real) {
            if (!Mailboxes.contains(mailbox.name) || hasFault()) {
                continue;
            }
            if (!client->isOnline()) {
                client->connectionLost();
                client->connect(*m_server, ++m_connections);
            }
            client->synchronise(mailbox.name, false, static_cast<ResyncForm>(form++ % ResyncForms));
            settle();
            compare(*client, real);
            if (!client->isSynchronised()) {
                client->addFault("cannot synchronise " + mailbox.name);
            }
        }
    }
}

} // namespace Postnook
