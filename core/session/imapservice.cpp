#include "core/session/imapservice.h"

#include "core/commands/commandtable.h"
#include "core/mailbox/account.h"
#include "core/search/keycache.h"
#include "core/session/session.h"
#include "core/session/sessionlog.h"
#include "core/session/transport.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QHash>
#include <QPointer>
#include <QRandomGenerator>
#include <QTimer>

#include <map>

namespace Postnook
{

namespace
{

// Each tick wakes the event loop, which then looks at every socket: with the sessions of a
// household that is nothing, with a thousand it is what an idle server costs.
constexpr int TickMs = 1000;
constexpr int TickOfManyMs = 4000;
constexpr size_t ManySessions = 100;

// Of a session that a person ends, for the command in progress.
constexpr int KickGraceMs = 5000;

ImapOptions withDefaults(ImapOptions options)
{
    if (!options.nowUtc) {
        options.nowUtc = [] { return QDateTime::currentSecsSinceEpoch(); };
    }
    if (!options.monotonicMs) {
        options.monotonicMs = [timer = [] {
            QElapsedTimer t;
            t.start();
            return t;
        }()] { return timer.elapsed(); };
    }
    if (!options.randomBytes) {
        options.randomBytes = [](int count) {
            QByteArray bytes(count, Qt::Uninitialized);
            for (char &byte : bytes) {
                byte = static_cast<char>(QRandomGenerator::system()->generate() & 0xff);
            }
            return bytes;
        };
    }
    return options;
}

} // namespace

struct ImapService::Private : SessionHost {
    struct Entry {
        std::unique_ptr<Session> session;
        QString address;
        bool isLoopback = false;
        AccountId account; // 0 before login
        qint64 sinceUtc = 0;
    };

    Private(ImapService *service, Storage &mailStorage, ImapOptions imapOptions)
        : q(service)
        , m_options(withDefaults(std::move(imapOptions)))
        , m_storage(mailStorage)
        , m_throttle([this] { return m_options.monotonicMs(); })
    {
    }

    const ImapOptions &options() const override { return m_options; }
    Storage &storage() override { return m_storage; }
    Auth::LoginThrottle &throttle() override { return m_throttle; }
    std::span<const CommandRow> commands() const override { return commandTable(); }
    Future<Result<std::shared_ptr<Account>>> openAccount(const AccountRecord &record) override;
    void accountChanged(Session &session) override;
    quint64 accountEndings() const override { return m_accountEndings; }
    const QByteArray &alert() const override { return m_alert; }
    void onDiskState(DiskState state);

    QByteArray refusal(const Transport &transport) const;
    Session &add(std::unique_ptr<Transport> transport);
    void remove(quint64 id);
    int countOf(AccountId account) const;
    // What `act` does may end sessions, which takes them out of the map.
    template <typename Act>
    void forEachSession(Act act);
    template <typename Predicate>
    int kick(Predicate predicate, const QByteArray &reason);
    void tick();
    void setPace();

    ImapService *q;
    ImapOptions m_options;
    Storage &m_storage;
    Auth::LoginThrottle m_throttle;
    QHash<AccountId, std::weak_ptr<Account>> m_accounts;
    const std::shared_ptr<AccountMemory> m_memory = std::make_shared<AccountMemory>();
    std::map<quint64, Entry> m_sessions;
    quint64 m_lastId = 0;
    quint64 m_accountEndings = 0;
    QTimer m_timer;
    QByteArray m_alert;
    bool m_isShuttingDown = false;
    qint64 m_cutAtMs = 0;
};

ImapService::ImapService(Storage &storage, ImapOptions options, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, storage, std::move(options)))
{
    d->m_timer.setTimerType(Qt::CoarseTimer);
    connect(&d->m_timer, &QTimer::timeout, this, [this] { d->tick(); });
    connect(&storage, &Storage::diskStateChanged, this, [this](DiskState state) {
        d->onDiskState(state);
    });
}

ImapService::~ImapService() = default;

const ImapOptions &ImapService::options() const
{
    return d->m_options;
}

void ImapService::setOptions(const ImapOptions &options)
{
    ImapOptions changed = options;
    // A monotonic clock that began anew would end every session, or none.
    changed.nowUtc = d->m_options.nowUtc;
    changed.monotonicMs = d->m_options.monotonicMs;
    changed.randomBytes = d->m_options.randomBytes;
    changed.after = d->m_options.after;
    d->m_options = changed;
}

