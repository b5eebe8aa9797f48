#include "syncclient.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using Kind = SyncResponse::Kind;

constexpr int Patience = 5; // fetches of messages that were announced and do not come

QByteArray joined(const QList<quint32> &numbers)
{
    QByteArrayList parts;
    for (const quint32 number : numbers) {
        parts << QByteArray::number(number);
    }
    return parts.join(',');
}

quint32 lastKnown(const SyncCache &cache)
{
    const quint32 last = cache.messages.isEmpty() ? 0 : cache.messages.lastKey();
    return std::max(cache.unknownFrom - 1, last);
}

// Cuts off one line; literals in it become "".
std::optional<QByteArray> takeLine(QByteArray &buffer)
{
    QByteArray line;
    qsizetype from = 0;
    for (;;) {
        const auto end = buffer.indexOf("\r\n", from);
        if (end < 0) {
            return {};
        }
        QByteArray part = buffer.mid(from, end - from);
        from = end + 2;
        const auto brace = part.endsWith('}') ? part.lastIndexOf('{') : -1;
        if (brace < 0) {
            buffer.remove(0, from);
            return line + part;
        }
        from += part.mid(brace + 1, part.size() - brace - 2).toInt();
        if (from > buffer.size()) {
            return {};
        }
        line += part.first(brace) + "\"\"";
    }
}

} // namespace

void SyncTranscript::sent(int connection, const QByteArray &bytes)
{
    const QByteArray client = 'C' + QByteArray::number(connection);
    const QByteArray line = bytes.chopped(2);
    if (line.contains("\r\n")) {
        QByteArray escaped = bytes;
        escaped.replace('\\', "\\\\").replace("\r\n", "\\r\\n");
        m_lines << client + "- " + escaped;
    } else {
        m_lines << client + ": " + QByteArray(line).replace('\\', "\\\\");
    }
}

void SyncTranscript::received(int connection, const QByteArray &line)
{
    m_lines << 'S' + QByteArray::number(connection) + ": " + line;
}

SyncClient::SyncClient(int number, SyncMode mode, SyncTranscript &transcript)
    : m_name("client " + QByteArray::number(number))
    , m_mode(mode)
    , m_transcript(transcript)
{
}

void SyncClient::addFault(const QByteArray &fault)
{
    m_faults << m_name + " (C" + QByteArray::number(m_connection) + "): " + fault;
}

// --- The connection ------------------------------------------------------------------------------

void SyncClient::connect(DialogueServer &server, int connection)
{
    m_connection = connection;
    m_tag = 0;
    m_transport = server.connectPreauthenticated();
    m_transcript.note("# C" + QByteArray::number(connection) + " is " + m_name);
    if (m_mode == SyncMode::QResync) {
        m_queue.push_back({[] { return QByteArray("ENABLE QRESYNC"); }});
    }
}

void SyncClient::drop()
{
    if (isOnline()) {
        m_transcript.note('D' + QByteArray::number(m_connection) + ':');
        m_transport->clientCloses();
    }
    connectionLost();
}

void SyncClient::connectionLost()
{
    m_transport.clear();
    m_unread.clear();
    m_queue.clear();
    m_running.reset();
    m_runningText.clear();
    m_isIdling = m_isGreeted = false;
    m_selected.clear();
    m_cache = nullptr;
    m_numbers.clear();
    m_modSeqTold.reset();
    m_modSeqFetched = 0;
}

void SyncClient::poll()
{
    if (!isOnline()) {
        return;
    }
    m_unread += m_transport->takeOutput();
    while (const auto line = takeLine(m_unread)) {
        if (m_isGreeted) {
            read(*line);
        } else {
            m_isGreeted = line->startsWith("* PREAUTH ");
        }
    }
    pump();
}

void SyncClient::enqueue(Command command)
{
    m_queue.push_back(std::move(command));
}

void SyncClient::enqueueNext(Command command)
{
    m_queue.push_front(std::move(command));
}

void SyncClient::pump()
{
    if (!m_isGreeted || !isOnline()) {
        return;
    }
    if (m_isIdling && !m_queue.empty()) {
        m_isIdling = false;
        m_transcript.sent(m_connection, "DONE\r\n");
        m_transport->clientSends("DONE\r\n");
    }
    while (!m_running && !m_queue.empty()) {
        Command command = std::move(m_queue.front());
        m_queue.pop_front();
        const QByteArray text = command.text();
        if (text.isEmpty()) {
            continue;
        }
        m_running = std::move(command);
        m_runningText = text;
        m_runningTag = 't' + QByteArray::number(++m_tag);
        m_toldFlags.clear();
        const QByteArray bytes = m_runningTag + ' ' + text + "\r\n";
        m_transcript.sent(m_connection, bytes);
        m_transport->clientSends(bytes);
    }
}

