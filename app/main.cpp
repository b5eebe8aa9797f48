#include "app/commands/subcommandtable.h"
#include "app/settings/logging.h"
#include "app/terminal/console.h"
#include "app/terminal/terminal.h"

#include <QCoreApplication>

namespace
{

using namespace Postnook;
using namespace Qt::StringLiterals;

ExitCode run(const QStringList &arguments)
{
    const auto line = parseCommandLine(arguments);
    if (!line) {
        printMessage(u"postnook: "_s + line.error().text);
        return ExitCode::Usage;
    }
    if (line->help) {
        printResult(helpText(line->arguments));
        return ExitCode::Ok;
    }
    if (line->version) {
        printResult(u"postnook "_s + QCoreApplication::applicationVersion());
        return ExitCode::Ok;
    }
    return runCommand(*line);
}

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): what throws here, for want of memory, ends the process
int main(int argc, char **argv)
{
    openStandardFiles();
    // Qt's own event loop on Linux as elsewhere: GLib's brings nothing here, and costs more.
    qputenv("QT_NO_GLIB", "1");
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"postnook"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(POSTNOOK_VERSION));
    useUtf8OnTerminal();
    // Commands report their own errors; serve sets the level of the settings.
    installLogging(LogLevel::Warn);
    return static_cast<int>(run(QCoreApplication::arguments().mid(1)));
}
