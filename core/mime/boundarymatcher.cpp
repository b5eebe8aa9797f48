#include "core/mime/boundarymatcher.h"

#include "core/mime/headerfields.h"
#include "core/mime/partheader.h"

#include <algorithm>
#include <iterator>

namespace Postnook::Mime
{

static_assert(MaxBoundaryBytes + 8 <= MaxLineStart, "the start of a line must hold any delimiter");

namespace
{

constexpr QByteArrayView Dashes = "--";

} // namespace

void BoundaryMatcher::open(qsizetype level, const QByteArray &boundary)
{
    if (!boundary.isEmpty()) {
        m_boundaries.append({level, "--" + boundary, false});
    }
}

void BoundaryMatcher::close(qsizetype level)
{
    for (auto &boundary : m_boundaries) {
        if (boundary.level == level) {
            boundary.closed = true;
        }
    }
}

void BoundaryMatcher::dropFrom(qsizetype level)
{
    while (!m_boundaries.isEmpty() && m_boundaries.last().level >= level) {
        m_boundaries.removeLast();
    }
}

std::optional<BoundaryMatcher::Match> BoundaryMatcher::match(const Line &line,
                                                             bool allowBeginnings) const
{
    if (m_boundaries.isEmpty() || !line.text.startsWith(Dashes)) {
        return std::nullopt;
    }
    auto text = line.text;
    while (isBlankOrLineEnd(text.back())) {
        text.chop(1);
    }
    const Boundary *beginning = nullptr;
    bool isClosedOne = false;
    for (auto b = m_boundaries.crbegin(); b != m_boundaries.crend(); ++b) {
        if (!text.startsWith(b->delimiter)) {
            continue;
        }
        const auto rest = text.sliced(b->delimiter.size());
        if (line.isWhole && (rest.isEmpty() || rest == Dashes)) {
            if (!b->closed) {
                return Match{b->level, !rest.isEmpty()};
            }
            isClosedOne = true;
        } else if (!b->closed
                   && (!beginning || b->delimiter.size() > beginning->delimiter.size())) {
            beginning = &*b;
        }
    }
    if (isClosedOne || !beginning || !allowBeginnings) {
        return std::nullopt;
    }
    return Match{beginning->level, text.sliced(beginning->delimiter.size()).startsWith(Dashes)};
}

} // namespace Postnook::Mime
