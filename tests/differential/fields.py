"""Header fields by the letter of RFC 5322, 2045, 2183, 2231 and 3282: a second opinion.

A function gives None where the grammar does not cover what stands there; then the RFCs leave it
to the server what to make of it.
"""

import re
from dataclasses import dataclass

BLANKS = b" \t\r\n"


def fields_of(header):
    """(lower-case name, raw value) of every field; the name is empty where the line is none."""
    found = []
    for whole in re.findall(rb"(?!\r?\n)[^\n]*(?:\n(?=[ \t])[^\n]*)*(?:\n|\Z)", header):
        named = re.match(rb"([!-9;-~]+)[ \t]*:", whole)
        if named:
            found.append((named.group(1).lower(), whole[named.end():]))
        elif whole:
            found.append((b"", whole))
    return found


def unfolded(value):
    """RFC 5322 2.2.3, and without blanks at both ends."""
    return re.sub(rb"\r?\n", b"", value.strip(BLANKS))


def values(header, name):
    return [unfolded(value) for found, value in fields_of(header) if found == name]


def first(header, name):
    return next(iter(values(header, name)), None)


def first_with_text(header, name):
    return next(filter(None, values(header, name)), None)


# -- RFC 5322 3.2: what structured fields are made of

CONTROLS = bytes(range(32)) + b"\x7f"


class Cursor:
    """Reads over an unfolded value; every method gives None and stays where it is, or moves."""

    def __init__(self, text):
        self.text = text
        self.position = 0
        self.comments = []

    def match(self, pattern):
        found = re.compile(pattern, re.S).match(self.text, self.position)
        if not found:
            return None
        self.position = found.end()
        return found.group()

    @property
    def at_end(self):
        return self.position == len(self.text)

    def skip_cfws(self):
        """False: a comment is not closed, or holds what none may."""
        while True:
            self.match(rb"[ \t]+")
            if not self.text.startswith(b"(", self.position):
                return True
            if not self.comment():
                return False

    def comment(self):
        depth, text = 0, b""
        at = self.position
        while at < len(self.text):
            octet = self.text[at:at + 1]
            if octet == b"\\":
                at += 1
                octet = self.text[at:at + 1]
            elif octet == b"(":
                depth += 1
                if depth == 1:
                    at += 1
                    continue
            elif octet == b")":
                depth -= 1
                if depth == 0:
                    self.position = at + 1
                    self.comments.append(text.strip(BLANKS))
                    return True
            if octet == b"" or octet in b"\r\n\0":
                return False
            text += octet
            at += 1
        return False

    def quoted_string(self):
        found = self.match(rb'"(?:[^"\\\r\n\0]|\\[^\r\n\0])*"')
        return None if found is None else re.sub(rb"\\(.)", rb"\1", found[1:-1], flags=re.S)


# -- RFC 2045 5.1, with the comments of RFC 5322

TOKEN = rb"[^\x00-\x20\x7f-\xff()<>@,;:\\\"/\[\]?=]+"


@dataclass(frozen=True)
class Typed:
    """A value with parameters, "text/plain; charset=x"."""
    type: bytes
    subtype: bytes
    parameters: tuple


def token(cursor):
    return cursor.match(TOKEN) if cursor.skip_cfws() else None


def parameters(cursor):
    found = []
    while True:
        if not cursor.skip_cfws():
            return None
        if cursor.at_end:
            return tuple(found)
        if not cursor.match(rb";"):
            return None
        name = token(cursor)
        if name is None or not cursor.skip_cfws() or not cursor.match(rb"=") \
                or not cursor.skip_cfws():
            return None
        value = cursor.match(TOKEN)
        if value is None:
            value = cursor.quoted_string()
        if value is None:
            return None
        found.append((name, value))


def typed(value, with_subtype):
    cursor = Cursor(value)
    type_ = token(cursor)
    subtype = b""
    if type_ is None or not cursor.skip_cfws():
        return None
    if with_subtype:
        subtype = token(cursor) if cursor.match(rb"/") else None
        if subtype is None:
            return None
    found = parameters(cursor)
    if found is None:
        return None
    found = joined(found)
    return None if found is None else Typed(type_, subtype, found)