void SyncClient::read(const QByteArray &line)
{
    m_transcript.received(m_connection, line);
    const auto response = parseSyncResponse(line);
    if (!response) {
        addFault("not by the grammar: " + line);
    } else if (response->kind == Kind::Tagged) {
        finish(*response, line);
    } else if (response->kind == Kind::Continuation) {
        m_isIdling = runs("IDLE");
    } else if (response->kind == Kind::Code) {
        applyCode(*response, line);
    } else if (response->kind != Kind::Other) {
        apply(*response, line);
    }
}

void SyncClient::finish(const SyncResponse &tagged, const QByteArray &line)
{
    if (!m_running || tagged.tag != m_runningTag) {
        addFault("a tag that is not running: " + line);
        return;
    }
    if (tagged.status == "BAD") {
        addFault("a good command is refused: " + m_runningText + " -> " + line);
    }
    if (tagged.code == "HIGHESTMODSEQ") {
        m_modSeqTold = tagged.argument.toULongLong();
        if (runs("CLOSE")) {
            addFault("HIGHESTMODSEQ on CLOSE: " + line);
        }
    }
    takeModSeq();
    const auto command = std::exchange(m_running, {});
    if (command->done) {
        command->done(tagged);
    }
    if (isSynchronised()) {
        settleNumbers();
    }
    m_runningText.clear();
}

// --- Synchronising -------------------------------------------------------------------------------

void SyncClient::synchronise(const QByteArray &mailbox, bool isReadOnly, ResyncForm form)
{
    enqueue({[=, this] { return selectText(mailbox, isReadOnly, form); },
             [=, this](const SyncResponse &tagged) { selectDone(tagged, form); }});
}

QByteArray SyncClient::selectText(const QByteArray &mailbox, bool isReadOnly, ResyncForm form)
{
    // Of what was selected before, the next word is CLOSED.
    m_isSynchronised = false;
    m_fetchesOfUnknown = 0;
    m_modSeqOfSelect = 0;
    const bool hadMailbox = !m_selected.isEmpty();
    m_selected = mailbox;
    m_cache = hadMailbox ? nullptr : &m_caches[mailbox];
    m_numbers.clear();
    const QByteArray text = (isReadOnly ? "EXAMINE " : "SELECT ") + mailbox;
    if (m_mode == SyncMode::CondStore) {
        return text + " (CONDSTORE)";
    }
    const SyncCache &known = m_caches[mailbox];
    if (m_mode == SyncMode::Plain || form == ResyncForm::FetchVanished
        || known.highestModSeq == 0) {
        return text;
    }
    QByteArray parameter =
        QByteArray::number(known.uidValidity) + ' ' + QByteArray::number(known.highestModSeq);
    const QList<quint32> uids = known.messages.keys();
    if (!uids.isEmpty()) {
        const quint32 last = lastKnown(known);
        if (form == ResyncForm::KnownUids) {
            parameter += ' ' + joined(uids);
        } else if (form == ResyncForm::KnownRange || form == ResyncForm::Sample) {
            parameter += " 1:" + QByteArray::number(last);
        } else if (form == ResyncForm::HalfKnown) {
            parameter += ' ' + joined(uids.first((uids.size() + 1) / 2));
        }
        if (form == ResyncForm::Sample || form == ResyncForm::SampleOnly) {
            parameter += sample();
        }
    }
    return text + " (QRESYNC (" + parameter + "))";
}

// Every third message of those known without a gap, and the last of them.
QByteArray SyncClient::sample() const
{
    const SyncCache &known = m_caches.find(m_selected).value();
    QList<quint32> numbers;
    QList<quint32> uids;
    quint32 number = 0;
    for (auto it = known.messages.begin();
         it != known.messages.end() && it.key() < known.unknownFrom;
         ++it) {
        ++number;
        const auto next = std::next(it);
        const bool isLast = next == known.messages.end() || next.key() >= known.unknownFrom;
        if (number % 3 == 1 || isLast) {
            numbers.append(number);
            uids.append(it.key());
        }
    }
    return numbers.isEmpty() ? QByteArray() : " (" + joined(numbers) + ' ' + joined(uids) + ')';
}

