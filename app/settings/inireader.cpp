#include "app/settings/inireader.h"

#include <QHash>
#include <QIODevice>
#include <QStringDecoder>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

// A settings file has a few KiB; whoever names a video by mistake shall not wait for it.
constexpr auto MaxFileBytes = 1024 * 1024;

// Nobody mends more at a time, and a file that is no text has a fault on every line.
constexpr auto MaxFaults = 20;

constexpr QByteArrayView Utf8Bom("\xef\xbb\xbf");

bool isUtf16(const QByteArray &bytes)
{
    return bytes.startsWith("\xff\xfe") || bytes.startsWith("\xfe\xff");
}

bool isKeyCharacter(QChar c)
{
    return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'-' || c == u'_');
}

bool isKey(QStringView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isKeyCharacter);
}

bool hasControlCharacter(QStringView text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) {
        return c.category() == QChar::Other_Control && c != u'\t';
    });
}

QStringView withoutQuotes(QStringView value)
{
    const bool quoted = value.size() >= 2 && value.front() == value.back()
        && (value.front() == u'"' || value.front() == u'\'');
    return quoted ? value.sliced(1, value.size() - 2) : value;
}

class Parser
{
public:
    IniDocument parse(const QByteArray &bytes);

private:
    void parseLine(const QByteArray &bytes);
    void parsePair(QStringView line, qsizetype equals);
    bool isColonForm(QStringView line, qsizetype equals);
    void fail(QStringView about, const QString &text)
    {
        m_document.faults.append({m_line, about.toString(), text});
    }

    IniDocument m_document;
    QHash<QString, int> m_lineOfKey; // folded
    int m_line = 0;
};

IniDocument Parser::parse(const QByteArray &bytes)
{
    if (bytes.size() > MaxFileBytes) {
        fail({}, u"this is no settings file: it is larger than 1 MiB"_s);
        return m_document;
    }
    if (isUtf16(bytes)) {
        fail({}, u"this file is UTF-16 text; save it as UTF-8"_s);
        return m_document;
    }
    const QByteArray text = bytes.startsWith(Utf8Bom) ? bytes.sliced(Utf8Bom.size()) : bytes;
    for (const QByteArray &line : text.split('\n')) {
        ++m_line;
        if (m_document.faults.size() == MaxFaults) {
            fail({}, u"the rest of the file is not looked at"_s);
            break;
        }
        parseLine(line);
    }
    return m_document;
}

void Parser::parseLine(const QByteArray &bytes)
{
    if (bytes.contains('\0')) {
        return fail({}, u"a NUL byte; save the file as UTF-8 text"_s);
    }
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decode(bytes);
    if (decode.hasError()) {
        return fail({}, u"not valid UTF-8; save the file as UTF-8"_s);
    }

    const QStringView line = QStringView(text).trimmed();
    if (line.isEmpty() || line.front() == u'#' || line.front() == u';') {
        return;
    }
    if (line.front() == u'[') {
        // QSettings writes this one by itself; any other would change what the lines below mean.
        if (line.compare("[General]"_L1, Qt::CaseInsensitive) != 0) {
            fail(line, u"this file has no sections; remove the line"_s);
        }
        return;
    }
    const qsizetype equals = line.indexOf(u'=');
    if (isColonForm(line, equals)) {
        return;
    }
    if (equals < 0) {
        return fail(line, u"a line must be key=value, or a comment that begins with #"_s);
    }
    parsePair(line, equals);
}

// "key: value", as in YAML. No key has a colon in it, so the first one tells.
bool Parser::isColonForm(QStringView line, qsizetype equals)
{
    const qsizetype colon = line.indexOf(u':');
    if (colon < 0 || (equals >= 0 && equals < colon) || !isKey(line.first(colon).trimmed())) {
        return false;
    }
    const QStringView key = line.first(colon).trimmed();
    const QStringView value = line.sliced(colon + 1).trimmed();
    fail(line, u"a line must be key=value: write %1=%2"_s.arg(key, value));
    return true;
}

void Parser::parsePair(QStringView line, qsizetype equals)
{
    const QStringView key = line.first(equals).trimmed();
    const QStringView value = withoutQuotes(line.sliced(equals + 1).trimmed());
    if (key.isEmpty()) {
        return fail(line, u"there is no key before the ="_s);
    }
    if (hasControlCharacter(key) || hasControlCharacter(value)) {
        return fail(line, u"a control character; remove it"_s);
    }
    const QString folded = key.toString().toLower();
    if (const int before = m_lineOfKey.value(folded); before != 0) {
        return fail(line,
                    u"the key is set on line %1 already; remove one of the two"_s.arg(before));
    }
    m_lineOfKey.insert(folded, m_line);
    m_document.entries.append({m_line, key.toString(), value.toString()});
}

bool readForQt(QIODevice &device, QSettings::SettingsMap &map)
{
    const IniDocument document = parseIni(device.readAll());
    for (const IniEntry &entry : document.entries) {
        map.insert(entry.key.toLower(), entry.value);
    }
    return document.faults.isEmpty();
}

bool writeForQt(QIODevice &device, const QSettings::SettingsMap &map)
{
    for (auto it = map.cbegin(); it != map.cend(); ++it) {
        const QString value = it.value().toString();
        if (!isKey(it.key()) || !isIniValue(value)) {
            return false; // it would not come back as it is
        }
        const QString line = it.key() + u'=' + iniValueText(value) + u'\n';
        if (device.write(line.toUtf8()) < 0) {
            return false;
        }
    }
    return true;
}

} // namespace

IniDocument parseIni(const QByteArray &bytes)
{
    return Parser().parse(bytes);
}

bool isIniValue(QStringView value)
{
    return !hasControlCharacter(value);
}

QString iniValueText(const QString &value)
{
    const bool bare = value == value.trimmed() && withoutQuotes(value) == value;
    return bare ? value : u'"' + value + u'"';
}

QSettings::Format iniFormat()
{
    static const auto format =
        QSettings::registerFormat(u"ini"_s, readForQt, writeForQt, Qt::CaseInsensitive);
    return format;
}

} // namespace Postnook
