#include "core/mime/fieldcursor.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagetext.h"
#include "core/mime/parameters.h"
#include "core/mime/rfc2231.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"

#include <algorithm>

namespace Postnook::Fuzz
{

using namespace Postnook::Mime;

namespace
{

// RFC 2047: text comes out, not much longer than what it is made of.
void checkWords(QByteArrayView value)
{
    const auto text = decodeHeaderText(value);
    PROPERTY(isValidText(text));
    PROPERTY(text.size() <= MaxGrowth * value.size() + MaxGrowth);

    const bool isAscii = std::all_of(value.begin(), value.end(), [](char c) { return c > 0; });
    if (isAscii && !value.contains("=?")) {
        PROPERTY(text.toLatin1() == value);
    }

    // What we decode stays when it is encoded as the RFC says.
    const auto words = "=?utf-8?B?" + text.toUtf8().toBase64() + "?=";
    PROPERTY(text.startsWith(QChar::ByteOrderMark) || decodeHeaderText(words) == text);
}

// RFC 2231, and RFC 2045 5.1 with all that is sent instead.
void checkParameters(QByteArrayView value)
{
    FieldCursor cursor(value);
    const auto parameters = parseParameters(cursor);
    PROPERTY(parameters.size() <= MaxParameters);
    qsizetype size = 0;
    for (const auto &parameter : parameters) {
        PROPERTY(!parameter.name.isEmpty());
        PROPERTY(!parameterValue(parameters, parameter.name).isNull());
        if (parameter.name.endsWith('*') && !parameterValue(parameters, parameter.name).isEmpty()) {
            PROPERTY(isValidUtf8(decodedValue(parameters, parameter.name.chopped(1))));
        }
        size += parameter.name.size() + parameter.value.size();
    }
    PROPERTY(parameterValue(parameters, "").isNull());
    // UTF-8 takes up to three octets for one of a charset, and each text grows a little.
    PROPERTY(size <= 3 * (MaxGrowth * value.size() + MaxGrowth));
    PROPERTY(percentDecoded(value).size() <= value.size());
}

// Every octet with a percent sign is a value that comes back whole.
void checkExtendedValue(QByteArrayView value)
{
    const auto text = decodeCharset(value, "utf-8").toUtf8();
    const auto encoded = "utf-8'en'" + text.toPercentEncoding();
    const auto field = ";n*=" + encoded;
    FieldCursor cursor(field);
    const auto parameters = parseParameters(cursor);
    PROPERTY(parameters == (Parameters{{"n*", encoded}}));
    const bool hasMark = text.startsWith("\xef\xbb\xbf"); // goes when it is decoded
    PROPERTY(hasMark || decodedValue(parameters, "n") == text);
}

} // namespace

void checkHeaderText(QByteArrayView data)
{
    const auto value = unfolded(data);
    PROPERTY(!value.contains('\n') && value.size() <= data.size());
    checkWords(value);
    checkParameters(value);
    checkExtendedValue(value);
}

} // namespace Postnook::Fuzz
