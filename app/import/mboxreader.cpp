#include "app/import/mboxreader.h"

#include "app/import/messagefile.h"
#include "core/mime/messagetext.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 PieceBytes = 65'536; // of a line that is longer, and a NUL
constexpr qint64 AheadBytes = 1024;
// Of what our export notes; its keywords may be many.
constexpr qint64 NoteBytes = 4096;
constexpr qint64 LongNoteBytes = 1'048'576;
// What may stand between a counted body and the next separator: the end of the last line, where the
// count leaves that out, and the empty line behind it.
constexpr int MaxEndsBehindCount = 2;

bool isEmptyLine(QByteArrayView line)
{
    return line == "\n" || line == "\r\n";
}

// mboxrd: as many '>' as there are, one was added.
bool isQuotedFrom(QByteArrayView line)
{
    qsizetype quotes = 0;
    while (quotes < line.size() && line[quotes] == '>') {
        ++quotes;
    }
    return quotes > 0 && line.sliced(quotes).startsWith("From ");
}

// The lines of a counted body. Where it holds a "From " line as it was, nothing was quoted
// (mboxcl2).
QByteArray unquoted(const QByteArray &body, MboxExportNote::Lines lines)
{
    if (body.startsWith("From ") || body.contains("\nFrom ")) {
        return body;
    }
    const bool isLf = lines == MboxExportNote::Lines::Lf;
    QByteArray text;
    text.reserve(body.size() + (isLf ? body.count('\n') : 0));
    for (qsizetype start = 0; start < body.size();) {
        const auto lineEnd = body.indexOf('\n', start);
        const auto end = lineEnd < 0 ? body.size() : lineEnd + 1;
        const auto line = QByteArrayView(body).sliced(start, end - start);
        text += isQuotedFrom(line) ? line.sliced(1) : line;
        if (isLf && lineEnd >= 0) {
            text.chop(1);
            text += "\r\n";
        }
        start = end;
    }
    return text;
}

// The empty line that the format puts behind a message.
void dropLastEmptyLine(QByteArray *bytes)
{
    if (bytes->endsWith("\n\r\n")) {
        bytes->chop(2);
    } else if (bytes->endsWith("\n\n")) {
        bytes->chop(1);
    }
}

std::optional<qint64> contentLength(const QByteArray &header)
{
    const auto values = Mime::headerValues(header, "Content-Length");
    bool isNumber = false;
    const qint64 length = values.isEmpty() ? 0 : values.last().trimmed().toLongLong(&isNumber);
    return isNumber && length >= 0 ? std::optional(length) : std::nullopt;
}

} // namespace

MboxReader::MboxReader(const QString &path, quint64 maxMessageBytes)
    : m_file(path)
    , m_piece(PieceBytes, Qt::Uninitialized)
    , m_maxMessageBytes(maxMessageBytes)
{
    if (!m_file.open(QIODevice::ReadOnly)) {
        m_error = u"it cannot be read: %1"_s.arg(m_file.errorString());
        return;
    }
    m_sizeAtStart = m_file.size();
    if (!findFirst() && m_error.isEmpty() && m_sizeAtStart > 0) {
        m_error = u"it does not begin as an mbox does, with a 'From ' line"_s;
    }
}

bool MboxReader::findFirst()
{
    // Editors on Windows put a byte order mark there.
    if (m_file.peek(3) == "\xef\xbb\xbf") {
        m_file.skip(3);
    }
    QByteArrayView line = readPiece();
    while (isEmptyLine(line)) {
        line = readPiece();
    }
    if (!line.startsWith("From ")) {
        return false;
    }
    const auto separator = parseMboxSeparator(line);
    if ((separator && separator->isUsual()) || beginsWithField(m_file.peek(AheadBytes))) {
        m_separator = separator.value_or(MboxSeparator());
        m_formOfFirst = m_separator->form;
    }
    return m_separator.has_value();
}

std::optional<MboxReader::Message> MboxReader::next()
{
    if (!m_separator || !m_error.isEmpty()) {
        return {};
    }
    Message message;
    message.separator = *std::exchange(m_separator, {});
    if (!readExported(&message)) {
        readHeader(&message);
        if (!m_separator && !readCountedBody(&message)) {
            readBody(&message);
        }
    }
    message.endsFile = !m_separator;
    if (!m_error.isEmpty()) {
        return {};
    }
    return message;
}

// A line, or the next piece of a long one, until the next call. Empty at the end.
QByteArrayView MboxReader::readPiece()
{
    const qint64 size = m_file.readLine(m_piece.data(), m_piece.size());
    if (size <= 0 && m_file.error() != QFile::NoError) {
        m_error = u"it cannot be read to its end: %1"_s.arg(m_file.errorString());
    }
    return QByteArrayView(m_piece).first(std::max<qint64>(size, 0));
}

