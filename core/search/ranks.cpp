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
    explicit Ranking(const QList<QByteArray> &texts)
        : m_texts(texts)
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
        }
        std::sort(pieces.begin(), pieces.end());
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
    QList<qint64> m_ranks;
    qint64 m_next = 0;
};

} // namespace

QList<qint64> ranksOf(const QList<QByteArray> &texts)
{
    return Ranking(texts).run();
}

} // namespace Postnook
