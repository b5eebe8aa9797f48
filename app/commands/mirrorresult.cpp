#include "app/commands/mirrorresult.h"

#include "app/terminal/console.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype MaxSkippedLines = 100; // of one mailbox

// Names come from another server, and may hold anything.
QString printable(QString text)
{
    for (QChar &c : text) {
        c = c.isPrint() || c.isSurrogate() ? c : QChar(u'?');
    }
    return text;
}

QString whatOfGone(const MailboxReport &report, bool isDryRun)
{
    if (report.isDeleted) {
        return isDryRun ? u"no longer there, would be deleted here too"_s
                        : u"no longer there, deleted here too"_s;
    }
    return report.deleted > 0 ? u"no longer there, the mailbox here stays"_s
                              : u"no longer there, its copy stays"_s;
}

QStringList changes(const MailboxReport &report, bool isDryRun)
{
    QStringList parts;
    const auto add = [&parts](qint64 count, const QString &what) {
        if (count > 0) {
            parts.append(u"%1 %2"_s.arg(count).arg(what));
        }
    };
    if (report.isMade) {
        parts.append(isDryRun ? u"would be made"_s : u"made"_s);
    }
    if (report.isAnew) {
        parts.append(u"numbered anew by the server"_s);
    }
    add(report.fetched, u"new"_s);
    add(report.found, u"found here already"_s);
    add(report.flagged, u"with other flags"_s);
    add(report.deleted, isDryRun ? u"would be deleted"_s : u"deleted"_s);
    add(report.kept, u"deleted there and kept here"_s);
    add(report.skipped.size(), u"skipped"_s);
    if (report.isGone) {
        parts.append(whatOfGone(report, isDryRun));
    }
    return parts;
}

bool isTold(const MailboxReport &report)
{
    return !report.isUnchanged() || report.isGone || report.isAnew;
}

void tellProblems(const MailboxReport &report)
{
    for (const QString &reason : report.skipped.mid(0, MaxSkippedLines)) {
        printMessage(printable(u"skipped %1"_s.arg(reason)));
    }
    if (report.skipped.size() > MaxSkippedLines) {
        printMessage(u"and %1 more"_s.arg(report.skipped.size() - MaxSkippedLines));
    }
    if (report.failure) {
        printMessage(printable(u"postnook: %1: %2"_s.arg(report.remote, report.failure->text)));
    }
}

} // namespace

QString mailboxLine(const MailboxReport &report, bool isDryRun)
{
    const QString names = report.local.isEmpty() || report.local == report.remote
        ? report.remote
        : u"%1 -> %2"_s.arg(report.remote, report.local);
    const QStringList parts = changes(report, isDryRun);
    return printable(u"%1: %2"_s.arg(names, parts.isEmpty() ? u"unchanged"_s : parts.join(u", ")));
}

ExitCode tellMirrorReport(const MirrorReport &report, bool isDryRun)
{
    MailboxReport sum;
    qint64 unchanged = 0;
    qint64 skipped = 0;
    bool hasFailures = false;
    for (const MailboxReport &mailbox : report.mailboxes) {
        tellProblems(mailbox);
        if (isTold(mailbox) && !mailbox.failure) {
            printResult(mailboxLine(mailbox, isDryRun));
        }
        sum.fetched += mailbox.fetched;
        sum.flagged += mailbox.flagged;
        sum.deleted += mailbox.deleted;
        unchanged += isTold(mailbox) ? 0 : 1;
        skipped += mailbox.skipped.size();
        hasFailures = hasFailures || mailbox.failure;
    }
    if (!report.mailboxes.isEmpty()) {
        printResult(u"%1%2 new, %3 with other flags, %4 deleted; %5 of %6 mailboxes unchanged"_s
                        .arg(isDryRun ? u"would be: "_s : QString())
                        .arg(sum.fetched)
                        .arg(sum.flagged)
                        .arg(sum.deleted)
                        .arg(unchanged)
                        .arg(report.mailboxes.size()));
    }
    if (report.wasStopped) {
        printMessage(u"postnook: stopped; the same command goes on from here"_s);
        return ExitCode::TempFail;
    }
    if (report.failure) {
        const ExitCode code = fail(*report.failure);
        if (code == ExitCode::TempFail) {
            printMessage(u"postnook: the same command goes on from here"_s);
        }
        return code;
    }
    if (report.mailboxes.isEmpty()) {
        printMessage(u"postnook: the server has no such mailbox"_s);
        return ExitCode::NoInput;
    }
    return hasFailures || skipped > 0 ? ExitCode::DataError : ExitCode::Ok;
}

} // namespace Postnook
