#include "importtest.h"

#include "app/import/emlx.h"
#include "app/import/emlxattachments.h"
#include "app/import/emlxsource.h"
#include "app/import/propertylist.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// Apple Mail: single messages, what it exports, and its own folders.
class TestAppleMail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void propertyLists_data();
    void propertyLists();
    void damagedBinaryList();
    void flags_data();
    void flags();
    void emlx();
    void emlxReasons_data();
    void emlxReasons();
    void detachedParts_data();
    void detachedParts();
    void detachedPartsReasons_data();
    void detachedPartsReasons();
    void bodyBesideTheMessage();
    void keys();
    void store();
    void storeOfOneVersion();
    void storeBelowARoot();
    void severalAccounts();
    void exported_data();
    void exported();
    void foreignFolderOfSuchAName();
    void foreignFiles();
    void looseFiles();

private:
    QList<ImportItem> find(const QString &path, const QString &root = {});

    MailboxNaming m_naming;
    QStringList m_skipped;
};

namespace
{

// {"date-received": 1516985072, "flags": 8623750272, "grüße": 5, "list": [1, 2], "neg": -2,
//  "subject": "x"}
const QByteArray BinaryList = QByteArray::fromHex(
    "62706c6973743030d60102030405060708090a0d0e5d646174652d726563656976656455666c616773650067007200"
    "fc00df0065546c697374536e6567577375626a656374125a6b5af013000000020203fc801005a20b0c1001100213ff"
    "fffffffffffffe51780815232934393d454a5355585a5c650000000000000101000000000000000f00000000000000"
    "000000000000000067");

QByteArray xmlList(const QByteArray &entries)
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD "
           "PLIST"
           " 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist "
           "version=\"1.0\">\n"
           "<dict>\n"
        + entries + "</dict>\n</plist>\n";
}

QByteArray emlxOf(const QByteArray &message, const QByteArray &list = {})
{
    return QByteArray::number(message.size()) + "      \n" + message + list;
}

// A message whose second part is not in it.
QByteArray detached(const QByteArray &encoding, qsizetype wasBytes, const QByteArray &body = {})
{
    return "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: x/y\n"
           "Content-Transfer-Encoding: "
        + encoding + "\nX-Apple-Content-Length: " + QByteArray::number(wasBytes)
        + "\nContent-ID: <a>\n\n" + body + "\n--b--\n";
}

QByteArray attached(const QByteArray &encoding, const QByteArray &body)
{
    return "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: x/y\n"
           "Content-Transfer-Encoding: "
        + encoding + "\nContent-ID: <a>\n\n" + body + "\n--b--\n";
}

QByteArray lines(const QByteArray &text, qsizetype columns)
{
    QByteArray cut;
    for (qsizetype start = 0; start < text.size(); start += columns) {
        cut += (start > 0 ? "\n" : "") + text.mid(start, columns);
    }
    return cut;
}

} // namespace

QList<ImportItem> TestAppleMail::find(const QString &path, const QString &root)
{
    m_naming = root.isEmpty() ? MailboxNaming() : *MailboxNaming::below(root);
    m_naming.setSpecialMailboxes(usualMailboxes());
    SourceFinder finder(m_naming);
    finder.findIn(path);
    m_skipped = skippedBelow(path, finder);
    return itemsFound(finder);
}

