#include "core/wire/metadatanames.h"

#include <QByteArray>
#include <QByteArrayList>

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr qsizetype MinVendorComponents = 4; // "/shared/vendor/NAME/..."

// RFC 5464 3.2 forbids octets up to 0x19, which is what it says.
constexpr bool isForbidden(char c)
{
    const auto octet = static_cast<unsigned char>(c);
    return octet <= 0x19 || octet >= 0x80 || c == '*' || c == '%';
}

bool isWord(QByteArrayView text, const char *word)
{
    return text.compare(word, Qt::CaseInsensitive) == 0;
}

// The components of a name; none when it is malformed.
QByteArrayList componentsOf(QByteArrayView name)
{
    if (!name.startsWith('/') || std::any_of(name.begin(), name.end(), isForbidden)) {
        return {};
    }
    const QByteArrayList components = name.sliced(1).toByteArray().split('/');
    const bool isScoped = isWord(components[0], "private") || isWord(components[0], "shared");
    return isScoped && !components.contains(QByteArray()) ? components : QByteArrayList();
}

} // namespace

bool isMetadataEntry(QByteArrayView name)
{
    const QByteArrayList components = componentsOf(name);
    return components.size() >= 2
        && (!isWord(components[1], "vendor") || components.size() >= MinVendorComponents);
}

bool isMetadataBranch(QByteArrayView name)
{
    return !componentsOf(name).isEmpty();
}

} // namespace Postnook
