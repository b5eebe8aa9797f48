#include "app/import/emlxsource.h"

#include "app/import/emlx.h"
#include "app/import/emlxattachments.h"
#include "app/import/importkey.h"
#include "app/import/messagefile.h"

#include <QDir>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// What stands around the message in its file.
constexpr quint64 MaxPropertyListBytes = 1'048'576;

// "4711" of "4711.partial.emlx": the same before and after all of it was downloaded.
QString numberOf(const QString &path)
{
    return QFileInfo(path).fileName().section(u'.', 0, 0);
}

bool isPartial(const QString &path)
{
    return path.endsWith(".partial.emlx"_L1, Qt::CaseInsensitive);
}

} // namespace

EmlxSource::EmlxSource(QString folder,
                       QStringList paths,
                       MailboxName mailbox,
                       const ImportLimits &limits)
    : m_folder(std::move(folder))
    , m_canonical(QFileInfo(m_folder).canonicalFilePath())
    , m_paths(std::move(paths))
    , m_mailbox(std::move(mailbox))
    , m_limits(limits)
{
}

std::optional<ImportItem> EmlxSource::next()
{
    if (m_index >= m_paths.size()) {
        return {};
    }
    const QString path = QDir(m_folder).filePath(m_paths.at(m_index++));
    const auto item = read(path);
    return item ? *item : ImportItem::skipped(path, item.error().text);
}

Result<ImportItem> EmlxSource::read(const QString &path)
{
    const auto file = readMessageFile(path, {m_limits.messageBytes + MaxPropertyListBytes});
    if (!file) {
        return file.error().code == ErrorCode::TooBig
            ? Error{ErrorCode::TooBig, tooLargeReason(m_limits)}
            : file.error();
    }
    m_bytesRead += file->size();
    const auto emlx = parseEmlx(*file);
    if (!emlx) {
        return emlx.error();
    }
    Result<QByteArray> message = emlx->message;
    if (hasDetachedParts(emlx->message)) {
        message = withDetachedParts(emlx->message, path);
    } else if (isPartial(path)) {
        return Error{ErrorCode::NotFound,
                     u"Mail has not downloaded all of it; open it there, and import again"_s};
    }
    if (!message) {
        return message.error();
    }
    ImportItem item;
    item.origin = path;
    item.mailbox = m_mailbox;
    item.flags = emlx->flags;
    item.date = emlx->received;
    if (!item.date) {
        item.date = dateInHeader(*message);
    }
    if (!item.date) {
        item.date = modificationDate(path);
    }
    item.key = importKey({"emlx", m_canonical, numberOf(path).toUtf8(), contentIdentity(*message)});
    item.bytes = toNetworkForm(std::move(*message));
    return item;
}

void sortByNumber(QStringList *emlxPaths)
{
    std::sort(emlxPaths->begin(), emlxPaths->end(), [](const QString &a, const QString &b) {
        const auto numberA = numberOf(a).toULongLong();
        const auto numberB = numberOf(b).toULongLong();
        return numberA != numberB ? numberA < numberB : a < b;
    });
}

bool isEmlx(const QFileInfo &file, bool)
{
    return file.suffix().compare("emlx"_L1, Qt::CaseInsensitive) == 0;
}

void findEmlxs(SourceFinder &finder, const SourceFinder::Place &place, const QStringList &names)
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
    QStringList sorted = names;
    sortByNumber(&sorted);
    finder.addSource({sizeBytes, [=, name = *mailbox](const ImportLimits &limits) {
                          return std::make_unique<EmlxSource>(folder, sorted, name, limits);
                      }});
}

} // namespace Postnook
