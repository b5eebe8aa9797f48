#include "app/commands/clientanswers.h"

#include <QStringList>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto MaxTextLength = 200; // a name longer than this is a slip
constexpr auto MaxAddressLength = 254; // RFC 5321 4.5.3.1.3
constexpr quint16 PortTls = 465; // RFC 8314 3.3
constexpr quint16 PortSubmission = 587; // RFC 6409

// The value in the form in which it is used; empty: it cannot be.
using Check = QString (*)(const QString &);

struct Question {
    QString option;
    QString text;
    QString allowed; // "must be …"
    Check check = nullptr;
    QString fallback; // empty: there is none
};

QString textOrNothing(const QString &text)
{
    const QString trimmed = text.trimmed();
    const bool isFine = trimmed.size() <= MaxTextLength
        && std::all_of(trimmed.cbegin(), trimmed.cend(), [](QChar c) {
                            return c.isPrint() || c.isSurrogate();
                        });
    return isFine ? trimmed : QString();
}

QString emailOrNothing(const QString &text)
{
    const QString trimmed = textOrNothing(text);
    const bool hasBlank =
        std::any_of(trimmed.cbegin(), trimmed.cend(), [](QChar c) { return c.isSpace(); });
    const qsizetype at = trimmed.lastIndexOf(u'@');
    const bool isFine = at > 0 && !hasBlank && trimmed.size() <= MaxAddressLength
        && !asciiHostName(trimmed.mid(at + 1)).isEmpty();
    return isFine ? trimmed : QString();
}

QString portOrNothing(const QString &text)
{
    bool isNumber = false;
    const auto port = text.trimmed().toUShort(&isNumber);
    return isNumber && port > 0 ? QString::number(port) : QString();
}

QString securityOrNothing(const QString &text)
{
    const QString folded = text.trimmed().toLower();
    if (folded == "ssl"_L1) {
        return u"tls"_s;
    }
    return QStringList{u"tls"_s, u"starttls"_s, u"none"_s}.contains(folded) ? folded : QString();
}

QString hostOrNothing(const QString &text)
{
    return serverName(text.trimmed());
}

ConnectionSecurity securityNamed(const QString &name)
{
    if (name == "tls"_L1) {
        return ConnectionSecurity::Tls;
    }
    return name == "starttls"_L1 ? ConnectionSecurity::StartTls : ConnectionSecurity::None;
}

// Goes from question to question; after the first error it asks nothing more.
class Interview
{
public:
    Interview(const QMultiHash<QString, QString> &options, const AskPerson &ask)
        : m_options(options)
        , m_ask(ask)
    {
    }

    QString answer(const Question &question)
    {
        if (m_error) {
            return {};
        }
        if (m_options.contains(question.option)) {
            return fromOption(question);
        }
        if (m_ask) {
            return fromPerson(question);
        }
        if (question.fallback.isEmpty()) {
            m_missing += u"--"_s + question.option;
        }
        return question.fallback;
    }

    std::optional<Error> error() const
    {
        if (m_error || m_missing.isEmpty()) {
            return m_error;
        }
        return Error{
            ErrorCode::Invalid,
            u"there is no terminal to ask at, and this is missing: %1; Postnook does not send "
            "mail, so a mail program needs your provider's server for that"_s.arg(
                m_missing.join(u", "_s))};
    }

private:
    QString fromOption(const Question &question)
    {
        const QString value = m_options.value(question.option);
        QString checked = question.check(value);
        if (checked.isEmpty()) {
            m_error = Error{ErrorCode::Invalid,
                            u"--%1=%2: must be %3"_s.arg(question.option, value, question.allowed)};
        }
        return checked;
    }

    QString fromPerson(const Question &question)
    {
        const QString proposal =
            question.fallback.isEmpty() ? QString() : u" [%1]"_s.arg(question.fallback);
        QString text = question.text + proposal + u": "_s;
        while (!m_error) {
            const auto typed = m_ask(text);
            if (!typed) {
                m_error = typed.error();
                break;
            }
            QString checked = typed->isEmpty() ? question.fallback : question.check(*typed);
            if (!checked.isEmpty()) {
                return checked;
            }
            text = u"  It must be %1. %2%3: "_s.arg(question.allowed, question.text, proposal);
        }
        return {};
    }

    const QMultiHash<QString, QString> &m_options;
    const AskPerson &m_ask;
    QStringList m_missing;
    std::optional<Error> m_error;
};

} // namespace

Result<ClientAnswers> clientAnswers(const QMultiHash<QString, QString> &options,
                                    const QString &account,
                                    const AskPerson &ask)
{
    Interview interview(options, ask);
    ClientAnswers answers;
    answers.fullName = interview.answer({u"full-name"_s,
                                         u"Your name, as others shall see it"_s,
                                         u"one line of text"_s,
                                         textOrNothing,
                                         account});
    answers.emailAddress = interview.answer({u"email"_s,
                                             u"Your e-mail address"_s,
                                             u"an e-mail address, such as ann@example.org"_s,
                                             emailOrNothing,
                                             emailOrNothing(account)});
    answers.outgoing.host = interview.answer({u"smtp-host"_s,
                                              u"Your provider's server for outgoing mail (SMTP)"_s,
                                              u"a host name, such as smtp.example.org"_s,
                                              hostOrNothing,
                                              {}});
    const bool isSubmission = options.contains(u"smtp-port"_s)
        && portOrNothing(options.value(u"smtp-port"_s)) != QString::number(PortTls);
    const QString security = interview.answer({u"smtp-security"_s,
                                               u"Its security (tls, starttls or none)"_s,
                                               u"tls, starttls or none"_s,
                                               securityOrNothing,
                                               isSubmission ? u"starttls"_s : u"tls"_s});
    answers.outgoing.security = securityNamed(security);
    const auto usualPort =
        answers.outgoing.security == ConnectionSecurity::Tls ? PortTls : PortSubmission;
    answers.outgoing.port = interview
                                .answer({u"smtp-port"_s,
                                         u"Its port"_s,
                                         u"a number from 1 to 65535"_s,
                                         portOrNothing,
                                         QString::number(usualPort)})
                                .toUShort();
    answers.outgoing.user =
        interview.answer({u"smtp-user"_s,
                          u"Your user name there"_s,
                          u"one line of text"_s,
                          textOrNothing,
                          // Where the address is missing, that alone is told.
                          answers.emailAddress.isEmpty() ? account : answers.emailAddress});
    if (const auto error = interview.error()) {
        return *error;
    }
    return answers;
}

} // namespace Postnook
