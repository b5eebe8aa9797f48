#include "core/mime/headerdefects.h"

#include "core/mime/addressparser.h"
#include "core/mime/encodedworddefects.h"
#include "core/mime/fieldcursor.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"

#include <algorithm>
#include <array>

namespace Postnook::Mime
{

namespace
{

using namespace Qt::StringLiterals;

enum class Twice { FirstCounts, FirstFilledCounts, FirstReadableCounts, AddressesJoin };
enum class FieldOf { Message, AddressesOfMessage, AnyPart };

// A field that may stand once: RFC 5322 3.6, RFC 2045 3, RFC 2183.
struct SingleField {
    QByteArrayView name;
    Twice twice;
    FieldOf of;
};
constexpr std::array<SingleField, 17> SingleFields{{
    {"Date", Twice::FirstCounts, FieldOf::Message},
    {"From", Twice::FirstFilledCounts, FieldOf::AddressesOfMessage},
    {"Sender", Twice::FirstFilledCounts, FieldOf::AddressesOfMessage},
    {"Reply-To", Twice::FirstFilledCounts, FieldOf::AddressesOfMessage},
    {"To", Twice::AddressesJoin, FieldOf::AddressesOfMessage},
    {"Cc", Twice::AddressesJoin, FieldOf::AddressesOfMessage},
    {"Bcc", Twice::AddressesJoin, FieldOf::AddressesOfMessage},
    {"Subject", Twice::FirstCounts, FieldOf::Message},
    {"Message-ID", Twice::FirstCounts, FieldOf::Message},
    {"In-Reply-To", Twice::FirstCounts, FieldOf::Message},
    {"References", Twice::FirstCounts, FieldOf::Message},
    {"MIME-Version", Twice::FirstCounts, FieldOf::Message},
    {"Content-Type", Twice::FirstReadableCounts, FieldOf::AnyPart},
    {"Content-Transfer-Encoding", Twice::FirstReadableCounts, FieldOf::AnyPart},
    {"Content-ID", Twice::FirstFilledCounts, FieldOf::AnyPart},
    {"Content-Description", Twice::FirstFilledCounts, FieldOf::AnyPart},
    {"Content-Disposition", Twice::FirstFilledCounts, FieldOf::AnyPart},
}};

QString whatComesOf(Twice twice)
{
    switch (twice) {
    case Twice::FirstCounts:
        return u"the first counts"_s;
    case Twice::FirstFilledCounts:
        return u"the first that is not empty counts"_s;
    case Twice::FirstReadableCounts:
        return u"the first that can be read counts"_s;
    case Twice::AddressesJoin:
        break;
    }
    return u"their addresses make one list"_s;
}

bool isEightBit(QByteArrayView text)
{
    return std::any_of(
        text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) < 0; });
}

// RFC 5322 3.6.4, with comments around it, and with whatever between the angle brackets that has
// an "@" and no blanks.
bool isMessageId(QByteArrayView value)
{
    FieldCursor cursor(value);
    cursor.skipCfws();
    const bool isOpened = cursor.accept('<');
    const auto text = cursor.run("<>");
    const bool isClosed = cursor.accept('>');
    cursor.skipCfws();
    const auto at = text.lastIndexOf('@');
    return isOpened && isClosed && at > 0 && at + 1 < text.size() && cursor.atEnd();
}

class HeaderChecker
{
public:
    HeaderChecker(DefectPlace place, bool isMessage, DefectList &defects)
        : m_place(place)
        , m_isMessage(isMessage)
        , m_defects(defects)
    {
    }

    void check(QByteArrayView header);

private:
    void add(DefectKind kind, const QString &text, QByteArrayView what = {})
    {
        m_defects.add(kind, m_place, text, what);
    }

    // RFC 5256 2.2; dates of messages in a message are sorted by nobody.
    QString insteadOfDate() const
    {
        return m_place.part == 0 ? u", and the time when the message came stands in for it"_s
                                 : QString();
    }

