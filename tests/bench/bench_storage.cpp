// What the store does in a second, on the disk of the temporary folder: jobs, messages and rows.
// And how much of the disk mail takes, before and after it is deleted.
//
//   bench_storage [--json FILE]

#include "benchreport.h"
#include "tests/storage/storagetest.h"

#include <QCoreApplication>
#include <QDirIterator>

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

qint64 bytesBelow(const QString &folder)
{
    qint64 bytes = 0;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        bytes += files.fileInfo().size();
    }
    return bytes;
}

// Mailboxes share a text; what is deleted is kept for undelete, and its space given back then.
void tellDisk(Bench::Report &report, StorageFixture &fixture)
{
    const auto &mail = fixture.mail();
    const auto mailBytes = static_cast<double>(mail.info("INBOX")->sizeBytes);
    const auto perByte = [&](const QString &when) {
        if (!fixture.reopen()) { // which puts away the log
            qFatal("not opened");
        }
        report.tell(u"disk: "_s + when,
                    static_cast<double>(bytesBelow(fixture.path())) / mailBytes,
                    u"bytes per byte of mail"_s);
    };
    perByte(u"each message in two mailboxes"_s);
    for (const char *name : {"INBOX", "Copies"}) {
        static_cast<void>(
            mail.storeFlags(name, AllUids, FlagChange::Add, flagsOf(SystemFlag::Deleted)));
        static_cast<void>(mail.expunge(name));
    }
    perByte(u"expunged, kept for undelete"_s);
    fixture.setNow(fixture.now() + fixture.options().undeleteRetentionSeconds + 1);
    static_cast<void>(fixture.clean());
    perByte(u"cleaned up after that"_s);
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
    tellDisk(report, fixture);
    fixture.close();
    return report.finish(argc, argv);
}
