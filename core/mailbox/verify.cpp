#include "core/mailbox/verify.h"

#include "core/mailbox/rescan.h"
#include "core/mime/contentscan.h"
#include "core/mime/messagescanner.h"
#include "core/search/searchtext.h"

#include <QCryptographicHash>

namespace Postnook
{

namespace
{

constexpr int MaxTexts = 256;
constexpr quint64 EnoughBytes = 8ULL * 1024 * 1024;
constexpr qsizetype PieceBytes = 256LL * 1024;

Result<QByteArray> digestOf(ContentReader &content)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (quint64 at = 0; at < content.sizeBytes();) {
        const auto piece = content.read(at, PieceBytes);
        if (!piece) {
            return piece.error();
        }
        hash.addData(*piece);
        at += static_cast<quint64>(piece->size());
    }
    return hash.result();
}

// Empty: nothing is wrong with the text.
Result<QString> faultOf(ContentReader &content, const StoredContent &stored)
{
    const auto digest = digestOf(content);
    if (!digest) {
        return digest.error();
    }
    if (*digest != stored.sha256) {
        return QStringLiteral("the bytes of the message are not those that came");
    }
    if (stored.meta.scannerVersion != Mime::ScannerVersion) {
        return QString(); // described by another version, which may find something else
    }
    const auto meta = Mime::scanContent(content);
    if (!meta) {
        return meta.error();
    }
    return *meta == stored.meta
        ? QString()
        : QStringLiteral("what is stored of the message's structure is not what it has");
}

Result<bool> isInIndexAsItIs(ReadTxn &txn, const StoredContent &stored, ContentReader &content)
{
    std::optional<IndexText> made;
    for (const TextPart part : {TextPart::Head, TextPart::Body}) {
        const auto indexed = txn.searchText(stored.id, part);
        if (!indexed) {
            return indexed.error();
        }
        if (!*indexed) {
            return true;
        }
        if (!made) {
            auto text = makeSearchText(content, stored.meta);
            if (!text) {
                return text.error();
            }
            made = *std::move(text);
        }
        if (made->part(part) != **indexed) {
            return false;
        }
    }
    return true;
}

Result<void> report(ReadTxn &txn, ContentId content, const QString &fault, QStringList &faults)
{
    const auto places = txn.placesOf(content);
    if (!places) {
        return places.error();
    }
    for (const MessagePlace &place : *places) {
        faults.append(QStringLiteral("mailbox %1, UID %2: %3")
                          .arg(QString::fromUtf8(place.mailbox.utf8))
                          .arg(place.uid.value)
                          .arg(fault));
    }
    if (places->isEmpty()) { // expunged, and kept for undelete
        faults.append(QStringLiteral("an expunged message: %1").arg(fault));
    }
    return {};
}

} // namespace

Result<Verification> verifyContents(ReadTxn &txn, ContentId after)
{
    const auto contents = txn.contents(after, MaxTexts);
    if (!contents) {
        return contents.error();
    }
    Verification found{.faults = {}, .last = after, .isLast = contents->isEmpty()};
    quint64 bytes = 0;
    for (const StoredContent &stored : *contents) {
        const auto content = txn.content(stored.id);
        const auto fault = content ? faultOf(**content, stored) : Result<QString>(content.error());
        if (!fault && !isDamaged(fault.error())) {
            return fault.error();
        }
        if (!fault || !fault->isEmpty()) {
            const auto text = fault ? *fault : fault.error().text;
            if (const auto told = report(txn, stored.id, text, found.faults); !told) {
                return told.error();
            }
        } else {
            const auto isRight = isInIndexAsItIs(txn, stored, **content);
            if (!isRight) {
                return isRight.error();
            }
            found.staleIndex += *isRight ? 0 : 1;
        }
        ++found.texts;
        found.last = stored.id;
        bytes += stored.sizeBytes;
        if (bytes >= EnoughBytes) {
            break;
        }
        txn.letOthersRun();
    }
    return found;
}

} // namespace Postnook