void SyncClient::selectDone(const SyncResponse &tagged, ResyncForm form)
{
    if (tagged.status != "OK") {
        m_selected.clear();
        m_cache = nullptr;
        m_numbers.clear();
        return;
    }
    if (m_cache == nullptr) {
        addFault("no CLOSED before the next mailbox");
        m_cache = &m_caches[m_selected];
        return;
    }
    if (m_modSeqOfSelect == 0) {
        addFault("no HIGHESTMODSEQ on opening " + m_selected);
    }
    const bool wasKnown = m_cache->highestModSeq != 0;
    switch (m_mode) {
    case SyncMode::Plain:
        enqueueNext({[] { return QByteArray("UID FETCH 1:* FLAGS"); },
                     [this](const SyncResponse &) { synchronised(); }});
        return;
    case SyncMode::CondStore:
        searchAll();
        return;
    case SyncMode::QResync:
        if (wasKnown && (form == ResyncForm::FetchVanished || form == ResyncForm::HalfKnown)) {
            fetchChanges(true);
        } else {
            synchronised();
        }
    }
}

void SyncClient::searchAll()
{
    enqueueNext({[] { return QByteArray("UID SEARCH ALL"); },
                 [this](const SyncResponse &) { fetchChanges(false); }});
}

void SyncClient::fetchChanges(bool wantsVanished)
{
    enqueueNext({[=, this]() -> QByteArray {
                     if (m_cache->highestModSeq == 0) {
                         return "UID FETCH 1:* (FLAGS)";
                     }
                     return "UID FETCH 1:" + QByteArray::number(std::max(1U, lastKnown(*m_cache)))
                         + " (FLAGS) (CHANGEDSINCE " + QByteArray::number(m_cache->highestModSeq)
                         + (wantsVanished ? " VANISHED)" : ")");
                 },
                 [this](const SyncResponse &) { synchronised(); }});
}

void SyncClient::synchronised()
{
    m_isSynchronised = true;
    if (m_mode == SyncMode::Plain) {
        m_cache->messages.removeIf([this](QMap<quint32, SyncCache::Message>::iterator it) {
            return !m_numbers.contains(it.key());
        });
    } else {
        m_cache->highestModSeq = m_modSeqOfSelect;
    }
}

// Messages that were announced are fetched, those of the cache get their numbers.
void SyncClient::settleNumbers()
{
    const QList<quint32> known = m_cache->messages.keys();
    if (known.size() == m_numbers.size()) {
        for (qsizetype i = 0; i < known.size(); ++i) {
            if (m_numbers.at(i) != 0 && m_numbers.at(i) != known.at(i)) {
                addFault("message " + QByteArray::number(i + 1) + " is UID "
                         + QByteArray::number(m_numbers.at(i)) + ", in the cache it is "
                         + QByteArray::number(known.at(i)));
            }
        }
        m_numbers = known;
        m_cache->unknownFrom =
            std::max(m_cache->unknownFrom, known.isEmpty() ? 1 : known.last() + 1);
        m_fetchesOfUnknown = 0;
    } else if (known.size() > m_numbers.size()) {
        addFault("ghosts: the mailbox has " + QByteArray::number(m_numbers.size())
                 + " messages, the cache " + joined(known));
    } else if (m_queue.empty()) {
        fetchUnknown();
    }
}

void SyncClient::fetchUnknown()
{
    if (++m_fetchesOfUnknown > Patience) {
        addFault("messages that were announced cannot be fetched");
        return;
    }
    enqueue({[this]() -> QByteArray {
        const bool wantsModSeq = m_mode != SyncMode::Plain && m_tag % 2 == 0;
        return isSynchronised() ? "UID FETCH " + QByteArray::number(m_cache->unknownFrom)
                + (wantsModSeq ? ":* (FLAGS MODSEQ)" : ":* (FLAGS)")
                                : QByteArray();
    }});
}

// --- Commands that change a cache ----------------------------------------------------------------

void SyncClient::leave(const QByteArray &command)
{
    enqueue({[=, this] { return m_selected.isEmpty() ? QByteArray() : command; },
             [this](const SyncResponse &tagged) {
                 if (tagged.status == "OK") {
                     m_selected.clear();
                     m_cache = nullptr;
                     m_numbers.clear();
                 }
             }});
}

QByteArray SyncClient::setOf(const QList<quint32> &uids, bool byUid) const
{
    QList<quint32> members;
    for (const quint32 uid : uids) {
        if (const auto index = m_numbers.indexOf(uid); index >= 0) {
            members.append(byUid ? uid : static_cast<quint32>(index) + 1);
        }
    }
    return joined(members);
}

