"""Messages to compare with: files, mboxes cut into their messages, and mutants of both."""

import os
import re
from dataclasses import dataclass

import mutants

SKIPPED = {"README.md", "expect.json"}
MAX_MUTANT_SOURCE = 24_000  # octets; of larger messages mutants are slow and show nothing new


@dataclass(frozen=True)
class Message:
    name: str  # a path, or a path with the seed and number of a mutant
    octets: bytes


def files(folders):
    for folder in folders:
        for root, names, leaves in os.walk(folder):
            names.sort()
            for leaf in sorted(set(leaves) - SKIPPED):
                path = os.path.join(root, leaf)
                with open(path, "rb") as source:
                    yield os.path.relpath(path, os.path.dirname(os.path.abspath(folder))), \
                        source.read()


def originals(folders):
    messages = []
    for name, octets in files(folders):
        if name.endswith(".mbox"):
            pieces = re.split(rb"(?m)^(?=From )", octets)
            messages += [Message("%s#%d" % (name, number), piece)
                         for number, piece in enumerate(pieces, 1) if piece]
        else:
            messages.append(Message(name, octets))
    return [message for message in messages if is_stored_by_both(message.octets)]


def is_stored_by_both(octets):
    """Dovecot refuses an empty message, Postnook a NUL in a literal (RFC 9051 section 9, CHAR8)."""
    return octets and b"\0" not in octets


def mutated(messages, seeds, count):
    """`count` mutants for each seed, always the same for the same messages."""
    small = [message for message in messages if 0 < len(message.octets) <= MAX_MUTANT_SOURCE]
    for seed in seeds:
        for number in range(count):
            name, octets = mutants.mutant(small, seed, number)
            yield Message("%s@%d/%d" % (name, seed, number), octets)
