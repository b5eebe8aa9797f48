#include "core/session/command.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

Status Command::refusalOf(const CommandFramer::Literal &literal) const
{
    Q_UNUSED(literal)
    return Status::bad("The literal is too large", "LIMIT");
}

MailStore &Command::store()
{
    return m_session.account()->store();
}

Account &Command::account()
{
    return *m_session.account();
}

SelectedView &Command::view()
{
    return *m_session.view();
}

const ImapOptions &Command::options() const
{
    return m_session.options();
}

void Command::finish(const Status &status, std::function<void()> after)
{
    m_session.finishCommand(*this, status, std::move(after));
}

bool Command::failedToParse(const TokenCursor &cursor)
{
    if (!cursor.hasFailed()) {
        return false;
    }
    const auto &refusal = cursor.refusal();
    finish(refusal ? statusFor(*refusal) : Status::bad(cursor.fault()));
    return true;
}

std::optional<QList<IndexSpan>> Command::resolve(const SequenceSet &set, bool byUid)
{
    const auto spans = view().resolve(set, byUid);
    if (!spans) {
        finish(Status::bad(spans.error().text.toLatin1()));
        return std::nullopt;
    }
    return *spans;
}

} // namespace Postnook
