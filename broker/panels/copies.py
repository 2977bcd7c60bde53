"""One copy a person: opened by those who are asked to the meeting, with their name and the time.

Each opening is judged by the rules anew with that person as requester (R02 by the case, R24 by the
record of the meeting), and is an entry before anything is shown.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from broker.cases.meetings import facts_for
from broker.disclosures.judge import Judge
from broker.domain.form import label_of
from broker.domain.json_values import as_array
from broker.domain.model import Person
from broker.domain.panels.meetings import (
    COPIES_END_AFTER,
    Attendee,
    Meeting,
)
from broker.domain.panels.packs import PackState, PanelPack, Released
from broker.domain.references import Reference
from broker.domain.times import Clock, rfc3339, spelled_moment, uk_day
from broker.ledger.readings import Content, Entrance, record_reading
from broker.panels.reading import newest_pack
from broker.panels.refusals import CopyClosedError
from broker.panels.released import came_to_panel
from broker.panels.standing import meeting_for
from broker.panels.waiting import opening_pack, who_waits
from broker.storage.transaction import Transaction, Transactions
from keys import CannotOpenError
from policies import Outcome, decide

_NO_PACK: Final = "There is no pack yet: the coordinator builds it, and the chair approves it."

_DOES_NOT_OPEN: Final = {
    PackState.BUILT: "The pack is built, and opens once the chair of the meeting approves it.",
    PackState.APPROVED: "This pack was stopped. The coordinator builds another.",
    PackState.WITHDRAWN: "This pack was withdrawn. The coordinator builds another.",
    PackState.ENDED: "Copies of this pack are over.",
}
"""Why no copy opens of a pack that stands there, an approved one where it was stopped since."""

_GOES = frozenset({Outcome.PERMIT, Outcome.PERMIT_WITH_OBLIGATIONS, Outcome.EMERGENCY})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCopy:
    """What somebody reads: their own copy, whose it is and when it was opened on every page."""

    meeting: Meeting
    pack: Reference
    number: int
    name: str
    person: Person
    body: str
    opened_at: datetime
    until: date
    blocks: tuple[Released, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "meeting": str(self.meeting.reference),
            "pack": str(self.pack),
            "copy": self.number,
            "for": {"person": self.person.id, "name": self.name, "body": self.body},
            "opened_at": rfc3339(self.opened_at),
            "until": self.until.isoformat(),
            "fields": [{**one.document(), "label": label_of(one.field)} for one in self.blocks],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelCopies:
    """Opens copies; every method opens its own transaction."""

    transaction: Transactions
    judge: Judge
    clock: Clock

    def open(self, reference: Reference, person: Person, how: Entrance) -> OpenedCopy:
        """Return the copy of somebody who is asked to a meeting; the opening is recorded first.

        Raises `UnknownMeetingError` for anybody else, whoever they are, and `CopyClosedError`
        where it cannot be opened now: not approved, over, stopped, refused by the rules, or its
        reader sent apologies or lacks training or clearance.
        """
        now = self.clock()
        with self.transaction() as tx:
            meeting, one = meeting_for(tx, reference, person)
            must_be_let_in(tx, one, uk_day(now))
            must_not_be_over(meeting, uk_day(now))
            pack = _open_pack(tx, meeting, person)
            blocks = self._let_go(tx, meeting, pack, person, now)
            found = tx.people.find(person.id)
            copy = OpenedCopy(
                meeting=meeting,
                pack=pack.disclosure,
                number=one.number,
                name=person.id if found is None else found.name,
                person=person,
                body=tx.directory.agency(person.agency).name,
                opened_at=now,
                until=meeting.on + COPIES_END_AFTER,
                blocks=blocks,
            )
            record_reading(tx, person, Content.PANEL_COPY, how, pack.disclosure)
        return copy

    def _let_go(
        self, tx: Transaction, meeting: Meeting, pack: PanelPack, person: Person, now: datetime
    ) -> tuple[Released, ...]:
        """Return what the rules let this person read now, as whoever asks for it."""
        file = tx.case_file(tx.disclosure(pack.disclosure))
        facts = file.facts()
        asked = facts_for(tx, meeting, person, facts["requester"], uk_day(now))
        rulebook = self.judge.rules.in_force(tx, now)
        decision = decide({**facts, **asked, "asked_at": now.isoformat()}, rulebook)
        if decision.outcome not in _GOES:
            raise CopyClosedError.by(decision)
        shown = file.panel_copy()
        if shown is None:
            # Copies end by an entry; here somebody took them away.
            raise CannotOpenError
        kept = map(Released.of_document, as_array(shown))
        blocks = tuple(one for one in kept if one.field in decision.release)
        for source in dict.fromkeys(one.source for one in blocks):
            if not came_to_panel(tx, meeting, tx.disclosure(source)):
                raise CopyClosedError(
                    "A body stopped what it had released, so no copy opens. The coordinator "
                    "builds the pack anew."
                )
        return blocks


def must_be_let_in(tx: Transaction, one: Attendee, today: date) -> None:
    """Return for somebody who comes, trained and cleared; else raise `CopyClosedError`."""
    if not one.may_read:
        raise CopyClosedError("You do not come to this meeting, so there is no copy for you.")
    person = tx.people.person(one.person)
    for until, what in (
        (person.trained_until, "training"),
        (person.cleared_until, "clearance"),
    ):
        if until is None or until < today:
            raise CopyClosedError(
                f"Your {what} is not in date in the register, and a panel's pack needs it. Your "
                "administrator enters it."
            )


def must_not_be_over(meeting: Meeting, today: date) -> None:
    """Return while copies for a meeting may be opened; else raise `CopyClosedError`."""
    if not meeting.is_open_on(today):
        raise CopyClosedError("Copies are over: they end on the day after the meeting.")


def _open_pack(tx: Transaction, meeting: Meeting, person: Person) -> PanelPack:
    """Return the pack whose copies open; else raise `CopyClosedError`, saying why."""
    found = opening_pack(tx, meeting)
    if found is None:
        newest = newest_pack(tx, meeting)
        stands = _NO_PACK if newest is None else _DOES_NOT_OPEN[newest.state]
        raise CopyClosedError(f"{stands} {_what_was_asked(tx, meeting, person)}")
    return found


def _what_was_asked(tx: Transaction, meeting: Meeting, person: Person) -> str:
    """Return how to ask for the pack, or when one did and who answers."""
    since = who_waits(tx, meeting).get(person.id)
    if since is None:
        return "You can ask for it."
    council, chair = tx.directory.agency(meeting.agency).name, tx.people.find(meeting.chair)
    name = meeting.chair if chair is None else chair.name
    return (
        f"You asked for it at {spelled_moment(since)}, and need not ask again. The coordinator of "
        f"{council} answers, and {name}, who chairs the meeting. You are told once it opens."
    )
