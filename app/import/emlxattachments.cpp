#include "app/import/emlxattachments.h"

#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"
#include "core/mime/parttree.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr QByteArrayView LengthField = "X-Apple-Content-Length";
constexpr qsizetype UsualColumns = 76; // RFC 2045 6.8

QByteArrayView viewOf(const QByteArray &message, const Mime::ByteRange &range)
{
    return QByteArrayView(message).sliced(static_cast<qsizetype>(range.offset),
                                          static_cast<qsizetype>(range.size));
}

// "2.1", as RFC 9051 6.4.5 numbers parts.
QString sectionOf(const QList<Mime::Part> &parts, qsizetype index)
{
    QStringList numbers;
    for (auto at = index; parts.at(at).parent >= 0; at = parts.at(at).parent) {
        const auto &parent = parts.at(parts.at(at).parent);
        if (parent.type == Mime::Part::Type::Message) {
            continue; // the nested message has its parent's number
        }
        const auto isSibling = [&parts, at](const Mime::Part &other) {
            return other.parent == parts.at(at).parent;
        };
        numbers.prepend(
            QString::number(std::count_if(parts.begin(), parts.begin() + at + 1, isSibling)));
    }
    return numbers.isEmpty() ? u"1"_s : numbers.join(u'.');
}

QByteArray base64(const QByteArray &content, qsizetype columns)
{
    const QByteArray letters = content.toBase64();
    QByteArray text;
    text.reserve(letters.size() + letters.size() / columns);
    for (qsizetype start = 0; start < letters.size(); start += columns) {
        if (start > 0) {
            text += '\n';
        }
        text += QByteArrayView(letters).sliced(start, std::min(columns, letters.size() - start));
    }
    return text;
}

// How long the lines must be for the text to have the length that it had, with LF between them and,
// if no other does, behind the last; nothing when they cannot be.
std::optional<qsizetype> columnsFor(qsizetype contentBytes, qint64 encodedBytes)
{
    constexpr qsizetype MinColumns = 20;
    constexpr qsizetype MaxColumns =
        996; // RFC 5322 2.1.1 has 998, and four letters are three bytes
    const qsizetype letters = (contentBytes + 2) / 3 * 4;
    for (const qsizetype endBytes : {0, 1}) {
        const auto fits = [letters, encodedBytes, endBytes](qsizetype columns) {
            const qsizetype lineEnds = std::max<qsizetype>(letters - 1, 0) / columns;
            return letters + lineEnds + endBytes == encodedBytes;
        };
        if (fits(UsualColumns)) {
            return UsualColumns;
        }
        for (qsizetype columns = MaxColumns; columns >= MinColumns; columns -= 4) {
            if (fits(columns)) {
                return columns;
            }
        }
    }
    return {};
}

// RFC 2045 6.7, for text.
QByteArray quotedPrintable(const QByteArray &content, QByteArrayView lineEnd)
{
    QByteArray text;
    qsizetype column = 0;
    const auto add = [&](const QByteArray &piece) {
        if (column + piece.size() > UsualColumns - 1) {
            text += '=';
            text += lineEnd;
            column = 0;
        }
        text += piece;
        column += piece.size();
    };
    for (qsizetype i = 0; i < content.size(); ++i) {
        const char c = content.at(i);
        const bool isAtCrLf = c == '\r' && i + 1 < content.size() && content.at(i + 1) == '\n';
        const bool isLast =
            i + 1 == content.size() || content.at(i + 1) == '\n' || content.at(i + 1) == '\r';
        if (c == '\n' || isAtCrLf) {
            i += isAtCrLf ? 1 : 0;
            text += lineEnd;
            column = 0;
        } else if ((c > ' ' && c <= '~' && c != '=') || (Mime::isBlank(c) && !isLast)) {
            add(QByteArray(1, c));
        } else {
            add('=' + QByteArray(1, c).toHex().toUpper());
        }
    }
    return text;
}

Error notWhole(const QString &section)
{
    return {ErrorCode::Corrupt,
            u"the file that Mail keeps for its part %1 is not what was attached"_s.arg(section)};
}

