"""People from a table as spreadsheets write it (CSV): every bad line named, or all taken."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from audit.format.plurals import counted
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.references import is_identifier
from broker.domain.roles import Role
from broker.domain.tables.spreadsheets import read_csv
from broker.domain.times import written_day
from broker.registers.people import NewPerson, NewRole, said_of
from broker.registers.person_checks import person_faults
from keys import AgencyId

COLUMNS: Final = (
    "agency",
    "name",
    "contact",
    "roles",
    "team",
    "from",
    "until",
    "deputy",
    "trained_until",
    "cleared_until",
)
"""The columns, in any order; all but the first four may be missing or empty."""

_NEEDED: Final = COLUMNS[:4]


def read_people(content: bytes) -> tuple[NewPerson, ...]:
    """Return the people of a CSV file in UTF-8, a line each under a line of column names.

    Raises `FaultyDocumentError` with every fault of every line; the places count lines from 1.
    """
    table = read_csv(content, COLUMNS, _NEEDED)
    people: list[NewPerson] = []
    faults: list[Fault] = []
    for number, cells in enumerate(table.lines, start=2):
        place = f"line {number}"
        if len(cells) != len(table.names):
            problem = f"has {counted(len(cells), 'field')} where line 1 has {len(table.names)}"
            faults.append(Fault(place=place, problem=problem))
            continue
        said = {name: value.strip() for name, value in zip(table.names, cells, strict=True)}
        found = tuple(_faults_of(said, place))
        faults += found
        if not found:
            people.append(_person(said, place))
    # What is known already is looked at when they are entered; all that the file says, here.
    faults += person_faults(map(said_of, people), (), frozenset())
    if faults:
        raise FaultyDocumentError(tuple(sorted(faults, key=_line)))
    return tuple(people)


def _line(fault: Fault) -> int:
    return int(re.sub(r"[^0-9]", "", fault.place.partition(".")[0]) or 0)


def _faults_of(said: Mapping[str, str], place: str) -> Iterator[Fault]:
    if not is_identifier(said["agency"]):
        yield Fault(place=f"{place}.agency", problem="must be the identifier of a body")
    words = said["roles"].split()
    if not words or not set(words) <= set(Role):
        yield Fault(place=f"{place}.roles", problem=f"must be of: {', '.join(Role)}")
    team = said.get("team", "")
    if team and not is_identifier(team):
        yield Fault(place=f"{place}.team", problem="must be an identifier, not a name")
    for name in ("from", "until", "trained_until", "cleared_until"):
        if said.get(name) and written_day(said[name]) is None:
            yield Fault(place=f"{place}.{name}", problem="must be a day such as 2026-03-16")
    begins, ends = written_day(said.get("from", "")), written_day(said.get("until", ""))
    if begins is not None and ends is not None and ends < begins:
        yield Fault(place=f"{place}.until", problem="is before the day from")
    if said.get("deputy", "") not in {"", "yes", "no"}:
        yield Fault(place=f"{place}.deputy", problem="must be yes or no")


def _person(said: Mapping[str, str], place: str) -> NewPerson:
    roles = tuple(
        NewRole(
            role=Role(word),
            team=said.get("team") or None,
            valid_from=written_day(said.get("from", "")),
            valid_until=written_day(said.get("until", "")),
            is_deputy=said.get("deputy") == "yes",
        )
        for word in said["roles"].split()
    )
    return NewPerson(
        agency=AgencyId(said["agency"]),
        name=said["name"],
        contact=said["contact"],
        roles=roles,
        trained_until=written_day(said.get("trained_until", "")),
        cleared_until=written_day(said.get("cleared_until", "")),
        place=place,
    )
