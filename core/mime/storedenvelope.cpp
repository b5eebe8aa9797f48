#include "core/mime/storedenvelope.h"

#include "core/wire/tokencursor.h"

namespace Postnook::Mime
{

namespace
{

EnvelopeAddress readAddress(TokenCursor &cursor)
{
    EnvelopeAddress address;
    cursor.enterList();
    address.name = cursor.nstring();
    cursor.expectSpace();
    (void)cursor.nstring(); // the route
    cursor.expectSpace();
    address.mailbox = cursor.nstring();
    cursor.expectSpace();
    address.host = cursor.nstring();
    cursor.leaveList();
    return address;
}

// Gives the first of a list of addresses, and goes behind the list.
std::optional<EnvelopeAddress> readAddresses(TokenCursor &cursor)
{
    if (cursor.tryWord("NIL")) {
        return std::nullopt;
    }
    cursor.enterList();
    const auto first = readAddress(cursor);
    while (!cursor.hasFailed() && cursor.peek() != std::optional<char>(')')) {
        (void)readAddress(cursor);
    }
    cursor.leaveList();
    return first;
}

} // namespace

std::optional<EnvelopeAddress> firstAddress(QByteArrayView envelope, AddressField field)
{
    TokenCursor cursor(envelope);
    cursor.enterList();
    (void)cursor.nstring(); // date
    cursor.expectSpace();
    (void)cursor.nstring(); // subject
    std::optional<EnvelopeAddress> address;
    for (int place = 2; place <= static_cast<int>(field); ++place) {
        cursor.expectSpace();
        address = readAddresses(cursor);
    }
    return cursor.hasFailed() ? std::nullopt : address;
}

std::optional<QByteArray> storedSubject(QByteArrayView envelope)
{
    TokenCursor cursor(envelope);
    cursor.enterList();
    (void)cursor.nstring(); // date
    cursor.expectSpace();
    const auto subject = cursor.nstring();
    return cursor.hasFailed() ? std::nullopt : subject;
}

} // namespace Postnook::Mime
