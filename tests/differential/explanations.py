"""Why Dovecot says something else: one rule for each category of categories.txt.

A rule does not only recognise a difference: it computes what Dovecot's way gives for the message,
and names the category when that is what Dovecot said. Where the RFCs leave it open what to say
(OPEN), it is ours that has to pass: it is made of what stands in the field, and of nothing else.
"""

import itertools
import re
from dataclasses import dataclass

import addresses
import fields
import splitting
from responses import Address, Body

OPEN = object()  # the RFCs do not say what is right

HABITS = ("stand-in-empty", "epilogue-keeps-line-end", "boundary-cut-short", "empty-boundary",
          "parents-keep-line-end", "boundary-keeps-blanks", "no-part-at-end")


# -- octets

def octets(sent, theirs):
    if sent.endswith(b"\r") and theirs == sent[:-1]:
        return "cr-at-end"
    return ""


def line_ends(sent, theirs):
    """Of a message whose lines do not all end in CRLF."""
    made = re.sub(rb"\r{0,2}\n", b"\r\n", sent)
    return "bare-lf" if theirs in (made, made.removesuffix(b"\r")) else ""


# -- where the parts are

class TheirTrees:
    """The parts as Dovecot's habits have them, of one message."""

    def __init__(self, octets, describe, fits):
        self.octets = octets
        self.describe = describe
        self.fits = fits

    def split(self, habits):
        return splitting.Splitter(self.octets, self.describe, frozenset(habits)).split()

    def fewest(self):
        """A tree that is what Dovecot said, with the habits it needs; None: there is none."""
        tree = self.split(())
        if self.fits(tree):
            return tree, ()
        for count in range(1, len(HABITS) + 1):
            for habits in itertools.combinations(HABITS, count):
                tree = self.split(habits)
                if self.fits(tree):
                    return tree, habits
        return None, ()

    def all_that_fit(self, needed):
        """(tree, habit): sections show what BODYSTRUCTURE does not, such as sizes of multiparts."""
        yield self.split(needed), ""
        for habit in sorted(set(HABITS) - set(needed)):
            tree = self.split({habit, *needed})
            if self.fits(tree):
                yield tree, habit


# -- BODYSTRUCTURE

@dataclass
class PartContext:
    header: bytes
    is_message: bool  # the header is that of a message
    in_digest: bool
    ours: Body
    theirs: Body


DEFAULT_CHARSET = ((b"charset", b"us-ascii"),)


def has_charset(parameters):
    return any(name.lower() == b"charset" for name, _ in parameters)


def part_items(context):
    """(item, what is right or OPEN, explain) of all that a header says of its part."""
    yield from type_items(context)
    items = list(extension_items(context))
    if not context.ours.is_multipart and not context.theirs.is_multipart:
        items += single_part_items(context.header)
    for item, right, explain in items:
        yield item, right, lambda theirs, item=item, explain=explain: \
            not_mime(context, item, theirs) or explain(theirs)


UNTOLD = {"encoding": b"7bit", "language": ()}  # of other items: None


def not_mime(context, item, theirs):
    """Dovecot passes over the other fields of a message without MIME-Version and Content-Type."""
    names = {name for name, _ in fields.fields_of(context.header)}
    if context.is_message and not names & {b"mime-version", b"content-type"} \
            and theirs == UNTOLD.get(item):
        return "not-mime"
    return ""


def type_items(context):
    header = context.header
    typed = fields.content_type(header)
    if fields.first(header, b"content-type") is None:
        type_ = (b"message", b"rfc822") if context.in_digest else (b"text", b"plain")
        parameters = () if context.in_digest else DEFAULT_CHARSET
    elif typed is None:
        type_ = parameters = OPEN
    else:
        type_ = (typed.type.lower(), typed.subtype.lower())
        parameters = typed.parameters
        if type_ == (b"text", b"plain") and not has_charset(parameters):
            parameters += DEFAULT_CHARSET
    yield "type", type_, lambda theirs: type_difference(context, type_)
    if context.ours.type.lower() == context.theirs.type.lower():
        yield "parameters", parameters, lambda theirs: parameter_difference(
            context, parameters, theirs)


def type_difference(context, right):
    if right is OPEN and is_what_stands_there(context):
        return "content-type-outside-grammar"
    return ""


