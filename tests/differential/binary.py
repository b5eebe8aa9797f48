"""BINARY and BINARY.SIZE (RFC 3516, RFC 9051 6.4.5), where both servers announce it."""

import base64
import binascii
import re

import fields
import splitting
from connection import Refused

MALFORMED = object()  # not what its encoding allows: what to make of it is open
UNKNOWN = object()  # an encoding that nobody knows
MAX_PARTS = 20  # of one message
ENCODING = re.compile(rb"^content-transfer-encoding[ \t]*:[ \t]*([^\s;]+)", re.I | re.M)
FOLDED_ENCODING = re.compile(rb"^content-transfer-encoding[ \t]*:(?:[ \t]*|[^\n]*\r)\r?\n[ \t]",
                             re.I | re.M)
WIDE_CHARSET = re.compile(rb"utf-?_?(16|32)|ucs-?_?[24]", re.I)


def decoded(octets, encoding):
    """What a part is, by RFC 2045 6.7 and 6.8 to the letter."""
    if encoding in (b"7bit", b"8bit", b"binary"):
        return octets
    if encoding == b"base64":
        text = re.sub(rb"[ \t\r\n]", b"", octets)
        if len(text) % 4 or not re.fullmatch(rb"[A-Za-z0-9+/]*={0,2}", text):
            return MALFORMED
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error:
            return MALFORMED
    if encoding == b"quoted-printable":
        return decoded_quoted_printable(octets)
    return UNKNOWN


def decoded_quoted_printable(octets):
    result = b""
    for line in octets.splitlines(keepends=True):
        text = line.rstrip(b"\r\n")
        end = line[len(text):]
        text = text.rstrip(b" \t")
        soft = text.endswith(b"=")
        if soft:
            text = text[:-1]
        if end not in (b"\r\n", b"") or (soft and not end) \
                or not re.fullmatch(rb"(?:[\t -<>-~]|=[0-9A-F]{2})*", text):
            return MALFORMED
        result += re.sub(rb"=(..)", lambda found: bytes([int(found.group(1), 16)]), text)
        result += b"" if soft else end
    return result


def has_wide_charset(part):
    """One in which a line feed is more than an octet."""
    return any(name.lower() == b"charset" and WIDE_CHARSET.search(value)
               for name, value in part.parameters)


