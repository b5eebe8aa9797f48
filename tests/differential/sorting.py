"""SORT by the letter of RFC 5256 and RFC 5957, of messages of which the RFCs say what is right."""

import email.utils
import random
import re
import unicodedata

import addresses
import fields
from searchtexts import header_text

HABITS = ("dates-in-32-bits", "empty-address-first")
KEYS = (b"ARRIVAL", b"CC", b"DATE", b"FROM", b"SIZE", b"SUBJECT", b"TO", b"DISPLAYFROM",
        b"DISPLAYTO")
MASK = 0xffffffff
BLOB = r"\[[^\[\]]*\] *"
REFWD = r"(?:re|fwd?) *(?:%s)?:" % BLOB
DATE = re.compile(rb"(?:[A-Za-z]{3}, *)?(\d{1,2}) +[A-Za-z]{3} +\d{4} +([01]\d|2[0-3]):[0-5]\d"
                  rb"(?::[0-5]\d)? +(?:[+-](?:0\d|1[0-4])[0-5]\d|GMT|UT)(?: *\([\w ]*\))?")


def programs(seed, count):
    """Each key alone, in both directions, then keys at random."""
    yield from ([key] for key in KEYS)
    yield from ([b"REVERSE", key] for key in KEYS)
    chance = random.Random(seed)
    for _ in range(count):
        program = []
        for key in chance.sample(KEYS, chance.randrange(1, 4)):
            program += [b"REVERSE"] * (chance.random() < 0.3) + [key]
        yield program


def casemap(text):
    """RFC 5051 2."""
    titled = (c.title() if len(c.title()) == 1 else c for c in text)
    return "".join(unicodedata.normalize("NFKD", c) for c in titled).encode("utf-8", "replace")


def base_subject(text):
    """RFC 5256 2.1."""
    text = re.sub(r"[ \t\r\n]+", " ", text)
    while True:
        before = None
        while before != text:  # (2)
            before = text
            text = re.sub(r"(?i)(?:\(fwd\)| )\Z", "", text)
        before = None
        while before != text:  # (3) to (5)
            before = text
            text = re.sub(r"(?i)\A(?:(?:%s)*%s| )" % (BLOB, REFWD), "", text)
            if before == text:
                text = re.sub(r"(?s)\A%s(?=.)" % BLOB, "", text)
        forward = re.fullmatch(r"(?is)\[fwd:(.*)\]", text)  # (6)
        if not forward:
            return text
        text = forward.group(1)


def first_address(mail, name):
    found = addresses.addresses_in(mail.header, name)
    return found[0] if found else None


def mailbox_key(mail, name):
    address = first_address(mail, name)
    return casemap(header_text(address.mailbox or b"")) if address else b""


def display_key(mail, name):
    """RFC 5957 3."""
    address = first_address(mail, name)
    if not address:
        return b""
    person = header_text(address.name or b"")
    bare = (address.mailbox or b"") + (b"@" + address.host if address.host is not None else b"")
    return casemap(person or header_text(bare))


def sent(mail):
    value = fields.first(mail.header, b"date")
    if value is None:
        return mail.arrived
    return email.utils.mktime_tz(email.utils.parsedate_tz(value.decode("ascii")))


def key_of(mail, key, habits):
    if key in (b"ARRIVAL", b"SIZE", b"DATE"):
        return {b"ARRIVAL": lambda: mail.arrived, b"SIZE": lambda: len(mail.octets),
                b"DATE": lambda: sent(mail) & MASK if "dates-in-32-bits" in habits
                else sent(mail)}[key]()
    if key == b"SUBJECT":
        value = fields.first(mail.header, b"subject")
        return casemap(base_subject(header_text(value or b"")))
    name = key.removeprefix(b"DISPLAY").lower()
    if "empty-address-first" in habits and (fields.first(mail.header, name) or b"")[:1] == b",":
        return b"MISSING_MAILBOX" + (b"" if key.lower() == name else b"@MISSING_DOMAIN")
    return mailbox_key(mail, name) if key.lower() == name else display_key(mail, name)


def is_open(mail, key):
    """Whether the RFCs leave it open what to compare: a field twice, or outside of its grammar."""
    name = {b"SUBJECT": b"subject", b"DATE": b"date", b"CC": b"cc"}.get(
        key, b"from" if key.endswith(b"FROM") else b"to" if key.endswith(b"TO") else None)
    if name is None:
        return False
    values = fields.values(mail.header, name)
    if len(values) > 1 or any(octet > 0x7e or octet < 0x20 for octet in b"".join(values)):
        return True
    if name == b"date":
        return bool(values) and not DATE.fullmatch(values[0])
    if name == b"subject":
        return is_odd_text(values)
    try:
        address = first_address(mail, name)
    except addresses.NotInTheGrammar:
        return True
    return is_odd_text([address.name or b""]) if address and key.startswith(b"DISPLAY") else False


def is_odd_text(values):
    """Encoded words that are none, or in charsets that readers know or not."""
    text = b"".join(values)
    words = re.findall(rb"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=", text)
    known = re.findall(rb"(?i)=\?(?:utf-8|iso-8859-1|us-ascii|iso-2022-jp)\?", text)
    return text.count(b"=?") != len(words) or len(known) != len(words)


def has_irregular_ids(mail):
    """RFC 5322 3.6.4: ids in brackets and nothing else, in one field of each name at most."""
    for name in (b"message-id", b"references", b"in-reply-to"):
        values = fields.values(mail.header, name)
        if len(values) > 1 or values and not re.fullmatch(
                rb"(?:\s*<[\w.+$/=!#%&*-]+@[\w.-]+>)+", values[0]):
            return True
    return False


def keys_of(program):
    return [word for word in program if word != b"REVERSE"]


def regular(mails, program):
    """Those of which it is clear what the program compares."""
    return [mail for mail in mails if not any(is_open(mail, key) for key in keys_of(program))]


def sorted_numbers(mails, program, habits=()):
    """Equal ones stay in the order of the mailbox, also in reverse; the last key goes first."""
    order = list(mails)
    words = list(program)
    while words:
        key = words.pop()
        is_reverse = bool(words) and words[-1] == b"REVERSE"
        if is_reverse:
            words.pop()
        order.sort(key=lambda mail, key=key: key_of(mail, key, habits), reverse=is_reverse)
    return [mail.number for mail in order]
