#include "core/mime/linesplitter.h"

#include "core/mime/headerfields.h"

#include <algorithm>

namespace Postnook::Mime
{

QByteArrayView LineSplitter::take(QByteArrayView &chunk)
{
    const auto end = chunk.indexOf('\n');
    const auto piece = end < 0 ? chunk : chunk.first(end + 1);
    chunk = chunk.sliced(piece.size());
    m_complete = end >= 0;
    if (m_complete && m_size == 0) {
        // The usual case: a line in one piece, used in place.
        const unsigned endSize = end > 0 && piece[end - 1] == '\r' ? 2 : 1;
        m_line = {.text = piece.chopped(endSize),
                  .offset = m_offset,
                  .size = static_cast<quint64>(piece.size()),
                  .endSize = endSize};
        m_offset += m_line.size;
    } else {
        const bool crBefore = piece.size() > 1 ? piece[piece.size() - 2] == '\r' : m_lastIsCr;
        keep(piece);
        m_offset += static_cast<quint64>(piece.size());
        if (m_complete) {
            finishKept(crBefore ? 2 : 1);
        }
    }
    return piece;
}

void LineSplitter::keep(QByteArrayView piece)
{
    if (m_size == 0) {
        m_start.clear();
        m_restBlank = true;
    }
    const auto kept = std::min(piece.size(), MaxLineStart - m_start.size());
    m_start.append(piece.first(kept));
    const auto rest = piece.sliced(kept);
    m_restBlank = m_restBlank && std::all_of(rest.begin(), rest.end(), isBlankOrLineEnd);
    m_lastIsCr = piece.endsWith('\r');
    m_size += static_cast<quint64>(piece.size());
}

void LineSplitter::finishKept(unsigned endSize)
{
    m_line = {.text = m_start,
              .isWhole = m_restBlank,
              .offset = m_offset - m_size,
              .size = m_size,
              .endSize = endSize};
    if (m_size == static_cast<quint64>(m_start.size())) {
        m_line.text.chop(static_cast<qsizetype>(endSize));
    }
    m_size = 0;
}

bool LineSplitter::takeLast()
{
    if (m_size == 0) {
        return false;
    }
    finishKept(0);
    return true;
}

} // namespace Postnook::Mime
