#include "app/import/maildirsource.h"

#include "app/import/importkey.h"
#include "app/import/messagefile.h"
#include "core/wire/tokencursor.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <iterator>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

const QStringList MessageFolders{u"cur"_s, u"new"_s};

bool isDotted(const QFileInfo &entry)
{
    return entry.fileName().startsWith(u'.');
}

MessageFlags flagsByLetters(QStringView letters)
{
    MessageFlags flags;
    for (const QChar letter : letters) {
        switch (letter.unicode()) {
        case 'D':
            flags.system |= SystemFlag::Draft;
            break;
        case 'F':
            flags.system |= SystemFlag::Flagged;
            break;
        case 'P': // passed on
            flags.keywords = {"$Forwarded"};
            break;
        case 'R':
            flags.system |= SystemFlag::Answered;
            break;
        case 'S':
            flags.system |= SystemFlag::Seen;
            break;
        case 'T':
            flags.system |= SystemFlag::Deleted;
            break;
        default: // letters of single programs, whose meaning only those know
            break;
        }
    }
    return flags;
}

std::optional<qint64> leadingSeconds(const QString &base)
{
    qsizetype digits = 0;
    while (digits < base.size() && base.at(digits) >= u'0' && base.at(digits) <= u'9') {
        ++digits;
    }
    // From 1990 to 2286: fewer or more digits are no time.
    constexpr qint64 Year1990 = 631'152'000;
    const qint64 seconds = base.left(digits).toLongLong();
    const bool isTime = digits >= 9 && digits <= 10 && seconds >= Year1990;
    return isTime ? std::optional(seconds) : std::nullopt;
}

bool isBefore(const MaildirName &a, const MaildirName &b)
{
    return std::pair(a.deliveredUtc.value_or(0), a.base)
        < std::pair(b.deliveredUtc.value_or(0), b.base);
}

// A copied Maildir has new file times, and one that a server saved old mail to has late names: the
// earlier of the two is when the message came.
std::optional<InternalDate> deliveryDate(const QString &path, const MaildirName &name)
{
    auto date = modificationDate(path);
    if (name.deliveredUtc && (!date || *name.deliveredUtc < date->secondsUtc)) {
        date = InternalDate{*name.deliveredUtc, 0};
    }
    return date;
}

// Messages have any name that begins with no dot.
bool isMessage(const QFileInfo &entry)
{
    return entry.isFile() && !isDotted(entry);
}

// Reports what is no message; the size of those that are.
qint64 surveyMessages(SourceFinder &finder, const QDir &folder)
{
    qint64 sizeBytes = 0;
    for (const QString &part : MessageFolders) {
        for (const QFileInfo &entry : finder.contentsOf(folder.filePath(part))) {
            if (isMessage(entry)) {
                sizeBytes += entry.size();
            } else {
                finder.passOver(entry.filePath(), u"it is no message of the Maildir"_s);
            }
        }
    }
    for (const QFileInfo &entry : entriesOf(folder.filePath(u"tmp"_s))) {
        finder.passOver(entry.filePath(), u"its delivery has not ended"_s);
    }
    return sizeBytes;
}

// A folder of this name alone is no Maildir; copies and backups leave empty folders out.
bool holdsMaildirNames(const QString &folder)
{
    const QStringList names = QDir(folder).entryList(QDir::Files);
    return std::any_of(names.begin(), names.end(), [](const QString &name) {
        const auto parsed = MaildirName::parse(name);
        return parsed.base != name || parsed.deliveredUtc;
    });
}

// The levels of a folder below a Maildir: ".A.B" stands for A/B.
QStringList levelsOf(const QFileInfo &folder)
{
    QStringList levels;
    const QString name = folder.fileName();
    const QStringList parts = isDotted(folder) ? name.mid(1).split(u'.') : QStringList{name};
    for (const QString &part : parts) {
        levels.append(levelFromUtf7(part));
    }
    return levels;
}

} // namespace

MaildirName MaildirName::parse(const QString &fileName)
{
    MaildirName name;
    name.base = fileName;
    for (const QStringView mark : {u":2,", u";2,", u"!2,", u":1,", u";1,", u"!1,"}) {
        const auto at = fileName.lastIndexOf(mark);
        if (at > 0) {
            name.base = fileName.left(at);
            // ",1" was for experiments and tells nothing.
            if (mark.at(1) == u'2') {
                const QString letters = fileName.mid(at + mark.size());
                name.flags = flagsByLetters(letters);
                std::copy_if(letters.begin(),
                             letters.end(),
                             std::back_inserter(name.keywordLetters),
                             [](QChar c) { return c >= u'a' && c <= u'z'; });
            }
            break;
        }
    }
    name.deliveredUtc = leadingSeconds(name.base);
    return name;
}

MaildirKeywords MaildirKeywords::readFrom(const QString &folder)
{
    constexpr qint64 MaxLineBytes = 4096;
    MaildirKeywords keywords;
    QFile file(QDir(folder).filePath(QLatin1String(FileName)));
    if (!file.open(QIODevice::ReadOnly)) {
        return keywords;
    }
    keywords.m_keywords.resize(MaxCount);
    while (!file.atEnd()) {
        const QByteArray line = file.readLine(MaxLineBytes).trimmed();
        const auto space = line.indexOf(' ');
        bool isNumber = false;
        const int index = line.left(space).toInt(&isNumber);
        TokenCursor cursor(line);
        cursor.word();
        cursor.expectSpace();
        const QByteArray keyword = cursor.flag();
        cursor.expectEnd();
        if (isNumber && index >= 0 && index < MaxCount && !cursor.hasFailed()
            && !keyword.startsWith('\\')) {
            keywords.m_keywords[index] = keyword;
        }
    }
    return keywords;
}