void TestAppleMail::propertyLists_data()
{
    using Numbers = QHash<QString, qint64>;
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<bool>("isList");
    QTest::addColumn<Numbers>("numbers");
    QTest::newRow("XML") << xmlList("<key>flags</key><integer>8623750272</integer>\n"
                                    "<key>other</key><array><integer>1</integer></array>\n"
                                    "<key>name</key><string>5</string>\n"
                                    "<key>neg</key> <integer> -2 </integer>\n")
                         << true << Numbers{{u"flags"_s, 8623750272}, {u"neg"_s, -2}};
    QTest::newRow("XML, empty") << xmlList("") << true << Numbers();
    QTest::newRow("XML, cut") << xmlList("<key>flags</key><integer>1</integer>").chopped(20)
                              << false << Numbers();
    QTest::newRow("XML, no dictionary")
        << QByteArray("<plist><array/></plist>") << false << Numbers();
    QTest::newRow("binary") << BinaryList << true
                            << Numbers{{u"date-received"_s, 1516985072},
                                       {u"flags"_s, 8623750272},
                                       {u"gr\u00fc\u00dfe"_s, 5},
                                       {u"neg"_s, -2}};
    QTest::newRow("binary, nothing else") << QByteArray("bplist00") << false << Numbers();
    QTest::newRow("nothing") << QByteArray() << false << Numbers();
    QTest::newRow("text") << QByteArray("flags = 1") << false << Numbers();
}

void TestAppleMail::propertyLists()
{
    using Numbers = QHash<QString, qint64>;
    QFETCH(QByteArray, list);
    QFETCH(bool, isList);
    QFETCH(Numbers, numbers);
    const auto read = numbersInPropertyList(list);
    QCOMPARE(read.has_value(), isList);
    QCOMPARE(read.value_or(Numbers()), numbers);
}

// Whatever is wrong with it, nothing beyond its end is looked at.
void TestAppleMail::damagedBinaryList()
{
    for (qsizetype size = 0; size < BinaryList.size(); ++size) {
        static_cast<void>(numbersInPropertyList(BinaryList.left(size)));
    }
    for (qsizetype at = 8; at < BinaryList.size(); ++at) {
        for (const char byte : {'\0', '\x7f', '\xff', '\xdf', '\x1f'}) {
            QByteArray damaged = BinaryList;
            damaged[at] = byte;
            const auto numbers = numbersInPropertyList(damaged);
            QVERIFY(!numbers || numbers->size() <= 16);
        }
    }
}

void TestAppleMail::flags_data()
{
    QTest::addColumn<quint64>("bits");
    QTest::addColumn<MessageFlags>("flags");
    QTest::newRow("none") << quint64(0) << MessageFlags();
    QTest::newRow("all we know") << quint64(0x0300'0357)
                                 << MessageFlags{SystemFlag::Seen | SystemFlag::Deleted
                                                     | SystemFlag::Answered | SystemFlag::Flagged
                                                     | SystemFlag::Draft,
                                                 {"$Forwarded", "Redirected", "$Junk", "$NotJunk"}};
    // Encrypted, recent, counts of attachments, priority, signed, sizes: no flags of IMAP.
    QTest::newRow("all others") << ~quint64(0x0300'0357) << MessageFlags();
}

void TestAppleMail::flags()
{
    QFETCH(quint64, bits);
    QFETCH(MessageFlags, flags);
    QCOMPARE(flagsOfAppleMail(bits), flags);
}

void TestAppleMail::emlx()
{
    const QByteArray message = "Subject: x\n\n<?xml\n";
    const auto whole = parseEmlx(emlxOf(
        message,
        xmlList(
            "<key>flags</key><integer>1</integer><key>date-received</key><integer>7</integer>")));
    QCOMPARE(whole->message, message);
    QCOMPARE(whole->flags, MessageFlags({SystemFlag::Seen, {}}));
    QCOMPARE(whole->received, std::optional(InternalDate{7, 0}));

    const auto binary = parseEmlx(emlxOf(message, BinaryList));
    QCOMPARE(binary->received, std::optional(InternalDate{1516985072, 0}));

    // Its line ends were CRLF when the bytes were counted.
    const auto shorter = parseEmlx(
        emlxOf(message, xmlList("<key>flags</key><integer>1</integer>")).replace("18 ", "1800 "));
    QCOMPARE(shorter->message, message);
    QCOMPARE(shorter->flags, MessageFlags({SystemFlag::Seen, {}}));

    const auto bare = parseEmlx(emlxOf(message));
    QCOMPARE(bare->message, message);
    QCOMPARE(bare->flags, MessageFlags());
    QVERIFY(!bare->received);
}

void TestAppleMail::emlxReasons_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("reason");
    const QString foreign = u"it does not begin as Apple Mail's files do, with a number of bytes"_s;
    QTest::newRow("empty") << QByteArray() << foreign;
    QTest::newRow("message") << QByteArray("Subject: x\n\ny\n") << foreign;
    QTest::newRow("number alone") << QByteArray("12") << foreign;
    QTest::newRow("negative") << QByteArray("-1\nabc") << foreign;
    QTest::newRow("cut") << QByteArray("12\nSubject")
                         << u"it is cut off: 7 bytes of 12 are there"_s;
}

void TestAppleMail::emlxReasons()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, reason);
    const auto emlx = parseEmlx(file);
    QVERIFY(!emlx);
    QCOMPARE(emlx.error().text, reason);
}

