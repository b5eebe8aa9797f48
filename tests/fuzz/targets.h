#pragma once

#include <QByteArrayView>

namespace Postnook::Fuzz
{

// One per fuzz_NAME.cpp: takes any bytes and checks what must hold of them (property.h).
void checkAddresses(QByteArrayView data); // the value of an address field
void checkBaseSubject(QByteArrayView data); // the value of a Subject field
void checkDates(QByteArrayView data); // the value of a Date field, and IMAP's date-time
void checkHeaderText(QByteArrayView data); // the value of a field: text, or a type's parameters
void checkHtml(QByteArrayView data); // a first octet that selects a charset, then HTML
void checkPreview(QByteArrayView data); // a message
void checkScanner(QByteArrayView data); // a message
void checkStructure(QByteArrayView data); // a part's header, and stored structures
void checkTransferEncoding(QByteArrayView data); // a body, encoded or to encode

} // namespace Postnook::Fuzz
