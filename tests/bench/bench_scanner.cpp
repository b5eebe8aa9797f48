// How fast messages are scanned and described, in millions of octets a second (the best of several
// runs): usual mail, and hostile messages at growing sizes, where the rate must not fall.
//
//   bench_scanner [--json FILE]      the messages made here
//   bench_scanner MESSAGE...         these files

#include "benchreport.h"
#include "core/mime/messagescanner.h"

#include <QFile>
#include <QFileInfo>
#include <QTextStream>

#include <algorithm>
#include <functional>

using namespace Postnook;

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype ChunkBytes = 256 * 1024; // as APPEND feeds it

QByteArray usualHeader(const QByteArray &contentType)
{
    QByteArray header;
    for (int i = 0; i < 4; ++i) {
        const auto n = QByteArray::number(i);
        header += "Received: from mx" + n + ".example.org (mx" + n
            + ".example.org [192.0.2.1])\r\n\tby in.example.net with ESMTPS id abcdef" + n
            + "\r\n\tfor <ann@example.net>; Mon, 05 Jan 2026 10:00:0" + n + " +0100\r\n";
    }
    return header
        + "From: =?utf-8?q?J=C3=BCrgen?= Example <jo@example.org>\r\n"
          "To: Ann Example <ann@example.net>, Bob <bob@example.net>\r\n"
          "Subject: Re: [list] Minutes of the meeting on Monday\r\n"
          "Date: Mon, 05 Jan 2026 10:00:00 +0100\r\n"
          "Message-ID: <20260105100000.4711@example.org>\r\n"
          "MIME-Version: 1.0\r\nContent-Type: "
        + contentType + "\r\n\r\n";
}

QByteArray lines(qsizetype size)
{
    const QByteArray line("The quick brown fox jumps over the lazy dog, and goes on to do so.\r\n");
    return line.repeated(size / line.size() + 1);
}

QByteArray textPart(qsizetype size)
{
    return "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + lines(size);
}

QByteArray plainText()
{
    return usualHeader("text/plain; charset=utf-8") + lines(30'000);
}

QByteArray alternative()
{
    return usualHeader("multipart/alternative; boundary=b") + textPart(15'000)
        + "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>"
        + QByteArray("<p>The quick <b>brown</b> fox jumps over the <i>lazy</i> dog.</p>\r\n")
              .repeated(600)
        + "</body></html>\r\n--b--\r\n";
}

QByteArray attachment()
{
    return usualHeader("multipart/mixed; boundary=b") + textPart(2'000)
        + "--b\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\n"
          "Content-Transfer-Encoding: base64\r\n\r\n"
        + (QByteArray(76, 'A') + "\r\n").repeated(40'000) + "--b--\r\n";
}

QByteArray nested(qsizetype size)
{
    const QByteArray multipart("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n");
    return multipart.repeated(size / multipart.size()) + "\r\nend\r\n";
}

QByteArray tinyParts(qsizetype size)
{
    const QByteArray part("--p\r\n\r\na\r\n");
    return "Content-Type: multipart/mixed; boundary=p\r\n\r\n" + part.repeated(size / part.size());
}

QByteArray almostBoundaries(qsizetype size)
{
    const QByteArray line("--bbbX\r\n");
    return "Content-Type: multipart/mixed; boundary=bbbb\r\n\r\n--bbbb\r\n\r\n"
        + line.repeated(size / line.size());
}

QByteArray manyAddresses(qsizetype size)
{
    const QByteArray address("Ann Example <ann@example.org>,\r\n ");
    return "Cc: " + address.repeated(size / address.size()) + "\r\n\r\n";
}

QByteArray manyParameters(qsizetype size)
{
    QByteArray header("Content-Type: text/plain");
    for (int i = 0; header.size() < size; ++i) {
        header += ";\r\n name*" + QByteArray::number(i) + "=x";
    }
    return header + "\r\n\r\n";
}

QByteArray openComments(qsizetype size)
{
    return "Cc: " + QByteArray(size, '(') + "\r\n\r\n";
}

QByteArray openTags(qsizetype size)
{
    const QByteArray tag("<a title=\"");
    return "Content-Type: text/html\r\n\r\n" + tag.repeated(size / tag.size());
}

void scan(const QByteArray &message)
{
    Mime::MessageScanner scanner;
    for (qsizetype i = 0; i < message.size(); i += ChunkBytes) {
        scanner.feed(QByteArrayView(message).sliced(i, std::min(ChunkBytes, message.size() - i)));
    }
    (void)scanner.finish();
}

void addTo(Bench::Report &report, const QString &name, const QByteArray &message)
{
    report.add(name, message.size(), [&message] { scan(message); });
}

void addUsual(Bench::Report &report)
{
    addTo(report, u"usual: plain text"_s, plainText());
    addTo(report, u"usual: text and HTML"_s, alternative());
    addTo(report, u"usual: text and attachment"_s, attachment());
}

void addHostile(Bench::Report &report)
{
    using Maker = QByteArray (*)(qsizetype);
    const std::pair<const char *, Maker> kinds[] = {{"nested", nested},
                                                    {"tiny parts", tinyParts},
                                                    {"almost boundaries", almostBoundaries},
                                                    {"many addresses", manyAddresses},
                                                    {"many parameters", manyParameters},
                                                    {"open comments", openComments},
                                                    {"open tags", openTags}};
    for (const auto &[name, make] : kinds) {
        for (const qsizetype size : {250'000, 1'000'000, 4'000'000}) {
            addTo(report, u"hostile: "_s + QString::fromLatin1(name), make(size));
        }
    }
}

} // namespace

int main(int argc, char **argv)
{
    const QStringList arguments = [&] {
        QStringList list;
        for (int i = 1; i < argc; ++i) {
            list += QString::fromLocal8Bit(argv[i]);
        }
        return list;
    }();
    const bool isJson = arguments.value(0) == "--json"_L1;
    Bench::Report report(u"octets"_s);
    if (!arguments.isEmpty() && !isJson) {
        for (const QString &path : arguments) {
            QFile file(path);
            if (!file.open(QIODevice::ReadOnly)) {
                QTextStream(stderr) << path << ": " << file.errorString() << '\n';
                return 1;
            }
            addTo(report, QFileInfo(path).fileName(), file.readAll());
        }
        return 0;
    }
    addUsual(report);
    addHostile(report);
    return report.finish(argc, argv);
}
