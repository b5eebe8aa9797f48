#include "storage/sqlite/keywords.h"

#include "storage/limits.h"

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr char Separator = ' '; // no keyword has one: they are atoms (RFC 9051 9, flag-keyword)

} // namespace

QByteArrayList normalizedKeywords(QByteArrayList names)
{
    const auto less = [](const QByteArray &a, const QByteArray &b) {
        return a.toLower() < b.toLower();
    };
    const auto same = [](const QByteArray &a, const QByteArray &b) {
        return a.compare(b, Qt::CaseInsensitive) == 0;
    };
    std::stable_sort(names.begin(), names.end(), less);
    names.erase(std::unique(names.begin(), names.end(), same), names.end());
    return names;
}

bool containsKeyword(const QByteArrayList &names, const QByteArray &name)
{
    return std::any_of(names.begin(), names.end(), [&name](const QByteArray &other) {
        return other.compare(name, Qt::CaseInsensitive) == 0;
    });
}

Result<QByteArrayList> KeywordSets::names(qint64 id)
{
    if (id == 0) {
        return QByteArrayList();
    }
    if (const auto known = m_names.constFind(id); known != m_names.constEnd()) {
        return *known;
    }
    auto query = m_database.statement("SELECT names FROM keyword_set WHERE id = ?1", id);
    if (!query.next()) {
        return query.error().value_or(
            Error{ErrorCode::Corrupt, QStringLiteral("keyword set %1 is missing").arg(id)});
    }
    auto names = query.bytes(0).split(Separator);
    m_names.insert(id, names);
    return names;
}

Result<QSet<qint64>> KeywordSets::with(const QByteArray &name)
{
    QSet<qint64> sets;
    auto query = m_database.statement("SELECT id, names FROM keyword_set");
    while (query.next()) {
        if (containsKeyword(query.bytes(1).split(Separator), name)) {
            sets.insert(query.integer(0));
        }
    }
    return query.error() ? Result<QSet<qint64>>(*query.error()) : Result(sets);
}

Result<qint64> KeywordSets::idOf(const QByteArrayList &names)
{
    if (names.isEmpty()) {
        return 0;
    }
    const auto joined = names.join(Separator);
    auto query = m_database.statement("SELECT id FROM keyword_set WHERE names = ?1", Text{joined});
    if (query.next()) {
        return query.integer(0);
    }
    if (query.error()) {
        return *query.error();
    }
    const auto stored = m_database.run("INSERT INTO keyword_set (names) VALUES (?1)", Text{joined});
    if (!stored) {
        return stored.error();
    }
    return m_database.lastInsertId();
}

Result<MailboxKeywords::Known *> MailboxKeywords::known(MailboxId mailbox)
{
    if (const auto found = m_known.find(mailbox); found != m_known.end()) {
        return &found->second;
    }
    Known known;
    auto query = m_database.statement(
        "SELECT name, number FROM keyword WHERE mailbox_id = ?1 ORDER BY number", mailbox);
    while (query.next()) {
        const auto name = query.bytes(0);
        known.spellings.insert(name.toLower(), name);
        known.lastNumber = query.integer(1);
    }
    if (query.error()) {
        return *query.error();
    }
    return &m_known.emplace(mailbox, std::move(known)).first->second;
}

Result<QByteArrayList> MailboxKeywords::record(MailboxId mailbox, const QByteArrayList &names)
{
    if (names.isEmpty()) {
        return names;
    }
    const auto known = this->known(mailbox);
    if (!known) {
        return known.error();
    }
    const auto lastNumber = (*known)->lastNumber;
    QByteArrayList spelled;
    for (const auto &name : names) {
        const auto spelling = spell(mailbox, **known, name);
        if (!spelling) {
            return spelling.error();
        }
        spelled.append(*spelling);
    }
    // Already where there is room for no other one, so that clients are told of room as it comes.
    if ((*known)->lastNumber > lastNumber && (*known)->spellings.size() >= MaxKeywordsPerMailbox) {
        if (auto freed = freeUnused(mailbox, **known); !freed) {
            return freed.error();
        }
        if ((*known)->spellings.size() > MaxKeywordsPerMailbox) {
            return Error{ErrorCode::Limit, QStringLiteral("too many keywords in this mailbox")};
        }
    }
    return normalizedKeywords(std::move(spelled));
}

Result<QByteArray> MailboxKeywords::spell(MailboxId mailbox, Known &known, const QByteArray &name)
{
    if (name.isEmpty() || name.contains(Separator)) {
        return Error{ErrorCode::Invalid, QStringLiteral("a keyword is a single word")};
    }
    const auto key = name.toLower();
    known.recorded.insert(key);
    auto &spelling = known.spellings[key];
    if (spelling.isEmpty()) {
        const auto stored =
            m_database.run("INSERT INTO keyword (mailbox_id, number, name) VALUES (?1, ?2, ?3)",
                           mailbox,
                           ++known.lastNumber,
                           Text{name});
        if (!stored) {
            return stored.error();
        }
        spelling = name;
    }
    return spelling;
}

Result<QSet<QByteArray>> MailboxKeywords::used(MailboxId mailbox)
{
    QSet<QByteArray> names;
    auto sets = m_database.statement(
        "SELECT names FROM keyword_set WHERE id IN"
        " (SELECT keyword_set_id FROM message WHERE mailbox_id = ?1 AND keyword_set_id <> 0"
        "  UNION SELECT keyword_set_id FROM expunged WHERE mailbox_id = ?1)",
        mailbox);
    while (sets.next()) {
        const auto ofSet = sets.bytes(0).toLower().split(Separator);
        names.unite(QSet<QByteArray>(ofSet.begin(), ofSet.end()));
    }
    return sets.error() ? Result<QSet<QByteArray>>(*sets.error()) : Result(names);
}

Result<void> MailboxKeywords::freeUnused(MailboxId mailbox, Known &known)
{
    const auto used = this->used(mailbox);
    if (!used) {
        return used.error();
    }
    for (auto it = known.spellings.begin(); it != known.spellings.end();) {
        if (used->contains(it.key()) || known.recorded.contains(it.key())) {
            ++it;
            continue;
        }
        const auto freed = m_database.run(
            "DELETE FROM keyword WHERE mailbox_id = ?1 AND name = ?2", mailbox, Text{it.value()});
        if (!freed) {
            return freed;
        }
        it = known.spellings.erase(it);
    }
    return {};
}

} // namespace Postnook::Sqlite
