#include "core/mime/messageids.h"

#include "core/mime/fieldcursor.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

bool isPrintable(char c)
{
    const auto code = static_cast<unsigned char>(c);
    return code > ' ' && code != 0x7f;
}

// id-left "@" id-right, neither of them empty.
bool isValid(QByteArrayView id)
{
    const auto at = id.lastIndexOf('@');
    return at > 0 && at + 1 < id.size() && id.size() <= MaxMessageIdBytes;
}

// The first that came, and the last.
class IdList
{
public:
    void add(const QByteArray &id)
    {
        if (m_first.isEmpty()) {
            m_first.append(id);
            return;
        }
        m_others.append(id);
        if (m_others.size() >= MaxReferences) {
            m_others.removeFirst();
        }
    }
    QByteArrayList ids() const { return m_first + m_others; }

private:
    QByteArrayList m_first;
    QByteArrayList m_others;
};

// At "(": behind its ")"; false, and nothing moved, when there is none. After one without an end no
// other is looked for: a header is full of them.
bool skipComment(FieldCursor &cursor, bool &isOpen)
{
    if (isOpen || !cursor.at('(')) {
        return false;
    }
    auto ahead = cursor;
    ahead.comment();
    isOpen = ahead.atEnd(); // no ">" behind it
    cursor = isOpen ? cursor : ahead;
    return !isOpen;
}

// Behind "<": up to ">", without white space, which folding brings into long ids. A "<" on the way
// begins anew. Empty when nothing closes it.
QByteArray bracketedId(FieldCursor &cursor, bool &hasOpenComment)
{
    QByteArray id;
    const auto append = [&id](char c) {
        if (isPrintable(c) && id.size() <= MaxMessageIdBytes) {
            id.append(c);
        }
    };
    while (!cursor.atEnd()) {
        if (cursor.accept('>')) {
            return id;
        }
        if (cursor.accept('<')) {
            id.clear();
        } else if (const auto quoted = cursor.at('"') ? cursor.quotedString() : std::nullopt) {
            std::for_each(quoted->begin(), quoted->end(), append);
        } else if (!skipComment(cursor, hasOpenComment)) {
            append(cursor.peek());
            cursor.advance();
        }
    }
    return {};
}

IdList bracketedIds(QByteArrayView value)
{
    IdList found;
    bool hasOpenComment = false;
    for (FieldCursor cursor(value); !cursor.atEnd();) {
        cursor.skipCfws();
        if (cursor.accept('<')) {
            const auto id = bracketedId(cursor, hasOpenComment);
            if (isValid(id)) {
                found.add(id);
            }
        } else if (!cursor.at('"') || !cursor.quotedString()) {
            cursor.advance();
        }
    }
    return found;
}

// "a@b c@d"; one word that is no id, and it is a sentence about a message.
IdList bareIds(QByteArrayView value)
{
    IdList found;
    for (FieldCursor cursor(value); !cursor.atEnd();) {
        if (cursor.skipBlanks() || cursor.accept(',')) {
            continue;
        }
        const auto word = cursor.run(",");
        if (!isValid(word)) {
            return {};
        }
        found.add(word.toByteArray());
    }
    return found;
}

} // namespace

QByteArrayList messageIds(QByteArrayView value)
{
    return bracketedIds(unfolded(value)).ids();
}

QByteArrayList messageIdsOrBare(QByteArrayView value)
{
    const auto text = unfolded(value);
    return (text.contains('<') ? bracketedIds(text) : bareIds(text)).ids();
}

void ThreadKeyReader::read(const HeaderField &field)
{
    struct Field {
        const char *name;
        std::optional<QByteArrayList> ThreadKeyReader::*ids;
        QByteArrayList (*read)(QByteArrayView value);
    };
    constexpr Field fields[] = {
        {"message-id", &ThreadKeyReader::m_messageId, messageIdsOrBare},
        {"in-reply-to", &ThreadKeyReader::m_inReplyTo, messageIds},
        {"references", &ThreadKeyReader::m_references, messageIdsOrBare},
    };
    for (const auto &[name, member, readIds] : fields) {
        auto &ids = this->*member;
        if (!ids && isSameName(field.name, name)) {
            ids = readIds(field.value);
        }
    }
}

QByteArrayList ThreadKeyReader::references() const
{
    if (m_references && !m_references->isEmpty()) {
        return *m_references;
    }
    return m_inReplyTo ? m_inReplyTo->mid(0, 1) : QByteArrayList();
}

} // namespace Postnook::Mime
