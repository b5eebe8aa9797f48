#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

#include <optional>

namespace Postnook
{

// The whole numbers in the dictionary that an Apple property list is, by their keys; XML or binary
// ("bplist00"). What else is in it is passed over. Nothing when it is no dictionary, or broken.
std::optional<QHash<QString, qint64>> numbersInPropertyList(const QByteArray &plist);

} // namespace Postnook
