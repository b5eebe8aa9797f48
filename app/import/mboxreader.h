#pragma once

#include "app/import/mboxexportnote.h"
#include "app/import/mboxseparator.h"

#include <QByteArray>
#include <QFile>

#include <optional>

namespace Postnook
{

// Cuts an mbox into its messages, of whatever variant it is:
// - what `postnook export` wrote: its note is believed where it leads to the next separator or the
//   end, and the message is what it was before, octet for octet;
// - mboxcl, mboxcl2: Content-Length is believed where it leads to the next separator or the end;
// - mboxrd, mboxo: else a message goes on to the next separator, the empty line before that being
//   the format's; ">From " loses the '>' that was added when it was written;
// - lines that begin with "From " and are no plausible separator stay in the body.
// A message is in memory as a whole, but never more than the limit of it.
class MboxReader
{
public:
    struct Message {
        MboxSeparator separator;
        QByteArray bytes; // as in the file, without what the format added
        bool isTooLarge = false; // the bytes were passed over
        std::optional<MboxExportNote> note; // of our own export: the bytes are exact
        bool endsFile = false;
    };

    MboxReader(const QString &path, quint64 maxMessageBytes);

    // Nothing at the end, and after an error.
    std::optional<Message> next();
    // What went wrong, for people; empty: nothing.
    const QString &error() const { return m_error; }
    qint64 position() const { return m_file.pos(); }
    qint64 sizeAtStart() const { return m_sizeAtStart; }

private:
    bool findFirst();
    QByteArrayView readPiece();
    void readHeader(Message *message);
    bool readExported(Message *message);
    bool readCountedBody(Message *message);
    bool readCounted(qint64 length, Message *message, QByteArray *bytes);
    void readNextSeparator();
    void readBody(Message *message);
    bool atSeparator(QByteArrayView line, bool isBehindEmptyLine);
    bool leadsToSeparator(qint64 position);
    void add(Message *message, QByteArrayView bytes) const;

    QFile m_file;
    // A line at a time: a fresh array for each would be given back to the system each time.
    QByteArray m_piece;
    const quint64 m_maxMessageBytes;
    qint64 m_sizeAtStart = 0;
    std::optional<MboxSeparator> m_separator; // read, its message comes next
    MboxSeparator::Form m_formOfFirst = MboxSeparator::Form::Unknown;
    QString m_error;
};

} // namespace Postnook
