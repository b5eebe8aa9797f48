#pragma once

#include "storage/sqlite/database.h"

#include <QStringList>

#include <functional>

namespace Postnook::Sqlite
{

// What is wrong with a mail database, in words for people: its pages and indexes, what rows say of
// each other, the counters of its mailboxes. A hundred lines are enough to know. Reads everything
// but the contents of large messages; `pause` is called now and then. Pool thread.
Result<QStringList> findFaults(Database &database, const std::function<void()> &pause);

} // namespace Postnook::Sqlite
