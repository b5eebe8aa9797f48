"""Changes two accounts at random, has interimap make them alike, and compares them with each other and with what
must be: interimap.py FOLDER PORT CA NEAR FAR. An account is postnook/USER or dovecot/USER."""
import collections
import contextlib
import hashlib
import imaplib
import os
import pathlib
import random
import re
import ssl
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "differential"))
import servers  # noqa: E402

# What interimap says of a message that was flagged on one side and changed or expunged on the other
EXPECTED = "Conflicting flag update|No match for modified (local|remote) UID"
WORDS = ["\\Seen", "\\Flagged", "\\Answered", "\\Draft", "$Forwarded", "Work", "to-do"]
UMLAUTS = "B&APw-cher/&AMQ- &- &ANY-"  # Bücher/Ä & Ö
Message = collections.namedtuple("Message", "uid flags digest date")


class Account:
    def __init__(self, name, port, ca):
        self.server, self.user = name.split("/")
        self.port = port
        self.ca = ca

    def configuration(self):
        secure = ["STARTTLS = YES", f"SSL_CAfile = {self.ca}"] if self.ca else ["STARTTLS = NO"]
        return "\n".join(["type = imap", "host = localhost", f"port = {self.port}", f"username = {self.user}",
                          "password = secret", "compress = YES", *secure]) + "\n"

    @contextlib.contextmanager
    def session(self):
        with imaplib.IMAP4("localhost", self.port) as imap:
            if self.ca:
                imap.starttls(ssl.create_default_context(cafile=self.ca))
            imap.login(self.user, "secret")
            yield imap

    def mailboxes(self, imap):
        """Name -> is subscribed."""
        rows = [row for row in checked(imap._simple_command("LIST", '""', '"*"', "RETURN", "(SUBSCRIBED)"), imap, "LIST")]
        found = [re.fullmatch(rb'\((.*?)\) "/" "?(.*?)"?', row).groups() for row in rows if row]
        return {name.decode(): b"\\Subscribed" in attributes for attributes, name in found if not re.search(rb"\\No[sn]", attributes, re.I)}

    def holds(self):
        """Mailbox -> number of the message -> what it is like."""
        with self.session() as imap:
            return {name: self.messages(imap, name) for name in self.mailboxes(imap)}

    def messages(self, imap, mailbox):
        checked(imap.select(f'"{mailbox}"', readonly=True))
        found = {}
        rows = checked(imap.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])"))
        for row in rows:
            if not isinstance(row, tuple):
                continue
            head, body = row
            number = int(re.search(rb"Message-ID: <(\d+)@", body).group(1))
            assert number not in found, f"{self.server}: message {number} twice in {mailbox}"
            found[number] = Message(int(re.search(rb"UID (\d+)", head).group(1)),
                                    frozenset(re.search(rb"FLAGS \((.*?)\)", head).group(1).decode().lower().split()) - {"\\recent"},
                                    hashlib.sha256(body).hexdigest(),
                                    imaplib.Internaldate2tuple(head))
        return found


def checked(answer, imap=None, untagged=None):
    status, data = answer
    if untagged:
        status, data = imap._untagged_response(status, data, untagged)
    assert status == "OK", data
    return data


def letter(number):
    body = [b"short\r\n", b"", "grüße\r\n".encode() * 3, b"no end", b"x" * 3000 + b"\r\n", b".\r\n\r\n\r\n", b"big line\r\n" * 20000][number % 7]
    return b"From: <a@example.org>\r\nSubject: letter %d\r\nMessage-ID: <%d@example.org>\r\n\r\n" % (number, number) + body


