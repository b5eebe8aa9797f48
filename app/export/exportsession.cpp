#include "app/export/exportsession.h"

#include "core/wire/responsewriter.h"
#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"

#include <QHash>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

Error refused(const QString &what, const LocalImap::Reply &reply)
{
    const bool isGone = reply.code == "NONEXISTENT";
    return {isGone ? ErrorCode::NotFound : ErrorCode::Unavailable,
            u"%1: the server says: %2"_s.arg(what, reply.text)};
}

// "[UIDNEXT 17]" in one of the responses to EXAMINE; 0 where none has it.
quint32 numberIn(const QByteArrayList &responses, const QByteArray &code)
{
    for (const QByteArray &response : responses) {
        if (response.startsWith("OK [" + code + ' ')) {
            const auto start = code.size() + 5;
            return response.mid(start, response.indexOf(']') - start).toUInt();
        }
    }
    return 0;
}

// LIST (\HasNoChildren) "/" name. Nothing for a level without a mailbox.
std::optional<MailboxName> parseList(const QByteArray &response)
{
    TokenCursor cursor(response, NameCoding::Utf8);
    if (!cursor.tryWord("LIST")) {
        return {};
    }
    cursor.expectSpace();
    const auto attributes = cursor.rest().first(cursor.rest().indexOf(')') + 1);
    for (qsizetype i = 0; i < attributes.size(); ++i) {
        cursor.expectChar(attributes.at(i));
    }
    cursor.expectSpace();
    static_cast<void>(cursor.nstring());
    cursor.expectSpace();
    const MailboxName name = cursor.mailbox();
    const auto lower = attributes.toByteArray().toLower();
    const bool isLevel = lower.contains("\\nonexistent") || lower.contains("\\noselect");
    return cursor.hasFailed() || isLevel ? std::nullopt : std::optional(name);
}

// STATUS name (MESSAGES 3 SIZE 4711)
std::optional<ExportedMailbox> parseStatus(const QByteArray &response)
{
    TokenCursor cursor(response, NameCoding::Utf8);
    if (!cursor.tryWord("STATUS")) {
        return {};
    }
    ExportedMailbox mailbox;
    cursor.expectSpace();
    mailbox.name = cursor.mailbox();
    cursor.expectSpace();
    cursor.enterList();
    while (!cursor.hasFailed() && !cursor.tryChar(')')) {
        const QByteArray item = cursor.atom();
        cursor.expectSpace();
        const quint64 number = cursor.number64();
        (item == "SIZE" ? mailbox.sizeBytes : mailbox.messages) = number;
        cursor.trySpace();
    }
    return cursor.hasFailed() ? std::nullopt : std::optional(mailbox);
}

void readItem(TokenCursor *cursor, FetchedItems *items)
{
    if (cursor->tryWord("UID")) {
        cursor->expectSpace();
        items->uid = Uid(cursor->nzNumber());
    } else if (cursor->tryWord("FLAGS")) {
        cursor->expectSpace();
        items->flags = cursor->flagList();
    } else if (cursor->tryWord("INTERNALDATE")) {
        cursor->expectSpace();
        items->date = cursor->dateTime();
    } else if (cursor->tryWord("RFC822.SIZE")) {
        cursor->expectSpace();
        items->sizeBytes = cursor->number64();
    } else if (cursor->tryWord("MODSEQ")) {
        cursor->expectSpace();
        cursor->enterList();
        static_cast<void>(cursor->number64());
        cursor->leaveList();
    } else if (cursor->tryWord("BODY[")) {
        cursor->expectChar(']');
        if (cursor->tryChar('<')) {
            static_cast<void>(cursor->number64());
            cursor->expectChar('>');
        }
        cursor->expectSpace();
        items->body = cursor->nstring();
    } else {
        cursor->fail("An item that was not asked for");
    }
}

} // namespace

FetchedItems parseFetched(const QByteArray &response)
{
    TokenCursor cursor(response, NameCoding::Utf8);
    static_cast<void>(cursor.number());
    cursor.expectSpace();
    if (cursor.hasFailed() || !cursor.tryWord("FETCH")) {
        return {};
    }
    FetchedItems items;
    cursor.expectSpace();
    cursor.enterList();
    while (!cursor.hasFailed() && !cursor.tryChar(')')) {
        readItem(&cursor, &items);
        cursor.trySpace();
    }
    return cursor.hasFailed() ? FetchedItems() : items;
}

