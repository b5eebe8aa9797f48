"""Where the parts of a message are, by RFC 5322 and RFC 2046: a second opinion on the scanner.

What a header says of its part (kind, boundary) is asked of `describe`, which answers from the
BODYSTRUCTURE of the server that is judged: so this says whether the parts follow from the headers,
and a header that two servers read differently is a difference of that header alone.

`habits` names what Dovecot is known to do in another way (see categories.py).
"""

import re
from dataclasses import dataclass, field

BLANKS = b" \t\r\n"
MAX_BOUNDARY = 998
DOVECOT_BOUNDARY = 80
NO_LINE = b"--\n"  # a delimiter that no line is


@dataclass(frozen=True)
class Description:
    kind: str = "leaf"  # or "multipart", "message"
    boundary: bytes | None = None


@dataclass
class Part:
    path: tuple
    header: tuple  # start and end
    kind: str = "leaf"
    body: tuple = (0, 0)
    lines: int = 0
    children: list = field(default_factory=list)
    is_stand_in: bool = False  # the one part of a multipart in which none begins

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Line:
    start: int
    end: int  # behind its line end
    text: bytes  # without line end

    @property
    def is_end_of_header(self):
        return not self.text and self.end > self.start

    @property
    def end_size(self):
        return self.end - self.start - len(self.text)


@dataclass
class Boundary:
    delimiter: bytes
    closed: bool = False


@dataclass
class Delimiter:
    """A line that is one."""
    line: int
    level: int  # index of its boundary among the open ones
    closing: bool


def lines_of(message):
    lines = []
    start = 0
    while start < len(message):
        newline = message.find(b"\n", start)
        end = newline + 1 if newline >= 0 else len(message)
        text = message[start:end]
        if text.endswith(b"\n"):
            text = text[:-2] if text.endswith(b"\r\n") else text[:-1]
        lines.append(Line(start, end, text))
        start = end
    return lines


class Splitter:
    def __init__(self, message, describe, habits=frozenset()):
        self.message = message
        self.describe = describe
        self.habits = habits
        self.lines = lines_of(message)
        self.boundaries = []
        self.end_of_last = 0  # of the part that was ended last, for those around it

    def split(self):
        root, _ = self.entity(0, ())
        return root

    def offset(self, line):
        return self.lines[line].start if line < len(self.lines) else len(self.message)

    # -- lines

    def delimiter_at(self, line):
        """RFC 2046 5.1.1. A whole line wins over one that only begins with a delimiter."""
        text = self.lines[line].text
        if not self.boundaries or not text.startswith(b"--"):
            return None
        if "boundary-keeps-blanks" not in self.habits:
            text = text.rstrip(BLANKS)
        beginnings = []
        closed_one = False
        for level in reversed(range(len(self.boundaries))):
            boundary = self.boundaries[level]
            if not text.startswith(boundary.delimiter):
                continue
            rest = text[len(boundary.delimiter):]
            if rest in (b"", b"--"):
                if not boundary.closed:
                    return Delimiter(line, level, rest == b"--")
                closed_one = True
            elif not boundary.closed:
                beginnings.append((len(boundary.delimiter), level, rest.startswith(b"--")))
        if closed_one or not beginnings:
            return None
        _, level, closing = max(beginnings)
        return Delimiter(line, level, closing)

    def end_before(self, line, first):
        """Where what lies in front of a delimiter ends: the line end is the delimiter's."""
        taken = self.lines[line - 1].end_size if line > first else 0
        return self.offset(line) - taken

    # -- parts

    def entity(self, first, path):
        """The part whose header begins at line `first`, and the delimiter that ended it, if any."""
        line, delimiter = first, None
        while line < len(self.lines):
            delimiter = self.delimiter_at(line)
            if delimiter or self.lines[line].is_end_of_header:
                break
            line += 1
        description = self.describe(path, self.message[self.offset(first):self.offset(line)])
        level = len(self.boundaries)
        if description.kind == "multipart":
            self.open_boundary(description.boundary)
        line = min(line + 1, len(self.lines))
        if not delimiter and line < len(self.lines):
            # The empty line may be the line end of a delimiter, if not of the first of its parts.
            delimiter = self.delimiter_at(line)
            if delimiter and delimiter.level == level:
                delimiter = None
        end = self.end_before(delimiter.line, first) if delimiter else self.offset(line)
        part = Part(path, (self.offset(first), end), description.kind, (end, end))
        self.end_of_last = end
        if delimiter and "parents-keep-line-end" in self.habits:
            self.end_of_last = self.offset(delimiter.line)
        if not delimiter:
            read = {"multipart": self.multipart, "message": self.message_in, "leaf": self.leaf}
            delimiter = read[part.kind](part, line)
        del self.boundaries[level:]
        if part.kind == "multipart" and not part.children:
            self.stand_in(part)
        elif part.kind == "message" and not part.children:
            part.children.append(Part(part.path + (0,), part.body, body=part.body))
        part.lines = self.message.count(b"\n", *part.body)
        return part, delimiter

    def open_boundary(self, boundary):
        """One that is empty, or longer than a line may be, separates nothing."""
        none = boundary is None
        boundary = boundary or b""
        if "boundary-keeps-blanks" not in self.habits:
            boundary = boundary.rstrip(BLANKS)
        usable = boundary and len(boundary) <= MAX_BOUNDARY
        if "boundary-cut-short" in self.habits:
            boundary = boundary[:DOVECOT_BOUNDARY]
        if "empty-boundary" in self.habits:
            usable = not none
        self.boundaries.append(Boundary(b"--" + boundary if usable else NO_LINE))

    def finish(self, part, first, delimiter):
        end = self.end_before(delimiter.line, first) if delimiter else len(self.message)
        self.end_of_last = max(end, part.body[0])
        part.body = (part.body[0], self.end_of_last)

    def leaf(self, part, first):
        delimiter = self.next_delimiter(first)
        self.finish(part, first, delimiter)
        return delimiter

    def next_delimiter(self, line):
        for at in range(line, len(self.lines)):
            delimiter = self.delimiter_at(at)
            if delimiter:
                return delimiter
        return None

    def multipart(self, part, first):
        level = len(self.boundaries) - 1
        delimiter = self.next_delimiter(first)
        while delimiter and delimiter.level == level:
            if delimiter.closing:
                self.boundaries[level].closed = True
                # An outer delimiter takes the line end of this one.
                first = delimiter.line + ("epilogue-keeps-line-end" in self.habits)
                delimiter = self.next_delimiter(delimiter.line + 1)
                continue
            if "no-part-at-end" in self.habits and not self.lines[delimiter.line].end_size:
                delimiter = None
                break
            child, delimiter = self.entity(delimiter.line + 1, part.path + (len(part.children),))
            part.children.append(child)
            if not (delimiter and delimiter.level == level):
                part.body = (part.body[0], self.end_of_last)
                return delimiter
        self.finish(part, first, delimiter)
        return delimiter

    def stand_in(self, part):
        """The grammar wants one part at least: the whole body as text/plain."""
        body = part.body
        if "stand-in-empty" in self.habits:
            body = (body[1], body[1])
        child = Part(part.path + (0,), (part.body[0], part.body[0]), body=body, is_stand_in=True)
        child.lines = self.message.count(b"\n", *child.body)
        part.children.append(child)

    def message_in(self, part, first):
        child, delimiter = self.entity(first, part.path + (0,))
        part.children.append(child)
        part.body = (part.body[0], self.end_of_last)
        return delimiter


