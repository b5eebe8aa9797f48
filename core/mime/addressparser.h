#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace Postnook::Mime
{

// One entry of an address list as ENVELOPE shows it (RFC 9051 7.5.2). Quoting is removed, encoded
// words stay.
struct Address {
    enum class Kind : quint8 { Mailbox, GroupStart, GroupEnd };

    Kind kind = Kind::Mailbox;
    QByteArray name{}; // display name, or the comment that serves as one
    QByteArray route{}; // obsolete source route, "@a,@b"
    QByteArray mailbox{}; // local part; the group's name at GroupStart
    QByteArray host{}; // may be empty for what is no address; never absent for a mailbox

    friend bool operator==(const Address &, const Address &) = default;
};

constexpr qsizetype MaxAddresses = 10'000; // of one list; the rest is not shown

// Appends the addresses of an unfolded field value to a list: RFC 5322 3.4 and 4.4, RFC 6532, and
// an answer for what people and programs send instead. Where the grammar ends, we choose so that
// a person sees who is meant:
// - one word without "@" is a local part with an empty host, several are a display name;
// - "Ann ann@example.org" is name and address, and so is "ann@example.org <ann@example.org>";
// - ";" outside of a group separates; groups do not nest: a new one ends the open one, and so
//   does the end of the field;
// - entries without name, local part and host are left out.
void parseAddresses(QByteArrayView value, QList<Address> &addresses);

} // namespace Postnook::Mime
