#pragma once

#include "core/mime/parttree.h"
#include "core/wire/partialrange.h"
#include "core/wire/tokencursor.h"
#include "storage/store.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace Postnook
{

// One thing FETCH is asked for (RFC 3501 6.4.5, RFC 9051 6.4.5).
struct FetchItem {
    enum class Kind {
        MessageUid, // UID
        Flags,
        InternalDate,
        SaveDate, // RFC 8514
        Size, // RFC822.SIZE
        Envelope,
        Body, // BODY without extension data
        BodyStructure,
        Section, // BODY[…], RFC822, RFC822.HEADER, RFC822.TEXT
        Binary, // BINARY[…]: RFC 3516
        BinarySize, // BINARY.SIZE[…]
        Preview, // RFC 8970
        LazyPreview, // PREVIEW (LAZY)
        MessageModSeq, // MODSEQ: RFC 7162
        EmailId, // RFC 8474
        ThreadObject, // THREADID
    };
    struct Partial {
        quint64 offset = 0;
        quint64 size = 0; // at least 1

        friend bool operator==(const Partial &, const Partial &) = default;
    };

    Kind kind = Kind::MessageUid;
    QByteArray label; // how the response names it: "BODY[1.MIME]<0>", "RFC822.TEXT"
    Mime::Section section;
    std::optional<Partial> partial;
    bool setsSeen = false;

    friend bool operator==(const FetchItem &, const FetchItem &) = default;
};

// fetch-att, a macro, or a list; unknown items fail the cursor. Items asked twice come once.
QList<FetchItem> parseFetchItems(TokenCursor &cursor);

// What may stand behind the items (RFC 4466 2.4, RFC 7162 3.1.4.1, 3.2.6, RFC 9394 3.3).
struct FetchModifiers {
    std::optional<ModSeq> changedSince;
    bool vanished = false;
    std::optional<PartialRange> partial;
};
FetchModifiers parseFetchModifiers(TokenCursor &cursor);
// mod-sequence-valzer (RFC 7162 7).
ModSeq parseModSeq(TokenCursor &cursor);

FetchItem flagsItem();
FetchItem modSeqItem();
FetchItem uidItem();

// What has to be read of each message for these items.
MessageColumns columnsFor(const QList<FetchItem> &items);

} // namespace Postnook
