"""Concerns and what was asked of whom, read and written inside the caller's transaction.

They decide what the rules hear of a check, so that each is believed only as the ledger says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    Named,
    Select,
    String,
    Table,
    Text,
    TypedColumns,
    delete,
    insert,
    select,
    update,
)

from broker.domain.concerns.concerns import About, Advice, Also, Answer, Check, Concern, Ending
from broker.domain.concerns.drafts import DraftId
from broker.domain.errors import RowDisagreesError
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.roles import Role
from broker.domain.times import day_of, day_text, moment_in, moment_of, moment_text, rfc3339
from broker.storage.rows.believed import BelievedRows, Register, RowAsStored, StoredRow
from broker.storage.tables import metadata
from keys import AgencyId, CaseId, PersonId


class ConcernColumns(TypedColumns):
    """What somebody is worried about and asked others to check: codes and days."""

    reference: Named[str] = Column(String(16), primary_key=True)
    case_id: Named[str] = Column(String(64), index=True)
    draft: Named[str] = Column(String(64), index=True)
    agency: Named[str] = Column(String(64), index=True)
    about: Named[str] = Column(String(16))
    owner: Named[str] = Column(String(64))
    noted_at: Named[str] = Column(String(32))
    why: Named[bytes | None] = Column(LargeBinary, nullable=True)
    carried_on_at: Named[str | None] = Column(String(32), nullable=True)
    told_late_on: Named[str | None] = Column(String(10), nullable=True)
    closed_at: Named[str | None] = Column(String(32), nullable=True)
    closed_as: Named[str | None] = Column(String(16), nullable=True)
    look_back_on: Named[str | None] = Column(String(10), nullable=True)


concern = Table("concern", metadata, ConcernColumns)


class ConcernCheckColumns(TypedColumns):
    """What was put to whom about a concern, and what they answered; their words are sealed."""

    reference: Named[str] = Column(String(16), ForeignKey("concern.reference"), primary_key=True)
    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    asked_of: Named[str] = Column(String(64), index=True)
    role: Named[str] = Column(String(32))
    asked_at: Named[str] = Column(String(32))
    due_on: Named[str] = Column(String(10))
    answered_by: Named[str | None] = Column(String(64), nullable=True)
    answered_at: Named[str | None] = Column(String(32), nullable=True)
    advice: Named[str | None] = Column(String(32), nullable=True)
    also: Named[str | None] = Column(Text, nullable=True)
    words: Named[bytes | None] = Column(LargeBinary, nullable=True)


concern_check = Table("concern_check", metadata, ConcernCheckColumns)

CONCERNS: Final = Register(table=concern, parts=(concern_check,))


class ConcernRows:
    """Concerns with their checks.

    Readers of one raise `RowDisagreesError`; lists leave out what the ledger says otherwise of.
    """

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Work inside the transaction of `connection`; believe what `rows` believe."""
        self._connection = connection
        self._rows = rows

    def find(self, reference: Reference, *, to_change: bool = False) -> Concern | None:
        """Return a concern, its row locked if it is to be changed; None where there is none."""
        return self._found(str(reference), to_change=to_change)

    def of_draft(self, draft: DraftId, *, to_change: bool = False) -> Concern | None:
        """Return the concern that a draft became, None where nobody was asked about it.

        What somebody put in beside it counts for nothing; without it, it is refused.
        """
        query = select(concern.c.reference).where(concern.c.draft == draft)
        stored = self._connection.scalars(query.order_by(concern.c.reference)).all()
        told = [one for one in stored if self._rows.is_told_of(CONCERNS, one)]
        found = next(iter((*told, *stored)), None)
        return None if found is None else self._found(found, to_change=to_change)

    def of_agency(self, agency: AgencyId, *, limit: int) -> tuple[Concern, ...]:
        """Return the newest concerns of a body."""
        query = (
            select(concern.c.reference)
            .where(concern.c.agency == agency)
            .order_by(concern.c.noted_at.desc(), concern.c.reference)
            .limit(limit)
        )
        return self._all(query)

    def under_way(self, agency: AgencyId | None = None) -> tuple[Concern, ...]:
        """Return the concerns that are not over, of a body or of all, the oldest first."""
        query = select(concern.c.reference).where(concern.c.closed_at.is_(None))
        if agency is not None:
            query = query.where(concern.c.agency == agency)
        return self._all(query.order_by(concern.c.noted_at, concern.c.reference))

    def unsent(self) -> tuple[Concern, ...]:
        """Return the concerns that are over and were not sent, the oldest first."""
        ends = (Ending.LEFT.value, Ending.TAKEN_ON.value)
        query = select(concern.c.reference).where(concern.c.closed_as.in_(ends))
        return self._all(query.order_by(concern.c.closed_at, concern.c.reference))

    def add(self, new: Concern) -> RowAsStored:
        """Keep a new concern; return what its event says of the row."""
        self._connection.execute(insert(concern).values(_values(new)))
        return self._stored(new)

    def replace(self, changed: Concern) -> RowAsStored:
        """Put a concern in the place of the one that was found to be changed."""
        own = concern.c.reference == str(changed.reference)
        self._connection.execute(update(concern).where(own).values(_values(changed)))
        theirs = concern_check.c.reference == str(changed.reference)
        self._connection.execute(delete(concern_check).where(theirs))
        return self._stored(changed)

    def _stored(self, one: Concern) -> RowAsStored:
        for check in one.checks:
            values = _check_values(one.reference, check)
            self._connection.execute(insert(concern_check).values(values))
        return self._rows.as_stored(CONCERNS, str(one.reference))

    def _all(self, query: Select[Any]) -> tuple[Concern, ...]:
        return tuple(self._each(self._connection.execute(query).scalars().all()))

    def _each(self, references: Iterable[str]) -> Iterator[Concern]:
        for reference in references:
            # One that somebody wrote in is named where it is read, and hides no other.
            with suppress(RowDisagreesError):
                found = self._found(reference, to_change=False)
                if found is not None:
                    yield found

    def _found(self, reference: str, *, to_change: bool) -> Concern | None:
        row = self._rows.find(CONCERNS, reference, to_change=to_change)
        return None if row is None else _concern(row)


