#include "app/commands/clientanswers.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

using Options = QMultiHash<QString, QString>;

const Options &enough()
{
    static const Options options{{u"email"_s, u"ann@example.org"_s},
                                 {u"smtp-host"_s, u"smtp.example.org"_s}};
    return options;
}

Options with(Options options, const QString &name, const QString &value)
{
    options.insert(name, value);
    return options;
}

} // namespace

class TestClientAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void guessesTheRest();
    void securityAndPort_data();
    void securityAndPort();
    void refusesOptions_data();
    void refusesOptions();
    void namesWhatIsMissing();
    void asks();
    void asksAgain();
    void asksOnlyForWhatIsMissing();
    void endsWithThePerson();
};

void TestClientAnswers::guessesTheRest()
{
    const auto answers = clientAnswers(enough(), u"ann"_s, {});
    QVERIFY(answers);
    QCOMPARE(answers->fullName, u"ann"_s);
    QCOMPARE(answers->emailAddress, u"ann@example.org"_s);
    QCOMPARE(answers->outgoing.host, u"smtp.example.org"_s);
    QCOMPARE(answers->outgoing.port, quint16(465));
    QVERIFY(answers->outgoing.security == ConnectionSecurity::Tls);
    QCOMPARE(answers->outgoing.user, u"ann@example.org"_s);

    // An account that is an address.
    const auto other =
        clientAnswers({{u"smtp-host"_s, u"smtp.example.org"_s}}, u"bob@example.org"_s, {});
    QVERIFY(other);
    QCOMPARE(other->emailAddress, u"bob@example.org"_s);
}

void TestClientAnswers::securityAndPort_data()
{
    QTest::addColumn<QString>("security");
    QTest::addColumn<QString>("port");
    QTest::addColumn<ConnectionSecurity>("expectedSecurity");
    QTest::addColumn<int>("expectedPort");

    using Security = ConnectionSecurity;
    QTest::newRow("neither") << QString() << QString() << Security::Tls << 465;
    QTest::newRow("tls") << u"TLS"_s << QString() << Security::Tls << 465;
    QTest::newRow("ssl") << u"ssl"_s << QString() << Security::Tls << 465;
    QTest::newRow("starttls") << u"starttls"_s << QString() << Security::StartTls << 587;
    QTest::newRow("none") << u"none"_s << QString() << Security::None << 587;
    QTest::newRow("port of TLS") << QString() << u"465"_s << Security::Tls << 465;
    QTest::newRow("port of STARTTLS") << QString() << u"587"_s << Security::StartTls << 587;
    QTest::newRow("both") << u"tls"_s << u"587"_s << Security::Tls << 587;
}

void TestClientAnswers::securityAndPort()
{
    QFETCH(QString, security);
    QFETCH(QString, port);
    QFETCH(ConnectionSecurity, expectedSecurity);
    QFETCH(int, expectedPort);
    Options options = enough();
    if (!security.isEmpty()) {
        options.insert(u"smtp-security"_s, security);
    }
    if (!port.isEmpty()) {
        options.insert(u"smtp-port"_s, port);
    }

    const auto answers = clientAnswers(options, u"ann"_s, {});
    QVERIFY(answers);
    QVERIFY(answers->outgoing.security == expectedSecurity);
    QCOMPARE(int(answers->outgoing.port), expectedPort);
}

void TestClientAnswers::refusesOptions_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("value");

    QTest::newRow("address without @") << u"email"_s << u"example.org"_s;
    QTest::newRow("address without a local part") << u"email"_s << u"@example.org"_s;
    QTest::newRow("address with a blank") << u"email"_s << u"a b@example.org"_s;
    QTest::newRow("domain that climbs folders") << u"email"_s << u"a@../../etc"_s;
    QTest::newRow("name with a line end") << u"full-name"_s << u"Ann\nBcc: x"_s;
    QTest::newRow("name of 201 letters") << u"full-name"_s << QString(201, u'a');
    QTest::newRow("host with a port") << u"smtp-host"_s << u"smtp.example.org:465"_s;
    QTest::newRow("host as a URL") << u"smtp-host"_s << u"smtp://example.org"_s;
    QTest::newRow("port 0") << u"smtp-port"_s << u"0"_s;
    QTest::newRow("port 65536") << u"smtp-port"_s << u"65536"_s;
    QTest::newRow("port in words") << u"smtp-port"_s << u"smtps"_s;
    QTest::newRow("unknown security") << u"smtp-security"_s << u"tls1.3"_s;
    QTest::newRow("blank user") << u"smtp-user"_s << u"  "_s;
}

