"""Compares what two servers say of a message, and both with the second opinion."""

from dataclasses import dataclass

import addresses
import explanations
import fields
import splitting
from responses import Body

ENVELOPE_LISTS = (("from_", b"from"), ("sender", b"sender"), ("reply_to", b"reply-to"),
                  ("to", b"to"), ("cc", b"cc"), ("bcc", b"bcc"))
ENVELOPE_TEXTS = (("date", b"date"), ("subject", b"subject"), ("in_reply_to", b"in-reply-to"),
                  ("message_id", b"message-id"))
MAX_PARTS = 40  # whose sections are fetched, of one message


@dataclass(frozen=True)
class Finding:
    category: str  # "" when nothing explains it
    item: str
    ours: object
    theirs: object
    note: str = ""


def describer(body, is_ours):
    """What the headers say of their parts, by the server's own BODYSTRUCTURE. Ours reads extended
    boundaries (RFC 2231 4) too, and has parts in message/global, which IMAP4rev1 does not show."""
    by_path = {part.path: part for part in body.walk()}

    def describe(path, header):
        if path not in by_path and is_ours and is_in_global(path, by_path):
            by_path[path] = hidden_part(path, header, by_path.get(path[:-1]))
        part = by_path.get(path, Body(path))
        return splitting.Description(kind_of(part, is_ours), boundary_of(part, is_ours))
    return describe


def hidden_part(path, header, parent):
    """What a header says of a part that BODYSTRUCTURE does not show; a ";" too many is common."""
    found = fields.typed((fields.first(header, b"content-type") or b"").rstrip(b"; \t"), True)
    if found:
        return Body(path, found.type, found.subtype, found.parameters)
    in_digest = parent is not None and parent.is_type(b"multipart/digest")
    if in_digest and fields.first(header, b"content-type") is None:
        return Body(path, b"message", b"rfc822")
    return Body(path, b"text", b"plain")


def kind_of(part, is_ours):
    if part.type.lower() == b"multipart":
        return "multipart"
    is_message = part.is_type(b"message/rfc822") or (is_ours and part.is_type(b"message/global"))
    return "message" if is_message else "leaf"


def boundary_of(part, is_ours):
    boundary = None
    for name, value in reversed(part.parameters):
        if name.lower() == b"boundary":
            boundary = value
        elif name.lower() == b"boundary*" and is_ours:
            return fields.percent_decoded(value.split(b"'", 2)[-1])
    return boundary


def is_in_global(path, bodies):
    return any(path[:length] in bodies and bodies[path[:length]].is_type(b"message/global")
               for length in range(len(path)))


def outline_of_body(body):
    """Path, size and lines of each part as BODYSTRUCTURE has them."""
    return [(part.path, part.is_multipart, part.size, part.lines) for part in body.walk()]


def outline_of_tree(tree, body):
    by_path = {part.path: part for part in body.walk()}
    outline = []
    for part in tree.walk():
        if is_in_global(part.path, by_path):
            continue
        multipart = part.kind == "multipart"
        described = by_path.get(part.path)
        counts = described is not None and described.lines is not None
        outline.append((part.path, multipart,
                        None if multipart else part.body[1] - part.body[0],
                        part.lines if counts else None))
    return outline


