#include "app/commands/manualpage.h"
#include "app/settings/settingstemplate.h"

#include <QCoreApplication>
#include <QDir>

#include <cstdio>

namespace
{

using namespace Postnook;
using namespace Qt::StringLiterals;

QDate dateOfBuild()
{
    // https://reproducible-builds.org/specs/source-date-epoch/
    const QByteArray epoch = qgetenv("SOURCE_DATE_EPOCH");
    return epoch.isEmpty() ? QDate::currentDate()
                           : QDateTime::fromSecsSinceEpoch(epoch.toLongLong(), Qt::UTC).date();
}

// With nothing of the machine that builds.
QByteArray exampleSettings()
{
    return settingsTemplate(LowPorts::Forbidden).replace(QDir::homePath(), u"~"_s).toUtf8();
}

} // namespace

// Part of the build, never installed: prints a text that the package holds, `manual` or `settings`.
int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QString wanted = QCoreApplication::arguments().value(1);
    const QByteArray text = wanted == "manual"_L1
        ? manualPage(QStringLiteral(POSTNOOK_VERSION), dateOfBuild())
        : exampleSettings();
    const auto written = std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stdout);
    return written == static_cast<size_t>(text.size()) && std::fflush(stdout) == 0 ? 0 : 1;
}
