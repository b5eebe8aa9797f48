#include "app/settings/settingvalues.h"

#include "app/settings/hostname.h"
#include "core/commands/commandtable.h"
#include "core/session/capabilities.h"

#include <QDir>
#include <QHostAddress>

#include <algorithm>
#include <array>
#include <type_traits>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

struct Unit {
    QLatin1StringView name;
    qint64 factor;
};

// The largest first: the form that is printed.
constexpr std::array SizeUnits{Unit{"G"_L1, 1024LL * 1024 * 1024},
                               Unit{"M"_L1, 1024LL * 1024},
                               Unit{"K"_L1, 1024LL},
                               Unit{""_L1, 1LL}};
constexpr std::array DurationUnits{Unit{"y"_L1, 365LL * 86'400'000},
                                   Unit{"d"_L1, 86'400'000LL},
                                   Unit{"h"_L1, 3'600'000LL},
                                   Unit{"m"_L1, 60'000LL},
                                   Unit{"s"_L1, 1000LL},
                                   Unit{"ms"_L1, 1LL}};
constexpr std::array LevelNames{"error"_L1, "warn"_L1, "info"_L1, "debug"_L1, "trace"_L1};

constexpr bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

// Decimal digits and nothing else. Below 10^15, so that every unit of a size fits 64 bits.
std::optional<qint64> parseNumber(QStringView text)
{
    constexpr auto MaxDigits = 15;
    if (text.isEmpty() || text.size() > MaxDigits
        || !std::all_of(text.begin(), text.end(), isDigit)) {
        return {};
    }
    return text.toLongLong();
}

// "5m", "5 m" or "5M".
template <size_t N>
std::optional<qint64> parseWithUnit(QStringView text, const std::array<Unit, N> &units)
{
    const auto end = std::find_if_not(text.begin(), text.end(), isDigit);
    const qsizetype digits = std::distance(text.begin(), end);
    const auto number = parseNumber(text.first(digits));
    const QStringView suffix = text.sliced(digits).trimmed();
    const auto unit = std::find_if(units.begin(), units.end(), [suffix](const Unit &candidate) {
        return suffix.compare(candidate.name, Qt::CaseInsensitive) == 0;
    });
    qint64 product = 0;
    if (!number || unit == units.end() || qMulOverflow(*number, unit->factor, &product)) {
        return {};
    }
    return product;
}

// In the largest unit that leaves no rest.
template <size_t N>
QString textWithUnit(qint64 value, const std::array<Unit, N> &units, const Unit &unitOfZero)
{
    if (value == 0) {
        return u'0' + unitOfZero.name;
    }
    const auto unit = std::find_if(units.begin(), units.end(), [value](const Unit &candidate) {
        return value % candidate.factor == 0;
    });
    return QString::number(value / unit->factor) + unit->name;
}

QString sizeText(qint64 bytes)
{
    return textWithUnit(bytes, SizeUnits, SizeUnits.back());
}

// 50M, 50MB and 50MiB are the same here: nobody means 50,000,000 by one of them in a mail server.
std::optional<qint64> parseSize(QStringView text)
{
    if (text.endsWith(u'B', Qt::CaseInsensitive)) {
        text.chop(1);
        if (text.endsWith(u'i', Qt::CaseInsensitive)) {
            text.chop(1);
        }
    }
    return parseWithUnit(text, SizeUnits);
}

std::optional<qint64> parseQuantity(const SettingKey &key, QStringView text)
{
    std::optional<qint64> value;
    switch (key.syntax) {
    case SettingSyntax::Size:
        value = parseSize(text);
        break;
    case SettingSyntax::Duration:
        value = text == "0"_L1 ? 0 : parseDuration(text); // nothing needs no unit
        break;
    default:
        value = parseNumber(text);
    }
    // A field in seconds cannot hold half of one.
    if (value && *value >= key.least && *value <= key.most && *value % key.unitMs == 0) {
        return *value / key.unitMs;
    }
    return {};
}

std::optional<QStringList> parseAddresses(const QString &text)
{
    QStringList addresses;
    const QString spaced = text.simplified();
    for (const QString &word : spaced.split(u' ')) {
        QHostAddress address;
        // inet_aton's short forms ("127.1", "1") are more often slips than meant.
        const bool whole = word.contains(u':') || word.count(u'.') == 3;
        if (!whole || !address.setAddress(word)) {
            return {};
        }
        addresses.append(address.toString());
    }
    addresses.removeDuplicates();
    return addresses;
}

std::optional<QStringList> parseNames(const QString &text)
{
    QStringList names;
    for (const QString &word : text.simplified().split(u' ', Qt::SkipEmptyParts)) {
        names.append(serverName(word));
        if (names.last().isEmpty()) {
            return {};
        }
    }
    names.removeDuplicates();
    return names;
}

// Windows paths are known as absolute on every system, so that one is never taken for relative.
bool isAbsolute(const QString &path)
{
    const bool drive = path.size() > 2 && path[0].isLetter() && path[1] == u':'
        && (path[2] == u'\\' || path[2] == u'/');
    return drive || path.startsWith("\\\\"_L1) || QDir::isAbsolutePath(path);
}

QString resolvePath(const QString &path, const QString &baseDir)
{
    if (path.isEmpty() || isAbsolute(path)) {
        return path;
    }
    if (path == "~"_L1 || path.startsWith("~/"_L1) || path.startsWith("~\\"_L1)) {
        return QDir::homePath() + path.sliced(1);
    }
    return QDir::cleanPath(baseDir + u'/' + path);
}

std::optional<bool> parseBoolean(const QString &text)
{
    const QString folded = text.toLower();
    if (QStringList{u"true"_s, u"yes"_s, u"on"_s, u"1"_s}.contains(folded)) {
        return true;
    }
    if (QStringList{u"false"_s, u"no"_s, u"off"_s, u"0"_s}.contains(folded)) {
        return false;
    }
    return {};
}

QByteArrayList hideable()
{
    static const QByteArrayList names = hideableCapabilities(commandTable());
    return names;
}

// "IDLE, MOVE"
std::optional<QByteArrayList> parseCapabilities(QStringView text)
{
    QByteArrayList names;
    for (const QStringView part : text.split(u',')) {
        names << part.trimmed().toUtf8().toUpper();
        if (!hideable().contains(names.last())) {
            return {};
        }
    }
    return names;
}

// "ann: IDLE, MOVE; *: REPLACE". The colon that counts is the last: names may hold others.
std::optional<HiddenCapabilities> parseHidden(const QString &text)
{
    HiddenCapabilities hidden;
    for (const QString &entry : text.split(u';', Qt::SkipEmptyParts)) {
        if (entry.trimmed().isEmpty()) {
            continue;
        }
        const qsizetype colon = entry.lastIndexOf(u':');
        const QString account = entry.left(qMax(colon, 0)).trimmed();
        const auto names = parseCapabilities(QStringView(entry).sliced(colon + 1));
        if (account.isEmpty() || !names) {
            return {};
        }
        QByteArrayList &field =
            account == "*"_L1 ? hidden.forAll : hidden.byAccount[account.toCaseFolded()];
        field += *names;
    }
    return hidden;
}

QString hiddenText(const HiddenCapabilities &hidden)
{
    const auto entry = [](const QString &account, const QByteArrayList &names) {
        return account + u": "_s + QString::fromLatin1(names.join(", "));
    };
    QStringList entries;
    for (auto it = hidden.byAccount.cbegin(); it != hidden.byAccount.cend(); ++it) {
        entries << entry(it.key(), it.value());
    }
    entries.sort();
    if (!hidden.forAll.isEmpty()) {
        entries << entry(u"*"_s, hidden.forAll);
    }
    return entries.join("; "_L1);
}

// The overloads below are one visitor: what a text means is told by the type of the field.
struct Assign {
    const SettingKey &key;
    const QString &text;
    const QString &baseDir;

    bool operator()(QStringList *field) const
    {
        const auto words =
            key.syntax == SettingSyntax::Names ? parseNames(text) : parseAddresses(text);
        *field = words.value_or(*field);
        return words.has_value();
    }

    bool operator()(std::optional<quint16> *field) const
    {
        if (text.isEmpty()) {
            field->reset();
            return true;
        }
        const auto port = parseNumber(text);
        if (!port || *port > 65535) {
            return false;
        }
        *field = static_cast<quint16>(*port);
        return true;
    }

    bool operator()(QString *field) const
    {
        if (text.isEmpty() && key.syntax == SettingSyntax::Folder) {
            return false;
        }
        *field = resolvePath(text, baseDir);
        return true;
    }

    bool operator()(LogLevel *field) const
    {
        const auto found =
            std::find_if(LevelNames.begin(), LevelNames.end(), [this](QLatin1StringView name) {
                return text.compare(name, Qt::CaseInsensitive) == 0;
            });
        if (found == LevelNames.end()) {
            return false;
        }
        *field = static_cast<LogLevel>(std::distance(LevelNames.begin(), found));
        return true;
    }

    bool operator()(bool *field) const
    {
        const auto value = parseBoolean(text);
        *field = value.value_or(*field);
        return value.has_value();
    }

    bool operator()(HiddenCapabilities *field) const
    {
        const auto hidden = parseHidden(text);
        *field = hidden.value_or(*field);
        return hidden.has_value();
    }

    template <typename Number>
    bool operator()(Number *field) const
    {
        static_assert(std::is_integral_v<Number>);
        const auto value = parseQuantity(key, text);
        if (value) {
            *field = static_cast<Number>(*value);
        }
        return value.has_value();
    }
};

struct Show {
    const SettingKey &key;

    QString operator()(const QStringList *field) const { return field->join(u' '); }
    QString operator()(const std::optional<quint16> *field) const
    {
        return *field ? QString::number(**field) : QString();
    }
    QString operator()(const QString *field) const { return *field; }
    QString operator()(const LogLevel *field) const
    {
        return LevelNames.at(static_cast<size_t>(*field));
    }
    QString operator()(const bool *field) const { return *field ? u"true"_s : u"false"_s; }
    QString operator()(const HiddenCapabilities *field) const { return hiddenText(*field); }

    template <typename Number>
    QString operator()(const Number *field) const
    {
        static_assert(std::is_integral_v<Number>);
        return key.syntax == SettingSyntax::Duration
            ? durationText(static_cast<qint64>(*field) * key.unitMs)
            : QString::number(*field);
    }
};

} // namespace

