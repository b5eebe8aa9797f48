#include "core/commands/enablecommand.h"

#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

struct Enableable {
    const char *name;
    EnabledExtensions extensions;
};

// RFC 7162 3.2.3: QRESYNC is never without CONDSTORE.
const Enableable Enableables[] = {
    {"CONDSTORE", Extension::CondStore},
    {"QRESYNC", Extension::QResync | Extension::CondStore},
    {"IMAP4rev2", Extension::Imap4rev2},
    {"UTF8=ACCEPT", Extension::Utf8Accept},
    {"UIDONLY", Extension::UidOnly},
};

} // namespace

void EnableCommand::start(TokenCursor &arguments)
{
    QByteArrayList wanted;
    do {
        arguments.expectSpace();
        wanted.append(arguments.atom().toUpper());
    } while (!arguments.hasFailed() && !arguments.atEnd());
    if (failedToParse(arguments)) {
        return;
    }
    // RFC 5161 3.1, 3.2: what is not known, or not announced here, is passed over; the answer names
    // what this very command has turned on.
    const auto announced = session().capabilities().toUpper().split(' ');
    QByteArray enabled = "* ENABLED";
    EnabledExtensions extensions;
    for (const Enableable &one : Enableables) {
        const auto name = QByteArray(one.name).toUpper();
        if (wanted.contains(name) && announced.contains(name)
            && (session().enabled() & one.extensions) != one.extensions) {
            enabled += ' ' + QByteArray(one.name);
            extensions |= one.extensions;
        }
    }
    session().send(enabled + "\r\n");
    session().enable(extensions);
    finish(Status::ok("Done"));
}

} // namespace Postnook
