#include "app/commands/newpassword.h"

#include "app/terminal/terminal.h"
#include "core/auth/scram.h"

#include <QFile>
#include <QStringDecoder>

#include <cstdio>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto MaxLineBytes = Auth::MaxPasswordBytes + 2; // with its line end

} // namespace

Result<QString> passwordFromLine(QByteArray line)
{
    if (line.endsWith('\n')) {
        line.chop(line.endsWith("\r\n") ? 2 : 1);
    }
    if (line.isEmpty()) {
        return Error{ErrorCode::Invalid, u"the password is empty"_s};
    }
    if (line.size() > Auth::MaxPasswordBytes) {
        return Error{ErrorCode::TooBig,
                     u"the password is longer than %1 bytes"_s.arg(Auth::MaxPasswordBytes)};
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString password = decoder(line);
    if (decoder.hasError()) {
        return Error{ErrorCode::Invalid, u"the password is not valid UTF-8 text"_s};
    }
    return password;
}

Result<QString> readPasswordFromStdin()
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly)) {
        return Error{ErrorCode::Unavailable, u"standard input cannot be read"_s};
    }
    return passwordFromLine(input.readLine(MaxLineBytes + 1));
}

Result<QString> askNewPassword(const QString &account)
{
    if (!standardInputIsTerminal()) {
        return Error{ErrorCode::Invalid,
                     u"there is no terminal to ask for the password; use --password-stdin"_s};
    }
    auto first = askHidden(u"New password for %1: "_s.arg(account)).and_then(passwordFromLine);
    if (!first) {
        return first;
    }
    auto second = askHidden(u"The same again: "_s).and_then(passwordFromLine);
    if (second && *second != *first) {
        return Error{ErrorCode::Invalid, u"the two passwords differ; nothing was changed"_s};
    }
    return second;
}

} // namespace Postnook
