#include "storage/sqlite/rowsalvage.h"

#include "storage/sqlite/contentstore.h"
#include "storage/sqlite/damagedtable.h"
#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/salvagetables.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QSet>

#include <algorithm>
#include <optional>

namespace Postnook::Sqlite
{

namespace
{

constexpr qint64 RowsPerCommit = 5000;
constexpr int PagesOfLog = 4096; // 16 MiB

// Copies the rows of one database into another that has the same tables and is empty.
class Salvage
{
public:
    Salvage(const SalvageParts &parts, Database &from, LostRows &lost, Database &to)
        : m_parts(parts)
        , m_from(from)
        , m_lostRows(lost)
        , m_to(to)
    {
    }

    Result<RepairReport> run()
    {
        return begin()
            .and_then([this] { return copyMailboxes(); })
            .and_then([this] { return copyNames(); })
            .and_then([this] { return copyContents(); })
            .and_then([this] { return copyBytesAlone(); })
            .and_then([this] { return copyMessages(); })
            .and_then([this] { return copySequences(); })
            .and_then([this] { return takeFilesAlone(); })
            .and_then([this] { return makeLostMailboxes(); })
            .and_then([this] { return mendKeywords(); })
            .and_then([this] { return recover(); })
            .and_then([this] { return ensureInbox(); })
            .and_then([this] { return count(); })
            .and_then([this] { return m_to.run("COMMIT"); })
            .transform([this] { return m_report; });
    }

private:
    using Visit = std::function<Result<void>(const Statement &)>;

    Result<void> begin()
    {
        // A fresh database has the usual mailboxes.
        return m_to.run("BEGIN IMMEDIATE")
            .and_then([this] { return m_to.run("DELETE FROM subscription"); })
            .and_then([this] { return m_to.run("DELETE FROM mailbox"); });
    }

    // Where it leads to some rows no longer, what is left of them too; a row may come twice.
    Result<int> readAll(const SalvagedTable &table, const Visit &visit)
    {
        const auto gaps = readDamagedTable(m_from, table.rows, table.seek, visit);
        Database *lost = gaps && *gaps > 0 ? m_lostRows.database() : nullptr;
        if (lost != nullptr) {
            if (auto read = readDamagedTable(*lost, table.rows, table.seek, visit); !read) {
                return read;
            }
        }
        return gaps;
    }

    // False: it is there already, or breaks a rule of the schema and is as good as lost.
    Result<bool> insert(Statement into, const Statement &row, int columns)
    {
        for (int i = 0; i < columns; ++i) {
            into.bindColumn(i + 1, row, i);
        }
        const auto inserted = into.run();
        if (!inserted && inserted.error().code != ErrorCode::Internal) {
            return inserted.error();
        }
        const bool isNew = inserted && m_to.changes() > 0;
        if (++m_rows % RowsPerCommit == 0) {
            const auto committed =
                m_to.run("COMMIT").and_then([this] { return m_to.run("BEGIN IMMEDIATE"); });
            if (!committed) {
                return committed.error();
            }
            if (m_to.walPages() > PagesOfLog) {
                m_to.checkpoint(Database::Checkpoint::Passive);
            }
        }
        return isNew;
    }

    // How many gaps there were.
    Result<int> copy(const SalvagedTable &table, const Visit &afterwards = {})
    {
        return readAll(table, [&](const Statement &row) -> Result<void> {
            const auto isNew = insert(m_to.statement(table.into), row, table.columns);
            if (!isNew) {
                return isNew.error();
            }
            return *isNew && afterwards ? afterwards(row) : Result<void>();
        });
    }

    Result<void> copyMailboxes()
    {
        return copy(Mailboxes).transform([this](int gaps) { note(gaps, "mailboxes"); });
    }

