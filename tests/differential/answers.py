"""What one server says of a batch of messages."""

from dataclasses import dataclass, field

import responses
from connection import Refused

MAX_PARTS_FETCHED = 40  # of one message: the sections of the others follow the same code


@dataclass
class Answer:
    octets: bytes
    size: int
    envelope: responses.Envelope
    body: responses.Body
    sections: dict = field(default_factory=dict)  # by item name; a Refused where there was one


class Mailbox:
    """A mailbox of its own for a batch, gone afterwards."""

    def __init__(self, connection, name):
        self.connection = connection
        self.name = name.encode("ascii")

    def __enter__(self):
        self.connection.command(b"CREATE " + self.name)
        self.connection.command(b"SELECT " + self.name)
        return self

    def __exit__(self, *_):
        self.connection.command(b"UNSELECT")
        self.connection.command(b"DELETE " + self.name)

    def reopen(self, connection):
        """Over another connection, where the server hung up."""
        self.connection = connection
        self.connection.command(b"SELECT " + self.name)

    def store(self, messages):
        self.connection.append(self.name, messages)
        self.connection.command(b"NOOP")

    def fetch(self, number, items):
        """{item name: value} of one message."""
        tag = self.connection.send(b"FETCH %d (%s)" % (number, " ".join(items).encode("ascii")))
        return self.finish_fetch(tag, number)

    def finish_fetch(self, tag, number):
        found = {}
        for response in self.connection.finish(tag):
            if b" FETCH " in response[:30]:
                answered, items = responses.parse_fetch(response)
                if answered == number:
                    found.update(items)
        return found

    def answer(self, number):
        items = self.fetch(number, ("BODY.PEEK[]", "RFC822.SIZE", "ENVELOPE", "BODY",
                                    "BODYSTRUCTURE"))
        body = responses.body_of(items["BODYSTRUCTURE"])
        short = responses.body_of(items["BODY"], extended=False)
        responses.require(without_extensions(body) == without_extensions(short),
                          "BODY is not BODYSTRUCTURE without its extensions")
        return Answer(items["BODY[]"] or b"", items["RFC822.SIZE"],
                      responses.envelope_of(items["ENVELOPE"]), body)

    def add_sections(self, number, answer, names):
        """One by one where the server refuses one of them."""
        asked = [name.replace("BODY[", "BODY.PEEK[").replace("BINARY[", "BINARY.PEEK[")
                 for name in names]
        try:
            found = self.fetch(number, asked)
        except Refused as refused:
            if len(names) == 1:
                answer.sections[names[0]] = refused
                return
            for name in names:
                self.add_sections(number, answer, [name])
            return
        for name in names:
            answer.sections[name] = found[response_name(name)]


def response_name(name):
    """BODY[1]<5.10> is answered as BODY[1]<5>."""
    if name.endswith(">"):
        name = name[:name.rindex(".")] + ">"
    return name.upper()


def without_extensions(body):
    def plain(part):
        multipart = part.is_multipart
        return (part.type, part.subtype, () if multipart else part.parameters, part.id,
                part.description, part.encoding, part.size, part.lines, part.envelope,
                tuple(plain(child) for child in part.children))
    return plain(body)
