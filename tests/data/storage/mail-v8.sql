-- A mail database as version 8 made it: INBOX with 70 of 72 messages, of which some have flags. Never
-- edited: migrations are tested from here.
PRAGMA application_id = 0x504e4d4c;
PRAGMA user_version = 8;


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

CREATE TABLE import_key (
    key BLOB PRIMARY KEY CHECK (length(key) = 32)
) STRICT, WITHOUT ROWID;

ALTER TABLE content ADD COLUMN preview BLOB NOT NULL DEFAULT x'';
ALTER TABLE content ADD COLUMN base_subject BLOB NOT NULL DEFAULT x'';
ALTER TABLE content ADD COLUMN is_reply INTEGER NOT NULL DEFAULT 0;
ALTER TABLE content ADD COLUMN sent_date INTEGER;
ALTER TABLE content ADD COLUMN sent_zone INTEGER NOT NULL DEFAULT 0; -- minutes east

ALTER TABLE content ADD COLUMN message_id BLOB NOT NULL DEFAULT x'';
ALTER TABLE content ADD COLUMN reference_ids BLOB NOT NULL DEFAULT x''; -- a line each
ALTER TABLE content ADD COLUMN thread_id INTEGER;
CREATE INDEX content_by_thread ON content (thread_id) WHERE thread_id IS NOT NULL;

CREATE TABLE thread_key (
    key INTEGER PRIMARY KEY,
    thread_id INTEGER NOT NULL
) STRICT;
CREATE INDEX thread_key_by_thread ON thread_key (thread_id);

CREATE TABLE metadata (
    id INTEGER PRIMARY KEY,
    mailbox_id INTEGER NOT NULL,
    entry TEXT NOT NULL COLLATE NOCASE,
    value BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX metadata_by_entry ON metadata (mailbox_id, entry);
INSERT INTO counter VALUES ('metadata_bytes', 0); -- of all names and values

ALTER TABLE expunged ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;

CREATE INDEX message_answered ON message (mailbox_id) WHERE flags & 2 <> 0;
CREATE INDEX message_flagged ON message (mailbox_id) WHERE flags & 4 <> 0;
CREATE INDEX message_deleted ON message (mailbox_id) WHERE flags & 8 <> 0;
CREATE INDEX message_draft ON message (mailbox_id) WHERE flags & 16 <> 0;
CREATE INDEX message_keywords ON message (mailbox_id, keyword_set_id) WHERE keyword_set_id <> 0;

CREATE INDEX content_keys ON content (id, size, header_size, scanner_version, base_subject,
    is_reply, sent_date, sent_zone, message_id, reference_ids);

UPDATE counter SET value = 1700000001 WHERE name = 'uid_validity';
INSERT INTO mailbox (id, name, uid_validity, uid_next, highest_modseq, messages, unseen, deleted, size)
    VALUES (1, 'INBOX', 1700000000, 73, 75, 70, 69, 1, 1890);
INSERT INTO mailbox (id, name, uid_validity, uid_next, highest_modseq)
    VALUES (2, 'Work', 1700000001, 1, 1);
INSERT INTO subscription VALUES ('INBOX');
INSERT INTO content (id, sha256, size, header_size, scanner_version, envelope, structure, parts,
    preview, base_subject, is_reply, sent_date, sent_zone, message_id, reference_ids, thread_id)
    VALUES (1, x'5d0e7acbf5b2d5a75e76c7a5c61d0b5f7d0c2ebd9eef1bbd2c6f3f2a4b1d9e01', 27, 16, 5,
            x'4e', x'4e', x'00', x'6669727374', x'6f6e65', 0, 1600000000, 60, x'614062', x'', 77);
INSERT INTO content_bytes VALUES (1, CAST('Subject: one' || char(13, 10, 13, 10) || 'first text'
    || char(10) AS BLOB));
WITH RECURSIVE uid (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM uid WHERE n < 72)
INSERT INTO message SELECT 4294967296 + n, 1, 1, 0, 0, n + 1, 1600000000, 60, 1700000000 FROM uid;
INSERT INTO expunged SELECT *, 1700000002, 0 FROM message WHERE id IN (4294967300, 4294967301);
DELETE FROM message WHERE id IN (4294967300, 4294967301); -- UIDs 4 and 5
UPDATE message SET flags = 1, modseq = 74 WHERE id = 4294967359; -- UID 63: \Seen
UPDATE message SET flags = 12, modseq = 75 WHERE id = 4294967360; -- UID 64: \Flagged, \Deleted
