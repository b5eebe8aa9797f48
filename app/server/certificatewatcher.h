#pragma once

#include "app/server/certificates.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace Postnook
{

// Watches the two files of a certificate pair and their folders (renewal tools rename files over
// the old ones), and loads them again once they have been quiet for a moment. A pair that cannot
// be used changes nothing: the log says why and what is still served. Event loop thread.
class CertificateWatcher : public QObject
{
    Q_OBJECT

public:
    explicit CertificateWatcher(CertificatePair served, QObject *parent = nullptr);

    const CertificatePair &served() const { return m_served; }

    // Looks at the files now. What a change on disk leads to after the quiet moment; also to be
    // called now and then, for folders that report no changes (network drives).
    void reload();

Q_SIGNALS:
    void changed(const Postnook::CertificatePair &pair);

private:
    void watch();

    CertificatePair m_served;
    QFileSystemWatcher m_watcher;
    QTimer m_quiet;
    QString m_lastError; // each trouble is logged once
};

} // namespace Postnook
