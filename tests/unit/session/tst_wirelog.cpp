#include "core/session/command.h"
#include "core/session/wirelog.h"

#include <QLoggingCategory>
#include <QTest>

using namespace Postnook;

// The log of the wire has neither passwords nor the text of messages.
class TestWireLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("postnook.wire=true")); }

    void received_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("sendsPassword");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("logged");
        const auto row =
            [](const char *name, bool sendsPassword, const char *text, const char *logged) {
                QTest::newRow(logged) << QByteArray(name) << sendsPassword << QByteArray(text)
                                      << QString::fromLatin1(logged);
            };
        row("NOOP", false, "a NOOP\r\n", "C: a NOOP");
        row("LOGIN", true, "b login ann secret\r\n", "C: b LOGIN ...");
        row("LOGIN", true, "b LOGIN {3}\r\nann {6}\r\nsecret\r\n", "C: b LOGIN ...");
        row("AUTHENTICATE", true, "a AUTHENTICATE PLAIN AGEAYg==\r\n", "C: a AUTHENTICATE ...");
        row("SETMETADATA",
            false,
            "a SETMETADATA INBOX (/private/comment secret)\r\n",
            "C: a SETMETADATA INBOX (...)");
        row("APPEND", false, "a APPEND INBOX {6}\r\nsecret\r\n", "C: a APPEND INBOX {6}");
    }

    void received()
    {
        QFETCH(QByteArray, name);
        QFETCH(bool, sendsPassword);
        QFETCH(QByteArray, text);
        QFETCH(QString, logged);
        const CommandFlags flags = sendsPassword ? CommandFlag::SendsPassword : CommandFlags();
        const CommandRow row{name.constData(), {}, flags, nullptr, nullptr};
        QTest::ignoreMessage(QtDebugMsg, qPrintable(u"s1 "_qs + logged));
        logReceived(QStringLiteral("s1"), text, row);
    }

    void sent_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("logged");
        const auto row = [](const char *bytes, const char *logged) {
            QTest::newRow(logged) << QByteArray(bytes) << QString::fromLatin1(logged);
        };
        row("a OK Done\r\n", "S: a OK Done 11 octets");
        row("* 1 EXISTS\r\na OK Done\r\n", "S: * 1 EXISTS 23 octets");
        row("* 1 FETCH (PREVIEW \"secret\")\r\n", "S: * 1 FETCH (...) 30 octets");
        row("* 9 UIDFETCH (PREVIEW \"secret\")\r\n", "S: * 9 UIDFETCH (...) 33 octets");
        row("* METADATA INBOX (/private/comment \"secret\")\r\n",
            "S: * METADATA INBOX (...) 46 octets");
    }

    void sent()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, logged);
        QTest::ignoreMessage(QtDebugMsg, qPrintable(u"s1 "_qs + logged));
        logSent(QStringLiteral("s1"), bytes);
    }
};

QTEST_GUILESS_MAIN(TestWireLog)
#include "tst_wirelog.moc"
