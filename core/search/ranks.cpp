#include "core/search/ranks.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <span>

namespace Postnook
{

namespace
{

constexpr qsizetype PieceSize = sizeof(quint64);
constexpr qsizetype MostInPieces = 512; // what is alike for longer is compared as a whole

// Sorts by eight octets at a time: what many texts begin with alike ("Re: [list] ...") is looked at
// once, and not at each comparison.
class Ranking
{
public:
    Ranking(const QList<QByteArray> &texts, Turns &turns)
        : m_texts(texts)
        , m_turns(turns)
        , m_ranks(texts.size())
    {
    }

    QList<qint64> run()
    {
        QList<Piece> pieces(m_texts.size());
        for (qsizetype i = 0; i < pieces.size(); ++i) {
            pieces[i].text = i;
        }
        rank(pieces, 0);
        return m_ranks;
    }

private:
    struct Piece {
        quint64 octets = 0; // a number that compares as they do
        qsizetype text = 0;
        quint8 size = 0;

        friend bool operator<(const Piece &a, const Piece &b)
        {
            return a.octets != b.octets ? a.octets < b.octets : a.size < b.size;
        }
    };

    void rank(std::span<Piece> pieces, qsizetype from)
    {
        for (Piece &piece : pieces) {
            fill(piece, from);
            m_turns.step();
        }
        std::sort(pieces.begin(), pieces.end(), [this](const Piece &a, const Piece &b) {
            m_turns.step();
            return a < b;
        });
        for (auto begin = pieces.begin(); begin != pieces.end();) {
            const auto end = std::find_if(
                begin, pieces.end(), [begin](const Piece &piece) { return *begin < piece; });
            const std::span alike(begin, end);
            if (alike.size() == 1 || begin->size < PieceSize) {
                give(alike);
            } else if (from < MostInPieces) {
                rank(alike, from + PieceSize);
            } else {
                rankWhole(alike);
            }
            begin = end;
        }
    }

    void fill(Piece &piece, qsizetype from) const
    {
        const QByteArray &text = m_texts[piece.text];
        std::array<char, PieceSize> octets{};
        const auto size = std::clamp<qsizetype>(text.size() - from, 0, PieceSize);
        std::copy_n(text.begin() + std::min(from, text.size()), size, octets.begin());
        piece.octets = qFromBigEndian<quint64>(octets.data());
        piece.size = static_cast<quint8>(size);
    }

    void rankWhole(std::span<Piece> pieces)
    {
        const auto less = [this](const Piece &a, const Piece &b) {
            m_turns.step();
            return m_texts[a.text] < m_texts[b.text];
        };
        std::sort(pieces.begin(), pieces.end(), less);
        for (auto begin = pieces.begin(); begin != pieces.end();) {
            const auto end = std::find_if(
                begin, pieces.end(), [&](const Piece &piece) { return less(*begin, piece); });
            give({begin, end});
            begin = end;
        }
    }

    void give(std::span<const Piece> equals)
    {
        for (const Piece &piece : equals) {
            m_ranks[piece.text] = m_next;
        }
        ++m_next;
    }

    const QList<QByteArray> &m_texts;
    Turns &m_turns;
    QList<qint64> m_ranks;
    qint64 m_next = 0;
};

// Finds where texts go among ranked ones, all of them at once: of each, the half that it is in, and
// the half of that.
class Placing
{
public:
    Placing(const QList<qint64> &known, const QList<QByteArray> &added)
        : m_added(added)
    {
        const auto last = std::max_element(known.begin(), known.end());
        m_ofRank.resize(last == known.end() ? 0 : *last + 1);
        for (qsizetype i = 0; i < known.size(); ++i) {
            m_ofRank[known[i]] = i;
        }
        m_places.fill({0, m_ofRank.size(), false}, added.size());
    }

    Result<void> run(const KnownTexts &textsOf)
    {
        for (auto middles = this->middles(); !middles.isEmpty(); middles = this->middles()) {
            QList<qsizetype> at;
            for (const qsizetype rank : std::as_const(middles)) {
                at.append(m_ofRank[rank]);
            }
            const auto texts = textsOf(at);
            if (!texts) {
                return texts.error();
            }
            for (qsizetype i = 0; i < m_places.size(); ++i) {
                if (Place &place = m_places[i]; place.isOpen()) {
                    const auto asked =
                        std::lower_bound(middles.begin(), middles.end(), place.middle());
                    place.narrow(m_added[i], texts->at(asked - middles.begin()));
                }
            }
        }
        return {};
    }

    Ranks ranks(const QList<qint64> &known) const
    {
        QList<qsizetype> order; // of those that are like no other, by text
        for (qsizetype i = 0; i < m_places.size(); ++i) {
            if (!m_places[i].isKnown) {
                order.append(i);
            }
        }
        std::sort(order.begin(), order.end(), [this](qsizetype a, qsizetype b) {
            return m_added[a] < m_added[b];
        });
        Ranks ranks{known, QList<qint64>(m_added.size())};
        QList<qint64> before; // for each different one, the rank that it comes before
        for (qsizetype i = 0; i < order.size(); ++i) {
            if (i == 0 || m_added[order[i]] != m_added[order[i - 1]]) {
                before.append(m_places[order[i]].begin);
            }
            ranks.added[order[i]] = before.last() + before.size() - 1;
        }
        const auto moved = [&before](qint64 rank) {
            return rank + (std::upper_bound(before.begin(), before.end(), rank) - before.begin());
        };
        for (qint64 &rank : ranks.known) {
            rank = moved(rank);
        }
        for (qsizetype i = 0; i < m_places.size(); ++i) {
            if (m_places[i].isKnown) {
                ranks.added[i] = moved(m_places[i].begin);
            }
        }
        return ranks;
    }

private:
    struct Place {
        qint64 begin = 0; // the text goes before the rank `end`, and not before `begin`
        qint64 end = 0;
        bool isKnown = false; // it is that of the rank `begin`

        bool isOpen() const { return !isKnown && begin < end; }
        qint64 middle() const { return begin + (end - begin) / 2; }
        void narrow(const QByteArray &text, const QByteArray &middleText)
        {
            if (text == middleText) {
                begin = middle();
                isKnown = true;
            } else if (text < middleText) {
                end = middle();
            } else {
                begin = middle() + 1;
            }
        }
    };

    QList<qint64> middles() const // ascending, each once
    {
        QList<qint64> ranks;
        for (const Place &place : m_places) {
            if (place.isOpen()) {
                ranks.append(place.middle());
            }
        }
        std::sort(ranks.begin(), ranks.end());
        ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
        return ranks;
    }

    const QList<QByteArray> &m_added;
    QList<qsizetype> m_ofRank; // by rank, one of those that have it
    QList<Place> m_places; // of the added
};

} // namespace

QList<qint64> ranksOf(const QList<QByteArray> &texts, Turns turns)
{
    return Ranking(texts, turns).run();
}

Result<Ranks>
ranksAmong(const QList<qint64> &known, const QList<QByteArray> &added, const KnownTexts &textsOf)
{
    Placing placing(known, added);
    const auto placed = placing.run(textsOf);
    return placed ? Result(placing.ranks(known)) : placed.error();
}

} // namespace Postnook