void MboxReader::add(Message *message, QByteArrayView bytes) const
{
    const auto size = static_cast<quint64>(message->bytes.size() + bytes.size());
    if (message->isTooLarge || size > m_maxMessageBytes) {
        message->isTooLarge = true;
        message->bytes.clear();
        return;
    }
    message->bytes += bytes;
}

// Up to and with the empty line; a header without body ends at the next separator.
void MboxReader::readHeader(Message *message)
{
    bool isAtLineStart = true;
    for (auto piece = readPiece(); !piece.isEmpty(); piece = readPiece()) {
        if (isAtLineStart && atSeparator(piece, false)) {
            return;
        }
        add(message, piece);
        if (isAtLineStart && isEmptyLine(piece)) {
            return;
        }
        isAtLineStart = piece.endsWith('\n');
    }
}

// Nothing was read where this is none of ours, or was changed since.
bool MboxReader::readExported(Message *message)
{
    if (m_file.peek(7) != "Status:") {
        return false;
    }
    auto found = parseMboxExportNote(m_file.peek(NoteBytes));
    if (!found) {
        found = parseMboxExportNote(m_file.peek(LongNoteBytes));
    }
    const qint64 start = m_file.pos() + (found ? found->bytes : 0);
    const auto room = static_cast<quint64>(std::max<qint64>(m_file.size() - start, 0));
    if (!found || found->note.sizeBytes > room
        || !leadsToSeparator(start + static_cast<qint64>(found->note.sizeBytes))) {
        return false;
    }
    QByteArray bytes;
    m_file.seek(start);
    if (readCounted(static_cast<qint64>(found->note.sizeBytes), message, &bytes)) {
        message->bytes = unquoted(bytes, found->note.lines);
    }
    message->note = found->note;
    readNextSeparator();
    return true;
}

bool MboxReader::readCountedBody(Message *message)
{
    const auto length = message->isTooLarge ? std::nullopt : contentLength(message->bytes);
    if (!length || *length > m_file.size() - m_file.pos()
        || !leadsToSeparator(m_file.pos() + *length)) {
        return false;
    }
    QByteArray body;
    if (readCounted(*length, message, &body)) {
        message->bytes += unquoted(body, MboxExportNote::Lines::Exact);
    }
    readNextSeparator();
    return true;
}

// False when it is too large, and was passed over, or cannot be read.
bool MboxReader::readCounted(qint64 length, Message *message, QByteArray *bytes)
{
    if (static_cast<quint64>(message->bytes.size() + length) > m_maxMessageBytes) {
        message->isTooLarge = true;
        message->bytes.clear();
        m_file.seek(m_file.pos() + length);
        return false;
    }
    *bytes = m_file.read(length);
    if (bytes->size() < length) {
        m_error = u"it cannot be read to its end: %1"_s.arg(m_file.errorString());
        return false;
    }
    return true;
}

void MboxReader::readNextSeparator()
{
    if (!m_error.isEmpty()) {
        return;
    }
    QByteArrayView line = readPiece();
    while (isEmptyLine(line)) {
        line = readPiece();
    }
    m_separator = parseMboxSeparator(line);
}

void MboxReader::readBody(Message *message)
{
    const auto headerBytes = message->bytes.size();
    bool isAtLineStart = true;
    bool isBehindEmptyLine = true; // that of the header
    for (auto piece = readPiece(); !piece.isEmpty(); piece = readPiece()) {
        if (isAtLineStart && atSeparator(piece, isBehindEmptyLine)) {
            break;
        }
        isBehindEmptyLine = isAtLineStart && isEmptyLine(piece);
        add(message, isAtLineStart && isQuotedFrom(piece) ? piece.sliced(1) : piece);
        isAtLineStart = piece.endsWith('\n');
    }
    if (message->bytes.size() > headerBytes) {
        dropLastEmptyLine(&message->bytes);
    }
}

bool MboxReader::atSeparator(QByteArrayView line, bool isBehindEmptyLine)
{
    if (!line.startsWith("From ")
        || !separatesMessages(line, isBehindEmptyLine, m_file.peek(AheadBytes), m_formOfFirst)) {
        return false;
    }
    m_separator = parseMboxSeparator(line);
    return true;
}

bool MboxReader::leadsToSeparator(qint64 position)
{
    const qint64 here = m_file.pos();
    bool leads = false;
    if (m_file.seek(position)) {
        QByteArray line = m_file.readLine(PieceBytes);
        for (int ends = 0; ends < MaxEndsBehindCount && isEmptyLine(line); ++ends) {
            line = m_file.readLine(PieceBytes);
        }
        leads =
            line.isEmpty() || separatesMessages(line, true, m_file.peek(AheadBytes), m_formOfFirst);
    }
    m_file.seek(here);
    return leads;
}

} // namespace Postnook
