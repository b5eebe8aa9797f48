#include "app/setup/certificatetext.h"

#include "app/terminal/texttable.h"

#include <QCryptographicHash>
#include <QHostAddress>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto LineWidth = 100;
constexpr auto SoonDays = 29; // a running server renews with 30 to go
constexpr auto SoonDaysOfAuthority = 180; // people have to do something then

QString dayOf(const QDateTime &time)
{
    return time.toUTC().toString(u"yyyy-MM-dd HH:mm"_s) + " UTC"_L1;
}

QString remaining(const QDateTime &end, const QDateTime &now)
{
    if (end < now) {
        return u"expired"_s;
    }
    const qint64 days = now.daysTo(end);
    return days == 1 ? u"1 day left"_s : u"%1 days left"_s.arg(days);
}

void addCertificate(TextTable &table, const QSslCertificate &certificate, const QDateTime &now)
{
    const QDateTime begin = certificate.effectiveDate();
    const QDateTime end = certificate.expiryDate();
    const QString state = begin > now ? u"not valid yet"_s : remaining(end, now);
    table.add({u"valid"_s, u"%1 to %2, %3"_s.arg(dayOf(begin), dayOf(end), state)});
    table.add({u"SHA-256"_s, fingerprintOf(certificate)});
}

// "*.example.org" is good for one more label, and never for an address.
bool matches(const QString &pattern, const QString &host)
{
    if (pattern.startsWith("*."_L1)) {
        return host.section(u'.', 1).compare(pattern.sliced(2), Qt::CaseInsensitive) == 0;
    }
    return pattern.compare(host, Qt::CaseInsensitive) == 0;
}

} // namespace

QString fingerprintOf(const QSslCertificate &certificate)
{
    return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper());
}

QStringList namesOf(const QSslCertificate &certificate)
{
    const auto alternatives = certificate.subjectAlternativeNames();
    QStringList names = alternatives.values(QSsl::DnsEntry);
    names.sort();
    QStringList addresses;
    for (const QString &address : alternatives.values(QSsl::IpAddressEntry)) {
        addresses.append(QHostAddress(address).toString());
    }
    addresses.sort();
    return names + addresses;
}

bool isGoodFor(const QSslCertificate &certificate, const QString &host)
{
    const auto alternatives = certificate.subjectAlternativeNames();
    const QHostAddress address(host);
    if (!address.isNull()) {
        const QStringList entries = alternatives.values(QSsl::IpAddressEntry);
        return std::any_of(entries.cbegin(), entries.cend(), [&](const QString &entry) {
            return QHostAddress(entry) == address;
        });
    }
    const QStringList names = alternatives.values(QSsl::DnsEntry);
    return std::any_of(
        names.cbegin(), names.cend(), [&](const QString &name) { return matches(name, host); });
}

QString certificateText(const ServedCertificate &served, const QDateTime &now)
{
    const QSslCertificate &certificate = served.chain.first();
    TextTable own(u"ll"_s);
    own.add({u"subject"_s, certificate.subjectDisplayName()});
    own.add({u"good for"_s, namesOf(certificate).join(u", "_s)});
    own.add({u"issuer"_s, certificate.issuerDisplayName()});
    addCertificate(own, certificate, now);
    own.add({u"files"_s, served.certPath + u' ' + served.keyPath});
    const QString whose = served.isOwn() ? u"made and renewed by Postnook"_s
                                         : u"your own, from cert-path and key-path"_s;
    QString text = u"Certificate of the server (%1)\n"_s.arg(whose) + own.text(LineWidth);

    if (const QSslCertificate authority = served.authority(); !authority.isNull()) {
        TextTable table(u"ll"_s);
        table.add({u"subject"_s, authority.subjectDisplayName()});
        addCertificate(table, authority, now);
        if (served.isOwn()) {
            table.add({u"file"_s, served.caPath});
        }
        text += u"Authority that mail programs are told to trust\n"_s + table.text(LineWidth);
    }
    return text;
}

QStringList certificateWarnings(const ServedCertificate &served, const QDateTime &now)
{
    const QDateTime begin = served.chain.first().effectiveDate();
    const QDateTime end = served.chain.first().expiryDate();
    const QString remedy = served.isOwn()
        ? u"'postnook cert renew' makes a new one"_s
        : u"renew it where it came from, and put the new files in its place"_s;
    QStringList warnings;
    if (begin > now) {
        warnings +=
            u"The certificate is not valid before %1: is the clock right?"_s.arg(dayOf(begin));
    } else if (end < now) {
        warnings += u"The certificate has expired, mail programs refuse it; %1."_s.arg(remedy);
    } else if (now.daysTo(end) < SoonDays) {
        warnings += u"The certificate ends soon; %1."_s.arg(remedy);
    }
    const QSslCertificate authority = served.authority();
    const bool endsSoon = served.isOwn() && !authority.isNull()
        && now.daysTo(authority.expiryDate()) < SoonDaysOfAuthority;
    if (endsSoon) {
        warnings += u"The authority ends on %1. A new one is made in the month before, and mail "
                    "programs have to be told to trust that."_s.arg(dayOf(authority.expiryDate()));
    }
    return warnings;
}

} // namespace Postnook
