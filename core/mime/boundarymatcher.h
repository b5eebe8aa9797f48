#pragma once

#include "core/mime/linesplitter.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace Postnook::Mime
{

// The boundaries of the multiparts around the current line, and which of them a line is
// (RFC 2046 5.1.1).
class BoundaryMatcher
{
public:
    struct Match {
        qsizetype level = 0; // as given to open()
        bool closing = false;
    };

    // `level` grows from call to call. An empty boundary separates nothing.
    void open(qsizetype level, const QByteArray &boundary);
    // Its closing delimiter was seen: further ones in its epilogue mean nothing.
    void close(qsizetype level);
    // Forgets the boundaries of `level` and above.
    void dropFrom(qsizetype level);
    void clear() { m_boundaries.clear(); }
    bool isEmpty() const { return m_boundaries.isEmpty(); }

    // An exact line (blanks at its end aside) wins over one that only begins so, which RFC 2046
    // wants taken too: a boundary may be the beginning of another. Among exact ones the innermost
    // that is not closed wins, among beginnings the longest.
    // Beginnings do not count among parts whose own boundaries were not looked at.
    std::optional<Match> match(const Line &line, bool allowBeginnings) const;

private:
    struct Boundary {
        qsizetype level = 0;
        QByteArray delimiter; // with the leading "--"
        bool closed = false;
    };

    QList<Boundary> m_boundaries; // outermost first
};

} // namespace Postnook::Mime
