#include "app/server/certificatefactory.h"

#include "app/server/opensslpointers.h"

#include <algorithm>
#include <ctime>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

using namespace OpenSsl;

struct ExtensionText {
    int nid;
    QByteArray value; // in the words of openssl's x509v3_config
};

Error libraryFailure(const QString &what)
{
    const auto code = ERR_get_error();
    ERR_clear_error();
    const char *reason = ERR_reason_error_string(code);
    return {ErrorCode::Internal,
            u"%1: %2"_s.arg(what, QString::fromLatin1(reason ? reason : "unknown error"))};
}

Key makeKey()
{
    return Key(EVP_EC_gen("P-256"));
}

bool setSerial(X509 *certificate)
{
    // RFC 5280 4.1.2.2: positive, at most 20 octets; random, so that none is given twice.
    const BigNumber number(BN_new());
    return number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
        && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool setName(X509 *certificate, const QString &commonName)
{
    constexpr auto MaxCommonName = 64; // X.520 ub-common-name
    const QByteArray utf8 = commonName.left(MaxCommonName).toUtf8();
    return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate),
                                      "CN",
                                      MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char *>(utf8.constData()),
                                      static_cast<int>(utf8.size()),
                                      -1,
                                      0)
        == 1;
}

bool setValidity(X509 *certificate, const CertificateSubject &subject)
{
    const auto time = [](const QDateTime &when) {
        return Time(ASN1_TIME_set(nullptr, static_cast<time_t>(when.toSecsSinceEpoch())));
    };
    return X509_set1_notBefore(certificate, time(subject.notBefore).get()) == 1
        && X509_set1_notAfter(certificate, time(subject.notAfter).get()) == 1;
}

// `issuer` is the certificate itself when it signs itself.
bool addExtensions(X509 *certificate, X509 *issuer, const QList<ExtensionText> &extensions)
{
    X509V3_CTX context = {};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    return std::all_of(extensions.cbegin(), extensions.cend(), [&](const ExtensionText &text) {
        const Extension extension(
            X509V3_EXT_conf_nid(nullptr, &context, text.nid, text.value.constData()));
        return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
    });
}

// Everything but the issuer's name, the extensions and the signature.
Certificate makeCertificate(const CertificateSubject &subject, EVP_PKEY *key)
{
    Certificate certificate(X509_new());
    const bool filled = certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1
        && setSerial(certificate.get()) && setName(certificate.get(), subject.commonName)
        && setValidity(certificate.get(), subject) && X509_set_pubkey(certificate.get(), key) == 1;
    return filled ? std::move(certificate) : Certificate();
}

bool sign(X509 *certificate,
          X509 *issuer,
          EVP_PKEY *issuerKey,
          const QList<ExtensionText> &extensions)
{
    return X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1
        && addExtensions(certificate, issuer, extensions)
        && X509_sign(certificate, issuerKey, EVP_sha256()) > 0;
}

QByteArray contentsOf(BIO *bio)
{
    char *data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<qsizetype>(size)};
}

Result<PemPair> toPem(X509 *certificate, EVP_PKEY *key)
{
    const Bio chain(BIO_new(BIO_s_mem()));
    const Bio secret(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_X509(chain.get(), certificate) != 1
        || PEM_write_bio_PKCS8PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr)
            != 1) {
        return libraryFailure(u"A certificate could not be written"_s);
    }
    return PemPair{contentsOf(chain.get()), contentsOf(secret.get())};
}

QByteArray alternativeNames(const QStringList &dnsNames, const QStringList &addresses)
{
    QStringList names;
    for (const QString &name : dnsNames) {
        names.append("DNS:"_L1 + name);
    }
    for (const QString &address : addresses) {
        names.append("IP:"_L1 + address);
    }
    return names.join(u',').toLatin1();
}

QDateTime expiryOf(const X509 *certificate)
{
    tm time = {};
    ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time);
    return QDateTime(QDate(time.tm_year + 1900, time.tm_mon + 1, time.tm_mday),
                     QTime(time.tm_hour, time.tm_min, time.tm_sec),
                     Qt::UTC);
}

} // namespace

Result<PemPair> createCa(const CertificateSubject &subject)
{
    const Key key = makeKey();
    const Certificate certificate = key ? makeCertificate(subject, key.get()) : Certificate();
    const QList<ExtensionText> extensions{{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                          {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                          {NID_subject_key_identifier, "hash"}};
    if (!certificate || !sign(certificate.get(), certificate.get(), key.get(), extensions)) {
        return libraryFailure(u"The local CA could not be made"_s);
    }
    return toPem(certificate.get(), key.get());
}

Result<PemPair> issueServerCertificate(const PemPair &ca,
                                       const CertificateSubject &subject,
                                       const QStringList &dnsNames,
                                       const QStringList &addresses)
{
    const Certificate issuer(
        PEM_read_bio_X509(readerOf(ca.chain).get(), nullptr, nullptr, nullptr));
    const Key issuerKey(PEM_read_bio_PrivateKey(readerOf(ca.key).get(), nullptr, nullptr, nullptr));
    if (!issuer || !issuerKey) {
        return libraryFailure(u"The local CA could not be read"_s);
    }
    CertificateSubject limited = subject;
    limited.notAfter = std::min(subject.notAfter, expiryOf(issuer.get()));

    const Key key = makeKey();
    const Certificate certificate = key ? makeCertificate(limited, key.get()) : Certificate();
    const QList<ExtensionText> extensions{
        {NID_basic_constraints, "critical,CA:FALSE"},
        {NID_key_usage, "critical,digitalSignature"},
        {NID_ext_key_usage, "serverAuth"},
        {NID_subject_key_identifier, "hash"},
        {NID_authority_key_identifier, "keyid:always"},
        {NID_subject_alt_name, alternativeNames(dnsNames, addresses)}};
    if (!certificate || !sign(certificate.get(), issuer.get(), issuerKey.get(), extensions)) {
        return libraryFailure(u"The server's certificate could not be made"_s);
    }
    auto pair = toPem(certificate.get(), key.get());
    if (pair) {
        pair->chain += ca.chain;
    }
    return pair;
}

} // namespace Postnook
