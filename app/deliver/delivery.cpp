#include "app/deliver/delivery.h"

#include "app/import/messagefile.h"
#include "core/wire/responsewriter.h"

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

QByteArray wireName(const MailboxName &name)
{
    QByteArray text;
    ResponseWriter(text).mailbox(name, NameCoding::ModifiedUtf7);
    return text;
}

Result<LocalImap::Reply>
append(LocalImap &imap, const MailboxName &mailbox, const QByteArray &message)
{
    const QByteArray tag = imap.newTag();
    // A NUL needs a literal8 (RFC 3516).
    const QByteArray head = tag + " APPEND " + wireName(mailbox)
        + (message.contains('\0') ? " ~{" : " {") + QByteArray::number(message.size()) + "+}\r\n";
    for (const QByteArray &part : {head, message, QByteArray("\r\n")}) {
        if (const auto sent = imap.send(part); !sent) {
            return sent.error();
        }
    }
    return imap.readReply(tag);
}

Error refusal(const LocalImap::Reply &reply)
{
    const QString text = u"the server refuses the message: %1"_s.arg(reply.text);
    if (reply.code == "TOOBIG") {
        return {ErrorCode::TooBig, text};
    }
    return {reply.code == "CANNOT" ? ErrorCode::Invalid : ErrorCode::Unavailable, text};
}

// The server's words when the mailbox cannot be made.
Result<QString> create(LocalImap &imap, const MailboxName &mailbox)
{
    const auto made = imap.command("CREATE " + wireName(mailbox));
    if (!made) {
        return made.error();
    }
    // Another delivery may have been quicker.
    if (!made->isOk && made->code != "ALREADYEXISTS") {
        return made->text;
    }
    return imap.command("SUBSCRIBE " + wireName(mailbox)).transform([](const auto &) {
        return QString();
    });
}

} // namespace

Result<Delivered> deliverMessage(LocalImap &imap,
                                 const MailboxName &mailbox,
                                 MissingMailbox missing,
                                 const QByteArray &message)
{
    if (static_cast<quint64>(message.size()) > imap.maxRequestBytes()) {
        return Error{ErrorCode::TooBig,
                     u"the message cannot be taken: "_s + tooLargeReason({imap.maxRequestBytes()})};
    }
    Delivered delivered;
    auto reply = append(imap, mailbox, message);
    if (reply && reply->code == "TRYCREATE") {
        const QString name = QString::fromUtf8(mailbox.utf8);
        QString why = u"there is no mailbox '%1'"_s.arg(name);
        if (missing == MissingMailbox::Create) {
            const auto created = create(imap, mailbox);
            if (!created) {
                return created.error();
            }
            why = created->isEmpty() ? QString()
                                     : u"the mailbox '%1' cannot be made: %2"_s.arg(name, *created);
        }
        delivered.note = why.isEmpty() ? QString() : why + u"; the message is in INBOX"_s;
        reply = append(imap, why.isEmpty() ? mailbox : MailboxName("INBOX"), message);
    }
    if (!reply) {
        return reply.error();
    }
    return reply->isOk ? Result<Delivered>(delivered) : refusal(*reply);
}

} // namespace Postnook
