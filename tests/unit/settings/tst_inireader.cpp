#include "app/settings/inireader.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

// One line per entry and per fault, so that a test compares text.
QStringList dump(const IniDocument &document)
{
    QStringList lines;
    for (const IniEntry &entry : document.entries) {
        lines.append(u"%1 %2=<%3>"_s.arg(entry.line).arg(entry.key, entry.value));
    }
    for (const IniFault &fault : document.faults) {
        lines.append(u"%1! %2: %3"_s.arg(fault.line).arg(fault.about, fault.text));
    }
    return lines;
}

} // namespace

class TestIniReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void stopsAfterManyFaults();
    void refusesLargeFile();
    void servesQSettings();
    void qSettingsReportsFaults();
    void qSettingsWritesWhatItReads_data();
    void qSettingsWritesWhatItReads();
    void qSettingsRefusesWhatWouldNotComeBack();
};

void TestIniReader::parses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("expected");

    const auto row = [](const char *name, const QByteArray &bytes, const QStringList &expected) {
        QTest::newRow(name) << bytes << expected;
    };
    row("empty file", "", {});
    row("one pair", "bind-port=143\n", {u"1 bind-port=<143>"_s});
    row("no end of line at the end", "bind-port=143", {u"1 bind-port=<143>"_s});
    row("blanks around key and value", " \tbind-port \t=  143 \t\n", {u"1 bind-port=<143>"_s});
    row("no-break space behind the value", "a=b\xc2\xa0\n", {u"1 a=<b>"_s});
    row("empty value", "bind-port=\n", {u"1 bind-port=<>"_s});
    row("comments and empty lines count as lines",
        "# one\n; two\n\n   # three \"\n#a=b\\\na=b\n",
        {u"6 a=<b>"_s});
    row("key keeps its case", "Bind-Port=143\n", {u"1 Bind-Port=<143>"_s});

    row("Windows path",
        "cert-path=C:\\Users\\me\\new\\x64\\imap.crt\nkey-path=D:\\\n",
        {u"1 cert-path=<C:\\Users\\me\\new\\x64\\imap.crt>"_s, u"2 key-path=<D:\\>"_s});
    row("network share", "data-dir=\\\\nas\\mail\n", {u"1 data-dir=<\\\\nas\\mail>"_s});
    row("comma, semicolon, hash, percent, at, equals",
        "a=x,y; z # no comment %41 @Invalid() b=c\n",
        {u"1 a=<x,y; z # no comment %41 @Invalid() b=c>"_s});
    row("umlauts",
        "data-dir=/home/J\xc3\xb6rg/Gr\xc3\xbc\xc3\x9f\x65\n",
        {u"1 data-dir=</home/J\u00f6rg/Gr\u00fc\u00dfe>"_s});
    row("byte order mark", "\xef\xbb\xbf# comment\na=b\n", {u"2 a=<b>"_s});
    row("byte order mark before a key", "\xef\xbb\xbf\x61=b\n", {u"1 a=<b>"_s});
    row("CRLF", "# comment\r\na=b\r\n\r\nc=d\r\n", {u"2 a=<b>"_s, u"4 c=<d>"_s});
    row("colon in the value", "a=b: c\n", {u"1 a=<b: c>"_s});

    row("double quotes", "a=\"C:\\Program Files\\x\"\n", {u"1 a=<C:\\Program Files\\x>"_s});
    row("single quotes", "a=' b '\n", {u"1 a=< b >"_s});
    row("only one pair of quotes", "a=\"\"b\"\"\n", {u"1 a=<\"b\">"_s});
    row("empty quotes", "a=\"\"\n", {u"1 a=<>"_s});
    row("quotes that do not match", "a=\"b'\nc=\"\n", {u"1 a=<\"b'>"_s, u"2 c=<\">"_s});

    row("[General] is taken", "[General]\na=b\n", {u"2 a=<b>"_s});
    row("another section",
        "[imap]\na=b\n",
        {u"2 a=<b>"_s, u"1! [imap]: this file has no sections; remove the line"_s});
    row("colon instead of the equals sign",
        "bind-port: 143\n",
        {u"1! bind-port: 143: a line must be key=value: write bind-port=143"_s});
    row("colon, and an equals sign in the value",
        "cert-path : C:\\a=b\n",
        {u"1! cert-path : C:\\a=b: a line must be key=value: write cert-path=C:\\a=b"_s});
    row("neither",
        "a=b\nbind-port 143\n",
        {u"1 a=<b>"_s,
         u"2! bind-port 143: a line must be key=value, or a comment that begins with #"_s});
    row("no key", "=143\n", {u"1! =143: there is no key before the ="_s});
    row("duplicate",
        "bind-port=143\n\nBIND-PORT=144\n",
        {u"1 bind-port=<143>"_s,
         u"3! BIND-PORT=144: the key is set on line 1 already; remove one of the two"_s});
    row("Latin-1",
        "a=b\ndata-dir=/home/J\xf6rg\nc=d\n",
        {u"1 a=<b>"_s, u"3 c=<d>"_s, u"2! : not valid UTF-8; save the file as UTF-8"_s});
    row("Latin-1 in a comment", "# J\xf6rg\n", {u"1! : not valid UTF-8; save the file as UTF-8"_s});
    row("UTF-16, little endian",
        QByteArray("\xff\xfe\x61\x00=\x00", 6),
        {u"0! : this file is UTF-16 text; save it as UTF-8"_s});
    row("UTF-16, big endian",
        QByteArray("\xfe\xff\x00\x61\x00=", 6),
        {u"0! : this file is UTF-16 text; save it as UTF-8"_s});
    row("NUL byte", QByteArray("a=b\0c\n", 6), {u"1! : a NUL byte; save the file as UTF-8 text"_s});
    row("escape character", "a=\x1b[31m\n", {u"1! a=\x1b[31m: a control character; remove it"_s});
    row("CR alone", "a=b\rc=d\n", {u"1! a=b\rc=d: a control character; remove it"_s});
    row("tab between words", "a=b\tc\n", {u"1 a=<b\tc>"_s});
}

