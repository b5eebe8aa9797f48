#pragma once

#include "core/session/command.h"
#include "storage/types.h"

#include <memory>

namespace Postnook
{

class MailboxHub;
enum class SelectMode { ReadWrite, ReadOnly };

class SelectCommand : public Command // SELECT, EXAMINE: RFC 9051 6.3.2, 6.3.3; RFC 3501 6.3.1
{
    Q_OBJECT

public:
    SelectCommand(Session &session, SelectMode mode)
        : Command(session)
        , m_mode(mode)
    {
    }
    void start(TokenCursor &arguments) override;

private:
    void onFound(const MailboxInfo &mailbox, std::optional<Uid> firstUnseen);
    void open(std::optional<Uid> firstUnseen);
    UidRanges claimRecent(const MailboxInfo &mailbox);

    SelectMode m_mode;
    std::shared_ptr<MailboxHub> m_hub;
};

} // namespace Postnook
