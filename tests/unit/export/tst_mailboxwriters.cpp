#include "../import/importtest.h"

#include "app/export/exportformat.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// What the writers of an export write is what the import reads.
class TestMailboxWriters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBack_data();
    void comesBack();
    void manyKeywords_data();
    void manyKeywords();
    void discarded_data();
    void discarded();
    void neverOverwrites();
    void mboxForOthers();
    void mboxChangedByOthers();
    void maildirForOthers();
    void emlFiles();
};

namespace
{

struct Sample {
    QByteArray bytes;
    MessageFlags flags;
    InternalDate date{1'704'103'200, 0};
};

QByteArray longLines()
{
    return "A: b\r\n\r\n" + QByteArray(200'000, 'x') + "\r\n" + QByteArray(70'000, '>')
        + "From x\r\n" + QByteArray(65'535, 'y') + "\r\r\n" + QByteArray(66'000, '\r');
}

const QList<Sample> &samples()
{
    static const QList<Sample> list{
        {"Subject: plain\r\n\r\ntext\r\n", {}},
        {"Subject: flags\r\n\r\n",
         {SystemFlag::Seen | SystemFlag::Answered | SystemFlag::Flagged | SystemFlag::Deleted
              | SystemFlag::Draft,
          {"$Forwarded", "$Junk", "Work"}},
         {-1, -90}},
        {"no header", {}, {253'402'300'799, -1439}},
        {"\r\nempty header\r\n", {SystemFlag::Seen, {}}, {-62'135'596'800, 0}},
        {"Subject: no empty line\r\n", {}},
        {"A: b\r\n\r\nFrom me Mon Jan  1 10:00:00 2024\r\n>From x\r\n>>From y\r\nFrom z", {}},
        {"From me Mon Jan  1 10:00:00 2024\r\nA: b\r\n\r\n", {}},
        {"From - \r\nA: b\r\n\r\nFrom -\r\nC: d\r\n\r\n", {}},
        {"A: b\n\nbare LF\n", {}},
        {"A: b\r\n\r\nmixed\nand\rand\r\r\nend\r", {}},
        {"Status: RO\r\nX-Status: D\r\nX-Keywords: own\r\nContent-Length: 3\r\n\r\nlonger\r\n", {}},
        {"X-Postnook-Message: date=\" 1-Jan-2024 10:00:00 +0000\"; lines=lf; size=000000000001\r\n"
         "A: b\r\n\r\n",
         {}},
        {"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\r\n\r\n", {}},
        {"X-Mozilla-Status: 0009\r\n\r\ntext\r\n", {}},
        {" begins with a blank\r\n\r\ntext\r\n", {}},
        {"A: b\r\n\r\n\r\n\r\n\r\n", {}},
        {"A: b\r\n\r\n\n\n", {}},
        {"A: \xff\xfe\r\n\r\n\x80", {}},
        {longLines(), {}},
        {"A: b\r\n\r\n" + QByteArray(100'000, '>'), {}},
        {"Subject: plain\r\n\r\ntext\r\n", {}}, // once more
    };
    return list;
}

// In pieces, as a large message comes.
void write(MailboxWriter &writer,
           const ExportedMessage &message,
           QByteArrayView bytes,
           qsizetype pieceBytes)
{
    auto end = MailboxWriter::MessageEnd::Again;
    for (int passes = 0; end == MailboxWriter::MessageEnd::Again; ++passes) {
        QVERIFY(passes < 2);
        QVERIFY(writer.begin(message));
        for (qsizetype at = 0; at < bytes.size(); at += pieceBytes) {
            QVERIFY(writer.add(bytes.sliced(at, std::min(pieceBytes, bytes.size() - at))));
        }
        const auto result = writer.end();
        QVERIFY(result);
        end = *result;
    }
}

// A folder with one mailbox as an export leaves it.
class Written
{
public:
    explicit Written(const char *format)
        : m_format(*exportFormat(QLatin1String(format)))
        , m_writer(m_format.makeWriter(m_tree.path(), UidValidity(1'764'424'000)))
    {
    }

    MailboxWriter &writer() { return *m_writer; }
    const Tree &tree() const { return m_tree; }

    QList<ImportItem> items()
    {
        if (*m_format.suffix != '\0') {
            QFile::rename(m_tree.path(QLatin1String(MailboxFileName)), m_tree.path(u"X.mbox"_s));
        }
        const MailboxNaming naming;
        SourceFinder finder(naming);
        finder.findIn(m_tree.path());
        for (const ImportItem &skipped : finder.skipped()) {
            qWarning("skipped %s", qPrintable(skipped.origin));
        }
        return finder.skipped().isEmpty() ? itemsFound(finder) : QList<ImportItem>();
    }

private:
    Tree m_tree;
    const ExportFormat &m_format;
    std::unique_ptr<MailboxWriter> m_writer;
};

void addFormats()
{
    QTest::addColumn<QByteArray>("format");
    const auto names = exportFormatNames();
    for (const QString &name : names) {
        QTest::newRow(qPrintable(name)) << name.toLatin1();
    }
}

MessageFlags sorted(MessageFlags flags)
{
    std::sort(flags.keywords.begin(), flags.keywords.end());
    return flags;
}

} // namespace

void TestMailboxWriters::comesBack_data()
{
    QTest::addColumn<QByteArray>("format");
    QTest::addColumn<int>("pieceBytes");
    const auto names = exportFormatNames();
    for (const QString &name : names) {
        for (const int pieceBytes : {1, 7, 65'536, 10'000'000}) {
            QTest::addRow("%s by %d", qPrintable(name), pieceBytes)
                << name.toLatin1() << pieceBytes;
        }
    }
}

void TestMailboxWriters::comesBack()
{
    QFETCH(QByteArray, format);
    QFETCH(int, pieceBytes);
    Written written(format.constData());
    Uid uid(0xffffff00U);
    for (const Sample &sample : samples()) {
        uid = Uid(uid.value + 1);
        write(written.writer(),
              {uid, sample.flags, sample.date, static_cast<quint64>(sample.bytes.size())},
              sample.bytes,
              pieceBytes);
    }
    QVERIFY(written.writer().finish());
    const auto items = written.items();
    QCOMPARE(items.size(), samples().size());
    for (qsizetype i = 0; i < items.size(); ++i) {
        QCOMPARE(items.at(i).skipReason, QString());
        QVERIFY2(items.at(i).bytes == samples().at(i).bytes,
                 (QByteArray::number(i) + ": " + items.at(i).bytes.left(200)).constData());
        QCOMPARE(sorted(items.at(i).flags), samples().at(i).flags);
        QCOMPARE(*items.at(i).date, samples().at(i).date);
    }
    const auto keys = keysOf(items);
    QCOMPARE(QSet<QByteArray>(keys.begin(), keys.end()).size(), items.size());
}

void TestMailboxWriters::manyKeywords_data()
{
    addFormats();
}

// More than a Maildir has letters, and than the first look into an mbox takes in.
void TestMailboxWriters::manyKeywords()
{
    QFETCH(QByteArray, format);
    Written written(format.constData());
    MessageFlags flags;
    for (int i = 0; i < 100; ++i) {
        flags.keywords.append("keyword-" + QByteArray(60, 'x') + QByteArray::number(i));
    }
    std::sort(flags.keywords.begin(), flags.keywords.end());
    write(written.writer(), {Uid(1), flags, {0, 0}, 12}, "A: b\r\n\r\nc\r\n", 5);
    QVERIFY(written.writer().finish());
    const auto items = written.items();
    QCOMPARE(items.size(), 1);
    QCOMPARE(sorted(items.first().flags), flags);
    QCOMPARE(items.first().bytes, QByteArray("A: b\r\n\r\nc\r\n"));
}

void TestMailboxWriters::discarded_data()
{
    addFormats();
}

void TestMailboxWriters::discarded()
{
    QFETCH(QByteArray, format);
    Written written(format.constData());
    auto &writer = written.writer();
    write(writer, {Uid(1), {}, {0, 0}, 8}, "A: b\r\n\r\n", 100);
    QVERIFY(writer.begin({Uid(2), {}, {0, 0}, 100}));
    QVERIFY(writer.add("A: gone\r\n\r\nhalf of"));
    QVERIFY(writer.discard());
    write(writer, {Uid(3), {}, {0, 0}, 8}, "C: d\r\n\r\n", 100);
    QVERIFY(writer.finish());
    QCOMPARE(bytesOf(written.items()), QByteArrayList({"A: b\r\n\r\n", "C: d\r\n\r\n"}));
}

void TestMailboxWriters::neverOverwrites()
{
    Tree tree;
    tree.write(u"0000000001.eml"_s, "mine");
    const auto writer = exportFormat(u"eml"_s)->makeWriter(tree.path(), UidValidity(1));
    const auto begun = writer->begin({Uid(1), {}, {0, 0}, 1});
    QVERIFY(!begun);
    QVERIFY2(begun.error().text.contains(u"0000000001.eml cannot be written: "_s),
             qPrintable(begun.error().text));
}

void TestMailboxWriters::mboxForOthers()
{
    Written written("mbox");
    write(written.writer(),
          {Uid(1),
           {SystemFlag::Seen | SystemFlag::Flagged, {"$Forwarded", "Work"}},
           {1'704'103'200, 60},
           0},
          "A: b\r\n\r\nFrom here\r\n",
          100);
    write(written.writer(), {Uid(2), {}, {1'704'103'201, 0}, 0}, "C: d", 100);
    QVERIFY(written.writer().finish());
    QFile file(written.tree().path(QLatin1String(MailboxFileName)));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(),
             QByteArray("From MAILER-DAEMON Mon Jan  1 10:00:00 2024\n"
                        "Status: RO\nX-Status: F\nX-Keywords: $Forwarded Work\n"
                        "X-Mozilla-Keys: $Forwarded Work\nX-Mozilla-Status: 1005\n"
                        "X-Postnook-Message: date=\" 1-Jan-2024 11:00:00 +0100\"; lines=lf; "
                        "size=000000000017\n"
                        "A: b\n\n>From here\n\n"
                        "From MAILER-DAEMON Mon Jan  1 10:00:01 2024\n"
                        "Status: O\nX-Mozilla-Status: 0000\n"
                        "X-Postnook-Message: date=\" 1-Jan-2024 10:00:01 +0000\"; lines=lf; "
                        "size=000000000004\n"
                        "C: d\n\n"));
}

// A program that put a field in and moved others: the count leads nowhere, and what it wrote
// counts.
void TestMailboxWriters::mboxChangedByOthers()
{
    const Tree tree;
    const QString path = tree.write(u"x.mbox"_s,
                                    "From MAILER-DAEMON Mon Jan  1 10:00:00 2024\n"
                                    "Status: O\n"
                                    "X-Postnook-Message: date=\" 1-Jan-2024 10:00:00 +0000\"; "
                                    "lines=lf; size=000000000011\n"
                                    "A: b\nStatus: RO\n\ntext\n\n"
                                    "From MAILER-DAEMON Mon Jan  1 10:00:00 2024\n\n");
    const MailboxNaming naming;
    SourceFinder finder(naming);
    finder.findIn(path);
    const auto items = itemsFound(finder);
    QVERIFY(!items.isEmpty());
    QCOMPARE(items.first().flags.system, SystemFlags(SystemFlag::Seen));
    QVERIFY(items.first().bytes.endsWith("A: b\r\nStatus: RO\r\n\r\ntext\r\n"));
}

void TestMailboxWriters::maildirForOthers()
{
    Written written("maildir");
    write(written.writer(),
          {Uid(7),
           {SystemFlag::Seen | SystemFlag::Draft, {"$Forwarded", "Work", "b"}},
           {1'704'103'200, 60},
           0},
          "A: b\r\n\r\n",
          100);
    QVERIFY(written.writer().finish());
#ifdef Q_OS_WIN
    const QString name = u"cur/U0000000007.V1764424000.postnook;2,DPSab"_s;
#else
    const QString name = u"cur/U0000000007.V1764424000.postnook:2,DPSab"_s;
#endif
    QFile file(written.tree().path(name));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("A: b\r\n\r\n"));
    QCOMPARE(QFileInfo(file).lastModified().toSecsSinceEpoch(), 1'704'103'200);
    QFile keywords(written.tree().path(u"dovecot-keywords"_s));
    QVERIFY(keywords.open(QIODevice::ReadOnly));
    QCOMPARE(keywords.readAll(), QByteArray("0 Work\n1 b\n"));
    QVERIFY(QFileInfo(written.tree().path(u"new"_s)).isDir());
    QVERIFY(QFileInfo(written.tree().path(u"tmp"_s)).isDir());
}

void TestMailboxWriters::emlFiles()
{
    Written written("eml");
    write(written.writer(),
          {Uid(7), {SystemFlag::Seen, {"Work"}}, {1'704'103'200, 60}, 0},
          "A: b\r\n\r\n",
          100);
    QVERIFY(written.writer().finish());
    QFile notes(written.tree().path(u"postnook-messages.tsv"_s));
    QVERIFY(notes.open(QIODevice::ReadOnly));
    QCOMPARE(notes.readAll().split('\n').at(2),
             QByteArray("0000000007.eml\t8\t 1-Jan-2024 11:00:00 +0100\t\\Seen Work"));
    const QFileInfo file(written.tree().path(u"0000000007.eml"_s));
    QCOMPARE(file.lastModified().toSecsSinceEpoch(), 1'704'103'200);
    // One that was edited since keeps its flags, and gets the line ends of mail.
    written.tree().write(u"0000000007.eml"_s, "A: edited\n\n");
    const auto items = written.items();
    QCOMPARE(items.first().bytes, QByteArray("A: edited\r\n\r\n"));
    QCOMPARE(items.first().flags, MessageFlags({SystemFlag::Seen, {"Work"}}));
}

QTEST_GUILESS_MAIN(TestMailboxWriters)
#include "tst_mailboxwriters.moc"
