#include "app/mirror/remoteaccount.h"

#include "app/mirror/localaccount.h"
#include "core/wire/responsewriter.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// UIDs that a server may name beyond those of the messages it says there are: mail that comes
// meanwhile, and rounding. What names more wants to fill our memory.
constexpr quint64 MaxSurplusUids = 100'000;

QByteArray wireString(const QByteArray &name)
{
    QByteArray text;
    ResponseWriter(text).string(name);
    return text;
}

} // namespace

Result<ImapResponse> RemoteAccount::command(const QByteArray &text,
                                            const ImapConnection::OnData &onData)
{
    // What the server sends in the wrong form ends the connection, and says whose fault it is.
    const auto checked = [this, &onData](const ImapResponse &response) {
        auto taken = onData ? onData(response) : Result<void>();
        if (!taken && taken.error().code == ErrorCode::Invalid) {
            return Result<void>(m_server.imap().fault(taken.error().text));
        }
        return taken;
    };
    auto reply = m_server.imap().command(text, checked);
    if (reply && !reply->isOk()) {
        return Error{isTemporary(*reply) ? ErrorCode::Busy : ErrorCode::NotFound,
                     u"%1 refuses it: %2"_s.arg(m_server.imap().peer(), reply->words())};
    }
    return reply;
}

Result<QList<RemoteMailbox>> RemoteAccount::mailboxes()
{
    const auto names = namespaces();
    if (!names) {
        return names.error();
    }
    if (m_server.can("LIST-EXTENDED")) {
        const QByteArray uses = m_server.can("SPECIAL-USE") ? " SPECIAL-USE" : "";
        return list("LIST \"\" \"*\" RETURN (SUBSCRIBED" + uses + ')')
            .transform(
                [&names](const QList<ListData> &all) { return remoteMailboxes(all, {}, *names); });
    }
    const auto all = list("LIST \"\" \"*\"");
    if (!all) {
        return all.error();
    }
    return list("LSUB \"\" \"*\"").transform([&](const QList<ListData> &subscribed) {
        return remoteMailboxes(*all, subscribed, *names);
    });
}

Result<QList<ListData>> RemoteAccount::list(const QByteArray &text)
{
    QList<ListData> listed;
    const auto reply = command(text, [&listed](const ImapResponse &response) {
        if (!response.isData("LIST") && !response.isData("LSUB")) {
            return Result<void>();
        }
        return parseListData(response.arguments).transform([&listed](const ListData &data) {
            listed.append(data);
        });
    });
    return reply.transform([&listed](const ImapResponse &) { return listed; });
}

Result<NamespaceData> RemoteAccount::namespaces()
{
    NamespaceData names;
    if (!m_server.can("NAMESPACE")) {
        return names;
    }
    const auto reply = command("NAMESPACE", [&names](const ImapResponse &response) {
        if (!response.isData("NAMESPACE")) {
            return Result<void>();
        }
        return parseNamespaceData(response.arguments).transform([&names](const NamespaceData &all) {
            names = all;
        });
    });
    return reply.transform([&names](const ImapResponse &) { return names; });
}

Result<RemoteContents> RemoteAccount::open(const RemoteMailbox &mailbox,
                                           const MirrorState &remembered)
{
    m_contents = {};
    m_exists = 0;
    m_vanished.clear();
    const auto opened =
        select(mailbox.wireName, remembered).and_then([&] { return readChanges(remembered); });
    if (!opened) {
        return opened.error();
    }
    return std::exchange(m_contents, {});
}

Result<void> RemoteAccount::select(const QByteArray &wireName, const MirrorState &remembered)
{
    QByteArray parameters;
    if (m_server.hasEnabled("QRESYNC") && remembered.remoteModSeq != ModSeq(0)) {
        parameters = " (QRESYNC (" + QByteArray::number(remembered.remoteValidity.value) + ' '
            + QByteArray::number(remembered.remoteModSeq.value) + "))";
    } else if (m_server.can("CONDSTORE") || m_server.can("QRESYNC")) {
        parameters = " (CONDSTORE)";
    }
    const auto reply =
        command("EXAMINE " + wireString(wireName) + parameters,
                [this](const ImapResponse &response) { return takeSelect(response); });
    if (!reply) {
        return reply.error();
    }
    if (m_contents.validity == UidValidity(0)) {
        return Error{ErrorCode::NotFound, u"the server gives its messages no lasting numbers"_s};
    }
    return {};
}

