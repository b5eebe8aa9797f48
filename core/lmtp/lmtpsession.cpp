#include "core/lmtp/lmtpsession.h"

#include "core/lmtp/lmtplog.h"
#include "core/lmtp/lmtpoptions.h"
#include "core/lmtp/mailtransaction.h"
#include "core/session/transport.h"

#include <QScopedValueRollback>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

constexpr qsizetype MaxLineBytes = 4096; // eight times what RFC 5321 4.5.3.1.4 asks for
constexpr qint64 MaxUnsentBytes = 65'536; // then the client has to read first

bool isHostWord(const QByteArray &text)
{
    return !text.isEmpty() && text.size() <= 255
        && std::none_of(text.begin(), text.end(), [](char c) {
               const auto octet = static_cast<quint8>(c);
               return octet <= 0x20 || octet == 0x7f || c == '(' || c == ')' || c == ';';
           });
}

} // namespace

LmtpSession::LmtpSession(Storage &storage,
                         const LmtpOptions &options,
                         std::unique_ptr<Transport> transport,
                         quint64 number)
    : m_storage(storage)
    , m_options(options)
    , m_transport(std::move(transport))
    , m_logName(QStringLiteral("l%1").arg(number))
    , m_lastInputMs(options.monotonicMs())
{
    connect(m_transport.get(), &Transport::readyRead, this, &LmtpSession::process);
    connect(m_transport.get(), &Transport::bytesWritten, this, &LmtpSession::process);
    connect(m_transport.get(), &Transport::closed, this, &LmtpSession::ended);
}

LmtpSession::~LmtpSession() = default;

void LmtpSession::begin()
{
    reply("220 " + m_options.hostName + " Postnook LMTP");
}

void LmtpSession::tick(qint64 nowMs)
{
    if (m_state != State::Storing && nowMs - m_lastInputMs >= m_options.timeoutMs) {
        end("421 4.4.2 Nothing has come for too long");
    }
}

void LmtpSession::end(const QByteArray &lastReply)
{
    if (m_isEnding) {
        return;
    }
    m_lastReply = lastReply;
    if (m_state == State::Storing) {
        return; // onFinished() comes back to it
    }
    m_isEnding = true;
    reply(m_lastReply);
    m_transport->closeGracefully();
}

// A step may end at once or later, when it calls this again: hence no recursion.
void LmtpSession::process()
{
    if (m_isProcessing) {
        return;
    }
    const QScopedValueRollback guard(m_isProcessing, true);
    while (canGoOn() && step()) { }
    m_transport->setReadingPaused(!m_isEnding && !canGoOn());
}

bool LmtpSession::canGoOn() const
{
    const bool isTaking =
        m_state == State::Command || (m_state == State::Data && !m_mail->isFull());
    return !m_isEnding && isTaking && m_transport->unsentBytes() < MaxUnsentBytes;
}

bool LmtpSession::step()
{
    if (m_state == State::Data ? takeText() : takeLine()) {
        return true;
    }
    const QByteArray bytes = m_isEnding ? QByteArray() : m_transport->readAll();
    if (!bytes.isEmpty()) {
        m_lastInputMs = m_options.monotonicMs();
    }
    m_input += bytes;
    return !bytes.isEmpty();
}

bool LmtpSession::takeLine()
{
    const qsizetype bytes = m_input.indexOf("\r\n");
    if (bytes > MaxLineBytes || (bytes < 0 && m_input.size() > MaxLineBytes)) {
        end("500 5.5.2 The line is too long");
        return false;
    }
    if (bytes < 0) {
        return false;
    }
    const QByteArray line = m_input.first(bytes);
    m_input.remove(0, bytes + 2);
    runLine(line);
    return true;
}

bool LmtpSession::takeText()
{
    if (m_input.isEmpty()) {
        return false;
    }
    m_mail->add(m_reader.read(&m_input));
    if (m_reader.isAtEnd()) {
        m_state = State::Storing;
        m_mail->end();
    }
    return true;
}

void LmtpSession::onFinished()
{
    m_state = State::Command;
    m_mail.release()->deleteLater(); // it is the one that speaks
    if (!m_lastReply.isEmpty()) {
        end(m_lastReply);
    }
    process();
}

void LmtpSession::runLine(const QByteArray &line)
{
    static constexpr auto Commands = std::to_array<CommandRow>({
        {"LHLO", &LmtpSession::lhlo},
        {"HELO", &LmtpSession::hello},
        {"EHLO", &LmtpSession::hello},
        {"MAIL", &LmtpSession::mail},
        {"RCPT", &LmtpSession::rcpt},
        {"DATA", &LmtpSession::data},
        {"RSET", &LmtpSession::rset},
        {"NOOP", &LmtpSession::noop},
        {"QUIT", &LmtpSession::quit},
        {"VRFY", &LmtpSession::vrfy},
    });
    const qsizetype space = line.indexOf(' ');
    const QByteArray name = (space < 0 ? line : line.first(space)).toUpper();
    const auto *row = std::find_if(
        Commands.begin(), Commands.end(), [&name](const auto &one) { return one.name == name; });
    if (row == Commands.end()) {
        return refuse("500 5.5.2 There is no such command");
    }
    (this->*row->run)(space < 0 ? QByteArray() : line.sliced(space + 1).trimmed());
}