    // What stands beside the mail.
    Result<void> copyNames()
    {
        struct Table {
            const char *what;
            Sql forward;
            Sql backward;
            Sql into;
            int columns;
        };
        constexpr Table tables[] = {
            {"subscriptions",
             "SELECT name FROM subscription ORDER BY name",
             "SELECT name FROM subscription ORDER BY name DESC",
             "INSERT OR IGNORE INTO subscription (name) VALUES (?1)",
             1},
            {"counters",
             "SELECT name, value FROM counter ORDER BY name",
             "SELECT name, value FROM counter ORDER BY name DESC",
             "INSERT OR REPLACE INTO counter (name, value) VALUES (?1, ?2)",
             2},
            {"keywords of mailboxes",
             "SELECT mailbox_id, number, name FROM keyword ORDER BY mailbox_id, number",
             "SELECT mailbox_id, number, name FROM keyword ORDER BY mailbox_id DESC, number DESC",
             "INSERT OR IGNORE INTO keyword (mailbox_id, number, name) VALUES (?1, ?2, ?3)",
             3},
            {"keys of threads",
             "SELECT key, thread_id FROM thread_key ORDER BY key",
             "SELECT key, thread_id FROM thread_key ORDER BY key DESC",
             "INSERT OR IGNORE INTO thread_key (key, thread_id) VALUES (?1, ?2)",
             2},
            {"keys of imported messages",
             "SELECT key FROM import_key ORDER BY key",
             "SELECT key FROM import_key ORDER BY key DESC",
             "INSERT OR IGNORE INTO import_key (key) VALUES (?1)",
             1},
        };
        for (const Table &table : tables) {
            const auto gaps =
                readDamagedEnds(m_from, table.forward, table.backward, [&](const Statement &row) {
                    return insert(m_to.statement(table.into), row, table.columns)
                        .transform([](bool) {});
                });
            if (!gaps) {
                return gaps.error();
            }
            note(*gaps, table.what);
        }
        const auto sets = copy(KeywordSetRows);
        if (!sets) {
            return sets.error();
        }
        note(*sets, "sets of keywords");
        return copy(Annotations).transform([this](int gaps) { note(gaps, "annotations"); });
    }

    Result<void> copyContents()
    {
        return copy(Contents, [this](const Statement &row) { return checkText(row); })
            .transform([this](int gaps) { m_lostContents = gaps; });
    }

    // The text of a row just copied: with the row, in its file, or lost.
    Result<void> checkText(const Statement &row)
    {
        const qint64 id = row.integer(0);
        const QByteArray sha256 = row.bytes(1);
        if (!row.isNull(3)) {
            const QString name = QString::fromUtf8(row.view(3));
            m_knownFiles.insert(name);
            const auto found = digestOfFile(name);
            return found ? correct(id, sha256, found->first, found->second) : forgetContent(id);
        }
        const auto bytes = bytesOf(id);
        if (!bytes) {
            return forgetContent(id);
        }
        return m_to.run("INSERT INTO content_bytes (content_id, bytes) VALUES (?1, ?2)", id, *bytes)
            .and_then([&] { return correct(id, sha256, digestOf(*bytes), bytes->size()); });
    }

    std::optional<QByteArray> bytesOf(qint64 id)
    {
        constexpr Sql query("SELECT bytes FROM content_bytes WHERE content_id = ?1");
        if (auto row = m_from.statement(query, id); row.next()) {
            return row.bytes(0);
        }
        if (Database *lost = m_lostRows.database(); lost != nullptr) {
            if (auto row = lost->statement(query, id); row.next()) {
                return row.bytes(0);
            }
        }
        return std::nullopt;
    }

    // And its size; none where there is no such file.
    std::optional<std::pair<QByteArray, qint64>> digestOfFile(const QString &name) const
    {
        if (name.size() < 2) {
            return std::nullopt;
        }
        QFile file(contentPath(contentFolder(), name));
        QCryptographicHash hash(QCryptographicHash::Sha256);
        if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file)) {
            return std::nullopt;
        }
        return std::pair(hash.result(), file.size());
    }

    static QByteArray digestOf(QByteArrayView bytes)
    {
        return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    }

    Result<void> forgetContent(qint64 id)
    {
        ++m_report.lostTexts;
        return m_to.run("DELETE FROM content WHERE id = ?1", id);
    }

    // A row that does not fit its text any more; the text is left as it is.
    Result<void> correct(qint64 id, const QByteArray &known, const QByteArray &digest, qint64 size)
    {
        if (digest == known) {
            return {};
        }
        ++m_report.changedTexts;
        return m_to.run(
            "UPDATE OR IGNORE content SET sha256 = ?2, size = ?3 WHERE id = ?1", id, digest, size);
    }

    Result<void> addContent(const std::optional<qint64> &id,
                            const QByteArray &digest,
                            qint64 size,
                            const std::optional<QString> &file)
    {
        return m_to.run("INSERT OR IGNORE INTO content (id, sha256, size, file, header_size,"
                        " scanner_version, envelope, structure, parts)"
                        " VALUES (?1, ?2, ?3, ?4, 0, 0, x'', x'', x'')",
                        id,
                        digest,
                        size,
                        file);
    }