# -- RFC 2231 3 and 4

def section_of(name):
    """(base, number or None, extended), or None when the name has stars of another kind."""
    found = re.fullmatch(rb"([^*]+)(?:\*(0|[1-9]\d{0,5}))?(\*)?", name)
    if not found:
        return None
    number = found.group(2)
    return found.group(1), None if number is None else int(number), found.group(3) is not None


def is_extended_value(text, initial):
    if initial:
        parts = text.split(b"'", 2)
        if len(parts) != 3:
            return False
        text = parts[2]
    return re.fullmatch(rb"(?:%[0-9A-Fa-f]{2}|[^%'*()<>@,;:\\\"/\[\]?=\x00-\x20\x7f-\xff])*",
                        text) is not None


def percent_decoded(text):
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found.group(1), 16)]), text)


def percent_encoded(text):
    return b"".join(bytes([octet]) if re.fullmatch(rb"[A-Za-z0-9!#$&+.^_`{|}~-]", bytes([octet]))
                    else b"%%%02X" % octet for octet in text)


def joined(found):
    """Sections become one parameter where the first of them stood (RFC 2231 section 6)."""
    groups = {}
    for name, value in found:
        section = section_of(name)
        if section is None:
            return None
        base, number, extended = section
        if number is None and not extended:
            continue
        pieces = groups.setdefault(base.lower(), {})
        if (number or 0) in pieces:
            return None  # twice the same section
        if extended and not is_extended_value(value, (number or 0) == 0):
            return None
        pieces[number or 0] = (name, value, extended)
        if number is None:
            pieces["alone"] = True
    result = []
    done = set()
    for name, value in found:
        base, number, extended = section_of(name)
        key = base.lower()
        if number is None and not extended:
            result.append((name, value))
        elif key not in done:
            done.add(key)
            joined_ = join(groups[key])
            if joined_ is None:
                return None
            result.append(joined_)
    return tuple(result)


def join(pieces):
    alone = pieces.pop("alone", False)
    if sorted(pieces) != list(range(len(pieces))) or (alone and len(pieces) > 1):
        return None  # a gap, or two ways at once
    name = section_of(pieces[0][0])[0]
    in_order = [pieces[number] for number in range(len(pieces))]
    if not any(extended for _, _, extended in in_order):
        return name, b"".join(value for _, value, _ in in_order)
    if not in_order[0][2]:
        return None  # RFC 2231 4.1: the first section names the charset
    return name + b"*", b"".join(value if extended else percent_encoded(value)
                                 for _, value, extended in in_order)


# -- the fields of a part

def content_type(header):
    value = first(header, b"content-type")
    return typed(value, True) if value is not None else None


def disposition(header):
    value = first_with_text(header, b"content-disposition")
    return typed(value, False) if value else None


def encoding(header):
    """RFC 2045 6.1."""
    value = first_with_text(header, b"content-transfer-encoding")
    if value is None:
        return b"7bit"
    cursor = Cursor(value)
    found = token(cursor)
    return found if found and cursor.skip_cfws() and cursor.at_end else None


def languages(header):
    """RFC 3282 2."""
    value = first_with_text(header, b"content-language")
    if value is None:
        return ()
    cursor = Cursor(value)
    found = []
    while True:
        if not cursor.skip_cfws():
            return None
        tag = cursor.match(rb"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
        if tag is None or not cursor.skip_cfws():
            return None
        found.append(tag)
        if cursor.at_end:
            return tuple(found)
        if not cursor.match(rb","):
            return None


def md5(header):
    """RFC 1864: base64, which RFC 822 lets a comment stand beside."""
    value = first_with_text(header, b"content-md5")
    if value is None:
        return b""
    cursor = Cursor(value)
    found = cursor.match(rb"[A-Za-z0-9+/=]+") if cursor.skip_cfws() else None
    return found if found and cursor.skip_cfws() and cursor.at_end else None


def location(header):
    """RFC 2557 4.4.2: blanks of a folded URI are none of it."""
    value = first_with_text(header, b"content-location")
    return re.sub(rb"[ \t\r\n]", b"", value) if value else None