void TestClientAnswers::refusesOptions()
{
    QFETCH(QString, option);
    QFETCH(QString, value);

    const auto answers = clientAnswers(with(enough(), option, value), u"ann"_s, {});
    QVERIFY(!answers);
    QCOMPARE(answers.error().code, ErrorCode::Invalid);
    QVERIFY(answers.error().text.startsWith(u"--%1=%2: must be "_s.arg(option, value)));
}

void TestClientAnswers::namesWhatIsMissing()
{
    const auto answers = clientAnswers({}, u"ann"_s, {});
    QVERIFY(!answers);
    QCOMPARE(answers.error().code, ErrorCode::Invalid);
    QVERIFY(answers.error().text.contains(u"this is missing: --email, --smtp-host; "_s));
}

void TestClientAnswers::asks()
{
    QStringList questions;
    QStringList typed{
        u"Ann Müller"_s, u"ann@example.org"_s, u"smtp.example.org"_s, u"starttls"_s, {}, {}};
    const auto answers = clientAnswers({}, u"ann"_s, [&](const QString &question) {
        questions += question;
        return Result(typed.takeFirst());
    });

    QVERIFY(answers);
    QVERIFY(typed.isEmpty());
    QCOMPARE(answers->fullName, u"Ann Müller"_s);
    QVERIFY(answers->outgoing.security == ConnectionSecurity::StartTls);
    QCOMPARE(answers->outgoing.port, quint16(587));
    QCOMPARE(answers->outgoing.user, u"ann@example.org"_s);
    QCOMPARE(questions.first(), u"Your name, as others shall see it [ann]: "_s);
    QCOMPARE(questions.at(4), u"Its port [587]: "_s);
    QCOMPARE(questions.last(), u"Your user name there [ann@example.org]: "_s);
}

void TestClientAnswers::asksAgain()
{
    QStringList questions;
    QStringList typed{
        {}, {}, u"nonsense"_s, u"ann@example.org"_s, u"smtp.example.org"_s, {}, {}, {}};
    const auto answers = clientAnswers({}, u"ann"_s, [&](const QString &question) {
        questions += question;
        return Result(typed.takeFirst());
    });

    QVERIFY(answers);
    QCOMPARE(answers->emailAddress, u"ann@example.org"_s);
    QCOMPARE(questions.at(1), u"Your e-mail address: "_s);
    QCOMPARE(questions.at(3),
             u"  It must be an e-mail address, such as ann@example.org. Your e-mail address: "_s);
}

void TestClientAnswers::asksOnlyForWhatIsMissing()
{
    QStringList questions;
    const auto answers = clientAnswers(enough(), u"ann"_s, [&](const QString &question) {
        questions += question;
        return Result(QString());
    });

    QVERIFY(answers);
    QCOMPARE(questions.size(), 4); // name, security, port, user
}

void TestClientAnswers::endsWithThePerson()
{
    int asked = 0;
    const auto answers = clientAnswers({}, u"ann"_s, [&](const QString &) -> Result<QString> {
        ++asked;
        return Error{ErrorCode::Cancelled, u"cancelled"_s};
    });

    QVERIFY(!answers);
    QCOMPARE(answers.error().code, ErrorCode::Cancelled);
    QCOMPARE(asked, 1);
}

QTEST_GUILESS_MAIN(TestClientAnswers)
#include "tst_clientanswers.moc"
