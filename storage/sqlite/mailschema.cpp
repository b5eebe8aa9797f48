#include "storage/sqlite/mailschema.h"

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr qint32 MailApplicationId = 0x504e4d4c; // "PNML"

// A clock gone mad must not use up the 32 bits (this is the year 2097).
constexpr qint64 MaxClockUidValidity = 0xf0000000;

// Version 1. Times are seconds since 1970 UTC; flags are the bits of SystemFlag.
constexpr auto CreateTables = R"sql(
-- A deleted mailbox stays, nameless to everybody, while its messages are kept for undelete.
CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id < 0x80000000),
    name TEXT NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid_next INTEGER NOT NULL DEFAULT 1,
    highest_modseq INTEGER NOT NULL DEFAULT 1,
    history_floor INTEGER NOT NULL DEFAULT 0,
    recent_floor INTEGER NOT NULL DEFAULT 1,
    messages INTEGER NOT NULL DEFAULT 0 CHECK (messages >= 0),
    unseen INTEGER NOT NULL DEFAULT 0 CHECK (unseen >= 0),
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted >= 0),
    size INTEGER NOT NULL DEFAULT 0 CHECK (size >= 0),
    special_use INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX mailbox_by_name ON mailbox (name) WHERE deleted_at IS NULL;
CREATE INDEX mailbox_deleted ON mailbox (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE subscription (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('uid_validity', 0);

-- The keywords a mailbox has seen, numbered as they came.
CREATE TABLE keyword (
    mailbox_id INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (mailbox_id, number)
) STRICT, WITHOUT ROWID;

-- Keywords of a message, sorted, with spaces between them. 0, which is no row, is the empty set.
-- Rows are few and stay, so message needs no foreign key (and no index for one) to here.
CREATE TABLE keyword_set (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    names TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE content (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    size INTEGER NOT NULL,
    file TEXT, -- below content/; without one the bytes are in content_bytes
    header_size INTEGER NOT NULL,
    scanner_version INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    structure BLOB NOT NULL,
    parts BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX content_by_file ON content (file) WHERE file IS NOT NULL;

CREATE TABLE content_bytes (
    content_id INTEGER PRIMARY KEY REFERENCES content (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL
) STRICT;

-- id = mailbox_id << 32 | uid
CREATE TABLE message (
    id INTEGER PRIMARY KEY CHECK (id >> 32 = mailbox_id),
    mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
    content_id INTEGER NOT NULL REFERENCES content (id),
    flags INTEGER NOT NULL,
    keyword_set_id INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    internal_date INTEGER NOT NULL,
    zone INTEGER NOT NULL, -- of internal_date, minutes east
    save_date INTEGER NOT NULL
) STRICT;
CREATE INDEX message_by_modseq ON message (mailbox_id, modseq);
CREATE INDEX message_by_content ON message (content_id);
CREATE INDEX message_unseen ON message (mailbox_id) WHERE flags & 1 = 0;

-- Messages that are gone: whole for undelete, later as bare UID and MODSEQ (content_id NULL).
CREATE TABLE expunged (
    id INTEGER PRIMARY KEY CHECK (id >> 32 = mailbox_id),
    mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
    content_id INTEGER REFERENCES content (id),
    flags INTEGER NOT NULL,
    keyword_set_id INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    internal_date INTEGER NOT NULL,
    zone INTEGER NOT NULL,
    save_date INTEGER NOT NULL,
    expunged_at INTEGER NOT NULL
) STRICT;
CREATE INDEX expunged_by_modseq ON expunged (mailbox_id, modseq);
CREATE INDEX expunged_by_content ON expunged (content_id) WHERE content_id IS NOT NULL;
CREATE INDEX expunged_whole ON expunged (expunged_at) WHERE content_id IS NOT NULL;
CREATE INDEX expunged_bare ON expunged (expunged_at) WHERE content_id IS NULL;
)sql";

// Version 2. What imported messages came from, so that no import brings one twice. Rows have no
// message: they outlive it, and what a person has expunged does not come back.
constexpr auto CreateImportKeys = R"sql(
CREATE TABLE import_key (
    key BLOB PRIMARY KEY CHECK (length(key) = 32)
) STRICT, WITHOUT ROWID;
)sql";

// Version 3. What lists of messages are made of: the preview (RFC 8970) and the keys of SORT and
// THREAD (RFC 5256 2). The next scan of a text fills them.
constexpr auto AddListColumns = R"sql(
ALTER TABLE content ADD COLUMN preview BLOB NOT NULL DEFAULT x'';
ALTER TABLE content ADD COLUMN base_subject BLOB NOT NULL DEFAULT x'';
ALTER TABLE content ADD COLUMN is_reply INTEGER NOT NULL DEFAULT 0;
ALTER TABLE content ADD COLUMN sent_date INTEGER;
ALTER TABLE content ADD COLUMN sent_zone INTEGER NOT NULL DEFAULT 0; -- minutes east
)sql";

// Version 4. Threads (RFC 8474 5.2, RFC 5256 3). A key is 64 bits of the digest of a Message-ID or
// base subject; it stays as long as a text is in its thread. The next scan of an older text fills
// its columns and gives it a thread.
constexpr auto AddThreads = R"sql(
ALTER TABLE content ADD COLUMN message_id BLOB NOT NULL DEFAULT x'';
ALTER TABLE content ADD COLUMN reference_ids BLOB NOT NULL DEFAULT x''; -- a line each
ALTER TABLE content ADD COLUMN thread_id INTEGER;
CREATE INDEX content_by_thread ON content (thread_id) WHERE thread_id IS NOT NULL;

CREATE TABLE thread_key (
    key INTEGER PRIMARY KEY,
    thread_id INTEGER NOT NULL
) STRICT;
CREATE INDEX thread_key_by_thread ON thread_key (thread_id);
)sql";

// Version 5. Annotations (RFC 5464) of a mailbox, or, with mailbox_id 0, which is none, of the
// account. Gone before their mailbox is.
constexpr auto CreateMetadata = R"sql(
CREATE TABLE metadata (
    id INTEGER PRIMARY KEY,
    mailbox_id INTEGER NOT NULL,
    entry TEXT NOT NULL COLLATE NOCASE,
    value BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX metadata_by_entry ON metadata (mailbox_id, entry);
INSERT INTO counter VALUES ('metadata_bytes', 0); -- of all names and values
)sql";

// Version 6. Whether the message lives on under another UID: it was moved, or brought back. Of what
// older versions have moved nobody knows.
constexpr auto AddMoved = R"sql(
ALTER TABLE expunged ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
)sql";

