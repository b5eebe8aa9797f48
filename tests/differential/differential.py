#!/usr/bin/env python3
"""Compares Postnook with Dovecot, and both with the RFCs, over messages and mutants of them.

Every difference has to fall into a category of categories.txt; in the standard run (the messages of
../shared, the default seeds) the counts have to be those of the list, too.
"""

import argparse
import collections
import os
import re
import sys

import answers
import binary
import categories
import explanations
import judge
import responses
import servers
import sources
from connection import Connection, Refused

BATCH_MESSAGES = 200
BATCH_OCTETS = 8_000_000
STANDARD_SEEDS = [1, 2, 3]
STANDARD_MUTANTS = 1000


def batches(messages):
    batch, size = [], 0
    for message in messages:
        if batch and (len(batch) >= BATCH_MESSAGES or size + len(message.octets) > BATCH_OCTETS):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += len(message.octets)
    if batch:
        yield batch


def normalised(octets):
    """As Dovecot stores it; so both have the same octets to tell of."""
    return re.sub(rb"\r*\n", b"\r\n", octets)


def shown(ours, theirs):
    """Both values, long ones from a little before where they begin to differ."""
    ours, theirs = repr(ours), repr(theirs)
    same = len(os.path.commonprefix([ours, theirs]))
    start = max(0, same - 60) if same > 200 else 0
    return [("... " if start else "") + value[start:start + 400] for value in (ours, theirs)]


class Run:
    def __init__(self, options, ours, dovecot):
        self.options = options
        self.known = categories.read()
        self.ours = ours
        self.dovecot = dovecot
        self.theirs = Connection(dovecot.port)
        self.has_binary = all(b"BINARY" in server.capabilities
                              for server in (self.ours, self.theirs))
        self.counts = collections.Counter()
        self.unexplained = 0
        self.messages = 0

    def compare(self, batch):
        self.with_both(batch, [normalised(message.octets) for message in batch], self.judged)
        odd = [message for message in batch if normalised(message.octets) != message.octets]
        if odd:
            self.with_both(odd, [message.octets for message in odd], self.judged_line_ends)
        self.messages += len(batch)

    def with_both(self, batch, texts, judged):
        with answers.Mailbox(self.ours, "d") as ours, answers.Mailbox(self.theirs, "d") as theirs:
            ours.store(texts)
            theirs.store(texts)
            for number, (message, text) in enumerate(zip(batch, texts), 1):
                self.note(message, judged(text, number, ours, theirs))

    def judged(self, sent, number, ours, theirs):
        found = judge.Judge(sent, None, None)
        try:
            found.ours = ours.answer(number)
            found.theirs = theirs.answer(number)
            found.judge_octets()
            found.judge_structure()
            found.judge_fields()
            found.judge_consequences()
            sections = found.plan()
            ours.add_sections(number, found.ours, list(sections))
            theirs.add_sections(number, found.theirs, list(sections))
            found.judge_sections(sections)
            if self.has_binary:
                binary.BinaryJudge(found, number, ours, theirs).run()
        except (responses.GrammarError, Refused) as error:
            found.add("", "answer", None, None, "%s: %s" % (type(error).__name__, error))
        except ConnectionError as error:
            found.add("hangs-up" if self.dovecot.has_failed() else "", "answer", None, None,
                      str(error))
            theirs.reopen(Connection(self.dovecot.port))
            self.theirs = theirs.connection
        return found.findings

    def judged_line_ends(self, sent, number, ours, theirs):
        """Lines that do not end in CRLF: Dovecot has other octets, so ours is judged alone."""
        try:
            found = judge.Judge.alone(sent, ours.answer(number))
            sections = found.plan()
            ours.add_sections(number, found.ours, list(sections))
            found.judge_sections(sections)
        except (responses.GrammarError, Refused) as error:
            return [judge.Finding("", "answer", None, None, str(error))]
        stored = theirs.fetch(number, ("BODY.PEEK[]",))["BODY[]"]
        category = explanations.line_ends(sent, stored)
        return found.findings + [judge.Finding(category, "BODY[]", sent, stored)]

    def note(self, message, findings):
        for category in {finding.category for finding in findings if finding.category}:
            self.counts[category] += 1
        bad = [finding for finding in findings if finding.category not in self.known]
        self.unexplained += bool(bad)
        for finding in bad[:self.options.show]:
            print("%s: %s: %s%s\n    ours   %s\n    theirs %s"
                  % (message.name, finding.item, finding.category, finding.note,
                     *shown(finding.ours, finding.theirs)), flush=True)
        if bad and self.options.save:
            path = os.path.join(self.options.save, re.sub(r"[^\w.@-]", "_", message.name))
            with open(path, "wb") as out:
                out.write(message.octets)

    def report(self, standard):
        """Prints the table; gives whether the run is a pass."""
        print("%d messages, %d with a difference that nothing explains"
              % (self.messages, self.unexplained))
        changed = False
        for name, category in self.known.items():
            count = self.counts[name]
            note = ""
            if standard and count != category.count:
                note, changed = "  (%d in the list)" % category.count, True
            print("%6d  %-30s %s%s" % (count, name, category.rule, note))
        return not self.unexplained and not changed


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program", help="path of postnook")
    parser.add_argument("folders", nargs="+", help="folders with messages and *.mbox files")
    parser.add_argument("--mutants", type=int, default=STANDARD_MUTANTS, metavar="N",
                        help="for each seed (default %(default)s)")
    parser.add_argument("--seeds", type=int, nargs="*", default=STANDARD_SEEDS, metavar="N")
    parser.add_argument("--only", default="", metavar="REGEX", help="only messages of these names")
    parser.add_argument("--show", type=int, default=2, metavar="N",
                        help="differences shown of one message (default %(default)s)")
    parser.add_argument("--save", metavar="FOLDER",
                        help="where to write messages with differences that nothing explains")
    parser.add_argument("--update", action="store_true",
                        help="write the counts of this run into categories.txt")
    return parser.parse_args()


def main():
    sys.setrecursionlimit(20_000)
    chosen = options()
    originals = sources.originals(chosen.folders)
    messages = originals + list(sources.mutated(originals, chosen.seeds, chosen.mutants))
    messages = [message for message in messages if re.search(chosen.only, message.name)]
    standard = (chosen.seeds, chosen.mutants, chosen.only) == (STANDARD_SEEDS, STANDARD_MUTANTS, "")
    with servers.postnook(chosen.program) as ours, servers.dovecot() as dovecot:
        run = Run(chosen, Connection(ours), dovecot)
        for batch in batches(messages):
            run.compare(batch)
    if chosen.update:
        categories.write_counts(run.counts)
    return 0 if run.report(standard and not chosen.update) else 1


if __name__ == "__main__":
    sys.exit(main())
