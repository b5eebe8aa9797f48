#include "app/commands/checkcommand.h"

#include "app/commands/accountchecks.h"
#include "app/settings/settings.h"
#include "app/terminal/console.h"

#include <algorithm>
#include <iterator>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

struct Check {
    QString option;
    ExitCode (*run)(const Settings &settings, const QString &account);
};

const QList<Check> &checks()
{
    static const QList<Check> all{{u"repair"_s, repairAccount},
                                  {u"rescan"_s, rescanAccount},
                                  {u"reindex"_s, reindexAccount},
                                  {u"sizes"_s, printAccountSizes}};
    return all;
}

} // namespace

ExitCode runCheck(const CommandLine &line, const Settings &settings)
{
    QList<Check> wanted;
    std::copy_if(checks().begin(), checks().end(), std::back_inserter(wanted), [&](const Check &c) {
        return line.has(c.option);
    });
    if (wanted.isEmpty()) {
        wanted.append({{}, verifyAccount});
    }
    ExitCode code = ExitCode::Ok;
    for (const QString &account : line.arguments) {
        for (const Check &check : std::as_const(wanted)) {
            const ExitCode result = check.run(settings, account);
            if (result != ExitCode::Ok && result != ExitCode::DataError) {
                return result;
            }
            code = result == ExitCode::Ok ? code : result;
        }
    }
    return code;
}

QString checkDetails()
{
    return uR"(Reads everything that is stored: whether the database is sound, counters are those of the messages,
references lead somewhere, each message has the bytes that came and is described as it is, and the
search index has its text. Nothing is changed. A running server goes on meanwhile.
Where something is wrong each finding has a line, and the exit code is 65. --repair then makes a
new database of everything that can be read and keeps the damaged one beside it; mail programs find
their messages as before, but for those that are named. A search index that is wrong costs no mail:
--reindex makes it anew. --rescan is for after an update whose notes ask for it.
)"_s;
}

} // namespace Postnook
