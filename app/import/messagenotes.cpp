#include "app/import/messagenotes.h"

#include "core/wire/datetime.h"
#include "core/wire/flagnames.h"
#include "core/wire/tokencursor.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

constexpr qint64 MaxLineBytes = 1'048'576;

std::optional<std::pair<QByteArray, MessageNote>> parseLine(QByteArray line)
{
    while (line.endsWith('\n') || line.endsWith('\r')) {
        line.chop(1);
    }
    const auto columns = line.split('\t');
    if (line.startsWith('#') || columns.size() != 4) {
        return {};
    }
    bool isNumber = false;
    MessageNote note;
    note.sizeBytes = columns.at(1).toULongLong(&isNumber);
    const auto date = parseDateTime(columns.at(2));
    const QByteArray flags = '(' + columns.at(3) + ')';
    TokenCursor cursor(flags);
    note.flags = cursor.flagList();
    cursor.expectEnd();
    if (!isNumber || !date || cursor.hasFailed()) {
        return {};
    }
    note.date = *date;
    return std::pair(columns.at(0), note);
}

} // namespace

bool isExportFile(const QString &name)
{
    constexpr std::array Names{MessageNotesName, ExportMarkerName};
    return std::any_of(Names.begin(), Names.end(), [&name](const char *own) {
        return name == QLatin1String(own);
    });
}

QByteArray MessageNotes::head()
{
    return "# Written by 'postnook export', read by 'postnook import'. For each message:\n"
           "# file\tsize\tdate of arrival\tflags\n";
}

QByteArray MessageNotes::line(const QByteArray &name, const MessageNote &note)
{
    QByteArrayList flags;
    for (const auto &row : SystemFlagNames) {
        if (note.flags.system.testFlag(row.flag)) {
            flags.append(row.name);
        }
    }
    flags += note.flags.keywords;
    return name + '\t' + QByteArray::number(note.sizeBytes) + '\t' + formatDateTime(note.date)
        + '\t' + flags.join(' ') + '\n';
}

MessageNotes MessageNotes::readFrom(const QString &folder)
{
    MessageNotes notes;
    QFile file(QDir(folder).filePath(QLatin1String(MessageNotesName)));
    if (!file.open(QIODevice::ReadOnly)) {
        return notes;
    }
    while (!file.atEnd()) {
        if (const auto parsed = parseLine(file.readLine(MaxLineBytes))) {
            notes.m_notes.insert(parsed->first, parsed->second);
        }
    }
    return notes;
}

std::optional<MessageNote> MessageNotes::find(const QString &name) const
{
    const auto it = m_notes.find(name.toUtf8());
    return it == m_notes.end() ? std::nullopt : std::optional(*it);
}

} // namespace Postnook