class Judge:
    def __init__(self, sent, ours, theirs):
        self.sent = sent
        self.ours = ours
        self.theirs = theirs
        self.findings = []
        self.our_tree = self.their_tree = None
        self.habits = frozenset()

    def add(self, category, item, ours, theirs, note=""):
        self.findings.append(Finding(category, item, ours, theirs, note))

    def check(self, item, ours, theirs, right, explain):
        """`right` is what the RFCs want, or explanations.OPEN; explain(theirs) names why the
        other server differs, or gives ""."""
        if right is explanations.OPEN:
            if ours != theirs:
                self.add(explain(theirs), item, ours, theirs, "the RFCs leave it open")
        elif ours != right:
            self.add("", item, ours, theirs, "ours should be %r" % (right,))
        elif theirs != right:
            self.add(explain(theirs), item, ours, theirs)

    @classmethod
    def alone(cls, sent, ours):
        """Without a second server: everything else is checked the same."""
        judge = cls(sent, ours, ours)
        judge.judge_octets()
        judge.judge_structure_of_ours()
        judge.their_tree = judge.our_tree
        judge.judge_fields()
        return judge

    # -- octets

    def judge_octets(self):
        for what, answer in (("ours", self.ours), ("theirs", self.theirs)):
            if answer.size != len(answer.octets):
                self.add("", "RFC822.SIZE", self.ours.size, self.theirs.size,
                         "%s has %d octets" % (what, len(answer.octets)))
        if self.ours.octets != self.sent:
            self.add("", "BODY[]", self.ours.octets, self.sent, "is not what was sent")
        if self.theirs.octets != self.sent:
            self.add(explanations.octets(self.sent, self.theirs.octets), "BODY[]",
                     self.ours.octets, self.theirs.octets)

    # -- structure

    def judge_structure(self):
        self.judge_structure_of_ours()
        self.judge_structure_of_theirs()

    def judge_structure_of_ours(self):
        describe = describer(self.ours.body, True)
        self.our_tree = splitting.Splitter(self.ours.octets, describe).split()
        ours = outline_of_body(self.ours.body)
        right = outline_of_tree(self.our_tree, self.ours.body)
        if ours != right:
            self.add("", "BODYSTRUCTURE", ours, outline_of_body(self.theirs.body),
                     "ours should be %r" % (right,))

    def judge_structure_of_theirs(self):
        self.their_trees = explanations.TheirTrees(
            self.theirs.octets, describer(self.theirs.body, False),
            lambda tree: outline_of_tree(tree, self.theirs.body)
            == outline_of_body(self.theirs.body))
        self.their_tree, self.habits = self.their_trees.fewest()
        ours, theirs = outline_of_body(self.ours.body), outline_of_body(self.theirs.body)
        if self.their_tree is None:
            self.add("", "BODYSTRUCTURE", ours, theirs, "theirs does not follow from its headers")
        for habit in self.habits:
            self.add(habit, "BODYSTRUCTURE", ours, theirs)

    # -- fields

    def judge_fields(self):
        """Of the parts whose header both see at the same place."""
        our_bodies = {part.path: part for part in self.ours.body.walk()}
        their_bodies = {part.path: part for part in self.theirs.body.walk()}
        theirs_at = {}
        for part in (self.their_tree.walk() if self.their_tree else ()):
            theirs_at.setdefault(place_of(part, self.their_tree, their_bodies), part)
        for part in self.our_tree.walk():
            other = theirs_at.get(place_of(part, self.our_tree, our_bodies))
            if other is None or part.path not in our_bodies or other.path not in their_bodies:
                continue
            header = self.ours.octets[slice(*part.header)]
            _, is_message, is_in_digest = place_of(part, self.our_tree, our_bodies)
            context = explanations.PartContext(header, is_message, is_in_digest,
                                               our_bodies[part.path], their_bodies[other.path])
            self.judge_part(context)
            self.judge_envelope(part, header, our_bodies, other, their_bodies)

    def judge_part(self, context):
        where = "part %r " % (context.ours.path,)
        for name, right, explain in explanations.part_items(context):
            self.check(where + name, value_of(context.ours, name), value_of(context.theirs, name),
                       right, explain)

    def judge_envelope(self, part, header, our_bodies, other, their_bodies):
        ours = envelope_at(part.path, self.ours.envelope, our_bodies)
        theirs = envelope_at(other.path, self.theirs.envelope, their_bodies)
        if ours is None or theirs is None:
            return
        where = "ENVELOPE %r " % (part.path,)
        for name, field in ENVELOPE_TEXTS:
            self.check(where + name, getattr(ours, name), getattr(theirs, name),
                       fields.first(header, field),
                       lambda value, f=field: explanations.text(header, f, value))
        right_from = None
        for name, field in ENVELOPE_LISTS:
            try:
                right = addresses.addresses_in(header, field)
                if name == "from_":
                    right_from = right
                if not right and name in ("sender", "reply_to"):
                    right = explanations.OPEN if right_from is None else right_from
            except addresses.NotInTheGrammar:
                right = explanations.OPEN
            self.check(where + name, getattr(ours, name), getattr(theirs, name), right,
                       lambda value, f=field, r=right, o=getattr(ours, name):
                       explanations.address_list(header, f, o, value, r))

    def judge_consequences(self):
        """Parts may differ because of a habit, or of a header read differently. Else why?"""
        ours, theirs = outline_of_body(self.ours.body), outline_of_body(self.theirs.body)
        read_differently = any(finding.item.endswith((" type", " parameters"))
                               for finding in self.findings)
        told = self.habits or read_differently or self.ours.octets != self.theirs.octets
        if ours != theirs and not told:
            # The parts in it decide which delimiters are theirs.
            has_global = any(part.is_type(b"message/global") for part in self.ours.body.walk())
            self.add("message-global" if has_global else "", "BODYSTRUCTURE", ours, theirs,
                     "differs for no reason that was found")

    # -- sections

    def plan(self):
        """Item names to fetch of both, with the section each stands for."""
        numbers = []
        for tree in (self.our_tree, self.their_tree):
            if tree:
                numbers += [found for found, _ in splitting.numbers_of(tree)[:MAX_PARTS]]
        numbers = sorted(set(numbers))
        absent = {numbers[-1] + (1,), (numbers[-1][0] + 1,), numbers[0] + (7,), (99,)}
        sections = {}
        for kind in ("", "HEADER", "TEXT"):
            self.plan_section(sections, (), kind)
        for names in ("Subject From", "X-Absent", "Content-Type To RECEIVED"):
            for suffix in ("", ".NOT"):
                self.plan_section(sections, (), "HEADER.FIELDS%s (%s)" % (suffix, names))
        for number in numbers + sorted(absent - set(numbers)):
            for kind in ("", "MIME", "HEADER", "TEXT", "HEADER.FIELDS (Subject)",
                         "HEADER.FIELDS.NOT (Subject)"):
                self.plan_section(sections, number, kind)
        for number, kind in (((), ""), ((), "HEADER"), ((), "TEXT"), (numbers[0], ""),
                             (numbers[-1], ""), (numbers[-1], "MIME")):
            self.plan_partials(sections, number, kind)
        return sections

    @staticmethod
    def plan_section(sections, number, kind):
        name = ".".join(map(str, number)) + ("." if number and kind else "") + kind
        sections["BODY[%s]" % name] = (number, kind, None)

    def plan_partials(self, sections, number, kind):
        name = ".".join(map(str, number)) + ("." if number and kind else "") + kind
        found = splitting.section_range(self.our_tree, number, kind, len(self.ours.octets))
        size = found[1] - found[0] if found else 0
        partials = {0: size // 2 + 1, size: 1, size + 1: 1, size // 2: size + 2}
        if size:
            partials[size - 1] = 5
        for start, count in partials.items():
            sections["BODY[%s]<%d.%d>" % (name, start, count)] = (number, kind, (start, count))

    def judge_sections(self, sections):
        octets = self.ours.octets
        for item, section in sections.items():
            ours = self.ours.sections[item]
            theirs = self.theirs.sections[item]
            if self.is_of_global(section):
                if ours != theirs:
                    self.add("message-global", item, ours, theirs)
                continue
            right = section_value(self.our_tree, octets, section)
            if ours != right:
                self.add("", item, ours, theirs, "ours should be %.300r" % (right,))
            elif ours != theirs and self.their_tree:
                if theirs == section_value(self.their_tree, self.theirs.octets, section):
                    continue  # the structure that differs was told already
                self.add(self.explain_section(section, theirs), item, ours, theirs)

    def is_of_global(self, section):
        """Whether a section is one of a message in message/global: we have such, although IMAP4rev1
        knows them for message/rfc822 only, so that nobody asks."""
        number, kind, _ = section
        bodies = {part.path: part for part in self.ours.body.walk()}
        for length in range(1, len(number) + 1):
            part = splitting.find(self.our_tree, number[:length])
            if part and part.path in bodies and bodies[part.path].is_type(b"message/global"):
                return length < len(number) or kind not in ("", "MIME")
        return False

    def explain_section(self, section, theirs):
        def value(number, tree):
            return section_value(tree, self.theirs.octets, (number, *section[1:]))
        for tree, habit in self.their_trees.all_that_fit(self.habits):
            if habit and theirs == value(section[0], tree):
                return habit
            category = explanations.section(
                tree, section, theirs, value(section[0], tree),
                lambda number, tree=tree: value(number, tree))
            if category:
                return category
            if explanations.fields_run_on(tree, self.theirs.octets, section, theirs):
                return "fields-run-on"
            if explanations.piece_shifted(tree, self.theirs.octets, section, theirs):
                return "piece-shifted"
        return ""


def section_value(tree, octets, section):
    number, kind, partial = section
    base, _, names = kind.partition(".FIELDS")
    found = splitting.section_range(tree, number, base, len(octets))
    if found is None:
        return None
    value = octets[slice(*found)]
    if names:
        listed = names[names.index("(") + 1:-1].lower().encode("ascii").split()
        value = splitting.filtered_header(value, listed, names.startswith(".NOT"))
    if partial:
        start, count = partial
        value = value[start:start + count]
    return value


def value_of(body, name):
    if name == "type":
        return (body.type.lower(), body.subtype.lower())
    if name == "disposition":
        return body.disposition
    return getattr(body, name)


def place_of(part, tree, bodies):
    """Where its header is, and what it is the header of: this decides how to read it."""
    is_in_digest = parent_subtype(part.path, bodies) == b"digest" and not part.is_stand_in
    return part.header, is_in_message(part, tree), is_in_digest


def parent_subtype(path, bodies):
    parent = bodies.get(path[:-1]) if path else None
    return parent.subtype.lower() if parent is not None and parent.is_multipart else b""


def is_in_message(part, tree):
    """Whether the part is the body of a message: the header is that of the message then."""
    if not part.path:
        return True
    parent = tree
    for step in part.path[:-1]:
        parent = parent.children[step]
    return parent.kind == "message"


def envelope_at(path, outermost, bodies):
    """The ENVELOPE of the message whose header the part at `path` has, or None."""
    if not path:
        return outermost
    parent = bodies.get(path[:-1])
    return parent.envelope if parent is not None else None
