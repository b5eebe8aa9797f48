#include "core/search/searchkey.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace Postnook::Fuzz
{

namespace
{

// Of a program in prefix order: where the criterion at `at` ends, -1 where it does not.
qsizetype endOf(const QList<SearchKey> &keys)
{
    qint64 wanted = 1;
    qsizetype at = 0;
    for (; wanted > 0 && at < keys.size(); ++at) {
        using Kind = SearchKey::Kind;
        const auto kind = keys[at].kind;
        wanted += kind == Kind::And ? qint64(keys[at].count) - 1 : kind == Kind::Or ? 1 : 0;
        wanted -= kind == Kind::And || kind == Kind::Or || kind == Kind::Not ? 0 : 1;
    }
    return wanted == 0 ? at : -1;
}

} // namespace

void checkSearchKeys(QByteArrayView data)
{
    for (const auto form : {CharsetForm::Optional, CharsetForm::Mandatory, CharsetForm::None}) {
        TokenCursor cursor(data);
        const auto program = parseSearch(cursor, form);
        if (!program) {
            continue;
        }
        PROPERTY(!program->keys.isEmpty() && program->keys.size() <= MaxSearchKeys);
        PROPERTY(endOf(program->keys) == program->keys.size());
        for (const SearchKey &key : program->keys) {
            const bool isText =
                key.kind == SearchKey::Kind::Text || key.kind == SearchKey::Kind::Body;
            PROPERTY(!isText || !key.text.isEmpty());
            PROPERTY(!isText || program->needsContent);
        }
    }
}

} // namespace Postnook::Fuzz
