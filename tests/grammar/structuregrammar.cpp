#include "tests/grammar/structuregrammar.h"

#include <functional>

namespace Postnook::Grammar
{

namespace
{

constexpr int MaxNesting = 200; // the server's own limit is far below

bool isWord(const QByteArray &text, QByteArrayView word)
{
    return text.compare(word, Qt::CaseInsensitive) == 0;
}

EnvelopeAddress readAddress(ResponseLexer &in)
{
    EnvelopeAddress address;
    in.expect("(");
    address.name = in.nstring();
    in.expect(" ");
    address.route = in.nstring();
    in.expect(" ");
    address.mailbox = in.nstring();
    in.expect(" ");
    address.host = in.nstring();
    in.expect(")");
    return address;
}

AddressList readAddresses(ResponseLexer &in)
{
    AddressList list;
    if (in.accept("NIL")) {
        return list;
    }
    bool inGroup = false;
    in.expect("(");
    do {
        const auto address = readAddress(in);
        const bool isGroup = !address.host;
        const bool isStart = isGroup && address.mailbox;
        if (isGroup && isStart == inGroup) {
            in.fail("a group within a group, or the end of none");
        }
        if (isGroup && (address.name || address.route)) {
            in.fail("a group with the name or route of an address");
        }
        if (isStart && address.mailbox->isEmpty()) {
            in.fail("a group without a name");
        }
        if (!isGroup && !address.mailbox) {
            in.fail("an address without a mailbox");
        }
        inGroup = isGroup ? isStart : inGroup;
        list.append(address);
    } while (in.at("("));
    in.expect(")");
    if (inGroup) {
        in.fail("a group without an end");
    }
    return list;
}

ParameterList readParameters(ResponseLexer &in)
{
    ParameterList parameters;
    if (in.accept("NIL")) {
        return parameters;
    }
    in.expect("(");
    do {
        const auto name = in.string();
        in.expect(" ");
        parameters.append({name, in.string()});
    } while (in.accept(" "));
    in.expect(")");
    return parameters;
}

std::optional<Disposition> readDisposition(ResponseLexer &in)
{
    if (in.accept("NIL")) {
        return std::nullopt;
    }
    Disposition disposition;
    in.expect("(");
    disposition.type = in.string();
    in.expect(" ");
    disposition.parameters = readParameters(in);
    in.expect(")");
    return disposition;
}

QByteArrayList readLanguages(ResponseLexer &in)
{
    QByteArrayList languages;
    if (in.accept("NIL")) {
        return languages;
    }
    if (!in.accept("(")) {
        return {in.string()};
    }
    do {
        languages.append(in.string());
    } while (in.accept(" "));
    in.expect(")");
    return languages;
}

class BodyReader
{
public:
    BodyReader(ResponseLexer &in, BodyForm form)
        : m_in(in)
        , m_form(form)
    {
    }

    Body read();

private:
    void readSingle(Body &body);
    void readMultipart(Body &body);
    void readExtension(Body &body);

    ResponseLexer &m_in;
    BodyForm m_form;
    int m_nesting = 0;
};

Body BodyReader::read()
{
    Body body;
    if (++m_nesting > MaxNesting) {
        m_in.fail("bodies nest too deep");
    }
    m_in.expect("(");
    body.isMultipart = m_in.at("(");
    if (body.isMultipart) {
        readMultipart(body);
    } else {
        readSingle(body);
    }
    readExtension(body);
    m_in.expect(")");
    --m_nesting;
    return body;
}

void BodyReader::readMultipart(Body &body)
{
    while (m_in.at("(")) {
        body.children.append(read());
    }
    m_in.expect(" ");
    body.subtype = m_in.string();
}

void BodyReader::readSingle(Body &body)
{
    const bool quotedType = m_in.at("\"");
    body.type = m_in.string();
    m_in.expect(" ");
    const bool quotedSubtype = m_in.at("\"");
    body.subtype = m_in.string();
    m_in.expect(" ");
    body.parameters = readParameters(m_in);
    m_in.expect(" ");
    body.id = m_in.nstring();
    m_in.expect(" ");
    body.description = m_in.nstring();
    m_in.expect(" ");
    body.encoding = m_in.string();
    m_in.expect(" ");
    body.octets = m_in.number();

    const bool isText = isWord(body.type, "text");
    const bool isMessage = isWord(body.type, "message")
        && (isWord(body.subtype, "rfc822")
            || (isWord(body.subtype, "global") && m_in.revision() == Revision::Rev2));
    if (isWord(body.type, "multipart")) {
        m_in.fail("a multipart without parts");
    }
    if (((isText || isMessage) && !quotedType) || (isMessage && !quotedSubtype)) {
        m_in.fail("a type that the grammar wants in quotes");
    }
    if (isMessage) {
        m_in.expect(" ");
        body.envelope = readEnvelope(m_in);
        m_in.expect(" ");
        body.children.append(read());
    }
    if (isText || isMessage) {
        m_in.expect(" ");
        body.lines = m_in.number64();
    }
}

void BodyReader::readExtension(Body &body)
{
    const std::function<void()> items[] = {
        [&] {
            if (body.isMultipart) {
                body.parameters = readParameters(m_in);
            } else {
                body.md5 = m_in.nstring();
            }
        },
        [&] { body.disposition = readDisposition(m_in); },
        [&] { body.languages = readLanguages(m_in); },
        [&] { body.location = m_in.nstring(); },
    };
    for (const auto &item : items) {
        if (m_form == BodyForm::Short || !m_in.accept(" ")) {
            return;
        }
        item();
        ++body.extensionItems;
    }
}

template <typename T>
Result<T> whole(ResponseLexer &in, T value)
{
    if (in.ok() && !in.atEnd()) {
        in.fail("something follows");
    }
    if (!in.ok()) {
        return Error{ErrorCode::Corrupt, in.error()};
    }
    return value;
}

} // namespace

Envelope readEnvelope(ResponseLexer &in)
{
    Envelope envelope;
    in.expect("(");
    envelope.date = in.nstring();
    in.expect(" ");
    envelope.subject = in.nstring();
    for (auto *list : {&envelope.from,
                       &envelope.sender,
                       &envelope.replyTo,
                       &envelope.to,
                       &envelope.cc,
                       &envelope.bcc}) {
        in.expect(" ");
        *list = readAddresses(in);
    }
    in.expect(" ");
    envelope.inReplyTo = in.nstring();
    in.expect(" ");
    envelope.messageId = in.nstring();
    in.expect(")");
    return envelope;
}

Body readBody(ResponseLexer &in, BodyForm form)
{
    return BodyReader(in, form).read();
}

Result<Envelope> parseEnvelope(QByteArrayView text)
{
    ResponseLexer in(text);
    auto envelope = readEnvelope(in);
    return whole(in, std::move(envelope));
}

Result<Body> parseBody(QByteArrayView text, BodyForm form, Revision revision)
{
    ResponseLexer in(text, revision);
    auto body = readBody(in, form);
    return whole(in, std::move(body));
}

} // namespace Postnook::Grammar
