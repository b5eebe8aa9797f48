#include "app/mirror/localaccount.h"

#include "app/control/controlprotocol.h"
#include "core/mailbox/specialuse.h"
#include "core/wire/mailboxnames.h"
#include "core/wire/responsewriter.h"

#include <QCryptographicHash>
#include <QJsonObject>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto ConnectTimeoutMs = 5'000;
constexpr auto ReplyTimeoutMs = 60'000;
constexpr qsizetype MaxUidsOfASet = 2'000; // 22 KB, a third of the line that a session takes
constexpr qsizetype MaxControlLineBytes = 65'536;

QByteArray wireName(const MailboxName &name)
{
    QByteArray wire;
    ResponseWriter(wire).mailbox(name, NameCoding::ModifiedUtf7);
    return wire;
}

QByteArray literal(const QByteArray &bytes)
{
    return '{' + QByteArray::number(bytes.size()) + "+}\r\n" + bytes;
}

// What stands between the mailbox, or the message before, and the octets. A NUL needs a literal8
// (RFC 3516).
QByteArray appendHead(const FetchedMessage &message, bool isBinary, quint64 sizeBytes)
{
    QByteArray head = " ";
    ResponseWriter writer(head);
    writer.flags(message.flags).space();
    if (message.date) {
        writer.dateTime(*message.date).space();
    }
    head += "X-IMPORT-KEY \"" + message.key.toHex() + (isBinary ? "\" ~{" : "\" {")
        + QByteArray::number(sizeBytes) + "+}\r\n";
    return head;
}

QByteArray flagNames(const MessageFlags &flags)
{
    QByteArray names;
    ResponseWriter(names).flags(flags);
    return names;
}

} // namespace

LocalAccount::LocalAccount() = default;

Result<void> LocalAccount::open(const QString &controlSocket, const QString &account)
{
    m_imap = std::make_unique<ImapConnection>(m_socket, u"the server"_s, m_neverStops);
    m_socket.connectToServer(controlSocket);
    if (!m_socket.waitForConnected(ConnectTimeoutMs)) {
        return m_imap->lost(m_socket.errorString());
    }
    m_socket.write(ControlProtocol::toLine({{u"command"_s, u"imap"_s}, {u"account"_s, account}}));
    while (!m_socket.canReadLine()) {
        if (!m_socket.waitForReadyRead(ReplyTimeoutMs)
            || m_socket.bytesAvailable() > MaxControlLineBytes) {
            return m_imap->lost(m_socket.errorString());
        }
    }
    const auto reply = ControlProtocol::parseReply(m_socket.readLine());
    if (!reply) {
        return reply.error();
    }
    m_maxMessageBytes = static_cast<quint64>(reply->value("maxRequestSize"_L1).toInteger());
    return readGreeting();
}

Result<void> LocalAccount::readGreeting()
{
    const auto greeting = m_imap->readGreeting();
    if (!greeting) {
        return greeting.error();
    }
    if (greeting->name != "PREAUTH") {
        return Error{ErrorCode::Unavailable,
                     u"the server takes no mail now: %1"_s.arg(greeting->words())};
    }
    return {};
}

bool LocalAccount::isUsable() const
{
    return m_imap && m_socket.state() == QLocalSocket::ConnectedState && m_appendTag.isEmpty();
}

void LocalAccount::close()
{
    if (isUsable()) {
        static_cast<void>(m_imap->command("LOGOUT"));
    }
    m_socket.abort();
    m_appendTag.clear();
}

Result<ImapResponse> LocalAccount::command(const QByteArray &text,
                                           const ImapConnection::OnData &onData)
{
    auto reply = m_imap->command(text, onData);
    if (reply && !reply->isOk()) {
        return refused(*reply);
    }
    return reply;
}

Result<void> LocalAccount::plainCommand(const QByteArray &text)
{
    return command(text).transform([](const ImapResponse &) {});
}

Error LocalAccount::refused(const ImapResponse &reply) const
{
    static const QHash<QByteArray, ErrorCode> codes{{"OVERQUOTA", ErrorCode::OverQuota},
                                                    {"TOOBIG", ErrorCode::TooBig},
                                                    {"CANNOT", ErrorCode::Invalid},
                                                    {"LIMIT", ErrorCode::Limit},
                                                    {"NONEXISTENT", ErrorCode::NotFound},
                                                    {"TRYCREATE", ErrorCode::NotFound},
                                                    {"ALREADYEXISTS", ErrorCode::AlreadyExists}};
    return {codes.value(reply.codeName(), ErrorCode::Unavailable),
            u"the server refuses it: %1"_s.arg(reply.words())};
}

