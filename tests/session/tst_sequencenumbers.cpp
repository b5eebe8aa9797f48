#include "dialogueserver.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace Postnook;

namespace
{

// What a client believes of its selected mailbox, from nothing but the responses it got.
class ModelClient
{
public:
    struct Message {
        quint32 uid = 0; // 0: not told yet
        QByteArrayList flags;
        bool knowsFlags = false;
    };

    ModelClient(DialogueServer &server, int number)
        : m_name("client " + QByteArray::number(number))
        , m_transport(
              server.connectClient({.isEncrypted = true, .canStartTls = false, .isLoopback = true}))
    {
        DialogueServer::waitFor([&] { return m_transport->takeOutput().endsWith("\r\n"); });
        command("LOGIN test secret");
        command("SELECT INBOX");
        command("UID FETCH 1:* FLAGS");
    }

    // Sends it, reads to the tagged line, applies every untagged one. False: not OK.
    bool command(const QByteArray &text)
    {
        const QByteArray tag = 't' + QByteArray::number(++m_tag);
        m_holdsExpunges =
            text.startsWith("FETCH") || text.startsWith("STORE") || text.startsWith("SEARCH");
        m_last = text;
        m_transport->clientSends(tag + ' ' + text + "\r\n");
        const qsizetype silent = text.contains(".SILENT") ? text.split(' ').at(1).toInt() - 1 : -1;
        bool isOk = false;
        const bool isDone = DialogueServer::waitFor([&] {
            m_unread += m_transport->takeOutput();
            for (auto end = m_unread.indexOf("\r\n"); end >= 0; end = m_unread.indexOf("\r\n")) {
                const QByteArray line = m_unread.first(end);
                m_unread.remove(0, end + 2);
                if (line.startsWith(tag + ' ')) {
                    isOk = line.startsWith(tag + " OK");
                    applySilent(isOk ? silent : -1);
                    return true;
                }
                apply(line);
            }
            return false;
        });
        if (!isDone) {
            m_faults << m_name + " no reply to: " + text;
        }
        return isOk;
    }

    const QList<Message> &messages() const { return m_messages; }
    const QByteArrayList &faults() const { return m_faults; }

private:
    void apply(const QByteArray &line)
    {
        static const QRegularExpression numbered(
            QStringLiteral("^\\* (\\d+) (EXISTS|EXPUNGE|FETCH)(.*)$"));
        const auto match = numbered.match(QString::fromLatin1(line));
        if (!match.hasMatch()) {
            return;
        }
        const int number = match.captured(1).toInt();
        const QString what = match.captured(2);
        if (what == QLatin1String("EXISTS")) {
            if (number < m_messages.size()) {
                m_faults << m_name + " EXISTS shrinks: " + line;
            }
            m_messages.resize(number);
        } else if (number < 1 || number > m_messages.size()) {
            m_faults << m_name + " number out of range: " + line;
        } else if (what == QLatin1String("EXPUNGE")) {
            if (m_holdsExpunges) {
                m_faults << m_name + " EXPUNGE in " + m_last;
            }
            m_messages.removeAt(number - 1);
        } else {
            applyFetch(m_messages[number - 1], match.captured(3).toLatin1(), line);
        }
    }

    // "STORE n +FLAGS.SILENT (\Seen)": the client knows without being told (RFC 9051 6.4.6).
    void applySilent(qsizetype index)
    {
        if (index >= 0 && m_messages.at(index).knowsFlags
            && !m_messages.at(index).flags.contains("\\Seen")) {
            m_messages[index].flags.append("\\Seen");
            std::sort(m_messages[index].flags.begin(), m_messages[index].flags.end());
        }
    }

    void applyFetch(Message &message, const QByteArray &items, const QByteArray &line)
    {
        static const QRegularExpression uid(QStringLiteral("UID (\\d+)"));
        static const QRegularExpression flags(QStringLiteral("FLAGS \\(([^)]*)\\)"));
        const QString text = QString::fromLatin1(items);
        if (const auto match = uid.match(text); match.hasMatch()) {
            const quint32 told = match.captured(1).toUInt();
            if (message.uid != 0 && message.uid != told) {
                m_faults << m_name + " UID of a number changes from "
                        + QByteArray::number(message.uid) + ": " + line;
            }
            message.uid = told;
        }
        if (const auto match = flags.match(text); match.hasMatch()) {
            message.flags = match.captured(1).toLatin1().split(' ');
            message.flags.removeAll("\\Recent");
            message.flags.removeAll(QByteArray());
            std::sort(message.flags.begin(), message.flags.end());
            message.knowsFlags = true;
        }
    }

