#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace Postnook
{

// Which mailbox a file or folder goes to. "%2E" in the name of a file is '.' (what `postnook
// export` writes for characters that file names cannot hold everywhere). A character that no
// mailbox name may hold (a control character, '%', '*', and '/' within a level) becomes '_', and so
// does an empty level.
class MailboxNaming
{
public:
    // Without a root: INBOX for what has no level of its own.
    MailboxNaming() = default;
    // Invalid, in words for people, when the name is no mailbox name as it stands.
    static Result<MailboxNaming> below(const QString &root);

    // "Old=New": what would go to Old or below it goes to New or below that. The longest Old that
    // fits counts. Invalid, in words for people, when it is none.
    Result<void> addMap(const QString &rule);
    // The maps for which no mailbox was named so far, as they were added.
    QStringList unusedMaps() const;
    // What the account calls its mailboxes with a special use.
    void setSpecialMailboxes(const QMap<SpecialUse, MailboxName> &mailboxes)
    {
        m_specialMailboxes = mailboxes;
    }

    bool hasRoot() const { return m_root.has_value(); }
    // Invalid when the whole becomes too long or too deep.
    Result<MailboxName> nameFor(const QStringList &levels) const;
    // For the folders of mail programs: the same, but what a program calls "Sent Items" is the
    // account's own mailbox of that use. Below a root it stays what it is.
    Result<MailboxName> usualNameFor(const QStringList &levels) const;

private:
    struct Map {
        MailboxName from;
        MailboxName to;
        std::shared_ptr<bool> isUsed = std::make_shared<bool>(false); // by this naming or a copy
    };

    Result<MailboxName> plainName(const QStringList &levels) const;
    MailboxName withSpecialMailbox(const MailboxName &name) const;
    Result<MailboxName> mapped(const MailboxName &name) const;

    std::optional<MailboxName> m_root;
    QList<Map> m_maps;
    QMap<SpecialUse, MailboxName> m_specialMailboxes;
};

// A level of a name as Maildir writes it, in modified UTF-7; as it stands where it is none.
QString levelFromUtf7(const QString &text);

} // namespace Postnook
