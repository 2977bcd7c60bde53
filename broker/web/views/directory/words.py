"""Where a contact stands, in the words that people read, and what their forms offer: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from broker.domain.directory.backing import (
    NUMBER_FROM_IN_WORDS,
    SOON,
    NumberFrom,
    counts_until,
)
from broker.domain.directory.functions import TITLES, Function
from broker.domain.directory.profiles import SEALED_AS, RecipientProfile
from broker.domain.errors import Fault
from broker.domain.model import Mailbox
from broker.domain.times import spelled_day, spelled_moment, uk_day
from broker.registers.contact_changes import is_complete
from broker.web.forms.problems import Problem

TYPES = {
    "role": "A mailbox of a team or function",
    "named-person": "The mailbox of one person",
    "portal": "A page where documents are left",
    "personal-webmail": "A private address at a public provider",
}
ENCRYPTED = {
    "yes": "Yes, they can open one",
    "no": "No, they cannot",
    "unknown": "Nobody knows yet",
}
LABELS = {
    "title": "Title",
    "address": "Email address",
    "telephone": "Telephone number",
    "kept_as": "What they are for",
    "function": "What they are for",
    "type": "Kind of mailbox",
    "accepts_encrypted": "Locked documents",
    "hours": "Hours",
    "number": "Number that you rang",
    "source": "Where the number came from",
    "spoke_to": "Whom you spoke to",
    "name": "Name",
    "kind": "Kind of organisation",
    "guardian_body": "Whose Guardian decides",
    "check_purposes": "What the lead checks",
    "bases": "Legal basis",
}
"""What each field of a form is called where something is wrong with it."""

NOT_FILLED_IN = "Not filled in yet"

DONE = {
    "added": "Entered",
    "changed": "Changed",
    "verified": "Confirmed on the telephone",
    "retired": "Retired",
    "sealed": "Taken over from an earlier release",
}
"""What the ledger says was done with an entry, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a contact stands: a word on a coloured tag, what else, and whether it counts."""

    words: str
    more: str
    colour: str
    counts: bool


def standing(contact: Mailbox, now: datetime) -> Standing:
    """Return where a contact stands at a moment."""
    backing = contact.backing
    if backing.retired_on is not None:
        return _not_used("Retired", "grey", f"on {spelled_day(backing.retired_on)}")
    if not is_complete(contact):
        return _not_used(NOT_FILLED_IN, "yellow")
    if backing.waits_until is not None and now < backing.waits_until:
        return _not_used("Waits", "yellow", f"until {spelled_moment(backing.waits_until)}")
    if contact.verified_on is None:
        return _not_used("Not checked", "red", "by telephone yet")
    return _checked(contact, contact.verified_on, uk_day(now))


def _checked(contact: Mailbox, on: date, today: date) -> Standing:
    until = counts_until(on)
    if not contact.counts_on(today):
        return _not_used("Lapsed", "red", f"on {spelled_day(until)}. Somebody must ring again")
    if until - today <= SOON:
        return Standing(
            words="Ring again", more=f"by {spelled_day(until)}", colour="yellow", counts=True
        )
    return Standing(
        words="Checked", more=f"by telephone on {spelled_day(on)}", colour="green", counts=True
    )


def function_of(contact: Mailbox) -> str:
    """Return what a contact is for, as people read it."""
    word = contact.listing.kept_as or contact.function
    return TITLES[Function(word)] if word in {*Function} else word.replace("-", " ").capitalize()


def sources() -> dict[str, str]:
    """Return where the first number of a contact may come from."""
    return {
        one.value: NUMBER_FROM_IN_WORDS[one][:1].upper() + NUMBER_FROM_IN_WORDS[one][1:]
        for one in NumberFrom
        if one is not NumberFrom.BEFORE
    }


def problems_of(faults: Iterable[Fault]) -> list[Problem]:
    """Return what is wrong with an entry, each beside the field that it is about."""
    return [_problem(fault) for fault in faults]


def _problem(fault: Fault) -> Problem:
    field = fault.place.rpartition(".")[2]
    shown = "kept_as" if field == "function" else field
    return Problem(field=shown, message=f"{LABELS.get(field, 'This entry')} {fault.problem}")


def _not_used(words: str, colour: str, more: str = "") -> Standing:
    return Standing(words=words, more=more, colour=colour, counts=False)


def profile_of(profile: RecipientProfile) -> str:
    """Return how a contact takes documents, in words."""
    most = profile.most_megabytes
    size = "" if most is None else f". A message may have {most} MB"
    as_sent = (
        ". Files as they were sent, where they are asked for" if profile.takes_originals else ""
    )
    return f"{SEALED_AS[profile.sealed_as]}{size}{as_sent}"