    QByteArray m_name;
    QPointer<MemoryTransport> m_transport;
    QByteArray m_unread;
    QByteArray m_last;
    QByteArrayList m_faults;
    QList<Message> m_messages;
    int m_tag = 0;
    bool m_holdsExpunges = false;
};

// Picks what a client does next.
class RandomUser
{
public:
    explicit RandomUser(quint32 seed)
        : m_random(seed)
    {
    }

    int below(int bound) { return static_cast<int>(m_random.bounded(bound)); }

    QByteArray nextCommand(const ModelClient &client)
    {
        const auto count = static_cast<int>(client.messages().size());
        if (count == 0 || below(10) < 2) {
            return "APPEND INBOX (" + flag() + ") {3+}\r\nabc";
        }
        const QByteArray set =
            QByteArray::number(1 + below(count)) + ':' + QByteArray::number(1 + below(count));
        const QByteArray one = QByteArray::number(1 + below(count));
        switch (below(12)) {
        case 0:
            return "STORE " + set + " +FLAGS (" + flag() + ')';
        case 1:
            return "STORE " + one + " +FLAGS.SILENT (\\Seen)";
        case 2:
            return "UID STORE 1:* -FLAGS (" + flag() + ')';
        case 3:
            return "STORE " + one + " +FLAGS (\\Deleted)";
        case 4:
            return "EXPUNGE";
        case 5:
            return "FETCH " + set + " (UID FLAGS)";
        case 6:
            return "UID FETCH 1:* FLAGS";
        case 7:
            return "COPY " + one + " INBOX";
        case 8:
            return "MOVE " + one + " INBOX";
        case 9:
            return "SEARCH " + set + " NOT DELETED";
        case 10:
            return "UID EXPUNGE 1:" + QByteArray::number(1 + below(500));
        default:
            return "NOOP";
        }
    }

private:
    QByteArray flag()
    {
        static const QByteArrayList flags{
            "\\Seen", "\\Flagged", "\\Answered", "Work", "Home", "\\Draft"};
        return flags.at(below(static_cast<int>(flags.size())));
    }

    QRandomGenerator m_random;
};

} // namespace

// Several clients on one mailbox do things at random; each keeps its own numbering from what it is
// told. In the end all of them agree with each other and with a fresh look at the mailbox.
class TestSequenceNumbers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agree_data()
    {
        QTest::addColumn<quint32>("seed");
        const int rounds = qMax(4, qEnvironmentVariableIntValue("POSTNOOK_RANDOM_ROUNDS"));
        for (int seed = 1; seed <= rounds; ++seed) {
            QTest::addRow("seed %d", seed) << static_cast<quint32>(seed);
        }
    }

    void agree()
    {
        QFETCH(quint32, seed);
        constexpr int Steps = 500;
        DialogueServer server;
        RandomUser user(seed);
        std::vector<std::unique_ptr<ModelClient>> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(std::make_unique<ModelClient>(server, i));
        }
        for (int step = 0; step < Steps; ++step) {
            ModelClient &client = *clients.at(static_cast<size_t>(user.below(3)));
            client.command(user.nextCommand(client));
            QVERIFY2(client.faults().isEmpty(), client.faults().join('\n').constData());
        }
        for (const auto &client : clients) {
            client->command("NOOP");
        }
        ModelClient fresh(server, 99);
        for (const auto &client : clients) {
            compare(*client, fresh);
            // What it believed without asking was right; now it asks, and it still is.
            client->command("UID FETCH 1:* FLAGS");
            compare(*client, fresh);
        }
    }

private:
    static void compare(const ModelClient &client, const ModelClient &fresh)
    {
        QVERIFY2(client.faults().isEmpty(), client.faults().join('\n').constData());
        QCOMPARE(client.messages().size(), fresh.messages().size());
        for (qsizetype i = 0; i < fresh.messages().size(); ++i) {
            const auto &mine = client.messages().at(i);
            const auto &real = fresh.messages().at(i);
            if (mine.uid != 0) {
                QCOMPARE(mine.uid, real.uid);
            }
            if (mine.knowsFlags) {
                QCOMPARE(mine.flags, real.flags);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestSequenceNumbers)
#include "tst_sequencenumbers.moc"
