#include "app/export/exporter.h"

#include "app/import/mailboxnaming.h"
#include "app/settings/nearestname.h"

#include <QDir>
#include <QHash>
#include <QLocale>
#include <QStorageInfo>

#include <algorithm>
#include <iterator>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// Messages that come in one answer, and are in memory one by one.
constexpr qsizetype MaxBatchMessages = 100;
constexpr quint64 MaxBatchBytes = 4'194'304;
// A message above this comes in pieces of this size.
constexpr quint64 PieceBytes = 1'048'576;
// What a file takes beyond its bytes, on average, and the notes on a message.
constexpr quint64 OverheadBytes = 2560;

QString textOf(const MailboxName &name)
{
    return QString::fromUtf8(name.utf8);
}

// The mailboxes that were asked for and those below them.
Result<QList<ExportedMailbox>> selected(const QList<ExportedMailbox> &all,
                                        const QStringList &wanted)
{
    if (wanted.isEmpty()) {
        return all;
    }
    QSet<MailboxName> chosen;
    for (const QString &text : wanted) {
        const auto name = MailboxNaming::below(text).and_then(
            [](const MailboxNaming &naming) { return naming.nameFor({}); });
        if (!name) {
            return name.error();
        }
        const auto before = chosen.size();
        QStringList names;
        for (const ExportedMailbox &mailbox : all) {
            names.append(textOf(mailbox.name));
            if (mailbox.name == *name || mailbox.name.utf8.startsWith(name->utf8 + '/')) {
                chosen.insert(mailbox.name);
            }
        }
        if (chosen.size() == before
            && std::none_of(chosen.begin(), chosen.end(), [&name](const MailboxName &other) {
                   return other == *name || other.utf8.startsWith(name->utf8 + '/');
               })) {
            const QString nearest = nearestName(text, names);
            return Error{
                ErrorCode::Invalid,
                u"there is no mailbox '%1'%2"_s.arg(
                    text, nearest.isEmpty() ? QString() : u"; did you mean '%1'?"_s.arg(nearest))};
        }
    }
    QList<ExportedMailbox> some;
    std::copy_if(all.begin(), all.end(), std::back_inserter(some), [&chosen](const auto &mailbox) {
        return chosen.contains(mailbox.name);
    });
    return some;
}

} // namespace

Exporter::Exporter(ExportSession &session, MailProgress &progress, const std::atomic<bool> &stop)
    : m_session(session)
    , m_progress(progress)
    , m_stop(stop)
{
}

template <typename T>
bool Exporter::check(const Result<T> &result)
{
    if (!result && !m_report.failure) {
        m_report.failure = result.error();
    }
    return result.has_value();
}

ExportReport Exporter::run(const QString &path, const ExportIdentity &identity)
{
    m_format = exportFormat(identity.format);
    const auto all = m_session.mailboxes();
    if (!check(all)) {
        return m_report;
    }
    // First what may be wrong with the request, then what is made on the disk.
    if (const auto chosen = selected(*all, identity.mailboxes); !check(chosen)) {
        return m_report;
    }
    auto folder = ExportFolder::open(path, identity);
    if (!check(folder)) {
        return m_report;
    }
    m_folder = std::move(*folder);
    if (!makePlan(*all, identity) || !hasRoom(*all)) {
        return m_report;
    }
    for (const PlannedMailbox &mailbox : m_folder->plan()) {
        if (goesOn() && !m_folder->isDone(mailbox)) {
            exportMailbox(mailbox);
        }
    }
    m_progress.end();
    if (goesOn()) {
        check(m_folder->end());
    }
    return m_report;
}

bool Exporter::makePlan(const QList<ExportedMailbox> &all, const ExportIdentity &identity)
{
    if (m_folder->plan().isEmpty()) {
        const auto chosen = selected(all, identity.mailboxes);
        ExportNames names(m_format->naming, QLatin1String(m_format->suffix));
        QList<PlannedMailbox> plan;
        for (const ExportedMailbox &mailbox : chosen.value_or(QList<ExportedMailbox>())) {
            const auto path = names.pathFor(mailbox.name);
            plan.append({mailbox.name, path.path, path.isShortened});
        }
        if (!check(m_folder->setPlan(plan))) {
            return false;
        }
    }
    for (const PlannedMailbox &mailbox : m_folder->plan()) {
        m_report.earlierMailboxes += m_folder->isDone(mailbox) ? 1 : 0;
        if (mailbox.isShortened) {
            m_report.notes.append(
                u"the name of the mailbox '%1' is too long for a file; it is in %2"_s.arg(
                    textOf(mailbox.name), QDir::toNativeSeparators(mailbox.path)));
        }
    }
    return true;
}

// Looks for room before anything is written; begins the progress.
bool Exporter::hasRoom(const QList<ExportedMailbox> &all)
{
    QHash<MailboxName, ExportedMailbox> states;
    for (const ExportedMailbox &mailbox : all) {
        states.insert(mailbox.name, mailbox);
    }
    quint64 totalBytes = 0;
    quint64 neededBytes = 0;
    for (const PlannedMailbox &mailbox : m_folder->plan()) {
        if (!m_folder->isDone(mailbox)) {
            const auto state = states.value(mailbox.name);
            totalBytes += state.sizeBytes;
            neededBytes += state.sizeBytes + state.messages * OverheadBytes;
        }
    }
    const QStorageInfo disk(m_folder->path());
    if (disk.isValid() && static_cast<quint64>(disk.bytesAvailable()) < neededBytes) {
        const QLocale c = QLocale::c();
        m_report.failure = Error{ErrorCode::OverQuota,
                                 u"the export takes about %1, and the disk of %2 has %3 left"_s.arg(
                                     c.formattedDataSize(static_cast<qint64>(neededBytes)),
                                     QDir::toNativeSeparators(m_folder->path()),
                                     c.formattedDataSize(disk.bytesAvailable()))};
        return false;
    }
    m_progress.begin(static_cast<qint64>(totalBytes));
    return true;
}

