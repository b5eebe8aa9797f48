#include "plainsort.h"

#include <QRegularExpression>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <algorithm>

namespace Postnook
{

namespace
{

// RFC 5051 2: each character's titlecase, then its decomposition.
QByteArray casemap(const QString &text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKDInstance(&status);
    QByteArray octets;
    const auto characters = text.toUcs4();
    for (const auto character : characters) {
        const auto titled = static_cast<char32_t>(u_totitle(static_cast<UChar32>(character)));
        char16_t decomposed[64];
        const auto size = unorm2_getDecomposition(
            normalizer, static_cast<UChar32>(titled), decomposed, 64, &status);
        octets += (size < 0 ? QString::fromUcs4(&titled, 1) : QString::fromUtf16(decomposed, size))
                      .toUtf8();
    }
    return octets;
}

// True: it was there, and is gone.
bool removeMatch(QString &text, const QString &pattern)
{
    const QRegularExpression expression(pattern, QRegularExpression::CaseInsensitiveOption);
    const auto match = expression.match(text);
    if (match.hasMatch()) {
        text.remove(match.capturedStart(), match.capturedLength());
    }
    return match.hasMatch();
}

// RFC 5957 3
QString displayed(const std::optional<PlainAddress> &address)
{
    if (!address) {
        return {};
    }
    if (!address->name.isEmpty()) {
        return address->name;
    }
    const auto mailbox = QString::fromUtf8(address->mailbox);
    return address->host ? mailbox + u'@' + QString::fromUtf8(*address->host) : mailbox;
}

QByteArray textKey(const QByteArray &key, const PlainSortMessage &message)
{
    const auto mailbox = [](const std::optional<PlainAddress> &address) {
        return address ? casemap(QString::fromUtf8(address->mailbox)) : QByteArray();
    };
    return key == "SUBJECT"    ? casemap(plainBaseSubject(message.subject).text)
        : key == "FROM"        ? mailbox(message.from)
        : key == "TO"          ? mailbox(message.to)
        : key == "CC"          ? mailbox(message.cc)
        : key == "DISPLAYFROM" ? casemap(displayed(message.from))
        : key == "DISPLAYTO"   ? casemap(displayed(message.to))
                               : QByteArray();
}

qint64 numberKey(const QByteArray &key, const PlainSortMessage &message)
{
    return key == "ARRIVAL" ? message.arrivedUtc
        : key == "DATE"     ? message.sentUtc.value_or(message.arrivedUtc)
        : key == "SIZE"     ? message.size
                            : 0;
}

} // namespace

// RFC 5256 2.1 with the grammar of section 5.
PlainBaseSubject plainBaseSubject(const QString &subject)
{
    const auto blob = QStringLiteral("\\[[^\\[\\]]*\\] *");
    const auto refwd = QStringLiteral("(?:re|fwd?) *(?:%1)?:").arg(blob);
    PlainBaseSubject base{subject};
    QString &text = base.text;
    text.replace(QRegularExpression(QStringLiteral("[\\t\\r\\n ]+")), QStringLiteral(" ")); // (1)
    for (;;) {
        for (;;) { // (2)
            if (removeMatch(text, QStringLiteral("\\(fwd\\)\\z"))) {
                base.isReplyOrForward = true;
            } else if (!removeMatch(text, QStringLiteral(" \\z"))) {
                break;
            }
        }
        for (;;) { // (5)
            if (removeMatch(text, QStringLiteral("\\A(?:%1)*%2").arg(blob, refwd))) { // (3)
                base.isReplyOrForward = true;
                continue;
            }
            if (removeMatch(text, QStringLiteral("\\A "))) {
                continue;
            }
            if (!removeMatch(text, QStringLiteral("\\A%1(?=.)").arg(blob))) { // (4)
                break;
            }
        }
        const QRegularExpression forward(QStringLiteral("\\A\\[fwd:(.*)\\]\\z"),
                                         QRegularExpression::CaseInsensitiveOption);
        const auto match = forward.match(text); // (6)
        if (!match.hasMatch()) {
            return base;
        }
        text = match.captured(1);
        base.isReplyOrForward = true;
    }
}

QList<quint32> plainSort(QList<PlainSortMessage> messages, const QByteArrayList &program)
{
    // Equal ones stay in the order of the mailbox, also in reverse.
    std::stable_sort(messages.begin(), messages.end(), [&program](const auto &a, const auto &b) {
        for (qsizetype i = 0; i < program.size(); ++i) {
            const bool isReverse = program[i] == "REVERSE";
            const auto &key = program[isReverse ? ++i : i];
            const auto &first = isReverse ? b : a;
            const auto &second = isReverse ? a : b;
            const auto ofFirst = std::pair(numberKey(key, first), textKey(key, first));
            const auto ofSecond = std::pair(numberKey(key, second), textKey(key, second));
            if (ofFirst != ofSecond) {
                return ofFirst < ofSecond;
            }
        }
        return false;
    });
    QList<quint32> uids;
    for (const auto &message : std::as_const(messages)) {
        uids.append(message.uid);
    }
    return uids;
}

} // namespace Postnook
