#pragma once

#include "core/wire/normalization.h"

#include <QString>
#include <QStringView>

namespace Postnook::Mime
{

// foldForSearch() for text that comes in pieces, of which only little is held: the result does not
// depend on the cuts, which must not be inside a surrogate pair.
class SearchFolder
{
public:
    // What of the folded text is certain now.
    QString fold(QStringView piece);
    // The rest; what comes then is another text.
    QString finish();

private:
    QString foldHeld(qsizetype size);

    MarkLimiter m_limiter;
    QString m_held; // what is next may still change its end
    bool m_afterBlank = false;
};

} // namespace Postnook::Mime
