#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace Postnook
{

// SORT a second time, straight from RFC 5256 and RFC 5957: every key worked out anew whenever two
// messages are compared.

struct PlainAddress {
    QString name; // display name, decoded; empty: none
    QByteArray mailbox; // or the name of a group
    std::optional<QByteArray> host; // none of a group

    friend bool operator==(const PlainAddress &, const PlainAddress &) = default;
};

// What is written in a message, as whoever made it knows.
struct PlainSortMessage {
    quint32 uid = 0;
    QString subject; // decoded
    qint64 arrivedUtc = 0;
    std::optional<qint64> sentUtc; // none: no Date that says when
    qint64 size = 0;
    std::optional<PlainAddress> from; // the first of each
    std::optional<PlainAddress> to;
    std::optional<PlainAddress> cc;
};

struct PlainBaseSubject {
    QString text;
    bool isReplyOrForward = false;
};
PlainBaseSubject plainBaseSubject(const QString &subject);

// By the words of a sort program; in ascending order of UIDs they are in that of the mailbox.
QList<quint32> plainSort(QList<PlainSortMessage> messages, const QByteArrayList &program);

} // namespace Postnook
