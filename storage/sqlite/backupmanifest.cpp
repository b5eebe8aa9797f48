#include "storage/sqlite/backupmanifest.h"

#include "storage/sqlite/sha256.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Postnook::Sqlite
{

namespace
{

using namespace Qt::StringLiterals;

constexpr int Format = 1; // a newer one is refused

QString hex(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toHex());
}

QByteArray fromHex(const QJsonValue &value)
{
    return QByteArray::fromHex(value.toString().toLatin1());
}

QByteArray digestOf(const QJsonObject &object)
{
    return Sha256::of(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QByteArray sealed(QJsonObject object)
{
    object.insert("format"_L1, Format);
    object.insert("digest"_L1, hex(digestOf(object)));
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

Result<QJsonObject> opened(const QByteArray &bytes)
{
    auto object = QJsonDocument::fromJson(bytes).object();
    if (object.value("format"_L1).toInt() > Format) {
        return Error{
            ErrorCode::NotPermitted,
            u"It was made by a newer version of Postnook (format %1; this program knows "
            "up to %2). Use that version, or a newer one."_s.arg(object.value("format"_L1).toInt())
                .arg(Format)};
    }
    const auto digest = fromHex(object.take("digest"_L1));
    if (object.isEmpty() || digest != digestOf(object)) {
        return Error{ErrorCode::Corrupt, u"It is damaged."_s};
    }
    return object;
}

QJsonObject toJson(const BackedUpAccount &account)
{
    return {{u"id"_s, account.id.value},
            {u"name"_s, account.name},
            {u"messages"_s, account.messages},
            {u"mailboxes"_s, account.mailboxes},
            {u"schema"_s, account.schema},
            {u"database"_s, hex(account.database)},
            {u"databaseBytes"_s, account.databaseBytes},
            {u"files"_s, account.files},
            {u"fileBytes"_s, account.fileBytes}};
}

BackedUpAccount accountFrom(const QJsonObject &object)
{
    return {AccountId(object.value("id"_L1).toInteger()),
            object.value("name"_L1).toString(),
            object.value("messages"_L1).toInteger(),
            object.value("mailboxes"_L1).toInteger(),
            object.value("schema"_L1).toInt(),
            fromHex(object.value("database"_L1)),
            object.value("databaseBytes"_L1).toInteger(),
            object.value("files"_L1).toInteger(),
            object.value("fileBytes"_L1).toInteger()};
}

} // namespace

QByteArray manifestOf(const BackupGeneration &generation)
{
    QJsonArray accounts;
    for (const auto &account : generation.accounts) {
        accounts.append(toJson(account));
    }
    return sealed({{u"number"_s, generation.number},
                   {u"at"_s, generation.at.toUTC().toString(Qt::ISODate)},
                   {u"program"_s, generation.program},
                   {u"server"_s, hex(generation.server)},
                   {u"accounts"_s, accounts}});
}

Result<BackupGeneration> generationFrom(const QByteArray &manifest)
{
    const auto object = opened(manifest);
    if (!object) {
        return object.error();
    }
    BackupGeneration generation;
    generation.number = object->value("number"_L1).toInt();
    generation.at = QDateTime::fromString(object->value("at"_L1).toString(), Qt::ISODate);
    generation.program = object->value("program"_L1).toString();
    generation.server = fromHex(object->value("server"_L1));
    const auto accounts = object->value("accounts"_L1).toArray();
    for (const auto &account : accounts) {
        generation.accounts.append(accountFrom(account.toObject()));
    }
    return generation;
}

QByteArray labelOf(const BackupOwner &owner)
{
    return sealed({{u"what"_s,
                    u"Backups of Postnook. `postnook restore FOLDER --list` shows what is in "
                    "them; change nothing here by hand."_s},
                   {u"dataFolder"_s, hex(owner.dataFolder)},
                   {u"place"_s, owner.place}});
}

Result<BackupOwner> ownerFrom(const QByteArray &label)
{
    return opened(label).transform([](const QJsonObject &object) {
        return BackupOwner{fromHex(object.value("dataFolder"_L1)),
                           object.value("place"_L1).toString()};
    });
}

} // namespace Postnook::Sqlite