void LmtpSession::lhlo(const QByteArray &domain)
{
    if (!isHostWord(domain)) {
        return refuse("501 5.5.4 LHLO wants a host name");
    }
    m_client = domain;
    m_mail.reset();
    reply("250-" + m_options.hostName);
    reply("250-PIPELINING");
    reply("250-ENHANCEDSTATUSCODES");
    reply("250-8BITMIME");
    reply("250-SMTPUTF8");
    reply("250 SIZE " + QByteArray::number(m_options.maxMessageBytes));
}

// RFC 2033 4.1.
void LmtpSession::hello(const QByteArray & /*domain*/)
{
    refuse("500 5.5.1 This is LMTP: say LHLO");
}

void LmtpSession::mail(const QByteArray &arguments)
{
    if (m_client.isEmpty()) {
        return refuse("503 5.5.1 LHLO comes first");
    }
    if (m_mail) {
        return refuse("503 5.5.1 There is a sender already");
    }
    const auto line = parseEnvelope(arguments, "FROM");
    if (!line) {
        return refuse("501 5.1.7 MAIL FROM:<address> has an address that cannot be read");
    }
    if (!checkParameters(line->parameters)) {
        return;
    }
    const bool isUtf8 = std::any_of(line->parameters.begin(),
                                    line->parameters.end(),
                                    [](const auto &one) { return one.name == "SMTPUTF8"; });
    const MailOrigin origin{line->path, m_client, m_transport->peerAddress(), isUtf8, m_logName};
    m_mail = std::make_unique<MailTransaction>(m_storage, m_options, origin);
    connect(m_mail.get(), &MailTransaction::drained, this, &LmtpSession::process);
    connect(m_mail.get(), &MailTransaction::replied, this, &LmtpSession::reply);
    connect(m_mail.get(), &MailTransaction::finished, this, &LmtpSession::onFinished);
    reply("250 2.1.0 <" + line->path.text + '>');
}

// RFC 1870, RFC 6152, RFC 6531. Answers, where it returns false.
bool LmtpSession::checkParameters(const QList<MailParameter> &parameters)
{
    for (const MailParameter &parameter : parameters) {
        bool isRight = true;
        if (parameter.name == "SIZE") {
            const quint64 size = parameter.value.toULongLong(&isRight);
            if (isRight && size > m_options.maxMessageBytes) {
                reply(lmtpReply({ErrorCode::TooBig, {}}));
                return false;
            }
        } else if (parameter.name == "BODY") {
            const QByteArray value = parameter.value.toUpper();
            isRight = value == "7BIT" || value == "8BITMIME";
        } else if (parameter.name == "SMTPUTF8") {
            isRight = parameter.value.isEmpty();
        } else {
            refuse("555 5.5.4 There is no parameter " + parameter.name);
            return false;
        }
        if (!isRight) {
            refuse("501 5.5.4 The parameter " + parameter.name + " has no such value");
            return false;
        }
    }
    return true;
}

void LmtpSession::rcpt(const QByteArray &arguments)
{
    if (!m_mail) {
        return refuse("503 5.5.1 MAIL comes first");
    }
    const auto line = parseEnvelope(arguments, "TO");
    if (!line || line->path.text.isEmpty()) {
        return refuse("501 5.1.3 RCPT TO:<address> has an address that cannot be read");
    }
    if (!line->parameters.isEmpty()) {
        return refuse("555 5.5.4 There is no parameter " + line->parameters.first().name);
    }
    if (m_mail->recipients() >= m_options.maxRecipients) {
        return reply("452 4.5.3 There are too many recipients");
    }
    m_state = State::Lookup;
    findRecipient(m_storage, line->path, this, [this, path = line->path](const auto &found) {
        onRecipient(path, found);
    });
}

void LmtpSession::onRecipient(const MailPath &path, const Result<Recipient> &found)
{
    m_state = State::Command;
    if (m_isEnding) {
        return;
    }
    if (found) {
        m_mail->addRecipient(path, *found);
        reply("250 2.1.5 <" + path.text + '>');
    } else {
        qCInfo(lcLmtp).noquote() << QStringLiteral("%1 mail for <%2> refused: %3")
                                        .arg(m_logName,
                                             QString::fromUtf8(path.text),
                                             found.error().text);
        reply(lmtpReply(found.error()));
    }
    process();
}

void LmtpSession::data(const QByteArray &arguments)
{
    if (!arguments.isEmpty()) {
        return refuse("501 5.5.4 DATA stands alone");
    }
    if (!m_mail || m_mail->recipients() == 0) {
        return refuse("503 5.5.1 There is nobody to take the message"); // RFC 2033 4.2
    }
    reply("354 A line with a dot ends the message");
    m_state = State::Data;
    m_reader = DotReader();
    m_mail->begin();
}

void LmtpSession::rset(const QByteArray & /*arguments*/)
{
    m_mail.reset();
    reply("250 2.0.0 Nothing is left of it");
}

void LmtpSession::noop(const QByteArray & /*arguments*/)
{
    reply("250 2.0.0 Done");
}

void LmtpSession::quit(const QByteArray & /*arguments*/)
{
    end("221 2.0.0 " + m_options.hostName + " closes the connection");
}

void LmtpSession::vrfy(const QByteArray & /*arguments*/)
{
    reply("252 2.5.2 RCPT tells whether there is such an account");
}

void LmtpSession::reply(const QByteArray &text)
{
    if (text.startsWith('2')) {
        m_badCommands = 0;
    }
    m_transport->write(text + "\r\n");
}

void LmtpSession::refuse(const QByteArray &text)
{
    reply(text);
    if (++m_badCommands >= m_options.maxBadCommands) {
        end("421 4.7.0 Too many commands that make no sense");
    }
}

} // namespace Postnook