int ImapService::sessionCount() const
{
    return static_cast<int>(d->m_sessions.size());
}

QList<SessionInfo> ImapService::sessions() const
{
    QList<SessionInfo> infos;
    for (const auto &[number, entry] : d->m_sessions) {
        Session &session = *entry.session;
        SessionInfo info;
        info.number = number;
        info.account = session.account() ? session.account()->name() : QString();
        info.client = session.client().toString();
        info.clientName = session.client().name;
        info.address = entry.address;
        info.isLocalCommand = session.isPreauthenticated();
        info.tls = session.transport().tlsDescription();
        info.cipher = session.transport().tlsCipher();
        info.sinceUtc = entry.sinceUtc;
        info.command = session.runningCommand();
        if (session.view() != nullptr) {
            info.mailbox = QString::fromUtf8(session.view()->hub().mailbox().name.utf8);
        }
        infos.append(info);
    }
    return infos;
}

void ImapService::addConnection(std::unique_ptr<Transport> transport)
{
    if (const QByteArray reason = d->refusal(*transport); !reason.isEmpty()) {
        qCInfo(lcSession).noquote() << "refused" << transport->peerAddress() << reason;
        transport->write("* BYE " + reason + "\r\n");
        Transport *closing = transport.release();
        connect(closing, &Transport::closed, closing, &QObject::deleteLater);
        closing->closeGracefully();
        return;
    }
    d->add(std::move(transport)).begin();
}

void ImapService::addPreauthenticated(std::unique_ptr<Transport> transport,
                                      const AccountRecord &account)
{
    const QPointer<Session> session = &d->add(std::move(transport));
    d->openAccount(account).then(this, [session](const Result<std::shared_ptr<Account>> &opened) {
        if (!session) {
            return;
        }
        if (opened) {
            session->beginPreauthenticated(*opened);
        } else {
            session->endWithBye("The account cannot be opened");
        }
    });
}

QByteArray ImapService::Private::refusal(const Transport &transport) const
{
    if (m_isShuttingDown) {
        return "The server is stopping";
    }
    int notLoggedIn = 0;
    int fromAddress = 0;
    for (const auto &[id, entry] : m_sessions) {
        if (entry.account.value == 0) {
            ++notLoggedIn;
            fromAddress += entry.address == transport.peerAddress() ? 1 : 0;
        }
    }
    if (static_cast<int>(m_sessions.size()) >= m_options.maxSessions) {
        return "Too many connections";
    }
    if (notLoggedIn >= m_options.maxSessionsNotLoggedIn) {
        return "Too many connections that are not logged in";
    }
    if (!transport.peerIsLoopback() && fromAddress >= m_options.maxSessionsNotLoggedInPerAddress) {
        return "Too many connections from this address that are not logged in";
    }
    return {};
}

Session &ImapService::Private::add(std::unique_ptr<Transport> transport)
{
    const quint64 id = ++m_lastId;
    Entry entry;
    entry.address = transport->peerAddress();
    entry.isLoopback = transport->peerIsLoopback();
    entry.sinceUtc = m_options.nowUtc();
    entry.session = std::make_unique<Session>(*this, std::move(transport), id);
    Session &session = *entry.session;
    QObject::connect(&session, &Session::ended, q, [this, id] { remove(id); });
    m_sessions.emplace(id, std::move(entry));
    setPace();
    return session;
}

void ImapService::Private::remove(quint64 id)
{
    const auto it = m_sessions.find(id);
    if (it == m_sessions.end()) {
        return;
    }
    it->second.session.release()->deleteLater(); // it is the one that speaks
    m_sessions.erase(it);
    setPace();
    if (m_sessions.empty() && m_isShuttingDown) {
        Q_EMIT q->drained();
    }
}

void ImapService::Private::setPace()
{
    if (m_sessions.empty()) {
        m_timer.stop();
        return;
    }
    const bool areMany = m_sessions.size() > ManySessions && !m_isShuttingDown;
    const int interval = areMany ? TickOfManyMs : TickMs;
    if (!m_timer.isActive() || m_timer.interval() != interval) {
        m_timer.start(interval);
    }
}

