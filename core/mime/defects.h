#pragma once

#include "core/mime/parttree.h"

#include <QByteArrayView>
#include <QList>
#include <QString>

namespace Postnook::Mime
{

enum class DefectKind : quint8 {
    // lines of the whole message
    LineFeedOnly,
    BareCarriageReturn,
    Nul,
    LongLine,
    NoLastLineEnd,
    // headers
    NoField,
    MboxLine,
    BlankBeforeColon,
    NoEmptyLine,
    HeaderTooLong,
    EightBitHeader,
    RepeatedField,
    MissingField,
    UnreadableDate,
    NoAddress,
    TooManyAddresses,
    BadEncodedWord,
    UnknownWordCharset,
    BadMessageId,
    // what a header says of its body
    NoMimeVersion,
    UnreadableType,
    UnreadableEncoding,
    UnknownEncoding,
    ForbiddenEncoding,
    EncodedName,
    BoundaryMissing,
    BoundaryTooLong,
    BoundaryNeverThere,
    BoundaryNotClosed,
    BoundaryLookalike,
    TooDeep,
    TooManyParts,
    // bodies
    Base64Foreign,
    Base64Cut,
    StrayEquals,
    LongEncodedLine,
    EightBitBody,
    UnknownCharset,
    InvalidText,
    OtherCharset,
};

// What is wrong with a message, for the person who wants to know why it looks as it does.
struct Defect {
    DefectKind kind = DefectKind::NoField;
    qsizetype part = -1; // index in PartTree::parts(); -1: the lines of the whole message
    quint64 offset = 0; // of the first
    quint64 count = 1; // how many of them there are ...
    bool inLaterParts = false; // ... if not all in `part`
    QString text; // what is wrong, by which RFC, and what comes of it; holds words of the message
};

// Of one kind so many are told apart; further ones are counted with the last of these.
constexpr qsizetype MaxDefectsOfOneKind = 10;

// All defects of a message, by offset. `tree` is what the scanner made of these very bytes. Pure;
// linear in the size of the message; what it gives is bounded.
QList<Defect> findDefects(QByteArrayView message, const PartTree &tree);

} // namespace Postnook::Mime
