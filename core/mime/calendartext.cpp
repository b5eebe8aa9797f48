#include "core/mime/calendartext.h"

#include <QStringList>
#include <QStringTokenizer>

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

// RFC 5545 3.3.11
QString unescaped(QStringView value)
{
    QString text;
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value[i] == u'\\' && i + 1 < value.size()) {
            ++i;
            const bool isLineEnd = value[i] == u'n' || value[i] == u'N';
            text.append(isLineEnd ? QChar(u' ') : value[i]);
        } else {
            text.append(value[i]);
        }
    }
    return text.trimmed();
}

// The value behind "NAME:" or "NAME;PARAMETER=x:"; null when the line has another name.
QStringView propertyValue(QStringView line, QStringView name)
{
    if (!line.startsWith(name, Qt::CaseInsensitive) || line.size() == name.size()
        || (line[name.size()] != u':' && line[name.size()] != u';')) {
        return {};
    }
    bool quoted = false;
    for (auto i = name.size(); i < line.size(); ++i) {
        quoted = quoted != (line[i] == u'"');
        if (line[i] == u':' && !quoted) {
            return line.sliced(i + 1);
        }
    }
    return {};
}

} // namespace

QString unfoldedLines(QStringView text)
{
    QString all;
    all.reserve(text.size());
    for (auto line : text.tokenize(u'\n')) {
        while (line.endsWith(u'\r')) {
            line.chop(1);
        }
        const bool isFolded = line.startsWith(u' ') || line.startsWith(u'\t');
        if (isFolded && all.endsWith(u'\n')) {
            all.chop(1);
        }
        all.append(isFolded ? line.sliced(1) : line);
        all.append(u'\n');
    }
    return all;
}

QString calendarText(QStringView calendar)
{
    const auto text = unfoldedLines(calendar);
    QString summary;
    QString location;
    QString description;
    QStringView component; // the innermost open one
    for (const auto line : QStringView(text).tokenize(u'\n')) {
        if (const auto begun = propertyValue(line, u"BEGIN"); !begun.isNull()) {
            component = begun;
        } else if (!propertyValue(line, u"END").isNull()) {
            const bool isDone = component == u"VEVENT" || component == u"VTODO";
            component = {}; // an alarm stands behind what counts of its event
            if (isDone) {
                break;
            }
        }
        if (component != u"VEVENT" && component != u"VTODO") {
            continue;
        }
        for (const auto &[name, value] : {std::pair(QStringView(u"SUMMARY"), &summary),
                                          std::pair(QStringView(u"LOCATION"), &location),
                                          std::pair(QStringView(u"DESCRIPTION"), &description)}) {
            if (const auto found = propertyValue(line, name); !found.isNull()) {
                *value = unescaped(found);
            }
        }
    }
    QStringList pieces{summary, location, description};
    pieces.removeAll(QString());
    return pieces.join(QStringLiteral(u" \u2013 "));
}

} // namespace Postnook::Mime