Result<QList<LocalAccount::Mailbox>> LocalAccount::mailboxes()
{
    QList<Mailbox> mailboxes;
    const auto reply =
        command("LIST \"\" \"*\" RETURN (SPECIAL-USE)", [&](const ImapResponse &response) {
            if (!response.isData("LIST")) {
                return Result<void>();
            }
            const auto data = parseListData(response.arguments);
            const auto name = data.and_then(
                [](const ListData &listed) { return decodeMailboxName(listed.name); });
            if (!name) {
                return Result<void>(m_imap->fault(name.error().text));
            }
            if (data->has("\\noselect") || data->has("\\nonexistent")) {
                return Result<void>();
            }
            Mailbox mailbox{*name, SpecialUse::None};
            for (const QByteArray &attribute : data->attributes) {
                mailbox.use = specialUseNamed(attribute).value_or(mailbox.use);
            }
            mailboxes.append(mailbox);
            return Result<void>();
        });
    return reply.transform([&mailboxes](const ImapResponse &) { return mailboxes; });
}

Result<void> LocalAccount::create(const MailboxName &name, SpecialUse use)
{
    if (use != SpecialUse::None) {
        const auto made = m_imap->command("CREATE " + wireName(name) + " (USE ("
                                          + specialUseAttribute(use) + "))");
        if (!made || made->isOk()) {
            return made.transform([](const ImapResponse &) {});
        }
    }
    return plainCommand("CREATE " + wireName(name));
}

Result<void> LocalAccount::deleteMailbox(const MailboxName &name)
{
    return plainCommand("DELETE " + wireName(name));
}

Result<void> LocalAccount::setSubscribed(const MailboxName &name, bool isSubscribed)
{
    return plainCommand((isSubscribed ? "SUBSCRIBE " : "UNSUBSCRIBE ") + wireName(name));
}

Result<LocalAccount::Selected> LocalAccount::select(const MailboxName &name)
{
    Selected selected;
    const auto reply = command("SELECT " + wireName(name), [&](const ImapResponse &response) {
        if (response.codeName() == "UIDVALIDITY") {
            selected.validity =
                UidValidity(static_cast<quint32>(numberIn(response.codeArguments())));
        } else if (response.isData("EXISTS")) {
            selected.messages = response.number;
        }
        return Result<void>();
    });
    return reply.transform([&selected](const ImapResponse &) { return selected; });
}

Result<QList<std::pair<QByteArray, QByteArray>>>
LocalAccount::metadata(const MailboxName &name, const QByteArray &entry, MetadataSize size)
{
    const QByteArray options =
        size == MetadataSize::Small ? "(MAXSIZE 1024 DEPTH infinity) " : "(DEPTH infinity) ";
    QList<std::pair<QByteArray, QByteArray>> values;
    const auto take = [&values](const ImapResponse &response) {
        if (!response.isData("METADATA")) {
            return Result<void>();
        }
        return parseMetadataData(response.arguments).transform([&values](const auto &more) {
            values += more;
        });
    };
    const auto reply =
        command("GETMETADATA " + options + wireName(name) + " (" + entry + ')', take);
    return reply.transform([&values](const ImapResponse &) { return values; });
}

Result<void> LocalAccount::setMetadata(const MailboxName &name,
                                       const QList<std::pair<QByteArray, QByteArray>> &values)
{
    QByteArray text;
    for (const auto &[entry, value] : values) {
        text += (text.isEmpty() ? "" : " ") + entry + ' '
            + (value.isNull() ? QByteArray("NIL") : literal(value));
    }
    return plainCommand("SETMETADATA " + wireName(name) + " (" + text + ')');
}

Result<QByteArrayList> LocalAccount::knownKeys(const QByteArrayList &keys)
{
    QByteArray text = "XIMPORTED";
    for (const QByteArray &key : keys) {
        text += " \"" + key.toHex() + '"';
    }
    QByteArrayList known;
    const auto reply = command(text, [&known](const ImapResponse &response) {
        if (response.isData("XIMPORTED")) {
            for (const QByteArray &word : response.arguments.split(' ')) {
                known.append(QByteArray::fromHex(word));
            }
        }
        return Result<void>();
    });
    return reply.transform([&known](const ImapResponse &) { return known; });
}

Result<QList<Uid>> LocalAccount::append(const MailboxName &name,
                                        const QList<FetchedMessage> &messages)
{
    const QByteArray tag = m_imap->newTag();
    QByteArray head = tag + " APPEND " + wireName(name);
    for (const FetchedMessage &message : messages) {
        head += appendHead(
            message, message.bytes.contains('\0'), static_cast<quint64>(message.bytes.size()));
        for (const QByteArray &part : {head, message.bytes}) {
            if (const auto sent = m_imap->write(part); !sent) {
                return sent.error();
            }
        }
        head.clear();
    }
    if (const auto sent = m_imap->write("\r\n"); !sent) {
        return sent.error();
    }
    return storedUids(m_imap->readReply(tag));
}