void TestAppleMail::detachedParts_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("whole");
    const QByteArray content = QByteArray("0123456789abcdef\n").repeated(120);
    const auto base64 = [&content](qsizetype columns) {
        return lines(content.toBase64(), columns);
    };
    for (const qsizetype columns : {76, 72, 64, 60}) {
        const QByteArray body = base64(columns);
        QTest::addRow("base64, %d columns", static_cast<int>(columns))
            << detached("base64", body.size()) << content << attached("base64", body);
    }
    QTest::newRow("base64, with a line end") << detached("BASE64", base64(76).size() + 1) << content
                                             << attached("BASE64", base64(76) + '\n');
    QTest::newRow("7bit") << detached("7bit", content.size()) << content
                          << attached("7bit", content);
    QTest::newRow("quoted-printable")
        << detached("quoted-printable", 90)
        << "gr\xfc\xdf = \tx \n" + QByteArray(80, 'a') + "\r\nend "
        << attached("quoted-printable",
                    "gr=FC=DF =3D \tx=20\n" + QByteArray(75, 'a') + "=\naaaaa\nend=20");
    QTest::newRow("there after all")
        << detached("7bit", 5, "body!") << content << detached("7bit", 5, "body!");
    QTest::newRow("with CRLF") << detached("base64", base64(76).size()).replace("\n", "\r\n")
                               << content << attached("base64", base64(76)).replace("\n", "\r\n");
}

void TestAppleMail::detachedParts()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, whole);
    const Tree tree;
    tree.write(u"Attachments/7/2/any name.bin"_s, content);
    tree.write(u"Attachments/7/2/.DS_Store"_s, "x");
    QVERIFY(hasDetachedParts(message));
    const auto restored =
        withDetachedParts(message, tree.write(u"Messages/7.partial.emlx"_s, emlxOf(message)));
    QVERIFY2(restored, restored ? "" : qPrintable(restored.error().text));
    QCOMPARE(*restored, whole);
}

void TestAppleMail::detachedPartsReasons_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("reason");
    const QString none = u"Mail has not downloaded its part 2; open it there, and import again"_s;
    const QString other = u"the file that Mail keeps for its part 2 is not what was attached"_s;
    QTest::newRow("none") << detached("base64", 4) << u"Attachments/8/2/x"_s << none;
    QTest::newRow("of another part") << detached("base64", 4) << u"Attachments/7/3/x"_s << none;
    QTest::newRow("too short") << detached("base64", 400) << u"Attachments/7/2/x"_s << other;
    QTest::newRow("too long") << detached("7bit", 2) << u"Attachments/7/2/x"_s << other;
}

void TestAppleMail::detachedPartsReasons()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, file);
    QFETCH(QString, reason);
    const Tree tree;
    tree.write(file, "abc");
    tree.makeFolder(u"Messages"_s);
    const auto restored = withDetachedParts(message, tree.path(u"Messages/7.partial.emlx"_s));
    QVERIFY(!restored);
    QCOMPARE(restored.error().text, reason);
}