    // Texts whose row is lost.
    Result<void> copyBytesAlone()
    {
        if (m_lostContents == 0) {
            return {};
        }
        const auto gaps = readAll(ContentBytes, [this](const Statement &row) -> Result<void> {
            const qint64 id = row.integer(0);
            auto known = m_to.statement("SELECT 1 FROM content WHERE id = ?1", id);
            if (known.next() || known.error()) {
                return known.outcome();
            }
            return addContent(id, digestOf(row.view(1)), row.view(1).size(), std::nullopt)
                .and_then([&] {
                    return m_to.run("INSERT OR IGNORE INTO content_bytes (content_id, bytes)"
                                    " SELECT id, ?2 FROM content WHERE id = ?1",
                                    id,
                                    row.bytes(1));
                });
        });
        return gaps.transform([](int) {});
    }

    // No number of a lost row is given again: others may still name it.
    Result<void> copySequences()
    {
        QHash<QByteArray, qint64> last{{"content", m_lastContent}, {"mailbox", m_lastMailbox}};
        const auto gaps =
            readDamagedEnds(m_from,
                            "SELECT name, seq FROM sqlite_sequence",
                            "SELECT name, seq FROM sqlite_sequence ORDER BY rowid DESC",
                            [&last](const Statement &row) -> Result<void> {
                                qint64 &number = last[row.bytes(0)];
                                number = std::max(number, row.integer(1));
                                return {};
                            });
        auto done = gaps.transform([](int) {});
        for (auto it = last.cbegin(); it != last.cend(); ++it) {
            done = done.and_then([&] {
                return m_to.run("INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0 WHERE NOT"
                                " EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
                                Text{it.key()});
            });
            done = done.and_then([&] {
                return m_to.run("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
                                Text{it.key()},
                                it.value());
            });
        }
        return done;
    }

    Result<void> takeFilesAlone()
    {
        QDirIterator files(contentFolder(), QDir::Files, QDirIterator::Subdirectories);
        while (m_lostContents > 0 && files.hasNext()) {
            files.next();
            const QString name = files.fileName();
            const auto found = m_knownFiles.contains(name) ? std::nullopt : digestOfFile(name);
            if (!found) {
                continue;
            }
            if (auto added = addContent(std::nullopt, found->first, found->second, name); !added) {
                return added;
            }
        }
        return {};
    }

    QString contentFolder() const { return m_parts.folder + QStringLiteral("/content"); }

    Result<void> copyMessages()
    {
        qint64 expunged = 0;
        return copyRows(Messages, m_report.messages).and_then([&] {
            return copyRows(ExpungedMessages, expunged);
        });
    }

    // Messages without a text are lost; those of a lost mailbox wait for makeLostMailboxes().
    Result<void> copyRows(const SalvagedTable &table, qint64 &count)
    {
        const auto gaps = readAll(table, [&](const Statement &row) -> Result<void> {
            m_lastMailbox = std::max(m_lastMailbox, row.integer(1));
            m_lastContent = std::max(m_lastContent, row.integer(2));
            const bool hasText =
                row.isNull(2) || isThere("SELECT 1 FROM content WHERE id = ?1", row.integer(2));
            if (auto made = hasText ? standIn(row.integer(1)) : Result<void>(); !made) {
                return made;
            }
            const auto isNew =
                hasText ? insert(m_to.statement(table.into), row, table.columns) : Result(false);
            if (!isNew) {
                return isNew.error();
            }
            count += *isNew ? 1 : 0;
            if (!*isNew
                && !isThere("SELECT 1 FROM message WHERE id = ?1"
                            " UNION ALL SELECT 1 FROM expunged WHERE id = ?1",
                            row.integer(0))) {
                m_lostMessages.insert(row.integer(0));
                m_report.lostMessages = m_lostMessages.size();
            }
            return {};
        });
        if (!gaps) {
            return gaps.error();
        }
        m_report.gaps += *gaps;
        return {};
    }

    // A row for a mailbox whose own is lost.
    Result<void> standIn(qint64 mailbox)
    {
        if (m_mailboxes.contains(mailbox)) {
            return {};
        }
        m_mailboxes.insert(mailbox);
        if (isThere("SELECT 1 FROM mailbox WHERE id = ?1", mailbox)) {
            return {};
        }
        m_lostMailboxes.append(mailbox);
        return m_to.run("INSERT INTO mailbox (id, name, uid_validity) VALUES (?1, ?2, 0)",
                        mailbox,
                        freeName("Recovered mailbox " + QByteArray::number(mailbox)));
    }

