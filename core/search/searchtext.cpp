#include "core/search/searchtext.h"

#include "core/mime/addressparser.h"
#include "core/mime/contentscan.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/mime/parttree.h"

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

// No octet of UTF-8, so that it is in no text and nothing is found across it.
constexpr char SectionEnd = '\xff';

constexpr std::array<QByteArrayView, 4> AddressFields{"from", "to", "cc", "bcc"};

// What a person sees of an address, each apart.
QByteArrayList shown(const Mime::Address &address)
{
    switch (address.kind) {
    case Mime::Address::Kind::Mailbox:
        return {address.name, address.mailbox + '@' + address.host};
    case Mime::Address::Kind::GroupStart:
        return {address.mailbox};
    case Mime::Address::Kind::GroupEnd:
        break;
    }
    return {};
}

} // namespace

QByteArray headerSection(QByteArrayView header)
{
    return Mime::searchableHeader(header);
}

// RFC 3501 6.4.4: "in the envelope structure's FROM field". Comments and folding inside an address
// must not hide it, nor quoting a name.
QByteArray addressSection(QByteArrayView header)
{
    QByteArray lines;
    for (const QByteArrayView field : AddressFields) {
        QList<Mime::Address> addresses;
        for (const QByteArray &raw : Mime::headerValues(header, field)) {
            Mime::parseAddresses(raw, addresses);
        }
        for (const Mime::Address &address : std::as_const(addresses)) {
            const QByteArrayList texts = shown(address);
            for (const QByteArray &text : texts) {
                if (!text.isEmpty()) {
                    lines += linePrefix(field) + ' '
                        + Mime::foldForSearch(Mime::decodeHeaderText(text)).toUtf8() + '\n';
                }
            }
        }
    }
    return lines;
}

// RFC 9051 6.4.4, TEXT: "in the header (including MIME header fields)".
QByteArray partHeaderSection(const MessageMeta &meta, const Mime::ReadBytes &read)
{
    const auto tree = Mime::PartTree::fromBytes(meta.parts);
    return tree ? Mime::searchablePartHeaders(*tree, read) : QByteArray();
}

QByteArray bodySection(const MessageMeta &meta, const Mime::ReadBytes &read)
{
    const auto tree = Mime::PartTree::fromBytes(meta.parts);
    return tree ? Mime::searchableBody(*tree, read) : QByteArray();
}

QByteArray linePrefix(QByteArrayView fieldName)
{
    const bool isName =
        !fieldName.isEmpty() && std::all_of(fieldName.begin(), fieldName.end(), [](char c) {
            return c > ' ' && c < 0x7f && c != ':'; // RFC 5322 3.6.8 ftext
        });
    return isName ? fieldName.toByteArray().toLower() + ':' : QByteArray();
}

IndexText joined(const SearchText &text)
{
    return {QByteArrayList{text.header, text.addresses, text.partHeaders}.join(SectionEnd),
            text.body};
}

SearchText splitHead(const QByteArray &head)
{
    SearchText text;
    qsizetype at = 0;
    for (QByteArray *section : {&text.header, &text.addresses, &text.partHeaders}) {
        const auto end = head.indexOf(SectionEnd, at);
        const auto size = (end < 0 ? head.size() : end) - at;
        *section = QByteArray::fromRawData(head.constData() + at, size);
        at = std::min(at + size + 1, head.size());
    }
    return text;
}

Result<MessageMeta> currentMeta(ContentReader &content, const MessageMeta &meta)
{
    return meta.scannerVersion < Mime::ScannerVersion ? Mime::scanContent(content) : Result(meta);
}

Result<IndexText> makeSearchText(ContentReader &content, const MessageMeta &meta)
{
    const auto current = currentMeta(content, meta);
    if (!current) {
        return current.error();
    }
    std::optional<Error> error;
    const auto read = [&](quint64 offset, quint64 size) {
        auto bytes = content.read(offset, static_cast<qsizetype>(size));
        if (!bytes) {
            error = bytes.error();
        }
        return bytes ? std::move(*bytes) : QByteArray();
    };
    const QByteArray header = read(0, std::min<quint64>(current->headerSize, Mime::MaxHeaderBytes));
    const SearchText text{headerSection(header),
                          addressSection(header),
                          partHeaderSection(*current, read),
                          bodySection(*current, read)};
    return error ? Result<IndexText>(*error) : joined(text);
}

} // namespace Postnook
