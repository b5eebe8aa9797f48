#include "app/setup/clienthost.h"

#include "app/setup/certificatetext.h"

#include <QHostAddress>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

bool isLoopbackOnly(const QStringList &addresses)
{
    return std::all_of(addresses.cbegin(), addresses.cend(), [](const QString &address) {
        return QHostAddress(address).isLoopback();
    });
}

QString usualHost(const ClientAccess &access, const ServedCertificate &served)
{
    const QString here = u"localhost"_s;
    const QStringList names = namesOf(served.chain.first());
    if (isLoopbackOnly(access.addresses) && names.contains(here)) {
        return here;
    }
    const auto find = [&names](auto isFit) {
        const auto it = std::find_if(names.cbegin(), names.cend(), isFit);
        return it == names.cend() ? QString() : *it;
    };
    const auto isName = [&here](const QString &name) {
        return name != here && name != "localhost.local"_L1 && !name.startsWith(u'*')
            && QHostAddress(name).isNull();
    };
    QString host =
        find([&](const QString &name) { return isName(name) && name.endsWith(".local"_L1); });
    host = host.isEmpty() ? find(isName) : host;
    return host.isEmpty() ? find([](const QString &name) {
        const QHostAddress address(name);
        return !address.isNull() && !address.isLoopback();
    })
                          : host;
}

} // namespace Postnook
