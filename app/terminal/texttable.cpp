#include "app/terminal/texttable.h"

#include "app/terminal/visibletext.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto Indent = u"  ";
constexpr qsizetype MaxColumn = 48; // a longer cell moves the rest of its own row only

QString withoutBlanksAtEnd(QString line)
{
    while (line.endsWith(u' ')) {
        line.chop(1);
    }
    return line;
}

// Cuts at blanks; a word longer than a line stays whole.
QStringList wrapped(const QString &text, qsizetype width)
{
    QStringList lines{QString()};
    for (const QString &word : text.split(u' ')) {
        if (!lines.last().isEmpty() && lines.last().size() + 1 + word.size() > width) {
            lines.append(word);
        } else {
            lines.last() += lines.last().isEmpty() ? word : u' ' + word;
        }
    }
    return lines;
}

} // namespace

void TextTable::add(const QStringList &cells)
{
    QStringList row;
    for (const QString &cell : cells) {
        row.append(visible(cell));
    }
    m_rows.append(row);
}

QString TextTable::text(qsizetype maxWidth) const
{
    QList<qsizetype> widths(m_alignment.size(), 0);
    for (const QStringList &row : m_rows) {
        for (qsizetype i = 0; i < row.size(); ++i) {
            widths[i] = std::min(std::max(widths.at(i), row.at(i).size()), MaxColumn);
        }
    }
    QString all;
    for (const QStringList &row : m_rows) {
        QString line;
        for (qsizetype i = 0; i + 1 < row.size(); ++i) {
            const auto width = static_cast<int>(widths.at(i));
            line += Indent;
            line += m_alignment.at(i) == u'r' ? row.at(i).rightJustified(width)
                                              : row.at(i).leftJustified(width);
        }
        line += Indent;
        const auto start = line.size();
        const QStringList last =
            maxWidth > start ? wrapped(row.last(), maxWidth - start) : QStringList{row.last()};
        for (const QString &piece : last) {
            all += withoutBlanksAtEnd(line + piece) + u'\n';
            line = QString(start, u' ');
        }
    }
    return all;
}

} // namespace Postnook
