#include "app/mirror/imapresponse.h"

#include "core/wire/tokencursor.h"

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype MaxShownCharacters = 300; // some lines of a terminal
constexpr qsizetype MaxShownBytesOfFault = 60;

bool isStatusName(const QByteArray &name)
{
    return name == "OK" || name == "NO" || name == "BAD" || name == "BYE" || name == "PREAUTH";
}

Error notAResponse(QByteArrayView line)
{
    return {ErrorCode::Invalid,
            u"this is no response: %1"_s.arg(
                shownText(line.first(std::min(line.size(), MaxShownBytesOfFault))))};
}

// "[CODE arguments] text"; servers leave out the text, or the space before it.
void readStatusText(QByteArrayView rest, ImapResponse *response)
{
    if (rest.startsWith('[')) {
        if (const auto end = rest.indexOf(']'); end > 0) {
            response->code = rest.first(end).sliced(1).toByteArray();
            rest = rest.sliced(end + 1);
        }
    }
    response->text = rest.trimmed().toByteArray();
}

Result<ImapResponse> statusResponse(ImapResponse response, QByteArrayView line, QByteArrayView rest)
{
    if (!isStatusName(response.name)) {
        return notAResponse(line);
    }
    readStatusText(rest, &response);
    return response;
}

QByteArrayView takeWord(QByteArrayView *rest)
{
    const auto space = rest->indexOf(' ');
    const auto word = space < 0 ? *rest : rest->first(space);
    *rest = space < 0 ? QByteArrayView() : rest->sliced(space + 1);
    return word;
}

} // namespace

QByteArray ImapResponse::codeName() const
{
    const auto space = code.indexOf(' ');
    return (space < 0 ? code : code.first(space)).toUpper();
}

QByteArray ImapResponse::codeArguments() const
{
    const auto space = code.indexOf(' ');
    return space < 0 ? QByteArray() : code.sliced(space + 1);
}

QString ImapResponse::words() const
{
    const QString shown = shownText(text);
    return shown.isEmpty() ? u"it does not say why"_s : shown;
}

QString shownText(QByteArrayView text)
{
    QString shown;
    for (const QChar c : QString::fromUtf8(text.first(std::min(text.size(), MaxShownCharacters)))) {
        shown += c.isPrint() || c.isSurrogate() ? c : QChar(u'?');
    }
    return shown;
}

Result<ImapResponse> parseImapResponse(QByteArrayView line)
{
    ImapResponse response;
    auto rest = line;
    const auto first = takeWord(&rest);
    if (first == "+") {
        response.kind = ImapResponse::Kind::Continuation;
        response.text = rest.toByteArray();
        return response;
    }
    if (first.isEmpty()) {
        return notAResponse(line);
    }
    const bool isUntagged = first == "*";
    auto word = takeWord(&rest);
    if (isUntagged && !word.isEmpty() && word.front() >= '0' && word.front() <= '9') {
        TokenCursor cursor(word);
        response.number = cursor.number();
        if (cursor.hasFailed() || !cursor.atEnd()) {
            return notAResponse(line);
        }
        word = takeWord(&rest);
    }
    response.name = word.toByteArray().toUpper();
    if (response.name.isEmpty()) {
        return notAResponse(line);
    }
    if (!isUntagged) {
        response.kind = ImapResponse::Kind::Tagged;
        response.tag = first.toByteArray();
        return statusResponse(response, line, rest);
    }
    if (isStatusName(response.name)) {
        response.kind = ImapResponse::Kind::Status;
        return statusResponse(response, line, rest);
    }
    response.arguments = rest.toByteArray();
    return response;
}

} // namespace Postnook
