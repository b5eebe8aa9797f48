#pragma once

#include "core/commands/fetchstream.h"
#include "core/commands/qresyncparameter.h"
#include "core/mailbox/resync.h"
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
    void resume() override;

    struct Found {
        MailboxInfo mailbox;
        std::optional<Uid> firstUnseen;
        QByteArray listLine; // the LIST response that IMAP4rev2 wants
    };

private:
    void readParameters(TokenCursor &arguments);
    void onFound(const Found &found);
    void open(const Found &found);
    void resync();
    void onResynced(const Result<Resync> &resync);
    void finishSelected();
    void failSelected(const Error &error);
    std::optional<UidRanges> claimRecent(const MailboxInfo &mailbox);

    SelectMode m_mode;
    bool m_wantsModSeq = false; // CONDSTORE
    std::optional<QResyncParameter> m_qresync;
    std::shared_ptr<MailboxHub> m_hub;
    std::unique_ptr<FetchStream> m_stream; // of what changed (RFC 7162)
};

} // namespace Postnook
