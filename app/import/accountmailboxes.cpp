#include "app/import/accountmailboxes.h"

#include "app/import/importsession.h"
#include "core/mailbox/specialuse.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// LIST (\HasNoChildren \Sent) "/" Sent
void addLine(const QByteArray &line, AccountMailboxes *mailboxes)
{
    TokenCursor cursor(line);
    if (!cursor.tryWord("LIST")) {
        return;
    }
    SpecialUse use = SpecialUse::None;
    bool exists = true;
    cursor.expectSpace();
    cursor.enterList();
    while (!cursor.hasFailed() && !cursor.tryChar(')')) {
        cursor.trySpace();
        cursor.expectChar('\\');
        const QByteArray attribute = '\\' + cursor.atom();
        use = specialUseNamed(attribute).value_or(use);
        exists = exists && attribute != "\\NonExistent";
    }
    cursor.expectSpace();
    static_cast<void>(cursor.nstring());
    cursor.expectSpace();
    const MailboxName name = cursor.mailbox();
    if (cursor.hasFailed() || cursor.refusal() || !exists) {
        return;
    }
    mailboxes->names.insert(name);
    if (use != SpecialUse::None) {
        mailboxes->byUse.insert(use, name);
    }
}

} // namespace

Result<AccountMailboxes> readAccountMailboxes(ImportSession &session)
{
    const auto reply = session.command("LIST \"\" * RETURN (SPECIAL-USE)");
    if (!reply) {
        return reply.error();
    }
    if (!reply->isOk) {
        return Error{ErrorCode::Unavailable,
                     u"the server does not say which mailboxes there are: %1"_s.arg(reply->text)};
    }
    return accountMailboxesFrom(reply->untagged);
}

AccountMailboxes accountMailboxesFrom(const QByteArrayList &lines)
{
    AccountMailboxes mailboxes;
    for (const QByteArray &line : lines) {
        addLine(line, &mailboxes);
    }
    return mailboxes;
}

} // namespace Postnook
