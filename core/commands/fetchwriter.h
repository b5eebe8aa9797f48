#pragma once

#include "core/commands/fetchitems.h"
#include "core/commands/sectiondata.h"
#include "core/mime/messagescanner.h"
#include "core/session/selectedview.h"
#include "storage/store.h"

#include <QByteArray>
#include <QList>

namespace Postnook
{

// Everything a FETCH job has to know; plain values, shared by all jobs of one command.
struct FetchPlan {
    MailboxId mailbox;
    QList<Uid> viewUids; // the client's numbering; shared with the view
    QList<IndexSpan> spans; // what was asked for, ascending
    QList<FetchItem> items;
    UidRanges recent;
    // Messages another session has expunged can be read until this client is told.
    bool includeExpunged = true;
    Mime::ImapVersion version = Mime::ImapVersion::Rev1;
    bool isUidOnly = false; // UIDFETCH instead of FETCH (RFC 9586)
};

// Where the next job goes on.
struct FetchPosition {
    qsizetype span = 0; // index in FetchPlan::spans
    qsizetype index = -1; // index in viewUids of the next message; -1: the span's first
    qsizetype item = 0; // items before it are written; above 0 only inside a message
    bool hasHead = false; // that item's name and literal header are written
    quint64 sent = 0; // and so many octets of its literal
    std::optional<Decoding> decoding = {}; // the rest of its literal, where it has to be decoded
    bool hasItems = false; // something of the message is written
};

struct FetchChunk {
    QByteArray bytes;
    FetchPosition next;
    bool isLast = false;
    // All keywords the mailbox had when the flags in `bytes` were read; empty where none were.
    QByteArrayList keywords;
    ModSeq newest; // of the messages in `bytes`
    bool hasUndecodable = false; // BINARY of a part in an unknown encoding (RFC 3516)
};

// Writes FETCH responses from `position` on, about 256 KiB of them, bodies piece by piece, or fewer
// where these take much reading: the memory and the thread taken do not depend on what is asked
// for. Pool thread. An error (Corrupt, Unavailable)
// that strikes inside a message leaves its response incomplete: `isInsideMessage()` tells.
Result<FetchChunk>
writeFetchChunk(ReadTxn &txn, const FetchPlan &plan, const FetchPosition &position);
bool isInsideMessage(const FetchPosition &position);

} // namespace Postnook