    bool isThere(Sql query, qint64 key) { return m_to.statement(query, key).next(); }

    // The name itself, or with the first number behind it that nobody has.
    MailboxName freeName(const QByteArray &name)
    {
        const auto isTaken = [this](const MailboxName &taken) {
            return m_to
                .statement("SELECT 1 FROM mailbox WHERE name = ?1 AND deleted_at IS NULL", taken)
                .next();
        };
        MailboxName free(name);
        for (int number = 2; isTaken(free); ++number) {
            free = MailboxName(name + ' ' + QByteArray::number(number));
        }
        return free;
    }

    // Whatever UIDVALIDITY they had, clients have to forget what they know of them.
    Result<void> makeLostMailboxes()
    {
        auto counted =
            m_to.run("INSERT INTO counter VALUES ('uid_validity', 0)"
                     " ON CONFLICT DO NOTHING")
                .and_then([this] {
                    return m_to.run("UPDATE counter SET value = max(value, ?1,"
                                    " (SELECT ifnull(max(uid_validity), 0) FROM mailbox))"
                                    " WHERE name = 'uid_validity'",
                                    m_lostMailboxes.isEmpty() ? 0 : m_parts.nowUtc);
                });
        for (const qint64 mailbox : std::as_const(m_lostMailboxes)) {
            counted = counted.and_then([&] {
                return m_to.run("UPDATE counter SET value = value + 1 WHERE name = 'uid_validity'");
            });
            counted = counted.and_then([&] {
                return m_to.run("UPDATE mailbox SET uid_validity = (SELECT value FROM counter WHERE"
                                " name = 'uid_validity') WHERE id = ?1",
                                mailbox);
            });
            counted = counted.and_then([&] {
                return m_to.run("INSERT OR IGNORE INTO subscription SELECT name FROM mailbox"
                                " WHERE id = ?1",
                                mailbox);
            });
        }
        m_report.newMailboxes += static_cast<int>(m_lostMailboxes.size());
        return counted;
    }

    // Messages whose set of keywords is lost have none; mailboxes know of those that there are.
    Result<void> mendKeywords()
    {
        for (const Sql forget :
             {Sql("UPDATE message SET keyword_set_id = 0 WHERE keyword_set_id <> 0"
                  " AND keyword_set_id NOT IN (SELECT id FROM keyword_set)"),
              Sql("UPDATE expunged SET keyword_set_id = 0 WHERE keyword_set_id <> 0"
                  " AND keyword_set_id NOT IN (SELECT id FROM keyword_set)")}) {
            if (auto done = m_to.run(forget); !done) {
                return done;
            }
        }
        auto used = m_to.statement("SELECT m.mailbox_id, s.names FROM"
                                   " (SELECT mailbox_id, keyword_set_id FROM message"
                                   "  UNION SELECT mailbox_id, keyword_set_id FROM expunged) m"
                                   " JOIN keyword_set s ON s.id = m.keyword_set_id");
        while (used.next()) {
            const auto names = used.bytes(1).split(' ');
            for (const QByteArray &name : names) {
                const auto known =
                    m_to.run("INSERT INTO keyword (mailbox_id, number, name)"
                             " SELECT ?1, (SELECT 1 + ifnull(max(number), 0) FROM keyword"
                             " WHERE mailbox_id = ?1), ?2 WHERE NOT EXISTS (SELECT 1 FROM keyword"
                             " WHERE mailbox_id = ?1 AND name = ?2 COLLATE NOCASE)",
                             used.integer(0),
                             Text{name});
                if (!known) {
                    return known;
                }
            }
        }
        return used.outcome();
    }

    // No account is without one (RFC 9051 5.1).
    Result<void> ensureInbox()
    {
        const MailboxName inbox("INBOX");
        if (freeName(inbox.utf8) != inbox) {
            return {};
        }
        ++m_report.newMailboxes;
        return insertMailbox(m_to, inbox, SpecialUse::None, m_parts.nowUtc)
            .and_then([&](MailboxId) { return insertSubscription(m_to, inbox); });
    }

    bool hasLostMessages() const
    {
        return m_report.gaps > 0 || m_report.lostMessages > 0 || m_lostContents > 0;
    }

