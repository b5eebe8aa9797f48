#pragma once

#include "core/commands/messageupload.h"
#include "core/wire/sequenceset.h"

namespace Postnook
{

// REPLACE, UID REPLACE (RFC 8508): a message takes the place of another in one write.
class ReplaceCommand : public MessageUpload
{
    Q_OBJECT

public:
    ReplaceCommand(Session &session, bool byUid)
        : MessageUpload(session)
        , m_byUid(byUid)
    {
    }

private:
    void readTarget(TokenCursor &cursor) override;
    bool checkTarget() override;
    bool takesSeveral() const override { return false; } // RFC 8508 4.7
    void store(const QList<NewMessage> &messages, quint64 sizeBytes) override;

    bool m_byUid;
    SequenceSet m_replaced; // one number
    Uid m_replacedUid;
};

} // namespace Postnook
