"""A list of known differences: categories.txt, which see for its form, and its like."""

import os
from dataclasses import dataclass

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "categories.txt")


@dataclass(frozen=True)
class Category:
    name: str
    count: int  # messages of the standard run
    rule: str  # who is right by which RFC
    what: str


def read(path=PATH):
    known = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                name, count, rule, what = (text.strip() for text in line.split("|"))
                known[name] = Category(name, int(count), rule, what)
    return known


def write_counts(counts, path=PATH):
    with open(path, encoding="ascii") as source:
        lines = source.readlines()
    with open(path, "w", encoding="ascii") as out:
        for line in lines:
            parts = line.split("|")
            if len(parts) == 4 and not line.startswith("#"):
                parts[1] = " %d " % counts[parts[0].strip()]
                line = "|".join(parts)
            out.write(line)
