#pragma once

#include "plainsearch.h"

#include <QRandomGenerator>

namespace Postnook::Test
{

// Random SEARCH programs, mostly about what is in this mail: texts cut out of it at any place,
// dates, sizes and ids that it has, and those beside them.
class SearchQueries
{
public:
    SearchQueries(quint32 seed, const QList<PlainMessage> &messages, const PlainView &view);

    PlainQuery next();

private:
    int below(int n) { return static_cast<int>(m_random.bounded(n)); }
    bool oneIn(int n) { return below(n) == 0; }
    template <typename T>
    const T &pick(const QList<T> &list)
    {
        return list.at(below(static_cast<int>(list.size())));
    }
    const PlainMessage &anyMessage() { return pick(m_messages); }

    PlainQuery list(int nesting);
    PlainQuery any(int nesting);
    PlainQuery key();
    PlainQuery textKey();
    PlainQuery flagKey();
    PlainQuery setKey();
    PlainQuery dateKey();
    PlainQuery numberKey();
    PlainQuery idKey();

    QString needle(const QStringList &texts);
    QString cutOut(const QString &text);
    QString inAnyCase(const QString &text);
    QString withOtherGaps(const QString &text);
    void setText(PlainQuery &query, const QString &text);
    QByteArray astring(const QByteArray &octets);
    QByteArray spelled(const QByteArray &key);
    quint32 nearNumber(bool isUid);
    static QByteArray dayText(qint64 day);

    QRandomGenerator m_random;
    const QList<PlainMessage> &m_messages;
    const PlainView &m_view;
    QByteArray m_charset; // of this query; empty: none is named
};

} // namespace Postnook::Test