    void checkNoField(const HeaderField &field);
    void checkField(const HeaderField &field);
    void checkSingleField(size_t index, QByteArrayView value);
    void checkAddresses(size_t index, const QByteArray &value);
    void checkMissing(quint64 headerOffset);

    DefectPlace m_place; // of the current field
    bool m_isMessage;
    DefectList &m_defects;
    bool m_hasNoField = false; // a line that is no field was seen
    std::array<int, SingleFields.size()> m_seen{};
    std::array<qsizetype, SingleFields.size()> m_addresses{};
};

void HeaderChecker::check(QByteArrayView header)
{
    const auto start = m_place.offset;
    auto looked = header;
    if (header.size() > MaxHeaderBytes) { // nothing is said of the line that the limit cuts
        looked = header.first(MaxHeaderBytes);
        looked = looked.first(looked.lastIndexOf('\n') + 1);
    }
    HeaderField field;
    HeaderReader reader(looked);
    while (reader.next(field)) {
        m_place.offset = start + static_cast<quint64>(field.whole.data() - looked.data());
        if (field.name.isEmpty()) {
            checkNoField(field);
        } else {
            checkField(field);
        }
    }
    m_place.offset = start + static_cast<quint64>(looked.size());
    if (looked.size() < header.size()) {
        add(DefectKind::HeaderTooLong,
            u"The header has %1 octets; ENVELOPE and BODYSTRUCTURE know its first 10 MiB."_s.arg(
                header.size()));
    } else if (reader.rest().isEmpty() && (m_hasNoField || m_place.part == 0)) {
        // A part, or a message in one, may lose its empty line to the delimiter behind it.
        add(DefectKind::NoEmptyLine,
            u"No empty line ends the header (RFC 5322 3.5); all lines are taken for header lines, "
            "and the body is empty."_s);
    }
    checkMissing(start);
}

void HeaderChecker::checkNoField(const HeaderField &field)
{
    if (field.whole.startsWith("From ") || field.whole.startsWith(">From ")) {
        add(DefectKind::MboxLine,
            u"The separator of an mbox file, no field of a header (RFC 4155); passed over, and "
            "kept in BODY[]."_s);
        return;
    }
    m_hasNoField = true;
    add(DefectKind::NoField,
        field.whole.startsWith(' ') || field.whole.startsWith('\t')
            ? u"The line %1 goes on with a field where there is none (RFC 5322 2.2.3); passed over."_s
                  .arg(excerpt(field.whole))
            : u"The line %1 is no header field (RFC 5322 2.2); passed over, and the header goes on."_s
                  .arg(excerpt(field.whole)));
}

void HeaderChecker::checkField(const HeaderField &field)
{
    if (isBlank(field.whole[field.name.size()])) {
        add(DefectKind::BlankBeforeColon,
            u"A blank before the colon of %1 (RFC 5322 4.5, obsolete); the field counts."_s.arg(
                excerpt(field.name)));
    }
    if (isEightBit(field.value) && !field.value.isValidUtf8()) {
        add(DefectKind::EightBitHeader,
            u"%1 has 8-bit octets that are no UTF-8 (RFC 6532 3.2); ENVELOPE passes them on, "
            "search reads windows-1252."_s.arg(QString::fromLatin1(field.name)));
    }
    constexpr QByteArrayView Content = "content-";
    const bool isContent =
        field.name.size() > Content.size() && isSameName(field.name.first(Content.size()), Content);
    if (!isContent || isSameName(field.name, "content-description")) {
        findEncodedWordDefects(field, m_place, m_defects);
    }
    for (size_t i = 0; i < SingleFields.size(); ++i) {
        if ((m_isMessage || SingleFields[i].of == FieldOf::AnyPart)
            && isSameName(field.name, SingleFields[i].name)) {
            checkSingleField(i, field.value);
        }
    }
}

