#include "app/export/exportnames.h"

#include "core/wire/mailboxnames.h"

#include <QCryptographicHash>

#include <algorithm>
#include <array>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// File systems take 255 bytes or units; some room for what programs put behind a name.
constexpr qsizetype MaxNameBytes = 240;
constexpr qsizetype MaxShortBytes = 24; // of a level, where all together are too long
constexpr auto MarkLetters = 10; // of the hash that keeps shortened names apart

bool isUnsafe(QChar c)
{
    return c < u' ' || c == u'\x7f' || u"<>:\"/\\|?*%"_s.contains(c);
}

// Devices of Windows, whatever stands behind a dot; the folders that make a Maildir; what an export
// calls its own files (messagenotes.h, exportfolder.cpp).
bool isReserved(const QString &level)
{
    static const QStringList names{u"con"_s,
                                   u"prn"_s,
                                   u"aux"_s,
                                   u"nul"_s,
                                   u"conin$"_s,
                                   u"conout$"_s,
                                   u"cur"_s,
                                   u"new"_s,
                                   u"tmp"_s,
                                   u"postnook-export"_s,
                                   u"postnook-messages"_s,
                                   u"postnook-unfinished"_s};
    const QString base = level.section(u'.', 0, 0).trimmed().toLower();
    const bool isPort = base.size() == 4 && (base.startsWith("com"_L1) || base.startsWith("lpt"_L1))
        && base.at(3).isDigit();
    return isPort || names.contains(base);
}

// Names by which programs, and our import, know files and folders of mail.
bool hasMailSuffix(const QString &level)
{
    constexpr std::array Suffixes{".mbox"_L1, ".sbd"_L1, ".eml"_L1, ".emlx"_L1, ".mbx"_L1};
    return std::any_of(Suffixes.begin(), Suffixes.end(), [&level](QLatin1StringView suffix) {
        return level.endsWith(suffix, Qt::CaseInsensitive);
    });
}

QString percentEncoded(QStringView text)
{
    QString encoded;
    for (const char byte : text.toUtf8()) {
        encoded +=
            u'%' + QString::number(static_cast<uchar>(byte), 16).rightJustified(2, u'0').toUpper();
    }
    return encoded;
}

// With the first `forced` characters encoded, whatever they are.
QString safeLevel(const QString &level, qsizetype forced, bool isDotUnsafe)
{
    const qsizetype last = level.size() - 1;
    const qsizetype suffixDot = hasMailSuffix(level) ? level.lastIndexOf(u'.') : -1;
    QString safe;
    for (qsizetype i = 0; i <= last; ++i) {
        const QChar c = level.at(i);
        const bool isPair = c.isHighSurrogate() && i < last;
        const bool isAtEdge = (i == 0 || i == last) && (c == u'.' || c == u' ');
        const bool isEncoded = i < forced || isUnsafe(c) || isAtEdge || i == suffixDot
            || (i == 0 && isReserved(level)) || (isDotUnsafe && c == u'.');
        const auto character = QStringView(level).sliced(i, isPair ? 2 : 1);
        safe += isEncoded ? percentEncoded(character) : character.toString();
        i += isPair ? 1 : 0;
    }
    return safe;
}

// As much of the level as fits, and what tells it from others that begin so.
QString shortened(const QString &level, qsizetype maxBytes)
{
    const QByteArray hash =
        QCryptographicHash::hash(level.toUtf8(), QCryptographicHash::Sha256).toHex();
    QString text = level;
    while (text.toUtf8().size() > maxBytes - MarkLetters - 1) {
        const bool isPair = text.size() > 1 && text.back().isLowSurrogate();
        text.chop(isPair ? 2 : 1);
    }
    return text + u'~' + QString::fromLatin1(hash.left(MarkLetters));
}

QString utf7(const QString &text)
{
    return QString::fromLatin1(encodeModifiedUtf7(text.toUtf8()));
}

} // namespace

ExportNames::Path ExportNames::pathFor(const MailboxName &name)
{
    const QStringList levels = QString::fromUtf8(name.utf8).split(u'/');
    if (m_style == Style::Maildir) {
        return levels == QStringList{u"INBOX"_s} ? Path() : maildirPath(levels);
    }
    Path path = folderPath(levels);
    path.path += m_suffix;
    return path;
}

ExportNames::Path ExportNames::folderPath(const QStringList &levels)
{
    if (const auto it = m_folders.constFind(levels); it != m_folders.constEnd()) {
        return *it;
    }
    Path path = levels.size() > 1 ? folderPath(levels.first(levels.size() - 1)) : Path();
    const QString folder = path.path.isEmpty() ? QString() : path.path + u'/';
    QString level = levels.last();
    if (safeLevel(level, 0, false).toUtf8().size() > MaxNameBytes) {
        // Each byte becomes three at most.
        level = shortened(level, MaxNameBytes / 3);
        path.isShortened = true;
    }
    QString name;
    for (qsizetype forced = 0; name.isEmpty() || !take(folder, name); ++forced) {
        name = safeLevel(level, forced, false);
    }
    path.path = folder + name;
    m_folders.insert(levels, path);
    return path;
}

ExportNames::Path ExportNames::maildirPath(const QStringList &levels)
{
    const auto joined = [](const QStringList &parts, qsizetype forced) {
        QString name;
        for (const QString &part : parts) {
            name += u'.' + utf7(safeLevel(part, forced, true));
        }
        return name;
    };
    Path path;
    QStringList parts = levels;
    if (joined(parts, 0).size() > MaxNameBytes) {
        path.isShortened = true;
        for (QString &part : parts) {
            part = part.toUtf8().size() > MaxShortBytes ? shortened(part, MaxShortBytes) : part;
        }
    }
    if (joined(parts, 0).size() > MaxNameBytes) {
        parts = {shortened(levels.join(u'.'), MaxShortBytes)};
    }
    for (qsizetype forced = 0; path.path.isEmpty() || !take({}, path.path); ++forced) {
        path.path = joined(parts, forced);
    }
    return path;
}

// Both as a folder and as a file with the suffix.
bool ExportNames::take(const QString &folder, const QString &name)
{
    const QString plain = folder + name.toCaseFolded();
    const QString file = plain + m_suffix;
    if (m_taken.contains(plain) || m_taken.contains(file)) {
        return false;
    }
    m_taken.insert(plain);
    m_taken.insert(file);
    return true;
}

} // namespace Postnook