void SyncClient::store(const Store &store)
{
    enqueue({[=, this] {
                 const QByteArray set = setOf(store.uids, store.byUid);
                 const QByteArray modifier = store.unchangedSince
                     ? " (UNCHANGEDSINCE " + QByteArray::number(*store.unchangedSince) + ')'
                     : QByteArray();
                 return set.isEmpty() ? QByteArray()
                                      : (store.byUid ? "UID STORE " : "STORE ") + set + modifier
                         + ' ' + store.item + " (" + store.flags.join(' ') + ')';
             },
             [=, this](const SyncResponse &tagged) {
                 if (tagged.status == "OK" && store.item.endsWith(".SILENT")) {
                     applySilent(store, tagged);
                 }
             }});
}

// --- What the server says ------------------------------------------------------------------------

void SyncClient::apply(const SyncResponse &response, const QByteArray &line)
{
    if (m_cache == nullptr) {
        addFault("no mailbox is open: " + line);
        return;
    }
    switch (response.kind) {
    case Kind::Exists:
        if (static_cast<qsizetype>(response.number) < m_numbers.size()) {
            addFault("EXISTS shrinks: " + line);
        }
        m_numbers.resize(response.number);
        return;
    case Kind::Expunge:
        applyExpunge(response.number);
        return;
    case Kind::Vanished:
        applyVanished(response.uids);
        return;
    case Kind::VanishedEarlier:
        applyEarlier(response.uids);
        return;
    case Kind::Fetch:
        applyFetch(response, line);
        return;
    case Kind::Search:
        applySearch(response.uids);
        return;
    default:
        return;
    }
}

void SyncClient::applyCode(const SyncResponse &response, const QByteArray &line)
{
    if (response.code == "CLOSED") {
        if (m_cache != nullptr || m_selected.isEmpty()) {
            addFault("CLOSED, and no mailbox was open");
        }
        m_cache = &m_caches[m_selected];
    } else if (response.code == "UIDVALIDITY" && m_cache != nullptr) {
        const quint32 validity = response.argument.toUInt();
        if (m_cache->uidValidity != validity) {
            *m_cache = {};
            m_cache->uidValidity = validity;
        }
    } else if (response.code == "HIGHESTMODSEQ") {
        m_modSeqTold = response.argument.toULongLong();
        if (m_mode == SyncMode::Plain && !runs("SELECT") && !runs("EXAMINE")) {
            addFault("HIGHESTMODSEQ, and nobody asked: " + line);
        }
    } else if (response.status == "BYE") {
        addFault("the server hangs up: " + line);
    }
}

void SyncClient::applyExpunge(quint32 number)
{
    if (m_mode == SyncMode::QResync) {
        addFault("EXPUNGE after ENABLE QRESYNC");
    }
    if (runs("FETCH") || runs("STORE") || runs("SEARCH")) {
        addFault("EXPUNGE in " + m_runningText);
    }
    if (number < 1 || static_cast<qsizetype>(number) > m_numbers.size()) {
        addFault("EXPUNGE out of range: " + QByteArray::number(number));
        return;
    }
    m_cache->messages.remove(m_numbers.takeAt(number - 1));
}

void SyncClient::applyVanished(const QList<quint32> &uids)
{
    if (m_mode != SyncMode::QResync) {
        addFault("VANISHED without ENABLE QRESYNC");
    }
    if (runs("FETCH") || runs("STORE") || runs("SEARCH")) {
        addFault("VANISHED in " + m_runningText);
    }
    for (const quint32 uid : uids) {
        if (!m_numbers.removeOne(uid) && !removeUnknown(uid)) {
            addFault("VANISHED of a UID the session never had: " + QByteArray::number(uid));
        }
        m_cache->messages.remove(uid);
    }
}

// Takes away a message that has been announced and whose UID may be this one.
bool SyncClient::removeUnknown(quint32 uid)
{
    qsizetype unknown = -1;
    for (qsizetype i = 0; i < m_numbers.size() && m_numbers.at(i) < uid; ++i) {
        unknown = m_numbers.at(i) == 0 ? i : -1;
    }
    if (unknown >= 0) {
        m_numbers.removeAt(unknown);
    }
    return unknown >= 0;
}

void SyncClient::applyEarlier(const QList<quint32> &uids)
{
    for (const quint32 uid : uids) {
        if (m_numbers.contains(uid)) {
            addFault("VANISHED (EARLIER) of a message that is there: " + QByteArray::number(uid));
        }
        m_cache->messages.remove(uid);
    }
}

