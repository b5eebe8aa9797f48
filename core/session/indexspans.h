#pragma once

#include "storage/types.h"

#include <QList>

namespace Postnook
{

// A run of positions in a view: first and last index, both included, counted from 0. Lists of them
// are ascending and disjoint.
struct IndexSpan {
    qsizetype first = 0;
    qsizetype last = 0;

    friend bool operator==(const IndexSpan &, const IndexSpan &) = default;
};

// The positions of UIDs among those of a view; both ascending. Others are passed over.
QList<IndexSpan> spansOf(const QList<Uid> &uids, const QList<Uid> &viewUids);
// How many positions they name.
qsizetype countOf(const QList<IndexSpan> &spans);
// `size` of those positions, without the first `begin`.
QList<IndexSpan> mid(const QList<IndexSpan> &spans, qsizetype begin, qsizetype size);
QList<IndexSpan> common(const QList<IndexSpan> &a, const QList<IndexSpan> &b);
QList<IndexSpan> without(const QList<IndexSpan> &a, const QList<IndexSpan> &b);
// As message numbers: "1:3,7".
QByteArray formatNumbers(const QList<IndexSpan> &spans);

} // namespace Postnook
