"""What a supervisor sees of their team: references, stages and late duties, never content.

And the note of a meeting, prompt by prompt, which its writer alone reads again.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.domain.errors import WrongStateError
from broker.domain.model import Disclosure, Person
from broker.domain.oversight.records import PROMPTS, SupervisionNote
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.oversight import supervised
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId

MOST_SHOWN: Final = 100
LONGEST_ANSWER: Final = 4_000
_NOBODYS: Final = frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reference of the team, and the days of what is late about it, the oldest first."""

    disclosure: Disclosure
    late_since: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """What a team has in hand, the newest first; `team` is None where it is the whole body."""

    team: str | None
    lines: tuple[Line, ...]

    @property
    def late(self) -> int:
        """How many duties are late."""
        return sum(len(line.late_since) for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """Shows a team's work and keeps notes of supervision."""

    transaction: Transactions
    clock: Clock

    def team(self, person: Person) -> TeamView:
        """Return what the supervisor's team has in hand."""
        today = uk_day(self.clock())
        with self.transaction() as tx:
            team, members = _team_of(tx, person, today)
            found = [
                one
                for one in tx.listed(tx.store.disclosures_of(person.agency, limit=MOST_SHOWN))
                if members is None or one.requester in members
            ]
            late: dict[str, list[date]] = {}
            overdue = tx.duties.overdue(person.agency, today, _NOBODYS, limit=10 * MOST_SHOWN)
            for disclosure, duty in overdue:
                if duty.due_on is not None:
                    late.setdefault(str(disclosure.reference), []).append(duty.due_on)
        lines = (
            Line(disclosure=one, late_since=tuple(sorted(late.get(str(one.reference), []))))
            for one in found
        )
        return TeamView(team=team, lines=tuple(lines))

    def next_meeting(self, person: Person) -> date | None:
        """Return on which day the supervisor said that they meet again; None before any note."""
        with self.transaction() as tx:
            notes = tx.oversight.notes(person.id, person.agency)
        return notes[0].next_on if notes else None

    def notes(self, person: Person) -> tuple[SupervisionNote, ...]:
        """Return the supervisor's own notes, the newest first; that they are read is recorded."""
        with self.transaction() as tx:
            notes = tx.oversight.notes(person.id, person.agency)
            if notes:
                record_reading(tx, person, Content.QUESTIONS, Entrance.PAGE, None)
        return notes

    def note(self, words: Mapping[str, str], next_on: date, person: Person) -> SupervisionNote:
        """Keep what was said; raises `WrongStateError` for a day past, or nothing said."""
        today = uk_day(self.clock())
        said = {name: words.get(name, "").strip() for name in PROMPTS}
        if next_on <= today or not any(said.values()):
            raise WrongStateError("A note says something, and its next day lies in the future.")
        with self.transaction() as tx:
            team, _ = _team_of(tx, person, today)
            note = SupervisionNote(
                id=secrets.token_hex(8),
                agency=person.agency,
                team=team,
                by=person.id,
                on=today,
                next_on=next_on,
                words={name: text[:LONGEST_ANSWER] for name, text in said.items()},
            )
            tx.append(supervised(note, tx.oversight.put_note(note)))
        return note


def _team_of(
    tx: Transaction, person: Person, today: date
) -> tuple[str | None, frozenset[PersonId] | None]:
    """Return a supervisor's team and its people; None for the whole body."""
    held = tx.people.roles_of(person.id)
    teams = {
        one.team
        for one in held
        if one.role is Role.SUPERVISOR and one.agency == person.agency and one.stands_on(today)
    }
    # Without any team, or with one role for all of it, a supervisor looks after the body.
    if not teams or None in teams:
        return None, None
    team = min(one for one in teams if one is not None)
    members = (one.person for one in tx.people.roles() if one.team == team)
    return team, frozenset(members)
