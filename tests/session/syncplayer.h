#pragma once

#include "synchistory.h"

#include <memory>
#include <vector>

namespace Postnook
{

// Plays a history on a server of its own.
class SyncPlayer
{
public:
    explicit SyncPlayer(const SyncHistory &history);

    // Empty when all caches were right all the time, else what was not.
    QByteArray play();
    QByteArray transcript() const { return m_transcript.text(); }

private:
    struct Truth {
        QByteArray name;
        QMap<quint32, SyncCache::Message> messages;
        QMap<quint32, quint64> expunged; // UID and MODSEQ
        quint64 historyFloor = 0;
    };

    void run(const SyncStep &step);
    void runServer(const SyncStep &step);
    void runOnline(SyncClient &client, const SyncStep &step);
    void runSelected(SyncClient &client, const SyncStep &step);
    void synchronise(SyncClient &client, const SyncStep &step);
    void append(SyncClient &client, const SyncStep &step);
    void store(SyncClient &client, const SyncStep &step);
    void fetch(SyncClient &client, const SyncStep &step);
    void search(SyncClient &client, const SyncStep &step);
    void finish();
    void settle();
    void barrier();
    void compareAll();
    void restart();
    void clean();
    std::shared_ptr<MailStore> mailStore();
    QMap<quint32, Truth> truth();
    void checkCovered(const QMap<quint32, Truth> &truth);
    static void checkCovered(SyncClient &client, const SyncCache &cache, const Truth &truth);
    static void compare(SyncClient &client, const QMap<quint32, Truth> &truth);
    void poll();
    bool isBusy() const;
    bool hasFault() const;

    SyncHistory m_history;
    SyncTranscript m_transcript;
    std::unique_ptr<DialogueServer> m_server;
    std::vector<std::unique_ptr<SyncClient>> m_clients;
    int m_connections = 0;
    QByteArray m_fault;
};

} // namespace Postnook
