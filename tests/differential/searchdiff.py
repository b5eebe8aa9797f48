#!/usr/bin/env python3
"""Compares what Postnook and Dovecot find, sort and thread, over the same mail, at random.

Every difference has to fall into a category of searchcategories.txt, which says who is right; in
the standard run (the messages of ../shared, the default seed) the counts have to be those of the
list, too.
"""

import argparse
import collections
import os
import random
import re
import sys
import time

import categories
import servers
import sorting
import sources
from connection import Connection, Refused
from searchexplanations import explain
from searchqueries import Queries
from searchtexts import Message

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "searchcategories.txt")
BATCH_OCTETS = 4_000_000
STANDARD_SEED = 1
STANDARD_QUERIES = 2000
FLAGS = (b"\\Seen", b"\\Answered", b"\\Flagged", b"\\Deleted", b"\\Draft", b"$Forwarded", b"work")
FIRST_DAY = 1_600_000_000


def normalised(octets):
    """As Dovecot stores it, so that both have the same."""
    return re.sub(rb"\r*\n", b"\r\n", octets).rstrip(b"\r")


def with_dates_and_flags(messages, seed):
    """Some messages are there twice; many are of the same day."""
    chance = random.Random(seed)
    mails = []
    for message in messages + chance.sample(messages, len(messages) // 10):
        mail = Message(message.name, normalised(message.octets))
        mail.flags = [flag for flag in FLAGS if chance.random() < 0.3]
        mail.arrived = FIRST_DAY + chance.randrange(60) * 43_200 + chance.randrange(3)
        mail.zone = chance.choice((0, 0, 60, -480, 330))
        mails.append(mail)
    for number, mail in enumerate(mails, 1):
        mail.number = number
    return mails


def appended(mail):
    local = time.gmtime(mail.arrived + mail.zone * 60)
    zone = "%s%02d%02d" % ("-" if mail.zone < 0 else "+", *divmod(abs(mail.zone), 60))
    date = time.strftime("%d-%b-%Y %H:%M:%S ", local) + zone
    return b'(%s) "%s" {%d+}\r\n%s' % (b" ".join(mail.flags), date.encode("ascii"),
                                       len(mail.octets), mail.octets)


def store(connection, mails):
    connection.command(b"CREATE s")
    batch, size = [], 0
    for mail in mails:
        batch.append(appended(mail))
        size += len(mail.octets)
        if size > BATCH_OCTETS or mail is mails[-1]:
            connection.command(b"APPEND s " + b" ".join(batch))
            batch, size = [], 0
    connection.command(b"SELECT s")


def answer(connection, name, text):
    """What stands in the untagged response of that name; None where the server refuses."""
    try:
        for response in connection.command(text):
            if response.startswith(b"* " + name):
                return response[2 + len(name):].strip()
    except Refused:
        return None
    return b""


def numbers(connection, name, text):
    found = answer(connection, name, text)
    return None if found is None else [int(number) for number in found.split()]


class Run:
    def __init__(self, chosen, mails, ours, theirs):
        self.chosen = chosen
        self.mails = mails
        self.ours = ours
        self.theirs = theirs
        self.known = categories.read(LIST)
        self.counts = collections.Counter()
        self.asked = collections.Counter()
        self.unexplained = 0

    def note(self, category, what, ours, theirs):
        if category and all(name in self.known for name in category.split("+")):
            self.counts.update(category.split("+"))
            return
        self.unexplained += 1
        if self.unexplained <= self.chosen.show:
            print("%s%s\n    ours   %.300r\n    theirs %.300r"
                  % (what, ": " + category if category else "", ours, theirs), flush=True)

    # -- SEARCH

    def search(self):
        queries = Queries(self.chosen.seed, self.mails)
        for _ in range(self.chosen.queries):
            self.search_one(queries.key())
        for _ in range(self.chosen.queries // 10):
            self.search_many(queries.keys())

    def found(self, server, query):
        written = query if isinstance(query, bytes) else query.written
        found = numbers(server, b"SEARCH", b"SEARCH CHARSET UTF-8 " + written)
        return None if found is None else set(found)

    def search_one(self, query):
        self.asked["SEARCH " + query.key] += 1
        ours, theirs = self.found(self.ours, query), self.found(self.theirs, query)
        if ours is None or theirs is None:
            if ours is not theirs:
                self.note("", "refused: %r" % query.written, ours, theirs)
            return
        for number in sorted(ours ^ theirs):
            mail = self.mails[number - 1]
            category = explain(query, mail, number in ours)
            self.note(category, "%d %s: %r" % (number, mail.name, query.written),
                      number in ours, number in theirs)

    def search_many(self, query):
        """Whether each server agrees with itself: keys together against keys alone."""
        self.asked["SEARCH, many keys"] += 1
        everything = set(range(1, len(self.mails) + 1))
        for name, server in (("ours", self.ours), ("theirs", self.theirs)):
            whole = self.found(server, query.written)
            alone = [self.found(server, key) for key in query.keys]
            if whole is None or None in alone:  # what is refused alone is told of by search_one()
                if (whole is None) != (None in alone):
                    self.note("", "refused: %r" % query.written, whole, alone)
                continue
            parts = query.combined(alone, everything)
            if whole != parts:
                self.note("inconsistent-" + name, "%r" % query.written, whole, parts)

    # -- SORT and THREAD

    def sort(self):
        for program in sorting.programs(self.chosen.seed, self.chosen.sorts):
            self.asked["SORT"] += 1
            text = b"SORT (%s) UTF-8 ALL" % b" ".join(program)
            ours = numbers(self.ours, b"SORT", text)
            theirs = numbers(self.theirs, b"SORT", text)
            clear = sorting.regular(self.mails, program)
            if ours != theirs and len(clear) < len(self.mails):
                self.counts["sort-of-irregular-fields"] += 1
            self.compare_order("ours", program, ours, clear)
            self.compare_order("theirs", program, theirs, clear)

    def compare_order(self, whose, program, found, clear):
        """Among the messages of which it is clear what is compared."""
        members = {mail.number for mail in clear}
        right = sorting.sorted_numbers(clear, program)
        found = [number for number in found or () if number in members]
        if found != right and whose == "theirs":
            for habits in (("dates-in-32-bits",), ("empty-address-first",), sorting.HABITS):
                if found == sorting.sorted_numbers(clear, program, habits):
                    self.counts.update(habits)
                    return
        if found != right:
            at = next(i for i, pair in enumerate(zip(found + [0], right + [0]))
                      if pair[0] != pair[1])
            self.note("", "SORT %r: %s, from place %d on" % (program, whose, at),
                      found[at:at + 6], right[at:at + 6])

    def thread(self):
        program = [b"SUBJECT", b"DATE"]
        clear = [mail for mail in sorting.regular(self.mails, program)
                 if not sorting.has_irregular_ids(mail) and 0 <= sorting.sent(mail) < 1 << 32]
        chance = random.Random(self.chosen.seed)
        for algorithm in (b"REFERENCES", b"ORDEREDSUBJECT"):
            for size in [len(clear)] + [chance.randrange(len(clear)) for _ in range(30)]:
                self.asked["THREAD"] += 1
                some = sorted(mail.number for mail in chance.sample(clear, size))
                text = b"THREAD %s UTF-8 %s" % (algorithm, b",".join(b"%d" % n for n in some))
                if some:
                    self.compare_threads(text)

    def compare_threads(self, text):
        ours = answer(self.ours, b"THREAD", text)
        theirs = answer(self.theirs, b"THREAD", text)
        if ours != theirs:
            start = max(0, len(os.path.commonprefix([ours, theirs])) - 20)
            self.note("", "%.40r from %d on" % (text, start), ours[start:start + 80],
                      theirs[start:start + 80])

    def report(self, standard):
        """Prints the table; gives whether the run is a pass."""
        print("%d messages; %s" % (len(self.mails), ", ".join(
            "%d %s" % (count, name) for name, count in sorted(self.asked.items()))))
        print("%d differences that nothing explains" % self.unexplained)
        changed = False
        for name, category in self.known.items():
            note = ""
            if standard and self.counts[name] != category.count:
                note, changed = "  (%d in the list)" % category.count, True
            print("%6d  %-24s %s%s" % (self.counts[name], name, category.rule, note))
        return not self.unexplained and not changed


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program", help="path of postnook")
    parser.add_argument("folders", nargs="+", help="folders with messages and *.mbox files")
    parser.add_argument("--seed", type=int, default=STANDARD_SEED, metavar="N")
    parser.add_argument("--queries", type=int, default=STANDARD_QUERIES, metavar="N")
    parser.add_argument("--sorts", type=int, default=200, metavar="N")
    parser.add_argument("--show", type=int, default=20, metavar="N",
                        help="differences shown that nothing explains (default %(default)s)")
    parser.add_argument("--update", action="store_true",
                        help="write the counts of this run into searchcategories.txt")
    return parser.parse_args()


def main():
    sys.setrecursionlimit(20_000)
    chosen = options()
    mails = with_dates_and_flags(sources.originals(chosen.folders), chosen.seed)
    standard = (chosen.seed, chosen.queries) == (STANDARD_SEED, STANDARD_QUERIES)
    with servers.postnook(chosen.program) as ours, servers.dovecot() as dovecot:
        run = Run(chosen, mails, Connection(ours), Connection(dovecot.port))
        for server in (run.ours, run.theirs):
            store(server, mails)
        run.search()
        run.sort()
        run.thread()
    if chosen.update:
        categories.write_counts(run.counts, LIST)
    return 0 if run.report(standard and not chosen.update) else 1


if __name__ == "__main__":
    sys.exit(main())
