#include "app/import/mboxsource.h"

#include "app/import/importkey.h"
#include "app/import/mboxheader.h"
#include "app/import/messagefile.h"

#include <QDir>
#include <QFile>
#include <QtEndian>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

bool hasSuffix(const QFileInfo &file, QLatin1StringView suffix)
{
    return file.suffix().compare(suffix, Qt::CaseInsensitive) == 0;
}

} // namespace

MboxSource::MboxSource(QString path, MailboxName mailbox, const ImportLimits &limits)
    : m_path(std::move(path))
    , m_canonical(QFileInfo(m_path).canonicalFilePath())
    , m_mailbox(std::move(mailbox))
    , m_limits(limits)
    , m_reader(m_path, limits.messageBytes)
{
}

std::optional<ImportItem> MboxSource::next()
{
    auto message = m_reader.next();
    if (!message) {
        if (m_reader.error().isEmpty() || m_hasFailed) {
            return {};
        }
        m_hasFailed = true;
        return ImportItem::skipped(m_path, m_reader.error());
    }
    const QString origin = u"%1, message %2"_s.arg(m_path).arg(++m_number);
    const QString reason = whyNot(*message);
    if (!reason.isEmpty()) {
        return ImportItem::skipped(origin, reason);
    }
    return message->note ? exportedItem(origin, std::move(*message))
                         : foreignItem(origin, std::move(*message));
}

// Of our own export: the note says it all, and the message says what it said before.
ImportItem MboxSource::exportedItem(const QString &origin, MboxReader::Message message)
{
    ImportItem item = itemFor(origin, message.bytes);
    item.flags = message.note->flags;
    item.date = message.note->date;
    item.bytes = std::move(message.bytes);
    return item;
}

ImportItem MboxSource::foreignItem(const QString &origin, MboxReader::Message message)
{
    const MboxNotes notes = readMboxNotes(message.bytes);
    if (notes.isInternal) {
        return ImportItem::passedOver(origin, u"it is a mail program's note about the file"_s);
    }
    // Not counted as an occurrence: the others' keys must not change when it is cut out.
    if (notes.isDeleted) {
        return ImportItem::passedOver(origin, deletedReason());
    }
    if (notes.isPartial) {
        return ImportItem::skipped(origin, partialReason());
    }
    ImportItem item = itemFor(origin, message.bytes);
    item.flags = notes.flags;
    item.date = message.separator.date;
    if (!item.date) {
        item.date = dateInHeader(message.bytes);
    }
    if (!item.date) {
        item.date = modificationDate(m_path);
    }
    item.bytes = toNetworkForm(std::move(message.bytes));
    return item;
}

ImportItem MboxSource::itemFor(const QString &origin, QByteArrayView message)
{
    const QByteArray content = mboxContentIdentity(message);
    ImportItem item;
    item.origin = origin;
    item.mailbox = m_mailbox;
    item.key = importKey({"mbox", m_canonical, {}, content, countOccurrence(content)});
    return item;
}

QString MboxSource::whyNot(const MboxReader::Message &message) const
{
    if (message.isTooLarge) {
        return tooLargeReason(m_limits);
    }
    if (message.endsFile && QFileInfo(m_path).size() != m_reader.sizeAtStart()) {
        return u"the file was being written to; run the import again"_s;
    }
    return {};
}

int MboxSource::countOccurrence(const QByteArray &content)
{
    return ++m_occurrences[qFromBigEndian<quint64>(content.constData())];
}

bool isMbox(const QFileInfo &file, bool)
{
    if (hasSuffix(file, "eml"_L1)) {
        return false;
    }
    // One that holds no message (any more) is an mbox still.
    return file.size() == 0 ? hasSuffix(file, "mbox"_L1)
                            : MboxReader(file.filePath(), 0).error().isEmpty();
}

void findMboxes(SourceFinder &finder, const SourceFinder::Place &place, const QStringList &names)
{
    for (const QString &name : names) {
        const QFileInfo file(QDir(place.folder.filePath()).filePath(name));
        QStringList levels = place.levels;
        if (!place.isGiven || !finder.naming().hasRoot()) {
            levels += hasSuffix(file, "mbox"_L1) ? file.completeBaseName() : name;
        }
        if (const auto mailbox = finder.mailboxFor(file.filePath(), levels)) {
            finder.addSource({file.size(), [=, name = *mailbox](const ImportLimits &limits) {
                                  return std::make_unique<MboxSource>(
                                      file.filePath(), name, limits);
                              }});
        }
    }
}

} // namespace Postnook
