"""Broken, odd and recombined messages: the same for the same seed and number."""

import random
import re

FIELDS = [
    b"Content-Type: multipart/mixed; boundary=%s",
    b"Content-Type: multipart/digest; boundary=\"%s\"",
    b"Content-Type: multipart/alternative;\r\n boundary=\"%s \"",
    b"Content-Type: message/rfc822",
    b"Content-Type: message/global",
    b"Content-Type: message/partial; id=x; number=1",
    b"Content-Type: message/external-body; access-type=local-file; name=\"/x\"",
    b"Content-Type: text/html",
    b"Content-Type: TEXT/Plain; Charset=\"UTF-8\"; format=flowed",
    b"Content-Type: text",
    b"Content-Type: text/plain; charset=a; charset=b; name=x;",
    b"Content-Type: application/pdf; name*0=\"a b\"; name*1=\".pdf\"",
    b"Content-Type: application/pdf; name*=iso-8859-1'en'caf%%e9.pdf",
    b"Content-Type: application/pdf; name*1*=%%ac; name*0*=utf-8''%%e2%%82; name*2=\".pdf\"",
    b"Content-Type: image/png; name=my file (1).png",
    b"Content-Type: (a) image (b) / (c) png (d) ; (e) name (f) = (g) x (h)",
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: Quoted-Printable (x)",
    b"Content-Transfer-Encoding: 8BIT",
    b"Content-Transfer-Encoding: x-uue",
    b"Content-Transfer-Encoding: quoted printable",
    b"Content-Disposition: attachment; filename=\"a\\\"b.txt\"; size=10",
    b"Content-Disposition: inline",
    b"Content-Disposition: attachment; filename*=utf-8''a%%20b",
    b"Content-Disposition: ;filename=x",
    b"Content-Language: en, de-CH",
    b"Content-Language: mi (Maori)",
    b"Content-Location: http://example.org/a\r\n b",
    b"Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==",
    b"Content-ID: <a@example.org>",
    b"Content-ID:  a b ",
    b"Content-Description: a\r\n\tb  c",
    b"Date : Mon, 5 Jan 2026 10:00:00 +0000 (UTC)",
    b"Subject:",
    b"Subject: \xc3\xa9 =?utf-8?q?x?=\r\n \r\n y ",
    b"From: \"A \\\"B\\\" C\" <a.b@example.org>",
    b"From: Ann (c) Example <@x,@y.example:ann@[192.0.2.1]> (d)",
    b"Sender: ",
    b"Sender: s@example.org",
    b"Reply-To: friends: a@example.org, B <b@example.org>;, c@example.org",
    b"To: undisclosed-recipients:;",
    b"To: a@example.org,, \"b\" <b@example.org>\r\n , c@example.org (Carl)",
    b"To: ann",
    b"To: <>",
    b"Cc: a . b @ example . org",
    b"Cc: A: b@example.org; C: d@example.org;",
    b"Bcc: \"quoted local\"@example.org, x@example.org",
    b"In-Reply-To: <a@example.org> (b)\r\n <c@example.org>",
    b"Message-ID: <a\"b\"@example.org> ",
    b"MIME-Version: 1.0",
]
SNIPPETS = [b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\r\n ", b"\r\n\t", b"\"", b"(", b")", b"<", b">",
            b"--", b";", b":", b"@", b",", b"\\", b"=?", b"?=", b"\xff", b"\xc3\xa9", b"*0*=", b" ",
            b"\t",
            b"From x@example.org Mon Jan  5 10:00:00 2026\r\n", b"\x7f", b"\x01"]


KNOWN_FIELD = rb"(content-[a-z-]*|from|to|cc|sender|reply-to|subject|date|message-id):"


