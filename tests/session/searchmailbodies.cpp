#include "searchmail.h"
#include "searchwords.h"

namespace Postnook::Test
{

namespace
{

constexpr int MaxNesting = 3;

} // namespace

SearchMailGenerator::Entity SearchMailGenerator::entity(int depth)
{
    switch (below(depth < MaxNesting ? 10 : 6)) {
    case 0:
        return html();
    case 1:
        return brokenText();
    case 2:
        return attachment();
    case 6:
    case 7:
    case 8:
        return multipart(depth + 1);
    case 9:
        return nested(depth + 1);
    default:
        return text();
    }
}

void SearchMailGenerator::setText(Entity &entity,
                                  const QByteArray &type,
                                  const QString &text,
                                  QByteArray charset)
{
    const auto octets = inCharset(text, charset);
    const auto name = oneIn(3) ? charset.toUpper() : charset;
    const QByteArray quote = oneIn(2) ? "\"" : "";
    entity.fields.append("Content-Type: " + type + ';' + (oneIn(3) ? lineEnd() + ' ' : " ")
                         + "charset=" + quote + name + quote + lineEnd());
    entity.body = encoded(octets, entity.fields);
}

SearchMailGenerator::Entity SearchMailGenerator::text()
{
    QByteArray charset;
    QString text;
    // Now and then longer than what is kept in the database, or one line that goes on and on.
    const int lines = oneIn(50) ? 400 : below(8);
    for (int i = 0; i < lines; ++i) {
        QByteArray another;
        text += words(1 + below(12), i == 0 ? charset : another);
        text += oneIn(15) ? QStringLiteral(" \t ")
            : oneIn(20)   ? QStringLiteral("\r\n\r\n\r\n")
            : oneIn(30)   ? QStringLiteral("\u00a0")
                          : QStringLiteral("\r\n");
    }
    if (oneIn(60)) {
        text += phrase(3).repeated(2'000);
    }
    Entity made;
    if (charset.isEmpty()) {
        charset = "utf-8";
    }
    setText(made,
            oneIn(10) ? pick(QByteArrayList{"text/csv", "message/delivery-status"})
                      : QByteArray("Text/Plain"),
            text,
            charset);
    made.texts.append(text);
    return made;
}

SearchMailGenerator::Entity SearchMailGenerator::html()
{
    Entity made;
    QByteArray markup = "<html><head><title>" + QByteArray(HiddenText)
        + "</title><style>p { color: " + HiddenText + " }</style></head>\r\n<body>";
    for (int i = below(6); i > 0; --i) {
        QByteArrayList written;
        const auto shown = phrase(1 + below(10)).simplified();
        for (const auto &word : shown.split(u' ')) {
            written.append(htmlWord(word));
        }
        markup += "<p class=x>" + written.join(oneIn(3) ? "\r\n  " : " ") + "</p>\r\n";
        made.texts.append(shown);
        if (oneIn(3)) {
            markup += "<!-- " + QByteArray(HiddenText) + " --><script>if (1 < 2) '" + HiddenText
                + "'</script>";
        }
    }
    markup += oneIn(2)
        ? "</body></html>"
        : "<br><a href=\"http://x/" + QByteArray(HiddenText) + "\">&nbsp;&unknown; &amp;";
    setText(made, "text/html", QString::fromUtf8(markup), "utf-8");
    return made;
}

// A word in the ways that HTML can write it; tags in it do not part it.
QByteArray SearchMailGenerator::htmlWord(const QString &word)
{
    const bool usesReferences = oneIn(2);
    const auto characters = word.toUcs4();
    QByteArray out;
    for (const auto c : characters) {
        const bool isSpecial = c == '<' || c == '>' || c == '&' || c == '"';
        if (c == 0xdf && oneIn(2)) {
            out += "&szlig;";
        } else if (isSpecial || (usesReferences && oneIn(3))) {
            out += oneIn(2) ? "&#" + QByteArray::number(c) + ';'
                            : "&#x" + QByteArray::number(c, 16) + ';';
        } else {
            out += QString::fromUcs4(reinterpret_cast<const char32_t *>(&c), 1).toUtf8();
        }
        if (oneIn(12)) {
            out += oneIn(2) ? "<b>" : "</b>";
        }
    }
    return out;
}

// What cannot be decoded in full, and what a store must be able to keep all the same.
SearchMailGenerator::Entity SearchMailGenerator::brokenText()
{
    Entity made;
    const auto type = [&made, this](const QByteArray &value) {
        made.fields.append("Content-Type: " + value + lineEnd());
    };
    switch (below(8)) {
    case 0: // a charset that nobody knows
        type("text/plain; charset=x-mars");
        made.body = phrase(6).toUtf8() + "\xff\xfe" + lineEnd();
        break;
    case 1: // and one that it is not
        type("text/plain; charset=utf-8");
        made.body = "caf\xe9 \xc3 " + phrase(3).toUtf8() + "\xf0\x9f";
        break;
    case 2: // none
        made.body = phrase(3).toLatin1() + lineEnd() + phrase(3).toUtf8();
        break;
    case 3:
        type("text/plain");
        made.body = "nul" + QByteArray(2, '\0') + "here" + lineEnd() + phrase(2).toUtf8();
        break;
    case 4: // base64 that is cut, with dirt in it
        type("text/plain; charset=utf-8");
        made.fields.append("Content-Transfer-Encoding: base64" + lineEnd());
        made.body = phrase(8).toUtf8().toBase64().insert(9, "\r\n *** ").chopped(3);
        break;
    case 5:
        type("text/plain; charset=utf-8");
        made.fields.append("Content-Transfer-Encoding: quoted-printable" + lineEnd());
        made.body = "a=zz b=4 =  \r\nc=00d=3D " + phrase(2).toUtf8() + "  \r\n=";
        break;
    case 6:
        type("text");
        made.body = phrase(4).toUtf8();
        break;
    default: // nothing
        type("text/plain; charset=us-ascii");
    }
    return made;
}

SearchMailGenerator::Entity SearchMailGenerator::attachment()
{
    Entity made;
    const auto name = withoutSpecials(phrase(2)).simplified() + QStringLiteral(".pdf");
    made.fields = attachmentName(name);
    made.fields.append("Content-Transfer-Encoding: base64" + lineEnd());
    made.body = base64Lines(QByteArray(HiddenText) + '\n' + phrase(5).toUtf8());
    made.texts.append(name);
    return made;
}

// The fields of an attachment of that name.
QByteArray SearchMailGenerator::attachmentName(const QString &name)
{
    const QByteArray type = "Content-Type: application/pdf";
    const QByteArray disposition = lineEnd() + "Content-Disposition: attachment;";
    const auto utf8 = name.toUtf8();
    const auto half = name.size() / 2;
    const auto percent = [](const QString &text) { return text.toUtf8().toPercentEncoding(); };
    switch (below(6)) {
    case 0:
        return type + "; name=\"" + encodedWords(name) + '"' + lineEnd();
    case 1:
        return type + disposition + " filename=\"" + utf8 + '"' + lineEnd();
    case 2:
        return type + disposition + " filename*=utf-8'de'" + percent(name) + lineEnd();
    case 3: { // in pieces that part characters
        const auto octets = utf8.toPercentEncoding();
        auto cut = octets.size() / 2;
        while (octets[cut] != '%' && cut > 0) {
            --cut;
        }
        return type + disposition + lineEnd() + " filename*0*=UTF-8''" + octets.first(cut) + ';'
            + lineEnd() + " filename*1*=" + octets.sliced(cut) + lineEnd();
    }
    case 4:
        if (isAscii(utf8)) {
            return type + disposition + " filename*1=\"" + utf8.mid(half) + "\";" + lineEnd()
                + "\tfilename*0=\"" + utf8.first(half) + '"' + lineEnd();
        }
        [[fallthrough]];
    default:
        return type + disposition + " filename=\"=?utf-8?b?" + utf8.toBase64() + "?=\"" + lineEnd();
    }
}

SearchMailGenerator::Entity SearchMailGenerator::multipart(int depth)
{
    Entity made;
    const auto boundary = "b." + QByteArray::number(m_random.generate(), 36).rightJustified(8, '.')
        + QByteArray(1, static_cast<char>('a' + depth));
    const bool isDigest = oneIn(8);
    const QByteArray kind = isDigest ? "digest" : oneIn(2) ? "alternative" : "mixed";
    made.fields = "Content-Type: multipart/" + kind + "; boundary=\"" + boundary + '"' + lineEnd();
    if (oneIn(2)) {
        made.body = HiddenText + lineEnd();
    }
    for (int i = 1 + below(4); i > 0; --i) {
        Entity part;
        if (isDigest && depth < MaxNesting) {
            part = nested(depth + 1);
            part.fields.clear(); // message/rfc822 is what it is without a word
        } else {
            part = entity(depth);
        }
        made.body += "--" + boundary + (oneIn(6) ? "  " : "") + lineEnd() + part.fields + lineEnd()
            + part.body + lineEnd();
        made.texts.append(part.texts);
    }
    if (!oneIn(6)) {
        made.body += "--" + boundary + "--" + lineEnd();
        if (oneIn(3)) {
            made.body += HiddenText + lineEnd();
        }
    }
    return made;
}

SearchMailGenerator::Entity SearchMailGenerator::nested(int depth)
{
    const auto inner = mail(depth);
    return {.fields = "Content-Type: message/rfc822" + lineEnd(),
            .body = inner.bytes,
            .texts = inner.texts};
}

QByteArray SearchMailGenerator::encoded(const QByteArray &octets, QByteArray &fields)
{
    switch (below(3)) {
    case 0:
        fields.append("Content-Transfer-Encoding: "
                      + QByteArray(oneIn(2) ? "base64" : "BASE64 (of it)") + lineEnd());
        return base64Lines(octets);
    case 1:
        fields.append("Content-Transfer-Encoding: Quoted-Printable" + lineEnd());
        return quotedPrintable(octets);
    default:
        fields.append("Content-Transfer-Encoding: 8bit" + lineEnd());
        return m_bareLineFeeds ? QByteArray(octets).replace("\r\n", "\n") : octets;
    }
}

// With soft line ends anywhere, inside of characters too.
QByteArray SearchMailGenerator::quotedPrintable(const QByteArray &octets)
{
    QByteArray out;
    const bool isTidy = oneIn(2);
    for (qsizetype i = 0; i < octets.size(); ++i) {
        const char c = octets[i];
        const bool isLineEnd = octets.sliced(i).startsWith("\r\n");
        const bool isPlain = c > ' ' && c < 0x7f && c != '=' && !oneIn(40);
        const bool isInnerBlank = c == ' ' && i + 1 < octets.size() && octets[i + 1] > ' ';
        if (isLineEnd) {
            out += lineEnd();
            ++i;
        } else if (isPlain || isInnerBlank) {
            out += c;
        } else {
            out += '=' + QByteArray(1, c).toHex().toUpper();
        }
        if (!isLineEnd && oneIn(isTidy ? 60 : 7)) {
            out += '=' + QByteArray(oneIn(5) ? " " : "") + lineEnd();
        }
    }
    return out;
}

QByteArray SearchMailGenerator::base64Lines(const QByteArray &octets)
{
    const auto text = octets.toBase64();
    const int size = oneIn(2) ? 76 : 1 + below(70);
    QByteArray out;
    for (qsizetype at = 0; at < text.size(); at += size) {
        out += text.mid(at, size) + lineEnd();
    }
    return out;
}

} // namespace Postnook::Test
