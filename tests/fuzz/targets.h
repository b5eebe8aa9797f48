#pragma once

#include <QByteArrayView>

namespace Postnook::Fuzz
{

// One per fuzz_NAME.cpp: takes any bytes and checks what must hold of them (property.h).
void checkAddresses(QByteArrayView data); // the value of an address field
void checkBaseSubject(QByteArrayView data); // the value of a Subject field
void checkCommands(QByteArrayView data); // the arguments of a command
void checkDates(QByteArrayView data); // the value of a Date field, and IMAP's date-time
void checkFramer(QByteArrayView data); // what a client sends
void checkHeaderText(QByteArrayView data); // the value of a field: text, or a type's parameters
void checkHtml(QByteArrayView data); // a first octet that selects a charset, then HTML
void checkLmtp(QByteArrayView data); // what stands behind RCPT, and behind DATA
void checkMailboxNames(QByteArrayView data); // a name or a pattern, as sent
void checkPreview(QByteArrayView data); // a message
void checkSasl(QByteArrayView data); // a response, a line, a name
void checkScanner(QByteArrayView data); // a message
void checkSearchKeys(QByteArrayView data); // the criteria of SEARCH
void checkSequenceSets(QByteArrayView data);
void checkSession(QByteArrayView data); // a first octet for the state, then what a client sends
void checkSettings(QByteArrayView data); // the INI file
void checkStructure(QByteArrayView data); // a part's header, and stored structures
void checkTransferEncoding(QByteArrayView data); // a body, encoded or to encode

} // namespace Postnook::Fuzz
