"""Rows of disclosures, read and written inside the caller's transaction; nothing here commits."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    or_,
    select,
    update,
)

from broker.domain.errors import (
    ChangedMeanwhileError,
    LedgerDisagreesError,
    UnknownReferenceError,
)
from broker.domain.model import Disclosure, MailboxId, Person
from broker.domain.references import Reference, parse_reference
from broker.domain.states import State, leading_to, require_transition, values_of
from broker.domain.times import day_of, day_text, moment_of, rfc3339
from broker.storage import tables
from broker.storage.statements import Stored, read, rows_of, text_in, write
from keys import AgencyId, CaseId, PersonId

_ONE_LIKE = rows_of(tables.disclosure, "sender", "sameness", "state").limit(1)


class Store:
    """The rows of disclosures."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def add(self, disclosure: Disclosure, *, fingerprint: bytes) -> None:
        """Add a disclosure; `fingerprint` is its judgement's, a keyed digest."""
        row = {
            "reference": str(disclosure.reference),
            "case_id": disclosure.case,
            "sender": disclosure.sender,
            "requester": disclosure.requester,
            "recipient": disclosure.recipient,
            "purpose": disclosure.purpose,
            "outcome": disclosure.outcome,
            "state": disclosure.state.value,
            "rulebook": disclosure.rulebook,
            "created_at": rfc3339(disclosure.created_at),
            "changed_at": rfc3339(disclosure.changed_at),
            "message_id": disclosure.message_id,
            "sealed_sha256": disclosure.sealed_sha256,
            "judged": disclosure.decision_number,
            "due_on": day_text(disclosure.due_on),
            "sameness": fingerprint,
        }
        write(self._connection, tables.disclosure, row)

    def disclosure(self, reference: Reference, *, for_update: bool = False) -> Disclosure:
        """Return the disclosure, its row locked if asked; raise `UnknownReferenceError`."""
        found = self.find(reference, for_update=for_update)
        if found is None:
            raise UnknownReferenceError
        return found

    def find(self, reference: Reference, *, for_update: bool = False) -> Disclosure | None:
        """Return what the row of a disclosure says, whoever wrote it, or None; locked if asked."""
        query = rows_of(tables.disclosure, "reference", locked=for_update)
        found = read(self._connection, query, {"reference": str(reference)})
        return disclosure_of(found[0]) if found else None

    def states_of(self, references: Iterable[Reference]) -> Mapping[Reference, State]:
        """Return where disclosures stand, in one reading; raises as `disclosure`."""
        wanted = sorted(set(map(str, references)))
        query = select(tables.disclosure).where(tables.disclosure.c.reference.in_(wanted))
        found = {str(one.reference): one.state for one in self._disclosures(query)}
        names = map(parse_reference, wanted)
        return {one: found.get(str(one)) or self.disclosure(one).state for one in names}

    def disclosures_of(self, sender: AgencyId, *, limit: int) -> tuple[Disclosure, ...]:
        """Return the newest disclosures of an agency."""
        query = (
            select(tables.disclosure)
            .where(tables.disclosure.c.sender == sender)
            .order_by(tables.disclosure.c.created_at.desc())
            .limit(limit)
        )
        return self._disclosures(query)

    def sent_to(
        self,
        recipients: Iterable[str],
        *,
        standing_at: Iterable[State] | None = None,
        limit: int | None = None,
    ) -> tuple[Disclosure, ...]:
        """Return the disclosures that go to one of these mailboxes; as `submitted_by`."""
        is_theirs = tables.disclosure.c.recipient.in_(sorted(recipients))
        return self._newest(is_theirs, standing_at, limit)

    def submitted_by(
        self,
        person: Person,
        *,
        standing_at: Iterable[State] | None = None,
        limit: int | None = None,
    ) -> tuple[Disclosure, ...]:
        """Return what a person submitted for their agency, the newest first, at most `limit`.

        In any state, or in one of `standing_at`.
        """
        columns = tables.disclosure.c
        is_theirs = and_(columns.sender == person.agency, columns.requester == person.id)
        return self._newest(is_theirs, standing_at, limit)

    def _newest(
        self,
        condition: ColumnElement[bool],
        standing_at: Iterable[State] | None,
        limit: int | None,
    ) -> tuple[Disclosure, ...]:
        columns = tables.disclosure.c
        query = select(tables.disclosure).where(condition).order_by(columns.created_at.desc())
        if standing_at is not None:
            query = query.where(columns.state.in_(values_of(standing_at)))
        return self._disclosures(query.limit(limit))

    def references_between(self, sender: AgencyId, recipients: Iterable[str]) -> tuple[str, ...]:
        """Return the references of what a body sent or what goes to `recipients`, oldest first."""
        columns = tables.disclosure.c
        query = (
            select(columns.reference)
            .where(or_(columns.sender == sender, columns.recipient.in_(sorted(recipients))))
            .order_by(columns.created_at, columns.reference)
        )
        return tuple(self._connection.scalars(query))

    def due_of(
        self, sender: AgencyId, states: Iterable[State], *, limit: int
    ) -> tuple[Disclosure, ...]:
        """Return the disclosures of an agency in one of `states`, the first due first."""
        columns = tables.disclosure.c
        query = (
            select(tables.disclosure)
            .where(columns.sender == sender, columns.state.in_(values_of(states)))
            .order_by(columns.due_on, columns.created_at)
            .limit(limit)
        )
        return self._disclosures(query)

    def unchanged_since(self, states: Iterable[State], moment: datetime) -> tuple[Disclosure, ...]:
        """Return those in one of `states` that nothing happened to since, their rows locked."""
        columns = tables.disclosure.c
        query = (
            select(tables.disclosure)
            .where(columns.state.in_(values_of(states)), columns.changed_at <= rfc3339(moment))
            .order_by(columns.reference)
            .with_for_update()
        )
        return self._disclosures(query)

    def standing_at(self, states: Iterable[State]) -> tuple[Disclosure, ...]:
        """Return the disclosures in one of `states`."""
        is_there = tables.disclosure.c.state.in_(values_of(states))
        return self._disclosures(select(tables.disclosure).where(is_there))

    def holding(self, name: str) -> tuple[Disclosure, ...]:
        """Return the disclosures that have an encrypted field of this name."""
        query = (
            select(tables.disclosure)
            .join(
                tables.case_field, tables.case_field.c.reference == tables.disclosure.c.reference
            )
            .where(tables.case_field.c.name == name)
        )
        return self._disclosures(query)

    def of_case(self, case: CaseId) -> tuple[Disclosure, ...]:
        """Return the disclosures of a case, their rows locked."""
        query = (
            select(tables.disclosure)
            .where(tables.disclosure.c.case_id == case)
            .order_by(tables.disclosure.c.reference)
            .with_for_update()
        )
        return self._disclosures(query)

    def references_of(self, case: CaseId) -> tuple[Reference, ...]:
        """Return the references of a case, in order; no row is locked."""
        columns = tables.disclosure.c
        query = select(columns.reference).where(columns.case_id == case)
        found = self._connection.scalars(query.order_by(columns.reference))
        return tuple(map(parse_reference, found))

    def is_erased(self, case: CaseId) -> bool:
        """Say whether a case was erased."""
        columns = tables.disclosure.c
        is_erased = and_(columns.case_id == case, columns.state == State.ERASED.value)
        query = select(columns.reference).where(is_erased)
        return self._connection.execute(query.limit(1)).first() is not None

    def unerased(self) -> Iterator[Disclosure]:
        """Yield the disclosures whose content is still there, the oldest first."""
        columns = tables.disclosure.c
        query = (
            select(tables.disclosure)
            .where(columns.state != State.ERASED.value)
            .order_by(columns.created_at, columns.reference)
        )
        yield from readable(self._connection.execute(query).mappings())

    def erased_cases(self) -> frozenset[CaseId]:
        """Return the cases that were erased."""
        columns = tables.disclosure.c
        query = select(columns.case_id).where(columns.state == State.ERASED.value)
        return frozenset(CaseId(case) for case in self._connection.scalars(query))

    def move(
        self, disclosure: Disclosure, state: State, now: datetime, *, due_on: date | None = None
    ) -> Disclosure:
        """Set where the disclosure stands, and by when somebody must act; return it as it is then.

        Raises `ChangedMeanwhileError` where it does not stand where `disclosure` says.
        """
        return self._move(
            disclosure, replace(disclosure, state=state, changed_at=now, due_on=due_on)
        )

    def judge_again(self, before: Disclosure, after: Disclosure) -> None:
        """Keep the outcome of another decision: its number, state, outcome and rulebook.

        Raises as `move`.
        """
        self._move(before, after)

    def _move(self, before: Disclosure, after: Disclosure) -> Disclosure:
        require_transition(before.state, after.state)
        columns = tables.disclosure.c
        changed = self._connection.execute(
            update(tables.disclosure)
            .where(
                columns.reference == str(before.reference),
                columns.state == before.state.value,
                columns.judged == before.decision_number,
            )
            .values(
                judged=after.decision_number,
                state=after.state.value,
                outcome=after.outcome,
                rulebook=after.rulebook,
                changed_at=rfc3339(after.changed_at),
                due_on=day_text(after.due_on),
            )
        )
        if changed.rowcount != 1:
            raise ChangedMeanwhileError
        return after

    def note_reviewed(self, reference: Reference, on: date) -> None:
        """Keep the day on which somebody looked whether the disclosure must still be kept."""
        self._connection.execute(
            update(tables.disclosure)
            .where(tables.disclosure.c.reference == str(reference))
            .values(reviewed_on=day_text(on))
        )

    def note_sealed(self, reference: Reference, message_id: str, sha256: str) -> None:
        """Keep the fixed Message-ID and the digest of the sealed bytes."""
        self._connection.execute(
            update(tables.disclosure)
            .where(tables.disclosure.c.reference == str(reference))
            .values(message_id=message_id, sealed_sha256=sha256)
        )

    def refused_before(self, sender: AgencyId, fingerprint: bytes) -> bool:
        """Say whether this agency was refused on the same facts before."""
        same = {"sender": sender, "sameness": fingerprint, "state": State.REFUSED.value}
        return bool(read(self._connection, _ONE_LIKE, same))

    def refused_under(self, rulebook: str) -> Iterator[tuple[Disclosure, bytes | None]]:
        """Yield what was refused by a version of the rules, with what makes it the same again."""
        columns = tables.disclosure.c
        query = select(tables.disclosure).where(
            columns.state == State.REFUSED.value, columns.rulebook == rulebook
        )
        for row in self._connection.execute(query.order_by(columns.reference)).mappings():
            for disclosure in readable([row]):
                yield disclosure, row["sameness"]

    def all_disclosures(self) -> tuple[Disclosure, ...]:
        """Return every disclosure, the oldest first."""
        query = select(tables.disclosure).order_by(tables.disclosure.c.created_at)
        return self._disclosures(query)

    def erase(self, case: CaseId, now: datetime) -> None:
        """Forget what a case holds, and every digest of it; codes and times stay."""
        of_case = tables.disclosure.c.case_id == case
        references = select(tables.disclosure.c.reference).where(of_case)
        key = tables.submission_key
        self._connection.execute(
            delete(tables.case_field).where(tables.case_field.c.case_id == case)
        )
        # The key itself stays, so that a submission that is sent again is not taken for a new one.
        self._connection.execute(
            update(key).where(key.c.reference.in_(references)).values(body=b"")
        )
        self._connection.execute(
            update(tables.disclosure)
            .where(of_case, tables.disclosure.c.state.in_(values_of(leading_to(State.ERASED))))
            .values(
                state=State.ERASED.value,
                changed_at=rfc3339(now),
                due_on=None,
                sameness=None,
            )
        )

    def _disclosures(self, query: Select[Any]) -> tuple[Disclosure, ...]:
        return tuple(readable(self._connection.execute(query).mappings()))


