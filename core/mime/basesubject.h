#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook::Mime
{

// RFC 5256 2.1: what SORT and THREAD compare of a subject.
struct BaseSubject {
    QByteArray text; // UTF-8, case as it came; may be empty
    bool isReplyOrForward = false; // RFC 5256 page 7: one of the marks of either was removed

    friend bool operator==(const BaseSubject &, const BaseSubject &) = default;
};

// Of the unfolded, undecoded value of a Subject field. Linear in its size.
BaseSubject baseSubject(QByteArrayView unfoldedRawValue);

} // namespace Postnook::Mime
