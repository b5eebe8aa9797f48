#include "synchistory.h"

#include <QRandomGenerator>

#include <algorithm>

namespace Postnook
{

namespace
{

using Kind = SyncStep::Kind;

struct Weight {
    Kind kind;
    int weight;
};

constexpr Weight Weights[] = {
    {Kind::Synchronise, 20}, {Kind::Drop, 7},   {Kind::Close, 1},   {Kind::Unselect, 1},
    {Kind::Append, 12},      {Kind::Store, 20}, {Kind::Expunge, 7}, {Kind::UidExpunge, 4},
    {Kind::Copy, 3},         {Kind::Move, 7},   {Kind::Create, 1},  {Kind::Rename, 2},
    {Kind::Idle, 5},         {Kind::Noop, 5},   {Kind::Fetch, 8},   {Kind::Search, 3},
    {Kind::Turn, 8},         {Kind::Settle, 4}, {Kind::Compare, 4}, {Kind::Restart, 1},
    {Kind::Clean, 2},
};

Kind randomKind(QRandomGenerator &random)
{
    int all = 0;
    for (const Weight &weight : Weights) {
        all += weight.weight;
    }
    int at = random.bounded(all);
    for (const Weight &weight : Weights) {
        at -= weight.weight;
        if (at < 0) {
            return weight.kind;
        }
    }
    return Kind::Noop;
}

} // namespace

SyncHistory randomSyncHistory(quint32 seed)
{
    QRandomGenerator random(seed);
    SyncHistory history;
    const int clients = 3 + random.bounded(2);
    history.clients.append(SyncMode::QResync);
    while (history.clients.size() < clients) {
        history.clients.append(static_cast<SyncMode>(random.bounded(3)));
    }
    history.steps.append({.kind = Kind::Synchronise, .client = 0, .waits = true});
    history.steps.append({.kind = Kind::Create, .client = 0, .waits = true, .a = 0});
    const int steps = 30 + random.bounded(60);
    const int patience = 1 + random.bounded(6); // 1: one thing at a time
    for (int i = 0; i < steps; ++i) {
        SyncStep step;
        // In the beginning there is mail to come.
        step.kind = i < 6 ? Kind::Append : randomKind(random);
        step.client = i < 6 ? 0 : random.bounded(clients);
        step.waits = random.bounded(patience) == 0;
        step.a = i < 6 ? random.bounded(10U) : random.generate();
        step.b = random.generate();
        step.c = random.generate();
        history.steps.append(step);
    }
    return history;
}

SyncHistory shrinkSyncHistory(SyncHistory history,
                              const std::function<bool(const SyncHistory &)> &fails)
{
    for (qsizetype chunk = history.steps.size() / 2; chunk > 0; chunk /= 2) {
        for (qsizetype from = 0; from < history.steps.size();) {
            SyncHistory shorter = history;
            shorter.steps.remove(from, std::min(chunk, shorter.steps.size() - from));
            if (fails(shorter)) {
                history = shorter;
            } else {
                from += chunk;
            }
        }
    }
    return history;
}

} // namespace Postnook
