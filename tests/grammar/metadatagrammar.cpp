#include "tests/grammar/metadatagrammar.h"

#include <algorithm>

namespace Postnook::Grammar
{

namespace
{

bool isForbidden(char c)
{
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x1a || octet > 0x7f || c == '*' || c == '%';
}

QByteArray readName(ResponseLexer &in)
{
    const auto name = in.astring();
    const auto lower = name.toLower();
    const bool isScoped = lower.startsWith("/private/") || lower.startsWith("/shared/");
    const bool isVendors =
        lower.startsWith("/private/vendor/") || lower.startsWith("/shared/vendor/");
    if (!isScoped || name.contains("//") || name.endsWith('/') || (isVendors && name.count('/') < 4)
        || std::any_of(name.begin(), name.end(), isForbidden)) {
        in.fail("an entry name that is none");
    }
    return name;
}

} // namespace

Result<MetadataResponse> parseMetadata(QByteArrayView line, Revision revision)
{
    MetadataResponse response;
    ResponseLexer in(line, revision);
    in.expect("* METADATA ");
    response.mailbox = in.astring();
    in.expect(" ");
    if (in.accept("(")) {
        do {
            const auto name = readName(in);
            in.expect(" ");
            const NString value = in.at("~") ? NString(in.literal8()) : in.nstring();
            response.values.append({name, value});
        } while (in.accept(" "));
        in.expect(")");
    } else {
        do {
            response.names.append(readName(in));
        } while (in.accept(" "));
    }
    in.expect("\r\n");
    if (in.ok() && !in.atEnd()) {
        in.fail("something follows");
    }
    if (!in.ok()) {
        return Error{ErrorCode::Corrupt, in.error()};
    }
    return response;
}

} // namespace Postnook::Grammar
