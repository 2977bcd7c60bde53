"""What people do with cases: open, see, link, and say who works on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.cases.earlier.index import EarlierIndex, marks_on
from broker.cases.earlier.lists import arrived_before, received_by
from broker.cases.earlier.read_first import UnreadEarlierError, UnreadOfConcerns, unread_before
from broker.cases.members import (
    case_for,
    case_in_words,
    case_named,
    case_or_reference,
    disclosures_of,
    references_of,
    seen_case,
)
from broker.cases.opening import adopt, once, opened_before, opening_of_call
from broker.cases.steps import close, move
from broker.domain.cases.cases import (
    KEEPS_MEMBERS,
    SEES_ITS_BODY,
    Case,
    CaseLink,
    CaseMember,
)
from broker.domain.cases.earlier import Match, Side
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.errors import (
    KeyReusedError,
    NotAllowedError,
    WrongStateError,
)
from broker.domain.model import Disclosure, Person
from broker.domain.people.errors import UnknownPersonError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import cases as case_events
from broker.storage.rows.cases import CASES
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, CaseId, PersonId

LISTED: Final = 100
"""How many cases a list holds."""

_ANOTHER_PERSON: Final = (
    "What you typed is not whom this came about. Type the names with the birthday, or the number, "
    "as the document says them, or look whether it is the right document. Nothing was opened."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """A case with what belongs to it, in order, and the cases that know it from their side."""

    case: Case
    references: tuple[Reference, ...]
    known_by: tuple[CaseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWorkedOn:
    """A case that is open and somebody's to work on, in the words by which they know it."""

    id: CaseId
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFrom:
    """A recipient's own case, and what came to their body before about the same person."""

    case: Case
    earlier: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Cases for the people who may; what is not theirs is `UnknownCaseError`, like what is not.

    Every method opens its own transaction. A case is named by itself or by a reference of its own.
    """

    transaction: Transactions
    index: EarlierIndex
    unread_of_concerns: UnreadOfConcerns
    clock: Clock

    def open(self, person: Person, kind: CaseKind, id_: CaseId | None = None) -> Case:
        """Open a case of somebody's body, with them as its first member.

        One that was opened by this `id_` is opened once: the same again returns it as it stands.
        Raises `KeyReusedError` where it is another one.
        """
        return once(id_, lambda: self._open(person, kind, id_))

    def open_from(
        self,
        person: Person,
        reference: Reference,
        typed: Mapping[str, str],
        id_: CaseId | None = None,
    ) -> CaseFrom:
        """Open the recipient's own case of what was sent to their body: a link, no content.

        What they typed off the document is compared with their own index, by which earlier
        references about the same person are found too; none of it is kept. Recorded as a look-up.
        Opened once by an `id_`, as `open`. Raises `UnknownReferenceError` for whatever did not
        come to a mailbox of their body, and `WrongStateError` where it came about somebody else.
        """
        return once(id_, lambda: self._open_from(person, reference, typed, id_))

    def _open(self, person: Person, kind: CaseKind, id_: CaseId | None) -> Case:
        with self.transaction() as tx:
            if (before := opened_before(tx, id_, person, kind)) is not None:
                return before
            opened = opening_of_call(tx, person, kind, id_, self.clock())
            tx.append(opened.event)
        return opened.case

    def _open_from(
        self,
        person: Person,
        reference: Reference,
        typed: Mapping[str, str],
        id_: CaseId | None,
    ) -> CaseFrom:
        now = self.clock()
        with self.transaction() as tx:
            disclosure = received_by(tx, person.agency, reference)
            self._refuse_other_person(tx, person, disclosure, typed)
            earlier = arrived_before(tx, self.index, person.agency, disclosure)
            link = CaseLink(
                other=case_named(tx, reference), kind=LinkKind.SAME_CONCERN, by=person.id, at=now
            )
            before = opened_before(tx, id_, person, CaseKind.CHANNEL)
            if before is not None:
                if all(one.other != link.other for one in before.links):
                    raise KeyReusedError
                tx.append(case_events.looked_up(disclosure.case, person))
                return CaseFrom(case=before, earlier=earlier)
            opened = opening_of_call(tx, person, CaseKind.CHANNEL, id_, now)
            after = opened.case.linked(link)
            stored = tx.cases.replace(after)
            tx.append(
                case_events.looked_up(disclosure.case, person),
                opened.event,
                case_events.case_linked(after, link, stored),
            )
        return CaseFrom(case=after, earlier=earlier)

    def mine(self, person: Person) -> tuple[Case, ...]:
        """Return the newest hundred cases of which somebody is a member."""
        with self.transaction() as tx:
            found = tx.cases.of_person(person.id, limit=LISTED)
        return tuple(case for case in found if case.may(person))

    def of_body(self, person: Person) -> tuple[Case, ...]:
        """Return the newest hundred cases of a lead's or Guardian's body; else one's own."""
        if person.role not in SEES_ITS_BODY:
            return self.mine(person)
        with self.transaction() as tx:
            return tx.cases.of_agency(person.agency, limit=LISTED)

    def show(self, person: Person, named: str) -> CaseShown:
        """Return where a case stands and what belongs to it; raises `UnknownCaseError`."""
        with self.transaction() as tx:
            case = seen_case(tx, person, case_or_reference(tx, named))
            return CaseShown(
                case=case,
                references=references_of(tx, case.id),
                known_by=tuple(other.id for other in tx.cases.knowing(case.id)),
            )

    def worked_on(self, person: Person, named: str) -> CaseWorkedOn:
        """Return a case to which somebody may put something now.

        Raises `UnknownCaseError` for whoever is no member, `WrongStateError` once it is closed.
        """
        with self.transaction() as tx:
            case = case_for(tx, person, case_or_reference(tx, named))
            case.require_open()
            return CaseWorkedOn(id=case.id, words=case_in_words(tx, case))

    def link(self, person: Person, named: str, other: str, kind: LinkKind) -> Case:
        """Let a case know another one that the same person may see; raises `UnknownCaseError`."""
        with self.transaction() as tx:
            case = self._to_change(tx, person, named)
            known = seen_case(tx, person, case_or_reference(tx, other))
            link = CaseLink(other=known.id, kind=kind, by=person.id, at=self.clock())
            after = case.linked(link)
            tx.append(case_events.case_linked(after, link, tx.cases.replace(after)))
        return after

    def move(self, person: Person, named: str, stage: Stage) -> Case:
        """Move a case to the next stage of its rail; raises `WrongStateError`."""
        with self.transaction() as tx:
            case = self._to_change(tx, person, named)
            after, event = move(tx, case, stage, person, self.clock())
            tx.append(event)
        return after

    def close(self, person: Person, named: str, end: CaseEnd) -> Case:
        """Close a case in the role that somebody acts in; raises `WrongStateError`.

        Of a lead or Guardian who has earlier concerns to open, `UnreadEarlierError`.
        """
        with self.transaction() as tx:
            case = self._to_change(tx, person, named)
            of_disclosures = (
                earlier
                for one in disclosures_of(tx, case.id)
                for earlier in unread_before(tx, self.index, person, one)
            )
            of_concerns = self.unread_of_concerns(tx, person, case.id)
            if unread := dict.fromkeys((*of_disclosures, *of_concerns)):
                raise UnreadEarlierError(unread)
            after, event = close(tx, case, end, person, self.clock())
            tx.append(event)
        return after

    def add_member(self, person: Person, named: str, member: PersonId, role: Role) -> Case:
        """Let somebody work on a case in a role that they hold.

        Of another body only on a case of the panel. Raises `UnknownPersonError`,
        `WrongStateError`, `NotAllowedError`.
        """
        now = self.clock()
        with self.transaction() as tx:
            case = self._to_change(tx, person, named)
            added = CaseMember(
                person=member,
                agency=self._body_of(tx, member, role, case, now),
                role=role,
                since=now,
                until=None,
                added_by=person.id,
            )
            after = case.with_member(added)
            tx.append(case_events.member_added(after, added, tx.cases.replace(after)))
        return after

    def end_member(self, person: Person, named: str, member: PersonId) -> Case:
        """Let somebody work on a case no longer, from this moment.

        Members end themselves and whom they added; the body's lead and Guardian anybody. Raises
        `NotAllowedError` for others and for the last one, `WrongStateError`.
        """
        with self.transaction() as tx:
            case = self._to_change(tx, person, named)
            _refuse_ending(case, person, member)
            after = case.without_member(member, self.clock())
            stored = tx.cases.replace(after)
            tx.append(case_events.member_ended(after, member, person.id, stored))
        return after

    def adopt_earlier(self) -> int:
        """Open the case of each disclosure that an earlier release left, and return how many.

        Whose each is, the entries of the ledger say; what they contradict is left out.
        """
        with self.transaction() as tx:
            cases = tx.cases.unopened()
            waiting = (
                disclosure
                for case in cases
                if tx.known().row(CASES.name(case)) is None
                for disclosure in tx.agreeing(tx.store.of_case(case))[:1]
                if disclosure.state is not State.ERASED
            )
            events = [adopt(tx, disclosure) for disclosure in waiting]
            if events:
                tx.append(*events)
        return len(events)

    def _to_change(self, tx: Transaction, person: Person, named: str) -> Case:
        return seen_case(tx, person, case_or_reference(tx, named), to_change=True)

    def _refuse_other_person(
        self, tx: Transaction, person: Person, disclosure: Disclosure, typed: Mapping[str, str]
    ) -> None:
        """Refuse what is typed about another person than the one whom a reference came about."""
        came = {one.digest for one in marks_on(tx, disclosure, Side.RECEIVED)}
        marks = self.index.marks(person.agency, Side.RECEIVED, typed)
        if came and came.isdisjoint(one.digest for one in marks):
            raise WrongStateError(_ANOTHER_PERSON)

    def _body_of(
        self, tx: Transaction, member: PersonId, role: Role, case: Case, now: datetime
    ) -> AgencyId:
        if not tx.people.has_anybody():
            # Tokens made on the host say who is who until people are entered.
            return case.agency
        found = tx.people.person(member)
        if role not in {held.role for held in tx.people.roles_on(member, uk_day(now))}:
            raise UnknownPersonError
        if found.agency != case.agency and case.kind is not CaseKind.CHANNEL:
            raise UnknownPersonError
        return found.agency


def _refuse_ending(case: Case, person: Person, member: PersonId) -> None:
    if person.role in KEEPS_MEMBERS and person.agency == case.agency:
        return
    added_by = {one.person: one.added_by for one in case.members}
    if person.id not in {member, added_by.get(member)}:
        raise NotAllowedError(
            "You end yourself, and those whom you added. For others ask your lead or Guardian."
        )
