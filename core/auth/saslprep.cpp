#include "core/auth/saslprep.h"

#include "core/wire/normalization.h"

#include <unicode/usprep.h>

#include <memory>

namespace Postnook::Auth
{

namespace
{

struct CloseProfile {
    void operator()(UStringPrepProfile *profile) const { usprep_close(profile); }
};

Error refused()
{
    return {ErrorCode::Invalid,
            QStringLiteral("empty, or with a character that names and passwords cannot have "
                           "(RFC 4013)")};
}

} // namespace

Result<QString> saslPrep(const QString &text)
{
    if (text.size() > MaxPreparedChars) {
        return Error{ErrorCode::Invalid,
                     QStringLiteral("longer than %1 characters").arg(MaxPreparedChars)};
    }
    UErrorCode status = U_ZERO_ERROR;
    // ICU keeps the profile's data loaded; opening it again is a look-up.
    const std::unique_ptr<UStringPrepProfile, CloseProfile> profile(
        usprep_openByType(USPREP_RFC4013_SASLPREP, &status));
    if (U_FAILURE(status)) {
        return Error{ErrorCode::Internal, QStringLiteral("ICU has no SASLprep profile")};
    }

    // NFKC makes a text longer at times, so the first try may tell only how much room it takes.
    QString prepared(text.size(), Qt::Uninitialized);
    for (int attempt = 0; attempt < 2; ++attempt) {
        status = U_ZERO_ERROR;
        const auto length = usprep_prepare(profile.get(),
                                           reinterpret_cast<const UChar *>(text.utf16()),
                                           static_cast<int32_t>(text.size()),
                                           reinterpret_cast<UChar *>(prepared.data()),
                                           static_cast<int32_t>(prepared.size()),
                                           USPREP_ALLOW_UNASSIGNED,
                                           nullptr,
                                           &status);
        if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR) {
            return refused();
        }
        prepared.resize(length);
        if (U_SUCCESS(status)) {
            break;
        }
    }
    if (U_FAILURE(status) || prepared.isEmpty()) {
        return refused();
    }
    return prepared;
}

QString foldName(const QString &name)
{
    return toNfc(toNfc(name).toCaseFolded());
}

} // namespace Postnook::Auth
