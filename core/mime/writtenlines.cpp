#include "core/mime/writtenlines.h"

#include "core/mime/mailphrases.h"
#include "core/mime/previewwords.h"

#include <QString>
#include <QStringTokenizer>

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool hasDigit(QStringView text)
{
    return std::any_of(text.begin(), text.end(), isDigit);
}

bool isQuoted(QStringView line)
{
    return line.startsWith(u'>') && !line.startsWith(u">From "); // that one is a mark of mbox
}

QStringView withoutQuoteMarks(QStringView line)
{
    while (!line.isEmpty() && (line.front() == u'>' || line.front() == u' ')) {
        line = line.sliced(1);
    }
    return line;
}

class LineSorter
{
public:
    explicit LineSorter(QStringView text);
    WrittenLines sort(PreviewWords &words);

private:
    enum class Writer { Sender, Other, Nobody };

    QStringView line(qsizetype index) const;
    qsizetype nextFilled(qsizetype index) const;
    bool skipArmour();
    bool skipUuencoded();
    bool takeQuote();
    bool takeForward();
    bool takeOriginal();
    bool takeAttribution();
    bool takeSignature();
    bool startsHeader(qsizetype index, bool anyFirst) const;
    void skipHeader();
    qsizetype attributionLines() const;

    QList<QStringView> m_lines;
    qsizetype m_at = 0;
    Writer m_writer = Writer::Sender;
    bool m_dashEscaped = false; // in PGP signed text
    WrittenLines m_sorted;
};

LineSorter::LineSorter(QStringView text)
{
    for (auto line : text.tokenize(u'\n')) {
        while (!line.isEmpty() && line.back().isSpace()) {
            line.chop(1);
        }
        m_lines.append(line);
    }
}

// RFC 9580 7.2: in signed text, "- " stands before lines that begin with a dash.
QStringView LineSorter::line(qsizetype index) const
{
    if (index >= m_lines.size()) {
        return {};
    }
    const auto line = m_lines[index];
    return m_dashEscaped && line.startsWith(u"- ") ? line.sliced(2) : line;
}

// The first line from `index` on, of the next few, that is not empty.
qsizetype LineSorter::nextFilled(qsizetype index) const
{
    constexpr qsizetype MaxEmpty = 8;
    const auto end = std::min(index + MaxEmpty, m_lines.size());
    while (index < end && m_lines[index].isEmpty()) {
        ++index;
    }
    return index;
}

WrittenLines LineSorter::sort(PreviewWords &words)
{
    while (m_at < m_lines.size() && !words.isFull()) {
        if (m_lines[m_at].isEmpty()) {
            ++m_at;
            continue;
        }
        if (skipArmour() || skipUuencoded() || takeQuote() || takeForward() || takeOriginal()
            || takeAttribution() || takeSignature()) {
            continue;
        }
        auto current = line(m_at++);
        if (current.startsWith(u">From ")) {
            current = current.sliced(1);
        }
        if (m_writer == Writer::Nobody || isAside(current)) {
            m_sorted.aside.append(current);
        } else if (m_writer == Writer::Other) {
            m_sorted.quoted.append(current);
        } else {
            m_sorted.own.append(current);
            words.addLine(current);
        }
    }
    return std::move(m_sorted);
}

bool LineSorter::skipArmour()
{
    const auto current = m_lines[m_at];
    if (!current.startsWith(u"-----BEGIN ") || !current.endsWith(u"-----")) {
        return false;
    }
    if (current == u"-----BEGIN PGP SIGNED MESSAGE-----") {
        m_dashEscaped = true;
        while (m_at < m_lines.size() && !m_lines[m_at].isEmpty()) {
            ++m_at; // "Hash: SHA256"
        }
        return true;
    }
    while (m_at < m_lines.size() && !m_lines[m_at].startsWith(u"-----END ")) {
        ++m_at;
    }
    ++m_at;
    m_dashEscaped = false;
    return true;
}

bool LineSorter::skipUuencoded()
{
    constexpr qsizetype MinSize = 11; // "begin 644 x"
    const auto current = line(m_at);
    if (current.size() < MinSize || !current.startsWith(u"begin ") || !isDigit(current[6])
        || !isDigit(current[7]) || !isDigit(current[8]) || !line(m_at + 1).startsWith(u'M')) {
        return false;
    }
    while (m_at < m_lines.size() && m_lines[m_at] != u"end") {
        ++m_at;
    }
    ++m_at;
    return true;
}