def is_what_stands_there(context):
    """A Content-Type outside of the grammar is shown by its own words, or as text/plain."""
    given = b" ".join(fields.values(context.header, b"content-type")).lower()
    ours = context.ours
    type_ = (ours.type.lower(), ours.subtype.lower())
    parameters = tuple((name.lower(), value.lower()) for name, value in ours.parameters)
    if type_ == (b"text", b"plain"):
        given += b" text plain charset us-ascii"
    return is_made_of(given, type_ + parameters)


def parameter_difference(context, right, theirs):
    if right is OPEN:
        return type_difference(context, right)
    if theirs == DEFAULT_CHARSET and [(name.lower(), value.lower()) for name, value in right] \
            == list(DEFAULT_CHARSET):
        return "charset-in-lower-case"
    if order_or_encoding(right, theirs):
        return order_or_encoding(right, theirs)
    is_text = context.ours.type.lower() == b"text" and context.ours.subtype.lower() != b"plain"
    if is_text and not has_charset(right) and theirs == right + DEFAULT_CHARSET:
        return "charset-for-any-text"
    return ""


def order_or_encoding(right, theirs):
    """Dovecot writes parameters in sections, and extended ones, behind the others."""
    if sorted(right) == sorted(theirs):
        return "parameter-order"

    def plain(parameters):
        return sorted((name, fields.percent_decoded(value) if name.endswith(b"*") else value)
                      for name, value in parameters)
    return "sections-not-encoded" if plain(right) == plain(theirs) else ""


def single_part_items(header):
    for item, name in (("id", b"content-id"), ("description", b"content-description")):
        yield item, fields.first_with_text(header, name), \
            lambda theirs, name=name: text(header, name, theirs)
    encoding = fields.encoding(header)
    yield "encoding", OPEN if encoding is None else encoding, \
        lambda theirs: encoding_difference(header, encoding, theirs)
    md5 = fields.md5(header)
    yield "md5", OPEN if md5 is None else md5 or None, \
        lambda theirs: text(header, b"content-md5", theirs)


def encoding_difference(header, right, theirs):
    given = fields.values(header, b"content-transfer-encoding")
    if len(given) > 1 and theirs == given[-1]:
        return "repeated-field-last"
    return "encoding-outside-grammar" if right is None and theirs == b"7bit" else ""


def extension_items(context):
    header = context.header
    found = fields.disposition(header)
    given = fields.first_with_text(header, b"content-disposition")
    if given is None:
        disposition = None
    else:
        disposition = OPEN if found is None else (found.type, found.parameters)
    yield "disposition", disposition, \
        lambda theirs: disposition_difference(context, disposition, theirs)
    languages = fields.languages(header)
    yield "language", OPEN if languages is None else languages, \
        lambda theirs: language_difference(context, languages)
    yield "location", fields.location(header), lambda theirs: text(
        header, b"content-location", theirs)


def disposition_difference(context, right, theirs):
    if right is None and theirs == (b"", ()):
        return "disposition-without-type"
    if isinstance(right, tuple) and theirs and theirs[0] == right[0] \
            and order_or_encoding(right[1], theirs[1]):
        return order_or_encoding(right[1], theirs[1])
    given = fields.values(context.header, b"content-disposition")
    if len(given) > 1 and theirs and is_made_of(given[-1], theirs):
        return "repeated-field-last"
    given = b" ".join(given)
    if right is OPEN and is_made_of(given, context.ours.disposition or ()):
        return "disposition-outside-grammar"
    return ""


def language_difference(context, right):
    given = b" ".join(fields.values(context.header, b"content-language"))
    if right is None and is_made_of(given, tuple(context.ours.language)):
        return "language-outside-grammar"
    return ""


# -- texts

def unfolded_in_place(value):
    """Unfolded, but trimmed in front only, and before that."""
    return re.sub(rb"\r?\n", b"", value.lstrip(b" \t").rstrip(b"\r\n"))


def collapsed(value):
    return re.sub(rb"[ \t\r\n]+", b" ", value).strip(b" ")


def text(header, name, theirs):
    raw = [value for found, value in fields.fields_of(header) if found == name]
    if not raw:
        return ""
    blank = not raw[0].strip() and theirs and not theirs.strip() and theirs in raw[0]
    if blank or theirs == unfolded_in_place(raw[0]):
        return "blanks-around-text"
    if theirs == collapsed(raw[0]):
        return "blanks-collapsed"
    unfolded = {unfolded_in_place(raw[0]), re.sub(rb"\r?\n", b"", raw[0])}
    if theirs in {value.replace(b"\r", cr) for value in unfolded for cr in (b"", b" ")}:
        return "bare-cr-in-text"
    if len(raw) > 1 and theirs in (unfolded_in_place(raw[-1]), collapsed(raw[-1])):
        return "repeated-field-last"
    return ""


