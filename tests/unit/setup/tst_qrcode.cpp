#include "app/setup/qrcode.h"

#include <QTest>

#include <optional>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

// Reads back what is printed: each character is two modules.
struct Printed {
    explicit Printed(const QString &text)
    {
        const QStringList lines = text.split(u'\n', Qt::SkipEmptyParts);
        for (const QString &line : lines) {
            QList<bool> upper;
            QList<bool> lower;
            for (const QChar c : line) {
                upper += c == u'\u2580' || c == u'\u2588';
                lower += c == u'\u2584' || c == u'\u2588';
            }
            rows += upper;
            rows += lower;
        }
        width = rows.value(0).size() - 2 * Margin;
    }

    bool isDark(qsizetype x, qsizetype y) const { return rows.at(y + Margin).at(x + Margin); }

    static constexpr auto Margin = 4;
    QList<QList<bool>> rows;
    qsizetype width = 0;
};

// A reader of codes of the versions 1 to 5 without errors, for octets (ISO/IEC 18004).
class Reader
{
public:
    explicit Reader(const Printed &code)
        : m_code(code)
        , m_width(code.width)
    {
    }

    // Nothing: it is no such code.
    std::optional<QByteArray> read()
    {
        if (!finderAt(0, 0) || !finderAt(m_width - 7, 0) || !finderAt(0, m_width - 7)) {
            return {};
        }
        collectBits();
        if (take(4) != 4) { // octets
            return {};
        }
        QByteArray bytes(take(8), 0);
        for (char &byte : bytes) {
            byte = static_cast<char>(take(8));
        }
        return bytes;
    }

private:
    bool finderAt(qsizetype left, qsizetype top) const
    {
        for (qsizetype y = 0; y < 7; ++y) {
            for (qsizetype x = 0; x < 7; ++x) {
                const qsizetype ring = std::max(std::abs(x - 3), std::abs(y - 3));
                if (m_code.isDark(left + x, top + y) != (ring != 2)) {
                    return false;
                }
            }
        }
        return true;
    }

    // Finders with their formats, timing, and the one alignment pattern from version 2 on.
    bool isFunction(qsizetype x, qsizetype y) const
    {
        const qsizetype far = m_width - 8;
        const bool isCorner = (x < 9 && y < 9) || (x >= far && y < 9) || (x < 9 && y >= far);
        const qsizetype centre = m_width - 7;
        const bool isAlignment =
            m_width > 21 && std::abs(x - centre) <= 2 && std::abs(y - centre) <= 2;
        return isCorner || x == 6 || y == 6 || isAlignment;
    }

    bool isMasked(qsizetype x, qsizetype y) const
    {
        switch (m_mask) {
        case 0:
            return (x + y) % 2 == 0;
        case 1:
            return y % 2 == 0;
        case 2:
            return x % 3 == 0;
        case 3:
            return (x + y) % 3 == 0;
        case 4:
            return (x / 3 + y / 2) % 2 == 0;
        case 5:
            return x * y % 2 + x * y % 3 == 0;
        case 6:
            return (x * y % 2 + x * y % 3) % 2 == 0;
        default:
            return ((x + y) % 2 + x * y % 3) % 2 == 0;
        }
    }

    // Two columns at a time from the right, up and down in turns, past the vertical timing.
    void collectBits()
    {
        m_mask = 0;
        for (const qsizetype x : {2, 3, 4}) { // bits 12 to 10 of the format
            m_mask = m_mask * 2 + (m_code.isDark(x, 8) ? 1 : 0);
        }
        m_mask ^= 5;
        bool isUp = true;
        for (qsizetype right = m_width - 1; right > 0; right -= right == 8 ? 3 : 2) {
            for (qsizetype i = 0; i < m_width; ++i) {
                const qsizetype y = isUp ? m_width - 1 - i : i;
                for (const qsizetype x : {right, right - 1}) {
                    if (!isFunction(x, y)) {
                        m_bits += m_code.isDark(x, y) != isMasked(x, y);
                    }
                }
            }
            isUp = !isUp;
        }
    }

    int take(int count)
    {
        int value = 0;
        for (; count > 0; --count) {
            value = value * 2 + (m_bits.value(m_next++) ? 1 : 0);
        }
        return value;
    }

    const Printed &m_code;
    qsizetype m_width;
    int m_mask = 0;
    QList<bool> m_bits;
    qsizetype m_next = 0;
};

} // namespace

class TestQrCode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsBack_data();
    void readsBack();
    void hasAMargin();
    void isPainted();
    void refuses();
};

void TestQrCode::readsBack_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("width");

    QTest::newRow("one octet") << QByteArray("A") << 21;
    QTest::newRow("NUL and high octets") << QByteArray("\0\xff\x80 A", 5) << 21;
    QTest::newRow("as much as version 1 holds") << QByteArray(17, 'x') << 21;
    QTest::newRow("version 2") << QByteArray(18, 'x') << 25;
    QTest::newRow("version 5")
        << u"[1,[1,1],[0,\"büro.local\",993,3,1,\"ann\"],[[[0,\"smtp.example.org\""
           ",465,3,1,\"ann@example.org\"]]]]"_s.toUtf8()
        << 37;
}

void TestQrCode::readsBack()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, width);
    const auto code = QrCode::of(bytes);
    QVERIFY(code);
    QCOMPARE(code->width(), width);

    const Printed printed(code->text());
    QCOMPARE(printed.width, width);
    QCOMPARE(Reader(printed).read(), std::optional(bytes));
}

void TestQrCode::hasAMargin()
{
    const Printed printed(QrCode::of("A")->text());
    for (qsizetype i = -4; i < printed.width + 4; ++i) {
        for (qsizetype m = 1; m <= 4; ++m) {
            QVERIFY(!printed.isDark(i, -m) && !printed.isDark(-m, i));
            QVERIFY(!printed.isDark(i, printed.width - 1 + m));
            QVERIFY(!printed.isDark(printed.width - 1 + m, i));
        }
    }
}

void TestQrCode::isPainted()
{
    const auto code = QrCode::of("A");
    const QStringList plain = code->text().split(u'\n');
    const QStringList painted = code->text(u"<"_s, u">"_s).split(u'\n');

    QCOMPARE(painted.size(), plain.size());
    for (qsizetype i = 0; i + 1 < plain.size(); ++i) {
        QCOMPARE(painted.at(i), u'<' + plain.at(i) + u'>');
    }
    QCOMPARE(painted.last(), QString());
}

void TestQrCode::refuses()
{
    QVERIFY(!QrCode::of({}));
    QVERIFY(QrCode::of(QByteArray(2953, 'x')));
    const auto code = QrCode::of(QByteArray(2954, 'x'));
    QVERIFY(!code);
    QCOMPARE(code.error().code, ErrorCode::TooBig);
}

QTEST_GUILESS_MAIN(TestQrCode)
#include "tst_qrcode.moc"