Result<void> ExportSession::open(const QString &controlSocket, const QString &account)
{
    if (const auto opened = m_imap.open(controlSocket, account); !opened) {
        return opened;
    }
    // Names in UTF-8, and no \Recent among the flags (RFC 9051 appendix E).
    return command("ENABLE IMAP4rev2").transform([](const LocalImap::Reply &) {});
}

Result<LocalImap::Reply> ExportSession::command(const QByteArray &text,
                                                const LocalImap::OnResponse &onResponse)
{
    auto reply = m_imap.command(text, onResponse);
    if (reply && !reply->isOk) {
        const auto words = QString::fromUtf8(text.first(std::max<qsizetype>(text.indexOf(' '), 0)));
        return refused(words, *reply);
    }
    return reply;
}

Result<QList<ExportedMailbox>> ExportSession::mailboxes()
{
    QList<MailboxName> names;
    QHash<MailboxName, ExportedMailbox> states;
    const auto listed =
        command("LIST \"\" \"*\" RETURN (STATUS (MESSAGES SIZE))", [&](const QByteArray &response) {
            if (const auto name = parseList(response)) {
                names.append(*name);
            } else if (const auto state = parseStatus(response)) {
                states.insert(state->name, *state);
            }
        });
    if (!listed) {
        return listed.error();
    }
    std::sort(names.begin(), names.end());
    QList<ExportedMailbox> mailboxes;
    for (const MailboxName &name : std::as_const(names)) {
        mailboxes.append(states.value(name, {name, 0, 0}));
    }
    return mailboxes;
}

Result<ExportSession::Opened> ExportSession::openMailbox(const MailboxName &name)
{
    QByteArray text = "EXAMINE ";
    ResponseWriter(text).mailbox(name, NameCoding::Utf8);
    return command(text).transform([](const LocalImap::Reply &reply) {
        return Opened{UidValidity(numberIn(reply.untagged, "UIDVALIDITY")),
                      Uid(numberIn(reply.untagged, "UIDNEXT"))};
    });
}

Result<QList<ExportedMessage>> ExportSession::describe(const UidRange &range)
{
    QList<ExportedMessage> messages;
    const QByteArray text = "UID FETCH " + QByteArray::number(range.first.value) + ':'
        + QByteArray::number(range.last.value) + " (UID FLAGS INTERNALDATE RFC822.SIZE) (PARTIAL 1:"
        + QByteArray::number(MaxDescribed) + ')';
    const auto fetched = command(text, [&messages](const QByteArray &response) {
        const auto items = parseFetched(response);
        // Others are news of what another session does.
        if (items.uid && items.flags && items.date && items.sizeBytes) {
            messages.append({*items.uid, *items.flags, *items.date, *items.sizeBytes});
        }
    });
    if (!fetched) {
        return fetched.error();
    }
    return messages;
}

Result<void> ExportSession::fetch(const QList<Uid> &uids, const OnMessage &onMessage)
{
    const QByteArray text = "UID FETCH " + formatUidSet(uids) + " (UID BODY.PEEK[])";
    return command(text,
                   [&onMessage](const QByteArray &response) {
                       const auto items = parseFetched(response);
                       if (items.uid && items.body) {
                           onMessage(*items.uid, *items.body);
                       }
                   })
        .transform([](const LocalImap::Reply &) {});
}

Result<QByteArray> ExportSession::fetchPiece(Uid uid, quint64 offset, quint64 size)
{
    std::optional<QByteArray> piece;
    const QByteArray text = "UID FETCH " + QByteArray::number(uid.value) + " (UID BODY.PEEK[]<"
        + QByteArray::number(offset) + '.' + QByteArray::number(size) + ">)";
    const auto fetched = command(text, [&piece](const QByteArray &response) {
        const auto items = parseFetched(response);
        if (items.uid && items.body) {
            piece = items.body;
        }
    });
    if (!fetched) {
        return fetched.error();
    }
    if (!piece) {
        return Error{ErrorCode::NotFound, u"the message is gone"_s};
    }
    return *piece;
}

} // namespace Postnook
