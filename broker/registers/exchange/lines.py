"""A contact as it stands in a file, one line each, and what must be true of it: pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from broker.domain.directory.backing import Listing
from broker.domain.directory.functions import NEVER_ADDRESSED, Function, rules_word
from broker.domain.errors import Fault
from broker.domain.model import Agency, Mailbox, MailboxId
from broker.domain.references import is_identifier
from broker.domain.tables.spreadsheets import BEGINS_A_FORMULA
from broker.registers.bodies.new import new_body
from broker.registers.directory import Entries
from broker.registers.naming import free_name
from keys import AgencyId

FIELDS: Final = (
    "organisation",
    "organisation_name",
    "organisation_kind",
    "id",
    "function",
    "title",
    "address",
    "telephone",
    "hours",
    "type",
    "accepts_encrypted",
)
"""The columns of a line, in their order; an empty `id` is a new contact."""

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    # The last two are words of the rules that stand for several of the directory's own.
    "function": (*Function, "panel", "partner-lead"),
    "type": ("role", "named-person", "personal-webmail", "portal"),
    "accepts_encrypted": ("yes", "no", "unknown"),
}
_TELEPHONE: Final = re.compile(r"[0-9+() -]{3,40}")
_LONGEST: Final = {"organisation_name": 200, "title": 200, "address": 254, "hours": 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a file: where it stands, and what it says by the names of `FIELDS`."""

    place: str
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file brings: bodies that are new, contacts, and at which line each stands."""

    bodies: tuple[Agency, ...]
    contacts: tuple[Mailbox, ...]
    places: Mapping[str, str]


def lines_of(entries: Entries) -> Iterator[dict[str, str]]:
    """Yield the contacts of a directory as lines; what is retired stays at home."""
    bodies = {body.id: body for body in entries.agencies}
    for contact in entries.mailboxes:
        if contact.backing.retired_on is None:
            body = bodies[contact.agency]
            yield {
                "organisation": body.id,
                "organisation_name": body.name,
                "organisation_kind": body.kind,
                "id": contact.id,
                "function": contact.listing.kept_as or contact.function,
                "title": contact.title,
                "address": contact.address,
                "telephone": contact.telephone,
                "hours": contact.listing.hours or "",
                "type": contact.type,
                "accepts_encrypted": contact.accepts_encrypted,
            }


def faults_of(lines: Iterable[Line], known: Entries) -> Iterator[Fault]:
    """Yield every fault of the form of every line; what it says is checked when it is kept."""
    bodies = {body.id for body in known.agencies}
    seen: set[str] = set()
    for line in lines:
        yield from _faults_of_one(line, bodies)
        name = line.says["id"]
        if name and name in seen:
            yield Fault(place=f"{line.place}.id", problem="stands on another line too")
        seen.add(name)
        bodies.add(AgencyId(line.says["organisation"]))


def read(lines: Iterable[Line], known: Entries) -> Read:
    """Return what lines without a fault bring; a contact that is known stays what else it is."""
    contacts = {one.id: one for one in known.mailboxes}
    bodies = {one.id: one for one in known.agencies}
    new: dict[AgencyId, Agency] = {}
    brought: list[Mailbox] = []
    places: dict[str, str] = {}
    for line in lines:
        says, body = line.says, AgencyId(line.says["organisation"])
        if body not in bodies and body not in new:
            new[body] = _body(body, says)
            places[f"agencies.{body}"] = line.place
        taken = {*contacts, *(one.id for one in brought)}
        name = MailboxId(says["id"] or free_name(f"{body}-{says['function']}", taken))
        brought.append(_contact(name, says, contacts.get(name)))
        places[f"mailboxes.{name}"] = line.place
    return Read(bodies=tuple(new.values()), contacts=tuple(brought), places=places)


def placed(fault: Fault, places: Mapping[str, str]) -> Fault:
    """Return a fault of an entry at the line of its file."""
    entry, _, field = fault.place.rpartition(".")
    place = places.get(entry)
    return fault if place is None else replace(fault, place=f"{place}.{field}")


def _faults_of_one(line: Line, bodies: Iterable[str]) -> Iterator[Fault]:
    says = line.says
    for field, problem in (
        *_faults_of_body(says, bodies),
        *_faults_of_choices(says),
        *_faults_of_texts(says),
    ):
        yield Fault(place=f"{line.place}.{field}", problem=problem)


def _faults_of_body(says: Mapping[str, str], bodies: Iterable[str]) -> Iterator[tuple[str, str]]:
    if not is_identifier(says["organisation"]):
        yield "organisation", "must be an identifier: small letters, digits and -"
    elif says["organisation"] not in bodies and not says["organisation_name"]:
        yield "organisation_name", "is needed for an organisation that is not known yet"
    if says["id"] and not is_identifier(says["id"]):
        yield "id", "must be an identifier: small letters, digits and -"


def _faults_of_choices(says: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field, offered in _CHOICES.items():
        if says[field] not in offered:
            yield field, f"must be one of: {', '.join(offered)}"


def _faults_of_texts(says: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not says["title"]:
        yield "title", "is empty"
    if not says["address"] and says["function"] not in {*NEVER_ADDRESSED}:
        yield "address", "is empty"
    if not _TELEPHONE.fullmatch(says["telephone"]):
        yield "telephone", "must be digits, with +, - and brackets at most"
    for field, most in _LONGEST.items():
        if len(says[field]) > most:
            yield field, f"must have {most} characters at most"
        if says[field].startswith(BEGINS_A_FORMULA):
            yield field, "must not begin with =, +, - or @, which a spreadsheet obeys"


def _body(name: AgencyId, says: Mapping[str, str]) -> Agency:
    return new_body(name, says["organisation_name"], says["organisation_kind"])


def _contact(name: MailboxId, says: Mapping[str, str], before: Mailbox | None) -> Mailbox:
    word = says["function"]
    function, kept_as = (rules_word(Function(word)), word) if word in {*Function} else (word, None)
    listing = Listing(kept_as=kept_as, hours=says["hours"] or None)
    if before is not None:
        was = before.listing.kept_as or before.function
        listing = replace(
            before.listing,
            kept_as=before.listing.kept_as if word == was else kept_as,
            hours=says["hours"] or None,
        )
    return Mailbox(
        id=name,
        agency=AgencyId(says["organisation"]),
        title=says["title"],
        address=says["address"],
        type=says["type"],
        accepts_encrypted=says["accepts_encrypted"],
        telephone=says["telephone"],
        function=function,
        version=1 if before is None else before.version,
        verified_on=None,
        verified_by=None,
        listing=listing,
    )
