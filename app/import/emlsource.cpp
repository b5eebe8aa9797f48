#include "app/import/emlsource.h"

#include "app/import/importkey.h"
#include "app/import/mboxseparator.h"
#include "app/import/messagefile.h"

#include <QDir>
#include <QFile>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 SniffedBytes = 1024; // a header line is at most 998 long (RFC 5322 2.1.1)

} // namespace

EmlSource::EmlSource(QString folder,
                     QStringList names,
                     MailboxName mailbox,
                     const ImportLimits &limits)
    : m_folder(std::move(folder))
    , m_names(std::move(names))
    , m_mailbox(std::move(mailbox))
    , m_limits(limits)
    , m_notes(MessageNotes::readFrom(m_folder))
{
}

std::optional<ImportItem> EmlSource::next()
{
    if (m_index >= m_names.size()) {
        return {};
    }
    const QString name = m_names.at(m_index++);
    const QString path = QDir(m_folder).filePath(name);
    auto bytes = readMessageFile(path, m_limits);
    if (!bytes) {
        return ImportItem::skipped(path, bytes.error().text);
    }
    m_bytesRead += bytes->size();
    ImportItem item;
    item.origin = path;
    item.mailbox = m_mailbox;
    item.key = importKey({"eml", QFileInfo(path).canonicalFilePath(), {}, contentIdentity(*bytes)});
    const auto note = m_notes.find(name);
    item.flags = note ? note->flags : MessageFlags();
    item.date = note ? note->date : dateInHeader(*bytes);
    if (!item.date) {
        item.date = modificationDate(path);
    }
    item.bytes = withLineEndsOf(note, std::move(*bytes));
    return item;
}

bool isEml(const QFileInfo &file, bool isGiven)
{
    if (file.suffix().compare("eml"_L1, Qt::CaseInsensitive) == 0) {
        return true;
    }
    QFile start(file.filePath());
    return isGiven && start.open(QIODevice::ReadOnly) && beginsWithField(start.read(SniffedBytes));
}

void findEmls(SourceFinder &finder, const SourceFinder::Place &place, const QStringList &names)
{
    const QString folder = place.folder.filePath();
    const auto mailbox = finder.mailboxFor(folder, place.levels);
    if (!mailbox) {
        return;
    }
    qint64 sizeBytes = 0;
    for (const QString &name : names) {
        sizeBytes += QFileInfo(QDir(folder).filePath(name)).size();
    }
    finder.addSource({sizeBytes, [=, name = *mailbox](const ImportLimits &limits) {
                          return std::make_unique<EmlSource>(folder, names, name, limits);
                      }});
}

} // namespace Postnook
