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

Result<MailboxKeywords::Spellings *> MailboxKeywords::spellings(MailboxId mailbox)
{
    if (const auto known = m_spellings.find(mailbox); known != m_spellings.end()) {
        return &known->second;
    }
    Spellings spellings;
    auto query = m_database.statement("SELECT name FROM keyword WHERE mailbox_id = ?1", mailbox);
    while (query.next()) {
        const auto name = query.bytes(0);
        spellings.insert(name.toLower(), name);
    }
    if (query.error()) {
        return *query.error();
    }
    return &m_spellings.emplace(mailbox, std::move(spellings)).first->second;
}

Result<QByteArrayList> MailboxKeywords::record(MailboxId mailbox, const QByteArrayList &names)
{
    if (names.isEmpty()) {
        return names;
    }
    const auto known = spellings(mailbox);
    if (!known) {
        return known.error();
    }
    QByteArrayList spelled;
    for (const auto &name : names) {
        if (name.isEmpty() || name.contains(Separator)) {
            return Error{ErrorCode::Invalid, QStringLiteral("a keyword is a single word")};
        }
        auto &spelling = (**known)[name.toLower()];
        if (spelling.isEmpty()) {
            const auto number = (*known)->size();
            if (number > MaxKeywordsPerMailbox) {
                return Error{ErrorCode::Limit, QStringLiteral("too many keywords in this mailbox")};
            }
            const auto stored =
                m_database.run("INSERT INTO keyword (mailbox_id, number, name) VALUES (?1, ?2, ?3)",
                               mailbox,
                               number,
                               Text{name});
            if (!stored) {
                return stored.error();
            }
            spelling = name;
        }
        spelled.append(spelling);
    }
    return normalizedKeywords(std::move(spelled));
}

} // namespace Postnook::Sqlite
