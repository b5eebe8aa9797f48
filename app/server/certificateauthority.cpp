#include "app/server/certificateauthority.h"

#include "app/server/certificatefactory.h"
#include "app/server/certificates.h"
#include "app/settings/hostname.h"

#include <QDir>
#include <QFileInfo>
#include <QHostAddress>
#include <QHostInfo>
#include <QNetworkInterface>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

// Apple's systems take no server certificate that is valid for more than 398 days.
constexpr auto ServerDays = 397;
constexpr auto CaDays = 3653;
constexpr auto RenewDays = 30;
// A client whose clock is behind shall not refuse a certificate made a moment ago.
constexpr auto ClockSkewSeconds = 3600;

constexpr auto OwnerOnly = QFile::ReadOwner | QFile::WriteOwner;

struct Files {
    QString folder;
    QString caCert;
    QString caKey;
    QString cert;
    QString key;
};

Files filesIn(const QString &dataDir)
{
    const QString folder = dataDir + "/tls"_L1;
    return {folder,
            folder + "/ca.pem"_L1,
            folder + "/ca.key"_L1,
            folder + "/server.pem"_L1,
            folder + "/server.key"_L1};
}

Result<void> writeFile(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.setPermissions(OwnerOnly)
        && file.write(bytes) == bytes.size() && file.commit()) {
        return {};
    }
    return Error{ErrorCode::Unavailable, path + ": cannot be written: "_L1 + file.errorString()};
}

// The key first: a certificate that is there has its key, also after a power cut in between.
Result<void> writePair(const QString &certPath, const QString &keyPath, const PemPair &pair)
{
    return writeFile(keyPath, pair.key).and_then([&] { return writeFile(certPath, pair.chain); });
}

Result<void> makeFolder(const QString &folder)
{
    if (QDir().mkpath(folder) && QFile::setPermissions(folder, OwnerOnly | QFile::ExeOwner)) {
        return {};
    }
    return Error{ErrorCode::Unavailable, folder + ": the folder cannot be made"_L1};
}

bool lastsLongEnough(const CertificatePair &pair, const QDateTime &now)
{
    return pair.notBefore <= now && now.addDays(RenewDays) < pair.notAfter;
}

// A computer that leaves a network keeps its certificate: only names that are missing count.
bool coversAll(const QSslCertificate &certificate, const CertificateNames &names)
{
    const auto alternatives = certificate.subjectAlternativeNames();
    const auto hasDns = [&](const QString &name) {
        return alternatives.contains(QSsl::DnsEntry, name);
    };
    const QStringList entries = alternatives.values(QSsl::IpAddressEntry);
    const auto hasAddress = [&](const QString &address) {
        return std::any_of(entries.cbegin(), entries.cend(), [&](const QString &entry) {
            return QHostAddress(entry) == QHostAddress(address);
        });
    };
    return std::all_of(names.dns.cbegin(), names.dns.cend(), hasDns)
        && std::all_of(names.addresses.cbegin(), names.addresses.cend(), hasAddress);
}

bool isGoodServerPair(const Files &files, const CertificateNames &names, const QDateTime &now)
{
    const auto pair = loadCertificatePair(files.cert, files.key);
    return pair && lastsLongEnough(*pair, now) && coversAll(pair->chain.first(), names);
}

