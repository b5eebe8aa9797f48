#include "storage/sqlite/migration.h"

#include "storage/logging.h"

#include <QDir>

namespace Postnook::Sqlite
{

namespace
{

Result<void> step(Database &database, const SchemaDefinition &schema, size_t version)
{
    if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) {
        return begun;
    }
    auto done = schema.steps[version](database);
    if (done) {
        // Pragmas take no parameters; both are numbers of ours.
        const auto marks = QStringLiteral("PRAGMA application_id = %1; PRAGMA user_version = %2")
                               .arg(schema.applicationId)
                               .arg(version + 1);
        done = database.runScript(marks.toLatin1().constData());
    }
    if (done) {
        done = database.run("COMMIT");
    }
    if (!done && database.inTransaction()) {
        static_cast<void>(database.run("ROLLBACK"));
    }
    return done;
}

Error refusal(const Database &database, const QString &why)
{
    return {ErrorCode::NotPermitted,
            QStringLiteral("The file %1 %2").arg(QDir::toNativeSeparators(database.path()), why)};
}

} // namespace

Result<void> migrate(Database &database, const SchemaDefinition &schema)
{
    const auto application = database.number("PRAGMA application_id");
    const auto version = database.number("PRAGMA user_version");
    const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
    for (const auto *value : {&application, &version, &tables}) {
        if (!*value) {
            return value->error();
        }
    }
    const bool isNew = *application == 0 && *version == 0 && *tables == 0;
    if (!isNew && *application != schema.applicationId) {
        return refusal(database,
                       QStringLiteral("is not a Postnook %1. Move it out of the data folder, or set"
                                      " data-dir to another folder.")
                           .arg(schema.what));
    }
    const auto known = static_cast<qint64>(schema.steps.size());
    if (*version > known) {
        return refusal(database,
                       QStringLiteral("was written by a newer version of Postnook (%1, version %2;"
                                      " this program knows up to %3). Start that version of"
                                      " Postnook, or a newer one.")
                           .arg(schema.what)
                           .arg(*version)
                           .arg(known));
    }
    const auto path = QDir::toNativeSeparators(database.path());
    if (!isNew && *version < known) { // minutes, where there is very much mail
        qCInfo(lcStorage,
               "%ls: on the way from version %lld to %lld",
               qUtf16Printable(path),
               *version,
               known);
    }
    for (auto i = static_cast<size_t>(*version); i < schema.steps.size(); ++i) {
        if (auto done = step(database, schema, i); !done) {
            return done;
        }
    }
    if (*version < known) {
        qCInfo(lcStorage, "%ls: now at version %lld", qUtf16Printable(path), known);
    }
    return {};
}

} // namespace Postnook::Sqlite
