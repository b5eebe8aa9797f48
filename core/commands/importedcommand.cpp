#include "core/commands/importedcommand.h"

#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

constexpr qsizetype KeyBytes = 32; // SHA-256

} // namespace

void ImportedCommand::start(TokenCursor &arguments)
{
    QByteArrayList keys;
    while (!arguments.atEnd()) {
        arguments.expectSpace();
        keys.append(readImportKey(arguments));
    }
    if (keys.isEmpty()) {
        arguments.fail("XIMPORTED takes keys");
    }
    if (failedToParse(arguments)) {
        return;
    }
    store()
        .read([keys](ReadTxn &txn) { return txn.knownImportKeys(keys); })
        .then(this, [this](const Result<QByteArrayList> &known) {
            if (!known) {
                return finish(known.error());
            }
            QByteArray line = "* XIMPORTED";
            for (const QByteArray &key : *known) {
                line += " \"" + key.toHex() + '"';
            }
            session().send(line + "\r\n");
            finish(Status::ok("Looked up"));
        });
}

QByteArray readImportKey(TokenCursor &cursor)
{
    const QByteArray hex = cursor.string();
    auto key = QByteArray::fromHex(hex);
    // fromHex() passes over what is no digit.
    if (key.size() != KeyBytes || key.toHex() != hex.toLower()) {
        cursor.fail("An import key is 64 hexadecimal digits");
        return {};
    }
    return key;
}

} // namespace Postnook
