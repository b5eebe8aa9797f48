#pragma once

#include "core/mime/defects.h"

#include <QByteArray>
#include <QHash>

namespace Postnook::Mime
{

struct DefectPlace {
    qsizetype part = -1;
    quint64 offset = 0;
};

// Collects defects and keeps them few: those of one kind in one part become one.
class DefectList
{
public:
    // `what` tells those of one kind in one part apart, where that is worth it.
    void add(DefectKind kind,
             DefectPlace place,
             const QString &text,
             QByteArrayView what = {},
             quint64 count = 1);
    // By offset.
    QList<Defect> take();

private:
    struct Key {
        qsizetype defect = 0; // index in m_defects
        QByteArray what;
    };

    QList<Defect> m_defects;
    QHash<DefectKind, QList<Key>> m_byKind;
};

// The bytes of a range that may not be all there.
QByteArrayView bytesAt(QByteArrayView message, ByteRange range);

// The beginning of some octets of a message in quotation marks, as text; control characters are
// still in it.
QString excerpt(QByteArrayView octets);

} // namespace Postnook::Mime
