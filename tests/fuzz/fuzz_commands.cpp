#include "core/commands/fetchitems.h"
#include "core/commands/mailboxfilterparser.h"
#include "core/commands/metadatarequest.h"
#include "core/commands/notifyparser.h"
#include "core/commands/qresyncparameter.h"
#include "core/search/searchresult.h"
#include "core/search/sortprogram.h"
#include "core/session/commandhead.h"
#include "core/wire/tokencursor.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace Postnook::Fuzz
{

namespace
{

// Whatever is read, the cursor stays inside, and stands at the end once it has failed.
template <typename Read>
void checkReading(QByteArrayView data, const Read &read)
{
    for (const auto coding : {NameCoding::ModifiedUtf7, NameCoding::Utf8}) {
        TokenCursor cursor(data, coding);
        read(cursor);
        PROPERTY(cursor.position() <= data.size());
        PROPERTY(!cursor.hasFailed() || cursor.atEnd());
        PROPERTY(cursor.hasFailed() == !cursor.fault().isEmpty());
        PROPERTY2(std::all_of(cursor.fault().begin(),
                              cursor.fault().end(),
                              [](char c) { return c >= ' ' && c <= '~'; }),
                  cursor.fault());
    }
}

void readValues(TokenCursor &cursor)
{
    (void)readCommandHead(cursor);
    cursor.expectSpace();
    (void)cursor.flagListOrBare();
    cursor.expectSpace();
    (void)cursor.dateTime();
    cursor.expectSpace();
    (void)cursor.nstring();
    cursor.expectSpace();
    (void)cursor.literalOrLiteral8();
    cursor.expectEnd();
}

void checkItems(QByteArrayView data)
{
    TokenCursor cursor(data);
    const auto items = parseFetchItems(cursor);
    (void)parseFetchModifiers(cursor);
    if (cursor.hasFailed()) {
        return;
    }
    for (qsizetype i = 0; i < items.size(); ++i) {
        PROPERTY(!items.mid(i + 1).contains(items[i]));
        PROPERTY(!items[i].partial || items[i].partial->size > 0);
    }
}

} // namespace

// The arguments of commands, as far as they have parsers of their own.
void checkCommands(QByteArrayView data)
{
    checkReading(data, readValues);
    checkReading(data, [](TokenCursor &cursor) { (void)cursor.mailbox(); });
    checkReading(data, [](TokenCursor &cursor) { (void)cursor.listMailbox(); });
    checkReading(data, [](TokenCursor &cursor) { (void)cursor.date(); });
    checkReading(data, [](TokenCursor &cursor) { (void)parseSearchReturn(cursor); });
    checkReading(data, [](TokenCursor &cursor) { (void)parseSortProgram(cursor); });
    checkReading(data, [](TokenCursor &cursor) { (void)parseQResyncParameter(cursor); });
    checkItems(data);
}

} // namespace Postnook::Fuzz
