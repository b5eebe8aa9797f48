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

private:
    void readTarget(TokenCursor &) override { }
    bool takesSeveral() const override { return true; }
    void store(const QList<NewMessage> &messages, quint64 sizeBytes) override;
};

} // namespace Postnook
