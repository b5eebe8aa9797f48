#pragma once

#include "core/mime/parttree.h"
#include "core/mime/sectionnames.h"

#include <QByteArrayView>
#include <QString>

namespace Postnook
{

// The parts of a message, a line each: what FETCH calls them, what they are, where they are.
QString partLines(QByteArrayView message,
                  const Mime::PartTree &tree,
                  const QList<Mime::SectionNames> &names);

} // namespace Postnook