class BinaryJudge:
    """Of one message; asks part by part, as one that cannot be decoded fails its command."""

    def __init__(self, judge, number, ours, theirs):
        self.judge = judge
        self.number = number
        self.ours = ours
        self.theirs = theirs
        self.encodings = encodings_of(judge.ours.body)
        self.their_encodings = encodings_of(judge.theirs.body)
        self.texts = {part.path for part in judge.ours.body.walk()
                      if part.type.lower() == b"text" and not has_wide_charset(part)}

    def run(self):
        malformed = self.has_malformed()
        found = splitting.numbers_of(self.judge.our_tree)
        leaves = [(number, part) for number, part in found
                  if part.kind == "leaf" and part.path in self.encodings]
        for number, part in leaves[:MAX_PARTS]:
            other = splitting.find(self.judge.their_tree, number) if self.judge.their_tree else None
            same = other is not None and (other.header, other.body) == (part.header, part.body) \
                and self.encodings[part.path] == self.their_encodings.get(other.path)
            self.check_part(".".join(map(str, number)), part, same and not malformed)

    def has_malformed(self):
        """Dovecot dies of a BINARY of messages with some such parts."""
        tree, octets = self.judge.their_tree, self.judge.theirs.octets
        return tree is not None and any(
            decoded(octets[slice(*part.body)], encoding) is MALFORMED
            for part in tree.walk() for encoding in (b"base64", b"quoted-printable")
            if self.their_encodings.get(part.path) == encoding)

    def check_part(self, name, part, ask_theirs):
        octets = self.judge.ours.octets[slice(*part.body)]
        plain = decoded(octets, self.encodings[part.path])
        right = plain
        if isinstance(plain, bytes) and part.path in self.texts:
            right = re.sub(rb"(?<!\r)\n", b"\r\n", plain)  # RFC 9051 7.5.2: lines end in CRLF
        ours = self.asked(self.ours, name)
        theirs = self.asked(self.theirs, name) if ask_theirs else None
        self.check_ours(name, ours, right)
        if theirs is not None and theirs != ours:
            header = self.judge.ours.octets[slice(*part.header)]
            self.judge.add(self.explained(header, octets, theirs, plain), "BINARY[%s]" % name, ours,
                           theirs)

    def asked(self, mailbox, name):
        """(size, value), or the response code of the refusal."""
        try:
            answer = mailbox.fetch(self.number, ("BINARY.SIZE[%s]" % name,
                                                 "BINARY.PEEK[%s]" % name))
        except Refused as refused:
            code = re.search(r"\[([A-Z0-9-]+)[^\]]*\]", str(refused))
            return code.group(1) if code else "NO"
        return answer["BINARY.SIZE[%s]" % name], answer["BINARY[%s]" % name]

    def check_ours(self, name, ours, right):
        item = "BINARY[%s]" % name
        if right is UNKNOWN:
            if ours != "UNKNOWN-CTE":
                self.judge.add("", item, ours, None, "ours should be NO [UNKNOWN-CTE]")
        elif isinstance(right, bytes):
            if ours != (len(right), right):
                self.judge.add("", item, ours, None, "ours should be %.200r" % right)
        elif isinstance(ours, tuple) and ours[0] != len(ours[1] or b""):
            self.judge.add("", item, ours, None, "BINARY.SIZE is not the size")
        if isinstance(ours, tuple) and ours[1]:
            self.check_partials(name, ours[1])

    def check_partials(self, name, whole):
        size = len(whole)
        partials = {0: size // 2 + 1, size - 1: 5, size: 1, size + 1: 1, size // 2: size}
        items = ["BINARY.PEEK[%s]<%d.%d>" % (name, start, count)
                 for start, count in partials.items()]
        answer = self.ours.fetch(self.number, items)
        for start, count in partials.items():
            got = answer["BINARY[%s]<%d>" % (name, start)]
            if got != whole[start:start + count]:
                self.judge.add("", "BINARY[%s]<%d.%d>" % (name, start, count), got, None,
                               "ours should be a piece of the whole")

    def explained(self, header, octets, theirs, plain):
        is_right = isinstance(plain, bytes) and isinstance(theirs, tuple) and theirs[1] == plain
        if is_right and theirs[0] == len(plain):
            return "binary-line-ends"
        given = fields.values(header, b"content-transfer-encoding")
        if theirs == "UNKNOWN-CTE" and given and not (given[0] and fields.encoding(header)):
            return "binary-of-no-encoding"
        if theirs == "UNKNOWN-CTE" and FOLDED_ENCODING.search(self.judge.theirs.octets):
            return "binary-of-folded-encoding"
        if theirs in ("UNKNOWN-CTE", "PARSE") and self.has_undecodable():
            return "binary-fails-for-another"
        if is_right:
            return "binary-size-wrong"
        if len(given) > 1 and any(theirs == (len(other), other) for other in (
                decoded(octets, value.lower()) for value in given) if isinstance(other, bytes)):
            return "binary-of-another-field"
        return ""

    def has_undecodable(self):
        """Whether there is a part that Dovecot cannot decode, as it reads encodings."""
        if any(decoded(b"", found.group(1).lower()) is UNKNOWN
               for found in ENCODING.finditer(self.judge.theirs.octets)):
            return True
        for part in self.judge.their_tree.walk():
            if part.kind != "leaf" and self.names_encoding(part):
                return True
            octets = self.judge.theirs.octets[slice(*part.body)]
            encoding = self.their_encodings.get(part.path, b"7bit")
            header = self.judge.theirs.octets[slice(*part.header)]
            given = fields.values(header, b"content-transfer-encoding")
            if any(not value or decoded(b"", value.lower()) is UNKNOWN for value in given) \
                    or not isinstance(decoded(octets, encoding), bytes):
                return True
        return False


    def names_encoding(self, part):
        """Whether what holds parts is to be decoded, which RFC 2045 6.4 forbids."""
        header = self.judge.theirs.octets[slice(*part.header)]
        return any(value.lower() not in (b"7bit", b"8bit", b"binary")
                   for value in fields.values(header, b"content-transfer-encoding"))


def encodings_of(body):
    return {part.path: part.encoding.lower() for part in body.walk() if part.encoding is not None}
