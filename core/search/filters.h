#pragma once

#include "core/search/searchkey.h"
#include "storage/store.h"

#include <QByteArray>

#include <optional>

namespace Postnook
{

// Named searches (RFC 5466). A filter is a metadata entry of the server whose value is what stands
// in a SEARCH command: "/private/filters/values/NAME" or, where there is none, the same below
// "/shared".

// The program with the criteria of its filters in their places, each as if in parentheses. Filters
// may use others. The limits of a search hold over all of it. NotFound: a filter that is not there
// or uses itself; the text is its name. Invalid: what is kept is no search. Limit. Pool thread.
Result<SearchProgram> withFiltersFound(ReadTxn &txn, const SearchProgram &program);

// Whether a metadata entry of the server may have this value, as far as it is a filter's (RFC 5466
// 3.2). Invalid. Pure.
Result<void> checkFilter(const QByteArray &entry, const std::optional<QByteArray> &value);

} // namespace Postnook
