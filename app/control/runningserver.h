#pragma once

#include "app/server/certificates.h"
#include "app/server/listeners.h"

#include <functional>

namespace Postnook
{

// What the handlers of control requests ask of the server that runs. The functions are empty where
// the owner of the data folder serves no ports: in a command.
struct RunningServer {
    std::function<CertificatePair()> certificate; // the one that the next handshake uses
    std::function<void()> reloadCertificate; // looks at its files now
    std::function<QList<BoundPort>()> ports;

    bool isThere() const { return certificate != nullptr; }
};

} // namespace Postnook
