"""Regional notices (LSW 7.4): proposed by what happened, and told once a lead of the body says so.

Nobody is named in one, and nothing is told by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.directory.functions import Function
from broker.domain.errors import UnknownReferenceError, WrongStateError
from broker.domain.model import Disclosure, Mailbox, Person
from broker.domain.partner_requests.notices import (
    NoticeKind,
    Proposed,
    RegionalNotice,
    notice_id,
    proposed_by_sending,
    sentences,
)
from broker.domain.references import Reference
from broker.domain.roles import LEADS
from broker.domain.states import ARRIVED
from broker.domain.times import Clock, day_text, rfc3339, uk_day
from broker.ledger.changes import telling as recorded
from broker.storage.transaction import Transaction, Transactions

APPROVERS: Final = frozenset(LEADS)
"""Who says whether the region is told."""

LISTED: Final = 200
"""How many of the newest disclosures of a body are looked at."""

_WITHIN: Final = timedelta(days=90)
_NOT_PROPOSED: Final = (
    "There is no such notice of your body to decide. Yours are listed by: broker notice list"
)
_NO_REGION: Final = (
    "The directory has no contact of the regional Prevent team that somebody has rung. Have the "
    "directory's keeper enter one and ring it first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesShown:
    """What a body's lead decides about, and decided; `to` is the region's contact, if there is."""

    waiting: tuple[Proposed, ...]
    decided: tuple[RegionalNotice, ...]
    to: Mailbox | None

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "to": None if self.to is None else self.to.id,
            "waiting": list(map(proposed_document, self.waiting)),
            "decided": list(map(notice_document, self.decided)),
        }


def proposed_document(one: Proposed) -> dict[str, object]:
    """Return a proposed notice as JSON: codes, a day and a reference."""
    return {
        "kind": one.kind.value,
        "about": str(one.about),
        "on": day_text(one.on),
        "panel": None if one.panel is None else one.panel.value,
    }


def notice_document(one: RegionalNotice) -> dict[str, object]:
    """Return a notice that was decided as JSON."""
    return {
        **proposed_document(one.told),
        "told": one.mailbox is not None,
        "mailbox": one.mailbox,
        "decided_by": one.decided_by,
        "decided_at": rfc3339(one.decided_at),
        "sent_at": None if one.sent_at is None else rfc3339(one.sent_at),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticing:
    """What a lead does with regional notices; every method opens its own transaction."""

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def shown(self, person: Person) -> NoticesShown:
        """Return what waits for a lead of the person's body, and what was decided."""
        with self.transaction() as tx:
            decided = tx.regional.of_body(person.agency)
            known = {one.id for one in decided}
            waiting = [
                one
                for one in self._proposed(tx, person)
                if notice_id(person.agency, one.kind, one.about) not in known
            ]
            to = self._region(tx)
        return NoticesShown(
            waiting=tuple(sorted(waiting, key=lambda one: (one.on, str(one.about), one.kind))),
            decided=decided,
            to=to,
        )

    def approve(self, about: Reference, kind: NoticeKind, person: Person) -> RegionalNotice:
        """Tell the region; what was approved and could not be handed on is handed on now.

        Raises `UnknownReferenceError` for what nothing proposes, and `WrongStateError` where it
        was left out, was told already, or nobody is there to be told.
        """
        now = self.clock()
        with self.transaction() as tx:
            notice = tx.regional.find(person.agency, kind, about)
            if notice is None:
                notice = self._decided(tx, about, kind, person, told=True)
                tx.append(recorded.notice_decided(notice, tx.regional.put(notice)))
            elif notice.mailbox is None or notice.sent_at is not None:
                raise WrongStateError("This was decided already. Nothing was told once more.")
            to, body = _told_at(tx, notice), tx.directory.agency(person.agency).name
        told = PersonNotice(
            to=to.address,
            subject=f"Prevent notice: {notice.about}",
            sentences=sentences(notice.told, body),
            is_for_a_user=False,
        )
        if not self.notices.send(told, now):
            return notice
        with self.transaction() as tx:
            after = replace(notice, sent_at=now, version=notice.version + 1)
            tx.append(recorded.notice_sent(after, tx.regional.put(after), person.id))
        return after

    def leave_out(self, about: Reference, kind: NoticeKind, person: Person) -> RegionalNotice:
        """Say that the region is not told; the same again is done once. Raises as `approve`."""
        with self.transaction() as tx:
            notice = tx.regional.find(person.agency, kind, about)
            if notice is not None:
                if notice.mailbox is not None:
                    raise WrongStateError("This was approved already. It is not taken back.")
                return notice
            notice = self._decided(tx, about, kind, person, told=False)
            tx.append(recorded.notice_decided(notice, tx.regional.put(notice)))
        return notice

    def _decided(
        self, tx: Transaction, about: Reference, kind: NoticeKind, person: Person, *, told: bool
    ) -> RegionalNotice:
        one = next(
            (one for one in self._proposed(tx, person) if (one.about, one.kind) == (about, kind)),
            None,
        )
        if one is None:
            raise NotProposedError
        to = self._region(tx)
        if told and to is None:
            raise WrongStateError(_NO_REGION)
        return RegionalNotice(
            agency=person.agency,
            kind=one.kind,
            about=one.about,
            on=one.on,
            panel=one.panel,
            mailbox=to.id if told and to is not None else None,
            decided_by=person.id,
            decided_at=self.clock(),
        )

    def _proposed(self, tx: Transaction, person: Person) -> Iterator[Proposed]:
        """Yield the notices that what happened to a body lately proposes, decided or not."""
        since = self.clock() - _WITHIN
        for one in tx.listed(tx.store.disclosures_of(person.agency, limit=LISTED)):
            if one.state in ARRIVED and one.created_at >= since:
                to = tx.directory.mailbox(one.recipient)
                found = proposed_by_sending(one, to, uk_day(one.created_at))
                if found is not None and to.agency != person.agency:
                    yield found
        boxes = [box.id for box in tx.directory.mailboxes() if box.agency == person.agency]
        for one in tx.listed(tx.store.sent_to(boxes, limit=LISTED)):
            is_new = one.state in ARRIVED and one.created_at >= since
            if is_new and one.sender != person.agency and _have_acted(tx, one, person):
                yield Proposed(
                    kind=NoticeKind.OUR_PART, about=one.reference, on=uk_day(one.created_at)
                )

    def _region(self, tx: Transaction) -> Mailbox | None:
        today = uk_day(self.clock())
        return next(
            (
                box
                for box in sorted(tx.directory.mailboxes(), key=lambda one: one.id)
                if box.listing.kept_as == Function.REGIONAL and box.counts_on(today)
            ),
            None,
        )


class NotProposedError(UnknownReferenceError):
    """Raised alike for a notice that nothing proposes and for one of another body."""

    def __init__(self) -> None:
        """Say the same of both."""
        super(UnknownReferenceError, self).__init__(_NOT_PROPOSED)


def _have_acted(tx: Transaction, received: Disclosure, person: Person) -> bool:
    """Say whether a body acts on what it received: it passed it on, or opened its own case."""
    passed_on = any(one.type == "inbox.passed-on" for one in tx.about(received.reference))
    return passed_on or any(
        case.agency == person.agency for case in tx.cases.knowing(received.case)
    )


def _told_at(tx: Transaction, notice: RegionalNotice) -> Mailbox:
    if notice.mailbox is None:
        raise WrongStateError(_NO_REGION)
    return tx.directory.mailbox(notice.mailbox)