void SyncClient::applyFetch(const SyncResponse &response, const QByteArray &line)
{
    if (response.number < 1 || static_cast<qsizetype>(response.number) > m_numbers.size()) {
        addFault("number out of range: " + line);
        return;
    }
    const bool isAsked = runs("FETCH") || runs("UID FETCH");
    if (m_mode != SyncMode::Plain && response.flags && !isAsked
        && (!response.uid || !response.modSeq)) {
        addFault("flags without UID and MODSEQ: " + line); // RFC 7162 3.2.4
    }
    const auto index = static_cast<qsizetype>(response.number) - 1;
    if (response.uid && !applyUid(index, *response.uid)) {
        addFault("not the UID of that number: " + line);
        return;
    }
    m_modSeqFetched = std::max(m_modSeqFetched, response.modSeq.value_or(0));
    if (const quint32 uid = m_numbers.at(index); uid != 0) {
        applyFlags(uid, response, line);
    }
}

bool SyncClient::applyUid(qsizetype index, quint32 uid)
{
    if (m_numbers.at(index) != 0) {
        return m_numbers.at(index) == uid;
    }
    for (qsizetype i = 0; i < m_numbers.size(); ++i) {
        const quint32 other = m_numbers.at(i);
        if (other != 0 && (i < index ? other >= uid : other <= uid)) {
            return false;
        }
    }
    m_numbers[index] = uid;
    return true;
}

void SyncClient::applyFlags(quint32 uid, const SyncResponse &response, const QByteArray &line)
{
    const bool isKnown = m_cache->messages.contains(uid);
    if (!response.flags && !isKnown) {
        return; // not worth an entry yet
    }
    SyncCache::Message &message = m_cache->messages[uid];
    if (response.modSeq) {
        if (*response.modSeq < message.modSeq) {
            addFault("MODSEQ goes down from " + QByteArray::number(message.modSeq) + ": " + line);
        }
        if (message.hasFlagsOfModSeq && *response.modSeq == message.modSeq && response.flags
            && *response.flags != message.flags) {
            addFault("other flags than " + message.flags.join(' ')
                     + " though the MODSEQ is the same: " + line);
        }
        message.hasFlagsOfModSeq =
            response.flags || (message.hasFlagsOfModSeq && message.modSeq == *response.modSeq);
        message.modSeq = *response.modSeq;
    }
    if (response.flags) {
        message.flags = *response.flags;
        m_toldFlags.insert(uid);
    }
}

void SyncClient::applySearch(const QList<quint32> &uids)
{
    if (m_runningText != "UID SEARCH ALL") {
        return;
    }
    if (uids.size() != m_numbers.size()) {
        addFault("UID SEARCH ALL finds " + QByteArray::number(uids.size()) + " of "
                 + QByteArray::number(m_numbers.size()) + " messages");
        return;
    }
    for (qsizetype i = 0; i < uids.size(); ++i) {
        if (!applyUid(i, uids.at(i))) {
            addFault("UID SEARCH ALL has another UID for number " + QByteArray::number(i + 1));
        }
    }
    m_cache->messages.removeIf(
        [&](QMap<quint32, SyncCache::Message>::iterator it) { return !uids.contains(it.key()); });
}

// RFC 9051 6.4.6. Where flags were told meanwhile, they are newer.
void SyncClient::applySilent(const Store &store, const SyncResponse &end)
{
    QList<quint32> left;
    if (end.code == "MODIFIED") {
        left = parseNumberSet(end.argument).value_or(QList<quint32>());
        for (quint32 &number : left) {
            number = store.byUid ? number : m_numbers.value(number - 1);
        }
    }
    for (const quint32 uid : store.uids) {
        if (left.contains(uid) || m_toldFlags.contains(uid) || !m_cache->messages.contains(uid)) {
            continue;
        }
        SyncCache::Message &message = m_cache->messages[uid];
        message.flags.removeIf([&](const QByteArray &flag) {
            return store.item.startsWith("FLAGS") || store.flags.contains(flag);
        });
        if (!store.item.startsWith('-')) {
            message.flags += store.flags;
        }
        std::sort(message.flags.begin(), message.flags.end());
        message.hasFlagsOfModSeq = true;
    }
}

// RFC 7162 section 6: HIGHESTMODSEQ counts, lower or not; without it the highest MODSEQ of FETCH;
// neither before the tagged response has come.
void SyncClient::takeModSeq()
{
    const auto told = std::exchange(m_modSeqTold, {});
    const auto fetched = std::exchange(m_modSeqFetched, 0);
    if (m_cache == nullptr || m_mode == SyncMode::Plain) {
        m_modSeqOfSelect = told.value_or(m_modSeqOfSelect);
        return;
    }
    if (!m_isSynchronised) {
        m_modSeqOfSelect = told.value_or(m_modSeqOfSelect);
    } else if (told) {
        m_cache->highestModSeq = *told;
    } else {
        m_cache->highestModSeq = std::max(m_cache->highestModSeq, fetched);
    }
}

} // namespace Postnook
