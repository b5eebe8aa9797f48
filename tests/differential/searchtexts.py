"""What SEARCH has to look at in a message, read a second time from the RFCs.

`habits` names what Dovecot is known to do in another way (searchcategories.txt).
"""

import base64
import binascii
import datetime
import email.utils
import html.parser
import itertools
import re
import unicodedata
from dataclasses import dataclass

import addresses
import fields
import splitting

BLANKS = " \t\r\n"
UNSEARCHED = {"stand-in-unsearched": "stand-in", "no-type-unsearched": "of-no-type",
              "encoding-unsearched": "of-odd-encoding"}
ADDRESS_FIELDS = (b"from", b"to", b"cc", b"bcc")


# -- comparison

def fold(text, habits=()):
    """RFC 9051 6.4.4: a substring, and case does not count. How much else counts is open; ours
    folds all case of what i;unicode-casemap (RFC 5051) decomposes."""
    if "titled" in habits:  # as RFC 5051 2 has it
        titled = "".join(c.title() if len(c.title()) == 1 else c for c in text)
        text = unicodedata.normalize("NFKD", titled)
    else:
        text = unicodedata.normalize("NFKD", text).casefold().replace("\u0131", "i")
    return text if "blanks-count" in habits else re.sub("[%s]+" % BLANKS, " ", text)


# -- charsets and encodings

ENCODINGS = (b"7bit", b"8bit", b"binary", b"base64", b"quoted-printable")
READABLE_MESSAGES = (b"message/partial", b"message/external-body", b"message/delivery-status",
                     b"message/disposition-notification", b"message/feedback-report")
ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "windows-1252",
           "us-ascii": "windows-1252", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949",
           "euc-kr": "cp949", "shift_jis": "cp932", "iso-8859-8-i": "iso-8859-8",
           "windows-874": "cp874", "tis-620": "cp874", "iso-8859-9": "windows-1254"}


def in_charset(octets, charset):
    """Without a charset, or with one that nobody knows: UTF-8 if it can be, else windows-1252."""
    name = charset.decode("ascii", "replace").strip().lower()
    if not name or name in ("us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown"):
        try:
            return octets.decode("utf-8")
        except UnicodeDecodeError:
            return octets.decode("windows-1252", "replace")
    try:
        return octets.decode(ALIASES.get(name, name), "replace")
    except (LookupError, UnicodeError, ValueError):
        return in_charset(octets, b"")


def decoded(octets, encoding):
    encoding = (encoding or b"").lower()
    if encoding == b"base64":
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
        clean = clean[:len(clean) - (len(clean) % 4 == 1)]
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    if encoding == b"quoted-printable":
        octets = re.sub(rb"[ \t]+(?=\r?\n|\Z)", b"", octets)
        return binascii.a2b_qp(octets)
    return octets


WORD = re.compile(rb"=\?([^?*\s]*)(?:\*[^?]*)?\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)\?=")


def header_text(value):
    """RFC 2047: the blanks between two words are no text; words may share a character."""
    text, at, charset, octets = "", 0, None, b""
    for word in WORD.finditer(value):
        between = value[at:word.start()]
        if octets and (between.strip(b" \t\r\n") or word.group(1).lower() != charset):
            text += in_charset(octets, charset)
            octets = b""
        if charset is None or between.strip(b" \t\r\n"):
            text += in_charset(between, b"")
        charset = word.group(1).lower()
        if word.group(2) in b"bB":
            octets += decoded(word.group(3), b"base64")
        else:
            octets += binascii.a2b_qp(word.group(3).replace(b"_", b" ") + b"!", header=False)[:-1]
        at = word.end()
    if octets:
        text += in_charset(octets, charset)
    return text + in_charset(value[at:], b"")


class HtmlText(html.parser.HTMLParser):
    """What a person reads: no tags, comments, scripts, styles; blocks stand apart."""

    INLINE = {"a", "b", "i", "u", "em", "strong", "font", "span", "small", "big", "sub", "sup",
              "tt", "code", "s", "strike", "del", "ins", "abbr", "acronym", "label", "o:p"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "title", "param"):
            self.hidden += 1
        elif tag == "img":
            self.text += " %s " % (dict(attrs).get("alt") or "")
        elif tag not in self.INLINE:
            self.text += "\n"

    def handle_endtag(self, tag):
        if tag in ("script", "style", "title", "param"):
            self.hidden = max(0, self.hidden - 1)
        elif tag not in self.INLINE:
            self.text += "\n"

    def handle_data(self, data):
        if not self.hidden:
            self.text += data


def html_text(source):
    reader = HtmlText()
    reader.feed(source)
    reader.close()
    return reader.text


# -- messages

@dataclass
class Piece:
    """A text that is searched alone; nothing is found across two of them."""
    kind: str  # "plain", "html", "html-source", "name", "header", "part-header", ...
    text: str