void Exporter::exportMailbox(const PlannedMailbox &mailbox)
{
    const auto opened = m_session.openMailbox(mailbox.name);
    if (!opened && opened.error().code == ErrorCode::NotFound) {
        m_report.notes.append(
            u"the mailbox '%1' was deleted meanwhile"_s.arg(textOf(mailbox.name)));
        return;
    }
    if (!check(opened)) {
        return;
    }
    const auto aside = m_folder->makeAside();
    if (!check(aside)) {
        return;
    }
    m_writer = m_format->makeWriter(*aside, opened->uidValidity);
    writeMessages(*opened);
    if (goesOn() && check(m_writer->finish()) && check(m_folder->putInPlace(mailbox))) {
        ++m_report.mailboxes;
    }
    m_writer.reset();
}

void Exporter::writeMessages(const ExportSession::Opened &opened)
{
    Uid next(1);
    while (goesOn() && next < opened.uidNext) {
        const auto described = m_session.describe({next, Uid(opened.uidNext.value - 1)});
        if (!check(described) || described->isEmpty()) {
            return;
        }
        QList<ExportedMessage> batch;
        quint64 batchBytes = 0;
        for (const ExportedMessage &message : *described) {
            const bool fits =
                batch.size() < MaxBatchMessages && batchBytes + message.sizeBytes <= MaxBatchBytes;
            if (!fits || message.sizeBytes > PieceBytes) {
                writeBatch(batch);
                batch.clear();
                batchBytes = 0;
            }
            if (message.sizeBytes > PieceBytes) {
                writeLarge(message);
            } else {
                batch.append(message);
                batchBytes += message.sizeBytes;
            }
        }
        writeBatch(batch);
        next = Uid(described->last().uid.value + 1);
    }
}

void Exporter::writeBatch(const QList<ExportedMessage> &batch)
{
    if (batch.isEmpty() || !goesOn()) {
        return;
    }
    QList<Uid> uids;
    QHash<Uid, ExportedMessage> messages;
    for (const ExportedMessage &message : batch) {
        uids.append(message.uid);
        messages.insert(message.uid, message);
    }
    check(m_session.fetch(uids, [&](Uid uid, const QByteArray &bytes) {
        const auto message = messages.find(uid);
        m_report.wasStopped = m_report.wasStopped || m_stop;
        if (goesOn() && message != messages.end()) {
            writeSmall(*message, bytes);
        }
    }));
}

void Exporter::writeSmall(const ExportedMessage &message, const QByteArray &bytes)
{
    auto end = MailboxWriter::MessageEnd::Again;
    while (end == MailboxWriter::MessageEnd::Again) {
        const auto written =
            m_writer->begin(message).and_then([&] { return m_writer->add(bytes); }).and_then([&] {
                return m_writer->end();
            });
        if (!check(written)) {
            return;
        }
        end = *written;
    }
    count(message.sizeBytes, 1);
}

void Exporter::writeLarge(const ExportedMessage &message)
{
    auto end = MailboxWriter::MessageEnd::Again;
    while (goesOn() && end == MailboxWriter::MessageEnd::Again) {
        const auto bytesBefore = m_bytes;
        const auto passed = pass(message);
        if (!passed && passed.error().code == ErrorCode::NotFound) {
            check(m_writer->discard()); // it was expunged
            return;
        }
        if (!check(passed)) {
            return;
        }
        end = *passed;
        m_bytes = end == MailboxWriter::MessageEnd::Again ? bytesBefore : m_bytes;
    }
    count(0, goesOn() ? 1 : 0);
}

// The message from its first piece to its last. When the person stops it, that is enough.
Result<MailboxWriter::MessageEnd> Exporter::pass(const ExportedMessage &message)
{
    auto written = m_writer->begin(message);
    for (quint64 offset = 0; written && offset < message.sizeBytes;) {
        const auto piece = m_session.fetchPiece(message.uid, offset, PieceBytes);
        if (!piece) {
            return piece.error();
        }
        if (piece->isEmpty()) {
            return Error{ErrorCode::Corrupt,
                         u"message %1 is shorter than the server says; see 'postnook check'"_s.arg(
                             message.uid.value)};
        }
        written = m_writer->add(*piece);
        offset += static_cast<quint64>(piece->size());
        count(static_cast<quint64>(piece->size()), 0);
        m_report.wasStopped = m_report.wasStopped || m_stop;
        if (m_report.wasStopped) {
            return MailboxWriter::MessageEnd::Written;
        }
    }
    return written.and_then([this] { return m_writer->end(); });
}

void Exporter::count(quint64 bytes, qint64 messages)
{
    m_bytes += static_cast<qint64>(bytes);
    m_report.messages += messages;
    m_progress.show(m_bytes, m_report.messages);
}

} // namespace Postnook
