#include "app/settings/inieditor.h"
#include "app/settings/inireader.h"
#include "app/settings/settingkeys.h"
#include "app/settings/settingsloader.h"
#include "app/settings/settingstemplate.h"
#include "app/settings/settingvalues.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestIniEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void set_data();
    void set();
    void unset_data();
    void unset();
    void refuses_data();
    void refuses();
    void everyKeyOfTheTemplate();
};

void TestIniEditor::set_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<int>("line");
    const auto row = [](const char *name,
                        const QByteArray &before,
                        const QString &key,
                        const QString &value,
                        const QByteArray &after,
                        int line) {
        QTest::newRow(name) << before << key << value << after << line;
    };
    row("in its line",
        "a=1\nlog-level=info\nb=2\n",
        u"log-level"_s,
        u"debug"_s,
        "a=1\nlog-level=debug\nb=2\n",
        2);
    row("CRLF",
        "a=1\r\nlog-level=info\r\nb=2\r\n",
        u"log-level"_s,
        u"debug"_s,
        "a=1\r\nlog-level=debug\r\nb=2\r\n",
        2);
    row("line ends mixed",
        "a=1\r\nlog-level=info\nb=2\r\n",
        u"log-level"_s,
        u"debug"_s,
        "a=1\r\nlog-level=debug\nb=2\r\n",
        2);
    row("no end at the end", "log-level=info", u"log-level"_s, u"debug"_s, "log-level=debug", 1);
    row("BOM",
        "\xef\xbb\xbflog-level=info\r\n",
        u"log-level"_s,
        u"debug"_s,
        "\xef\xbb\xbflog-level=debug\r\n",
        1);
    row("blanks are kept",
        "  Log-Level \t=  info  \n",
        u"log-level"_s,
        u"debug"_s,
        "  Log-Level \t=  debug\n",
        1);
    row("quotes go", "key-path=\"/a b.pem\"\n", u"key-path"_s, u"/c.pem"_s, "key-path=/c.pem\n", 1);
    row("quotes where needed",
        "key-path=\n",
        u"key-path"_s,
        u" /a b "_s,
        "key-path=\" /a b \"\n",
        1);
    row("a value in quotes", "key-path=\n", u"key-path"_s, u"'x'"_s, "key-path=\"'x'\"\n", 1);
    row("Windows path",
        "cert-path=C:\\Users\\me\\old.crt\r\n",
        u"cert-path"_s,
        u"C:\\Users\\Jörg\\new=1;2,3.crt"_s,
        "cert-path=C:\\Users\\J\xc3\xb6rg\\new=1;2,3.crt\r\n",
        1);
    row("empty value", "bind-port=143\n", u"bind-port"_s, QString(), "bind-port=\n", 1);
    row("was empty", "bind-port=\n", u"bind-port"_s, u"143"_s, "bind-port=143\n", 1);
    row("template's line",
        "# Why.\n#log-level=info\n\n#b=2\n",
        u"log-level"_s,
        u"debug"_s,
        "# Why.\nlog-level=debug\n\n#b=2\n",
        2);
    row("template's line, CRLF",
        "; x\r\n;log-level = info\r\n",
        u"log-level"_s,
        u"debug"_s,
        "; x\r\nlog-level=debug\r\n",
        2);
    row("prose is no line of the key",
        "# log-level=info is good\n",
        u"log-level"_s,
        u"debug"_s,
        "# log-level=info is good\nlog-level=debug\n",
        2);
    row("its own line before the template's",
        "#log-level=info\nlog-level=warn\n",
        u"log-level"_s,
        u"debug"_s,
        "#log-level=info\nlog-level=debug\n",
        2);
    row("nowhere", "a=1\r\n", u"log-level"_s, u"debug"_s, "a=1\r\nlog-level=debug\r\n", 2);
    row("nowhere, no end at the end",
        "a=1",
        u"log-level"_s,
        u"debug"_s,
        "a=1\nlog-level=debug\n",
        2);
    row("empty file", "", u"log-level"_s, u"debug"_s, "log-level=debug\n", 1);
    row("a key that begins alike",
        "bind-port-tls=993\n#bind-port-tls=993\n",
        u"bind-port"_s,
        u"1143"_s,
        "bind-port-tls=993\n#bind-port-tls=993\nbind-port=1143\n",
        3);
    row("the key in a value",
        "cert-path=/log-level=info\n",
        u"log-level"_s,
        u"debug"_s,
        "cert-path=/log-level=info\nlog-level=debug\n",
        2);
    row("set twice",
        "log-level=info\na=1\nLOG-LEVEL=warn\n",
        u"log-level"_s,
        u"debug"_s,
        "log-level=debug\na=1\n#LOG-LEVEL=warn\n",
        1);
    row("colon form", "log-level: info\n", u"log-level"_s, u"debug"_s, "log-level=debug\n", 1);
    row("faults elsewhere stay",
        "[x]\nnonsense\n\xff\xfe\xff\n",
        u"log-level"_s,
        u"debug"_s,
        "[x]\nnonsense\n\xff\xfe\xff\nlog-level=debug\n",
        4);
    row("umlauts elsewhere",
        "# Gr\xc3\xbc\xc3\x9f"
        "e\nlog-level=info\n",
        u"log-level"_s,
        u"warn"_s,
        "# Gr\xc3\xbc\xc3\x9f"
        "e\nlog-level=warn\n",
        2);
}