def readable(rows: Iterable[Stored]) -> Iterator[Disclosure]:
    """Yield the disclosures of rows of their table; what no release wrote is left out."""
    for row in rows:
        with suppress(LedgerDisagreesError):
            yield disclosure_of(row)


def disclosure_of(row: Stored) -> Disclosure:
    """Return the disclosure of a row of its table.

    Raises `LedgerDisagreesError` for one that no release wrote.
    """
    try:
        return _disclosure(row)
    except (ValueError, TypeError, UnknownReferenceError) as error:
        raise LedgerDisagreesError("what its row says") from error


def _disclosure(row: Stored) -> Disclosure:
    return Disclosure(
        reference=parse_reference(row["reference"]),
        case=CaseId(row["case_id"]),
        sender=AgencyId(row["sender"]),
        requester=PersonId(row["requester"]),
        recipient=MailboxId(row["recipient"]),
        purpose=row["purpose"],
        outcome=row["outcome"],
        state=State(row["state"]),
        rulebook=row["rulebook"],
        created_at=moment_of(row["created_at"]),
        changed_at=moment_of(row["changed_at"]),
        message_id=text_in(row["message_id"]),
        sealed_sha256=row["sealed_sha256"],
        decision_number=row["judged"],
        due_on=day_of(row["due_on"]),
        reviewed_on=day_of(row["reviewed_on"]),
    )
