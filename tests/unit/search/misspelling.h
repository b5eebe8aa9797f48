#pragma once

#include <QRandomGenerator>
#include <QStringList>

namespace Postnook
{

// Mail made of words of several languages, and words misspelt as people do it. The same from the
// same seed.
class Misspeller
{
public:
    explicit Misspeller(quint32 seed)
        : m_random(seed)
    {
    }

    static const QList<QStringList> &languages();
    const QStringList &anyLanguage();
    QString mail(const QStringList &words);
    QString longWordOf(const QString &mail); // of 5 letters or more
    // One slip, from 8 letters on two in every other word; half of them without accents.
    QString misspelt(const QString &word);

private:
    int below(qsizetype n) { return m_random.bounded(static_cast<int>(n)); }
    QString withSlip(QString word);

    QRandomGenerator m_random;
};

} // namespace Postnook
