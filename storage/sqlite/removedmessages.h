#pragma once

#include "storage/store.h"

namespace Postnook::Sqlite
{

class MailReader;

// ReadTxn::removedMessages().
Result<QList<RemovedMessage>> readRemovedMessages(MailReader &reader, const RemovedQuery &query);

} // namespace Postnook::Sqlite
