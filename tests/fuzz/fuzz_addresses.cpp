#include "core/mime/addressparser.h"
#include "core/mime/envelopewriter.h"
#include "core/mime/headerfields.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/grammar/structuregrammar.h"

namespace Postnook::Fuzz
{

using namespace Postnook::Mime;

namespace
{

// Groups start with a name, do not nest, and end; every entry says something.
void checkList(const QList<Address> &list)
{
    using Kind = Address::Kind;
    PROPERTY(list.size() <= MaxAddresses);
    bool inGroup = false;
    for (const auto &address : list) {
        const bool hasWords =
            !address.name.isEmpty() || !address.mailbox.isEmpty() || !address.host.isEmpty();
        switch (address.kind) {
        case Kind::Mailbox:
            PROPERTY(hasWords);
            break;
        case Kind::GroupStart:
            PROPERTY(!inGroup && !address.mailbox.isEmpty());
            PROPERTY(address == (Address{.kind = Kind::GroupStart, .mailbox = address.mailbox}));
            inGroup = true;
            break;
        case Kind::GroupEnd:
            PROPERTY(inGroup && address == Address{.kind = Kind::GroupEnd});
            inGroup = false;
            break;
        }
    }
    PROPERTY(!inGroup);
}

// Nothing is made up: a word may serve twice (as name and as local part), not more.
void checkSize(const QList<Address> &list, QByteArrayView value)
{
    qsizetype size = 0;
    for (const auto &address : list) {
        size += address.name.size() + address.route.size() + address.mailbox.size()
            + address.host.size();
    }
    PROPERTY(size <= 2 * value.size());
}

QByteArray sent(const QByteArray &text)
{
    return QByteArray(text).replace('\0', '\x80');
}

// What a client reads is what was parsed.
void checkSent(const Grammar::AddressList &read, const QList<Address> &list)
{
    PROPERTY(read.size() == list.size());
    for (qsizetype i = 0; i < list.size(); ++i) {
        const auto &address = list[i];
        PROPERTY(read[i].name.value_or("") == sent(address.name));
        PROPERTY(read[i].route.value_or("") == sent(address.route));
        PROPERTY(read[i].mailbox.value_or("") == sent(address.mailbox));
        PROPERTY(read[i].host.value_or("") == sent(address.host));
        PROPERTY(read[i].host.has_value() == (address.kind == Address::Kind::Mailbox));
    }
}

} // namespace

void checkAddresses(QByteArrayView data)
{
    const auto value = unfolded(data);
    QList<Address> list;
    parseAddresses(value, list);
    checkList(list);
    checkSize(list, value);

    auto twice = list;
    parseAddresses(value, twice);
    checkList(twice);
    PROPERTY(twice.first(list.size()) == list);

    // As it lies in a mail, folds and all that unfolding does not see included.
    const auto envelope = writeEnvelope("From: " + value + "\r\nTo: " + value + "\r\nto: " + value
                                        + "\r\nReply-To: ,\r\n\r\n");
    const auto read = Grammar::parseEnvelope(envelope);
    PROPERTY2(read, read.error().text.toUtf8() + '\n' + envelope);
    checkSent(read->from, list);
    checkSent(read->to, twice);
    PROPERTY(read->sender == read->from && read->replyTo == read->from);
    PROPERTY(read->cc.isEmpty() && read->bcc.isEmpty());
}

} // namespace Postnook::Fuzz
