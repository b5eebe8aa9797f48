#pragma once

#include "core/commands/listwriter.h"
#include "core/session/command.h"

namespace Postnook
{

// LIST (RFC 3501 6.3.8) with its extensions: selection and return options, several patterns
// (RFC 5258), SPECIAL-USE (RFC 6154), STATUS (RFC 5819), METADATA (RFC 9590). The answer comes a
// chunk at a time, no faster than the client takes it.
class ListCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
    void resume() override;

protected:
    // Tells what the request asks for.
    void list(ListRequest request);

private:
    void next();
    void onChunk(const Result<ListChunk> &chunk);
    void readSelection(TokenCursor &arguments);
    void readPatterns(TokenCursor &arguments);
    void readReturn(TokenCursor &arguments);
    void readReturnOption(TokenCursor &arguments);

    ListRequest m_request;
    std::shared_ptr<const ListPlan> m_plan; // once the first chunk has come
    ListPosition m_position;
    bool m_isReading = false;
};

class LsubCommand : public ListCommand // RFC 3501 6.3.9
{
    Q_OBJECT

public:
    using ListCommand::ListCommand;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
