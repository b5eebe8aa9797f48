#include "app/commands/envelopereport.h"

#include "app/terminal/texttable.h"
#include "app/terminal/visibletext.h"
#include "core/mime/addressparser.h"
#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"

#include <QDateTime>

#include <algorithm>
#include <array>
#include <utility>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype MaxAddressesShown = 100; // of one field
constexpr qsizetype MaxTextShown = 1000; // longer ones fill the terminal and tell no more

QString shortened(const QString &text)
{
    return text.size() <= MaxTextShown
        ? text
        : text.first(MaxTextShown) + u"… (%1 characters)"_s.arg(text.size());
}

QString decoded(QByteArrayView value)
{
    return shortened(Mime::decodeHeaderText(value));
}

QByteArrayView lookedAt(QByteArrayView header)
{
    return header.first(std::min<qsizetype>(header.size(), Mime::MaxHeaderBytes));
}

// As ENVELOPE has them (core/mime/envelopewriter.h).
QList<Mime::Address> addressesOf(QByteArrayView header, QByteArrayView field, bool joins)
{
    QList<Mime::Address> addresses;
    for (const QByteArray &value : Mime::headerValues(header, field)) {
        if (joins || addresses.isEmpty()) {
            Mime::parseAddresses(value, addresses);
        }
    }
    return addresses;
}

QString addressText(const Mime::Address &address)
{
    if (address.kind == Mime::Address::Kind::GroupEnd) {
        return u";"_s;
    }
    if (address.kind == Mime::Address::Kind::GroupStart) {
        return decoded(address.mailbox) + u':';
    }
    auto mailbox = visibleOctets(address.mailbox);
    if (!address.host.isEmpty()) {
        mailbox += u'@' + visibleOctets(address.host);
    }
    if (!address.route.isEmpty()) {
        mailbox = visibleOctets(address.route) + u':' + mailbox;
    }
    if (address.name.isEmpty() && address.route.isEmpty()) {
        return mailbox;
    }
    const QString name = decoded(address.name);
    return (name.isEmpty() ? QString() : name + u' ') + u'<' + mailbox + u'>';
}

void addAddresses(TextTable &table, const QString &label, const QList<Mime::Address> &addresses)
{
    QString first = label;
    bool inGroup = false;
    for (const auto &address : addresses.first(std::min(addresses.size(), MaxAddressesShown))) {
        if (address.kind == Mime::Address::Kind::GroupEnd) {
            inGroup = false;
        }
        table.add({std::exchange(first, QString()),
                   (inGroup ? u"  "_s : QString()) + addressText(address)});
        inGroup = inGroup || address.kind == Mime::Address::Kind::GroupStart;
    }
    if (addresses.size() > MaxAddressesShown) {
        table.add({{}, u"… and %1 more"_s.arg(addresses.size() - MaxAddressesShown)});
    }
}

void addText(TextTable &table, const QString &label, QByteArrayView header, QByteArrayView field)
{
    const auto values = Mime::headerValues(header, field);
    if (!values.isEmpty()) {
        table.add({label, decoded(values.first())});
    }
}

} // namespace

QString envelopeLines(QByteArrayView wholeHeader, const MessageMeta &meta)
{
    const auto header = lookedAt(wholeHeader);
    TextTable table(u"ll"_s);
    addText(table, u"Date"_s, header, "date");
    if (meta.sentDate) {
        const auto utc = QDateTime::fromSecsSinceEpoch(meta.sentDate->secondsUtc, Qt::UTC);
        table.add({u"in UTC"_s, utc.toString(u"yyyy-MM-dd HH:mm:ss"_s)});
    }
    addText(table, u"Subject"_s, header, "subject");
    if (!meta.baseSubject.isEmpty()) {
        table.add({u"base subject"_s,
                   shortened(QString::fromUtf8(meta.baseSubject))
                       + (meta.isReply ? u" (a reply or forward)"_s : QString())});
    }
    struct Field {
        QByteArrayView name;
        bool joins; // all fields of that name count
    };
    constexpr std::array<Field, 6> Fields{{{"From", false},
                                           {"Sender", false},
                                           {"Reply-To", false},
                                           {"To", true},
                                           {"Cc", true},
                                           {"Bcc", true}}};
    for (const auto &[name, joins] : Fields) {
        addAddresses(table, QString::fromLatin1(name), addressesOf(header, name, joins));
    }
    addText(table, u"In-Reply-To"_s, header, "in-reply-to");
    addText(table, u"Message-ID"_s, header, "message-id");
    const auto lines = table.text();
    return lines.isEmpty() ? u"  (empty)\n"_s : lines;
}

QString shortEnvelope(QByteArrayView wholeHeader)
{
    constexpr qsizetype MaxSubject = 60;
    const auto header = lookedAt(wholeHeader);
    const auto subjects = Mime::headerValues(header, "subject");
    QString text;
    if (!subjects.isEmpty()) {
        const QString subject = Mime::decodeHeaderText(subjects.first());
        text = u'"' + subject.left(MaxSubject) + (subject.size() > MaxSubject ? u"…\""_s : u"\""_s);
    }
    const auto authors = addressesOf(header, "from", false);
    if (!authors.isEmpty()) {
        text += (text.isEmpty() ? u"from "_s : u" from "_s) + addressText(authors.first());
    }
    return text;
}

} // namespace Postnook
