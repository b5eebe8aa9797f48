#include "core/wire/mailboxnames.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"

namespace Postnook::Fuzz
{

namespace
{

// A name stays the same name, however it is written.
void checkName(QByteArrayView data, NameCoding coding)
{
    const auto name = decodeMailboxName(data, coding);
    if (!name) {
        return;
    }
    const QByteArray utf8 = name->utf8;
    PROPERTY(isValidUtf8(utf8) && !utf8.isEmpty());
    PROPERTY(!utf8.startsWith('/') && !utf8.endsWith('/') && !utf8.contains("//"));
    const auto encoded = encodeModifiedUtf7(utf8);
    for (const char c : encoded) {
        PROPERTY2(c >= ' ' && c <= '~', encoded);
    }
    const auto again = decodeMailboxName(encoded, NameCoding::ModifiedUtf7);
    PROPERTY2(again && *again == *name, encoded);
    const auto asUtf8 = decodeMailboxName(utf8, NameCoding::Utf8);
    PROPERTY2(asUtf8 && *asUtf8 == *name, utf8);
    PROPERTY2(matchesListPattern("*", utf8), utf8);
    PROPERTY2(matchesListPattern(utf8, utf8), utf8);
}

void checkPattern(QByteArrayView data)
{
    const auto middle = data.size() / 2;
    const auto pattern = decodeListPattern(data.first(middle), NameCoding::Utf8);
    if (pattern) {
        const auto name = data.sliced(middle).toByteArray();
        if (matchesListPattern(*pattern, name)) {
            QByteArray wider = *pattern;
            PROPERTY2(matchesListPattern(wider.replace('%', '*'), name), name);
        }
    }
}

} // namespace

void checkMailboxNames(QByteArrayView data)
{
    checkName(data, NameCoding::ModifiedUtf7);
    checkName(data, NameCoding::Utf8);
    checkPattern(data);
}

} // namespace Postnook::Fuzz