class Course:
    """What happens to the two accounts. Each side moves and deletes messages of its own choice (even or odd numbers), so that
    it is clear what must come of it; both flag any: flags of both are then united, as interimap documents."""

    def __init__(self, folder, accounts, seed):
        self.folder = folder
        self.accounts = accounts
        self.random = random.Random(seed)
        self.expected = {}
        self.number = 0
        self.configuration = os.path.join(folder, "interimap.rc")
        with open(self.configuration, "w", encoding="ascii") as out:
            out.write(f"database = {folder}/interimap.db\n")
            for name, account in zip(("local", "remote"), accounts):
                out.write(f"\n[{name}]\n" + account.configuration())

    def command(self, *arguments):
        return ["interimap", "--config", self.configuration, "--debug", *arguments]

    def run(self, *arguments):
        """Gives what was sent and received, without messages."""
        done = subprocess.run(self.command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        log = done.stderr.decode(errors="replace")
        said = [line for line in log.splitlines() if not re.search(r": [CS]: ", line)]
        complaints = [line for line in said if re.search("warning|error|couldn't", line, re.I) and not re.search(EXPECTED, line)]
        assert done.returncode == 0 and not complaints, f"interimap {arguments}: {done.returncode}\n{log[-2000:]}\n{complaints}"
        return log

    def append(self, imap, mailbox, flags=()):
        self.number += 1
        checked(imap.append(f'"{mailbox}"', f"({' '.join(flags)})", imaplib.Time2Internaldate(1700000000 + 3600 * self.number), letter(self.number)))
        self.expected.setdefault(mailbox, {})[self.number] = frozenset(flag.lower() for flag in flags)

    def words(self):
        return self.random.sample(WORDS, self.random.randrange(4))

    def settle(self, what):
        """One run makes both alike. Another learns the modification numbers of what the first one stored, and may store
        flags that are there already; then nothing is left to do."""
        log = self.run()
        self.check(what)
        log += self.run()
        again = self.run()
        done = re.findall(r": C: \S+ (?:SELECT|APPEND|UID|CREATE|SUBSCRIBE|UNSUBSCRIBE)\b.*", again)
        assert not done, "the last run did something:\n" + "\n".join(done)
        return log

    def start(self):
        """Both have something before they are joined."""
        for count, account in zip((20, 8), self.accounts):
            with account.session() as imap:
                name = UMLAUTS if account is self.accounts[0] else "Project"
                checked(imap.create(f'"{UMLAUTS.split("/")[0]}"'))
                checked(imap.create(f'"{name}"'))
                checked(imap.subscribe(f'"{name}"'))
                self.expected.update({name: {} for name in account.mailboxes(imap) if name not in self.expected})
                for mailbox in ["INBOX"] * count + [name] * 5:
                    self.append(imap, mailbox, self.words())

    def change(self, flags=True):
        """One round of changes on both sides, told apart by the parity of the message's number."""
        before = [account.holds() for account in self.accounts]
        told = collections.defaultdict(list)
        self.arrived = set()
        for side, account in enumerate(self.accounts):
            with account.session() as imap:
                filled = sorted(mailbox for mailbox, messages in before[side].items() if messages)
                for mailbox in self.random.sample(filled, min(4, len(filled))):
                    self.change_mailbox(imap, side, mailbox, before[side][mailbox], told if flags else None)
                for mailbox in self.random.sample(sorted(before[side]), 3):
                    self.append(imap, mailbox, self.words())
        for (mailbox, number), flags in told.items():
            if number in self.expected[mailbox] and (mailbox, number) not in self.arrived:  # else those of one that is gone
                self.expected[mailbox][number] = frozenset().union(*flags)

    def change_mailbox(self, imap, side, mailbox, messages, told):
        checked(imap.select(f'"{mailbox}"'))
        own = [number for number in sorted(messages) if number % 2 == side]
        self.random.shuffle(own)
        elsewhere = self.random.choice([name for name in sorted(self.expected) if name != mailbox])
        for action, count in (("expunge", 2), ("move", 2), ("copy", 1)):
            for number in [own.pop() for _ in range(min(count, len(own)))]:
                uid = str(messages[number].uid)
                if action == "expunge":
                    checked(imap.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)"))
                    checked(imap.uid("EXPUNGE", uid))
                elif number in self.expected[elsewhere]:
                    continue
                else:
                    checked(imap.uid(action.upper(), uid, f'"{elsewhere}"'))
                    self.expected[elsewhere][number] = messages[number].flags
                    self.arrived.add((elsewhere, number))
                if action != "copy":
                    del self.expected[mailbox][number]
                messages.pop(number)
        if told is None:
            return
        for number in self.random.sample(sorted(messages), min(6, len(messages))):
            flags = frozenset(flag.lower() for flag in self.words())
            if flags != messages[number].flags:
                checked(imap.uid("STORE", str(messages[number].uid), "FLAGS", f"({' '.join(flags)})"))
                told[mailbox, number].append(flags)

    def differences(self):
        near, far = (account.holds() for account in self.accounts)
        wrong = []
        for mailbox in sorted({*near, *far, *self.expected}):
            if mailbox not in near or mailbox not in far or mailbox not in self.expected:
                wrong.append(f"{mailbox}: near {mailbox in near}, far {mailbox in far}, expected {mailbox in self.expected}")
                continue
            for number in sorted({*near[mailbox], *far[mailbox], *self.expected[mailbox]}):
                one, two, flags = (side[mailbox].get(number) for side in (near, far, self.expected))
                if not one or not two or one[1:] != two[1:] or one.flags != flags or one.digest != hashlib.sha256(letter(number)).hexdigest():
                    wrong.append(f"{mailbox}, message {number}: {one}, {two}, expected {flags}")
        subscribed = []
        for account in self.accounts:
            with account.session() as imap:
                subscribed.append(account.mailboxes(imap))
        if subscribed[0] != subscribed[1]:
            wrong.append(f"mailboxes and subscriptions: {subscribed}")
        return wrong

    def check(self, what):
        wrong = self.differences()
        assert not wrong, f"after {what}:\n" + "\n".join(wrong)
        print("alike after", what, sum(map(len, self.expected.values())), "messages", flush=True)

    def renamed(self, source, target):
        for name in [name for name in self.expected if name == source or name.startswith(source + "/")]:
            self.expected[target + name[len(source):]] = self.expected.pop(name)

    def whole(self):
        self.start()
        seen = self.settle("the first run")
        for number in range(3):
            self.change()
            with self.accounts[number % 2].session() as imap:
                name = f"Project/new {number}"
                checked(imap.create(f'"{name}"'))
                checked(imap.subscribe(f'"{name}"') if number < 2 else imap.unsubscribe('"Project/new 0"'))
                self.append(imap, name)
            seen += self.settle(f"round {number}")
        for word in (r"C: \S+ SELECT .* \(QRESYNC \(\d+ \d+ ", r"S: \* VANISHED \(EARLIER\) ", r"C: \S+ UID STORE .*UNCHANGEDSINCE",
                     r"C: \S+ LIST .* RETURN \(SUBSCRIBED STATUS \(UIDVALIDITY UIDNEXT HIGHESTMODSEQ\)\)"):
            assert re.search(word, seen), f"interimap never sent or saw {word}"

        # One side renames, with its children, and goes on with its messages; interimap is told to do so too
        for account, other, (source, target) in ((*self.accounts, ("Project", "Projekt &AMQ-")), (*self.accounts[::-1], ("B&APw-cher", "Deeper"))):
            with account.session() as imap:
                checked(imap._simple_command("RENAME", f'"{source}"', f'"{target}"'))
            self.renamed(source, target)
            side = "local" if other is self.accounts[0] else "remote"
            self.run(f"--target={side}", "--target=database", "--rename", source, target)
            self.change()
            self.settle(f"the rename of {source} to {target}")
        self.run("--rename", "Projekt &AMQ-", "Again")
        self.renamed("Projekt &AMQ-", "Again")
        self.run("--delete", "Again/new 2")
        del self.expected["Again/new 2"]
        self.settle("a rename and a deletion by interimap")
        self.watch("--watch=1")
        if self.can_notify():
            self.watch("--notify", "--watch=50")
        self.settle("a run after it watched")

    def watch(self, *arguments):
        """Changes while interimap is at work: no flags, as it may unite what comes one after another."""
        with open(os.path.join(self.folder, "watch.out"), "wb") as out:
            watcher = subprocess.Popen(self.command(*arguments), stdin=subprocess.DEVNULL, stderr=out)
        try:
            for _ in range(2):
                self.change(flags=False)
                until = time.monotonic() + 60
                while wrong := self.differences():
                    said = pathlib.Path(out.name).read_text(errors="replace")[-2000:]
                    assert watcher.poll() is None, "interimap ended:\n" + said
                    assert time.monotonic() < until, "never alike:\n" + said + "\n".join(wrong)
        finally:
            watcher.terminate()
            watcher.wait(30)

    def can_notify(self):
        """Dovecot 2.3 is not always heard of again: only where both are Postnook."""
        for account in self.accounts:
            with account.session() as imap:
                if account.server != "postnook" or b"NOTIFY" not in checked(imap.capability())[0].split():
                    return False
        return True


def main():
    folder, port, ca, *names = sys.argv[1:]
    seed = int(os.environ.get("SEED", 1))
    with contextlib.ExitStack() as stack:
        accounts = []
        for name in names:
            if name.startswith("dovecot/"):
                accounts.append(Account(name, stack.enter_context(servers.dovecot()).port, None))
            else:
                accounts.append(Account(name, int(port), ca))
        home = os.path.join(folder, "-".join(names).replace("/", "."))
        os.mkdir(home)
        Course(home, accounts, seed).whole()


main()