Result<void> RemoteAccount::takeSelect(const ImapResponse &response)
{
    const quint64 number = numberIn(response.codeArguments());
    if (response.codeName() == "UIDVALIDITY") {
        m_contents.validity = UidValidity(static_cast<quint32>(number));
    } else if (response.codeName() == "HIGHESTMODSEQ") {
        m_contents.modSeq = ModSeq(number);
    } else if (response.codeName() == "NOMODSEQ") {
        m_contents.modSeq = ModSeq(0);
    } else if (response.isData("EXISTS")) {
        m_exists = response.number;
    } else if (response.isData("VANISHED")) {
        return parseVanishedData(response.arguments).transform([this](const VanishedData &data) {
            m_vanished += data.uids;
        });
    }
    return takeFlags(response);
}

Result<void> RemoteAccount::takeFlags(const ImapResponse &response)
{
    if (!response.isData("FETCH")) {
        return {};
    }
    if (static_cast<quint64>(m_contents.flags.size()) > m_exists + MaxSurplusUids) {
        return Error{ErrorCode::Invalid, u"it tells of more messages than there are"_s};
    }
    return parseFetchData(response.arguments).transform([this](const FetchData &data) {
        if (data.flags && data.uid != Uid(0)) {
            m_contents.flags.insert(data.uid, *data.flags);
        }
    });
}

Result<void> RemoteAccount::readChanges(const MirrorState &remembered)
{
    const bool isSame = remembered.remoteValidity == m_contents.validity;
    const bool tellsChanges =
        isSame && remembered.remoteModSeq != ModSeq(0) && m_contents.modSeq != ModSeq(0);
    if (tellsChanges && m_server.hasEnabled("QRESYNC")) {
        // What came with the SELECT is all; where it does not add up the server is asked again.
        return knowsAllUids(remembered) ? Result<void>() : readUids();
    }
    m_contents.flags.clear();
    if (tellsChanges) {
        const auto flags = remembered.remoteModSeq == m_contents.modSeq
            ? Result<void>()
            : readAllFlags(" (CHANGEDSINCE " + QByteArray::number(remembered.remoteModSeq.value)
                           + ')');
        return flags.and_then([this] { return readUids(); });
    }
    if (const auto flags = readAllFlags({}); !flags) {
        return flags;
    }
    m_contents.uids = m_contents.flags.keys();
    std::sort(m_contents.uids.begin(), m_contents.uids.end());
    return {};
}

bool RemoteAccount::knowsAllUids(const MirrorState &remembered)
{
    QSet<Uid> gone;
    for (const SequenceSet::Span &span : std::as_const(m_vanished)) {
        for (auto it = remembered.messages.lowerBound(Uid(span.first));
             it != remembered.messages.end() && it.key().value <= span.last;
             ++it) {
            gone.insert(it.key());
        }
    }
    QList<Uid> uids = m_contents.flags.keys();
    for (auto it = remembered.messages.keyBegin(); it != remembered.messages.keyEnd(); ++it) {
        if (!m_contents.flags.contains(*it) && !gone.contains(*it)) {
            uids.append(*it);
        }
    }
    std::sort(uids.begin(), uids.end());
    m_contents.uids = uids;
    return static_cast<quint32>(uids.size()) == m_exists;
}

Result<void> RemoteAccount::readAllFlags(const QByteArray &modifier)
{
    if (m_exists == 0) {
        return {}; // some servers refuse "1:*" then
    }
    return command("UID FETCH 1:* (UID FLAGS)" + modifier,
                   [this](const ImapResponse &response) { return takeFlags(response); })
        .transform([](const ImapResponse &) {});
}

Result<void> RemoteAccount::readUids()
{
    m_contents.uids.clear();
    if (m_exists == 0) {
        return {};
    }
    const bool isShort = m_server.can("ESEARCH");
    const auto take = [this](const ImapResponse &response) {
        if (response.isData("SEARCH")) {
            return parseSearchData(response.arguments).transform([this](const QList<Uid> &uids) {
                m_contents.uids += uids;
            });
        }
        if (!response.isData("ESEARCH")) {
            return Result<void>();
        }
        const auto spans = parseEsearchData(response.arguments);
        if (!spans) {
            return Result<void>(spans.error());
        }
        quint64 count = 0;
        for (const SequenceSet::Span &span : *spans) {
            count += quint64(span.last) - span.first + 1;
            if (count > m_exists + MaxSurplusUids) {
                return Result<void>(
                    Error{ErrorCode::Invalid, u"it tells of more messages than there are"_s});
            }
            for (quint64 uid = span.first; uid <= span.last; ++uid) {
                m_contents.uids.append(Uid(static_cast<quint32>(uid)));
            }
        }
        return Result<void>();
    };
    const auto reply = command(isShort ? "UID SEARCH RETURN (ALL) ALL" : "UID SEARCH ALL", take);
    std::sort(m_contents.uids.begin(), m_contents.uids.end());
    m_contents.uids.erase(std::unique(m_contents.uids.begin(), m_contents.uids.end()),
                          m_contents.uids.end());
    return reply.transform([](const ImapResponse &) {});
}

