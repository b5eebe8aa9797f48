#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <openssl/types.h>

#include <memory>

namespace Postnook::Sqlite
{

// SHA-256 of bytes that come in pieces; libcrypto's, which is several times as fast as Qt's.
class Sha256
{
public:
    Sha256();

    void add(QByteArrayView bytes);
    QByteArray result(); // 32 bytes; once

    static QByteArray of(QByteArrayView bytes);

private:
    struct Deleter {
        void operator()(EVP_MD_CTX *context) const;
    };
    std::unique_ptr<EVP_MD_CTX, Deleter> m_context;
};

} // namespace Postnook::Sqlite
