#include "core/mime/messagescanner.h"
#include "core/mime/preview.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Postnook;
using namespace Postnook::Mime;

namespace
{

// "\xNN" to that octet; the files hold everything else as it is.
QByteArray withOctets(const QByteArray &text)
{
    QByteArray result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.mid(i, 2) == "\\x") {
            result.append(QByteArray::fromHex(text.mid(i + 2, 2)));
            i += 3;
        } else {
            result.append(text[i]);
        }
    }
    return result;
}

QByteArray preview(const QByteArray &message)
{
    const auto tree = PartTree::fromBytes(scanMessage(message).parts);
    return previewText(*tree, [&message](quint64 offset, quint64 size) {
        return message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
    });
}

} // namespace

// The table of messages and what a person wants to see of them in a list: tests/data/mime/preview.
// Each begins with "@@@ what it is" and "=> the preview"; the message follows, with line ends LF
// that become CRLF here, and octets written "\xNN".
class TestPreview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void table_data();
    void table();
    void readsOnlyTheStartOfText();
    void cutTexts_data();
    void cutTexts();
    void damaged();
};

void TestPreview::table_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("expected");
    const QDir folder(QStringLiteral(TEST_DATA "/mime/preview"));
    int count = 0;
    for (const auto &name : folder.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        auto text = '\n' + file.readAll();
        text.replace("\r\n", "\n");
        for (auto at = text.indexOf("\n@@@ "); at >= 0;) {
            const auto next = text.indexOf("\n@@@ ", at + 1);
            auto lines = text.mid(at + 5, next < 0 ? -1 : next - at - 5).split('\n');
            const auto title = lines.takeFirst();
            const auto expected = lines.takeFirst();
            QVERIFY2(expected.startsWith("=>"), title.constData());
            QTest::addRow("%s: %s", qPrintable(name), title.constData())
                << withOctets(lines.join("\r\n")) << expected.mid(2).trimmed();
            ++count;
            at = next;
        }
    }
    QVERIFY(count > 90);
}

void TestPreview::table()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, expected);
    QCOMPARE(QString::fromUtf8(preview(message)), QString::fromUtf8(expected));
}

void TestPreview::readsOnlyTheStartOfText()
{
    QByteArray message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                         "--b\r\nContent-Type: application/pdf\r\n\r\nPDF\r\n";
    for (int i = 0; i < MaxPreviewParts + 1; ++i) {
        message += "--b\r\nContent-Type: text/plain\r\n\r\n" + QByteArray(i == 0 ? 100'000 : 3, ' ')
            + QByteArray::number(i) + "\r\n";
    }
    message += "--b--\r\n";
    const auto tree = PartTree::fromBytes(scanMessage(message).parts);
    QList<quint64> offsets;
    const auto text = previewText(*tree, [&](quint64 offset, quint64 size) {
        Q_ASSERT(size <= MaxPreviewBytes);
        offsets.append(offset);
        return message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
    });
    QCOMPARE(text, QByteArray("1 2 3"));
    QCOMPARE(offsets.size(), MaxPreviewParts);
    for (qsizetype i = 0; i < offsets.size(); ++i) {
        QCOMPARE(offsets[i], tree->parts()[i + 2].body.offset);
    }
}

// The cut at MaxPreviewBytes must not be seen.
void TestPreview::cutTexts_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("unit"); // repeated beyond the cut
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("utf-8") << QByteArray("Content-Type: text/plain; charset=utf-8")
                           << QByteArray("\n\xf0\x9f\x98\x80") << QByteArray("\xf0\x9f\x98\x80");
    QTest::newRow("no charset") << QByteArray("Subject: x") << QByteArray("\n\xe2\x82\xac")
                                << QByteArray("\xe2\x82\xac");
    QTest::newRow("gb18030") << QByteArray("Content-Type: text/plain; charset=gb2312")
                             << QByteArray("\n\xba\xba") << QByteArray("\xe6\xb1\x89");
    QTest::newRow("quoted-printable") << QByteArray("Content-Type: text/plain; charset=utf-8\r\n"
                                                    "Content-Transfer-Encoding: quoted-printable")
                                      << QByteArray("=0A=E2=82=AC") << QByteArray("\xe2\x82\xac");
    QTest::newRow("base64") << QByteArray("Content-Type: text/plain; charset=utf-8\r\n"
                                          "Content-Transfer-Encoding: base64")
                            << QByteArray("4oKsCg==") << QByteArray("\xe2\x82\xac");
    QTest::newRow("html") << QByteArray("Content-Type: text/html; charset=utf-8")
                          << QByteArray("<p title='t'>\xe2\x82\xac</p>")
                          << QByteArray("\xe2\x82\xac");
}

void TestPreview::cutTexts()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, unit);
    QFETCH(QByteArray, expected);
    // Whatever the cut goes through: what comes out is whole units.
    for (qsizetype shift = 0; shift < unit.size(); ++shift) {
        const bool isBase64 = head.endsWith("base64");
        QByteArray body(shift, isBase64 ? '!' : ' ');
        // So much that shows nothing that the last words are those at the cut.
        const auto filler = isBase64 ? QByteArray("ICAg") : QByteArray("    ");
        while (body.size() < MaxPreviewBytes - 4 * unit.size()) {
            body += filler;
        }
        while (body.size() < MaxPreviewBytes + unit.size()) {
            body += unit;
        }
        auto text = preview(head + "\r\n\r\n" + body);
        QVERIFY2(text.startsWith(expected), text.constData());
        QVERIFY2(text.replace(expected, "").trimmed().isEmpty(), text.constData());
    }
}

// Any message gives valid UTF-8 within the limit: the table's own messages, cut and changed.
void TestPreview::damaged()
{
    const QDir folder(QStringLiteral(TEST_DATA "/mime/preview"));
    quint32 random = 1;
    for (const auto &name : folder.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = withOctets(file.readAll());
        for (int round = 0; round < 200; ++round) {
            const auto next = [&random](qsizetype below) {
                random = random * 1664525U + 1013904223U;
                return static_cast<qsizetype>((random >> 8) % static_cast<quint32>(below));
            };
            auto message = text.mid(text.indexOf("\n=>", next(text.size()))).mid(3);
            for (int i = 0; i < 5 && !message.isEmpty(); ++i) {
                message[next(message.size())] = static_cast<char>(next(256));
            }
            const auto result = preview(message);
            const auto decoded = QString::fromUtf8(result);
            QCOMPARE(decoded.toUtf8(), result);
            QVERIFY(decoded.toUcs4().size() <= MaxPreviewChars);
            QVERIFY(!decoded.contains(u'\n') && !decoded.contains(QStringLiteral("  ")));
        }
    }
}

QTEST_GUILESS_MAIN(TestPreview)
#include "tst_preview.moc"
