"""Concerns about sharing: raised by one side, seen by both Guardians and the ICB lead, settled.

Nothing is sent, answered or asked by any of it: a fact that has changed makes a new decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.grounds import must_be_a_reason
from broker.domain.json_values import as_object, text
from broker.domain.model import Person
from broker.domain.partner_requests.concerns import (
    Outcome,
    SharingConcern,
    UnknownSharingConcernError,
    Wrong,
    can_be_raised,
)
from broker.domain.partner_requests.copies import Copy, CopyName, UnknownCopyError
from broker.domain.roles import Role
from broker.domain.times import Clock, moment_text, rfc3339, uk_day
from broker.ledger.changes import sharing as recorded
from broker.ledger.readings import Content, Entrance, record_reading
from broker.partner_requests.standing import has_come, icb_bodies, is_asked_by, may_answer
from broker.registers.checkers import colleagues
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions

SETTLERS: Final = frozenset({Role.GUARDIAN, Role.LEAD})
"""Who says how a concern is settled: a Guardian of either body, or a lead of the ICB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernShown:
    """A concern about sharing with the words of who raised and who closed it.

    `settles` says whether whoever reads it may say how it is settled.
    """

    concern: SharingConcern
    why: str
    settled: str
    settles: bool

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {**concern_document(self.concern), "why": self.why, "settled": self.settled}