Result<QByteArray> encoded(const QByteArray &content,
                           const Mime::Part &part,
                           qint64 wasBytes,
                           const QString &section,
                           QByteArrayView lineEnd)
{
    if (part.encoding == "base64") {
        const auto columns = columnsFor(content.size(), wasBytes);
        if (!columns) {
            return notWhole(section);
        }
        QByteArray text = base64(content, *columns);
        if (text.size() < wasBytes) {
            text += '\n';
        }
        return text.replace("\n", lineEnd);
    }
    if (part.encoding == "quoted-printable") {
        return quotedPrintable(content, lineEnd);
    }
    // 7bit and 8bit stand as they are.
    return content.size() == wasBytes ? Result(content) : notWhole(section);
}

// Old versions keep the body as it was, in a file beside the message; newer ones what was attached,
// in a folder for each part, under any name.
struct PartFile {
    QString path;
    bool isEncoded = false;
};

std::optional<PartFile> fileOf(const QString &emlxPath, const QString &section)
{
    const QFileInfo emlx(emlxPath);
    const QString number = emlx.fileName().section(u'.', 0, 0);
    const QString beside = emlx.dir().filePath(u"%1.%2.emlxpart"_s.arg(number, section));
    if (QFileInfo(beside).isFile()) {
        return PartFile{beside, true};
    }
    const QDir folder(emlx.dir().filePath(u"../Attachments/%1/%2"_s.arg(number, section)));
    QFileInfoList files = folder.entryInfoList(QDir::Files | QDir::Hidden);
    files.removeIf([](const QFileInfo &file) { return file.fileName() == ".DS_Store"_L1; });
    return files.size() == 1 ? std::optional(PartFile{files.first().filePath()}) : std::nullopt;
}

Result<QByteArray> bodyOf(const Mime::Part &part,
                          qint64 wasBytes,
                          const QString &section,
                          const QString &emlxPath,
                          QByteArrayView lineEnd)
{
    const auto found = fileOf(emlxPath, section);
    if (!found) {
        return Error{
            ErrorCode::NotFound,
            u"Mail has not downloaded its part %1; open it there, and import again"_s.arg(section)};
    }
    QFile file(found->path);
    if (!file.open(QIODevice::ReadOnly)) {
        return Error{
            ErrorCode::Unavailable,
            u"the file of its part %1 cannot be read: %2"_s.arg(section, file.errorString())};
    }
    const QByteArray content = file.readAll();
    return found->isEncoded ? Result(content) : encoded(content, part, wasBytes, section, lineEnd);
}

std::optional<qint64> detachedBytes(QByteArrayView header)
{
    const auto values = Mime::headerValues(header, LengthField);
    return values.isEmpty() ? std::nullopt : std::optional(values.last().trimmed().toLongLong());
}

QByteArray withoutLengthField(QByteArrayView header)
{
    QByteArray kept;
    Mime::HeaderReader fields(header);
    Mime::HeaderField field;
    while (fields.next(field)) {
        if (!Mime::isSameName(field.name, LengthField)) {
            kept += field.whole;
        }
    }
    kept += fields.rest();
    return kept;
}

} // namespace

bool hasDetachedParts(const QByteArray &message)
{
    return message.contains(LengthField);
}

Result<QByteArray> withDetachedParts(const QByteArray &message, const QString &emlxPath)
{
    const auto tree = Mime::PartTree::fromBytes(Mime::scanMessage(message).parts);
    if (!tree) {
        return tree.error();
    }
    const QByteArrayView lineEnd = message.contains("\r\n") ? "\r\n" : "\n";
    QByteArray whole;
    qsizetype copied = 0;
    for (qsizetype i = 0; i < tree->parts().size(); ++i) {
        const Mime::Part &part = tree->parts().at(i);
        const auto header = viewOf(message, part.header);
        const auto wasBytes = detachedBytes(header);
        const bool isEmpty = viewOf(message, part.body).trimmed().isEmpty();
        if (part.type != Mime::Part::Type::Leaf || !wasBytes || *wasBytes == 0 || !isEmpty) {
            continue;
        }
        const auto body = bodyOf(part, *wasBytes, sectionOf(tree->parts(), i), emlxPath, lineEnd);
        if (!body) {
            return body.error();
        }
        const auto start = static_cast<qsizetype>(part.header.offset);
        whole += QByteArrayView(message).sliced(copied, start - copied);
        whole += withoutLengthField(header);
        whole += *body;
        copied = static_cast<qsizetype>(part.body.offset + part.body.size);
    }
    return whole + message.mid(copied);
}

} // namespace Postnook
