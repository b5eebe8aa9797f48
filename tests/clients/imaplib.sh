#!/usr/bin/env bash
# Python's imaplib as it comes, with UTF8=ACCEPT, with IMAP4rev2 and with both: names and headers beyond ASCII are made,
# listed, selected, searched and read, and each way sees what the others made.
. "$(dirname "$0")/server.sh"

PYTHONDONTWRITEBYTECODE=1 timeout 60 python3 - "$ca" "$tls_port" > "$work/out" 2>&1 <<'PY' || fail "imaplib: $(cat "$work/out")"
import base64, imaplib, re, ssl, sys

ca, port = sys.argv[1:]
BODY = "\r\nschöne Grüße\r\n".encode()
LETTERS = [b"Subject: plain\r\n" + BODY, "From: Jörg <jörg@example.org>\r\nSubject: Grüße aus Köln\r\n".encode() + BODY]


def utf7(name):  # RFC 3501 5.1.3
    coded = lambda part: "&" + base64.b64encode(part[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
    return re.sub("[^\x20-\x7e]+", coded, name.replace("&", "&-"))


class Way:
    def __init__(self, *extensions):
        self.imap = imaplib.IMAP4_SSL("localhost", int(port), ssl_context=ssl.create_default_context(cafile=ca))
        self.imap.login("test", "secret")
        self.utf8 = bool(extensions)
        self.rev2 = "IMAP4rev2" in extensions
        self.name = "Ämter & Büros/" + ("-".join(extensions).replace("=", " ") or "plain")
        for extension in extensions:
            ok(self.imap.enable(extension))
            assert self.imap.untagged_responses.pop("ENABLED")[-1].decode().split() == [extension]
        if extensions:
            self.imap._encoding = "utf-8"

    def wire(self, name):
        return '"%s"' % (name if self.utf8 else utf7(name))

    def names(self):
        rows = [row for row in ok(self.imap.list()) if row]
        return {row.decode().split('"/" ')[1].strip('"') for row in rows}

    def append(self, message):
        if not self.imap.utf8_enabled:
            return ok(self.imap.append(self.wire(self.name), None, None, message))
        # imaplib's own append() counts the marker into the message
        tag = self.imap._new_tag()
        self.imap.send(tag + f" APPEND {self.wire(self.name)} (\\Seen) UTF8 (~{{{len(message)}+}}\r\n".encode() + message + b")\r\n")
        return ok(self.imap._command_complete("APPEND", tag))

    def search(self, word):
        if self.utf8:
            ok(self.imap._simple_command("SEARCH", f'SUBJECT "{word}"'))
        else:
            self.imap.literal = word.encode()
            ok(self.imap._simple_command("SEARCH", "CHARSET", "UTF-8", "SUBJECT"))
        found = self.imap.untagged_responses.pop("ESEARCH" if self.rev2 else "SEARCH")[0].decode()
        return re.fullmatch(r'\(TAG ".*?"\)(?: ALL (.*))?' if self.rev2 else "(.*)", found.strip()).group(1) or ""

    def bodies(self, item):
        return [row[1] for row in ok(self.imap.fetch("1:2", f"({item})")) if isinstance(row, tuple)]


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


ways = [Way(), Way("UTF8=ACCEPT"), Way("IMAP4rev2"), Way("UTF8=ACCEPT", "IMAP4rev2")]
for way in ways:
    imap = way.imap
    ok(imap.create(way.wire(way.name)))
    ok(imap.subscribe(way.wire(way.name)))
    for message in LETTERS:
        way.append(message)
    imap.untagged_responses.clear()
    assert ok(imap.select(way.wire(way.name))) == [b"2"]
    # RFC 9051 6.3.2: a LIST and no RECENT
    assert ("LIST" in imap.untagged_responses, "RECENT" in imap.untagged_responses) == (way.rev2, not way.rev2)
    assert [way.search(word) for word in ("Grüße", "GRÜSSE aus", "nichts")] == ["2", "2", ""], way.name
    assert way.bodies("BODY.PEEK[]") == LETTERS
    assert way.bodies("BODY.PEEK[HEADER]") == [letter[: -len(BODY) + 2] for letter in LETTERS]
    ok(imap.copy("2", way.wire("Archive")))
for way in ways:
    want = {one.name if way.utf8 else utf7(one.name) for one in ways}
    assert want < way.names(), (want, way.names())
    for other in ways:
        assert b"MESSAGES 2" in ok(way.imap.status(way.wire(other.name), "(MESSAGES)"))[0]
    assert ok(way.imap.select("Archive", readonly=True)) == [b"4"]
    assert way.search("köln") in ("1 2 3 4", "1:4")
for way, other in zip(ways, ways[1:] + ways[:1]):
    moved = other.name + " & weg"
    ok(way.imap.rename(way.wire(other.name), way.wire(moved)))
    ok(other.imap.select(other.wire(moved)))
    ok(other.imap.unselect())
    ok(way.imap.delete(way.wire(moved)))
for way in ways:
    way.imap.logout()
print("client done")
PY
grep -q 'client done' "$work/out" || fail "imaplib: $(cat "$work/out")"
nothing_refused
echo "imaplib: names and headers in UTF-8 as they come, with UTF8=ACCEPT, IMAP4rev2 and both"
