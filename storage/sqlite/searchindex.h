#pragma once

#include "storage/sqlite/mailreader.h"
#include "storage/sqlite/textblock.h"

#include <atomic>
#include <mutex>

namespace Postnook::Sqlite
{

// One account's search database: follows the contents of the mail database in the order of their
// ids. It holds nothing that the mail does not, so whatever is wrong with it, the file is made
// anew. Written by one background job at a time; connected to by any thread.
class SearchIndex
{
public:
    struct Connection {
        std::unique_ptr<Database> database; // in a transaction
        quint64 generation = 0;
    };

    // `onWork` is called, in any thread, when there is reason for a slice of work that mail is not.
    SearchIndex(QString path, QByteArray vfsName, SearchTexts texts, std::function<void()> onWork);
    ~SearchIndex();

    // Opens the file, and makes it anew unless it was made from this mail by these texts.
    Result<void> open(MailReader &mail);
    // Writes keys that wait, or adds a slice of what is not indexed yet; whether there may be more.
    Result<bool> addMore(MailReader &mail);
    // Drops texts that no message has any more, of some blocks behind `after`, which is moved on,
    // and the keys of mailboxes that are gone; whether there is more.
    Result<bool> dropForgotten(MailReader &mail, ContentId &after);
    // Makes the file smaller by some MiB of what is unused in it; whether there is more.
    Result<bool> giveBackSpace();
    // Moves the log into the database, if nobody is in the way.
    void checkpointFully();

    // Any thread: the next slices of work write them, unless many wait already.
    void keepKeys(MailboxId mailbox, int number, const QByteArray &keys);

    // For reading. Unavailable while the index is not to be trusted.
    Result<Connection> connect();
    bool isTrusted() const { return m_isTrusted; }
    bool isCurrent(quint64 generation) const { return m_generation == generation; }
    // Somebody met damage: nobody reads it any more, and the next slice makes it anew.
    void distrust();

private:
    struct Keys {
        MailboxId mailbox;
        int number = 0;
        QByteArray data;
    };
    struct LastBlock {
        ContentId id;
        TextBlock texts;
    };

    Result<void> startAfresh();
    Result<void> openFile();
    Result<void> removeFiles();
    Result<bool> isOf(MailReader &mail);
    Result<bool> writeKeys(); // of one column; whether one waited
    Result<bool> addSlice(MailReader &mail);
    Result<std::optional<IndexText>> makeText(MailReader &mail, const ContentRow &content);
    Result<LastBlock> lastBlock();
    Result<void> write(const LastBlock &block);
    Result<ContentId> upTo();
    Result<void> dropKeysOfGone(MailReader &mail);
    Result<void> dropTexts(ContentId block, const QList<ContentId> &forgotten);
    template <typename Change>
    auto inTransaction(Change change) -> std::invoke_result_t<Change &>;

    const QString m_path;
    const QByteArray m_vfsName;
    const SearchTexts m_texts;
    const std::function<void()> m_onWork;
    std::unique_ptr<Database> m_database; // of the background jobs
    int m_failures = 0; // of slices, one after the other, by damage
    std::atomic<bool> m_isTrusted = false;
    std::atomic<bool> m_isDamaged = false; // however whole it looks when it is opened
    std::atomic<quint64> m_generation = 0; // changes when readers have to connect again
    std::mutex m_keysMutex; // guards the next
    QList<Keys> m_keys; // to be written
    std::mutex m_connecting; // a reader's first look at the files, and their removal
};

} // namespace Postnook::Sqlite
