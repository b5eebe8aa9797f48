#include "accountmail.h"

#include "app/control/ownerlock.h"

#include <algorithm>

namespace Postnook::Test
{

namespace
{

QString controlSocketOf(const Home &home)
{
    const auto holder = OwnerLock::holder(home.dataDir());
    return holder ? holder->controlSocket : QString();
}

QByteArray textOf(MessageFlags flags)
{
    std::sort(flags.keywords.begin(), flags.keywords.end());
    return QByteArray::number(flags.system.toInt()) + ' ' + flags.keywords.join(' ');
}

} // namespace

QList<StoredMessage> mailOf(const Home &home, const QString &account)
{
    QList<StoredMessage> stored;
    const auto read = [&] {
        ExportSession session;
        QVERIFY(session.open(controlSocketOf(home), account));
        const auto mailboxes = session.mailboxes();
        QVERIFY(mailboxes);
        for (const ExportedMailbox &mailbox : *mailboxes) {
            const auto opened = session.openMailbox(mailbox.name);
            QVERIFY(opened);
            const auto described =
                session.describe({Uid(1), Uid(std::max(opened->uidNext.value, 2U) - 1)});
            QVERIFY(described);
            for (const ExportedMessage &message : *described) {
                const auto bytes = session.fetchPiece(message.uid, 0, 100'000'000);
                QVERIFY(bytes);
                stored.append({mailbox.name.utf8, textOf(message.flags), message.date, *bytes});
            }
        }
        session.close();
    };
    read();
    return stored;
}

void addMail(const Home &home, const QString &account, const QList<NewMail> &mail)
{
    LocalImap imap;
    QVERIFY(imap.open(controlSocketOf(home), account));
    for (const NewMail &one : mail) {
        static_cast<void>(imap.command("CREATE \"" + one.mailbox + '"'));
        const auto reply =
            imap.command("APPEND \"" + one.mailbox + "\" " + one.flags + ' ' + one.date + " {"
                         + QByteArray::number(one.bytes.size()) + "+}\r\n" + one.bytes);
        QVERIFY(reply);
        QVERIFY2(reply->isOk, qPrintable(reply->text));
    }
    imap.close();
}

void runCommands(const Home &home, const QString &account, const QByteArrayList &commands)
{
    LocalImap imap;
    QVERIFY(imap.open(controlSocketOf(home), account));
    for (const QByteArray &command : commands) {
        const auto reply = imap.command(command);
        QVERIFY(reply);
        QVERIFY2(reply->isOk, qPrintable(reply->text));
    }
    imap.close();
}

} // namespace Postnook::Test
