#pragma once

#include "core/commands/criteriacommand.h"
#include "core/session/mailboxfilter.h"

namespace Postnook
{

// ESEARCH (RFC 7377): the search of any mailboxes, one after the other, each in a job of its own
// and no faster than the client takes the answers. The selected one is searched as its client
// knows it, the others as they are; nothing is \Recent in them, and "$" is nothing.
class MultiSearchCommand : public CriteriaCommand
{
    Q_OBJECT

public:
    using CriteriaCommand::CriteriaCommand;
    void start(TokenCursor &arguments) override;
    void resume() override;
    std::optional<CommandProgress> progress() const override;

private:
    void readSources(TokenCursor &arguments);
    void checkSources(TokenCursor &arguments);
    void search(const SearchProgram &program) override;
    bool isSelected(MailboxId mailbox);
    void next();
    void onFound(const Result<SearchFound> &found);
    void finishAll();

    QList<MailboxFilter> m_sources;
    SearchRequest m_request; // of any mailbox; the scope is what they have in common
    QList<MailboxId> m_mailboxes; // by name
    qsizetype m_next = 0; // of them
    bool m_waitsForJob = true;
};

} // namespace Postnook