QByteArray MaildirKeywords::keywordFor(QChar letter) const
{
    return m_keywords.value(letter.unicode() - u'a');
}

MaildirSource::MaildirSource(QString folder, MailboxName mailbox, const ImportLimits &limits)
    : m_folder(std::move(folder))
    , m_canonical(QFileInfo(m_folder).canonicalFilePath())
    , m_mailbox(std::move(mailbox))
    , m_limits(limits)
    , m_notes(MessageNotes::readFrom(m_folder))
    , m_keywords(MaildirKeywords::readFrom(m_folder))
    , m_entries(list())
{
}

QList<MaildirSource::Entry> MaildirSource::list() const
{
    QList<Entry> entries;
    for (const QString &part : MessageFolders) {
        for (const QFileInfo &entry : entriesOf(QDir(m_folder).filePath(part))) {
            if (isMessage(entry)) {
                entries.append(
                    {part + u'/' + entry.fileName(), MaildirName::parse(entry.fileName())});
            }
        }
    }
    std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
        return isBefore(a.name, b.name);
    });
    return entries;
}

bool MaildirSource::findAgain(Entry *entry) const
{
    const auto now = list();
    const auto it = std::find_if(now.begin(), now.end(), [entry](const Entry &other) {
        return other.name.base == entry->name.base;
    });
    if (it == now.end()) {
        return false;
    }
    *entry = *it;
    return true;
}

std::optional<ImportItem> MaildirSource::next()
{
    if (m_index >= m_entries.size()) {
        return {};
    }
    Entry entry = m_entries.at(m_index++);
    const QDir folder(m_folder);
    auto bytes = readMessageFile(folder.filePath(entry.path), m_limits);
    if (!bytes && bytes.error().code == ErrorCode::NotFound && findAgain(&entry)) {
        bytes = readMessageFile(folder.filePath(entry.path), m_limits);
    }
    const QString path = folder.filePath(entry.path);
    if (!bytes) {
        return ImportItem::skipped(path, bytes.error().text);
    }
    m_bytesRead += bytes->size();
    ImportItem item;
    item.origin = path;
    item.mailbox = m_mailbox;
    const auto note = m_notes.find(entry.name.base);
    item.flags = flagsOf(entry.name, note);
    item.date = note ? note->date : deliveryDate(path, entry.name);
    item.key =
        importKey({"maildir", m_canonical, entry.name.base.toUtf8(), contentIdentity(*bytes)});
    item.bytes = withLineEndsOf(note, std::move(*bytes));
    return item;
}

// The letters of the name count, which other programs change; of the note, keywords without one.
MessageFlags MaildirSource::flagsOf(const MaildirName &name,
                                    const std::optional<MessageNote> &note) const
{
    MessageFlags flags = name.flags;
    const auto add = [&flags](const QByteArray &keyword) {
        if (!keyword.isEmpty() && !flags.keywords.contains(keyword)) {
            flags.keywords.append(keyword);
        }
    };
    for (const QChar letter : name.keywordLetters) {
        add(m_keywords.keywordFor(letter));
    }
    for (const QByteArray &keyword : note ? note->flags.keywords : QByteArrayList()) {
        if (!m_keywords.contains(keyword) && keyword != "$Forwarded") {
            add(keyword);
        }
    }
    return flags;
}

bool isMaildir(const QFileInfo &folder)
{
    const QDir dir(folder.filePath());
    const auto hasFolder = [&dir](const QString &name) {
        return QFileInfo(dir.filePath(name)).isDir();
    };
    return hasFolder(u"cur"_s)
        && (hasFolder(u"new"_s) || hasFolder(u"tmp"_s)
            || holdsMaildirNames(dir.filePath(u"cur"_s)));
}

void findMaildir(SourceFinder &finder, const SourceFinder::Place &place)
{
    const QString path = place.folder.filePath();
    if (const auto mailbox = finder.mailboxFor(path, place.levels)) {
        const qint64 sizeBytes = surveyMessages(finder, QDir(path));
        finder.addSource({sizeBytes, [path, name = *mailbox](const ImportLimits &limits) {
                              return std::make_unique<MaildirSource>(path, name, limits);
                          }});
    }
    for (const QFileInfo &entry : finder.contentsOf(path)) {
        const QString name = entry.fileName();
        if (entry.isDir() && (MessageFolders.contains(name) || name == "tmp"_L1)) {
            continue;
        }
        // Of one that cannot be read nobody knows.
        const bool isMailbox = entry.isDir()
            && (!isDotted(entry) || isMaildir(entry) || !whyUnreadable(entry).isEmpty());
        if (isMailbox) {
            finder.visitFolder({entry, place.levels + levelsOf(entry), false});
        } else if (!isExportFile(name) && name != QLatin1String(MaildirKeywords::FileName)) {
            finder.passOver(entry.filePath(),
                            u"it belongs to the program that keeps the Maildir"_s);
        }
    }
}

} // namespace Postnook
