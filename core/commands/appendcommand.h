#pragma once

#include "core/commands/messageupload.h"

namespace Postnook
{

// APPEND (RFC 9051 6.3.12) of one or more messages (RFC 3502), all or none. The tagged OK means
// that they are on disk.
class AppendCommand : public MessageUpload
{
    Q_OBJECT

public:
    using MessageUpload::MessageUpload;

    bool letsNextBegin() const override { return m_waitsForCommit; }

private:
    void readTarget(TokenCursor &) override { }
    bool takesSeveral() const override { return true; }
    bool takesImportKeys() override;
    void store(const QList<NewMessage> &messages, quint64 sizeBytes) override;

    bool m_waitsForCommit = false; // with no more than one small message in memory
};

} // namespace Postnook
