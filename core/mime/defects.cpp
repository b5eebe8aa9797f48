#include "core/mime/defects.h"

#include "core/mime/bodydefects.h"
#include "core/mime/defectlist.h"
#include "core/mime/headerdefects.h"
#include "core/mime/linedefects.h"
#include "core/mime/structuredefects.h"

namespace Postnook::Mime
{

QList<Defect> findDefects(QByteArrayView message, const PartTree &tree)
{
    DefectList defects;
    findLineDefects(message, defects);
    findStructureDefects(message, tree, defects);
    const auto &parts = tree.parts();
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const auto parent = parts[i].parent;
        const bool isMessage = parent < 0 || parts[parent].type == Part::Type::Message;
        if (isMessage || parts[i].header.size > 0) {
            findHeaderDefects(
                bytesAt(message, parts[i].header), {i, parts[i].header.offset}, isMessage, defects);
        }
        if (parts[i].type == Part::Type::Leaf) {
            findBodyDefects(bytesAt(message, parts[i].body), parts[i], i, defects);
        }
    }
    return defects.take();
}

} // namespace Postnook::Mime
