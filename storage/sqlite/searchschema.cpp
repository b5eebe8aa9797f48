#include "storage/sqlite/searchschema.h"

namespace Postnook::Sqlite
{

namespace
{

constexpr qint32 SearchApplicationId = 0x504e5358; // "PNSX"

// The trigram index holds content ids and no text; texts come folded, so it folds nothing itself.
constexpr auto CreateTables = R"sql(
CREATE TABLE state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    up_to INTEGER NOT NULL, -- all contents to here are indexed
    text_version INTEGER NOT NULL
) STRICT;

-- Texts of neighbouring contents: see TextBlock.
CREATE TABLE block (
    id INTEGER PRIMARY KEY, -- of its first content, when it was made
    size INTEGER NOT NULL, -- of the texts, not compressed
    directory BLOB NOT NULL,
    heads BLOB NOT NULL,
    bodies BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE trigram USING fts5 (
    text, content = '', detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
)sql";

constexpr auto CreateKeys = R"sql(
CREATE TABLE keys (
    mailbox INTEGER NOT NULL,
    number INTEGER NOT NULL, -- which keys
    size INTEGER NOT NULL, -- of the data, not compressed
    data BLOB NOT NULL, -- what a SORT or THREAD made of the messages
    PRIMARY KEY (mailbox, number)
) STRICT;
)sql";

} // namespace

SchemaDefinition searchSchema(quint32 textVersion)
{
    const auto create = [textVersion](Database &database) {
        return database.runScript(CreateTables).and_then([&] {
            return database.run("INSERT INTO state VALUES (1, 0, ?1)", textVersion);
        });
    };
    const auto addKeys = [](Database &database) { return database.runScript(CreateKeys); };
    return {QStringLiteral("search database"), SearchApplicationId, {create, addKeys}};
}

} // namespace Postnook::Sqlite
