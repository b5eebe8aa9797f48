#include "app/terminal/terminal.h"

#include "app/terminal/hiddenline.h"

#include <cstdio>

#ifdef Q_OS_WIN
#include <qt_windows.h>

#include <conio.h>
#include <io.h>
#else
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>
#endif

namespace Postnook
{

namespace
{

void show(const QString &text)
{
    const auto bytes = text.toLocal8Bit();
    static_cast<void>(std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stderr));
    static_cast<void>(std::fflush(stderr));
}

#ifdef Q_OS_WIN

// Consoles of Windows take the sequences when they are told to.
bool terminalTakesColours()
{
    const HANDLE console = GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD mode = 0;
    return GetConsoleMode(console, &mode) != 0
        && SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

#else

bool terminalTakesColours()
{
    const QByteArray kind = qgetenv("TERM");
    return !kind.isEmpty() && kind != "dumb";
}

#endif

const Error &cancelled()
{
    static const Error error{ErrorCode::Cancelled, QStringLiteral("cancelled")};
    return error;
}

} // namespace

Result<QString> askLine(const QString &question)
{
    show(question);
    QByteArray line;
    int c = 0;
    // Through stdio, which alone knows what it has read ahead.
    while ((c = std::fgetc(stdin)) != EOF && c != '\n') {
        line += static_cast<char>(c);
    }
    if (c == EOF && line.isEmpty()) {
        show(QStringLiteral("\n"));
        return cancelled();
    }
    return QString::fromLocal8Bit(line).trimmed();
}

bool askYes(const QString &question)
{
    const auto answer = askLine(question + QStringLiteral(" [y/N] "));
    const QString word = answer ? answer->toLower() : QString();
    return word == QStringLiteral("y") || word == QStringLiteral("yes");
}

Paint blackOnWhite()
{
    if (!standardOutputIsTerminal() || !terminalTakesColours()) {
        return {};
    }
    // Bright white by number, as "white" is grey on many terminals.
    return {QStringLiteral("\x1b[38;5;16;48;5;231m"), QStringLiteral("\x1b[0m")};
}

#ifdef Q_OS_WIN

void openStandardFiles() { }

void useUtf8OnTerminal()
{
    SetConsoleOutputCP(CP_UTF8);
}

bool standardInputIsTerminal()
{
    return _isatty(_fileno(stdin)) != 0;
}

bool standardErrorIsTerminal()
{
    return _isatty(_fileno(stderr)) != 0;
}

bool standardOutputIsTerminal()
{
    return _isatty(_fileno(stdout)) != 0;
}

Result<QByteArray> askHidden(const QString &question)
{
    show(question);
    HiddenLine line;
    auto state = HiddenLine::State::Typing;
    while (state == HiddenLine::State::Typing) {
        // UTF-16 units without echo; pairs are joined before they become UTF-8.
        QString typed(QChar(static_cast<char16_t>(_getwch())));
        if (typed.front().isHighSurrogate()) {
            typed += QChar(static_cast<char16_t>(_getwch()));
        }
        for (const char key : typed.toUtf8()) {
            state = line.take(key);
        }
    }
    show(QStringLiteral("\n"));
    if (state == HiddenLine::State::Cancelled) {
        return cancelled();
    }
    return line.text();
}

#else

namespace
{

// Key by key, without echo and without signals, until it goes out of scope.
class SilentTerminal
{
public:
    SilentTerminal()
    {
        m_changed = tcgetattr(STDIN_FILENO, &m_before) == 0;
        if (m_changed) {
            termios silent = m_before;
            silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
            silent.c_cc[VMIN] = 1;
            silent.c_cc[VTIME] = 0;
            m_changed = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
        }
    }
    ~SilentTerminal()
    {
        if (m_changed) {
            static_cast<void>(tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before));
        }
    }
    Q_DISABLE_COPY_MOVE(SilentTerminal)

    bool isSilent() const { return m_changed; }

private:
    termios m_before = {};
    bool m_changed = false;
};

} // namespace

void openStandardFiles()
{
    int file = 0;
    while (file >= 0 && file <= STDERR_FILENO) {
        file = open("/dev/null", O_RDWR); // takes the lowest number that is free
    }
    if (file > STDERR_FILENO) {
        close(file);
    }
}

void useUtf8OnTerminal() { }

bool standardInputIsTerminal()
{
    return isatty(STDIN_FILENO) != 0;
}

bool standardErrorIsTerminal()
{
    return isatty(STDERR_FILENO) != 0;
}

bool standardOutputIsTerminal()
{
    return isatty(STDOUT_FILENO) != 0;
}

Result<QByteArray> askHidden(const QString &question)
{
    const SilentTerminal terminal;
    if (!terminal.isSilent()) {
        return Error{
            ErrorCode::Unavailable,
            QStringLiteral("the terminal cannot hide what is typed; use --password-stdin")};
    }
    show(question);
    HiddenLine line;
    auto state = HiddenLine::State::Typing;
    while (state == HiddenLine::State::Typing) {
        char key = 0;
        const auto got = read(STDIN_FILENO, &key, 1);
        state = got == 1 ? line.take(key) : HiddenLine::State::Cancelled;
    }
    show(QStringLiteral("\n"));
    if (state == HiddenLine::State::Cancelled) {
        return cancelled();
    }
    return line.text();
}

#endif

} // namespace Postnook
