#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QList>

#include <optional>
#include <utility>
#include <variant>

// What a client reads in a FETCH response, as values. The grammar is RFC 9051 section 9.
namespace Postnook::Grammar
{

using NString = std::optional<QByteArray>; // nullopt: NIL

struct EnvelopeAddress {
    NString name;
    NString route;
    NString mailbox; // NIL: the end of a group
    NString host; // NIL: group syntax

    friend bool operator==(const EnvelopeAddress &, const EnvelopeAddress &) = default;
};
using AddressList = QList<EnvelopeAddress>; // empty: NIL

struct Envelope {
    NString date;
    NString subject;
    AddressList from;
    AddressList sender;
    AddressList replyTo;
    AddressList to;
    AddressList cc;
    AddressList bcc;
    NString inReplyTo;
    NString messageId;

    friend bool operator==(const Envelope &, const Envelope &) = default;
};

using ParameterList = QList<std::pair<QByteArray, QByteArray>>;

struct Disposition {
    QByteArray type;
    ParameterList parameters;

    friend bool operator==(const Disposition &, const Disposition &) = default;
};

struct Body {
    bool isMultipart = false;
    QByteArray type; // empty for a multipart
    QByteArray subtype;
    ParameterList parameters; // of a multipart they are extension data
    NString id;
    NString description;
    QByteArray encoding;
    quint32 octets = 0;
    std::optional<quint64> lines; // of text and of messages
    std::optional<Envelope> envelope; // of messages
    QList<Body> children; // of a multipart all, of a message its body

    // How many items of extension data there are; the rest is as if NIL.
    int extensionItems = 0;
    NString md5;
    std::optional<Disposition> disposition;
    QByteArrayList languages;
    NString location;

    friend bool operator==(const Body &, const Body &) = default;
};

struct FetchItem {
    QByteArray name; // as sent, with section and origin: "BODY[1.MIME]<0>"
    std::variant<quint64, NString, QByteArrayList, Envelope, Body> value;
};

struct FetchResponse {
    quint32 number = 0; // message sequence number
    QList<FetchItem> items;
};

} // namespace Postnook::Grammar
