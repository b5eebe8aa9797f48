#include "storage/sqlite/rowsalvage.h"

#include "storage/sqlite/contentstore.h"
#include "storage/sqlite/damagedtable.h"
#include "storage/sqlite/mailschema.h"

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
            .and_then([this] { return recover(); })
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
    Result<int> readAll(Sql rows, Sql seek, const Visit &visit)
    {
        const auto gaps = readDamagedTable(m_from, rows, seek, visit);
        Database *lost = gaps && *gaps > 0 ? m_lostRows.database() : nullptr;
        if (lost != nullptr) {
            if (auto read = readDamagedTable(*lost, rows, seek, visit); !read) {
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
    Result<int> copy(Sql rows, Sql seek, Sql into, int columns, const Visit &afterwards = {})
    {
        return readAll(rows, seek, [&](const Statement &row) -> Result<void> {
            const auto isNew = insert(m_to.statement(into), row, columns);
            if (!isNew) {
                return isNew.error();
            }
            return *isNew && afterwards ? afterwards(row) : Result<void>();
        });
    }

    Result<void> copyMailboxes()
    {
        const auto lost = copy(
            "SELECT id, name, uid_validity, uid_next, highest_modseq, history_floor, recent_floor,"
            " messages, unseen, deleted, size, special_use, deleted_at FROM mailbox"
            " WHERE id >= ?1 ORDER BY id",
            "SELECT id FROM mailbox WHERE id >= ?1 ORDER BY id LIMIT 1",
            "INSERT OR IGNORE INTO mailbox (id, name, uid_validity, uid_next, highest_modseq,"
            " history_floor, recent_floor, messages, unseen, deleted, size, special_use, "
            "deleted_at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            13);
        return lost.transform([this](int count) { note(count, "mailboxes"); });
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
        const auto sets = copy("SELECT id, names FROM keyword_set WHERE id >= ?1 ORDER BY id",
                               "SELECT id FROM keyword_set WHERE id >= ?1 ORDER BY id LIMIT 1",
                               "INSERT OR IGNORE INTO keyword_set (id, names) VALUES (?1, ?2)",
                               2);
        if (!sets) {
            return sets.error();
        }
        note(*sets, "sets of keywords");
        const auto metadata = copy(
            "SELECT id, mailbox_id, entry, value FROM metadata WHERE id >= ?1 ORDER BY id",
            "SELECT id FROM metadata WHERE id >= ?1 ORDER BY id LIMIT 1",
            "INSERT OR IGNORE INTO metadata (id, mailbox_id, entry, value) VALUES (?1, ?2, ?3, ?4)",
            4);
        return metadata.transform([this](int count) { note(count, "annotations"); });
    }

    // What was found in them is for the next scan to find again: who knows what it says now.
    Result<void> copyContents()
    {
        const auto lost = copy(
            "SELECT id, sha256, size, file, header_size, 0, envelope, structure, parts, preview,"
            " base_subject, is_reply, sent_date, sent_zone, message_id, reference_ids, thread_id"
            " FROM content WHERE id >= ?1 ORDER BY id",
            "SELECT id FROM content WHERE id >= ?1 ORDER BY id LIMIT 1",
            "INSERT OR IGNORE INTO content (id, sha256, size, file, header_size, scanner_version,"
            " envelope, structure, parts, preview, base_subject, is_reply, sent_date, sent_zone,"
            " message_id, reference_ids, thread_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
            " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            17,
            [this](const Statement &row) { return checkText(row); });
        return lost.transform([this](int count) { m_lostContents = count; });
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
        const auto gaps = readAll(
            "SELECT content_id, bytes FROM content_bytes WHERE content_id >= ?1"
            " ORDER BY content_id",
            "SELECT content_id FROM content_bytes WHERE content_id >= ?1"
            " ORDER BY content_id LIMIT 1",
            [this](const Statement &row) -> Result<void> {
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

    // Messages without a text are lost; those of a lost mailbox wait for makeLostMailboxes().
    Result<void> copyMessages()
    {
        const auto messages =
            copyRows("SELECT id, mailbox_id, content_id, flags, keyword_set_id, modseq,"
                     " internal_date, zone, save_date FROM message WHERE id >= ?1 ORDER BY id",
                     "SELECT id FROM message WHERE id >= ?1 ORDER BY id LIMIT 1",
                     "INSERT OR IGNORE INTO message (id, mailbox_id, content_id, flags,"
                     " keyword_set_id, modseq, internal_date, zone, save_date)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                     9,
                     m_report.messages);
        if (!messages) {
            return messages;
        }
        qint64 expunged = 0;
        return copyRows("SELECT id, mailbox_id, content_id, flags, keyword_set_id, modseq,"
                        " internal_date, zone, save_date, expunged_at FROM expunged"
                        " WHERE id >= ?1 ORDER BY id",
                        "SELECT id FROM expunged WHERE id >= ?1 ORDER BY id LIMIT 1",
                        "INSERT OR IGNORE INTO expunged (id, mailbox_id, content_id, flags,"
                        " keyword_set_id,"
                        " modseq, internal_date, zone, save_date, expunged_at)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                        10,
                        expunged);
    }

    Result<void> copyRows(Sql rows, Sql seek, Sql into, int columns, qint64 &count)
    {
        const auto gaps = readAll(rows, seek, [&](const Statement &row) -> Result<void> {
            m_lastMailbox = std::max(m_lastMailbox, row.integer(1));
            m_lastContent = std::max(m_lastContent, row.integer(2));
            auto text = m_to.statement("SELECT 1 FROM content WHERE id = ?1", row.integer(2));
            if (!row.isNull(2) && !text.next()) {
                m_lostMessages.insert(row.integer(0));
                m_report.lostMessages = m_lostMessages.size();
                return text.outcome();
            }
            if (auto made = standIn(row.integer(1)); !made) {
                return made;
            }
            return insert(m_to.statement(into), row, columns).transform([&](bool isNew) {
                count += isNew ? 1 : 0;
            });
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
        auto known = m_to.statement("SELECT 1 FROM mailbox WHERE id = ?1", mailbox);
        if (known.next() || known.error()) {
            return known.outcome();
        }
        m_lostMailboxes.append(mailbox);
        return m_to.run("INSERT OR IGNORE INTO mailbox (id, name, uid_validity)"
                        " VALUES (?1, 'Recovered mailbox ' || ?1, 0)",
                        mailbox);
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

    bool hasLostMessages() const
    {
        return m_report.gaps > 0 || m_report.lostMessages > 0 || m_lostContents > 0;
    }

    // Texts that nothing refers to are rubbish, but not where the rows are lost that did.
    Result<void> recover()
    {
        auto orphans =
            m_to.statement("SELECT id FROM content c WHERE NOT EXISTS (SELECT 1 FROM message WHERE "
                           "content_id = c.id)"
                           " AND NOT EXISTS (SELECT 1 FROM expunged WHERE content_id = c.id)");
        if (!hasLostMessages() || !orphans.next()) {
            return orphans.outcome();
        }
        auto name = m_to.statement("SELECT count(*) FROM mailbox WHERE name LIKE 'Recovered%'"
                                   " AND name NOT LIKE 'Recovered mailbox %'");
        const qint64 others = name.next() ? name.integer(0) : 0;
        const MailboxName into(others == 0 ? QByteArray("Recovered")
                                           : "Recovered " + QByteArray::number(others + 1));
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

    // The counters, by what there is; no UID and no MODSEQ is given again.
    Result<void> count()
    {
        constexpr Sql statements[] = {
            "UPDATE mailbox SET"
            " messages = (SELECT count(*) FROM message m WHERE m.mailbox_id = mailbox.id),"
            " unseen = (SELECT count(*) FROM message m WHERE m.mailbox_id = mailbox.id"
            "           AND m.flags & 1 = 0),"
            " deleted = (SELECT count(*) FROM message m WHERE m.mailbox_id = mailbox.id"
            "            AND m.flags & 8 <> 0),"
            " size = (SELECT ifnull(sum(c.size), 0) FROM message m JOIN content c"
            "         ON c.id = m.content_id WHERE m.mailbox_id = mailbox.id)"
            " WHERE deleted_at IS NULL",
            "UPDATE mailbox SET uid_next = max(uid_next, 1 + ifnull((SELECT max(id) & 0xffffffff"
            " FROM message m WHERE m.mailbox_id = mailbox.id), 0), 1 + ifnull((SELECT max(id) &"
            " 0xffffffff FROM expunged m WHERE m.mailbox_id = mailbox.id), 0))",
            "UPDATE mailbox SET highest_modseq = max(highest_modseq, ifnull((SELECT max(modseq)"
            " FROM message m WHERE m.mailbox_id = mailbox.id), 1), ifnull((SELECT max(modseq)"
            " FROM expunged m WHERE m.mailbox_id = mailbox.id), 1))",
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
