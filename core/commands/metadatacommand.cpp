#include "core/commands/metadatacommand.h"

#include "core/mailbox/account.h"
#include "core/mailbox/metadata.h"
#include "core/search/filters.h"
#include "core/session/session.h"
#include "core/wire/metadatanames.h"

#include <algorithm>

namespace Postnook
{

namespace
{

Status tooLarge()
{
    return Status::no("The value is too large",
                      "METADATA MAXSIZE " + QByteArray::number(MaxMetadataValueBytes));
}

// RFC 5464 4.3
Status refusalFor(const Error &error, const MailboxName &owner)
{
    const bool isServer = owner.utf8.isEmpty();
    switch (error.code) {
    case ErrorCode::TooBig:
        return tooLarge();
    case ErrorCode::Limit:
        return Status::no("There is no room for more metadata", "METADATA TOOMANY");
    case ErrorCode::Invalid:
        return isServer ? statusFor(error) // a filter
                        : Status::no("The mailbox cannot have that use", "USEATTR"); // RFC 6154 4
    default:
        return statusFor(error);
    }
}

Result<void> setAll(WriteTxn &txn, const SetMetadataRequest &request)
{
    const auto owner = metadataOwner(txn, request.mailbox);
    if (!owner) {
        return owner.error();
    }
    for (const auto &[entry, value] : request.values) {
        if (owner->id == ServerMetadata) {
            if (auto checked = checkFilter(entry, value); !checked) {
                return checked;
            }
        }
        if (auto set = setMetadataValue(txn, *owner, entry, value); !set) {
            return set;
        }
    }
    return {};
}

} // namespace

void GetMetadataCommand::start(TokenCursor &arguments)
{
    m_request = parseGetMetadata(arguments);
    m_request.coding = session().nameCoding();
    if (!failedToParse(arguments)) {
        next();
    }
}

void GetMetadataCommand::resume()
{
    if (m_plan != nullptr && !m_isReading) {
        next();
    }
}

void GetMetadataCommand::next()
{
    m_isReading = true;
    store()
        .read([request = m_request, plan = m_plan, from = m_next](
                  ReadTxn &txn) { return read(txn, request, plan, from); },
              {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<Chunk> &chunk) { onChunk(chunk); });
}

Result<GetMetadataCommand::Chunk> GetMetadataCommand::read(ReadTxn &txn,
                                                           const GetMetadataRequest &request,
                                                           std::shared_ptr<const Plan> plan,
                                                           qsizetype from)
{
    if (plan == nullptr) {
        const auto owner = metadataOwner(txn, request.mailbox);
        if (!owner) {
            return owner.error();
        }
        const auto entries = metadataEntries(txn, *owner);
        if (!entries) {
            return entries.error();
        }
        plan = std::make_shared<const Plan>(Plan{*owner, answerMetadata(*entries, request.query)});
    }
    Chunk chunk{plan, {}, from};
    if (plan->answer.entries.isEmpty()) {
        return chunk;
    }
    return writeMetadata(txn, plan->owner, plan->answer.entries, from, request.coding, chunk.bytes)
        .transform([&chunk](qsizetype next) {
            chunk.next = next;
            return chunk;
        });
}

void GetMetadataCommand::onChunk(const Result<Chunk> &chunk)
{
    m_isReading = false;
    if (!chunk) {
        finish(chunk.error());
        return;
    }
    m_plan = chunk->plan;
    m_next = chunk->next;
    session().send(chunk->bytes);
    if (m_next < m_plan->answer.entries.size()) {
        if (!session().isOutputFull()) {
            next();
        }
        return;
    }
    const quint64 longest = m_plan->answer.longest;
    const QByteArray code =
        longest > 0 ? "METADATA LONGENTRIES " + QByteArray::number(longest) : QByteArray();
    finish(Status::ok("Done", code));
}

void SetMetadataCommand::start(TokenCursor &arguments)
{
    const SetMetadataRequest request = parseSetMetadata(arguments);
    if (failedToParse(arguments)) {
        return;
    }
    quint64 bytes = 0;
    for (const auto &[entry, value] : request.values) {
        if (entry.size() > MaxMetadataNameBytes) {
            finish(Status::no("The name of an entry is too long", "LIMIT"));
            return;
        }
        bytes += static_cast<quint64>(entry.size() + value.value_or(QByteArray()).size());
    }
    account()
        .write([request](WriteTxn &txn) { return setAll(txn, request); },
               session().writeOptions(bytes))
        .then(this, [this, owner = request.mailbox](const Result<void> &done) {
            finish(done ? Status::ok("Done") : refusalFor(done.error(), owner));
        });
}

Status SetMetadataCommand::refusalOf(const CommandFramer::Literal &literal) const
{
    return literal.size > MaxMetadataValueBytes ? tooLarge() : Command::refusalOf(literal);
}

} // namespace Postnook
