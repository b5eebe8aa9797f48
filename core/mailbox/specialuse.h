#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook
{

// "\Sent" (RFC 6154, RFC 8457); "" for None.
QByteArray specialUseAttribute(SpecialUse use);
// The attribute may be in any case.
std::optional<SpecialUse> specialUseNamed(QByteArrayView attribute);

// Whether a mailbox here can be given the use: \All and \Flagged stand for mailboxes that show what
// is in others, which this server has none of.
bool isAssignable(SpecialUse use);

// The use that clients in many languages mean by this name ("Deleted Items", "Entwürfe"), at the
// top, below INBOX or below the folder that holds Gmail's own; None for any other name.
SpecialUse specialUseOfName(const MailboxName &name);

} // namespace Postnook
