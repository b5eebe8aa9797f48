#include "app/import/importsession.h"

#include "core/wire/mailboxnames.h"
#include "core/wire/responsewriter.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

QByteArray quotedKey(const QByteArray &key)
{
    return '"' + key.toHex() + '"';
}

} // namespace

Result<QByteArrayList> ImportSession::knownKeys(const QByteArrayList &keys)
{
    QByteArray text = "XIMPORTED";
    for (const QByteArray &key : keys) {
        text += ' ' + quotedKey(key);
    }
    const auto reply = m_imap.command(text);
    if (!reply) {
        return reply.error();
    }
    if (!reply->isOk) {
        return Error{ErrorCode::Unavailable,
                     u"the server does not say what was imported before: %1"_s.arg(reply->text)};
    }
    QByteArrayList known;
    for (const QByteArray &line : reply->untagged) {
        const auto words = line.split(' ');
        if (words.first() == "XIMPORTED") {
            for (const QByteArray &word : words.mid(1)) {
                known.append(QByteArray::fromHex(word));
            }
        }
    }
    return known;
}

Result<ImportSession::Reply> ImportSession::ensureMailbox(const MailboxName &name)
{
    QByteArray wireName;
    ResponseWriter(wireName).mailbox(name, NameCoding::ModifiedUtf7);
    if (name.utf8 != "INBOX") {
        auto made = m_imap.command("CREATE " + wireName);
        if (!made || (!made->isOk && made->code != "ALREADYEXISTS")) {
            return made;
        }
    }
    return m_imap.command("SUBSCRIBE " + wireName);
}

Result<ImportSession::Reply> ImportSession::append(const QList<ImportItem> &items)
{
    const QByteArray tag = m_imap.newTag();
    QByteArray head = tag + " APPEND ";
    ResponseWriter(head).mailbox(items.first().mailbox, NameCoding::ModifiedUtf7);
    for (const ImportItem &item : items) {
        head += ' ';
        ResponseWriter writer(head);
        writer.flags(item.flags).space();
        if (item.date) {
            writer.dateTime(*item.date).space();
        }
        // RFC 4466 2.3: an extension stands before the message. A NUL needs a literal8 (RFC 3516).
        head += "X-IMPORT-KEY " + quotedKey(item.key) + (item.bytes.contains('\0') ? " ~{" : " {")
            + QByteArray::number(item.bytes.size()) + "+}\r\n";
        for (const QByteArray &part : {head, item.bytes}) {
            if (const auto sent = m_imap.send(part); !sent) {
                return sent.error();
            }
        }
        head.clear();
    }
    const auto sent = m_imap.send("\r\n");
    return sent ? m_imap.readReply(tag) : Result<Reply>(sent.error());
}

qint64 appendedCount(const QByteArray &code)
{
    const auto words = code.split(' ');
    if (words.size() != 3 || words.first() != "APPENDUID") {
        return 0;
    }
    qint64 count = 0;
    for (const QByteArray &range : words.at(2).split(',')) {
        const auto colon = range.indexOf(':');
        const qint64 first = range.left(colon).toLongLong();
        const qint64 last = colon < 0 ? first : range.mid(colon + 1).toLongLong();
        count += std::max(first, last) - std::min(first, last) + 1;
    }
    return count;
}

} // namespace Postnook