def _values(one: Concern) -> dict[str, object]:
    return {
        "reference": str(one.reference),
        "case_id": one.case,
        "draft": one.draft,
        "agency": one.agency,
        "about": one.about.value,
        "owner": one.owner,
        "noted_at": rfc3339(one.noted_at),
        "why": one.why,
        "carried_on_at": moment_text(one.carried_on_at),
        "told_late_on": day_text(one.told_late_on),
        "closed_at": moment_text(one.closed_at),
        "closed_as": None if one.closed_as is None else one.closed_as.value,
        "look_back_on": day_text(one.look_back_on),
    }


def _check_values(reference: Reference, check: Check) -> dict[str, object]:
    answer = check.answer
    return {
        "reference": str(reference),
        "number": check.number,
        "asked_of": check.asked_of,
        "role": check.role.value,
        "asked_at": rfc3339(check.asked_at),
        "due_on": check.due_on.isoformat(),
        "answered_by": None if answer is None else answer.by,
        "answered_at": None if answer is None else rfc3339(answer.at),
        "advice": None if answer is None else answer.advice.value,
        "also": None if answer is None else " ".join(sorted(answer.also)),
        "words": None if answer is None else answer.words,
    }


def _concern(row: StoredRow) -> Concern:
    columns = row.columns
    checks: Sequence[Mapping[str, Any]] = row.parts[concern_check.name]
    closed_as, why = columns["closed_as"], columns["why"]
    return Concern(
        reference=parse_reference(columns["reference"], Prefix.CONCERN),
        case=CaseId(columns["case_id"]),
        draft=DraftId(columns["draft"]),
        agency=AgencyId(columns["agency"]),
        about=About(columns["about"]),
        owner=PersonId(columns["owner"]),
        noted_at=moment_of(columns["noted_at"]),
        checks=tuple(sorted(map(_check, checks), key=lambda check: check.number)),
        why=None if why is None else bytes(why),
        carried_on_at=moment_in(columns["carried_on_at"]),
        told_late_on=day_of(columns["told_late_on"]),
        closed_at=moment_in(columns["closed_at"]),
        closed_as=None if closed_as is None else Ending(closed_as),
        look_back_on=day_of(columns["look_back_on"]),
    )


def _check(columns: Mapping[str, Any]) -> Check:
    return Check(
        number=columns["number"],
        asked_of=PersonId(columns["asked_of"]),
        role=Role(columns["role"]),
        asked_at=moment_of(columns["asked_at"]),
        due_on=date.fromisoformat(columns["due_on"]),
        answer=None if columns["advice"] is None else _answer(columns),
    )


def _answer(columns: Mapping[str, Any]) -> Answer:
    return Answer(
        by=PersonId(columns["answered_by"]),
        at=moment_of(columns["answered_at"]),
        advice=Advice(columns["advice"]),
        also=frozenset(map(Also, (columns["also"] or "").split())),
        words=bytes(columns["words"]),
    )
