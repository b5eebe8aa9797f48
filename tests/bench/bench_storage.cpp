// What the store does in a second, on the disk of the temporary folder: jobs, messages and rows.
//
//   bench_storage [--json FILE]

#include "benchreport.h"
#include "tests/storage/storagetest.h"

#include <QCoreApplication>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

using namespace Qt::StringLiterals;

constexpr int Jobs = 20'000;
constexpr int Messages = 20'000;
constexpr int Together = 1000; // futures awaited at a time

template <typename F>
void manyAtOnce(int count, F start)
{
    for (int begun = 0; begun < count;) {
        QList<decltype(start(0))> futures;
        for (int i = 0; i < Together && begun < count; ++i, ++begun) {
            futures.append(start(begun));
        }
        for (const auto &future : std::as_const(futures)) {
            if (const auto result = await(future); !result) {
                qFatal("%s", describe(result.error()).constData());
            }
        }
    }
}

NewMessage letter(MailStore &store, int n)
{
    const auto number = QByteArray::number(n);
    const QByteArray bytes = "From: a" + number + "@example.org\r\nSubject: letter " + number
        + "\r\n\r\n" + QByteArray(2000, 'x') + number;
    return *newMessage(store, bytes);
}

void addAll(Bench::Report &report, const Mail &mail)
{
    auto &store = mail.store();
    report.add(u"executor: reads that read nothing"_s, Jobs, [&] {
        manyAtOnce(Jobs, [&](int) { return store.read([](ReadTxn &) { return Result<int>(1); }); });
    });
    report.addOnce(u"engine: APPEND, 1,000 at a time"_s, Messages, [&, n = 0]() mutable {
        const auto inbox = mail.info("INBOX")->id;
        manyAtOnce(Messages, [&](int) {
            return store.write([inbox, message = letter(store, ++n)](WriteTxn &txn) {
                return txn.append(inbox, message);
            });
        });
    });
    const auto inbox = mail.info("INBOX")->id;
    report.add(u"engine: rows with all columns"_s, Messages, [&] {
        static_cast<void>(await(store.read([inbox](ReadTxn &txn) {
            return txn.forEachMessage(
                inbox, AllUids, MessageColumns(0x1ff), false, [](const auto &) { return true; });
        })));
    });
    report.add(u"engine: UIDs"_s, Messages, [&] { static_cast<void>(mail.uids("INBOX")); });
    report.add(u"engine: changes since the beginning"_s, Messages, [&] {
        static_cast<void>(mail.changes("INBOX"));
    });
    report.add(u"engine: flags of all"_s, Messages, [&, isSet = false]() mutable {
        isSet = !isSet;
        static_cast<void>(mail.storeFlags("INBOX",
                                          AllUids,
                                          isSet ? FlagChange::Add : FlagChange::Remove,
                                          flagsOf(SystemFlag::Seen)));
    });
    report.addOnce(u"engine: COPY of all"_s, Messages, [&] {
        static_cast<void>(mail.create("Copies"));
        static_cast<void>(mail.copy("INBOX", AllUids, "Copies"));
    });
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    StorageFixture fixture;
    if (!fixture.open()) {
        return 1;
    }
    Bench::Report report(u"items"_s);
    addAll(report, fixture.mail());
    fixture.close();
    return report.finish(argc, argv);
}
