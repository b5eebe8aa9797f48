"""Random search keys about the mail that is there."""

import random
import re
import time
from dataclasses import dataclass, field

NAMED_FIELDS = (b"Subject", b"Message-ID", b"Received", b"X-Mailer", b"References", b"Content-Type",
                b"List-Id", b"X-Absent", b"Date", b"Return-Path")
FLAG_KEYS = (b"SEEN", b"UNSEEN", b"ANSWERED", b"UNANSWERED", b"FLAGGED", b"UNFLAGGED", b"DELETED",
             b"UNDELETED", b"DRAFT", b"UNDRAFT", b"KEYWORD WORK", b"UNKEYWORD $Forwarded",
             b"KEYWORD none", b"ALL", b"NEW", b"OLD", b"RECENT")


@dataclass
class Query:
    key: str  # "TEXT", "SENTON" ...
    written: bytes
    name: bytes = b""  # of a header field, lower case
    text: str = ""
    day: int = 0  # since 1970


@dataclass
class Combined:
    form: str  # "AND", "OR", "NOT"
    keys: list = field(default_factory=list)

    @property
    def written(self):
        first, second = (key.written for key in self.keys)
        return {"AND": b"(%s %s)", "OR": b"OR %s %s", "NOT": b"NOT (%s %s)"}[self.form] \
            % (first, second)

    def combined(self, found, everything):
        first, second = found
        if self.form == "OR":
            return first | second
        return first & second if self.form == "AND" else everything - (first & second)


def literal(text):
    octets = text.encode("utf-8")
    return b"{%d+}\r\n%s" % (len(octets), octets)


class Queries:
    def __init__(self, seed, mails):
        self.chance = random.Random(seed)
        self.mails = mails

    def key(self):
        kind = self.chance.random()
        if kind < 0.7:
            return self.text_key()
        if kind < 0.85:
            return self.date_key()
        if kind < 0.92:
            size = len(self.chance.choice(self.mails).octets) + self.chance.randrange(-1, 2)
            key = self.chance.choice(("LARGER", "SMALLER"))
            return Query(key, b"%s %d" % (key.encode(), max(0, size)))
        if kind < 0.96:
            return self.set_key()
        return Query("flags", self.chance.choice(FLAG_KEYS))

    def keys(self):
        return Combined(self.chance.choice(("AND", "OR", "NOT")), [self.key(), self.key()])

    def set_key(self):
        def number():
            return b"*" if self.chance.random() < 0.1 else \
                b"%d" % self.chance.randrange(1, len(self.mails) + 1)
        ranges = b",".join(number() + b":" + number() for _ in range(self.chance.randrange(1, 4)))
        return Query("set", self.chance.choice((b"", b"UID ")) + ranges)

    def date_key(self):
        mail = self.chance.choice(self.mails)
        kind = self.chance.choice(("", "SENT"))
        key = kind + self.chance.choice(("BEFORE", "ON", "SINCE"))
        near = mail.sent_day() if kind else None
        day = (mail.arrived // 86_400 if near is None else near) + self.chance.randrange(-1, 2)
        day = max(0, day)
        written = time.strftime("%d-%b-%Y", time.gmtime(day * 86_400)).lstrip("0").encode()
        return Query(key, key.encode() + b" " + written, day=day)

    def text_key(self):
        mail = self.chance.choice(self.mails)
        key = self.chance.choice(("BODY", "BODY", "TEXT", "TEXT", "SUBJECT", "FROM", "TO", "CC",
                                  "HEADER"))
        name = key.lower().encode()
        if key == "HEADER":
            name = self.chance.choice(NAMED_FIELDS).lower()
        text = self.cut(mail.texts(key, name, ()))
        shown = b" " + name if key == "HEADER" else b""
        return Query(key, key.encode() + shown + b" " + literal(text), name, text)

    def cut(self, texts):
        texts = [text for text in texts if text.strip()]
        if not texts or self.chance.random() < 0.05:
            return "".join(self.chance.choice("qxzj") for _ in range(4))
        text = self.chance.choice(texts)
        at = self.chance.randrange(len(text))
        size = self.chance.randrange(1, 41 if self.chance.random() < 0.3 else 9)
        text = re.sub("[ \t\r\n]+", " ", text[at:at + size])
        text = "".join(c for c in text if c.isprintable())
        how = self.chance.randrange(4)
        text = text.upper() if how == 0 else text.lower() if how == 1 else text
        return text if text.strip() else "qxzj"