void TestAppleMail::bodyBesideTheMessage()
{
    const Tree tree;
    tree.write(u"Messages/7.2.emlxpart"_s, "as it was");
    QCOMPARE(*withDetachedParts(detached("base64", 9), tree.path(u"Messages/7.partial.emlx"_s)),
             attached("base64", "as it was"));
}

// What Mail does to a file while the message stays the same.
void TestAppleMail::keys()
{
    const Tree tree;
    const QByteArray message = "Subject: x\n\ny\n";
    tree.write(u"a/Messages/7.emlx"_s, emlxOf(message, xmlList("")));
    tree.write(u"a/Data/3/Messages/7.emlx"_s, emlxOf(message, BinaryList));
    tree.write(u"a/Messages/8.emlx"_s, emlxOf(message));
    tree.write(u"b/Messages/7.emlx"_s, emlxOf(message));
    EmlxSource one(tree.path(u"a"_s),
                   {u"Messages/7.emlx"_s, u"Data/3/Messages/7.emlx"_s, u"Messages/8.emlx"_s},
                   Inbox,
                   Limits);
    const auto keys = keysOf(itemsOf(one));
    QCOMPARE(keys.at(0), keys.at(1));
    QVERIFY(keys.at(0) != keys.at(2));
    EmlxSource two(tree.path(u"b"_s), {u"Messages/7.emlx"_s}, Inbox, Limits);
    QVERIFY(two.next()->key != keys.at(0));
}