int ImapService::Private::countOf(AccountId account) const
{
    int count = 0;
    for (const auto &[id, entry] : m_sessions) {
        count += entry.account == account ? 1 : 0;
    }
    return count;
}

void ImapService::Private::accountChanged(Session &session)
{
    if (const auto it = m_sessions.find(session.id()); it != m_sessions.end()) {
        it->second.account = session.account() ? session.account()->id() : AccountId();
    }
}

Future<Result<std::shared_ptr<Account>>>
ImapService::Private::openAccount(const AccountRecord &record)
{
    using Opened = Result<std::shared_ptr<Account>>;
    if (countOf(record.id) >= m_options.maxSessionsPerAccount) {
        return finishedFuture(
            Opened(Error{ErrorCode::Limit, QStringLiteral("Too many sessions of this account")}));
    }
    if (auto account = m_accounts.value(record.id).lock()) {
        return finishedFuture(Opened(account));
    }
    return m_storage.mailStore(record.id).then(
        [this, guard = QPointer<ImapService>(q), record](
            const Result<std::shared_ptr<MailStore>> &store) -> Opened {
            if (!guard) {
                return Error{ErrorCode::Cancelled, {}};
            }
            if (!store) {
                return store.error();
            }
            if (auto account = m_accounts.value(record.id).lock()) {
                return account; // another session was quicker
            }
            const Pacing pacing{m_options.mergeWindowMs, m_options.after};
            auto account = std::make_shared<Account>(record, *store, m_memory, pacing);
            m_accounts.insert(record.id, account);
            return account;
        });
}

template <typename Act>
void ImapService::Private::forEachSession(Act act)
{
    QList<QPointer<Session>> sessions;
    for (const auto &[id, entry] : m_sessions) {
        sessions.append(entry.session.get());
    }
    for (const auto &session : std::as_const(sessions)) {
        if (session) {
            act(*session);
        }
    }
}

template <typename Predicate>
int ImapService::Private::kick(Predicate predicate, const QByteArray &reason)
{
    int count = 0;
    forEachSession([&](Session &session) {
        if (session.isEnding() || !predicate(session)) {
            return;
        }
        ++count;
        session.endWithBye(reason);
        QTimer::singleShot(KickGraceMs, &session, [&session] { session.abort(); });
    });
    return count;
}

int ImapService::kick(quint64 sessionNumber, const QByteArray &reason)
{
    return d->kick([=](const Session &session) { return session.id() == sessionNumber; }, reason);
}

int ImapService::kick(AccountId account, const QByteArray &reason)
{
    const auto isOfAccount = [account](const Session &session) {
        return session.account() && session.account()->id() == account;
    };
    return d->kick(isOfAccount, reason);
}

void ImapService::endSessionsOf(AccountId account, const QByteArray &reason)
{
    d->forEachSession([&](Session &session) {
        if (session.account() && session.account()->id() == account) {
            session.endWithBye(reason);
        }
    });
    ++d->m_accountEndings;
    d->m_accounts.remove(account);
    d->m_memory->keys->forget(account); // a repair may follow, which describes its mail anew
}

void ImapService::shutDown(int graceMs)
{
    d->m_isShuttingDown = true;
    d->setPace();
    d->m_cutAtMs = d->m_options.monotonicMs() + graceMs;
    d->forEachSession([](Session &session) { session.endWithBye("The server is stopping"); });
    if (d->m_sessions.empty()) {
        QMetaObject::invokeMethod(this, &ImapService::drained, Qt::QueuedConnection);
    }
}

void ImapService::Private::onDiskState(DiskState state)
{
    switch (state) {
    case DiskState::Enough:
        m_alert.clear();
        return;
    case DiskState::Low:
        m_alert = "The disk that holds the mail is nearly full";
        break;
    case DiskState::Full:
        m_alert = "The disk that holds the mail is full: nothing new can be stored until there is "
                  "room again; deleting works";
        break;
    }
    forEachSession([](Session &session) { session.tellNow(); });
}

void ImapService::Private::tick()
{
    const qint64 now = m_options.monotonicMs();
    const bool isTimeUp = m_isShuttingDown && now >= m_cutAtMs;
    forEachSession([&](Session &session) {
        if (isTimeUp) {
            session.abort();
        } else {
            session.tick(now);
        }
    });
}

} // namespace Postnook
