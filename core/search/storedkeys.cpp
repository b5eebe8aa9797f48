#include "core/search/storedkeys.h"

#include "core/mime/messagescanner.h"

#include <QDataStream>
#include <QIODevice>

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr quint32 KeysVersion = 1; // to be raised with the format, and when keys are made otherwise

// What keys are made by, beside the messages.
struct Stamp {
    quint32 version = KeysVersion;
    quint16 scanner = Mime::ScannerVersion;
    quint32 unicode = static_cast<quint32>(QChar::currentUnicodeVersion());
    qint32 source = 0;
    quint32 uidValidity = 0;

    friend bool operator==(const Stamp &, const Stamp &) = default;
};

Stamp stampOf(const KeysLabel &label)
{
    return {.source = label.source, .uidValidity = label.uidValidity.value};
}

QDataStream &operator<<(QDataStream &out, const Stamp &stamp)
{
    return out << stamp.version << stamp.scanner << stamp.unicode << stamp.source
               << stamp.uidValidity;
}

QDataStream &operator>>(QDataStream &in, Stamp &stamp)
{
    return in >> stamp.version >> stamp.scanner >> stamp.unicode >> stamp.source
        >> stamp.uidValidity;
}

// By how much each is larger than the one before it: mostly 1, which takes no room compressed.
void writeUids(QDataStream &out, const QList<Uid> &uids, Turns &turns)
{
    out << static_cast<quint32>(uids.size());
    quint32 before = 0;
    for (const Uid uid : uids) {
        out << uid.value - before;
        before = uid.value;
        turns.step();
    }
}

QList<Uid> readUids(QDataStream &in, Turns &turns)
{
    QList<Uid> uids;
    quint32 count = 0;
    in >> count;
    uids.reserve(std::min<qint64>(count, in.device()->bytesAvailable() / qint64(sizeof(quint32))));
    quint32 before = 0;
    for (quint32 i = 0; i < count && in.status() == QDataStream::Ok; ++i) {
        quint32 more = 0;
        in >> more;
        if (more == 0 || before + more < before) {
            in.setStatus(QDataStream::ReadCorruptData);
        }
        before += more;
        uids.append(Uid(before));
        turns.step();
    }
    return uids;
}

void writeThreads(QDataStream &out, const KeyColumn &column, Turns &turns)
{
    for (const ThreadMessage &message : column.threads) {
        out << message.messageId << message.subject << message.isReply << message.sentUtc
            << static_cast<quint32>(message.references.size());
        for (const ThreadName id : message.references) {
            out << id;
        }
        turns.step();
    }
    column.names.write(out);
}

ThreadMessage readThread(QDataStream &in, Uid uid)
{
    ThreadMessage message;
    message.uid = uid;
    quint32 references = 0;
    in >> message.messageId >> message.subject >> message.isReply >> message.sentUtc >> references;
    for (quint32 i = 0; i < references && in.status() == QDataStream::Ok; ++i) {
        ThreadName id = 0;
        in >> id;
        message.references.append(id);
    }
    return message;
}

bool areNames(const QList<ThreadMessage> &messages, qsizetype names)
{
    const auto isName = [names](ThreadName name) { return name <= names; };
    return std::all_of(messages.begin(), messages.end(), [&](const ThreadMessage &message) {
        return isName(message.messageId) && isName(message.subject)
            && std::all_of(message.references.begin(), message.references.end(), isName);
    });
}

void readThreads(QDataStream &in, KeyColumn &column, Turns &turns)
{
    column.threads.reserve(column.uids.size());
    for (const Uid uid : std::as_const(column.uids)) {
        column.threads.append(readThread(in, uid));
        turns.step();
    }
    if (auto names = ThreadNames::read(in); names && areNames(column.threads, names->size())) {
        column.names = std::move(*names);
    } else {
        in.setStatus(QDataStream::ReadCorruptData);
    }
}

template <typename Number>
void writeNumbersAs(QDataStream &out, const QList<qint64> &numbers, Turns &turns)
{
    for (const qint64 number : numbers) {
        out << static_cast<Number>(number);
        turns.step();
    }
}

template <typename Number>
void readNumbersAs(QDataStream &in, KeyColumn &column, Turns &turns)
{
    column.numbers.reserve(column.uids.size());
    for (qsizetype i = 0; i < column.uids.size(); ++i) {
        Number number = 0;
        in >> number;
        column.numbers.append(number);
        turns.step();
    }
}

// Half as wide where that is enough: what has to be read back first is half as much.
void writeNumbers(QDataStream &out, const QList<qint64> &numbers, Turns &turns)
{
    const bool areNarrow = std::all_of(numbers.begin(), numbers.end(), [](qint64 number) {
        return number == static_cast<qint32>(number);
    });
    out << areNarrow;
    if (areNarrow) {
        writeNumbersAs<qint32>(out, numbers, turns);
    } else {
        writeNumbersAs<qint64>(out, numbers, turns);
    }
}

void readNumbers(QDataStream &in, KeyColumn &column, Turns &turns)
{
    bool areNarrow = false;
    in >> areNarrow;
    if (areNarrow) {
        readNumbersAs<qint32>(in, column, turns);
    } else {
        readNumbersAs<qint64>(in, column, turns);
    }
}

} // namespace

QByteArray storedKeys(const KeyColumn &column, const KeysLabel &label, Turns turns)
{
    QByteArray stored;
    QDataStream out(&stored, QIODevice::WriteOnly);
    out << stampOf(label);
    writeUids(out, column.uids, turns);
    const bool areThreads = !column.threads.isEmpty();
    out << areThreads;
    if (areThreads) {
        writeThreads(out, column, turns);
    } else {
        writeNumbers(out, column.numbers, turns);
    }
    return stored;
}

std::optional<KeyColumn>
keysFromStored(const QByteArray &stored, const KeysLabel &label, Turns turns)
{
    QDataStream in(stored);
    Stamp stamp;
    in >> stamp;
    if (stamp != stampOf(label)) {
        return std::nullopt;
    }
    KeyColumn column;
    column.uids = readUids(in, turns);
    bool areThreads = false;
    in >> areThreads;
    if (areThreads) {
        readThreads(in, column, turns);
    } else {
        readNumbers(in, column, turns);
    }
    const bool isWhole = in.status() == QDataStream::Ok && in.atEnd();
    return isWhole ? std::optional(std::move(column)) : std::nullopt;
}

} // namespace Postnook