void TestIniEditor::set()
{
    QFETCH(QByteArray, before);
    QFETCH(QString, key);
    QFETCH(QString, value);
    const auto edit = setIniValue(before, key, value);
    QVERIFY(edit);
    QTEST(edit->bytes, "after");
    QTEST(edit->line, "line");
    // What was written is what is read.
    const IniDocument document = parseIni(edit->bytes);
    const auto entry =
        std::find_if(document.entries.begin(), document.entries.end(), [&key](const IniEntry &one) {
            return one.key.compare(key, Qt::CaseInsensitive) == 0;
        });
    QVERIFY(entry != document.entries.end());
    QCOMPARE(entry->value, value);
    QCOMPARE(entry->line, edit->line);
}

void TestIniEditor::unset_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<int>("line");
    QTest::newRow("its line") << QByteArray("a=1\r\nlog-level = debug\r\n")
                              << QByteArray("a=1\r\n#log-level=info\r\n") << 2;
    QTest::newRow("set twice") << QByteArray("log-level=debug\nlog-level=warn\n")
                               << QByteArray("#log-level=info\n#log-level=warn\n") << 1;
    QTest::newRow("not set") << QByteArray("#log-level=info") << QByteArray("#log-level=info") << 0;
}

void TestIniEditor::unset()
{
    QFETCH(QByteArray, before);
    const auto edit = unsetIniValue(before, u"log-level"_s, u"info"_s);
    QVERIFY(edit);
    QTEST(edit->bytes, "after");
    QTEST(edit->line, "line");
}

void TestIniEditor::refuses_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("UTF-16") << QByteArray("\xff\xfel\0o\0g\0", 8) << u"debug"_s
                            << u"this file is UTF-16 text; save it as UTF-8"_s;
    QTest::newRow("no settings file") << QByteArray(2 * 1024 * 1024, 'x') << u"debug"_s
                                      << u"this is no settings file: it is larger than 1 MiB"_s;
    QTest::newRow("line break") << QByteArray() << u"a\nbind-port=1"_s
                                << u"a control character; remove it"_s;
}

void TestIniEditor::refuses()
{
    QFETCH(QByteArray, before);
    QFETCH(QString, value);
    const auto edit = setIniValue(before, u"log-level"_s, value);
    QVERIFY(!edit);
    QTEST(edit.error().text, "text");
}

// Each key's line is found where it is, and the file is what it was when all is taken back.
void TestIniEditor::everyKeyOfTheTemplate()
{
    const QByteArray whole = settingsTemplate(LowPorts::Allowed).toUtf8();
    const Settings defaults = defaultSettings();
    for (const SettingKey &key : settingKeys()) {
        const QString value = valueText(key, defaults);
        const auto edit = setIniValue(whole, key.name, value);
        QVERIFY(edit);
        QCOMPARE(edit->bytes.count('\n'), whole.count('\n'));
        const LoadedSettings loaded = settingsOf(edit->bytes, u"/x/postnook.ini"_s);
        QCOMPARE(loaded.faults, QStringList());
        QCOMPARE(loaded.originOf(key.name).line, edit->line);
        if (key.name != "bind-addr"_L1) { // which the template sets
            QCOMPARE(unsetIniValue(edit->bytes, key.name, value)->bytes, whole);
        }
    }
}

QTEST_GUILESS_MAIN(TestIniEditor)
#include "tst_inieditor.moc"