class Mutation:
    def __init__(self, octets, chance):
        self.octets = octets
        self.chance = chance

    def place(self):
        return self.chance.randint(0, len(self.octets))

    def lines(self):
        return self.octets.splitlines(keepends=True) or [b""]

    def some_line(self, pattern):
        """Index of a line that matches, or of any."""
        lines = self.lines()
        fitting = [at for at, line in enumerate(lines) if re.match(pattern, line, re.I)]
        return lines, self.chance.choice(fitting or range(len(lines)))

    def boundary(self):
        named = re.findall(rb"boundary\*?=\"?([^\"\s;]+)", self.octets, re.I)
        return self.chance.choice(named) if named else b"b"

    # -- what can happen to a message

    def flip_octets(self):
        octets = bytearray(self.octets)
        for _ in range(self.chance.randint(1, 4)):
            if octets:
                octets[self.chance.randrange(len(octets))] = self.chance.randint(1, 255)
        self.octets = bytes(octets)

    def insert_snippet(self):
        at = self.place()
        self.octets = self.octets[:at] + self.chance.choice(SNIPPETS) + self.octets[at:]

    def delete_octets(self):
        at = self.place()
        self.octets = self.octets[:at] + self.octets[at + self.chance.randint(1, 30):]

    def swap_lines(self):
        lines = self.lines()
        a, b = (self.chance.randrange(len(lines)) for _ in range(2))
        lines[a], lines[b] = lines[b], lines[a]
        self.octets = b"".join(lines)

    def repeat_line(self):
        lines = self.lines()
        line = self.chance.choice(lines)
        lines.insert(self.chance.randint(0, len(lines)), line)
        self.octets = b"".join(lines)

    def delete_line(self):
        lines = self.lines()
        del lines[self.chance.randrange(len(lines))]
        self.octets = b"".join(lines)

    def edit_boundary_line(self):
        lines, at = self.some_line(rb"--")
        line = lines[at]
        text = line.rstrip(b"\r\n")
        end = line[len(text):]
        lines[at] = self.chance.choice([
            text + b"--" + end, text + b" \t" + end, text + b"x" + end, text[:-1] + end,
            text.removesuffix(b"--") + end, b" " + line, text, end + line, line + end,
            text + b"--x" + end, line + line, b"-" + line, text + b"\r" + end])
        self.octets = b"".join(lines)

    def insert_boundary_line(self):
        lines = self.lines()
        behind = self.chance.choice([b"", b"--", b" ", b"-- ", b"x"])
        line = b"--" + self.boundary() + behind + b"\r\n"
        lines.insert(self.chance.randint(0, len(lines)), line)
        self.octets = b"".join(lines)

    def add_field(self):
        """Into a header: in front of a line that looks like a field."""
        lines, at = self.some_line(rb"[a-z-]+[ \t]*:")
        new = self.chance.choice(FIELDS)
        new = new % self.boundary() if b"%s" in new else new.replace(b"%%", b"%")
        lines.insert(at, new + b"\r\n")
        self.octets = b"".join(lines)

    def replace_field(self):
        lines, at = self.some_line(KNOWN_FIELD)
        new = self.chance.choice(FIELDS)
        new = new % self.boundary() if b"%s" in new else new.replace(b"%%", b"%")
        lines[at] = new + b"\r\n"
        self.octets = b"".join(lines)

    def edit_field(self):
        lines, at = self.some_line(KNOWN_FIELD)
        line = lines[at]
        within = self.chance.randint(0, max(0, len(line) - 2))
        lines[at] = line[:within] + self.chance.choice(SNIPPETS) + line[within:]
        self.octets = b"".join(lines)

    def fold_field(self):
        lines, at = self.some_line(rb"[a-z-]+[ \t]*:")
        blanks = [found.start() for found in re.finditer(rb"[ \t]", lines[at])]
        if blanks:
            within = self.chance.choice(blanks)
            lines[at] = lines[at][:within] + b"\r\n" + lines[at][within:]
        self.octets = b"".join(lines)

    def change_line_ends(self):
        new = self.chance.choice([b"\n", b"\r\n", b"\r\n", b"\r\r\n"])
        if self.chance.random() < 0.7:
            lines, at = self.some_line(rb"(--|[a-z-]+:|\r?\n)")
            lines[at] = lines[at].rstrip(b"\r\n") + new
            self.octets = b"".join(lines)
        else:
            self.octets = re.sub(rb"\r?\n", new, self.octets)

    def truncate(self):
        self.octets = self.octets[:self.place()]

    def splice(self, other):
        self.octets = self.octets[:self.place()] + other[self.chance.randint(0, len(other)):]

    def wrap_in_message(self):
        kind = self.chance.choice([b"rfc822", b"global"])
        header = b"Subject: outer\r\nContent-Type: message/" + kind + b"\r\n\r\n"
        self.octets = header + self.octets

    def wrap_in_multipart(self, other):
        boundary = self.chance.choice([b"outer", self.boundary(), self.boundary() + b"x"])
        kind = self.chance.choice([b"mixed", b"digest", b"alternative"])
        header = self.chance.choice([b"", b"Content-Type: message/rfc822\r\n", b"Subject: x\r\n"])
        self.octets = b"".join([
            b"Content-Type: multipart/", kind, b"; boundary=\"", boundary, b"\"\r\n\r\n",
            b"preamble\r\n",
            b"--", boundary, b"\r\n", header, b"\r\n", self.octets, b"\r\n",
            b"--", boundary, b"\r\n", header, b"\r\n", other[:2000], b"\r\n",
            b"--", boundary, b"--\r\nepilogue\r\n"])


ALONE = [Mutation.flip_octets, Mutation.insert_snippet, Mutation.delete_octets, Mutation.swap_lines,
         Mutation.repeat_line, Mutation.delete_line, Mutation.edit_boundary_line,
         Mutation.edit_boundary_line, Mutation.insert_boundary_line, Mutation.add_field,
         Mutation.add_field, Mutation.replace_field, Mutation.edit_field, Mutation.edit_field,
         Mutation.fold_field, Mutation.change_line_ends, Mutation.truncate,
         Mutation.wrap_in_message]
WITH_ANOTHER = [Mutation.splice, Mutation.wrap_in_multipart]


def mutant(messages, seed, number):
    """Name of the message it was made of, and its octets."""
    chance = random.Random("%d/%d" % (seed, number))
    origin = chance.choice(messages)
    mutation = Mutation(origin.octets, chance)
    if b"\r\n" not in origin.octets:
        mutation.octets = origin.octets.replace(b"\n", b"\r\n")
    for _ in range(chance.choice([1, 1, 2, 2, 3, 5])):
        if chance.random() < 0.15:
            chance.choice(WITH_ANOTHER)(mutation, chance.choice(messages).octets)
        else:
            chance.choice(ALONE)(mutation)
        if not mutation.octets:
            mutation.octets = origin.octets
    return origin.name, mutation.octets
