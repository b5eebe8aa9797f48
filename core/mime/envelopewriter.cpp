#include "core/mime/envelopewriter.h"

#include "core/mime/addressparser.h"
#include "core/mime/headerfields.h"
#include "core/wire/responsewriter.h"

#include <QList>

#include <array>
#include <optional>

namespace Postnook::Mime
{

namespace
{

using AddressList = QList<Address>;

struct Envelope {
    std::optional<QByteArray> date;
    std::optional<QByteArray> subject;
    std::optional<QByteArray> inReplyTo;
    std::optional<QByteArray> messageId;
    AddressList from;
    AddressList sender;
    AddressList replyTo;
    AddressList to;
    AddressList cc;
    AddressList bcc;
};

struct TextField {
    QByteArrayView name;
    std::optional<QByteArray> Envelope::*value;
};
constexpr std::array<TextField, 4> TextFields{{
    {"date", &Envelope::date},
    {"subject", &Envelope::subject},
    {"in-reply-to", &Envelope::inReplyTo},
    {"message-id", &Envelope::messageId},
}};

struct AddressField {
    QByteArrayView name;
    AddressList Envelope::*list;
    bool joins; // may stand several times
};
constexpr std::array<AddressField, 6> AddressFields{{
    {"from", &Envelope::from, false},
    {"sender", &Envelope::sender, false},
    {"reply-to", &Envelope::replyTo, false},
    {"to", &Envelope::to, true},
    {"cc", &Envelope::cc, true},
    {"bcc", &Envelope::bcc, true},
}};

void readField(Envelope &envelope, const HeaderField &field)
{
    for (const auto &text : TextFields) {
        auto &value = envelope.*text.value;
        if (isSameName(field.name, text.name) && !value) {
            value = unfolded(field.value);
        }
    }
    for (const auto &addresses : AddressFields) {
        auto &list = envelope.*addresses.list;
        if (isSameName(field.name, addresses.name) && (addresses.joins || list.isEmpty())) {
            parseAddresses(unfolded(field.value), list);
        }
    }
}

void writeText(ResponseWriter &out, const std::optional<QByteArray> &text)
{
    out.nstring(text.value_or(QByteArray()), !text.has_value());
}

void writeAddress(ResponseWriter &out, const Address &address)
{
    const auto nullable = [&out](const QByteArray &text) { out.nstring(text, text.isEmpty()); };
    out.raw("(");
    nullable(address.name);
    out.space();
    nullable(address.route);
    out.space();
    out.nstring(address.mailbox, address.kind == Address::Kind::GroupEnd);
    out.space();
    out.nstring(address.host, address.kind != Address::Kind::Mailbox);
    out.raw(")");
}

void writeAddresses(ResponseWriter &out, const AddressList &addresses)
{
    if (addresses.isEmpty()) {
        out.raw("NIL");
        return;
    }
    out.raw("(");
    for (const auto &address : addresses) {
        writeAddress(out, address);
    }
    out.raw(")");
}

} // namespace

QByteArray writeEnvelope(QByteArrayView header)
{
    Envelope envelope;
    HeaderField field;
    for (HeaderReader reader(header); reader.next(field);) {
        readField(envelope, field);
    }
    // RFC 9051 7.5.2: absent or empty, they take the value of From.
    const auto orFrom = [&envelope](const AddressList &list) {
        return list.isEmpty() ? envelope.from : list;
    };

    QByteArray result;
    ResponseWriter out(result);
    out.raw("(");
    writeText(out, envelope.date);
    out.space();
    writeText(out, envelope.subject);
    for (const auto &list : {envelope.from,
                             orFrom(envelope.sender),
                             orFrom(envelope.replyTo),
                             envelope.to,
                             envelope.cc,
                             envelope.bcc}) {
        out.space();
        writeAddresses(out, list);
    }
    out.space();
    writeText(out, envelope.inReplyTo);
    out.space();
    writeText(out, envelope.messageId);
    out.raw(")");
    return result;
}

} // namespace Postnook::Mime
