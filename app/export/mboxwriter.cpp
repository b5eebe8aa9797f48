#include "app/export/mboxwriter.h"

#include <QDateTime>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

// What decides how a line ends: "\r\n", and one byte before.
constexpr qsizetype LineEndBytes = 2;

// asctime() in English, in UTC (RFC 4155 appendix A).
QByteArray separator(const InternalDate &date)
{
    constexpr std::array Weekdays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    constexpr std::array Months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const QDateTime time = QDateTime::fromSecsSinceEpoch(date.secondsUtc, Qt::UTC);
    const QDate day = time.date();
    return QByteArray("From MAILER-DAEMON ")
        + Weekdays.at(static_cast<size_t>(std::clamp(day.dayOfWeek(), 1, 7) - 1)) + ' '
        + Months.at(static_cast<size_t>(std::clamp(day.month(), 1, 12) - 1)) + ' '
        + QByteArray::number(day.day()).rightJustified(2) + ' '
        + time.time().toString(Qt::ISODate).toLatin1() + ' '
        + QByteArray::number(std::clamp(day.year(), 1, 9999)).rightJustified(4, '0') + '\n';
}

// mboxrd: "From " behind any number of '>'.
bool needsQuote(QByteArrayView line)
{
    qsizetype quotes = 0;
    while (quotes < line.size() && line[quotes] == '>') {
        ++quotes;
    }
    return line.sliced(quotes).startsWith("From ");
}

// More of the line has to come before that can be said.
bool mayNeedQuote(QByteArrayView line)
{
    qsizetype quotes = 0;
    while (quotes < line.size() && line[quotes] == '>') {
        ++quotes;
    }
    return QByteArrayView("From ").startsWith(line.sliced(quotes));
}

} // namespace

MboxWriter::MboxWriter(QString path)
    : m_path(std::move(path))
{
}

Result<void> MboxWriter::open()
{
    if (m_isOpen) {
        return {};
    }
    m_isOpen = true;
    return m_file.create(m_path);
}

Result<void> MboxWriter::begin(const ExportedMessage &message)
{
    if (const auto opened = open(); !opened) {
        return opened;
    }
    m_lines = m_mustBeExact ? MboxExportNote::Lines::Exact : MboxExportNote::Lines::Lf;
    m_mustBeExact = false;
    m_start = m_file.position();
    m_carried.clear();
    m_enoughBytes = LongLineBytes;
    m_isAtLineStart = true;
    m_lastByte = '\n';
    const QByteArray head =
        separator(message.date) + formatMboxExportNote({message.flags, message.date, m_lines, 0});
    m_textStart = m_start + head.size();
    return m_file.write(head);
}

Result<void> MboxWriter::add(QByteArrayView bytes)
{
    if (m_mustBeExact) {
        return {}; // it comes again
    }
    m_carried.append(bytes);
    const bool isTime = bytes.contains('\n') || m_carried.size() > m_enoughBytes;
    return isTime ? writeCarried(false) : Result<void>();
}

// Whole lines, and of a long one what can be told of.
Result<void> MboxWriter::writeCarried(bool isMessageEnd)
{
    QByteArray out;
    out.reserve(m_carried.size());
    qsizetype start = 0;
    for (auto end = m_carried.indexOf('\n'); end >= 0; end = m_carried.indexOf('\n', start)) {
        const auto line = QByteArrayView(m_carried).sliced(start, end + 1 - start);
        takePiece(line, needsQuote(line), &out);
        start = end + 1;
    }
    const auto rest = QByteArrayView(m_carried).sliced(start);
    const bool isLong = rest.size() > LongLineBytes;
    const bool isUndecided = isLong && m_isAtLineStart && mayNeedQuote(rest);
    if (isMessageEnd || (isLong && !isUndecided)) {
        const auto piece = isMessageEnd ? rest : rest.chopped(LineEndBytes);
        takePiece(piece, needsQuote(rest), &out);
        start += piece.size();
    }
    // Not to look at the same bytes again and again.
    m_enoughBytes = isUndecided ? 2 * rest.size() : LongLineBytes;
    m_carried.remove(0, start);
    if (m_mustBeExact) {
        m_carried.clear();
        return {};
    }
    return m_file.write(out);
}

// `hasFromLine`: as far as the line is known, which may be further than the piece goes.
void MboxWriter::takePiece(QByteArrayView piece, bool hasFromLine, QByteArray *out)
{
    if (piece.isEmpty()) {
        return;
    }
    if (m_isAtLineStart && hasFromLine) {
        out->append('>');
    }
    m_isAtLineStart = piece.endsWith('\n');
    m_lastByte = piece.back();
    if (m_lines == MboxExportNote::Lines::Exact || !m_isAtLineStart) {
        out->append(piece);
    } else if (piece.endsWith("\r\n") && !piece.endsWith("\r\r\n")) {
        out->append(piece.chopped(2)).append('\n');
    } else {
        m_mustBeExact = true;
    }
}

Result<MailboxWriter::MessageEnd> MboxWriter::end()
{
    if (!m_mustBeExact) {
        if (const auto written = writeCarried(true); !written) {
            return written.error();
        }
    }
    if (m_mustBeExact) {
        return discard().transform([] { return MessageEnd::Again; });
    }
    const qint64 size = m_file.position() - m_textStart;
    const QByteArray digits = QByteArray::number(size).rightJustified(MboxExportSizeDigits, '0');
    // An empty line stands before the next message.
    return m_file.overwrite(m_textStart - 1 - MboxExportSizeDigits, digits)
        .and_then([this] { return m_file.write(m_lastByte == '\n' ? "\n" : "\n\n"); })
        .transform([] { return MessageEnd::Written; });
}

Result<void> MboxWriter::discard()
{
    m_carried.clear();
    return m_file.truncate(m_start);
}

Result<void> MboxWriter::finish()
{
    return open().and_then([this] { return m_file.close(); });
}

} // namespace Postnook