def content_type(header):
    """Also what is outside of the grammar, as far as it can be read."""
    found = fields.content_type(header)
    value = fields.first(header, b"content-type")
    if found or value is None:
        return found
    named = re.match(rb"\s*([\w.+-]+)\s*(?:/\s*([\w.+-]+))?", value)
    if not named or not named.group(2) and named.group(1).lower() != b"text":
        return None
    parameters = tuple((name, text.strip(b"\" ")) for name, text in
                       re.findall(rb';\s*([^=;\s]+)\s*=\s*("[^"]*"|[^;]*)', value))
    return fields.Typed(named.group(1), named.group(2) or b"plain", parameters)


def has_unreadable_type(header):
    return fields.content_type(header) is None and \
        fields.first(header, b"content-type") is not None


def transfer_encoding(header):
    """What stands in front of a semicolon, too; empty where the field is."""
    value = fields.first(header, b"content-transfer-encoding")
    if value is None:
        return b"7bit"
    return re.match(rb"[^;(\s]*", value).group().lower()


def description_of(in_digest):
    def describe(path, header):
        typed = content_type(header)
        if typed is None:
            is_message = in_digest(path) and fields.first(header, b"content-type") is None
            return splitting.Description("message" if is_message else "leaf")
        type_ = typed.type.lower()
        if type_ == b"multipart":
            return splitting.Description("multipart", parameter(typed, b"boundary"))
        is_message = type_ == b"message" and typed.subtype.lower() in (b"rfc822", b"global")
        return splitting.Description("message" if is_message else "leaf")
    return describe


def parameter(typed, name):
    for found, value in typed.parameters if typed else ():
        if found.lower() == name:
            return value
        if found.lower() == name + b"*":
            charset, _, rest = value.partition(b"'")
            return in_charset(fields.percent_decoded(rest.partition(b"'")[2]), charset).encode()
    return None


def addresses_or_none(value):
    try:
        return addresses.parsed(value)
    except addresses.NotInTheGrammar:
        return ()


def decoded_name(name, also=b""):
    """Quoted where it is no atom."""
    name = name or b""
    if re.fullmatch(rb"[\w!#$%%&'*+/=?^`{|}~\x80-\xff%s-]*" % also, name):
        return header_text(name)
    return header_text(b'"%s"' % re.sub(rb"([\\\"'])", rb"\\\1", name))


