#pragma once

#include "storage/sqlite/statement.h"

namespace Postnook::Sqlite
{

// A table with an integer key, in its first column, that a repair reads and writes anew.
struct SalvagedTable {
    Sql rows; // from a key on
    Sql seek; // the key alone
    Sql into; // what is there stays
    int columns;
    int least; // columns of a row that was written before the last of them were added
};

constexpr SalvagedTable Mailboxes{
    "SELECT id, name, uid_validity, uid_next, highest_modseq, history_floor, recent_floor,"
    " messages, unseen, deleted, size, special_use, deleted_at FROM mailbox"
    " WHERE id >= ?1 ORDER BY id",
    "SELECT id FROM mailbox NOT INDEXED WHERE id >= ?1 ORDER BY id LIMIT 1",
    "INSERT OR IGNORE INTO mailbox (id, name, uid_validity, uid_next, highest_modseq,"
    " history_floor, recent_floor, messages, unseen, deleted, size, special_use, deleted_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    13,
    13};

constexpr SalvagedTable KeywordSetRows{
    "SELECT id, names FROM keyword_set WHERE id >= ?1 ORDER BY id",
    "SELECT id FROM keyword_set NOT INDEXED WHERE id >= ?1 ORDER BY id LIMIT 1",
    // A number would be made a text: rows of other tables have one there.
    "INSERT OR IGNORE INTO keyword_set (id, names) SELECT ?1, ?2 WHERE typeof(?2) = 'text'",
    2,
    2};

constexpr SalvagedTable Annotations{
    "SELECT id, mailbox_id, entry, value FROM metadata WHERE id >= ?1 ORDER BY id",
    "SELECT id FROM metadata NOT INDEXED WHERE id >= ?1 ORDER BY id LIMIT 1",
    "INSERT OR IGNORE INTO metadata (id, mailbox_id, entry, value) VALUES (?1, ?2, ?3, ?4)",
    4,
    4};

// With no scanner's version: what was found in them is for the next scan to find again.
constexpr SalvagedTable Contents{
    "SELECT id, sha256, size, file, header_size, 0, envelope, structure, parts, preview,"
    " base_subject, is_reply, sent_date, sent_zone, message_id, reference_ids, thread_id"
    " FROM content WHERE id >= ?1 ORDER BY id",
    "SELECT id FROM content NOT INDEXED WHERE id >= ?1 ORDER BY id LIMIT 1",
    "INSERT OR IGNORE INTO content (id, sha256, size, file, header_size, scanner_version,"
    " envelope, structure, parts, preview, base_subject, is_reply, sent_date, sent_zone,"
    " message_id, reference_ids, thread_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
    " ifnull(?10, x''), ifnull(?11, x''), ifnull(?12, 0), ?13, ifnull(?14, 0), ifnull(?15, x''),"
    " ifnull(?16, x''), ?17)",
    17,
    9};

constexpr SalvagedTable ContentBytes{
    "SELECT content_id, bytes FROM content_bytes WHERE content_id >= ?1 ORDER BY content_id",
    "SELECT content_id FROM content_bytes WHERE content_id >= ?1 ORDER BY content_id LIMIT 1",
    "INSERT OR IGNORE INTO content_bytes (content_id, bytes) VALUES (?1, ?2)",
    2,
    2};

constexpr SalvagedTable Messages{
    "SELECT id, mailbox_id, content_id, flags, keyword_set_id, modseq, internal_date, zone,"
    " save_date FROM message WHERE id >= ?1 ORDER BY id",
    "SELECT id FROM message NOT INDEXED WHERE id >= ?1 ORDER BY id LIMIT 1",
    "INSERT OR IGNORE INTO message (id, mailbox_id, content_id, flags, keyword_set_id, modseq,"
    " internal_date, zone, save_date) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    9,
    9};

constexpr SalvagedTable ExpungedMessages{
    "SELECT id, mailbox_id, content_id, flags, keyword_set_id, modseq, internal_date, zone,"
    " save_date, expunged_at, moved FROM expunged WHERE id >= ?1 ORDER BY id",
    "SELECT id FROM expunged NOT INDEXED WHERE id >= ?1 ORDER BY id LIMIT 1",
    "INSERT OR IGNORE INTO expunged (id, mailbox_id, content_id, flags, keyword_set_id, modseq,"
    " internal_date, zone, save_date, expunged_at, moved)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ifnull(?11, 0))",
    11,
    10};

} // namespace Postnook::Sqlite
