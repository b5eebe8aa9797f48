#include "app/commands/inspectcommand.h"

#include "app/commands/inspectreport.h"
#include "app/terminal/console.h"
#include "app/terminal/visibletext.h"

#include <QFile>
#include <QFileInfo>

#include <cstdio>

#ifdef Q_OS_WIN
#include <fcntl.h>
#include <io.h>
#endif

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto StandardInput = "-"_L1;

Result<QByteArray> readAll(const QString &path)
{
    QFile file(path);
    bool isOpen = false;
    if (path == StandardInput) {
#ifdef Q_OS_WIN
        static_cast<void>(_setmode(_fileno(stdin), _O_BINARY)); // keep CRLF
#endif
        isOpen = file.open(stdin, QIODevice::ReadOnly);
    } else if (!QFileInfo::exists(path)) {
        return Error{ErrorCode::NotFound, u"there is no file %1"_s.arg(path)};
    } else if (QFileInfo(path).isDir()) {
        return Error{ErrorCode::NotFound, u"%1 is a folder"_s.arg(path)};
    } else {
        isOpen = file.open(QIODevice::ReadOnly);
    }
    QByteArray bytes = isOpen ? file.readAll() : QByteArray();
    if (!isOpen || file.error() != QFileDevice::NoError) {
        return Error{ErrorCode::NotFound, u"%1 cannot be read: %2"_s.arg(path, file.errorString())};
    }
    return bytes;
}

} // namespace

ExitCode runInspect(const CommandLine &line)
{
    auto code = ExitCode::Ok;
    bool isFirst = true;
    for (const QString &path : line.arguments) {
        const auto message = readAll(path);
        if (!message) {
            printMessage(visible(u"postnook: "_s + message.error().text));
            code = ExitCode::NoInput;
            continue;
        }
        QString text = inspectReport(*message, line.has(u"raw"_s));
        if (line.arguments.size() > 1) {
            text.prepend(u"%1==> %2 <==\n"_s.arg(isFirst ? u""_s : u"\n"_s, visible(path)));
        }
        isFirst = false;
        printResult(text.chopped(1));
    }
    return code;
}

QString inspectDetails()
{
    return uR"(A FILE is one message, as it was sent or saved (.eml, a file of a Maildir); "-" is standard input.
Needs no settings, and a running server does not mind. It prints

  Envelope   the fields that mail programs list, decoded
  Parts      what FETCH calls each part (BODY[1], BODY[2.MIME]), what it is, where its header and its
             body are in the file, and how many octets it has without its transfer encoding
  Preview    the words that PREVIEW gives
  Defects    what is not as the RFCs want it, where, and what the server makes of it

and with --raw ENVELOPE and BODYSTRUCTURE as a client gets them. Control characters are shown by their
pictures, and never reach the terminal.
)"_s;
}

} // namespace Postnook
