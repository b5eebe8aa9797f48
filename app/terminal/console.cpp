#include "app/terminal/console.h"

#include <cstdio>

namespace Postnook
{

namespace
{

void printLine(std::FILE *stream, const QString &line)
{
    // Nothing useful can be done when the reader of a pipe has gone.
    const auto bytes = line.toUtf8() + '\n';
    static_cast<void>(std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stream));
    static_cast<void>(std::fflush(stream));
}

} // namespace

void printResult(const QString &line)
{
    printLine(stdout, line);
}

void printMessage(const QString &line)
{
    printLine(stderr, line);
}

ExitCode fail(const Error &error)
{
    printMessage(QStringLiteral("postnook: ") + error.text);
    return exitCodeFor(error);
}

} // namespace Postnook
