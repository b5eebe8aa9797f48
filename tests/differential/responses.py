"""A strict reader of FETCH responses (RFC 3501 section 9).

A string, quoted or literal, becomes bytes; NIL becomes None; a number int; a list tuple. What the
grammar does not allow raises GrammarError.
"""

import re
from dataclasses import dataclass, field


class GrammarError(Exception):
    pass


def require(condition, what, value=b""):
    if not condition:
        raise GrammarError("%s: %.200r" % (what, value))


class Reader:
    def __init__(self, data):
        self.data = data
        self.position = 0

    def at(self, octets):
        return self.data.startswith(octets, self.position)

    def take(self, octets):
        require(self.at(octets), "expected %r" % octets,
                self.data[self.position:self.position + 40])
        self.position += len(octets)

    def match(self, pattern):
        found = re.compile(pattern, re.S).match(self.data, self.position)
        if found:
            self.position = found.end()
        return found

    def value(self):
        """Lists are kept on a stack of our own: messages nest deeper than Python recurses."""
        stack = []
        while True:
            if self.at(b"("):
                self.position += 1
                stack.append([])
                if not self.at(b")"):
                    continue
            if stack and self.at(b")"):
                self.position += 1
                value = tuple(stack.pop())
            else:
                value = self.simple()
            while True:
                if not stack:
                    return value
                stack[-1].append(value)
                if self.at(b")"):
                    self.position += 1
                    value = tuple(stack.pop())
                    continue
                if not (isinstance(value, tuple) and self.at(b"(")):
                    self.take(b" ")
                break

    def simple(self):
        if self.at(b'"'):
            return self.quoted()
        if literal := self.match(rb"~?\{(\d+)\}\r\n"):
            return self.literal(int(literal.group(1)), literal.group().startswith(b"~"))
        if number := self.match(rb"\d+(?=[ )\r])"):
            return int(number.group())
        require(self.match(rb"NIL(?=[ )\r])"), "no value",
                self.data[self.position:self.position + 40])
        return None

    def quoted(self):
        # CR, LF and NUL never, 8-bit octets only after ENABLE: this client enables nothing.
        found = self.match(rb'"((?:[^"\\\r\n\0\x80-\xff]|\\["\\])*)"')
        require(found, "quoted string", self.data[self.position:self.position + 80])
        return re.sub(rb'\\(["\\])', rb"\1", found.group(1))

    def literal(self, size, binary):
        text = self.data[self.position:self.position + size]
        require(len(text) == size, "literal is cut")
        require(binary or b"\0" not in text, "NUL in a literal", text)
        self.position += size
        return text


ITEM_NAME = rb"[A-Za-z0-9.]+(?:\[[^\]\r\n]*\](?:<\d+>)?)?"


def parse_fetch(response):
    """b"* 3 FETCH (...)\\r\\n" to (3, {item name: value})."""
    reader = Reader(response)
    start = reader.match(rb"\* (\d+) FETCH \(")
    require(start, "no FETCH response", response[:80])
    items = {}
    while True:
        name = reader.match(ITEM_NAME)
        require(name, "no item name", response[reader.position:reader.position + 40])
        reader.take(b" ")
        key = name.group().decode("latin-1").upper()
        items[key] = flags(reader) if key == "FLAGS" else reader.value()
        if reader.at(b")"):
            break
        reader.take(b" ")
    reader.take(b")\r\n")
    require(reader.position == len(response), "octets behind the response")
    return int(start.group(1)), items


def flags(reader):
    found = reader.match(rb"\((?:\\?[A-Za-z$]+ ?)*\)(?=[ )])")
    require(found, "flags", reader.data[reader.position:reader.position + 80])
    return found.group()


@dataclass(frozen=True)
class Address:
    name: object
    route: object
    mailbox: object
    host: object


ENVELOPE_TEXTS = ("date", "subject", "in_reply_to", "message_id")
ENVELOPE_LISTS = ("from_", "sender", "reply_to", "to", "cc", "bcc")


@dataclass(frozen=True)
class Envelope:
    date: object
    subject: object
    from_: tuple
    sender: tuple
    reply_to: tuple
    to: tuple
    cc: tuple
    bcc: tuple
    in_reply_to: object
    message_id: object


