#include "storage/sqlite/verification.h"

#include <algorithm>
#include <iterator>

namespace Postnook::Sqlite
{

namespace
{

constexpr qsizetype EnoughFaults = 100;

// A damaged page ends a statement with Corrupt: that is a finding, told once, and the next one goes
// on.
Result<void>
collect(Database &database, Sql sql, const QString &form, QStringList &faults, const QString &table)
{
    auto rows = database.statement(sql);
    if (!table.isEmpty()) {
        rows.bind(1, table);
    }
    while (faults.size() < EnoughFaults && rows.next()) {
        const auto lines = rows.bytes(0).split('\n');
        for (const QByteArray &line : lines) {
            if (!line.startsWith("***")) { // a heading
                faults.append(form.arg(QString::fromUtf8(line)));
            }
        }
    }
    if (rows.error() && rows.error()->code != ErrorCode::Corrupt) {
        return *rows.error();
    }
    const auto damaged = QStringLiteral("pages of the database are damaged");
    if (rows.error() && !faults.contains(damaged)) {
        faults.append(damaged);
    }
    return {};
}

struct Question {
    Sql sql; // gives a text for each fault
    const char *form;
};

constexpr Question Questions[] = {
    {"SELECT DISTINCT \"table\" FROM pragma_foreign_key_check",
     "rows of %1 refer to what is not there"},
    {"SELECT c.id FROM content c LEFT JOIN content_bytes b ON b.content_id = c.id"
     " WHERE c.file IS NULL AND b.content_id IS NULL",
     "the text of message content %1 is missing"},
    {"SELECT b.name FROM mailbox b WHERE b.deleted_at IS NULL AND EXISTS"
     " (SELECT 1 FROM message m WHERE m.id BETWEEN b.id << 32 AND (b.id << 32) + 0xffffffff"
     "  AND (m.id & 0xffffffff >= b.uid_next OR m.modseq > b.highest_modseq))",
     "mailbox %1: a message has a UID or MODSEQ that is yet to be given"},
    {"SELECT b.name FROM mailbox b WHERE EXISTS"
     " (SELECT 1 FROM expunged m WHERE m.mailbox_id = b.id"
     "  AND (m.id & 0xffffffff >= b.uid_next OR m.modseq > b.highest_modseq))",
     "mailbox %1: an expunged message has a UID or MODSEQ that is yet to be given"},
    {"SELECT b.name FROM mailbox b WHERE b.deleted_at IS NULL AND"
     " (b.messages, b.unseen, b.deleted, b.size) <>"
     " (SELECT count(*), total(m.flags & 1 = 0), total(m.flags & 8 <> 0), total(c.size)"
     "  FROM message m CROSS JOIN content c ON c.id = m.content_id"
     "  WHERE m.id BETWEEN b.id << 32 AND (b.id << 32) + 0xffffffff)",
     "mailbox %1: its counters are not those of its messages"},
    {"SELECT name FROM mailbox WHERE uid_validity > (SELECT value FROM counter"
     " WHERE name = 'uid_validity')",
     "mailbox %1: its UIDVALIDITY may be given again"},
    {"SELECT DISTINCT b.name FROM mailbox b JOIN"
     " (SELECT mailbox_id, keyword_set_id FROM message"
     "  UNION SELECT mailbox_id, keyword_set_id FROM expunged) m ON m.mailbox_id = b.id"
     " WHERE m.keyword_set_id <> 0 AND m.keyword_set_id NOT IN (SELECT id FROM keyword_set)",
     "mailbox %1: the keywords of a message are missing"},
    {"SELECT 'INBOX' WHERE NOT EXISTS (SELECT 1 FROM mailbox WHERE name = 'INBOX'"
     " AND deleted_at IS NULL)",
     "mailbox %1: it is missing"},
    {"SELECT DISTINCT ifnull(m.name, 'number ' || b.mailbox_id) FROM"
     " (SELECT ifnull(is_.id, says.id) >> 26 AS mailbox_id"
     "  FROM uid_block_now is_ FULL JOIN uid_block says ON says.id = is_.id"
     "  WHERE says.modseq < is_.modseq"
     "  OR (says.present, says.seen, says.answered, says.flagged, says.deleted, says.draft)"
     "  IS NOT (is_.present, is_.seen, is_.answered, is_.flagged, is_.deleted, is_.draft)) b"
     " LEFT JOIN mailbox m ON m.id = b.mailbox_id",
     "mailbox %1: the index of its UIDs and flags is not that of its messages"},
    {"SELECT DISTINCT mailbox_id FROM message WHERE mailbox_id NOT IN (SELECT id FROM mailbox)",
     "messages of a mailbox that is not there (number %1)"},
    {"SELECT m.id FROM message m WHERE m.id IN (SELECT id FROM expunged)",
     "message row %1 is there and expunged at once"},
};

// What a person calls that which is in the table.
QString inWords(const QString &table)
{
    struct Name {
        const char *table;
        const char *words;
    };
    constexpr Name Names[] = {
        {"mailbox", "the list of mailboxes"},
        {"subscription", "the list of subscribed mailboxes"},
        {"keyword", "the keywords of mailboxes"},
        {"keyword_set", "the keywords of messages"},
        {"content", "what messages are described by"},
        {"content_bytes", "the texts of messages"},
        {"message", "the messages of mailboxes"},
        {"uid_block", "which messages there are and the flags they have"},
        {"expunged", "the deleted messages that are still kept"},
        {"import_key", "what was imported before"},
        {"thread_key", "what belongs to which conversation"},
        {"metadata", "annotations of mailboxes"},
    };
    const auto name = std::find_if(std::begin(Names), std::end(Names), [&](const Name &each) {
        return table == QLatin1StringView(each.table);
    });
    return name != std::end(Names) ? QString::fromLatin1(name->words)
                                   : QStringLiteral("the table ") + table;
}

} // namespace

Result<QStringList> findFaults(Database &database, const std::function<void()> &pause)
{
    QStringList faults;
    QStringList tables;
    auto names = database.statement("SELECT name FROM sqlite_schema WHERE type = 'table'"
                                    " AND name NOT LIKE 'sqlite_%'");
    while (names.next()) {
        tables.append(QString::fromUtf8(names.view(0)));
    }
    if (names.error()) {
        return *names.error();
    }
    for (const QString &table : std::as_const(tables)) {
        // Its rows are "ok", or what is wrong.
        const auto checked =
            collect(database,
                    "SELECT integrity_check FROM pragma_integrity_check(?1)"
                    " WHERE integrity_check <> 'ok'",
                    QStringLiteral("damaged: %1 (%2)").arg(inWords(table), QStringLiteral("%1")),
                    faults,
                    table);
        if (!checked) {
            return checked.error();
        }
        pause();
    }
    for (const auto &[sql, form] : Questions) {
        if (const auto asked = collect(database, sql, QString::fromLatin1(form), faults, {});
            !asked) {
            return asked.error();
        }
        pause();
    }
    return faults;
}

} // namespace Postnook::Sqlite
