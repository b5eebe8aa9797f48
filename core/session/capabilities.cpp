#include "core/session/capabilities.h"

#include <QByteArrayList>

namespace Postnook
{

namespace
{

bool isShown(const CommandRow &row, const CapabilityState &state)
{
    if (row.capability == nullptr) {
        return false;
    }
    return state.isLoggedIn || row.states.testFlag(SessionState::NotAuthenticated);
}

} // namespace

QByteArray capabilityList(std::span<const CommandRow> commands, const CapabilityState &state)
{
    QByteArrayList names{"IMAP4rev1"};
    // Before login a literal that nobody waits for is small (RFC 7888 section 5).
    names << (state.isLoggedIn ? "LITERAL+" : "LITERAL-");
    if (!state.isLoggedIn) {
        if (state.canStartTls) {
            names << "STARTTLS";
        }
        if (state.mayAuthenticate) {
            names << "SASL-IR"
                  << "AUTH=PLAIN"
                  << "AUTH=SCRAM-SHA-256";
        } else {
            names << "LOGINDISABLED";
        }
    }
    for (const CommandRow &row : commands) {
        if (isShown(row, state) && !names.contains(row.capability)) {
            names << row.capability;
        }
    }
    return names.join(' ');
}

} // namespace Postnook
