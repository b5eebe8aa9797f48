#include "storage/sqlite/sha256.h"

#include <QtGlobal>

#include <openssl/evp.h>

namespace Postnook::Sqlite
{

namespace
{

constexpr int DigestBytes = 32;

// A digest that is none would make two messages one.
void require(int isDone)
{
    if (isDone != 1) {
        qFatal("SHA-256 is not to be had");
    }
}

} // namespace

void Sha256::Deleter::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Sha256::Sha256()
    : m_context(EVP_MD_CTX_new())
{
    require(m_context != nullptr ? EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) : 0);
}

void Sha256::add(QByteArrayView bytes)
{
    require(EVP_DigestUpdate(m_context.get(), bytes.data(), static_cast<size_t>(bytes.size())));
}

QByteArray Sha256::result()
{
    QByteArray digest(DigestBytes, Qt::Uninitialized);
    require(EVP_DigestFinal_ex(
        m_context.get(), reinterpret_cast<unsigned char *>(digest.data()), nullptr));
    return digest;
}

QByteArray Sha256::of(QByteArrayView bytes)
{
    Sha256 digest;
    digest.add(bytes);
    return digest.result();
}

} // namespace Postnook::Sqlite
