#include "app/settings/inieditor.h"

#include "app/settings/inireader.h"

#include <QList>

#include <algorithm>
#include <optional>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr QByteArrayView Utf8Bom("\xef\xbb\xbf");

struct Line {
    QByteArray text;
    QByteArray end; // "\n", "\r\n"; empty where the file ends without one
};

struct TextFile {
    QByteArray bom;
    QList<Line> lines; // none behind a last line end

    QByteArray bytes() const;
    QByteArray lineEnd() const; // that of the first line
};

QByteArray TextFile::bytes() const
{
    QByteArray all = bom;
    for (const Line &line : lines) {
        all += line.text + line.end;
    }
    return all;
}

QByteArray TextFile::lineEnd() const
{
    return lines.isEmpty() || lines.first().end.isEmpty() ? QByteArray("\n") : lines.first().end;
}

TextFile split(QByteArrayView bytes)
{
    TextFile file;
    if (bytes.startsWith(Utf8Bom)) {
        file.bom = Utf8Bom.toByteArray();
        bytes = bytes.sliced(Utf8Bom.size());
    }
    while (!bytes.isEmpty()) {
        const qsizetype feed = bytes.indexOf('\n');
        const qsizetype next = feed < 0 ? bytes.size() : feed + 1;
        qsizetype length = feed < 0 ? bytes.size() : feed;
        if (length > 0 && feed > 0 && bytes.at(length - 1) == '\r') {
            --length;
        }
        file.lines.append(
            {bytes.first(length).toByteArray(), bytes.sliced(length, next - length).toByteArray()});
        bytes = bytes.sliced(next);
    }
    return file;
}

bool isSeparator(char c)
{
    return c == '=' || c == ':';
}

// "key=..." as the reader takes it, or "key: ..." as it does not, which is meant so.
bool setsKey(const QByteArray &text, const QString &key)
{
    const auto separator = std::find_if(text.begin(), text.end(), isSeparator);
    const QByteArray before = text.first(std::distance(text.begin(), separator));
    return separator != text.end()
        && QString::fromUtf8(before).trimmed().compare(key, Qt::CaseInsensitive) == 0;
}

// "#key=..." as the template has it; behind "# " there is prose.
bool suggestsKey(const QByteArray &text, const QString &key)
{
    const QString line = QString::fromUtf8(text).trimmed();
    const bool isComment = line.startsWith(u'#') || line.startsWith(u';');
    return isComment && line.size() > 1 && !line.at(1).isSpace()
        && setsKey(line.sliced(1).toUtf8(), key);
}

// Up to the = and the blanks behind it.
QByteArray withValue(const QByteArray &text, const QString &value)
{
    const auto separator = std::find_if(text.begin(), text.end(), isSeparator);
    qsizetype begin = std::distance(text.begin(), separator);
    if (*separator == ':') {
        return text.first(begin) + '=' + iniValueText(value).toUtf8();
    }
    ++begin;
    while (begin < text.size() && (text.at(begin) == ' ' || text.at(begin) == '\t')) {
        ++begin;
    }
    return text.first(begin) + iniValueText(value).toUtf8();
}

// Why the file cannot be edited line by line, if so.
std::optional<Error> hindrance(const QByteArray &bytes)
{
    const IniDocument document = parseIni(bytes);
    const auto isOfFile = [](const IniFault &fault) { return fault.line == 0; };
    const auto fault = std::find_if(document.faults.begin(), document.faults.end(), isOfFile);
    if (fault == document.faults.end()) {
        return std::nullopt;
    }
    return Error{ErrorCode::Invalid, fault->text};
}

QList<qsizetype> linesOfKey(const TextFile &file, const QString &key)
{
    QList<qsizetype> found;
    for (qsizetype i = 0; i < file.lines.size(); ++i) {
        if (setsKey(file.lines.at(i).text, key)) {
            found.append(i);
        }
    }
    return found;
}

qsizetype suggestedLine(const TextFile &file, const QString &key)
{
    const auto it = std::find_if(file.lines.begin(), file.lines.end(), [&key](const Line &line) {
        return suggestsKey(line.text, key);
    });
    return it == file.lines.end() ? -1 : std::distance(file.lines.begin(), it);
}

qsizetype appendLine(TextFile *file)
{
    const QByteArray end = file->lineEnd();
    if (!file->lines.isEmpty() && file->lines.last().end.isEmpty()) {
        file->lines.last().end = end;
    }
    file->lines.append({{}, end});
    return file->lines.size() - 1;
}

void commentOut(TextFile *file, const QList<qsizetype> &lines)
{
    for (const qsizetype line : lines) {
        file->lines[line].text.prepend('#');
    }
}

} // namespace

Result<IniEdit> setIniValue(const QByteArray &bytes, const QString &key, const QString &value)
{
    if (const auto error = hindrance(bytes)) {
        return *error;
    }
    if (!isIniValue(value)) {
        return Error{ErrorCode::Invalid, u"a control character; remove it"_s};
    }
    TextFile file = split(bytes);
    QList<qsizetype> lines = linesOfKey(file, key);
    if (!lines.isEmpty()) {
        const qsizetype line = lines.takeFirst();
        commentOut(&file, lines);
        file.lines[line].text = withValue(file.lines.at(line).text, value);
        return IniEdit{file.bytes(), static_cast<int>(line) + 1};
    }
    const qsizetype suggested = suggestedLine(file, key);
    const qsizetype line = suggested < 0 ? appendLine(&file) : suggested;
    file.lines[line].text = key.toUtf8() + '=' + iniValueText(value).toUtf8();
    return IniEdit{file.bytes(), static_cast<int>(line) + 1};
}

Result<IniEdit>
unsetIniValue(const QByteArray &bytes, const QString &key, const QString &defaultValue)
{
    if (const auto error = hindrance(bytes)) {
        return *error;
    }
    TextFile file = split(bytes);
    QList<qsizetype> lines = linesOfKey(file, key);
    if (lines.isEmpty()) {
        return IniEdit{bytes, 0};
    }
    const qsizetype line = lines.takeFirst();
    commentOut(&file, lines);
    file.lines[line].text = '#' + key.toUtf8() + '=' + iniValueText(defaultValue).toUtf8();
    return IniEdit{file.bytes(), static_cast<int>(line) + 1};
}

} // namespace Postnook