void TestIniReader::parses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, expected);

    QCOMPARE(dump(parseIni(bytes)), expected);
}

void TestIniReader::stopsAfterManyFaults()
{
    const IniDocument document = parseIni(QByteArray("junk\n").repeated(1000));

    QCOMPARE(document.faults.size(), 21);
    QCOMPARE(document.faults.last().line, 21);
    QCOMPARE(document.faults.last().text, u"the rest of the file is not looked at"_s);
}

void TestIniReader::refusesLargeFile()
{
    const IniDocument document = parseIni(QByteArray(1024 * 1024 + 1, '#'));

    QCOMPARE(dump(document), {u"0! : this is no settings file: it is larger than 1 MiB"_s});
}

void TestIniReader::servesQSettings()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"postnook.ini"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("# a \" in a comment\nCert-Path=C:\\new\\x.crt\nbind-addr=a,b;c\n");
    file.close();

    const QSettings settings(path, iniFormat());

    QCOMPARE(settings.status(), QSettings::NoError);
    QCOMPARE(settings.value("cert-path").toString(), u"C:\\new\\x.crt"_s);
    QCOMPARE(settings.value("bind-addr").toString(), u"a,b;c"_s);
}

void TestIniReader::qSettingsReportsFaults()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"postnook.ini"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("bind-port: 143\n");
    file.close();

    QCOMPARE(QSettings(path, iniFormat()).status(), QSettings::FormatError);
}

void TestIniReader::qSettingsWritesWhatItReads_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QByteArray>("line");

    QTest::newRow("plain") << u"143"_s << QByteArray("key=143\n");
    QTest::newRow("empty") << QString() << QByteArray("key=\n");
    QTest::newRow("backslashes") << u"C:\\new\\"_s << QByteArray("key=C:\\new\\\n");
    QTest::newRow("blanks at the ends") << u" a "_s << QByteArray("key=\" a \"\n");
    QTest::newRow("quotes of its own") << u"\"a\""_s << QByteArray("key=\"\"a\"\"\n");
    QTest::newRow("umlauts") << u"Jörg"_s << QByteArray("key=J\xc3\xb6rg\n");
}

void TestIniReader::qSettingsWritesWhatItReads()
{
    QFETCH(QString, value);
    QFETCH(QByteArray, line);
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"postnook.ini"_s);

    QSettings settings(path, iniFormat());
    settings.setValue("key", value);
    settings.sync();

    QCOMPARE(settings.status(), QSettings::NoError);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QCOMPARE(bytes, line);
    QCOMPARE(parseIni(bytes).entries, {IniEntry({1, u"key"_s, value})});
}

void TestIniReader::qSettingsRefusesWhatWouldNotComeBack()
{
    const QTemporaryDir dir;
    QSettings settings(dir.filePath(u"postnook.ini"_s), iniFormat());
    settings.setValue("key", u"two\nlines"_s);
    settings.sync();

    QCOMPARE(settings.status(), QSettings::AccessError);
}

QTEST_GUILESS_MAIN(TestIniReader)
#include "tst_inireader.moc"
