#include "core/commands/notifyparser.h"

#include "core/commands/mailboxfilterparser.h"

namespace Postnook
{

namespace
{

struct EventName {
    const char *name;
    NotifyEvent event;
};
constexpr EventName EventNames[] = {
    {"MessageNew", NotifyEvent::MessageNew},
    {"MessageExpunge", NotifyEvent::MessageExpunge},
    {"FlagChange", NotifyEvent::FlagChange},
    {"MailboxName", NotifyEvent::MailboxName},
    {"SubscriptionChange", NotifyEvent::SubscriptionChange},
    {"MailboxMetadataChange", NotifyEvent::MailboxMetadataChange},
    {"ServerMetadataChange", NotifyEvent::ServerMetadataChange},
};

// Reads one event group and looks after what may stand together.
class GroupReader
{
public:
    explicit GroupReader(TokenCursor &cursor)
        : m_cursor(cursor)
    {
    }

    NotifyGroup read()
    {
        m_cursor.enterList();
        m_group.mailboxes = parseMailboxFilter(m_cursor, FilterUse::Notify);
        m_cursor.expectSpace();
        if (!m_cursor.tryWord("NONE")) {
            m_cursor.enterList();
            do {
                readEvent();
            } while (!m_cursor.hasFailed() && m_cursor.trySpace());
            m_cursor.leaveList();
        }
        m_cursor.leaveList();
        checkEvents();
        return m_group;
    }
    bool hasUnsupported() const { return m_hasUnsupported; }

private:
    void readEvent()
    {
        for (const EventName &entry : EventNames) {
            if (m_cursor.tryWord(entry.name)) {
                m_group.events |= entry.event;
                if (entry.event == NotifyEvent::MessageNew) {
                    readNewItems();
                }
                return;
            }
        }
        // "AnnotationChange" is a message event, and those of later extensions may be any.
        if (m_cursor.tryWord("AnnotationChange")) {
            m_changesAnnotations = true;
        } else {
            (void)m_cursor.atom();
        }
        m_hasUnsupported = true;
    }

    void readNewItems()
    {
        auto ahead = m_cursor;
        if (!ahead.trySpace() || ahead.peek() != std::optional<char>('(')) {
            return;
        }
        m_cursor.expectSpace();
        m_group.newItems = parseFetchItems(m_cursor);
        if (!m_group.isForSelected()) {
            m_cursor.fail("FETCH items are for the selected mailbox");
        }
    }

    void checkEvents()
    {
        const bool hasNew = m_group.events.testFlag(NotifyEvent::MessageNew);
        const bool hasExpunge = m_group.events.testFlag(NotifyEvent::MessageExpunge);
        const bool hasFlags =
            m_group.events.testFlag(NotifyEvent::FlagChange) || m_changesAnnotations;
        if (hasNew != hasExpunge) {
            m_cursor.fail("MessageNew and MessageExpunge go together");
        } else if (hasFlags && !hasNew) {
            m_cursor.fail("FlagChange and AnnotationChange need MessageNew and MessageExpunge");
        } else if (m_group.isForSelected() && (m_group.events & ~MessageEvents)) {
            m_cursor.fail("Only message events are for the selected mailbox");
        }
    }

    TokenCursor &m_cursor;
    NotifyGroup m_group;
    bool m_changesAnnotations = false;
    bool m_hasUnsupported = false;
};

} // namespace

NotifyRequest parseNotify(TokenCursor &cursor)
{
    NotifyRequest request;
    if (cursor.tryWord("NONE")) {
        return request;
    }
    if (!cursor.tryWord("SET")) {
        cursor.fail("NOTIFY takes SET or NONE");
    }
    cursor.expectSpace();
    if (cursor.tryWord("STATUS")) {
        request.wantsStatus = true;
        cursor.expectSpace();
    }
    do {
        GroupReader reader(cursor);
        const NotifyGroup group = reader.read();
        if (group.isForSelected() && request.selected() != nullptr) {
            cursor.fail("SELECTED or SELECTED-DELAYED may stand once");
        }
        request.hasUnsupported = request.hasUnsupported || reader.hasUnsupported();
        request.groups.append(group);
    } while (!cursor.hasFailed() && cursor.trySpace());
    return request;
}

QByteArray badEventCode()
{
    QByteArrayList names;
    for (const EventName &entry : EventNames) {
        names << entry.name;
    }
    return "BADEVENT (" + names.join(' ') + ')';
}

} // namespace Postnook