# -- address lists

MADE_UP = (b"MISSING_MAILBOX", b"MISSING_DOMAIN", b"SYNTAX_ERROR")


def without_made_up(listed):
    return tuple(Address(address.name, address.route,
                         *(b"" if part in MADE_UP else part
                           for part in (address.mailbox, address.host)))
                 for address in listed)


def collapsed_names(listed):
    return tuple(Address(address.name and collapsed(address.name), address.route, address.mailbox,
                         address.host) for address in listed)


def without_blanks_in_names(listed):
    return tuple(Address((address.name or b"").replace(b" ", b""), address.route, address.mailbox,
                         address.host) for address in listed)


def words_of(value):
    """All words of all strings in a value of tuples and addresses."""
    if isinstance(value, Address):
        value = tuple(vars(value).values())
    if isinstance(value, tuple):
        return set().union(*map(words_of, value))
    return set(re.findall(rb"[0-9A-Za-z\x80-\xff]+", value or b""))


def is_made_of(given, ours):
    """Where the RFCs leave it open what to say, it has to be made of what stands there: of its
    words, with the characters dropped that mean nothing where they stand."""
    joined = re.sub(rb"[\x00-\x20\x7f<>:;()\\\"]", b"", given)
    return all(word in given or word in joined for word in words_of(ours))


def is_nothing(address):
    return address == Address(None, None, b"MISSING_MAILBOX", b"MISSING_DOMAIN")


def address_list(header, name, ours, theirs, right):
    if right is OPEN:
        if without_made_up(theirs) == ours:
            return "address-marks"
        given = b" ".join(fields.values(header, name) + fields.values(header, b"from"))
        return "addresses-outside-grammar" if is_made_of(given, ours) else ""
    if collapsed_names(right) == theirs:
        return "blanks-collapsed"
    if without_blanks_in_names(right) == without_blanks_in_names(theirs):
        return "words-apart"
    if tuple(address for address in theirs if not is_nothing(address)) == right:
        return "address-of-nobody"
    if name in (b"sender", b"reply-to") and not addresses.addresses_in(header, name):
        name = b"from"  # whose value they take
    if len(fields.values(header, name)) > 1 and theirs[:len(right)] == right:
        return "repeated-field-joined"
    given = b",".join(fields.values(header, name))
    if theirs != without_made_up(theirs) and re.search(rb"[ \t)]\.|\.[ \t(]", given):
        return "blanks-around-dots"
    return ""


# -- sections

def fields_run_on(tree, octets_, section_, theirs):
    """Dovecot reads on to the next empty line, past the delimiter that cut the header."""
    number, kind, partial = section_
    if "HEADER.FIELDS" not in kind or partial:
        return False
    found = splitting.section_range(tree, number, "HEADER", len(octets_))
    if found is None:
        return False
    end = re.compile(rb"(?:\A|\n)\r?\n").search(octets_, max(0, found[0] - 1))
    names = kind[kind.index("(") + 1:-1].lower().encode("ascii").split()
    header = octets_[found[0]:end.end() if end else len(octets_)]
    return theirs == splitting.filtered_header(header, names, ".NOT" in kind)


def piece_shifted(tree, octets_, section_, theirs):
    number, kind, partial = section_
    found = partial and splitting.section_range(tree, number, kind, len(octets_))
    if not found:
        return False
    start = found[0] + partial[0]
    end = min(start + partial[1], found[1])
    alone = len(re.findall(rb"\r(?!\n)", octets_))
    return any(theirs == octets_[max(0, start + shift):max(0, end + shift)]
               for distance in range(1, min(alone, 3) + 1) for shift in (-distance, distance))


def section(tree, section_, theirs, follows, value):
    number = section_[0]
    if follows is None and theirs == b"":
        return "absent-section-empty"
    if "HEADER.FIELDS" in section_[1] and follows is not None \
            and theirs in (follows + b"\r\n", follows + b"\r\n\r\n"):
        return "empty-line-made-up"
    # A part that has none in it counts as its own part 1.
    leaf = number
    while len(leaf) > 1 and leaf[-1] == 1:
        leaf = leaf[:-1]
        if splitting.find(tree, leaf) is not None:
            if follows is None and theirs == value(leaf):
                return "part-below-a-leaf"
            break
    return ""
