"""Breach records: opened from a disclosure or without one, written step by step, closed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from broker.delivery.person_notices import PersonNotices
from broker.disclosures.breaches.opening import (
    ANSWER_FOR_IT,
    HEAR_OF_IT,
    OPENED_NOTICE,
    Noticed,
    heard,
    open_record,
)
from broker.domain.breaches.record import (
    CHOICES,
    TAKES_A_MOMENT,
    WHY_LATE,
    Breach,
    Kind,
    Said,
    Step,
    UnknownBreachError,
    Written,
)
from broker.domain.breaches.words import STEPS
from broker.domain.errors import NotAllowedError, UnknownReferenceError, WrongStateError
from broker.domain.grounds import must_be_a_reason
from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import Clock
from broker.ledger.changes.breaches import breach_closed, breach_step
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.rows.delivering.breaches import Opening, Openings
from broker.storage.transaction import Transaction, Transactions

_SEES_THE_BODY: Final = (*ANSWER_FOR_IT, Role.LEAD)
_ONLY_WITH_A_REFERENCE: Final = "Say which disclosure it is about: open it from that page."


@dataclass(frozen=True, slots=True, kw_only=True)
class InWords:
    """A record with what was written in it, by the name of each piece."""

    breach: Breach
    words: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The records of a body, and what looks like one and has none yet."""

    records: tuple[Breach, ...]
    proposed: tuple[Disclosure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaches:
    """Keeps breach records; every method opens its own transaction.

    A body's Guardian and information governance read and write them; whoever noticed something
    opens one, and reads where it stands.
    """

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def open(self, noticed: Noticed, person: Person) -> Breach:
        """Open a record; the same again by the same person finds the one that is open.

        Raises `UnknownReferenceError` for a disclosure that is not theirs, `NotAllowedError`
        without one by anybody but Guardian, information governance and lead, for too few words,
        and for a moment that has not come yet.
        """
        must_be_a_reason(noticed.words)
        now = self.clock()
        _must_have_come(noticed.certain_at, now)
        with self.transaction() as tx:
            _must_be_theirs(tx, noticed.about, person)
            opened = open_record(tx, noticed, person, now)
            if opened.event is None:
                return opened.breach
            told = tuple(heard(tx, opened.breach, HEAR_OF_IT, OPENED_NOTICE, now))
            tx.append(opened.event)
        for notice in told:
            self.notices.send(notice, now)
        return opened.breach

    def listed(self, person: Person) -> Listed:
        """Return the records of the person's body, the open ones first, and what may be one."""
        with self.transaction() as tx:
            records = tx.breaches.of_agency(person.agency)
            known = {one.about for one in records}
            lost = tx.agreeing(
                one
                for one in tx.store.standing_at((State.REJECTED, State.UNKNOWN))
                if one.sender == person.agency
            )
        return Listed(
            records=records, proposed=tuple(one for one in lost if one.reference not in known)
        )

    def about(self, reference: Reference, person: Person) -> tuple[Breach, ...]:
        """Return the records about a disclosure of theirs, without a word of them."""
        with self.transaction() as tx:
            _must_be_theirs(tx, reference, person)
            return tx.breaches.about(reference)

    def read(self, id_: Reference, person: Person, how: Entrance) -> InWords:
        """Return a record with its words; that it is read is recorded first.

        Raises `UnknownBreachError`.
        """
        with self.transaction() as tx:
            breach = _of_body(tx, id_, person)
            openings = tx.breaches.openings(id_)
            record_reading(tx, person, Content.BREACH, how, id_)
        return InWords(breach=breach, words={name: one.words for name, one in openings.items()})

    def write(self, id_: Reference, said: Said, person: Person) -> Breach:
        """Write a step, over what stood there; returns the record as it stands now.

        Raises `UnknownBreachError`, `WrongStateError` once it was closed, and `NotAllowedError`
        for what the step does not take, with what it does.
        """
        now = self.clock()
        with self.transaction() as tx:
            breach = _of_body(tx, id_, person)
            _must_be_open(breach)
            _must_fit(breach, said, now)
            kind = Kind(said.choice) if said.step is Step.CERTAIN and said.choice else breach.kind
            written = Written(choice=said.choice, at=said.at)
            after = replace(breach, kind=kind, steps={**breach.steps, said.step: written})
            openings, committed = _with_words(tx.breaches.openings(id_), said)
            mark = tx.breaches.put(after, openings)
            tx.append(breach_step(after, person.id, said.step, mark, committed))
        return after

    def close(self, id_: Reference, person: Person) -> Breach:
        """Close a record that has all that it needs; raises `WrongStateError` with what it lacks.

        Nothing is written into it afterwards. Raises `UnknownBreachError`.
        """
        with self.transaction() as tx:
            breach = _of_body(tx, id_, person)
            _must_be_open(breach)
            if lacks := breach.lacks():
                asked = " ".join(STEPS[step] for step in lacks)
                raise WrongStateError(f"It cannot be closed yet. Still to be written: {asked}")
            after = replace(breach, closed_by=person.id, closed_at=self.clock())
            mark = tx.breaches.put(after, tx.breaches.openings(id_))
            tx.append(breach_closed(after, person.id, mark))
        return after


def _must_be_theirs(tx: Transaction, about: Reference | None, person: Person) -> None:
    """Return if a person may open a record about this, else raise as `Breaches.open`."""
    if about is None:
        if person.role not in _SEES_THE_BODY:
            raise NotAllowedError(_ONLY_WITH_A_REFERENCE)
        return
    if person.role not in _SEES_THE_BODY:
        tx.disclosure_for(about, person)
        return
    # What was erased may still have gone to the wrong place.
    if tx.disclosure(about).sender != person.agency:
        raise UnknownReferenceError


def _of_body(tx: Transaction, id_: Reference, person: Person) -> Breach:
    breach = tx.breaches.find(id_)
    if breach is None or breach.agency != person.agency:
        raise UnknownBreachError
    return breach


def _must_be_open(breach: Breach) -> None:
    if not breach.is_open:
        raise WrongStateError("This record is closed. Open another where something new came up.")


def _must_have_come(moment: datetime | None, now: datetime) -> None:
    if moment is not None and moment > now:
        raise NotAllowedError("That moment has not come yet. Say when it was.")


def _must_fit(breach: Breach, said: Said, now: datetime) -> None:
    must_be_a_reason(said.words)
    if said.step not in breach.needs():
        raise NotAllowedError(
            "A near miss does not have this step. Say first that it is a breach."
        )
    choices = CHOICES.get(said.step, ())
    if said.choice not in choices and (choices or said.choice is not None):
        listed = ", ".join(choices) or "words alone"
        raise NotAllowedError(f"This step takes one of: {listed}.")
    if (said.at is not None) != (said.step in TAKES_A_MOMENT):
        raise NotAllowedError("Say when, where the step asks for it, and nowhere else.")
    _must_have_come(said.at, now)
    if said.step is Step.REGULATOR and said.at is not None and breach.is_late_report(said.at):
        must_be_a_reason(said.late)


def _with_words(before: Openings, said: Said) -> tuple[Openings, dict[str, str]]:
    """Return all words with the new ones, and what the ledger commits to of these."""
    new = {said.step.value: Opening.of(said.words)}
    if said.late.strip():
        new[WHY_LATE] = Opening.of(said.late)
    return {**before, **new}, {name: one.commitment(name) for name, one in new.items()}