class Message:
    def __init__(self, name, octets):
        self.name = name
        self.octets = octets
        self.folded = {}
        digests = set()

        def describe(path, header):
            typed = content_type(header)
            if typed and (typed.type.lower(), typed.subtype.lower()) == (b"multipart", b"digest"):
                digests.add(path)
            return description_of(lambda p: bool(p) and p[:-1] in digests)(path, header)

        self.tree = splitting.Splitter(octets, describe).split()
        self.header = octets[slice(*self.tree.header)]
        self.body = list(self.body_pieces())
        self.has_unreadable_type = any(has_unreadable_type(octets[slice(*part.header)])
                                       for part in self.tree.walk())

    @staticmethod
    def header_pieces(header, kind="header", is_as_written=False):
        for name, value in fields.fields_of(header):
            if is_as_written:
                written = re.search(rb"(?im)^%s[ \t]*:" % re.escape(name), header)
                shown = written.group() if name else b""
                value = re.sub(rb"\r?\n", b"", value)
            else:
                shown = name + b": " if name else b""
                value = fields.unfolded(value)
            yield Piece(kind, shown.decode("ascii") + header_text(value))

    def body_pieces(self):
        """What is found in the code of an encoded message is none of its text, which shows when it is
        decoded (RFC 6532 3.7)."""
        undecoded = set()
        parents = {child.path: part for part in self.tree.walk() for child in part.children}
        for part in self.tree.walk():
            header = self.octets[slice(*part.header)]
            pieces = self.part_pieces(part, header, parents.get(part.path))
            encoding = transfer_encoding(header)
            is_encoded = part.kind == "message" and encoding in (b"base64", b"quoted-printable")
            if is_encoded or part.path in undecoded:
                undecoded.update(child.path for child in part.children)
            if part.path in undecoded:
                yield from (Piece("undecoded-header" if "header" in piece.kind else "undecoded",
                                  piece.text) for piece in pieces)
                continue
            yield from pieces
            if is_encoded:
                inner = Message(self.name, decoded(self.octets[slice(*part.body)], encoding))
                for piece in itertools.chain(self.header_pieces(inner.header), inner.body):
                    if piece.kind in ("header", "plain", "html", "name", "of-no-type"):
                        yield Piece("decoded", piece.text)

    def part_pieces(self, part, header, parent):
        if parent is not None and parent.kind == "message":
            yield from self.header_pieces(header, "header")
            yield from self.header_pieces(header, "header-as-written", True)
        elif part is not self.tree:
            yield from self.header_pieces(header, "part-header")
            yield from self.header_pieces(header, "part-header-as-written", True)
        typed = content_type(header)
        name = parameter(fields.disposition(header), b"filename") or parameter(typed, b"name")
        if name:
            yield Piece("name", header_text(name))
        if part.kind == "leaf":
            yield from self.leaf_pieces(part, header, typed)

    def leaf_pieces(self, part, header, typed):
        named = b"%s/%s" % (typed.type.lower(), typed.subtype.lower()) if typed else b"text/plain"
        if not named.startswith(b"text/") and named not in READABLE_MESSAGES:
            return
        charset = parameter(typed, b"charset") or b""
        encoding = transfer_encoding(header)
        text = in_charset(decoded(self.octets[slice(*part.body)], encoding), charset)
        is_markup = named in (b"text/html", b"text/enriched", b"text/richtext")
        shown = html_text(text) if is_markup else text
        if part.is_stand_in:
            yield Piece("stand-in", shown)
        elif has_unreadable_type(header):
            yield Piece("of-no-type", shown)
        elif encoding not in ENCODINGS:
            yield Piece("of-odd-encoding", shown)
        elif is_markup:
            yield Piece("html", shown)
            yield Piece("html-source", text)
        else:
            yield Piece("plain", shown)

    def values(self, name):
        """RFC 9051 6.4.4: "what comes after the colon"."""
        return [" " + header_text(value) for value in fields.values(self.header, name)]

    def written_values(self, name):
        """With the blanks at their end."""
        return [header_text(re.sub(rb"\r?\n", b"", value).lstrip(b" \t"))
                for field, value in fields.fields_of(self.header) if field == name]

    def shown_addresses(self, name):
        """As ENVELOPE shows them: names, also of groups, and local@domain."""
        found = [address for value in fields.values(self.header, name)
                 for address in addresses_or_none(value) if address.mailbox is not None]
        return [header_text(address.mailbox if address.host is None
                            else address.mailbox + b"@" + address.host) for address in found] \
            + [header_text(address.name) for address in found if address.name]

    def rewritten_addresses(self, name):
        """As Dovecot writes them, in its own form."""
        text, separator = "", ""
        for value in fields.values(self.header, name):
            if re.search(rb"(?:^|,)\s*,", value):
                text, separator = "<MISSING_MAILBOX@MISSING_DOMAIN>", ", "
            for address in addresses_or_none(value):
                if address.host is None:  # a group begins or ends
                    begins = address.mailbox is not None
                    text += separator + decoded_name(address.mailbox) + ": " if begins else ";"
                    separator = "" if begins else ", "
                    continue
                local = decoded_name(address.mailbox or b"MISSING_MAILBOX", b".")
                bare = local + "@" + header_text(address.host or b"MISSING_DOMAIN")
                person = decoded_name(address.name)
                text += separator + (person + " " if person else "") + "<%s>" % bare
                separator = ", "
        return [text]

    # -- keys

    def texts(self, key, name, habits):
        """What a key is asked about, by RFC 9051 6.4.4."""
        if key in ("BODY", "TEXT"):
            kinds = {"plain", "html", "name", "header", "stand-in", "of-no-type",
                     "of-odd-encoding", "decoded"}
            if "messages-undecoded" in habits:
                kinds = kinds - {"decoded"} | {"undecoded", "undecoded-header"}
            if "html-source" in habits:
                kinds = kinds - {"html"} | {"html-source"}
            if "html-unread" in habits:
                kinds -= {"html"}
            if key == "TEXT":  # "including MIME header fields"
                kinds |= {"part-header"}
            if key == "TEXT" and "blanks-as-written" in habits:
                kinds = kinds - {"header", "part-header"} \
                    | {"header-as-written", "part-header-as-written"}
            if key == "TEXT" and "no-attachment-names" in habits:
                kinds -= {"name"}
            if key == "BODY" and "body-without-headers" in habits:
                kinds -= {"name", "header", "undecoded-header"}
            for habit, kind in UNSEARCHED.items():
                kinds -= {kind} if habit in habits else set()
            texts = [piece.text for piece in self.body if piece.kind in kinds]
            if key == "TEXT":
                is_as_written = "blanks-as-written" in habits
                texts += [piece.text for piece in
                          self.header_pieces(self.header, is_as_written=is_as_written)]
            return texts
        if name not in ADDRESS_FIELDS or key == "HEADER":
            return self.written_values(name) if "blanks-as-written" in habits else self.values(name)
        if "addresses-rewritten" in habits:
            return self.rewritten_addresses(name)
        return self.values(name) + self.shown_addresses(name)

    def has(self, key, name, text, habits=()):
        wanted = fold(text, habits)
        asked = (key, name, habits)
        if asked not in self.folded:
            self.folded[asked] = [fold(one, habits) for one in self.texts(key, name, habits)]
        return any(wanted in one for one in self.folded[asked])

    def arrived_day(self, habits=()):
        """RFC 9051 6.4.4: the day that is written, "disregarding time and timezone"."""
        zone = 0 if "arrival-in-utc" in habits else self.zone
        return (self.arrived + zone * 60) // 86_400

    def sent_day(self):
        value = fields.first(self.header, b"date")
        found = value and email.utils.parsedate_tz(value.decode("latin-1"))
        if not found:
            return None
        try:
            return (datetime.date(*found[:3]) - datetime.date(1970, 1, 1)).days
        except ValueError:
            return None
