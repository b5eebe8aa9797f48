#include "core/mime/basesubject.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagetext.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"

namespace Postnook::Fuzz
{

using namespace Postnook::Mime;

// RFC 5256 2.1: what is left has nothing more to take away, and is part of what was there.
void checkBaseSubject(QByteArrayView data)
{
    constexpr QByteArrayView Mark = "\xef\xbb\xbf"; // at a start, decoding leaves it out
    const auto value = unfolded(data);
    const auto subject = baseSubject(value);
    PROPERTY(isValidUtf8(subject.text));
    PROPERTY(!subject.text.startsWith(' ') && !subject.text.endsWith(' '));
    PROPERTY(!subject.text.contains('\r') && !subject.text.contains('\t'));
    PROPERTY(subject.text.size() <= decodeHeaderText(value).toUtf8().size());
    PROPERTY(baseSubject(value) == subject);
    if (!subject.text.contains("=?") && !subject.text.startsWith(Mark)) {
        PROPERTY2(baseSubject(subject.text).text == subject.text, subject.text);
    }
    if (!value.startsWith(Mark)) { // an answer to it is in the same thread
        const auto answer = baseSubject("Re: " + value);
        PROPERTY2(answer.isReplyOrForward && answer.text == subject.text, answer.text);
    }
}

} // namespace Postnook::Fuzz