// What cannot be read is not replaced: its owner may only have to mend the rights of the file,
// and a new CA would have to be made known to every mail program again.
Result<void> checkReadable(const QString &path)
{
    QFile file(path);
    if (!QFileInfo::exists(path) || file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return Error{ErrorCode::Unavailable, path + ": cannot be read: "_L1 + file.errorString()};
}

// The CA in the folder, or nothing when there is none that can be used for long enough.
Result<std::optional<PemPair>> existingCa(const Files &files, const QDateTime &now)
{
    for (const QString &path : {files.caCert, files.caKey}) {
        if (const auto readable = checkReadable(path); !readable) {
            return readable.error();
        }
    }
    const auto pair = loadCertificatePair(files.caCert, files.caKey);
    if (!pair || !lastsLongEnough(*pair, now)) {
        return std::optional<PemPair>();
    }
    return std::optional(PemPair{pair->chain.first().toPem(), pair->key.toPem()});
}

Result<PemPair> makeCa(const Files &files, const CertificateNames &names, const QDateTime &now)
{
    const QString host = names.dns.value(1, names.dns.value(0)); // behind localhost
    auto ca = createCa({"Postnook CA of "_L1 + host,
                        now.addSecs(-ClockSkewSeconds),
                        now.addSecs(-ClockSkewSeconds).addDays(CaDays)});
    if (!ca) {
        return ca;
    }
    if (const auto written = writePair(files.caCert, files.caKey, *ca); !written) {
        return written.error();
    }
    return ca;
}

// Addresses that other devices of the household may use and that stay for a while.
bool isLanAddress(const QHostAddress &address)
{
    if (address.isLoopback() || address.isLinkLocal()) {
        return false;
    }
    return address.protocol() == QAbstractSocket::IPv4Protocol || address.isUniqueLocalUnicast();
}

QList<QHostAddress> addressesOfThisMachine()
{
    QList<QHostAddress> addresses;
    for (const QNetworkInterface &device : QNetworkInterface::allInterfaces()) {
        if (!device.flags().testFlag(QNetworkInterface::IsUp)) {
            continue;
        }
        for (const QNetworkAddressEntry &entry : device.addressEntries()) {
            addresses.append(entry.ip());
        }
    }
    return addresses;
}

Result<CertificatePaths>
issue(const Files &files, const CertificateNames &names, const QDateTime &now)
{
    CertificatePaths paths{files.caCert, files.cert, files.key, false, false};
    if (const auto folder = makeFolder(files.folder); !folder) {
        return folder.error();
    }
    const auto existing = existingCa(files, now);
    if (!existing) {
        return existing.error();
    }
    paths.madeCa = !existing->has_value();
    const auto ca = paths.madeCa ? makeCa(files, names, now) : Result<PemPair>(**existing);
    if (!ca) {
        return ca.error();
    }
    const auto server = issueServerCertificate(*ca,
                                               {names.dns.value(1, names.dns.value(0)),
                                                now.addSecs(-ClockSkewSeconds),
                                                now.addSecs(-ClockSkewSeconds).addDays(ServerDays)},
                                               names.dns,
                                               names.addresses);
    if (!server) {
        return server.error();
    }
    if (const auto written = writePair(files.cert, files.key, *server); !written) {
        return written.error();
    }
    paths.madeCert = true;
    return paths;
}

} // namespace

CertificateNames certificateNames(const QString &hostName,
                                  const QStringList &addresses,
                                  const QStringList &furtherNames)
{
    CertificateNames names{{u"localhost"_s}, {u"127.0.0.1"_s, u"::1"_s}};
    const QString host = asciiHostName(hostName);
    const QString label = host.section(u'.', 0, 0);
    QStringList hostNames{host, label, asciiHostName(label + ".local"_L1)};
    for (const QString &name : furtherNames) {
        hostNames.append(QHostAddress(name).isNull() ? asciiHostName(name) : QString());
    }
    hostNames.removeAll(QString());
    names.dns += hostNames;
    for (const QString &text : addresses + furtherNames) {
        if (QHostAddress address(text); !address.isNull()) {
            address.setScopeId({}); // of an interface here, and none of others' business
            names.addresses.append(address.toString());
        }
    }
    names.dns.removeDuplicates();
    names.addresses.removeDuplicates();
    return names;
}

CertificateNames localCertificateNames(const QStringList &bindAddresses,
                                       const QStringList &furtherNames)
{
    QStringList addresses;
    for (const QString &bound : bindAddresses) {
        const QHostAddress address(bound);
        const bool isAnyIpv4 = address == QHostAddress(QHostAddress::AnyIPv4);
        if (!isAnyIpv4 && address != QHostAddress(QHostAddress::AnyIPv6)) {
            addresses.append(bound);
            continue;
        }
        for (const QHostAddress &own : addressesOfThisMachine()) {
            const bool isIpv4 = own.protocol() == QAbstractSocket::IPv4Protocol;
            if (isLanAddress(own) && isIpv4 == isAnyIpv4) {
                addresses.append(own.toString());
            }
        }
    }
    addresses.sort();
    return certificateNames(QHostInfo::localHostName(), addresses, furtherNames);
}

CertificatePaths localCertificatePaths(const QString &dataDir)
{
    const Files files = filesIn(dataDir);
    return {files.caCert, files.cert, files.key, false, false};
}

Result<CertificatePaths>
ensureLocalCertificate(const QString &dataDir, const CertificateNames &names, const QDateTime &now)
{
    const Files files = filesIn(dataDir);
    if (isGoodServerPair(files, names, now)) {
        return localCertificatePaths(dataDir);
    }
    return issue(files, names, now);
}

Result<CertificatePaths>
renewLocalCertificate(const QString &dataDir, const CertificateNames &names, const QDateTime &now)
{
    return issue(filesIn(dataDir), names, now);
}

} // namespace Postnook