Result<QList<RemoteAccount::Description>> RemoteAccount::describe(const QList<Uid> &uids)
{
    QMap<Uid, Description> described;
    for (const QByteArray &set : uidSets(uids)) {
        const auto reply = command(
            "UID FETCH " + set + " (UID FLAGS INTERNALDATE RFC822.SIZE)",
            [&](const ImapResponse &response) {
                if (!response.isData("FETCH")) {
                    return Result<void>();
                }
                return parseFetchData(response.arguments).transform([&](const FetchData &data) {
                    if (data.size && data.flags) {
                        described.insert(data.uid, {data.uid, *data.flags, data.date, *data.size});
                    }
                });
            });
        if (!reply) {
            return reply.error();
        }
    }
    QList<Description> list;
    for (const Uid uid : uids) {
        if (const auto found = described.find(uid); found != described.end()) {
            list.append(*found);
        }
    }
    return list;
}

Result<QList<MessageTraits>> RemoteAccount::traits(const QList<Uid> &uids)
{
    QList<MessageTraits> traits;
    for (const QByteArray &set : uidSets(uids)) {
        const auto reply = command(
            "UID FETCH " + set + " (UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (" + MatchedFields
                + ")])",
            [&](const ImapResponse &response) {
                if (!response.isData("FETCH") || traits.size() > uids.size()) {
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
    std::sort(
        traits.begin(), traits.end(), [](const auto &a, const auto &b) { return a.uid < b.uid; });
    return traits;
}

namespace
{

// Keeps the octets of one message after the other.
class MemorySink : public BodySink
{
public:
    explicit MemorySink(quint64 maxBytes)
        : m_maxBytes(maxBytes)
    {
    }

    Result<void> beginLiteral(quint64 sizeBytes) override
    {
        bytes.clear();
        if (sizeBytes > m_maxBytes) {
            return Error{ErrorCode::Invalid, u"a message is much larger than it says"_s};
        }
        bytes.reserve(static_cast<qsizetype>(sizeBytes));
        return {};
    }
    Result<void> takeLiteral(const QByteArray &more) override
    {
        bytes += more;
        return {};
    }

    QByteArray bytes;

private:
    quint64 m_maxBytes;
};

// Of those fetched together, which say that they are below a quarter of it.
constexpr quint64 MaxBytesInMemory = 4'194'304;

} // namespace

Result<RemoteAccount::Fetched> RemoteAccount::fetch(const QList<Uid> &uids,
                                                    const OnMessage &onMessage)
{
    MemorySink sink(MaxBytesInMemory);
    const auto take = [&](const ImapResponse &response) {
        if (!response.isData("FETCH")) {
            return Result<void>();
        }
        const auto data = parseFetchData(response.arguments);
        if (!data) {
            return Result<void>(m_server.imap().fault(data.error().text));
        }
        const auto bytes = std::exchange(sink.bytes, {});
        if (!data->hasBody || data->uid == Uid(0)) {
            return Result<void>();
        }
        return onMessage(data->uid, bytes.isEmpty() ? data->quotedBody : bytes);
    };
    const auto reply = m_server.imap().command(
        "UID FETCH " + formatUidSet(uids) + " (UID BODY.PEEK[])", take, &sink);
    if (!reply) {
        return reply.error().code == ErrorCode::Invalid
            ? Result<Fetched>(m_server.imap().fault(reply.error().text))
            : Result<Fetched>(reply.error());
    }
    return Fetched{reply->isOk(), reply->words()};
}

Result<RemoteAccount::Fetched> RemoteAccount::fetchInto(Uid uid, BodySink *sink, bool *hasCome)
{
    *hasCome = false;
    const auto take = [&](const ImapResponse &response) {
        if (!response.isData("FETCH")) {
            return Result<void>();
        }
        const auto data = parseFetchData(response.arguments);
        if (!data || (data->hasBody && (data->uid != uid || *hasCome))) {
            return Result<void>(m_server.imap().fault(
                data ? u"it sends a message that was not asked for"_s : data.error().text));
        }
        *hasCome = *hasCome || data->hasBody;
        return Result<void>();
    };
    const auto reply = m_server.imap().command(
        "UID FETCH " + QByteArray::number(uid.value) + " (UID BODY.PEEK[])", take, sink);
    if (!reply) {
        return reply.error();
    }
    return Fetched{reply->isOk(), reply->words()};
}

} // namespace Postnook
