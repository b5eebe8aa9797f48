#pragma once

#include "app/import/mailsource.h"
#include "app/import/messagenotes.h"
#include "app/import/sourcefinder.h"

#include <QStringList>

namespace Postnook
{

// The name of a message in a Maildir: a unique base, and behind ":2," letters for its flags.
struct MaildirName {
    QString base; // the same whatever becomes of the flags
    MessageFlags flags;
    QString keywordLetters; // 'a' to 'z', which the folder's list of keywords explains
    std::optional<qint64> deliveredUtc; // the seconds that most bases begin with

    // Takes ";" and "!" for ":" too: file systems of Windows cannot hold that.
    static MaildirName parse(const QString &fileName);
};

// What the letters 'a' to 'z' of a Maildir folder stand for, as Dovecot writes it into the file
// dovecot-keywords: a line for each, "0 $Forwarded" for 'a'.
class MaildirKeywords
{
public:
    static constexpr auto FileName = "dovecot-keywords";
    static constexpr auto MaxCount = 26;

    static MaildirKeywords readFrom(const QString &folder);
    QByteArray keywordFor(QChar letter) const; // empty: none is known
    bool contains(const QByteArray &keyword) const { return m_keywords.contains(keyword); }

private:
    QByteArrayList m_keywords; // by letter
};

// The messages of one Maildir folder, those of cur/ and new/ in the order they were delivered.
class MaildirSource : public MailSource
{
public:
    MaildirSource(QString folder, MailboxName mailbox, const ImportLimits &limits);

    std::optional<ImportItem> next() override;
    qint64 bytesRead() const override { return m_bytesRead; }

private:
    struct Entry {
        QString path; // below the folder: "cur/…"
        MaildirName name;
    };

    QList<Entry> list() const;
    // Another program moves messages from new/ to cur/ and gives them flags while we read.
    bool findAgain(Entry *entry) const;
    MessageFlags flagsOf(const MaildirName &name, const std::optional<MessageNote> &note) const;

    const QString m_folder;
    const QString m_canonical;
    const MailboxName m_mailbox;
    const ImportLimits m_limits;
    const MessageNotes m_notes;
    const MaildirKeywords m_keywords;
    QList<Entry> m_entries;
    qsizetype m_index = 0;
    qint64 m_bytesRead = 0;
};

// A row of sourceFormats(). Folders below are the mailboxes below, both as ".A.B" beside cur/ and
// as folders within folders; what other programs keep there is skipped.
bool isMaildir(const QFileInfo &folder);
void findMaildir(SourceFinder &finder, const SourceFinder::Place &place);

} // namespace Postnook
