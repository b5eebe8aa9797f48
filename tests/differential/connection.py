"""An IMAP client for one connection. Only what a run needs, and no more lenient than it must be."""

import re
import socket


class Refused(Exception):
    pass


class Connection:
    def __init__(self, port, user="test", password="secret"):
        self.socket = socket.create_connection(("127.0.0.1", port), 120)
        self.input = self.socket.makefile("rb", 1 << 20)
        self.count = 0
        self.response()
        self.command(b"LOGIN %s %s" % (user.encode(), password.encode()))
        line = self.command(b"CAPABILITY")[0]
        self.capabilities = set(line.split()[2:])

    def response(self):
        """One response with its literals."""
        text = b""
        while True:
            line = self.input.readline()
            if not line.endswith(b"\r\n"):
                raise ConnectionError("the server hung up: %.200r" % (text + line))
            text += line
            literal = re.search(rb"\{(\d+)\}\r\n\Z", line)
            if not literal:
                return text
            text += self.input.read(int(literal.group(1)))

    def send(self, text):
        self.count += 1
        tag = b"a%d" % self.count
        self.socket.sendall(tag + b" " + text + b"\r\n")
        return tag

    def finish(self, tag):
        """The untagged responses of a command; raises Refused with its tagged line."""
        untagged = []
        while True:
            response = self.response()
            if response.startswith(tag + b" "):
                if not response.startswith(tag + b" OK"):
                    raise Refused(response.decode("latin-1").strip())
                return untagged
            untagged.append(response)

    def command(self, text):
        return self.finish(self.send(text))

    def append(self, mailbox, messages, binary=False):
        """MULTIAPPEND (RFC 3502) of all messages: either all are there afterwards, or none."""
        mark = b"~" if binary else b""
        parts = [b"%s{%d+}\r\n%s" % (mark, len(message), message) for message in messages]
        self.command(b"APPEND " + mailbox + b" " + b" ".join(parts))