// Version 7. EXPUNGE and SEARCH find the few that have these without going through the mailbox.
constexpr auto AddFlagIndexes = R"sql(
CREATE INDEX message_answered ON message (mailbox_id) WHERE flags & 2 <> 0;
CREATE INDEX message_flagged ON message (mailbox_id) WHERE flags & 4 <> 0;
CREATE INDEX message_deleted ON message (mailbox_id) WHERE flags & 8 <> 0;
CREATE INDEX message_draft ON message (mailbox_id) WHERE flags & 16 <> 0;
CREATE INDEX message_keywords ON message (mailbox_id, keyword_set_id) WHERE keyword_set_id <> 0;
)sql";

// Version 8. What SORT, THREAD and lists with sizes ask of every message, without the rest of its
// row: about an eighth of what there is to read.
constexpr auto AddContentKeys = R"sql(
CREATE INDEX content_keys ON content (id, size, header_size, scanner_version, base_subject,
    is_reply, sent_date, sent_zone, message_id, reference_ids);
)sql";

// Version 9. What is asked of whole mailboxes, by 64 UIDs at once (uidblocks.h): id is
// message.id >> 6 of all of them, and bit message.id & 63 is for each. Before, indexes of message
// held it, and to change the flags of 100,000 messages changed 200,000 entries of them. The view is
// what the table has to say; modseq may be higher. That message refers to mailbox is no rule of the
// schema any more, as it would need an index for nothing else: only the cleaning removes rows of
// mailbox, and looks first.
constexpr auto AddUidBlocks = R"sql(
CREATE TABLE new_message (
    id INTEGER PRIMARY KEY CHECK (id >> 32 = mailbox_id),
    mailbox_id INTEGER NOT NULL,
    content_id INTEGER NOT NULL REFERENCES content (id),
    flags INTEGER NOT NULL,
    keyword_set_id INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    internal_date INTEGER NOT NULL,
    zone INTEGER NOT NULL, -- of internal_date, minutes east
    save_date INTEGER NOT NULL
) STRICT;
INSERT INTO new_message SELECT * FROM message ORDER BY id;
DROP TABLE message;
ALTER TABLE new_message RENAME TO message;
CREATE INDEX message_by_content ON message (content_id);
CREATE INDEX message_keywords ON message (mailbox_id, keyword_set_id) WHERE keyword_set_id <> 0;

CREATE TABLE uid_block (
    id INTEGER PRIMARY KEY,
    modseq INTEGER NOT NULL,
    present INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    draft INTEGER NOT NULL
) STRICT;
CREATE VIEW uid_block_now AS
SELECT m.id >> 6 AS id, max(m.modseq) AS modseq,
    sum(1 << (m.id & 63)) AS present,
    sum((m.flags & 1) << (m.id & 63)) AS seen,
    sum(((m.flags >> 1) & 1) << (m.id & 63)) AS answered,
    sum(((m.flags >> 2) & 1) << (m.id & 63)) AS flagged,
    sum(((m.flags >> 3) & 1) << (m.id & 63)) AS deleted,
    sum(((m.flags >> 4) & 1) << (m.id & 63)) AS draft
