#include "app/mirror/mirrorstate.h"

#include "core/wire/flagnames.h"
#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtEndian>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto Version = 1;
constexpr int Compression = 6; // zlib's own middle
// qUncompress() believes the size that stands in front: a damaged one must not fill the memory.
constexpr quint32 MaxPlainBytes = 256 * 1'048'576;
constexpr qint64 MaxMessages = 20'000'000; // more than any mailbox has

// Remote first, local first, how many; both go up by one each, a local 0 stays.
struct Run {
    quint32 remote = 0;
    quint32 local = 0;
    quint32 count = 0;

    bool goesOnWith(Uid nextRemote, Uid nextLocal) const
    {
        const quint32 expected = local == 0 ? 0 : local + count;
        return count > 0 && nextRemote.value == remote + count && nextLocal.value == expected;
    }
};

QByteArray encodeRuns(const QMap<Uid, MirroredMessage> &messages)
{
    QList<Run> runs;
    for (auto it = messages.begin(); it != messages.end(); ++it) {
        if (!runs.isEmpty() && runs.last().goesOnWith(it.key(), it->local)) {
            ++runs.last().count;
        } else {
            runs.append({it.key().value, it->local.value, 1});
        }
    }
    QByteArray text;
    for (const Run &run : runs) {
        text += QByteArray::number(run.remote) + ' ' + QByteArray::number(run.local) + ' '
            + QByteArray::number(run.count) + '\n';
    }
    return text;
}

bool decodeRuns(const QByteArray &text, QMap<Uid, MirroredMessage> *messages)
{
    TokenCursor cursor(text);
    while (!cursor.atEnd()) {
        const Run run = [&cursor] {
            Run read;
            read.remote = cursor.nzNumber();
            cursor.expectSpace();
            read.local = cursor.number();
            cursor.expectSpace();
            read.count = cursor.nzNumber();
            cursor.expectChar('\n');
            return read;
        }();
        if (cursor.hasFailed() || run.count - 1 > MaxUid.value - run.remote
            || run.count - 1 > MaxUid.value - run.local
            || messages->size() + qint64(run.count) > MaxMessages) {
            return false;
        }
        for (quint32 i = 0; i < run.count; ++i) {
            const Uid local(run.local == 0 ? 0 : run.local + i);
            messages->insert(messages->end(), Uid(run.remote + i), {local, {}});
        }
    }
    return true;
}

// Which messages have it, by the flag.
QJsonObject encodeFlags(const QMap<Uid, MirroredMessage> &messages)
{
    QMap<QByteArray, QList<Uid>> byFlag;
    for (auto it = messages.begin(); it != messages.end(); ++it) {
        for (const SystemFlagName &system : SystemFlagNames) {
            if (it->flags.system.testFlag(system.flag)) {
                byFlag[system.name].append(it.key());
            }
        }
        for (const QByteArray &keyword : it->flags.keywords) {
            byFlag[keyword].append(it.key());
        }
    }
    QJsonObject object;
    for (auto it = byFlag.begin(); it != byFlag.end(); ++it) {
        object.insert(QString::fromLatin1(it.key()), QString::fromLatin1(formatUidSet(*it)));
    }
    return object;
}

void addFlag(const QByteArray &flag, MessageFlags *flags)
{
    const auto system =
        std::find_if(SystemFlagNames.begin(),
                     SystemFlagNames.end(),
                     [&flag](const SystemFlagName &name) { return flag == name.name; });
    if (system != SystemFlagNames.end()) {
        flags->system |= system->flag;
        return;
    }
    const auto place = std::lower_bound(flags->keywords.begin(),
                                        flags->keywords.end(),
                                        flag,
                                        [](const QByteArray &a, const QByteArray &b) {
                                            return a.compare(b, Qt::CaseInsensitive) < 0;
                                        });
    flags->keywords.insert(place, flag);
}

bool decodeFlags(const QJsonObject &object, QMap<Uid, MirroredMessage> *messages)
{
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QByteArray flag = it.key().toLatin1();
        const QByteArray text = it->toString().toLatin1();
        TokenCursor cursor(text);
        const auto spans = cursor.sequenceSet().resolve(0);
        if (cursor.hasFailed() || !cursor.atEnd()) {
            return false;
        }
        for (const auto &span : spans) {
            for (auto message = messages->lowerBound(Uid(span.first));
                 message != messages->end() && message.key().value <= span.last;
                 ++message) {
                addFlag(flag, &message->flags);
            }
        }
    }
    return true;
}

quint32 numberOf(const QJsonObject &object, const char *name)
{
    return static_cast<quint32>(object.value(QLatin1StringView(name)).toInteger());
}

Error unreadable()
{
    return {ErrorCode::Invalid, u"what was remembered of the mailbox cannot be read"_s};
}

} // namespace

QByteArray encodeMirrorState(const MirrorState &state)
{
    const QJsonObject object{
        {u"version"_s, Version},
        {u"remoteValidity"_s, static_cast<qint64>(state.remoteValidity.value)},
        {u"localValidity"_s, static_cast<qint64>(state.localValidity.value)},
        // 63 bits are more than a number of JSON holds.
        {u"modSeq"_s, QString::number(state.remoteModSeq.value)},
        {u"subscribed"_s, state.isSubscribed},
        {u"messages"_s, QString::fromLatin1(encodeRuns(state.messages))},
        {u"flags"_s, encodeFlags(state.messages)},
    };
    return qCompress(QJsonDocument(object).toJson(QJsonDocument::Compact), Compression).toBase64();
}

Result<MirrorState> decodeMirrorState(const QByteArray &bytes)
{
    const auto packed = QByteArray::fromBase64(bytes);
    if (packed.size() < 4 || qFromBigEndian<quint32>(packed.constData()) > MaxPlainBytes) {
        return unreadable();
    }
    const auto object = QJsonDocument::fromJson(qUncompress(packed)).object();
    if (object.value("version"_L1).toInt() != Version) {
        return unreadable();
    }
    MirrorState state;
    state.remoteValidity = UidValidity(numberOf(object, "remoteValidity"));
    state.localValidity = UidValidity(numberOf(object, "localValidity"));
    state.remoteModSeq = ModSeq(object.value("modSeq"_L1).toString().toULongLong());
    state.isSubscribed = object.value("subscribed"_L1).toBool();
    if (!decodeRuns(object.value("messages"_L1).toString().toLatin1(), &state.messages)
        || !decodeFlags(object.value("flags"_L1).toObject(), &state.messages)) {
        return unreadable();
    }
    return state;
}

QList<Uid> copiesOf(const MirrorState &state)
{
    QList<Uid> copies;
    for (const MirroredMessage &message : state.messages) {
        if (message.local != Uid(0)) {
            copies.append(message.local);
        }
    }
    std::sort(copies.begin(), copies.end());
    return copies;
}

} // namespace Postnook
