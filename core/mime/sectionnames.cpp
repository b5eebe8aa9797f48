#include "core/mime/sectionnames.h"

namespace Postnook::Mime
{

namespace
{

QByteArray below(const QByteArray &number, const QByteArray &name)
{
    return number.isEmpty() ? name : number + '.' + name;
}

} // namespace

QList<SectionNames> sectionNames(const PartTree &tree)
{
    const auto &parts = tree.parts();
    QList<SectionNames> names;
    QList<QByteArray> numbers; // by part: what the numbers of the parts in it begin with
    QList<int> children; // by part: so far
    for (const auto &part : parts) {
        const bool isRoot = part.parent < 0;
        const bool isMessage = isRoot || parts[part.parent].type == Part::Type::Message;
        const auto above = isRoot ? QByteArray() : numbers[part.parent];
        if (!isRoot) {
            ++children[part.parent];
        }
        if (isMessage && part.type == Part::Type::Multipart) {
            numbers.append(above);
            names.append({below(above, "HEADER"), below(above, "TEXT")});
        } else {
            const auto number =
                below(above, isMessage ? "1" : QByteArray::number(children[part.parent]));
            numbers.append(number);
            names.append({isMessage ? below(above, "HEADER") : number + ".MIME", number});
        }
        children.append(0);
    }
    return names;
}

} // namespace Postnook::Mime
