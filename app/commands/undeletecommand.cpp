#include "app/commands/undeletecommand.h"

#include "app/commands/undeletelist.h"
#include "app/control/controlrequest.h"
#include "app/settings/settings.h"
#include "app/settings/settingvalues.h"
#include "app/terminal/console.h"

#include <QJsonArray>
#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype MessagesPerRequest = 500; // one commit, some ten milliseconds
constexpr qint64 MsPerSecond = 1000;

struct UndeleteOptions {
    QJsonObject list; // the request undelete.list
    QString account;
    QString into; // empty: where they were
    bool restores = false;
    bool counts = false;
    bool takesCopies = false;
};

Error usageError(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

Result<UndeleteOptions> optionsFrom(const CommandLine &line)
{
    UndeleteOptions options;
    options.account = line.arguments.first();
    options.list = {{u"command"_s, u"undelete.list"_s}, {u"name"_s, options.account}};
    options.restores = line.has(u"restore"_s);
    options.counts = line.has(u"count"_s);
    options.takesCopies = line.has(u"copies"_s);
    options.into = line.options.value(u"into"_s);
    if (!options.restores && (options.takesCopies || !options.into.isEmpty())) {
        return usageError(
            u"--%1 goes with --restore"_s.arg(options.takesCopies ? u"copies"_s : u"into"_s));
    }
    if (options.restores && options.counts) {
        return usageError(u"--count only counts, --restore brings back: give one of them"_s);
    }
    if (line.has(u"since"_s)) {
        const auto text = line.options.value(u"since"_s);
        const auto since = momentFrom(text, QDateTime::currentDateTime());
        if (!since) {
            return usageError(
                u"--since=%1: a day such as 2026-11-20, a day and time such as "
                "\"2026-11-20 14:30\", or how long ago, such as 3d or 12h"_s.arg(text));
        }
        options.list.insert(u"since"_s, *since);
    }
    if (line.has(u"mailbox"_s)) {
        options.list.insert(u"mailbox"_s, line.options.value(u"mailbox"_s));
    }
    if (line.has(u"search"_s)) {
        options.list.insert(u"text"_s, line.options.value(u"search"_s));
    }
    return options;
}

Result<void> goThroughList(const Settings &settings,
                           const UndeleteOptions &options,
                           const std::function<void(const RemovedItem &)> &see)
{
    QJsonObject request = options.list;
    const auto goOn = [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
        const auto messages = reply.value("messages"_L1).toArray();
        for (const auto &message : messages) {
            see(removedItemFrom(message.toObject()));
        }
        request.insert(u"after"_s, reply.value("after"_L1));
        return reply.value("isLast"_L1).toBool() ? std::nullopt : std::make_optional(request);
    };
    return performRequests(settings, u"undelete"_s, request, goOn);
}

QString messages(qint64 count)
{
    return count == 1 ? u"1 message"_s : u"%1 messages"_s.arg(count);
}

void tellNothing(const Settings &settings, const UndeleteOptions &options)
{
    const auto retention = settings.storage.undeleteRetentionSeconds;
    const QString kept = retention == 0
        ? u"deleted messages are not kept (undelete-retention=0)"_s
        : u"deleted messages are kept for %1 (undelete-retention)"_s.arg(
            durationText(retention * MsPerSecond));
    printMessage(
        u"postnook: %1: nothing that could be brought back; %2"_s.arg(options.account, kept));
}

void tellList(const UndeleteOptions &options, const RemovedList &list)
{
    QString text = u"postnook: %1: %2 can be brought back with --restore"_s.arg(
        options.account, messages(list.size()));
    if (list.copies() > 0) {
        text += u"; %1 of them only with --copies too, as the same exists elsewhere"_s.arg(
            list.copies());
    }
    printMessage(text);
}

ExitCode printList(const Settings &settings, const UndeleteOptions &options)
{
    RemovedList list;
    const auto gone = goThroughList(settings, options, [&](const RemovedItem &item) {
        list.add(item);
        if (!options.counts) {
            printResult(lineFor(item));
        }
    });
    if (!gone) {
        return fail(gone.error());
    }
    if (list.size() == 0) {
        tellNothing(settings, options);
        return ExitCode::Ok;
    }
    if (options.counts) {
        for (const RemovedMailbox &mailbox : list.mailboxes()) {
            printResult(lineFor(mailbox));
        }
    }
    tellList(options, list);
    return ExitCode::Ok;
}

// The requests that bring messages back: in slices, so that nobody waits for the whole.
class RestoreRequests
{
public:
    RestoreRequests(const UndeleteOptions &options, const RemovedList &list)
        : m_options(options)
        , m_mailboxes(list.mailboxes())
    {
    }

    std::optional<QJsonObject> next()
    {
        while (!m_mailboxes.isEmpty() && m_begun == m_mailboxes.first().uids.size()) {
            m_mailboxes.removeFirst();
            m_begun = 0;
        }
        return m_mailboxes.isEmpty() ? std::nullopt : std::make_optional(slice());
    }

private:
    QJsonObject slice()
    {
        const RemovedMailbox &mailbox = m_mailboxes.first();
        QJsonArray uids;
        for (; m_begun < mailbox.uids.size() && uids.size() < MessagesPerRequest; ++m_begun) {
            uids.append(static_cast<qint64>(mailbox.uids.at(m_begun)));
        }
        return {{u"command"_s, u"undelete.restore"_s},
                {u"name"_s, m_options.account},
                {u"id"_s, mailbox.id},
                {u"uids"_s, uids},
                {u"use"_s, mailbox.use},
                {u"to"_s, m_options.into.isEmpty() ? mailbox.name : m_options.into},
                {u"isMoving"_s, !m_options.into.isEmpty()}};
    }

    const UndeleteOptions &m_options;
    QList<RemovedMailbox> m_mailboxes; // still to come
    qsizetype m_begun = 0; // of the first
};

// How many messages came back, by the mailbox that they are in now; also of what was done before an
// error.
using BroughtBack = QMap<QString, qint64>;
Result<void> bringBack(const Settings &settings, RestoreRequests requests, BroughtBack &restored)
{
    const auto first = requests.next();
    if (!first) {
        return {};
    }
    const auto goOn = [&](const QJsonObject &reply) {
        restored[reply.value("mailbox"_L1).toString()] += reply.value("messages"_L1).toInteger();
        return requests.next();
    };
    return performRequests(settings, u"undelete"_s, *first, goOn);
}

ExitCode restore(const Settings &settings, const UndeleteOptions &options)
{
    RemovedList all;
    RemovedList wanted;
    const auto gone = goThroughList(settings, options, [&](const RemovedItem &item) {
        all.add(item);
        if (options.takesCopies || !item.hasCopy) {
            wanted.add(item);
        }
    });
    if (!gone) {
        return fail(gone.error());
    }
    if (all.size() == 0) {
        tellNothing(settings, options);
        return ExitCode::Ok;
    }
    BroughtBack restored;
    const auto done = bringBack(settings, RestoreRequests(options, wanted), restored);
    for (auto it = restored.begin(); it != restored.end(); ++it) {
        printResult(lineForRestored(it.key(), it.value()));
    }
    if (!done) {
        return fail(done.error());
    }
    if (!options.takesCopies && all.copies() > 0) {
        printMessage(u"postnook: %1: %2 left out, as the same exists elsewhere; --copies brings "
                     "them back too"_s.arg(options.account, messages(all.copies())));
    }
    return ExitCode::Ok;
}

} // namespace

ExitCode runUndelete(const CommandLine &line, const Settings &settings)
{
    const auto options = optionsFrom(line);
    if (!options) {
        printMessage(u"postnook: "_s + options.error().text);
        return ExitCode::Usage;
    }
    return options->restores ? restore(settings, *options) : printList(settings, *options);
}

QString undeleteDetails()
{
    return uR"(Deleted messages are kept for undelete-retention (30 days), those of deleted
mailboxes too. Without --restore they are listed, the last deleted first, each on a line with tabs
between: when it was deleted, the mailbox, when it had come, the sender, the subject, and what is
to be known:

  mailbox deleted   the mailbox is gone too; --restore makes it again
  copy              the same message exists elsewhere, as when a mail program moved it by copying;
                    --restore leaves it out unless --copies is given

With --restore all that would be listed comes back to the mailbox it was in, with its flags and
its date, and mail programs that are connected see it at once. What was moved was not deleted and
is not listed. Stopped half way, the same command goes on from there. It works beside a running
server and without one.

  postnook undelete ann --since 2d
  postnook undelete ann --mailbox Invoices --restore
  postnook undelete ann --search "annual report" --restore --into Found
)"_s;
}

} // namespace Postnook
