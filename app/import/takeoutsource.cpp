#include "app/import/takeoutsource.h"

#include "app/import/gmaillabels.h"
#include "app/import/importkey.h"
#include "app/import/mboxheader.h"
#include "app/import/messagefile.h"
#include "core/mime/messagetext.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QtEndian>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 SniffedBytes = 65'536; // a header is hardly longer
constexpr auto LabelsField = "X-Gmail-Labels";

QStringList labelsOf(const QByteArray &message)
{
    QStringList labels;
    for (const QByteArray &value : Mime::headerValues(headerOf(message), LabelsField)) {
        labels += gmailLabels(value);
    }
    return labels;
}

} // namespace

TakeoutSource::TakeoutSource(QString path, MailboxNaming naming, const ImportLimits &limits)
    : m_naming(std::move(naming))
    , m_mbox(std::move(path), {}, limits)
{
}

std::optional<ImportItem> TakeoutSource::next()
{
    if (m_waiting.isEmpty()) {
        auto message = m_mbox.next();
        if (!message || !message->skipReason.isEmpty()) {
            return message;
        }
        place(*message);
    }
    return m_waiting.takeFirst();
}

void TakeoutSource::place(const ImportItem &message)
{
    const GmailPlacing placing = placeByLabels(labelsOf(message.bytes));
    const QByteArray content = mboxContentIdentity(message.bytes);
    const int occurrence = ++m_occurrences[qFromBigEndian<quint64>(content.constData())];
    QSet<MailboxName> placed; // names can become the same by --map
    for (qsizetype i = 0; i < placing.mailboxes.size(); ++i) {
        const QStringList &levels = placing.mailboxes.at(i);
        const auto mailbox = m_naming.usualNameFor(levels);
        if (!mailbox) {
            m_waiting.append(ImportItem::skipped(message.origin, mailbox.error().text));
            continue;
        }
        if (placed.contains(*mailbox)) {
            continue;
        }
        placed.insert(*mailbox);
        ImportItem item = message;
        item.mailbox = *mailbox;
        item.flags = placing.flags;
        // The first mailbox is not part of it: what was in the inbox when it was imported and is
        // archived by the next Takeout is no other message.
        const QByteArray name = i == 0 ? QByteArray() : levels.join(u'/').toUtf8() + '/';
        item.key = importKey({"takeout", {}, name, content, occurrence});
        m_waiting.append(item);
    }
}

bool isTakeout(const QFileInfo &file, bool)
{
    static const QRegularExpression separator(u"^From \\d+@xxx "_s);
    QFile start(file.filePath());
    if (!start.open(QIODevice::ReadOnly)) {
        return false;
    }
    const QByteArray bytes = start.read(SniffedBytes);
    if (!separator.match(QString::fromLatin1(bytes.left(bytes.indexOf('\n')))).hasMatch()) {
        return false;
    }
    const auto header = headerOf(QByteArrayView(bytes).sliced(bytes.indexOf('\n') + 1));
    return !Mime::headerValues(header, LabelsField).isEmpty()
        || !Mime::headerValues(header, "X-GM-THRID").isEmpty();
}

void findTakeouts(SourceFinder &finder, const SourceFinder::Place &place, const QStringList &names)
{
    for (const QString &name : names) {
        const QFileInfo file(QDir(place.folder.filePath()).filePath(name));
        finder.addSource(
            {file.size(),
             [path = file.filePath(), naming = finder.naming()](const ImportLimits &limits) {
                 return std::make_unique<TakeoutSource>(path, naming, limits);
             }});
    }
}

} // namespace Postnook