def concern_document(found: SharingConcern) -> dict[str, object]:
    """Return a concern about sharing in a list: codes, bodies and moments."""
    return {
        "concern": found.name,
        "copy": str(found.copy),
        "wrong": found.wrong.value,
        "asking": found.asking,
        "asked": found.asked,
        "raised_for": found.raised_for,
        "raised_by": found.raised_by,
        "raised_at": rfc3339(found.raised_at),
        "outcome": None if found.outcome is None else found.outcome.value,
        "closed_by": found.closed_by,
        "closed_at": moment_text(found.closed_at),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputing:
    """What is done about sharing that went wrong; every method opens its own transaction."""

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def can_raise(self, name: CopyName, person: Person) -> tuple[Wrong, ...]:
        """Return what somebody can raise about a copy now; raises `UnknownCopyError`."""
        with self.transaction() as tx:
            copy, asks = _own_side(tx, name, person)
            is_open = any(one.outcome is None for one in tx.sharing.about(name))
        return () if is_open else can_be_raised(copy, uk_day(self.clock()), asks=asks)

    def raise_one(self, name: CopyName, person: Person, wrong: Wrong, why: str) -> SharingConcern:
        """Raise a concern about a copy, and tell both Guardians and the ICB lead by mail.

        The same again is raised once. Raises `UnknownCopyError`, `NotAllowedError` without a
        reason, and `WrongStateError` where one is open already or this is not wrong with it.
        """
        must_be_a_reason(why)
        now = self.clock()
        with self.transaction() as tx:
            copy, asks = _own_side(tx, name, person, to_change=True)
            before = tx.sharing.about(name)
            is_open = next((one for one in before if one.outcome is None), None)
            if is_open is not None:
                said_before = _words(tx, copy, _raised(is_open))
                if (is_open.raised_by, is_open.wrong, said_before) == (person.id, wrong, why):
                    return is_open
                raise WrongStateError("A concern about sharing is open about this already.")
            if wrong not in can_be_raised(copy, uk_day(now), asks=asks):
                raise WrongStateError("As it stands, this cannot be raised about it.")
            found = SharingConcern(
                copy=name,
                number=len(before) + 1,
                wrong=wrong,
                asking=copy.asking,
                asked=copy.asked,
                raised_for=copy.asking if asks else copy.asked,
                raised_by=person.id,
                raised_at=now,
            )
            words_c = _keep(tx, copy, _raised(found), why, person)
            heard = tuple(dict.fromkeys(self._who_hears(tx, found)))
            tx.append(recorded.raised(found, tx.sharing.put(found), words_c))
        for address in heard:
            said = "One side says that sharing went wrong. Sign in to see what, and to settle it."
            subject = f"A concern about sharing: {name}"
            self.notices.send(PersonNotice(to=address, subject=subject, sentences=(said,)), now)
        return found

    def close(self, named: str, person: Person, outcome: Outcome, why: str) -> SharingConcern:
        """Close a concern with its outcome and a reason.

        A Guardian of either body or the ICB lead settles it; whoever raised it takes it back. The
        same again is done once. Raises `UnknownSharingConcernError`, `NotAllowedError`,
        `WrongStateError`.
        """
        must_be_a_reason(why)
        with self.transaction() as tx:
            found = _seen(tx, named, person)
            if person.id != found.raised_by and not _settles(tx, found, person):
                raise NotAllowedError("A Guardian of either body, or the ICB lead, settles it.")
            copy = tx.copies.copy(found.copy)
            said_before = (found.closed_by, found.outcome, _words(tx, copy, _closed(found)))
            if said_before == (person.id, outcome, why):
                return found
            after = found.closed(outcome, person.id, self.clock())
            words_c = _keep(tx, copy, _closed(found), why, person)
            tx.append(recorded.closed(after, tx.sharing.put(after), words_c))
        return after

    def listed(self, person: Person) -> tuple[SharingConcern, ...]:
        """Return the concerns that are somebody's to see, the newest first; codes alone."""
        with self.transaction() as tx:
            everywhere = None if _leads_icb(tx, person) else person.agency
            return tuple(
                one for one in tx.sharing.between(everywhere) if _may_see(tx, one, person)
            )

    def show(self, named: str, person: Person, how: Entrance) -> ConcernShown:
        """Return a concern with its words; that they are read is recorded.

        Raises `UnknownSharingConcernError`, and `KeyErasedError` once its words are gone.
        """
        with self.transaction() as tx:
            found = _seen(tx, named, person)
            copy = tx.copies.copy(found.copy)
            why, settled = _words(tx, copy, _raised(found)), _words(tx, copy, _closed(found))
            settles = _settles(tx, found, person)
            record_reading(tx, person, Content.QUESTIONS, how, copy.disclosure)
        return ConcernShown(concern=found, why=why, settled=settled, settles=settles)

    def _who_hears(self, tx: Transaction, found: SharingConcern) -> Iterator[str]:
        today = uk_day(self.clock())
        for agency in (found.asking, found.asked):
            for one in colleagues(tx, agency, (Role.GUARDIAN,), today):
                yield one.contact
        for agency in sorted(icb_bodies(tx)):
            for one in colleagues(tx, agency, (Role.LEAD,), today):
                yield one.contact


def _own_side(
    tx: Transaction, name: CopyName, person: Person, *, to_change: bool = False
) -> tuple[Copy, bool]:
    """Return a copy that somebody asks or is asked, and whether they ask it."""
    copy = tx.copies.copy(name, to_change=to_change)
    asks = is_asked_by(copy, person)
    if not asks and not (may_answer(copy, person) and has_come(tx, copy)):
        raise UnknownCopyError
    return copy, asks


def _seen(tx: Transaction, named: str, person: Person) -> SharingConcern:
    found = tx.sharing.find(named)
    if found is None or not _may_see(tx, found, person):
        raise UnknownSharingConcernError
    return found


def _may_see(tx: Transaction, found: SharingConcern, person: Person) -> bool:
    if _settles(tx, found, person):
        return True
    copy = tx.copies.copy(found.copy)
    return is_asked_by(copy, person) or (may_answer(copy, person) and has_come(tx, copy))


def _settles(tx: Transaction, found: SharingConcern, person: Person) -> bool:
    is_guardian = person.role is Role.GUARDIAN and person.agency in {found.asking, found.asked}
    return is_guardian or _leads_icb(tx, person)


def _leads_icb(tx: Transaction, person: Person) -> bool:
    return person.role is Role.LEAD and person.agency in icb_bodies(tx)


def _raised(found: SharingConcern) -> str:
    return f"{found.number}.raised"


def _closed(found: SharingConcern) -> str:
    return f"{found.number}.closed"


def _keep(tx: Transaction, copy: Copy, name: str, why: str, by: Person) -> str:
    """Keep words beside the question; return the commitment to them."""
    file = tx.case_file(tx.disclosure(copy.disclosure))
    part = Part.DISPUTE.about(f"{copy.name.number}.{name}")
    return file.commit(part, {"by": by.id, "text": why})


def _words(tx: Transaction, copy: Copy, name: str) -> str:
    file = tx.case_file(tx.disclosure(copy.disclosure))
    said = file.found(Part.DISPUTE.about(f"{copy.name.number}.{name}"))
    return "" if said is None else text(as_object(said)["text"])