bool LineSorter::takeQuote()
{
    if (!isQuoted(line(m_at))) {
        return false;
    }
    m_sorted.quoted.append(withoutQuoteMarks(line(m_at++)));
    m_writer = m_writer == Writer::Nobody ? Writer::Sender : m_writer; // below a signature
    return true;
}

bool LineSorter::takeForward()
{
    if (!isForwardTitle(line(m_at))) {
        return false;
    }
    m_at = nextFilled(m_at + 1);
    skipHeader();
    return true;
}

// A quoted message without marks: below a title between dashes, or below its header alone.
bool LineSorter::takeOriginal()
{
    const auto behind = nextFilled(m_at + 1);
    const bool isTitled = !dashedTitle(line(m_at)).isEmpty() && startsHeader(behind, true);
    if (!isTitled && !startsHeader(m_at, false)) {
        return false;
    }
    m_at = isTitled ? behind : m_at;
    skipHeader();
    m_writer = Writer::Other;
    return true;
}

// Whether three fields in a row begin here, the first of them From unless any may be.
bool LineSorter::startsHeader(qsizetype index, bool anyFirst) const
{
    const auto first = fieldLabel(line(index));
    if (first.isEmpty() || (!anyFirst && !isFromLabel(first))) {
        return false;
    }
    const auto second = nextFilled(index + 1);
    const auto third = nextFilled(second + 1);
    return !fieldLabel(line(second)).isEmpty() && !fieldLabel(line(third)).isEmpty();
}

// Fields, with the lines that their values may be folded into.
void LineSorter::skipHeader()
{
    constexpr int MaxLines = 40;
    for (int i = 0; i < MaxLines && m_at < m_lines.size(); ++i) {
        const auto current = line(m_at);
        const bool isFolded = current.startsWith(u' ') || current.contains(u'@');
        if (fieldLabel(current).isEmpty() && !isFolded) {
            return;
        }
        ++m_at;
    }
}

bool LineSorter::takeAttribution()
{
    const auto count = attributionLines();
    if (count == 0) {
        return false;
    }
    m_at += count;
    if (!isQuoted(line(nextFilled(m_at)))) {
        m_writer = Writer::Other;
    }
    return true;
}

// How many lines from the current one on say who wrote what follows: "On Monday, Ann wrote:".
qsizetype LineSorter::attributionLines() const
{
    constexpr qsizetype MaxLines = 3;
    constexpr qsizetype MaxSize = 300;
    const auto first = line(m_at);
    const bool starts = startsAttribution(first) && hasDigit(first);
    qsizetype count = 1;
    while (!endsWithColon(line(m_at + count - 1))) {
        const auto next = line(m_at + count);
        if (!starts || first.endsWith(u'.') || count == MaxLines || next.isEmpty()
            || isQuoted(next)) {
            return 0;
        }
        ++count;
    }
    const QStringView text(first.data(), line(m_at + count - 1).end());
    if (text.size() > MaxSize) {
        return 0;
    }
    const bool says = saysWhoWrote(text);
    const bool isAboveQuote = isQuoted(line(nextFilled(m_at + count)));
    const bool namesSomebody = hasDigit(text) && (text.contains(u'@') || text.contains(u'<'));
    return (says && (starts || isAboveQuote)) || (namesSomebody && isAboveQuote) ? count : 0;
}

bool LineSorter::takeSignature()
{
    const auto current = line(m_at);
    constexpr qsizetype MinRule = 30;
    const bool isListFooter = current.size() >= MinRule
        && std::all_of(current.begin(), current.end(), [](QChar c) { return c == u'_'; })
        && line(m_at + 1).contains(u"mailing list", Qt::CaseInsensitive);
    if (current != u"--" && !isListFooter) { // its blank is gone
        return false;
    }
    ++m_at;
    m_writer = Writer::Nobody;
    return true;
}

} // namespace

WrittenLines sortLines(QStringView text, PreviewWords &words)
{
    return LineSorter(text).sort(words);
}

} // namespace Postnook::Mime
