#pragma once

#include "core/session/command.h"

#include <QByteArray>

namespace Postnook
{

// XIMPORTED "key" ...: which of the import keys are known, asked by `postnook import` before it
// sends the messages. The answer is "* XIMPORTED" with those keys. Ours alone, and only on the
// control socket: no client is told of it.
class ImportedCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

// The 32 bytes of a key, which is a string of 64 hexadecimal digits.
QByteArray readImportKey(TokenCursor &cursor);

} // namespace Postnook