FROM message m GROUP BY m.id >> 6;
INSERT INTO uid_block SELECT * FROM uid_block_now;
CREATE INDEX uid_block_by_modseq ON uid_block (id >> 26, modseq); -- by mailbox
CREATE INDEX uid_block_unseen ON uid_block (id) WHERE present <> seen;
CREATE INDEX uid_block_answered ON uid_block (id) WHERE answered <> 0;
CREATE INDEX uid_block_flagged ON uid_block (id) WHERE flagged <> 0;
CREATE INDEX uid_block_deleted ON uid_block (id) WHERE deleted <> 0;
CREATE INDEX uid_block_draft ON uid_block (id) WHERE draft <> 0;
)sql";

struct UsualMailbox {
    const char *name;
    SpecialUse use;
};
constexpr UsualMailbox UsualMailboxes[] = {
    {"INBOX", SpecialUse::None},
    {"Drafts", SpecialUse::Drafts},
    {"Sent", SpecialUse::Sent},
    {"Junk", SpecialUse::Junk},
    {"Trash", SpecialUse::Trash},
    {"Archive", SpecialUse::Archive},
};

// RFC 9051 2.3.1.1: a mailbox made again under an old name needs a larger UIDVALIDITY, whatever
// became of the clock.
Result<qint64> nextUidValidity(Database &database, qint64 nowUtc)
{
    auto counted = database.statement("UPDATE counter SET value = max(value + 1, ?1)"
                                      " WHERE name = 'uid_validity' RETURNING value",
                                      std::min(nowUtc, MaxClockUidValidity));
    if (!counted.next()) {
        return counted.error().value_or(
            Error{ErrorCode::Corrupt, QStringLiteral("the UIDVALIDITY counter is missing")});
    }
    const auto uidValidity = counted.integer(0);
    if (auto ended = counted.run(); !ended) {
        return ended.error();
    }
    return uidValidity;
}

Result<void> renewEach(Database &database, qint64 nowUtc)
{
    QList<qint64> mailboxes;
    auto rows = database.statement("SELECT id FROM mailbox ORDER BY id");
    while (rows.next()) {
        mailboxes.append(rows.integer(0));
    }
    auto done = rows.outcome();
    for (const auto id : std::as_const(mailboxes)) {
        const auto fresh = done ? nextUidValidity(database, nowUtc) : done.error();
        if (!fresh) {
            return fresh.error();
        }
        done = database.run("UPDATE mailbox SET uid_validity = ?2 WHERE id = ?1", id, *fresh);
    }
    return done;
}

Result<void> create(Database &database, qint64 nowUtc)
{
    if (auto created = database.runScript(CreateTables); !created) {
        return created;
    }
    for (const auto &[text, use] : UsualMailboxes) {
        const MailboxName name(text);
        if (auto made = insertMailbox(database, name, use, nowUtc); !made) {
            return made.error();
        }
        if (auto subscribed = insertSubscription(database, name); !subscribed) {
            return subscribed;
        }
    }
    return {};
}

} // namespace

SchemaDefinition mailSchema(qint64 nowUtc)
{
    return {QStringLiteral("mail database"),
            MailApplicationId,
            {[nowUtc](Database &database) { return create(database, nowUtc); },
             [](Database &database) { return database.runScript(CreateImportKeys); },
             [](Database &database) { return database.runScript(AddListColumns); },
             [](Database &database) { return database.runScript(AddThreads); },
             [](Database &database) { return database.runScript(CreateMetadata); },
             [](Database &database) { return database.runScript(AddMoved); },
             [](Database &database) { return database.runScript(AddFlagIndexes); },
             [](Database &database) { return database.runScript(AddContentKeys); },
             [](Database &database) { return database.runScript(AddUidBlocks); }}};
}

Result<MailboxId>
insertMailbox(Database &database, const MailboxName &name, SpecialUse use, qint64 nowUtc)
{
    const auto uidValidity = nextUidValidity(database, nowUtc);
    if (!uidValidity) {
        return uidValidity.error();
    }
    const auto inserted = database.run("INSERT INTO mailbox (name, uid_validity, special_use)"
                                       " VALUES (?1, ?2, ?3)",
                                       name,
                                       *uidValidity,
                                       static_cast<int>(use));
    if (!inserted) {
        return inserted.error();
    }
    return MailboxId(static_cast<quint32>(database.lastInsertId()));
}

Result<void> renewUidValidities(Database &database, qint64 used, qint64 nowUtc)
{
    auto done = database.run("BEGIN IMMEDIATE")
                    .and_then([&] {
                        return database.run("UPDATE counter SET value = max(value, ?1)"
                                            " WHERE name = 'uid_validity'",
                                            used);
                    })
                    .and_then([&] { return renewEach(database, nowUtc); })
                    .and_then([&] { return database.run("COMMIT"); });
    if (!done && database.inTransaction()) {
        static_cast<void>(database.run("ROLLBACK"));
    }
    return done;
}

Result<void> insertSubscription(Database &database, const MailboxName &name)
{
    return database.run("INSERT INTO subscription (name) VALUES (?1) ON CONFLICT DO NOTHING", name);
}

} // namespace Postnook::Sqlite
