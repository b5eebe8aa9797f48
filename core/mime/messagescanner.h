#pragma once

#include "core/mime/parttree.h"
#include "storage/types.h"

#include <QByteArrayView>

#include <memory>

namespace Postnook::Mime
{

// Bumped whenever a stored envelope, structure or part tree would come out different.
constexpr quint16 ScannerVersion = 2;
constexpr quint16 FirstVersionWithPreview = 2; // and with base subject and sent date

// Limits past which the scanner still gives a usable answer: the rest becomes one leaf.
constexpr auto MaxDepth = 100;
constexpr auto MaxParts = 10'000;
constexpr auto MaxHeaderBytes = 10 * 1024 * 1024; // of one header, for parsing; BODY[] is never cut

// One pass over the bytes of a message as they come, cut anywhere: the result does not depend on
// the cuts. Keeps offsets, header fields it needs, and of the bodies only what the preview is made
// of (MaxPreviewParts). RFC 5322, RFC 2045, RFC 2046, RFC 6532. One thread at a time, any thread.
class MessageScanner
{
public:
    MessageScanner();
    ~MessageScanner();
    MessageScanner(MessageScanner &&) noexcept;
    MessageScanner &operator=(MessageScanner &&) noexcept;

    void feed(QByteArrayView chunk);
    // Call once. Never fails: every byte string is a message.
    MessageMeta finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// All at once.
MessageMeta scanMessage(QByteArrayView message);

enum class ImapVersion { Rev1, Rev2 };

// What a client gets of a stored BODYSTRUCTURE; pure text work.
// In IMAP4rev1 only message/rfc822 shows the message in it: message/global is a part like others
// (RFC 3501 section 9, body-type-basic), and clients read what would stand there as extension data.
// In IMAP4rev2 extended parameters ("filename*") have their values in UTF-8 (RFC 9051 7.5.2).
QByteArray bodyStructureFor(ImapVersion version, const QByteArray &bodyStructure);
// BODY: the same without the extension data (RFC 9051 7.5.2).
QByteArray bodyFor(ImapVersion version, QByteArrayView bodyStructure);

} // namespace Postnook::Mime
