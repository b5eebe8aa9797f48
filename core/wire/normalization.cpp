#include "core/wire/normalization.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

constexpr int MaxMarks = 30; // in a row
constexpr QChar Joiner(0x034f); // COMBINING GRAPHEME JOINER, of class 0 and shown by nothing
constexpr char16_t FirstWithMarks = 0xa0; // all characters below are of class 0 and stay

// Null without ICU's data.
const UNormalizer2 *nfkd()
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKDInstance(&status);
    return U_SUCCESS(status) ? form : nullptr;
}

const UNormalizer2 *nfc()
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFCInstance(&status);
    return U_SUCCESS(status) ? form : nullptr;
}

// The marks that a character's decomposition begins and ends with.
struct Marks {
    int leading = 0;
    int trailing = 0;
    bool isAll = false; // it is nothing else
};

Marks marksOf(const UNormalizer2 *form, UChar32 character)
{
    constexpr int32_t MaxUnits = 64; // the longest has 18
    std::array<UChar, MaxUnits> units;
    UErrorCode status = U_ZERO_ERROR;
    auto size = unorm2_getDecomposition(form, character, units.data(), MaxUnits, &status);
    if (size < 0) { // it stays as it is
        const bool isMark = unorm2_getCombiningClass(form, character) != 0;
        return {isMark ? 1 : 0, isMark ? 1 : 0, isMark};
    }
    Marks marks{.isAll = true};
    for (int32_t i = 0; i < size;) {
        UChar32 part = 0;
        U16_NEXT(units, i, size, part);
        const bool isMark = unorm2_getCombiningClass(form, part) != 0;
        marks.isAll = marks.isAll && isMark;
        marks.leading += marks.isAll ? 1 : 0;
        marks.trailing = isMark ? marks.trailing + 1 : 0;
    }
    return marks;
}

QString normalised(const UNormalizer2 *form, const QString &limited)
{
    QString result(limited.size() + limited.size() / 8, Qt::Uninitialized);
    for (;;) {
        UErrorCode status = U_ZERO_ERROR;
        const auto needed = unorm2_normalize(form,
                                             reinterpret_cast<const UChar *>(limited.utf16()),
                                             static_cast<int32_t>(limited.size()),
                                             reinterpret_cast<UChar *>(result.data()),
                                             static_cast<int32_t>(result.size()),
                                             &status);
        const bool fits = needed <= result.size();
        result.resize(needed);
        if (fits) {
            return result;
        }
    }
}

} // namespace

QString MarkLimiter::limit(QStringView piece)
{
    const auto *form = nfkd();
    const auto *units = reinterpret_cast<const UChar *>(piece.utf16());
    const auto size = static_cast<int32_t>(piece.size());
    QString limited;
    int32_t copied = 0;
    for (int32_t i = 0; i < size && form != nullptr;) {
        if (units[i] < FirstWithMarks) {
            m_marks = 0;
            ++i;
            continue;
        }
        const auto start = i;
        UChar32 character = 0;
        U16_NEXT(units, i, size, character);
        const auto marks = marksOf(form, character);
        if (m_marks + marks.leading > MaxMarks) {
            limited += piece.sliced(copied, start - copied);
            limited += Joiner;
            copied = start;
            m_marks = 0;
        }
        m_marks = marks.isAll ? m_marks + marks.leading : marks.trailing;
    }
    return limited += piece.sliced(copied);
}

qsizetype lastBoundary(QStringView limited)
{
    const auto *form = nfkd();
    const auto *units = reinterpret_cast<const UChar *>(limited.utf16());
    auto at = static_cast<int32_t>(limited.size());
    while (at > 0 && form != nullptr) {
        UChar32 character = 0;
        U16_PREV(units, 0, at, character);
        if (unorm2_hasBoundaryBefore(form, character)) {
            return at;
        }
    }
    return 0;
}

QString decomposed(const QString &limited)
{
    const auto *form = nfkd();
    return form != nullptr ? normalised(form, limited)
                           : limited.normalized(QString::NormalizationForm_KD);
}

QString toNfkd(const QString &text)
{
    return decomposed(MarkLimiter().limit(text));
}

QString toNfc(const QString &text)
{
    const auto *form = nfc();
    const auto limited = MarkLimiter().limit(text);
    return form != nullptr ? normalised(form, limited)
                           : limited.normalized(QString::NormalizationForm_C);
}

} // namespace Postnook
