"""Why Dovecot finds another message: the habits of it that give just its answer."""

import itertools

import addresses
import fields
import sorting
from searchtexts import ADDRESS_FIELDS

HABITS = ("titled", "html-source", "no-attachment-names", "body-without-headers",
          "addresses-rewritten", "blanks-count", "stand-in-unsearched", "no-type-unsearched",
          "encoding-unsearched", "blanks-as-written", "messages-undecoded")
UNKNOWN_CHARSETS = (b"ks_c_5601-1987",)  # to Dovecot
MAX_HABITS = 3
TEXT_KEYS = ("BODY", "TEXT", "SUBJECT", "FROM", "TO", "CC", "HEADER")


def explain(query, mail, is_ours):
    """The category of a message that one of the two finds; "" where there is none."""
    if query.key in TEXT_KEYS:
        return explain_text(query, mail, is_ours)
    if query.key in ("BEFORE", "ON", "SINCE"):
        return explain_arrival(query, mail, is_ours)
    if query.key.startswith("SENT"):
        return explain_sent(query, mail, is_ours)
    return ""


def is_in(key, day, wanted):
    return day < wanted if key.endswith("BEFORE") else day == wanted if key.endswith("ON") \
        else day >= wanted


def explain_arrival(query, mail, is_ours):
    if is_in(query.key, mail.arrived_day(), query.day) != is_ours:
        return "ours is another"
    theirs = is_in(query.key, mail.arrived_day(("arrival-in-utc",)), query.day)
    return "arrival-in-utc" if theirs != is_ours else ""


def explain_sent(query, mail, is_ours):
    if not sorting.is_open(mail, b"DATE"):
        day = mail.sent_day()
        if day is None and not is_ours:
            return "no-date-is-1970"
        return "sent-day-wrong" if day is not None and is_in(query.key, day, query.day) == is_ours \
            else ""
    return "date-outside-grammar"


def explain_text(query, mail, is_ours):
    def found(habits):
        return mail.has(query.key, query.name, query.text, habits)

    is_open = open_category(query, mail)
    if found(()) != is_ours:
        # Broken HTML can be read in many ways.
        is_html = found(("html-unread",)) == is_ours or found(("html-source",)) == is_ours
        return is_open or ("html-outside-grammar" if is_html else "ours is another")
    for count in range(1, MAX_HABITS + 1):
        for habits in itertools.combinations(HABITS, count):
            if found(habits) != is_ours:
                return "+".join(habits)
    return is_open


def is_utf8(octets):
    try:
        return octets.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False


def open_category(query, mail):
    """Where the RFCs do not say how to read what is searched."""
    if query.name in ADDRESS_FIELDS:
        for value in fields.values(mail.header, query.name):
            try:
                addresses.parsed(value)
            except addresses.NotInTheGrammar:
                return "addresses-outside-grammar"
    if query.name and any(not is_utf8(v) for v in fields.values(mail.header, query.name)):
        return "header-in-8-bit"
    if any(charset in mail.octets.lower() for charset in UNKNOWN_CHARSETS):
        return "charset-unread"
    if query.key in ("BODY", "TEXT") and mail.has_unreadable_type:
        return "type-outside-grammar"
    return ""
