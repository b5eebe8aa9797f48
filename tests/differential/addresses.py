"""Address lists by the letter of RFC 5322 3.4 and 4.4, with UTF-8 (RFC 6532): a second opinion.

Raises NotInTheGrammar where a list is none; then it is left to the server what to make of it.
"""

import fields
from responses import Address

ATEXT = rb"[^\x00-\x20\x7f()<>\[\]:;@\\,.\"]+"


class NotInTheGrammar(Exception):
    pass


class Parser(fields.Cursor):
    def skip(self):
        before = self.position
        if not self.skip_cfws():
            raise NotInTheGrammar("comment")
        return self.position != before

    def expect(self, pattern):
        found = self.match(pattern)
        if found is None:
            raise NotInTheGrammar(pattern)
        return found

    def at(self, octet):
        return self.text.startswith(octet, self.position)

    # address-list = obs-addr-list, which allows empty elements
    def address_list(self):
        result = []
        while True:
            self.skip()
            if self.at_end:
                return tuple(result)
            if self.match(rb","):
                continue
            result += self.address(groups=True)
            self.skip()
            if self.at_end:
                return tuple(result)
            self.expect(rb",")

    def address(self, groups):
        """A mailbox, or a group: entries of the ENVELOPE."""
        before, self.comments = self.position, []
        words = self.words()
        self.skip()
        if self.at(b"<"):
            return [self.angle(name_of(words) if words else None)]
        if groups and self.at(b":"):
            if not words:
                raise NotInTheGrammar("group without a name")
            return self.group(name_of(words))
        self.position, self.comments = before, []
        return [self.with_comment(self.addr_spec(None, None))]

    def with_comment(self, address):
        """RFC 5322 3.4: a name stood in a comment before there were display names."""
        self.skip()
        comment = self.comments[-1] if self.comments else None
        return Address(address.name or comment or None, *list(vars(address).values())[1:])

    def words(self):
        """A phrase: obs-phrase lets dots stand in it."""
        result = []
        while True:
            gap = self.skip()
            text = self.match(ATEXT)
            if text is None and self.at(b'"'):
                text = self.quoted_string()
                if text is None:
                    raise NotInTheGrammar("quoted string")
            if text is None and result:
                text = self.match(rb"\.")
            if text is None:
                return result
            result.append((gap, text))

    def angle(self, name):
        self.expect(rb"<")
        self.skip()
        route = self.route()
        address = self.addr_spec(name, route)
        self.skip()
        self.expect(rb">")
        return self.with_comment(address)

    def route(self):
        """obs-route: everything up to the colon, without blanks and comments."""
        if not self.at(b"@"):
            return None
        result = b""
        while True:
            self.skip()
            if self.match(rb":"):
                return result
            if self.match(rb","):
                result += b","
                continue
            self.expect(rb"@")
            result += b"@" + self.domain()

    def addr_spec(self, name, route):
        self.skip()
        local = self.dotted(quoted=True)
        self.skip()
        self.expect(rb"@")
        return Address(name, route, local, self.domain())

    def dotted(self, quoted):
        """obs-local-part or obs-domain: words around dots, blanks between."""
        result = b""
        while True:
            self.skip()
            text = self.match(ATEXT)
            if text is None and quoted and self.at(b'"'):
                text = self.quoted_string()
            if text is None:
                raise NotInTheGrammar("word")
            result += text
            self.skip()
            if not self.match(rb"\."):
                return result
            result += b"."

    def domain(self):
        self.skip()
        if self.at(b"["):
            return self.expect(rb"\[[^\x00-\x20\x7f\[\]\\<>,;()\"]*\]")
        return self.dotted(quoted=False)

    def group(self, name):
        self.expect(rb":")
        result = [Address(None, None, name, None)]
        while True:
            self.skip()
            if self.match(rb";"):
                break
            if self.match(rb","):
                continue
            result += self.address(groups=False)
            self.skip()
            if not self.at(b";"):
                self.expect(rb",")
        return result + [Address(None, None, None, None)]


def name_of(words):
    text = b""
    for gap, word in words:
        text += (b" " if gap and text else b"") + word
    return text or None


def parsed(value):
    if any(octet in value for octet in (b"\r", b"\n", b"\0")):
        raise NotInTheGrammar("control character")
    return Parser(value).address_list()


FIRST_ONLY = (b"from", b"sender", b"reply-to")


def addresses_in(header, name):
    """Of From, Sender and Reply-To the first that holds anything counts, of the others all."""
    result = ()
    for value in fields.values(header, name):
        if name in FIRST_ONLY and result:
            break
        result += parsed(value)
    return result
