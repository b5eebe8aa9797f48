#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

struct evp_md_ctx_st; // OpenSSL's EVP_MD_CTX

namespace Postnook::Sqlite
{

// SHA-256 of bytes that come in pieces; libcrypto's, which is several times as fast as Qt's. Where
// libcrypto has no memory or no SHA-256 the process ends.
class Sha256
{
public:
    Sha256();

    void add(QByteArrayView bytes);
    QByteArray result(); // 32 bytes; once

    static QByteArray of(QByteArrayView bytes);

private:
    struct Deleter {
        void operator()(evp_md_ctx_st *context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Deleter> m_context;
};

} // namespace Postnook::Sqlite
