#include "core/search/collation.h"

#include <QList>

namespace Postnook
{

QByteArray collationKey(const QString &text)
{
    if (text.contains(QChar::ReplacementCharacter)) {
        return '\xff' + text.toUtf8();
    }
    QString titled;
    titled.reserve(text.size());
    const auto characters = text.toUcs4();
    for (const auto character : characters) {
        titled += QChar::fromUcs4(QChar::toTitleCase(character));
    }
    return titled.normalized(QString::NormalizationForm_KD).toUtf8();
}

} // namespace Postnook
