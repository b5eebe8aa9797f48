#include "core/commands/commandtable.h"

#include "core/commands/appendcommand.h"
#include "core/commands/authenticatecommand.h"
#include "core/commands/cancelupdatecommand.h"
#include "core/commands/closecommand.h"
#include "core/commands/compresscommand.h"
#include "core/commands/copymovecommand.h"
#include "core/commands/createcommand.h"
#include "core/commands/enablecommand.h"
#include "core/commands/expungecommand.h"
#include "core/commands/fetchcommand.h"
#include "core/commands/idlecommand.h"
#include "core/commands/importedcommand.h"
#include "core/commands/listcommand.h"
#include "core/commands/logincommand.h"
#include "core/commands/mailboxcommand.h"
#include "core/commands/metadatacommand.h"
#include "core/commands/multisearchcommand.h"
#include "core/commands/notifycommand.h"
#include "core/commands/replacecommand.h"
#include "core/commands/searchcommand.h"
#include "core/commands/selectcommand.h"
#include "core/commands/simplecommands.h"
#include "core/commands/statuscommand.h"
#include "core/commands/storecommand.h"
#include "core/commands/uidbatchescommand.h"

namespace Postnook
{

namespace
{

constexpr SessionStates NotAuthenticated = SessionState::NotAuthenticated;
constexpr SessionStates Selected = SessionState::Selected;
constexpr SessionStates LoggedIn = SessionStates(SessionState::Authenticated) | Selected;
constexpr SessionStates Any = LoggedIn | NotAuthenticated;

constexpr CommandFlags None = CommandFlag::None;
constexpr CommandFlags HoldsExpunges = CommandFlag::HoldsExpunges;
constexpr CommandFlags NeedsWritable = CommandFlag::NeedsWritable;
constexpr CommandFlags TakesLiterals = CommandFlag::TakesLiterals;
constexpr CommandFlags SendsPassword = CommandFlag::SendsPassword;
constexpr CommandFlags ForImport = CommandFlag::ForImport;
constexpr CommandFlags TellsModSeq = CommandFlag::TellsModSeq;
constexpr CommandFlags ByNumber = CommandFlag::ByNumber;
constexpr CommandFlags AddsMessages = CommandFlag::AddsMessages;

template <typename T, auto... Arguments>
std::unique_ptr<Command> make(Session &session)
{
    return std::make_unique<T>(session, Arguments...);
}

// In the order of RFC 9051 section 6.
constexpr CommandRow Table[] = {
    {"CAPABILITY", Any, None, make<CapabilityCommand>, nullptr},
    {"NOOP", Any, None, make<NoopCommand>, nullptr},
    {"LOGOUT", Any, None, make<LogoutCommand>, nullptr},
    {"ID", Any, None, make<IdCommand>, "ID"},

    {"STARTTLS", NotAuthenticated, None, make<StartTlsCommand>, nullptr},
    {"AUTHENTICATE", NotAuthenticated, SendsPassword, make<AuthenticateCommand>, nullptr},
    {"LOGIN", NotAuthenticated, SendsPassword, make<LoginCommand>, nullptr},

    {"ENABLE", LoggedIn, None, make<EnableCommand>, "ENABLE"},
    {"SELECT", LoggedIn, None, make<SelectCommand, SelectMode::ReadWrite>, nullptr},
    {"EXAMINE", LoggedIn, None, make<SelectCommand, SelectMode::ReadOnly>, nullptr},
    {"CREATE", LoggedIn, None, make<CreateCommand>, nullptr},
    {"DELETE", LoggedIn, None, make<MailboxCommand, MailboxVerb::Delete>, nullptr},
    {"RENAME", LoggedIn, None, make<MailboxCommand, MailboxVerb::Rename>, nullptr},
    {"SUBSCRIBE", LoggedIn, None, make<MailboxCommand, MailboxVerb::Subscribe>, nullptr},
    {"UNSUBSCRIBE", LoggedIn, None, make<MailboxCommand, MailboxVerb::Unsubscribe>, nullptr},
    {"LIST", LoggedIn, None, make<ListCommand>, nullptr},
    {"LSUB", LoggedIn, None, make<LsubCommand>, nullptr},
    {"NAMESPACE", LoggedIn, None, make<NamespaceCommand>, "NAMESPACE"},
    {"STATUS", LoggedIn, None, make<StatusCommand>, nullptr},
    {"APPEND", LoggedIn, TakesLiterals | AddsMessages, make<AppendCommand>, nullptr},
    {"GETMETADATA", LoggedIn, None, make<GetMetadataCommand>, "METADATA"},
    {"SETMETADATA", LoggedIn, None, make<SetMetadataCommand>, nullptr},
    {"XIMPORTED", LoggedIn, ForImport, make<ImportedCommand>, nullptr},
    {"IDLE", LoggedIn, None, make<IdleCommand>, "IDLE"},
    {"NOTIFY", LoggedIn, None, make<NotifyCommand>, "NOTIFY"},
    {"COMPRESS", LoggedIn, None, make<CompressCommand>, "COMPRESS=DEFLATE"},
    {"UNAUTHENTICATE", LoggedIn, None, make<UnauthenticateCommand>, "UNAUTHENTICATE"},

    {"CHECK", Selected, None, make<NoopCommand>, nullptr},
    {"CLOSE", Selected, None, make<CloseCommand, CloseMode::Close>, nullptr},
    {"UNSELECT", Selected, None, make<CloseCommand, CloseMode::Unselect>, "UNSELECT"},
    {"EXPUNGE", Selected, NeedsWritable | TellsModSeq, make<ExpungeCommand, false>, nullptr},
    {"UID EXPUNGE", Selected, NeedsWritable | TellsModSeq, make<ExpungeCommand, true>, "UIDPLUS"},
    {"SEARCH",
     Selected,
     HoldsExpunges | ByNumber,
     make<SearchCommand, SearchVerb::Search, false>,
     nullptr},
    {"UID SEARCH", Selected, None, make<SearchCommand, SearchVerb::Search, true>, nullptr},
    {"SORT",
     Selected,
     HoldsExpunges | ByNumber,
     make<SearchCommand, SearchVerb::Sort, false>,
     "SORT"},
    {"UID SORT", Selected, None, make<SearchCommand, SearchVerb::Sort, true>, nullptr},
    {"THREAD",
     Selected,
     HoldsExpunges | ByNumber,
     make<SearchCommand, SearchVerb::Thread, false>,
     "THREAD=REFERENCES"},
    {"UID THREAD", Selected, None, make<SearchCommand, SearchVerb::Thread, true>, nullptr},
    {"ESEARCH", LoggedIn, None, make<MultiSearchCommand>, "MULTISEARCH"},
    // In no grammar, but in the example of RFC 7377 2.
    {"UID ESEARCH", LoggedIn, None, make<MultiSearchCommand>, nullptr},
    {"CANCELUPDATE", Selected, None, make<CancelUpdateCommand>, "CONTEXT=SEARCH"},
    // Not announced until a client or a server of somebody else's has been tried with it.
    {"UIDBATCHES", Selected, None, make<UidBatchesCommand>, nullptr},
    {"FETCH", Selected, HoldsExpunges | ByNumber, make<FetchCommand, false>, nullptr},
    {"UID FETCH", Selected, None, make<FetchCommand, true>, nullptr},
    {"STORE",
     Selected,
     HoldsExpunges | ByNumber | NeedsWritable,
     make<StoreCommand, false>,
     nullptr},
    {"UID STORE", Selected, NeedsWritable, make<StoreCommand, true>, nullptr},
    {"COPY",
     Selected,
     ByNumber | AddsMessages,
     make<CopyMoveCommand, CopyMode::Copy, false>,
     nullptr},
    {"UID COPY", Selected, AddsMessages, make<CopyMoveCommand, CopyMode::Copy, true>, nullptr},
    {"MOVE",
     Selected,
     NeedsWritable | TellsModSeq | ByNumber,
     make<CopyMoveCommand, CopyMode::Move, false>,
     "MOVE"},
    {"UID MOVE",
     Selected,
     NeedsWritable | TellsModSeq,
     make<CopyMoveCommand, CopyMode::Move, true>,
     nullptr},
    {"REPLACE",
     Selected,
     NeedsWritable | TakesLiterals | TellsModSeq | ByNumber,
     make<ReplaceCommand, false>,
     "REPLACE"},
    {"UID REPLACE",
     Selected,
     NeedsWritable | TakesLiterals | TellsModSeq,
     make<ReplaceCommand, true>,
     nullptr},
};

} // namespace

std::span<const CommandRow> commandTable()
{
    return Table;
}

} // namespace Postnook