std::optional<qint64> parseDuration(QStringView text)
{
    return parseWithUnit(text, DurationUnits);
}

QString durationText(qint64 milliseconds)
{
    return textWithUnit(milliseconds, DurationUnits, Unit{"s"_L1, 1000});
}

QString allowedValues(const SettingKey &key)
{
    switch (key.syntax) {
    case SettingSyntax::Addresses:
        return u"IP addresses separated by spaces, such as 127.0.0.1 ::1"_s;
    case SettingSyntax::Names:
        return u"host names and IP addresses separated by spaces, or empty"_s;
    case SettingSyntax::Port:
        return u"a number from 0 to 65535 (0: any free port), or empty (off)"_s;
    case SettingSyntax::File:
        return u"the path of a file, or empty"_s;
    case SettingSyntax::Folder:
        return u"the path of a folder"_s;
    case SettingSyntax::FolderOrNone:
        return u"the path of a folder, or empty"_s;
    case SettingSyntax::Level:
        return u"error, warn, info, debug or trace"_s;
    case SettingSyntax::Boolean:
        return u"true or false"_s;
    case SettingSyntax::Count:
        return u"a number from %1 to %2"_s.arg(key.least).arg(key.most);
    case SettingSyntax::Size:
        return u"a size from %1 to %2, in bytes or with K, M or G"_s.arg(sizeText(key.least),
                                                                         sizeText(key.most));
    case SettingSyntax::Duration:
        return u"a time from %1 to %2 with its unit, such as 30s, 5m, 2h, 30d or 1y"_s.arg(
            durationText(key.least), durationText(key.most));
    case SettingSyntax::Capabilities:
        return u"entries such as 'ann: IDLE, MOVE', separated by ';' ('*' is every account), of "
               "these: %1"_s.arg(QString::fromLatin1(hideable().join(' ')));
    }
    Q_UNREACHABLE();
}

bool setValue(const SettingKey &key,
              const QString &value,
              const QString &baseDir,
              Settings &settings)
{
    return std::visit(
        [&](auto field) {
            return Assign{key, value, baseDir}(field(settings));
        },
        key.field);
}

void copyValue(const SettingKey &key, const Settings &from, Settings &to)
{
    Settings source = from; // a field finds its member in settings that it might change
    std::visit([&](auto field) { *field(to) = *field(source); }, key.field);
}

QString valueText(const SettingKey &key, const Settings &settings)
{
    Settings copy = settings; // a field finds its member in settings that it might change
    return std::visit([&](auto field) { return Show{key}(field(copy)); }, key.field);
}

} // namespace Postnook
