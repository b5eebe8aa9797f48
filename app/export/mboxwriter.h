#pragma once

#include "app/export/exportfile.h"
#include "app/export/mailboxwriter.h"
#include "app/import/mboxexportnote.h"

#include <QByteArray>

namespace Postnook
{

// An mbox (RFC 4155, quoted as mboxrd) with a note on each message (mboxexportnote.h). Lines end in
// LF, as every program that reads such files expects; a message that has other line ends than CRLF
// is written as it is.
class MboxWriter : public MailboxWriter
{
public:
    explicit MboxWriter(QString path); // of the file

    Result<void> begin(const ExportedMessage &message) override;
    Result<void> add(QByteArrayView bytes) override;
    Result<MessageEnd> end() override;
    Result<void> discard() override;
    Result<void> finish() override;

private:
    Result<void> open();
    Result<void> writeCarried(bool isMessageEnd);
    void takePiece(QByteArrayView piece, bool hasFromLine, QByteArray *out);

    static constexpr qsizetype LongLineBytes = 65'536; // a longer line is written in pieces

    const QString m_path;
    ExportFile m_file;
    bool m_isOpen = false;
    qint64 m_start = 0; // of the message in the file
    qint64 m_textStart = 0; // behind the note
    MboxExportNote::Lines m_lines = MboxExportNote::Lines::Lf;
    bool m_mustBeExact = false;
    QByteArray m_carried; // of a line whose end has not come
    qsizetype m_enoughBytes = LongLineBytes; // carried, to be looked at without a line end
    bool m_isAtLineStart = true;
    char m_lastByte = '\n';
};

} // namespace Postnook