    // Texts that nothing refers to are rubbish, but not where the rows are lost that did.
    Result<void> recover()
    {
        auto orphans =
            m_to.statement("SELECT id FROM content c"
                           " WHERE NOT EXISTS (SELECT 1 FROM message WHERE content_id = c.id)"
                           " AND NOT EXISTS (SELECT 1 FROM expunged WHERE content_id = c.id)");
        if (!hasLostMessages() || !orphans.next()) {
            return orphans.outcome();
        }
        const MailboxName into = freeName("Recovered");
        const auto mailbox = insertMailbox(m_to, into, SpecialUse::None, m_parts.nowUtc);
        if (!mailbox) {
            return mailbox.error();
        }
        ++m_report.newMailboxes;
        if (auto subscribed = insertSubscription(m_to, into); !subscribed) {
            return subscribed;
        }
        quint32 uid = 0;
        do {
            const auto added =
                m_to.run("INSERT INTO message (id, mailbox_id, content_id, flags, keyword_set_id,"
                         " modseq, internal_date, zone, save_date)"
                         " VALUES (?1, ?2, ?3, 0, 0, 2, ?4, 0, ?4)",
                         rowId(*mailbox, Uid(++uid)),
                         *mailbox,
                         orphans.integer(0),
                         m_parts.nowUtc);
            if (!added) {
                return added;
            }
        } while (orphans.next());
        m_report.recovered = uid;
        return orphans.outcome();
    }

    // The counters and blocks, by what there is; no UID and no MODSEQ is given again.
    Result<void> count()
    {
        constexpr Sql statements[] = {
            "UPDATE mailbox SET"
            " (messages, unseen, deleted, size) = (SELECT count(*), count(*) FILTER"
            " (WHERE m.flags & 1 = 0), count(*) FILTER (WHERE m.flags & 8 <> 0),"
            " ifnull(sum(c.size), 0) FROM message m CROSS JOIN content c ON c.id = m.content_id"
            " WHERE m.id BETWEEN mailbox.id << 32 AND (mailbox.id << 32) + 0xffffffff)"
            " WHERE deleted_at IS NULL",
            "UPDATE mailbox SET uid_next = max(uid_next, 1 + ifnull((SELECT max(m.id) & 0xffffffff"
            " FROM message m WHERE m.id BETWEEN mailbox.id << 32 AND (mailbox.id << 32) +"
            " 0xffffffff), 0), 1 + ifnull((SELECT max(m.id) & 0xffffffff"
            " FROM expunged m WHERE m.mailbox_id = mailbox.id), 0))",
            "UPDATE mailbox SET highest_modseq = max(highest_modseq, ifnull((SELECT max(m.modseq)"
            " FROM message m WHERE m.id BETWEEN mailbox.id << 32 AND (mailbox.id << 32) +"
            " 0xffffffff), 1), ifnull((SELECT max(m.modseq)"
            " FROM expunged m WHERE m.mailbox_id = mailbox.id), 1))",
            "INSERT INTO uid_block SELECT * FROM uid_block_now",
            "UPDATE counter SET value = (SELECT ifnull(sum(length(CAST(entry AS BLOB)) +"
            " length(value)), 0) FROM metadata) WHERE name = 'metadata_bytes'",
        };
        for (const Sql &statement : statements) {
            if (auto done = m_to.run(statement); !done) {
                return done;
            }
        }
        // What is gone was never told: clients have to ask for all that is there.
        return !hasLostMessages()
            ? Result<void>()
            : m_to.run("UPDATE mailbox SET highest_modseq = highest_modseq + 1,"
                       " history_floor = highest_modseq + 1");
    }

    void note(int count, const char *what)
    {
        if (count > 0) {
            m_report.notes.append(
                QStringLiteral("some %1 could not be read").arg(QString::fromUtf8(what)));
        }
    }

    const SalvageParts &m_parts;
    Database &m_from;
    LostRows &m_lostRows;
    Database &m_to;
    RepairReport m_report;
    QSet<qint64> m_lostMessages;
    QSet<QString> m_knownFiles;
    QSet<qint64> m_mailboxes; // seen in rows of messages
    QList<qint64> m_lostMailboxes;
    int m_lostContents = 0;
    qint64 m_lastContent = 0; // the highest number that a row of a message names
    qint64 m_lastMailbox = 0;
    qint64 m_rows = 0;
};

} // namespace

Result<RepairReport>
salvageRows(const SalvageParts &parts, Database &from, LostRows &lost, Database &to)
{
    return Salvage(parts, from, lost, to).run();
}

} // namespace Postnook::Sqlite
