#include "app/settings/settinghints.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

bool isOneOf(const QString &value, const QStringList &words)
{
    return words.contains(value, Qt::CaseInsensitive);
}

QString addressHint(const QString &value)
{
    static const QRegularExpression withPort(u"^(\\d+(\\.\\d+){3}|\\[.*\\]|\\w+):\\d+$"_s);
    if (value.compare("localhost"_L1, Qt::CaseInsensitive) == 0) {
        return u"localhost is 127.0.0.1 ::1"_s;
    }
    if (isOneOf(value, {u"*"_s, u"all"_s, u"any"_s})) {
        return u"every address is 0.0.0.0 ::"_s;
    }
    if (withPort.match(value).hasMatch()) {
        return u"the port goes into bind-port or bind-port-tls"_s;
    }
    return value.contains(u',') || value.contains(u';') ? u"write blanks between them"_s
                                                        : QString();
}

QString portHint(const QString &value)
{
    const QStringList words{u"off"_s, u"no"_s, u"none"_s, u"false"_s, u"disabled"_s, u"-1"_s};
    return isOneOf(value, words) ? u"a port is off with nothing behind the ="_s : QString();
}

QString levelHint(const QString &value)
{
    struct Name {
        QStringList others;
        QLatin1StringView ours;
    };
    static const QList<Name> names{
        {{u"none"_s, u"off"_s, u"quiet"_s, u"critical"_s, u"fatal"_s, u"err"_s}, "error"_L1},
        {{u"warning"_s, u"warnings"_s}, "warn"_L1},
        {{u"notice"_s, u"normal"_s, u"information"_s}, "info"_L1},
        {{u"verbose"_s}, "debug"_L1},
        {{u"all"_s}, "trace"_L1}};
    for (const Name &name : names) {
        if (isOneOf(value, name.others)) {
            return u"write %1"_s.arg(name.ours);
        }
    }
    return {};
}

bool isAllowed(const SettingKey &key, qint64 seconds)
{
    constexpr qint64 Second = 1000;
    return seconds * Second >= key.least && seconds * Second <= key.most;
}

// What a number alone may have meant.
QString unitHint(const SettingKey &key, const QString &number)
{
    struct Meaning {
        qint64 seconds;
        QString text;
    };
    const Meaning meanings[] = {{1, u"%1s for seconds"_s.arg(number)},
                                {60, u"%1m for minutes"_s.arg(number)},
                                {86'400, u"%1d for days"_s.arg(number)}};
    QStringList allowed;
    for (const auto &[seconds, text] : meanings) {
        if (isAllowed(key, number.toLongLong() * seconds)) {
            allowed.append(text);
        }
    }
    if (allowed.isEmpty()) {
        return {};
    }
    const QString last = allowed.takeLast();
    return u"%1 of what? Write %2"_s.arg(
        number, allowed.isEmpty() ? last : allowed.join(u", "_s) + u" or "_s + last);
}

// "30 days", "2 weeks", and a number alone.
QString durationHint(const SettingKey &key, const QString &value)
{
    struct Word {
        QLatin1StringView begin;
        int factor;
        QLatin1StringView unit;
    };
    constexpr std::array Words{Word{"sec"_L1, 1, "s"_L1},
                               Word{"min"_L1, 1, "m"_L1},
                               Word{"hour"_L1, 1, "h"_L1},
                               Word{"day"_L1, 1, "d"_L1},
                               Word{"w"_L1, 7, "d"_L1},
                               Word{"mon"_L1, 30, "d"_L1},
                               Word{"year"_L1, 1, "y"_L1}};
    static const QRegularExpression form(u"^(\\d{1,6})\\s*([a-z]*)$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(value);
    if (!match.hasMatch()) {
        return {};
    }
    const QString number = match.captured(1);
    const QString word = match.captured(2).toLower();
    if (word.isEmpty()) {
        return unitHint(key, number);
    }
    const auto found = std::find_if(Words.begin(), Words.end(), [&word](const Word &one) {
        return word.startsWith(one.begin);
    });
    return found == Words.end()
        ? QString()
        : u"write %1%2"_s.arg(number.toInt() * found->factor).arg(found->unit);
}

QString countHint(const QString &value)
{
    static const QRegularExpression separated(u"^\\d{1,3}([.,' ]\\d{3})+$"_s);
    static const QRegularExpression separator(u"[.,' ]"_s);
    return separated.match(value).hasMatch() ? u"write %1"_s.arg(QString(value).remove(separator))
                                             : QString();
}

QString sizeHint(const QString &value)
{
    static const QRegularExpression fraction(u"^\\d+[.,]\\d+\\s*[kmgt]"_s,
                                             QRegularExpression::CaseInsensitiveOption);
    return fraction.match(value).hasMatch() ? u"without a fraction: 1.5G is 1536M"_s
                                            : countHint(value);
}

QString hintBySyntax(const SettingKey &key, const QString &value)
{
    switch (key.syntax) {
    case SettingSyntax::Addresses:
        return addressHint(value);
    case SettingSyntax::Port:
        return portHint(value);
    case SettingSyntax::Level:
        return levelHint(value);
    case SettingSyntax::Duration:
        return durationHint(key, value);
    case SettingSyntax::Count:
        return countHint(value);
    case SettingSyntax::Size:
        return sizeHint(value);
    default:
        return {};
    }
}

} // namespace

QString settingHint(const SettingKey &key, const QString &value)
{
    static const QRegularExpression comment(u"\\s[#;]"_s);
    return value.contains(comment) ? u"a comment goes on a line of its own"_s
                                   : hintBySyntax(key, value);
}

} // namespace Postnook