@dataclass
class Body:
    """One part of a BODYSTRUCTURE; what its kind does not have is None."""
    path: tuple = ()  # indices from the outermost part; the message in a message part is 0
    type: bytes = b""
    subtype: bytes = b""
    parameters: tuple = ()
    id: object = None
    description: object = None
    encoding: object = None
    size: object = None
    lines: object = None
    envelope: object = None
    children: list = field(default_factory=list)  # of a message part: the one body in it
    md5: object = None
    disposition: object = None  # (type, parameters)
    language: tuple = ()
    location: object = None

    @property
    def is_multipart(self):
        return self.size is None

    def is_type(self, name):
        return (self.type + b"/" + self.subtype).lower() == name

    @property
    def is_message(self):
        return self.envelope is not None

    def walk(self):
        waiting = [self]
        while waiting:
            body = waiting.pop()
            yield body
            waiting.extend(reversed(body.children))


def is_nstring(value):
    return value is None or isinstance(value, bytes)


def envelope_of(value):
    require(isinstance(value, tuple) and len(value) == 10, "ENVELOPE", value)
    for index in (0, 1, 8, 9):
        require(is_nstring(value[index]), "ENVELOPE text", value[index])
        require(b"\n" not in (value[index] or b""), "ENVELOPE text has a line end", value[index])
    lists = [addresses_of(part) for part in value[2:8]]
    return Envelope(value[0], value[1], *lists, value[8], value[9])


def addresses_of(value):
    if value is None:
        return ()
    require(isinstance(value, tuple) and value, "address list", value)
    for address in value:
        require(isinstance(address, tuple) and len(address) == 4 and all(map(is_nstring, address)),
                "address", address)
    return tuple(Address(*address) for address in value)


def parameters_of(value):
    if value is None:
        return ()
    require(isinstance(value, tuple) and value and len(value) % 2 == 0
            and all(isinstance(text, bytes) for text in value), "parameters", value)
    return tuple(zip(value[::2], value[1::2]))


def body_of(value, path=(), extended=True):
    require(isinstance(value, tuple) and value, "body", value)
    if isinstance(value[0], tuple):
        return multipart_of(value, path, extended)
    return single_of(value, path, extended)


def multipart_of(value, path, extended):
    body = Body(path, b"multipart")
    rest = list(value)
    while rest and isinstance(rest[0], tuple):
        body.children.append(body_of(rest.pop(0), path + (len(body.children),), extended))
    require(rest and isinstance(rest[0], bytes), "multipart subtype", rest)
    body.subtype = rest.pop(0)
    require(extended or not rest, "extension data in BODY", rest)
    if rest:
        body.parameters = parameters_of(rest.pop(0))
        read_extension(body, rest)
    return body


def single_of(value, path, extended):
    require(len(value) >= 7, "short body", value)
    body = Body(path, value[0], value[1], parameters_of(value[2]), *value[3:7])
    require(all(isinstance(text, bytes) for text in (body.type, body.subtype, body.encoding)),
            "type, subtype and encoding", value[:6])
    require(is_nstring(body.id) and is_nstring(body.description), "id and description", value[3:5])
    require(isinstance(body.size, int), "size", body.size)
    rest = list(value[7:])
    if body.is_type(b"message/rfc822"):
        require(len(rest) >= 3, "message part", rest)
        body.envelope = envelope_of(rest.pop(0))
        body.children.append(body_of(rest.pop(0), path + (0,), extended))
    if body.envelope is not None or body.type.lower() == b"text":
        require(rest and isinstance(rest[0], int), "line count", rest)
        body.lines = rest.pop(0)
    require(extended or not rest, "extension data in BODY", rest)
    if rest:
        body.md5 = rest.pop(0)
        require(is_nstring(body.md5), "MD5", body.md5)
        read_extension(body, rest)
    return body


def read_extension(body, rest):
    if rest:
        value = rest.pop(0)
        if value is not None:
            require(isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], bytes),
                    "disposition", value)
            body.disposition = (value[0], parameters_of(value[1]))
    if rest:
        value = rest.pop(0)
        value = (value,) if isinstance(value, bytes) else value or ()
        require(all(isinstance(text, bytes) for text in value), "language", value)
        body.language = value
    if rest:
        body.location = rest.pop(0)
        require(is_nstring(body.location), "location", body.location)
    require(not rest, "unknown extension data", rest)
