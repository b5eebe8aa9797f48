#include "core/mime/basesubject.h"

#include "core/mime/headerfields.h"
#include "core/mime/messagetext.h"

#include <array>

namespace Postnook::Mime
{

namespace
{

// RFC 5256 2.1 (1)
QByteArray decoded(QByteArrayView value)
{
    const auto full = decodeHeaderText(value).toUtf8();
    QByteArray text;
    text.reserve(full.size());
    bool afterBlank = false;
    for (const char c : full) {
        const bool blank = isBlankOrLineEnd(c);
        if (!blank || !afterBlank) {
            text.append(blank ? ' ' : c);
        }
        afterBlank = blank;
    }
    return text;
}

bool startsWith(QByteArrayView text, QByteArrayView word)
{
    return text.size() >= word.size() && isSameName(text.first(word.size()), word);
}

QByteArrayView withoutBlanks(QByteArrayView text)
{
    while (text.startsWith(' ')) {
        text = text.sliced(1);
    }
    return text;
}

// Takes things off both ends of a subject, in the names of RFC 5256 5.
class SubjectTrimmer
{
public:
    explicit SubjectTrimmer(QByteArrayView subject)
        : m_text(subject)
    {
    }

    BaseSubject trim()
    {
        do {
            removeTrailers(); // (2)
            removeLeadersAndBlobs(); // (3) to (5)
        } while (removeForward()); // (6)
        return {m_text.toByteArray(), m_isReplyOrForward};
    }

private:
    static qsizetype blobSize(QByteArrayView text);
    static qsizetype refwdSize(QByteArrayView text);
    void removeTrailers();
    void removeLeadersAndBlobs();
    bool removeForward();

    QByteArrayView m_text;
    bool m_isReplyOrForward = false;
};

// subj-blob = "[" *BLOBCHAR "]" *WSP, at the start; 0: there is none.
qsizetype SubjectTrimmer::blobSize(QByteArrayView text)
{
    if (!text.startsWith('[')) {
        return 0;
    }
    qsizetype end = 1;
    while (end < text.size() && text[end] != '[' && text[end] != ']') {
        ++end;
    }
    if (end == text.size() || text[end] == '[') {
        return 0;
    }
    return text.size() - withoutBlanks(text.sliced(end + 1)).size();
}

// subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":", at the start; 0: there is none.
qsizetype SubjectTrimmer::refwdSize(QByteArrayView text)
{
    for (const QByteArrayView word : {"re", "fwd", "fw"}) {
        if (startsWith(text, word)) {
            auto rest = withoutBlanks(text.sliced(word.size()));
            rest = rest.sliced(blobSize(rest));
            if (rest.startsWith(':')) {
                return text.size() - rest.size() + 1;
            }
        }
    }
    return 0;
}

void SubjectTrimmer::removeTrailers()
{
    constexpr QByteArrayView Forward = "(fwd)";
    for (;;) {
        if (m_text.endsWith(' ')) {
            m_text.chop(1);
        } else if (m_text.size() >= Forward.size()
                   && isSameName(m_text.last(Forward.size()), Forward)) {
            m_text.chop(Forward.size());
            m_isReplyOrForward = true;
        } else {
            return;
        }
    }
}

// subj-leader = (*subj-blob subj-refwd) / WSP. A run of blobs is looked through once: either a
// subj-refwd follows and all of it is the leader, or none of its blobs begins one, and they go
// one by one as long as something is left.
void SubjectTrimmer::removeLeadersAndBlobs()
{
    for (;;) {
        m_text = withoutBlanks(m_text);
        auto rest = m_text;
        auto lastBlob = m_text;
        for (auto size = blobSize(rest); size > 0; size = blobSize(rest)) {
            lastBlob = rest;
            rest = rest.sliced(size);
        }
        const auto refwd = refwdSize(rest);
        if (refwd == 0) {
            m_text = rest.isEmpty() ? lastBlob : rest;
            return;
        }
        m_text = rest.sliced(refwd);
        m_isReplyOrForward = true;
    }
}

bool SubjectTrimmer::removeForward()
{
    constexpr QByteArrayView Header = "[fwd:";
    if (!startsWith(m_text, Header) || !m_text.endsWith(']')) {
        return false;
    }
    m_text = m_text.sliced(Header.size()).chopped(1);
    m_isReplyOrForward = true;
    return true;
}

} // namespace

BaseSubject baseSubject(QByteArrayView unfoldedRawValue)
{
    const auto text = decoded(unfoldedRawValue);
    return SubjectTrimmer(text).trim();
}

} // namespace Postnook::Mime
