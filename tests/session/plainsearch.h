#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace Postnook::Test
{

// SEARCH a second time, from the words of RFC 9051 6.4.4 and RFC 3501 6.4.4, 5032, 5182, 7162,
// 8474, 8514: every key is asked of every message, and whatever has text is decoded whole before.
// Of core/mime it has the decoders of charsets, encodings and single header fields; where headers
// and parts begin and end, what matches, and how letters compare, it finds out by itself.

// A message as the keys see it.
struct PlainMessage {
    struct Field {
        QByteArray name; // as it came; empty: a line that is no field
        QByteArray value; // unfolded
        QString text; // decoded
        QString folded; // for comparison
    };

    Uid uid;
    ModSeq modSeq;
    MessageFlags flags;
    InternalDate date;
    qint64 savedUtc = 0;
    qint64 size = 0;
    QByteArray emailId = {};
    QByteArray threadId = {};
    QList<Field> fields = {};
    // Decoded; no text is found across two of them.
    QStringList headerTexts = {}; // "Name: value"
    QStringList partHeaderTexts = {}; // of parts that are no message
    QStringList bodyTexts = {};
    // The same, folded for comparison.
    QStringList foldedHeader = {};
    QStringList foldedPartHeaders = {};
    QStringList foldedBody = {};

    void readText(const QByteArray &bytes);
    std::optional<qint64> sentDay() const; // since 1970
};

// What a session knows besides.
struct PlainView {
    QList<Uid> uids; // ascending; index + 1 is the message number
    QList<Uid> recent;
    QList<Uid> saved; // "$"
    qint64 nowUtc = 0;
};

// One search key with what follows it; of several keys in parentheses the key is "(".
struct PlainQuery {
    struct Range {
        quint32 first = 0; // 0: "*"
        quint32 last = 0;
    };

    QByteArray key; // in capitals
    QList<PlainQuery> operands = {}; // of "(", NOT and OR
    QByteArray name = {}; // a field, a keyword, an object id
    QString text = {}; // folded
    qint64 number = 0; // or a day since 1970
    QList<Range> ranges = {}; // of "UID", and of message numbers ("#")
    bool isSavedResult = false; // "$" in their place
    QByteArray written = {}; // as a client sends it
    QByteArray charset = {}; // of the whole query, in front of it
};

// As texts are compared: without regard to case, accents composed or not, to how wide a gap is.
QString plainFold(const QString &text);

bool matches(const PlainQuery &query, const PlainMessage &message, const PlainView &view);

} // namespace Postnook::Test
