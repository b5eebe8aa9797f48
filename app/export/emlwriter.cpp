#include "app/export/emlwriter.h"

#include <QDir>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto UidDigits = 10; // of the largest: files in the order of names are in that of UIDs

} // namespace

EmlWriter::EmlWriter(QString folder)
    : m_folder(std::move(folder))
{
}

EmlWriter::FileName EmlWriter::nameFor(const ExportedMessage &message)
{
    const QString name = u"%1.eml"_s.arg(message.uid.value, UidDigits, 10, QChar(u'0'));
    return {name, name.toLatin1()};
}

Result<void> EmlWriter::openNotes()
{
    if (m_hasNotes) {
        return {};
    }
    m_hasNotes = true;
    return m_notes.create(QDir(m_folder).filePath(QLatin1String(MessageNotesName)))
        .and_then([this] { return m_notes.write(MessageNotes::head()); });
}

Result<void> EmlWriter::begin(const ExportedMessage &message)
{
    m_message = message;
    m_name = nameFor(message);
    m_writtenBytes = 0;
    return m_file.create(QDir(m_folder).filePath(m_name.path));
}

Result<void> EmlWriter::add(QByteArrayView bytes)
{
    m_writtenBytes += static_cast<quint64>(bytes.size());
    return m_file.write(bytes);
}

Result<MailboxWriter::MessageEnd> EmlWriter::end()
{
    return m_file.close(m_message.date)
        .and_then([this] { return openNotes(); })
        .and_then([this] {
            return m_notes.write(MessageNotes::line(
                m_name.noted, {m_writtenBytes, m_message.date, m_message.flags}));
        })
        .transform([] { return MessageEnd::Written; });
}

Result<void> EmlWriter::discard()
{
    return m_file.remove();
}

Result<void> EmlWriter::finish()
{
    return openNotes().and_then([this] { return m_notes.close(); });
}

} // namespace Postnook
