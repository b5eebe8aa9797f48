#pragma once

#include "dialogueserver.h"
#include "syncresponse.h"

#include <QMap>
#include <QSet>

#include <deque>

namespace Postnook
{

enum class SyncMode { Plain, CondStore, QResync };

// How a client with QRESYNC asks for what it missed.
enum class ResyncForm {
    NothingKnown, // SELECT (QRESYNC (validity modseq))
    KnownUids, // … with exactly the UIDs it has
    KnownRange, // … with one range over them
    Sample, // … and a sample of numbers and UIDs
    SampleOnly,
    FetchVanished, // a plain SELECT, then UID FETCH (CHANGEDSINCE … VANISHED)
    HalfKnown, // of half of them by SELECT, the rest by UID FETCH
};
constexpr int ResyncForms = 7;

// What a client keeps of a mailbox while it is offline.
struct SyncCache {
    struct Message {
        QByteArrayList flags; // sorted, without \Recent
        quint64 modSeq = 0; // the newest told; 0 for none
        bool hasFlagsOfModSeq = false; // and not older ones
    };

    quint32 uidValidity = 0;
    quint64 highestModSeq = 0; // RFC 7162 section 6; 0 before the first synchronisation
    quint32 unknownFrom = 1; // all messages with a lower UID are known
    QMap<quint32, Message> messages;
};

// The conversation of a history, in the form of tests/session/dialogues.
class SyncTranscript
{
public:
    void sent(int connection, const QByteArray &bytes);
    void received(int connection, const QByteArray &line);
    void note(const QByteArray &line) { m_lines << line; }
    QByteArray text() const { return m_lines.join('\n'); }

private:
    QByteArrayList m_lines;
};

// A mail program with a cache that believes what it is told and nothing else, and looks for lies
// while it reads. Commands wait in a queue and are made into text when they are sent; one is on its
// way at a time. Nothing here waits: poll() reads what has come.
class SyncClient
{
public:
    struct Command {
        std::function<QByteArray()> text; // an empty one is not sent
        std::function<void(const SyncResponse &tagged)> done = {};
    };

    SyncClient(int number, SyncMode mode, SyncTranscript &transcript);

    void connect(DialogueServer &server, int connection);
    void drop(); // at once, whatever is on its way
    void connectionLost();
    void poll();
    bool isOnline() const { return m_transport && !m_transport->isClosed(); }
    bool isBusy() const { return isOnline() && (!m_queue.empty() || (m_running && !m_isIdling)); }
    bool isIdling() const { return m_isIdling; }

    SyncMode mode() const { return m_mode; }
    const QByteArray &selected() const { return m_selected; } // empty: no mailbox
    bool isSynchronised() const { return !m_selected.isEmpty() && m_isSynchronised; }
    const QMap<QByteArray, SyncCache> &caches() const { return m_caches; }
    const SyncCache &cache() const { return *m_cache; } // of the selected mailbox
    const QList<quint32> &numbers() const { return m_numbers; } // UIDs; 0: not told yet
    const QByteArrayList &faults() const { return m_faults; }
    void addFault(const QByteArray &fault);

    void enqueue(Command command);
    // Selects and makes the cache right.
    void synchronise(const QByteArray &mailbox, bool isReadOnly, ResyncForm form);
    void idle()
    {
        enqueue({[] { return QByteArray("IDLE"); }});
    }
    void leave(const QByteArray &command); // CLOSE, UNSELECT
    struct Store {
        QList<quint32> uids;
        bool byUid = false;
        std::optional<quint64> unchangedSince;
        QByteArray item; // "+FLAGS.SILENT"; the client knows what that does without being told
        QByteArrayList flags;
    };
    void store(const Store &store);
    // Those of the UIDs that are still there, as a set of UIDs or numbers; empty: none.
    QByteArray setOf(const QList<quint32> &uids, bool byUid) const;

private:
    void enqueueNext(Command command); // what belongs to the command that has just ended
    QByteArray selectText(const QByteArray &mailbox, bool isReadOnly, ResyncForm form);
    QByteArray sample() const;
    void selectDone(const SyncResponse &tagged, ResyncForm form);
    void searchAll();
    void fetchChanges(bool wantsVanished);
    void fetchUnknown();
    void synchronised();
    void settleNumbers();
    void pump();
    void read(const QByteArray &line);
    void apply(const SyncResponse &response, const QByteArray &line);
    void applyCode(const SyncResponse &response, const QByteArray &line);
    void applyExpunge(quint32 number);
    void applyVanished(const QList<quint32> &uids);
    void applyEarlier(const QList<quint32> &uids);
    void applyFetch(const SyncResponse &response, const QByteArray &line);
    bool applyUid(qsizetype index, quint32 uid);
    void applyFlags(quint32 uid, const SyncResponse &response, const QByteArray &line);
    void applySearch(const QList<quint32> &uids);
    void applySilent(const Store &store, const SyncResponse &end);
    void takeModSeq();
    void finish(const SyncResponse &tagged, const QByteArray &line);
    bool removeUnknown(quint32 uid);
    bool runs(const char *command) const { return m_runningText.startsWith(command); }

    QByteArray m_name;
    SyncMode m_mode;
    SyncTranscript &m_transcript;
    QPointer<MemoryTransport> m_transport;
    int m_connection = 0;
    int m_tag = 0;
    QByteArray m_unread;
    QByteArrayList m_faults;

    std::deque<Command> m_queue;
    std::optional<Command> m_running;
    QByteArray m_runningTag;
    QByteArray m_runningText;
    QSet<quint32> m_toldFlags; // while it runs
    bool m_isIdling = false;
    bool m_isGreeted = false;

    QMap<QByteArray, SyncCache> m_caches;
    QByteArray m_selected;
    SyncCache *m_cache = nullptr; // of m_selected
    QList<quint32> m_numbers;
    bool m_isSynchronised = false;
    int m_fetchesOfUnknown = 0;
    std::optional<quint64> m_modSeqTold; // HIGHESTMODSEQ since the last tagged response
    quint64 m_modSeqFetched = 0; // the highest of FETCH since then
    quint64 m_modSeqOfSelect = 0; // to be kept when the synchronisation is complete
};

} // namespace Postnook
