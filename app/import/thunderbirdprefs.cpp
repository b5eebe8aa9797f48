#include "app/import/thunderbirdprefs.h"

#include <QDir>
#include <QMap>
#include <QRegularExpression>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// The escapes of JavaScript that such a file has.
QString unescaped(const QString &text)
{
    static const QRegularExpression escape(u"\\\\(u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|.)"_s);
    QString plain;
    qsizetype copied = 0;
    auto matches = escape.globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const QString digits = match.captured(2) + match.captured(3);
        plain += QStringView(text).mid(copied, match.capturedStart() - copied);
        plain += digits.isEmpty() ? match.captured(1).at(0)
                                  : QChar(static_cast<char16_t>(digits.toUInt(nullptr, 16)));
        copied = match.capturedEnd();
    }
    return plain + text.mid(copied);
}

// By server ("server2"), the values by their keys ("hostname").
using Values = QMap<QString, QMap<QString, QString>>;

Values serverValues(const QByteArray &prefsJs)
{
    static const QRegularExpression line(
        u"^\\s*user_pref\\(\"mail\\.server\\.(server\\d+)\\.([A-Za-z-]+)\","
        "\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\);"_s,
        QRegularExpression::MultilineOption);
    Values values;
    auto matches = line.globalMatch(QString::fromUtf8(prefsJs));
    while (matches.hasNext()) {
        const auto match = matches.next();
        values[match.captured(1)][match.captured(2)] = unescaped(match.captured(3));
    }
    return values;
}

// The place relative to the profile is right also where that was copied from another computer.
QString folderOf(const QMap<QString, QString> &server, const QString &profile)
{
    constexpr auto ProfileMark = "[ProfD]"_L1;
    const QString relative = server.value(u"directory-rel"_s);
    const QString folder = relative.startsWith(ProfileMark)
        ? QDir(profile).filePath(relative.mid(ProfileMark.size()))
        : server.value(u"directory"_s);
    return folder.isEmpty() ? QString() : QDir::cleanPath(QDir::fromNativeSeparators(folder));
}

QString nameOf(const QMap<QString, QString> &server)
{
    const QString name = server.value(u"name"_s);
    if (!name.isEmpty()) {
        return name;
    }
    const QString user = server.value(u"userName"_s);
    const QString host = server.value(u"hostname"_s);
    return user.isEmpty() || user.contains(u'@') ? (user.isEmpty() ? host : user)
                                                 : user + u'@' + host;
}

} // namespace

QList<ThunderbirdServer> thunderbirdServers(const QByteArray &prefsJs, const QString &profile)
{
    QList<ThunderbirdServer> servers;
    for (const auto &values : serverValues(prefsJs)) {
        const QString folder = folderOf(values, profile);
        if (!folder.isEmpty()) {
            servers.append({folder, nameOf(values), values.value(u"type"_s)});
        }
    }
    return servers;
}

} // namespace Postnook