void HeaderChecker::checkSingleField(size_t index, QByteArrayView value)
{
    const auto &field = SingleFields[index];
    const auto name = QString::fromLatin1(field.name);
    if (m_seen[index]++ > 0) {
        add(DefectKind::RepeatedField,
            u"Another %1 (%2 wants one); %3."_s.arg(
                name,
                field.of == FieldOf::AnyPart || name == "MIME-Version"_L1 ? u"RFC 2045 3"_s
                                                                          : u"RFC 5322 3.6"_s,
                whatComesOf(field.twice)),
            field.name);
    }
    if (field.of == FieldOf::AddressesOfMessage) {
        checkAddresses(index, unfolded(value));
    }
    if (m_seen[index] > 1) {
        return;
    }
    if (field.name == "Date" && !parseHeaderDate(value)) {
        add(DefectKind::UnreadableDate,
            u"Date: %1 is no date (RFC 5322 3.3); ENVELOPE passes it on%2."_s.arg(excerpt(value),
                                                                                  insteadOfDate()));
    }
    if (field.name == "Message-ID" && !isMessageId(unfolded(value))) {
        add(DefectKind::BadMessageId,
            u"Message-ID: %1 is no message identifier (RFC 5322 3.6.4); ENVELOPE passes it on."_s
                .arg(excerpt(value)));
    }
}

void HeaderChecker::checkAddresses(size_t index, const QByteArray &value)
{
    const auto &field = SingleFields[index];
    const auto name = QString::fromLatin1(field.name);
    QList<Address> addresses;
    parseAddresses(value, addresses);
    if (addresses.isEmpty() && field.name != "Bcc") { // RFC 5322 3.6.3: Bcc may be empty
        add(DefectKind::NoAddress,
            value.isEmpty()
                ? u"%1 is empty (RFC 5322 3.6); taken as if it were not there."_s.arg(name)
                : u"%1: %2 has no address in it (RFC 5322 3.4)."_s.arg(name, excerpt(value)),
            field.name);
    }
    for (const auto &address : std::as_const(addresses)) {
        if (address.kind != Address::Kind::Mailbox
            || (!address.mailbox.isEmpty() && !address.host.isEmpty())) {
            continue;
        }
        const auto words = !address.mailbox.isEmpty() ? address.mailbox
            : !address.host.isEmpty()                 ? '@' + address.host
                                                      : address.name;
        add(DefectKind::NoAddress,
            u"%1: %2 is no address (RFC 5322 3.4); ENVELOPE shows %3."_s.arg(
                name,
                excerpt(words),
                !address.mailbox.isEmpty()    ? u"it with an empty host"_s
                    : !address.host.isEmpty() ? u"it with an empty local part"_s
                                              : u"the name without an address"_s),
            field.name);
    }
    m_addresses[index] = field.twice == Twice::AddressesJoin ? m_addresses[index] + addresses.size()
                                                             : addresses.size();
    if (m_addresses[index] >= MaxAddresses - 1) {
        add(DefectKind::TooManyAddresses,
            u"%1 has more addresses than are looked at; ENVELOPE shows the first %2."_s.arg(
                name, QString::number(MaxAddresses)),
            field.name);
    }
}

// RFC 5322 3.6: every message has these two.
void HeaderChecker::checkMissing(quint64 headerOffset)
{
    if (!m_isMessage) {
        return;
    }
    m_place.offset = headerOffset;
    for (size_t i = 0; i < SingleFields.size(); ++i) {
        const auto name = SingleFields[i].name;
        if (m_seen[i] == 0 && (name == "Date" || name == "From")) {
            add(DefectKind::MissingField,
                u"There is no %1 (RFC 5322 3.6); ENVELOPE says NIL%2."_s.arg(
                    QString::fromLatin1(name), name == "Date" ? insteadOfDate() : QString()),
                name);
        }
    }
}

} // namespace

void findHeaderDefects(QByteArrayView header,
                       DefectPlace place,
                       bool isMessage,
                       DefectList &defects)
{
    HeaderChecker(place, isMessage, defects).check(header);
}

} // namespace Postnook::Mime
