#include "app/commands/importreport.h"

#include "app/terminal/console.h"
#include "app/terminal/texttable.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// File names may hold anything, a terminal's commands too.
QString printable(QString text)
{
    for (QChar &c : text) {
        c = c.isPrint() ? c : QChar(u'?');
    }
    return text;
}

void tellSkipped(const ImportReport &report)
{
    for (const ImportItem &item : report.skipped) {
        printMessage(printable(u"skipped %1: %2"_s.arg(item.origin, item.skipReason)));
    }
}

// `words`: with a place for each of the three numbers.
void tellNumbers(const ImportReport &report, const QString &words)
{
    const auto done = report.imported + report.known;
    if (!report.failure || done > 0 || !report.skipped.isEmpty()) {
        printResult(words.arg(report.imported).arg(report.known).arg(report.skipped.size()));
    }
}

ExitCode exitCodeOf(const ImportReport &report, const QString &whatStopped)
{
    if (report.failure) {
        return fail(*report.failure);
    }
    if (report.wasStopped) {
        printMessage(u"postnook: stopped; %1"_s.arg(whatStopped));
        return ExitCode::TempFail;
    }
    const bool lacksMail = std::any_of(report.skipped.begin(),
                                       report.skipped.end(),
                                       [](const ImportItem &item) { return item.isMail; });
    const bool hasMail = report.imported + report.known > 0;
    if (lacksMail || (!hasMail && !report.skipped.isEmpty())) {
        return ExitCode::DataError;
    }
    return hasMail ? ExitCode::Ok : ExitCode::NoInput;
}

QString sizeText(qint64 bytes)
{
    constexpr double Mega = 1e6;
    return u"%1 MB"_s.arg(static_cast<double>(bytes) / Mega, 0, 'f', 1);
}

} // namespace

ExitCode tellImport(const ImportReport &report)
{
    tellSkipped(report);
    tellNumbers(report, u"imported %1, already there %2, skipped %3"_s);
    return exitCodeOf(report, u"the same command goes on from here"_s);
}

ExitCode tellDryRun(const ImportReport &report, const QSet<MailboxName> &existing)
{
    tellSkipped(report);
    QString table = dryRunTable(report, existing);
    if (!table.isEmpty()) {
        table.chop(1); // printResult() ends the line
        printResult(table);
    }
    tellNumbers(report, u"would import %1, already there %2, would skip %3"_s);
    return exitCodeOf(report, u"nothing was stored"_s);
}

QString dryRunTable(const ImportReport &report, const QSet<MailboxName> &existing)
{
    TextTable table(u"lrrl"_s);
    for (auto it = report.mailboxes.begin(); it != report.mailboxes.end(); ++it) {
        const bool isOne = it->messages == 1;
        table.add({QString::fromUtf8(it.key().utf8),
                   (isOne ? u"%1 message"_s : u"%1 messages"_s).arg(it->messages),
                   sizeText(it->sizeBytes),
                   existing.contains(it.key()) ? QString() : u"new mailbox"_s});
    }
    return table.text();
}

} // namespace Postnook
