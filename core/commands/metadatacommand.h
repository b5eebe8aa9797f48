#pragma once

#include "core/commands/metadatarequest.h"
#include "core/session/command.h"

#include <memory>

namespace Postnook
{

// GETMETADATA (RFC 5464 4.2). Which entries are answered is decided once; their values come a chunk
// at a time, no faster than the client takes them.
class GetMetadataCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
    void resume() override;

private:
    struct Plan {
        MailboxInfo owner;
        MetadataAnswer answer;
    };
    struct Chunk {
        std::shared_ptr<const Plan> plan;
        QByteArray bytes;
        qsizetype next = 0; // of the plan's entries
    };

    static Result<Chunk> read(ReadTxn &txn,
                              const GetMetadataRequest &request,
                              std::shared_ptr<const Plan> plan,
                              qsizetype from);
    void next();
    void onChunk(const Result<Chunk> &chunk);

    GetMetadataRequest m_request;
    std::shared_ptr<const Plan> m_plan; // once the first chunk has come
    qsizetype m_next = 0;
    bool m_isReading = false;
};

class SetMetadataCommand : public Command // RFC 5464 4.3
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
    Status refusalOf(const CommandFramer::Literal &literal) const override;
};

} // namespace Postnook
