#include "core/mime/defectlist.h"

#include "core/mime/headerfields.h"
#include "core/mime/messagetext.h"

#include <algorithm>
#include <utility>

namespace Postnook::Mime
{

void DefectList::add(
    DefectKind kind, DefectPlace place, const QString &text, QByteArrayView what, quint64 count)
{
    auto &known = m_byKind[kind];
    for (const auto &key : std::as_const(known)) {
        auto &defect = m_defects[key.defect];
        if (defect.part == place.part && key.what == what) {
            defect.count += count;
            return;
        }
    }
    if (known.size() < MaxDefectsOfOneKind) {
        known.append(Key{m_defects.size(), what.toByteArray()});
        m_defects.append(Defect{.kind = kind,
                                .part = place.part,
                                .offset = place.offset,
                                .count = count,
                                .inLaterParts = false,
                                .text = text});
        return;
    }
    auto &last = m_defects[known.last().defect];
    last.count += count;
    last.inLaterParts = last.inLaterParts || last.part != place.part;
}

QList<Defect> DefectList::take()
{
    auto defects = std::exchange(m_defects, {});
    m_byKind.clear();
    std::stable_sort(defects.begin(), defects.end(), [](const Defect &a, const Defect &b) {
        return a.offset < b.offset;
    });
    return defects;
}

QByteArrayView bytesAt(QByteArrayView message, ByteRange range)
{
    const auto size = static_cast<quint64>(message.size());
    const auto begin = std::min(range.offset, size);
    return message.sliced(static_cast<qsizetype>(begin),
                          static_cast<qsizetype>(std::min(range.size, size - begin)));
}

QString excerpt(QByteArrayView octets)
{
    constexpr qsizetype MaxOctets = 60;
    const auto text = octets.first(std::min(octets.size(), 2 * MaxOctets));
    const auto shown = trimmed(text);
    const bool isCut = shown.size() > MaxOctets || text.size() < octets.size();
    const auto start = shown.first(std::min(shown.size(), MaxOctets));
    return QStringLiteral("\"%1%2\"")
        .arg(decodeCharset(start, {}, isCut ? TextEnd::Cut : TextEnd::Whole),
             isCut ? QStringLiteral("…") : QString());
}

} // namespace Postnook::Mime