# -- sections (RFC 9051 6.4.5)

def find(root, numbers):
    """The part a section number names, or None."""
    part, whole = root, True
    for number in numbers:
        if not whole and part.kind == "message":
            part, whole = part.children[0], True
        if part.kind == "multipart":
            if not 1 <= number <= len(part.children):
                return None
            part = part.children[number - 1]
        elif not whole or number != 1:
            return None
        whole = False
    return part


def section_range(root, numbers, kind, size):
    """kind is "", "MIME", "HEADER" or "TEXT". None: there is no such section."""
    part = find(root, numbers)
    if part is None:
        return None
    if kind == "":
        return part.body if numbers else (0, size)
    if kind == "MIME":
        return part.header if numbers else None
    if numbers:
        if part.kind != "message":
            return None
        part = part.children[0]
    return part.header if kind == "HEADER" else part.body


def numbers_of(root):
    """The section numbers of all parts, each with its part."""
    found = []

    def visit(part, numbers, whole):
        if part.kind == "multipart":
            for index, child in enumerate(part.children):
                below = numbers + (index + 1,)
                found.append((below, child))
                visit(child, below, False)
        elif whole:
            below = numbers + (1,)
            found.append((below, part))
            if part.kind == "message":
                visit(part.children[0], below, True)
        elif part.kind == "message":
            visit(part.children[0], numbers, True)

    visit(root, (), True)
    return found


def filtered_header(header, names, invert):
    """HEADER.FIELDS and .NOT: the fields as they are, then the empty line if there is one."""
    result = b""
    for field_ in re.findall(rb"(?!\r?\n)[^\n]*(?:\n(?=[ \t])[^\n]*)*(?:\n|\Z)", header):
        if not field_:
            continue
        name = re.match(rb"([!-9;-~]+)[ \t]*:", field_)
        named = bool(name) and name.group(1).lower() in names
        if named != invert:
            result += field_
    return result + (b"\r\n" if re.search(rb"(?:\A|\n)\r?\n\Z", header) else b"")
