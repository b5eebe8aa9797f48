#include "core/session/clientname.h"

#include <QList>

namespace Postnook
{

namespace
{

constexpr qsizetype MaxNameLength = 48;
constexpr qsizetype MaxVersionLength = 24;

bool isShown(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return false;
    default:
        return true;
    }
}

QString shownText(const QByteArray &octets, qsizetype maxLength)
{
    // A string has no charset of its own; old clients send that of their system.
    const QString text =
        octets.isValidUtf8() ? QString::fromUtf8(octets) : QString::fromLatin1(octets);
    QString shown;
    for (const char32_t c : text.toUcs4()) {
        shown += isShown(c) ? QChar::fromUcs4(c) : QChar::fromUcs4(U'?');
    }
    shown = shown.simplified();
    if (shown.size() > maxLength) {
        const bool cutsPair = shown.at(maxLength - 1).isHighSurrogate();
        shown.truncate(cutsPair ? maxLength - 1 : maxLength);
    }
    return shown;
}

} // namespace

QString ClientName::toString() const
{
    return name.isEmpty() || version.isEmpty() ? name + version : name + QLatin1Char(' ') + version;
}

void noteIdField(const QByteArray &field, const QByteArray &value, ClientName *client)
{
    if (field.compare("name", Qt::CaseInsensitive) == 0) {
        client->name = shownText(value, MaxNameLength);
    } else if (field.compare("version", Qt::CaseInsensitive) == 0) {
        client->version = shownText(value, MaxVersionLength);
    }
}

} // namespace Postnook
