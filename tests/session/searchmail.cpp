#include "searchmail.h"

#include "searchwords.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace Postnook::Test
{

namespace
{

constexpr qint64 SecondsPerDay = 86'400;

QByteArray dateText(qint64 secondsUtc, int zoneMinutes)
{
    const auto time = QDateTime::fromSecsSinceEpoch(secondsUtc + zoneMinutes * 60LL, Qt::UTC);
    const int zone = std::abs(zoneMinutes);
    return QLocale::c().toString(time, u"ddd, d MMM yyyy HH:mm:ss ").toLatin1()
        + (zoneMinutes < 0 ? '-' : '+')
        + QByteArray::number(zone / 60 * 100 + zone % 60).rightJustified(4, '0');
}

qint64 dayOf(qint64 secondsUtc, int zoneMinutes)
{
    const auto local = secondsUtc + qint64(zoneMinutes) * 60;
    return (local - (local < 0 ? SecondsPerDay - 1 : 0)) / SecondsPerDay;
}

} // namespace

QList<SearchMail> SearchMailGenerator::mails(int count, qint64 nowUtc)
{
    QList<SearchMail> all;
    for (int i = 0; i < count; ++i) {
        // What is there twice is stored once.
        SearchMail made = i > 5 && oneIn(10) ? pick(all) : mail(0);
        made.flags.system = SystemFlags(below(0x20));
        made.flags.keywords.clear();
        for (const char *keyword : {"$Forwarded", "$junk", "Work", "work2"}) {
            if (oneIn(4)) {
                made.flags.keywords.append(keyword);
            }
        }
        made.isExpunged = oneIn(12);
        made.flags.system.setFlag(SystemFlag::Deleted,
                                  made.isExpunged
                                      || made.flags.system.testFlag(SystemFlag::Deleted));
        // Most are of some weeks around now, so that queries meet them; some of any time.
        made.date.secondsUtc = oneIn(5) ? qint64(m_random.generate64() % 4'000'000'000U)
                                        : nowUtc - below(40) * 43'200LL + below(3) - 1;
        made.date.zoneMinutes = oneIn(3) ? 0 : (below(107) - 48) * 15;
        all.append(made);
    }
    return all;
}

// -- words

// Words of one script with some ASCII, and a charset that has them all or nearly.
QString SearchMailGenerator::words(int count, QByteArray &charset)
{
    const Script &script = pick(scripts());
    charset = script.charsets.isEmpty() || oneIn(3) ? QByteArray("utf-8") : pick(script.charsets);
    QStringList list;
    for (int i = 0; i < count; ++i) {
        list.append(pick(oneIn(4) ? scripts().first().words : script.words));
        if (oneIn(30)) {
            list.append(pick(pick(scripts()).words));
        }
    }
    const auto text = list.join(u' ');
    return oneIn(4) ? text.normalized(QString::NormalizationForm_D) : text;
}

QString SearchMailGenerator::phrase(int count)
{
    QByteArray charset;
    return words(count, charset);
}

// -- the header

SearchMail SearchMailGenerator::mail(int depth)
{
    if (depth == 0) {
        m_bareLineFeeds = oneIn(15);
    }
    SearchMail made;
    addHeader(made);
    const auto content = entity(depth);
    made.header.append(content.fields);
    made.texts.append(content.texts);
    if (depth == 0 && oneIn(25)) { // no header at all
        made.header.clear();
        made.texts.clear();
        made.sentDay.reset();
        made.bytes = lineEnd() + phrase(5).toUtf8();
        return made;
    }
    if (depth == 0 && oneIn(25)) { // and nothing else
        made.header.append("X-Last: " + phrase(2).toUtf8());
        made.texts.clear();
        made.bytes = made.header;
        return made;
    }
    made.bytes = made.header + lineEnd() + content.body;
    return made;
}

void SearchMailGenerator::addHeader(SearchMail &mail)
{
    if (oneIn(15)) {
        mail.header.append("From ann@example.org Thu Jan  1 00:00:00 2026" + lineEnd());
    }
    addDate(mail);
    addAddresses(mail, "From");
    if (!oneIn(6)) {
        addSubject(mail);
    }
    if (oneIn(12)) {
        addSubject(mail);
    }
    if (!oneIn(8)) {
        addAddresses(mail, oneIn(2) ? "To" : "TO ");
    }
    if (oneIn(3)) {
        addAddresses(mail, "Cc");
    }
    if (oneIn(8)) {
        addAddresses(mail, "bcc");
    }
    if (oneIn(12)) {
        addAddresses(mail, "From");
    }
    addIds(mail);
    addOddFields(mail);
}

void SearchMailGenerator::addSubject(SearchMail &mail)
{
    const auto text = withoutSpecials(phrase(1 + below(7))).simplified();
    const QByteArray prefix = oneIn(4) ? "Re: " : oneIn(8) ? "[list] Fwd: " : "";
    mail.header.append((oneIn(9) ? "subject: " : "Subject: ") + prefix + headerText(text)
                       + lineEnd());
    mail.texts.append(QString::fromLatin1(prefix) + text);
}

void SearchMailGenerator::addAddresses(SearchMail &mail, const QByteArray &name)
{
    const QByteArrayList locals{"ann", "bob.smith", "Info", "no-reply+x"};
    const QByteArrayList hosts{"example.org", "mail.Example.com", "xn--bcher-kva.example"};
    QByteArrayList list;
    for (int i = oneIn(4) ? 3 : 1; i > 0; --i) {
        const auto address = pick(locals) + '@' + pick(hosts);
        const auto person = withoutSpecials(phrase(2)).simplified();
        switch (below(8)) {
        case 0:
            list.append(address);
            mail.texts.append(QString::fromLatin1(address));
            break;
        case 1:
            list.append('"' + person.toUtf8() + ", Dr.\" <" + address + '>');
            mail.texts.append(person + QStringLiteral(", Dr."));
            break;
        case 2: // the address shows in ENVELOPE only (RFC 5322 4.4)
            list.append(pick(locals) + " (home) @ " + pick(hosts));
            break;
        case 3:
            list.append("team: " + address + ", <" + pick(locals) + "@[127.0.0.1]>;");
            break;
        case 4:
            list.append('<' + address + "> (" + person.toUtf8() + ')');
            break;
        case 5:
            list.append("Bob O. Smith <" + pick(locals) + '@' + lineEnd() + ' ' + pick(hosts)
                        + '>');
            break;
        case 6: // so does the name
            list.append('"' + person.toUtf8() + R"( \"Bob\")" + lineEnd() + R"( S." (c) "Jr." <)"
                        + address + '>');
            mail.texts.append(person);
            break;
        default:
            list.append(encodedWords(person) + lineEnd() + " <" + address + '>');
            mail.texts.append(person + QStringLiteral(" <") + QString::fromLatin1(address));
            break;
        }
    }
    mail.header.append(name + ": " + list.join(oneIn(2) ? ", " : "," + lineEnd() + '\t')
                       + lineEnd());
}

void SearchMailGenerator::addDate(SearchMail &mail)
{
    const auto seconds = 1'700'000'000 - below(60) * 43'200LL;
    const int zone = (below(107) - 48) * 15;
    switch (below(8)) {
    case 0:
        return;
    case 1:
        mail.header.append("Date: yesterday" + lineEnd());
        mail.header.append("Date: " + dateText(seconds, zone) + lineEnd());
        return; // the first is no date
    case 2:
        mail.header.append("Date: " + QByteArray::number(1 + below(28)) + " Nov 23 10:00 EST"
                           + lineEnd());
        return;
    case 3:
        mail.header.append("Date: " + dateText(seconds, zone).replace(' ', lineEnd() + ' ')
                           + " (zone)" + lineEnd());
        break;
    default:
        mail.header.append("Date: " + dateText(seconds, zone) + lineEnd());
    }
    mail.sentDay = dayOf(seconds, zone);
}

void SearchMailGenerator::addIds(SearchMail &mail)
{
    const auto id = [this] { return "<m" + QByteArray::number(below(40)) + "@x>"; };
    if (!oneIn(6)) {
        mail.header.append("Message-ID: " + id() + lineEnd());
    }
    if (oneIn(3)) {
        mail.header.append("References: " + id() + lineEnd() + ' ' + id() + lineEnd());
    }
}

void SearchMailGenerator::addOddFields(SearchMail &mail)
{
    for (int i = below(3); i > 0; --i) {
        const auto text = withoutSpecials(phrase(3)).simplified();
        mail.header.append("X-Tag: " + folded(text.toUtf8()) + lineEnd());
        mail.texts.append(text);
    }
    if (oneIn(5)) {
        mail.header.append("X-Empty:" + lineEnd());
    }
    if (oneIn(10)) { // 8-bit of no known charset
        mail.header.append("X-Raw: gr\xfc\xdf dich" + lineEnd());
    }
    if (oneIn(10)) { // words that are cut short, or none
        mail.header.append("X-Odd: =?utf-8?Q?gr=C3=BC" + lineEnd() + " =?x?y?z?= =?utf-8?B?w6"
                           + lineEnd());
    }
    if (oneIn(20)) {
        mail.header.append("this line is no field" + lineEnd());
    }
    if (oneIn(20)) {
        mail.header.append("X-Nul: a" + QByteArray(1, '\0') + "b" + lineEnd());
    }
}

// A text without blanks at its ends, written in one of the ways that headers have.
QByteArray SearchMailGenerator::headerText(const QString &text)
{
    if (isAscii(text.toUtf8()) && oneIn(2)) {
        return folded(text.toUtf8());
    }
    switch (below(3)) {
    case 0:
        return folded(text.toUtf8());
    case 1: { // one word encoded among others that are not
        auto list = text.split(u' ');
        const int chosen = below(static_cast<int>(list.size()));
        QByteArrayList written;
        for (qsizetype i = 0; i < list.size(); ++i) {
            written.append(i == chosen ? encodedWords(list[i]) : list[i].toUtf8());
        }
        return written.join(' ');
    }
    default:
        return encodedWords(text);
    }
}

// Encoded words that are cut anywhere, inside of characters too, as careless senders do.
QByteArray SearchMailGenerator::encodedWords(const QString &text)
{
    QByteArray charset = pick(pick(scripts()).charsets + QByteArrayList{"utf-8"});
    const auto octets = inCharset(text, charset);
    const QByteArray language = oneIn(6) ? "*de" : "";
    QByteArrayList list;
    for (qsizetype at = 0; at < octets.size();) {
        const auto size = oneIn(2) ? octets.size() - at : 1 + below(30);
        const auto piece = octets.mid(at, size);
        at += piece.size();
        QByteArray word = "=?" + (oneIn(3) ? charset.toUpper() : charset) + language;
        if (oneIn(2)) {
            word += "?b?" + piece.toBase64();
        } else {
            word += "?Q?";
            for (const char c : piece) {
                const bool isPlain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                word += isPlain ? QByteArray(1, c)
                    : c == ' '  ? QByteArray("_")
                                : '=' + QByteArray(1, c).toHex().toUpper();
            }
        }
        list.append(word + "?=");
    }
    return list.join(oneIn(2) ? " " : lineEnd() + ' ');
}

QByteArray SearchMailGenerator::folded(const QByteArray &text)
{
    QByteArray out;
    for (const char c : text) {
        out += c == ' ' && oneIn(4) ? lineEnd() + (oneIn(2) ? " " : "\t ") : QByteArray(1, c);
    }
    return out;
}

} // namespace Postnook::Test
