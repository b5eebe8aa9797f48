#include "app/server/certificates.h"

#include "app/server/opensslpointers.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>

#include <openssl/err.h>
#include <openssl/pem.h>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

using namespace OpenSsl;

// A chain has a few KiB; whoever names another file by mistake shall not wait for it.
constexpr auto MaxFileBytes = 1024 * 1024;

Error failure(const QString &path, const QString &text)
{
    return {ErrorCode::Invalid, path + ": "_L1 + text};
}

Result<QByteArray> readFile(const QString &path)
{
    if (QFileInfo(path).isDir()) {
        return failure(path, u"this is a folder, not a PEM file"_s);
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(path, "cannot be read: "_L1 + file.errorString());
    }
    if (file.size() > MaxFileBytes) {
        return failure(path, u"this is no PEM file: it is larger than 1 MiB"_s);
    }
    QByteArray bytes = file.readAll();
    if (file.error() != QFile::NoError) {
        return failure(path, "cannot be read: "_L1 + file.errorString());
    }
    if (bytes.trimmed().isEmpty()) {
        return failure(path, u"the file is empty"_s);
    }
    return bytes;
}

Result<QList<QSslCertificate>> parseChain(const QString &path, const QByteArray &pem)
{
    const auto announced = pem.count("-----BEGIN CERTIFICATE-----");
    if (announced == 0) {
        return failure(path,
                       u"there is no certificate in this file; it must hold PEM text that begins "
                       "with -----BEGIN CERTIFICATE-----"_s);
    }
    QList<QSslCertificate> chain = QSslCertificate::fromData(pem, QSsl::Pem);
    if (chain.size() != announced) {
        return failure(path,
                       u"certificate %1 of %2 is damaged"_s.arg(chain.size() + 1).arg(announced));
    }
    return chain;
}

// Asked for when the key is encrypted. There is nobody to ask.
int notePassPhrase(char *, int, int, void *wanted)
{
    *static_cast<bool *>(wanted) = true;
    return -1;
}

Result<Key> parseKey(const QString &path, const QByteArray &pem)
{
    const auto bio = readerOf(pem);
    bool passPhraseWanted = false;
    Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, notePassPhrase, &passPhraseWanted));
    ERR_clear_error();
    if (key) {
        return key;
    }
    if (passPhraseWanted) {
        return failure(
            path,
            u"the key has a pass phrase, which nobody could enter when the server starts; "
            "remove it with `openssl pkey -in %1 -out NEWFILE`"_s.arg(path));
    }
    if (!pem.contains("PRIVATE KEY-----")) {
        return failure(path,
                       u"there is no private key in this file; it must hold PEM text that begins "
                       "with -----BEGIN PRIVATE KEY-----"_s);
    }
    return failure(path, u"the private key is damaged, or of a kind that is not known"_s);
}

bool belongTogether(const QSslCertificate &certificate, EVP_PKEY *key)
{
    const QByteArray der = certificate.toDer();
    const auto *position = reinterpret_cast<const unsigned char *>(der.constData());
    const Certificate x509(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
    const bool match = x509 && X509_check_private_key(x509.get(), key) == 1;
    ERR_clear_error();
    return match;
}

Result<void> checkMatch(const CertificatePair &pair, EVP_PKEY *key)
{
    if (belongTogether(pair.chain.first(), key)) {
        return {};
    }
    for (const QSslCertificate &other : pair.chain) {
        if (belongTogether(other, key)) {
            return failure(pair.certPath,
                           u"the certificate of the key in %1 must be the first in the file, the "
                           "rest of its chain after it"_s.arg(pair.keyPath));
        }
    }
    return failure(pair.keyPath,
                   u"this key does not belong to the certificate in %1"_s.arg(pair.certPath));
}

// Qt wants to be told RSA or EC and reads not every form of each, so it gets the one that it does:
// the traditional PEM form, freshly written.
Result<QSslKey> qtKey(const QString &path, EVP_PKEY *key)
{
    const int type = EVP_PKEY_get_base_id(key);
    if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC) {
        return failure(path,
                       u"keys of the kind %1 cannot be used; take an RSA or EC key"_s.arg(
                           QString::fromLatin1(EVP_PKEY_get0_type_name(key))));
    }
    const Bio bio(BIO_new(BIO_s_mem()));
    char *data = nullptr;
    QSslKey result;
    if (PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr)
        == 1) {
        const auto size = BIO_get_mem_data(bio.get(), &data);
        result = QSslKey(QByteArray::fromRawData(data, size),
                         type == EVP_PKEY_RSA ? QSsl::Rsa : QSsl::Ec);
        OPENSSL_cleanse(data, static_cast<size_t>(size));
    }
    if (result.isNull()) {
        return failure(path, u"the TLS library of this system cannot use this key"_s);
    }
    return result;
}

} // namespace

bool CertificatePair::sameAs(const CertificatePair &other) const
{
    return chain == other.chain && key == other.key;
}

Result<CertificatePair> loadCertificatePair(const QString &certPath, const QString &keyPath)
{
    const auto certPem = readFile(certPath);
    if (!certPem) {
        return certPem.error();
    }
    const auto chain = parseChain(certPath, *certPem);
    if (!chain) {
        return chain.error();
    }
    const auto keyPem = readFile(keyPath);
    if (!keyPem) {
        return keyPem.error();
    }
    const auto key = parseKey(keyPath, *keyPem);
    if (!key) {
        return key.error();
    }

    CertificatePair pair;
    pair.certPath = certPath;
    pair.keyPath = keyPath;
    pair.chain = *chain;
    pair.notBefore = chain->first().effectiveDate();
    pair.notAfter = chain->first().expiryDate();
    pair.fingerprint =
        QString::fromLatin1(chain->first().digest(QCryptographicHash::Sha256).toHex(':').toUpper());
    if (const auto match = checkMatch(pair, key->get()); !match) {
        return match.error();
    }
    return qtKey(keyPath, key->get()).transform([&pair](const QSslKey &usable) {
        pair.key = usable;
        return pair;
    });
}

QString validityWarning(const CertificatePair &pair, const QDateTime &now)
{
    constexpr auto NoticeDays = 14;
    const auto date = [](const QDateTime &time) { return time.toUTC().toString(Qt::ISODate); };
    if (now < pair.notBefore) {
        return u"%1: the certificate is not valid before %2; mail programs will refuse it"_s.arg(
            pair.certPath, date(pair.notBefore));
    }
    if (now > pair.notAfter) {
        return u"%1: the certificate expired on %2; mail programs will refuse it"_s.arg(
            pair.certPath, date(pair.notAfter));
    }
    if (now.addDays(NoticeDays) > pair.notAfter) {
        return u"%1: the certificate expires on %2"_s.arg(pair.certPath, date(pair.notAfter));
    }
    return {};
}

} // namespace Postnook