Result<void>
LocalAccount::beginAppend(const MailboxName &name, const FetchedMessage &message, quint64 sizeBytes)
{
    // As a literal8: whether there is a NUL in it is not known yet.
    m_appendTag = m_imap->newTag();
    return m_imap->write(m_appendTag + " APPEND " + wireName(name)
                         + appendHead(message, true, sizeBytes));
}

Result<QList<Uid>> LocalAccount::endAppend()
{
    const QByteArray tag = std::exchange(m_appendTag, {});
    if (const auto sent = m_imap->write("\r\n"); !sent) {
        return sent.error();
    }
    return storedUids(m_imap->readReply(tag));
}

Result<QList<Uid>> LocalAccount::storedUids(const Result<ImapResponse> &reply) const
{
    if (!reply) {
        return reply.error();
    }
    if (!reply->isOk()) {
        return refused(*reply);
    }
    return reply->codeName() == "APPENDUID" ? parseAppendUid(reply->codeArguments()) : QList<Uid>();
}

Result<QList<Uid>> LocalAccount::uids()
{
    QList<Uid> uids;
    const auto reply = command("UID SEARCH ALL", [&uids](const ImapResponse &response) {
        if (!response.isData("SEARCH")) {
            return Result<void>();
        }
        return parseSearchData(response.arguments).transform([&uids](const QList<Uid> &found) {
            uids += found;
        });
    });
    std::sort(uids.begin(), uids.end());
    return reply.transform([&uids](const ImapResponse &) { return uids; });
}

Result<QList<MessageTraits>> LocalAccount::traits(const QList<Uid> &uids)
{
    QList<MessageTraits> traits;
    for (const QByteArray &set : uidSets(uids)) {
        const auto reply = command(
            "UID FETCH " + set + " (UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (" + MatchedFields
                + ")])",
            [&traits](const ImapResponse &response) {
                if (!response.isData("FETCH")) {
                    return Result<void>();
                }
                return parseFetchData(response.arguments).transform([&](const FetchData &data) {
                    if (data.size && data.fields) {
                        traits.append({data.uid, *data.size, traitsDigest(*data.fields)});
                    }
                });
            });
        if (!reply) {
            return reply.error();
        }
    }
    return traits;
}

Result<QHash<Uid, MessageFlags>> LocalAccount::flags(const QList<Uid> &uids)
{
    QHash<Uid, MessageFlags> flags;
    for (const QByteArray &set : uidSets(uids)) {
        const auto reply =
            command("UID FETCH " + set + " (UID FLAGS)", [&flags](const ImapResponse &response) {
                if (!response.isData("FETCH")) {
                    return Result<void>();
                }
                return parseFetchData(response.arguments).transform([&](const FetchData &data) {
                    if (data.flags) {
                        flags.insert(data.uid, *data.flags);
                    }
                });
            });
        if (!reply) {
            return reply.error();
        }
    }
    return flags;
}

Result<void> LocalAccount::changeFlags(const FlagDifference &change)
{
    for (const QByteArray &set : uidSets(change.copies)) {
        for (const auto &[sign, flags] :
             {std::pair('+', change.added), std::pair('-', change.removed)}) {
            if (flags == MessageFlags()) {
                continue;
            }
            const auto stored =
                plainCommand("UID STORE " + set + ' ' + sign + "FLAGS.SILENT " + flagNames(flags));
            if (!stored) {
                return stored;
            }
        }
    }
    return {};
}

Result<void> LocalAccount::remove(const QList<Uid> &uids)
{
    MessageFlags deleted;
    deleted.system = SystemFlag::Deleted;
    if (auto marked = changeFlags({deleted, {}, uids}); !marked) {
        return marked;
    }
    for (const QByteArray &set : uidSets(uids)) {
        if (auto gone = plainCommand("UID EXPUNGE " + set); !gone) {
            return gone;
        }
    }
    return {};
}

QByteArrayList uidSets(const QList<Uid> &ascending)
{
    QByteArrayList sets;
    for (qsizetype from = 0; from < ascending.size(); from += MaxUidsOfASet) {
        sets.append(formatUidSet(ascending.mid(from, MaxUidsOfASet)));
    }
    return sets;
}

QByteArray
mirrorKey(const QByteArray &account, const QByteArray &mailbox, UidValidity validity, Uid uid)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    // No part can hold a NUL, so none runs into the next.
    for (const QByteArray &part : {QByteArray("mirror"),
                                   account,
                                   mailbox,
                                   QByteArray::number(validity.value),
                                   QByteArray::number(uid.value)}) {
        hash.addData(part);
        hash.addData(QByteArray(1, '\0'));
    }
    return hash.result();
}

} // namespace Postnook
