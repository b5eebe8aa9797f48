#include "app/commands/accountchecks.h"

#include "app/commands/quantities.h"
#include "app/control/controlrequest.h"
#include "app/terminal/console.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QLocale>

#include <functional>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QJsonObject requestFor(const QString &command, const QString &account)
{
    return {{u"command"_s, command}, {u"name"_s, account}};
}

// Step by step, so that a large account is no reason to give up waiting.
Result<void> goThroughTexts(const Settings &settings,
                            const QString &command,
                            const QString &account,
                            const std::function<void(const QJsonObject &reply)> &see)
{
    QJsonObject request = requestFor(command, account);
    return performRequests(
        settings, u"check"_s, request, [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
            see(reply);
            request.insert(u"after"_s, reply.value("after"_L1));
            return reply.value("isLast"_L1).toBool() ? std::nullopt : std::make_optional(request);
        });
}

QString mebibytes(const QJsonValue &bytes)
{
    return QLocale::c().toString(static_cast<double>(bytes.toInteger()) / (1024 * 1024), 'f', 1)
        + u" MiB"_s;
}

void printSizes(const QString &account, const QJsonObject &sizes)
{
    printResult(u"%1: search index: %2 message texts, %3 still to come; %4 of text take %5, and "
                "%6 of index"_s.arg(account)
                    .arg(sizes.value("contents"_L1).toInteger())
                    .arg(sizes.value("waiting"_L1).toInteger())
                    .arg(mebibytes(sizes.value("textBytes"_L1)),
                         mebibytes(sizes.value("storedTextBytes"_L1)),
                         mebibytes(sizes.value("indexBytes"_L1))));
}

struct Findings {
    qint64 messages = 0;
    qint64 faults = 0;
    qint64 texts = 0;
    qint64 stale = 0; // in the search index
    qint64 waiting = 0; // to be indexed
    bool isIndexSound = true;
};

QString textsOf(qint64 count)
{
    return countText(count, u"text"_s, u"texts"_s);
}

void printSound(const Settings &settings, const QString &account, const Findings &found)
{
    const QString index = !settings.searchIndex  ? u"There is no search index."_s
        : !found.isIndexSound || found.stale > 0 ? u"Search index not right."_s
        : found.waiting > 0 ? u"Search index right, %1 still to come."_s.arg(textsOf(found.waiting))
                            : u"Search index complete."_s;
    printResult(u"%1: Database sound. %2, %3, all readable. Counters right. %4"_s.arg(
        account,
        countText(found.messages, u"message"_s, u"messages"_s),
        textsOf(found.texts),
        index));
    if (found.stale == 0) {
        printResult(u"%1: Nothing to repair."_s.arg(account));
    }
}

qint64 printFaults(const QString &account, const QJsonObject &reply)
{
    const auto faults = reply.value("faults"_L1).toArray();
    for (const auto &fault : faults) {
        printResult(u"%1: %2"_s.arg(account, fault.toString()));
    }
    return faults.size();
}

// Prints each fault as it is found.
Result<Findings> verify(const Settings &settings, const QString &account)
{
    Findings found;
    const auto store = performRequest(settings, u"check"_s, requestFor(u"check.store"_s, account));
    if (!store) {
        return store.error();
    }
    found.faults = printFaults(account, *store);
    found.messages = store->value("messages"_L1).toInteger();
    const auto seen =
        goThroughTexts(settings, u"check.texts"_s, account, [&](const QJsonObject &reply) {
            found.faults += printFaults(account, reply);
            found.texts += reply.value("texts"_L1).toInteger();
            found.stale += reply.value("stale"_L1).toInteger();
        });
    if (!seen) {
        return seen.error();
    }
    const auto sizes = performRequest(settings, u"check"_s, requestFor(u"check.size"_s, account));
    if (!sizes) {
        return sizes.error();
    }
    found.waiting = sizes->value("waiting"_L1).toInteger();
    const auto trigrams =
        performRequest(settings, u"check"_s, requestFor(u"check.trigrams"_s, account));
    if (!trigrams) {
        return trigrams.error();
    }
    found.isIndexSound = trigrams->value("isSound"_L1).toBool();
    if (!found.isIndexSound) {
        printResult(u"%1: the search index is damaged; it is made anew by itself"_s.arg(account));
    }
    if (found.stale > 0) {
        printResult(u"%1: the search index has %2 messages otherwise; --reindex makes it anew"_s
                        .arg(account)
                        .arg(found.stale));
    }
    return found;
}

// What was damaged so that it cannot even be opened is for a repair as well.
bool isForRepair(const Error &error)
{
    return error.code == ErrorCode::Corrupt;
}

