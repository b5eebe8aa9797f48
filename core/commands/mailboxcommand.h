#pragma once

#include "core/session/command.h"
#include "storage/types.h"

namespace Postnook
{

enum class MailboxVerb { Delete, Rename, Subscribe, Unsubscribe };

// DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 6.3.5 to 6.3.8): one or two names, one write.
class MailboxCommand : public Command
{
    Q_OBJECT

public:
    MailboxCommand(Session &session, MailboxVerb verb)
        : Command(session)
        , m_verb(verb)
    {
    }
    void start(TokenCursor &arguments) override;

private:
    MailboxVerb m_verb;
};

} // namespace Postnook
