#pragma once

#include "app/export/emlwriter.h"

namespace Postnook
{

// A Maildir: the messages in cur/, octet for octet, with flags in their names and the internal date
// as the files' time. Up to 26 keywords have a letter, as Dovecot gives them; the notes hold all.
class MaildirWriter : public EmlWriter
{
public:
    MaildirWriter(const QString &folder, UidValidity uidValidity);

    Result<void> begin(const ExportedMessage &message) override;
    Result<void> finish() override;

protected:
    FileName nameFor(const ExportedMessage &message) override;

private:
    Result<void> makeFolders();
    QString lettersFor(const MessageFlags &flags);

    const UidValidity m_uidValidity;
    bool m_hasFolders = false;
    QChar m_mark = u':'; // before "2,"
    QByteArrayList m_keywords; // by letter
};

// The folders cur, new and tmp, where they are missing.
Result<void> makeMaildir(const QString &folder);

} // namespace Postnook
