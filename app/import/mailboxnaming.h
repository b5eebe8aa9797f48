#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace Postnook
{

// Which mailbox a file or folder goes to. A character that no mailbox name may hold (a control
// character, '%', '*', and '/' within a level) becomes '_', and so does an empty level.
class MailboxNaming
{
public:
    // Without a root: INBOX for what has no level of its own.
    MailboxNaming() = default;
    // Invalid, in words for people, when the name is no mailbox name as it stands.
    static Result<MailboxNaming> below(const QString &root);

    bool hasRoot() const { return m_root.has_value(); }
    // Invalid when the whole becomes too long or too deep.
    Result<MailboxName> nameFor(const QStringList &levels) const;

private:
    std::optional<MailboxName> m_root;
};

// A level of a name as Maildir writes it, in modified UTF-7; as it stands where it is none.
QString levelFromUtf7(const QString &text);

} // namespace Postnook