void TestAppleMail::store()
{
    const auto items = find(dataPath(u"apple"_s));
    QCOMPARE(summariesOf(items),
             QStringList({u"INBOX: detached ()"_s,
                          u"INBOX: far (AS $Forwarded $Junk)"_s,
                          u"INBOX: nine (S)"_s,
                          u"INBOX: ten (FS)"_s,
                          u"On My Mac/Kept/Below: below ()"_s,
                          u"On My Mac/Kept: kept ()"_s,
                          u"Sent: sent (S)"_s,
                          u"Work/2024: work of 2024 (DS)"_s,
                          u"Work: work (S)"_s,
                          u"skipped: Mail has not downloaded its part 2; open it there, and import"
                          " again"_s}));
    QCOMPARE(m_skipped,
             QStringList{u"V9: it is what an older version of Mail left behind; V10 is the"
                         " newest"_s});
    QCOMPARE(*items.at(0).date, InternalDate({1'700'000'000, 0}));
    // In the order of their numbers, and whole.
    QVERIFY(items.at(0).bytes.contains("Subject: nine\r\n"));
    QVERIFY(items.at(1).bytes.contains("Subject: ten\r\n"));
    QVERIFY(items.at(2).bytes.contains("Content-Transfer-Encoding: base64\r\n\r\nTGluZSBvbmU"));
    QVERIFY(items.at(1).bytes.endsWith("\r\n\r\ntext\r\n"));
}

void TestAppleMail::storeOfOneVersion()
{
    QCOMPARE(summariesOf(find(dataPath(u"apple/V9"_s))), QStringList{u"Older: older (S)"_s});
}

void TestAppleMail::storeBelowARoot()
{
    const auto summaries = summariesOf(find(dataPath(u"apple/V10"_s), u"Old"_s));
    QVERIFY(summaries.contains(u"Old/INBOX: nine (S)"_s));
    QVERIFY(summaries.contains(u"Old/Sent Messages: sent (S)"_s));
}

void TestAppleMail::severalAccounts()
{
    const Tree tree;
    const QByteArray file = emlxOf("Subject: x\n\ny\n");
    tree.makeFolder(u"V2/MailData"_s);
    tree.write(u"V2/IMAP-ann@imap.example.org/INBOX.mbox/Messages/1.emlx"_s, file);
    tree.write(u"V2/POP-otto@pop.example.org/INBOX.mbox/Messages/1.emlx"_s, file);
    tree.write(u"V2/0E1D2C3B-4A59-4687-8776-655443322110/INBOX.mbox/Messages/1.emlx"_s, file);
    tree.makeFolder(u"V2/IMAP-empty@imap.example.org/INBOX.mbox"_s);
    tree.write(u"V2/Mailboxes/Kept.mbox/Messages/1.emlx"_s, file);
    QCOMPARE(summariesOf(find(tree.path())),
             QStringList({u"Account 0E1D2C3B/INBOX: x ()"_s,
                          u"On My Mac/Kept: x ()"_s,
                          u"ann@imap.example.org/INBOX: x ()"_s,
                          u"otto@pop.example.org/INBOX: x ()"_s}));
}

void TestAppleMail::exported_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("root");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("one") << u"apple-export/Letters.mbox"_s << u""_s
                         << QStringList{u"Letters: letter one ()"_s, u"Letters: letter two ()"_s};
    QTest::newRow("one, root") << u"apple-export/Letters.mbox"_s << u"INBOX"_s
                               << QStringList{u"INBOX: letter one ()"_s, u"INBOX: letter two ()"_s};
    QTest::newRow("folder of them") << u"apple-export"_s << u""_s
                                    << QStringList{u"Letters/Old: old letter ()"_s,
                                                   u"Letters: letter one ()"_s,
                                                   u"Letters: letter two ()"_s};
}

void TestAppleMail::exported()
{
    QFETCH(QString, path);
    QFETCH(QString, root);
    QFETCH(QStringList, found);
    QCOMPARE(summariesOf(find(dataPath(path), root)), found);
    QCOMPARE(m_skipped, QStringList());
}

void TestAppleMail::foreignFolderOfSuchAName()
{
    const Tree tree;
    tree.write(u"Work.mbox/1.eml"_s, "Subject: x\n\ny\n");
    QCOMPARE(summariesOf(find(tree.path())), QStringList{u"Work.mbox: x ()"_s});
}

void TestAppleMail::foreignFiles()
{
    const Tree tree;
    tree.write(u"A.mbox/Messages/1.emlx"_s, emlxOf("Subject: x\n\ny\n"));
    tree.write(u"A.mbox/Messages/1.2.emlxpart"_s, "x");
    tree.write(u"A.mbox/.DS_Store"_s, "x");
    tree.write(u"A.mbox/Info.plist"_s, "x");
    tree.write(u"A.mbox/mbox"_s, "no mail");
    tree.write(u"A.mbox/letter.doc"_s, "no mail");
    QCOMPARE(summariesOf(find(tree.path())), QStringList{u"A: x ()"_s});
    QCOMPARE(m_skipped,
             QStringList({u"A.mbox/letter.doc: it is no mail file"_s,
                          u"A.mbox/mbox: it is no mail file"_s}));
}

void TestAppleMail::looseFiles()
{
    const Tree tree;
    tree.write(u"saved/10.emlx"_s, emlxOf("Subject: ten\n\ny\n"));
    tree.write(u"saved/9.emlx"_s, emlxOf("Subject: nine\n\ny\n"));
    tree.write(u"saved/11.partial.emlx"_s, emlxOf("Subject: part\n\n"));
    const auto items = find(tree.path());
    QCOMPARE(summariesOf(items),
             QStringList({u"saved: nine ()"_s,
                          u"saved: ten ()"_s,
                          u"skipped: Mail has not downloaded all of it; open it there, and import"
                          " again"_s}));
    QVERIFY(items.first().origin.endsWith(u"saved/9.emlx"_s));
    QCOMPARE(summariesOf(find(tree.path(u"saved/9.emlx"_s))), QStringList{u"INBOX: nine ()"_s});
}

QTEST_GUILESS_MAIN(TestAppleMail)
#include "tst_applemail.moc"
