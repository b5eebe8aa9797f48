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

} // namespace Postnook
