#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace Postnook
{

// Rows of cells in columns as wide as they need, for a terminal. Cells are shown by visible().
class TextTable
{
public:
    // Left or right by column, as in "llrr"; the last column may be of any width.
    explicit TextTable(QString alignment)
        : m_alignment(std::move(alignment))
    {
    }

    void add(const QStringList &cells);
    // Each line indented, with its line end. Words of the last column go on below its beginning
    // where a line would be longer than `maxWidth`; 0: they do not.
    QString text(qsizetype maxWidth = 0) const;

private:
    QString m_alignment;
    QList<QStringList> m_rows;
};

} // namespace Postnook
