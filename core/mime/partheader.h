#pragma once

#include "core/mime/parameters.h"
#include "core/mime/parttree.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

namespace Postnook::Mime
{

// What the header of a MIME entity says of its body, for BODYSTRUCTURE (RFC 9051 7.5.2): strings
// as sent, comments removed. A null string stands for NIL.
struct PartHeader {
    QByteArray type = QByteArrayLiteral("text");
    QByteArray subtype = QByteArrayLiteral("plain");
    Parameters parameters;
    QByteArray id;
    QByteArray description;
    QByteArray encoding = QByteArrayLiteral("7bit");
    QByteArray md5;
    QByteArray disposition;
    Parameters dispositionParameters;
    QByteArrayList languages;
    QByteArray location;
    bool hasOwnCharset = false; // one of `parameters`, and not by default

    QByteArray mediaType() const { return (type + '/' + subtype).toLower(); }
    Part::Type partType() const;
    // What these three give is decoded (RFC 2231): extended values first.
    QByteArray charset() const; // empty when the header names none
    // The attachment's name: from the disposition, else from the type.
    QByteArray attachmentName() const;
    // RFC 2046 5.1.1: without the blanks at its end; empty when there is none that can be used.
    QByteArray boundary() const;
    // Makes it what cannot be looked into.
    void setOpaque();
};

// Whether these unfolded values say something (RFC 2045 5.1, 6.1).
bool isReadableContentType(const QByteArray &value);
bool isReadableTransferEncoding(const QByteArray &value);

// A boundary longer than a line may be (RFC 5322 2.1.1) separates nothing.
constexpr qsizetype MaxBoundaryBytes = 998;

// Of fields that come twice, the first counts that says something: of Content-Type and
// Content-Transfer-Encoding the first that can be read, of others the first that is not empty.
// RFC 2045 5.2: without a Content-Type, or with one that cannot be read, it is text/plain in
// us-ascii; in a multipart/digest, one without it is message/rfc822 (RFC 2046 5.1.5).
PartHeader parsePartHeader(QByteArrayView header, bool inDigest);

} // namespace Postnook::Mime
