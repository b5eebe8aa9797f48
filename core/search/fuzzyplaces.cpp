#include "core/search/fuzzyplaces.h"

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

constexpr int WrittenWeight = 85; // by a person, and of less use to tell messages apart
constexpr int TechnicalWeight = 50; // trace fields, signatures: nobody has them in mind

constexpr std::array BestFields{"subject", "from"};
constexpr std::array WrittenFields{
    "to", "cc", "bcc", "sender", "reply-to", "comments", "keywords", "organization"};

template <typename Names>
bool hasField(const Names &names, QStringView name)
{
    return std::any_of(names.begin(), names.end(), [name](const char *field) {
        return name == QLatin1String(field);
    });
}

int weightOfLine(QStringView line)
{
    const auto name = line.first(std::max<qsizetype>(line.indexOf(u':'), 0));
    return hasField(BestFields, name)   ? 100
        : hasField(WrittenFields, name) ? WrittenWeight
                                        : TechnicalWeight;
}

} // namespace

int weightOfField(QByteArrayView name)
{
    return hasField(BestFields, QString::fromLatin1(name)) ? 100 : WrittenWeight;
}

void lookAtHeader(const FuzzyMatcher &matcher, QStringView headerText, FuzzyMatcher::Match &match)
{
    while (!headerText.isEmpty()) {
        const auto end = headerText.indexOf(u'\n');
        const auto line = end < 0 ? headerText : headerText.first(end);
        matcher.look(line, weightOfLine(line), match);
        headerText = headerText.sliced(std::min(line.size() + 1, headerText.size()));
    }
}

} // namespace Postnook