void printRepair(const QString &account, const QJsonObject &report)
{
    const auto number = [&report](const QString &key) { return report.value(key).toInteger(); };
    printResult(u"%1: %2 messages are in the new database; the old one is kept as %3"_s.arg(account)
                    .arg(number(u"messages"_s))
                    .arg(report.value("keptAs"_L1).toString()));
    struct Line {
        QString key;
        QString text;
    };
    const Line lines[] = {
        {u"lostMessages"_s, u"%1: %2 messages have lost their text and are gone"_s},
        {u"changedTexts"_s, u"%1: %2 messages are not as they came; they are kept as they are"_s},
        {u"recovered"_s, u"%1: %2 messages of unknown mailboxes are in \"Recovered\""_s},
        {u"newMailboxes"_s, u"%1: %2 mailboxes are new; clients will download them"_s},
    };
    for (const auto &[key, text] : lines) {
        if (number(key) > 0) {
            printResult(text.arg(account).arg(number(key)));
        }
    }
    const auto notes = report.value("notes"_L1).toArray();
    for (const auto &note : notes) {
        printResult(u"%1: %2"_s.arg(account, note.toString()));
    }
}

} // namespace

ExitCode verifyAccount(const Settings &settings, const QString &account)
{
    const auto found = verify(settings, account);
    if (!found && !isForRepair(found.error())) {
        return fail(found.error());
    }
    if (found && found->faults == 0) {
        printSound(settings, account, *found);
        return found->stale == 0 ? ExitCode::Ok : ExitCode::DataError;
    }
    if (!found) {
        printResult(u"%1: %2"_s.arg(account, found.error().text));
    }
    printMessage(u"postnook: %1: `postnook check %1 --repair` makes a new database of what can be "
                 "read, and keeps the old one"_s.arg(account));
    return ExitCode::DataError;
}

ExitCode repairAccount(const Settings &settings, const QString &account)
{
    const auto found = verify(settings, account);
    if (!found && !isForRepair(found.error())) {
        return fail(found.error());
    }
    const bool isSound = found && found->faults == 0;
    if (isSound && found->stale == 0) {
        printSound(settings, account, *found);
        return ExitCode::Ok;
    }
    if (!isSound) {
        const auto report =
            performRequest(settings, u"check"_s, requestFor(u"check.repair"_s, account));
        if (!report) {
            return fail(report.error());
        }
        printRepair(account, *report);
        if (const auto code = rescanAccount(settings, account); code != ExitCode::Ok) {
            return code;
        }
    }
    return settings.searchIndex ? reindexAccount(settings, account) : ExitCode::Ok;
}

ExitCode rescanAccount(const Settings &settings, const QString &account)
{
    qint64 described = 0;
    qint64 unreadable = 0;
    const auto scanned =
        goThroughTexts(settings, u"check.rescan"_s, account, [&](const QJsonObject &reply) {
            described += reply.value("described"_L1).toInteger();
            unreadable += reply.value("unreadable"_L1).toInteger();
        });
    if (!scanned) {
        return fail(scanned.error());
    }
    printResult(u"%1: %2 message texts described anew"_s.arg(account).arg(described));
    if (unreadable > 0) {
        printMessage(
            u"postnook: %1: %2 message texts cannot be read; they stay as they are"_s.arg(account)
                .arg(unreadable));
        return ExitCode::DataError;
    }
    return ExitCode::Ok;
}

ExitCode printAccountSizes(const Settings &settings, const QString &account)
{
    if (!settings.searchIndex) {
        printResult(
            u"%1: search-index=false: no index is kept; what is left of one in search.db may "
            "be deleted"_s.arg(account));
        return ExitCode::Ok;
    }
    const auto sizes = performRequest(settings, u"check"_s, requestFor(u"check.size"_s, account));
    if (!sizes) {
        return fail(sizes.error());
    }
    printSizes(account, *sizes);
    return ExitCode::Ok;
}

ExitCode reindexAccount(const Settings &settings, const QString &account)
{
    if (!settings.searchIndex) {
        printMessage(u"postnook: search-index=false: there is no index to be made"_s);
        return ExitCode::Config;
    }
    QJsonObject request = requestFor(u"check.index"_s, account);
    request.insert(u"afresh"_s, true);
    QJsonObject sizes;
    const auto goOn = [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
        sizes = reply;
        request.remove(u"afresh"_s);
        return reply.value("waiting"_L1).toInteger() == 0 ? std::nullopt
                                                          : std::make_optional(request);
    };
    const auto performed = performRequests(settings, u"check"_s, request, goOn);
    if (!performed) {
        return fail(performed.error());
    }
    printSizes(account, sizes);
    return ExitCode::Ok;
}

} // namespace Postnook
