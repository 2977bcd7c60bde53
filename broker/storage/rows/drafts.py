"""Drafts and their members, read and written inside the caller's transaction."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    Named,
    RowMapping,
    String,
    Table,
    TypedColumns,
    delete,
    insert,
    or_,
    select,
    update,
)

from broker.domain.concerns.drafts import DraftId, DraftRow, Member, Part
from broker.domain.people.errors import RowDoubtedError
from broker.storage.rows.register import MarkedRows
from broker.storage.rows.sessions import high_water
from broker.storage.tables import metadata
from keys import AgencyId, PersonId

_GONE: Final = "draft-gone/"
_TOLD: Final = "draft-told/"


class DraftColumns(TypedColumns):
    """What somebody typed and has not sent, encrypted under a key of its own."""

    id: Named[str] = Column(String(64), primary_key=True)
    owner: Named[str] = Column(String(64), index=True)
    agency: Named[str] = Column(String(64))
    form: Named[str] = Column(String(40))
    version: Named[int] = Column(Integer)
    ciphertext: Named[bytes] = Column(LargeBinary)
    saved_on: Named[str] = Column(String(10), index=True)


draft = Table("draft", metadata, DraftColumns)


class DraftMemberColumns(TypedColumns):
    """Who may open a draft, and whether they may change it."""

    draft: Named[str] = Column(String(64), ForeignKey("draft.id"), primary_key=True)
    person: Named[str] = Column(String(64), primary_key=True, index=True)
    part: Named[str] = Column(String(8))


draft_member = Table("draft_member", metadata, DraftMemberColumns)


class DraftRows:
    """Rows of drafts; what they hold opens only with the key of each."""

    def __init__(self, connection: Connection, marks: MarkedRows) -> None:
        """Work inside the transaction of `connection`; `marks` say what we took away ourselves."""
        self._connection = connection
        self._marks = marks

    def add(self, row: DraftRow, members: Iterable[Member]) -> None:
        """Keep a new draft with its members."""
        self._connection.execute(insert(draft).values(_values(row)))
        self._add_members(row.id, members)

    def find(self, name: DraftId) -> DraftRow | None:
        """Return a draft, its row locked, or None."""
        query = select(draft).where(draft.c.id == name).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _row(row)

    def members(self, name: DraftId) -> tuple[Member, ...]:
        """Return who may open a draft, in the order of their identifiers."""
        query = (
            select(draft_member)
            .where(draft_member.c.draft == name)
            .order_by(draft_member.c.person)
        )
        return tuple(
            Member(person=PersonId(row["person"]), part=Part(row["part"]))
            for row in self._connection.execute(query).mappings()
        )

    def of(self, person: PersonId) -> tuple[DraftRow, ...]:
        """Return the drafts that somebody owns or writes in, the newest first."""
        writes = draft_member.c.part == Part.WRITES.value
        mine = select(draft_member.c.draft).where(draft_member.c.person == person, writes)
        query = (
            select(draft)
            .where(or_(draft.c.owner == person, draft.c.id.in_(mine)))
            .order_by(draft.c.saved_on.desc(), draft.c.id)
        )
        return tuple(map(_row, self._connection.execute(query).mappings()))

    def of_form(self, agency: AgencyId, form: str) -> tuple[DraftRow, ...]:
        """Return the drafts of a body that were typed on a form, the oldest first."""
        query = select(draft).where(draft.c.agency == agency, draft.c.form == form)
        ordered = query.order_by(draft.c.saved_on, draft.c.id)
        return tuple(map(_row, self._connection.execute(ordered).mappings()))

    def replace(self, row: DraftRow, seen: int, members: Iterable[Member]) -> bool:
        """Put a new version in the place of the one that was seen; say whether that stood."""
        changed = self._connection.execute(
            update(draft).where(draft.c.id == row.id, draft.c.version == seen).values(_values(row))
        )
        if changed.rowcount != 1:
            return False
        self._connection.execute(delete(draft_member).where(draft_member.c.draft == row.id))
        self._add_members(row.id, members)
        return True

    def remove(self, names: Iterable[DraftId]) -> None:
        """Forget drafts and their members; that it was us is marked, so that their keys may go."""
        for name in names:
            self._marks.put(high_water, {"subject": f"{_GONE}{name}", "value": 1})
            self._connection.execute(delete(draft_member).where(draft_member.c.draft == name))
            self._connection.execute(delete(draft).where(draft.c.id == name))
            self._marks.drop(high_water, high_water.c.subject == f"{_TOLD}{name}")

    def told(self, name: DraftId) -> int:
        """Return the number that was noted last of what people were told of a draft, else -1.

        Raises `RowDoubtedError` for one that we did not note.
        """
        row = self._marks.one(high_water, f"{_TOLD}{name}")
        return -1 if row is None else int(row["value"])

    def note_told(self, name: DraftId, value: int) -> None:
        """Note what people were told of a draft; it goes with the draft."""
        self._marks.put(high_water, {"subject": f"{_TOLD}{name}", "value": value})

    def saved_before(self, day: date) -> tuple[DraftId, ...]:
        """Return the drafts that were saved last before a day."""
        query = select(draft.c.id).where(draft.c.saved_on < day.isoformat()).order_by(draft.c.id)
        return tuple(DraftId(name) for name in self._connection.execute(query).scalars())

    def gone(self) -> frozenset[DraftId]:
        """Return the drafts that we took away ourselves, until `forget_gone`."""
        query = select(high_water.c.subject).where(
            high_water.c.subject.startswith(_GONE, autoescape=True)
        )
        return frozenset(
            DraftId(subject.removeprefix(_GONE))
            for subject in self._connection.scalars(query).all()
            if self._is_ours(subject)
        )

    def forget_gone(self, names: Iterable[DraftId]) -> None:
        """Forget that drafts were taken away, since their keys have gone too."""
        for name in names:
            self._marks.drop(high_water, high_water.c.subject == f"{_GONE}{name}")

    def every(self) -> frozenset[DraftId]:
        """Return the names of all drafts."""
        return frozenset(map(DraftId, self._connection.execute(select(draft.c.id)).scalars()))

    def _is_ours(self, subject: str) -> bool:
        with suppress(RowDoubtedError):
            return self._marks.one(high_water, subject) is not None
        return False

    def _add_members(self, name: DraftId, members: Iterable[Member]) -> None:
        for member in members:
            self._connection.execute(
                insert(draft_member).values(
                    draft=name, person=member.person, part=member.part.value
                )
            )


def _values(row: DraftRow) -> dict[str, object]:
    return {
        "id": row.id,
        "owner": row.owner,
        "agency": row.agency,
        "form": row.form,
        "version": row.version,
        "ciphertext": row.ciphertext,
        "saved_on": row.saved_on.isoformat(),
    }


def _row(row: RowMapping) -> DraftRow:
    return DraftRow(
        id=DraftId(row["id"]),
        owner=PersonId(row["owner"]),
        agency=AgencyId(row["agency"]),
        form=row["form"],
        version=row["version"],
        ciphertext=row["ciphertext"],
        saved_on=date.fromisoformat(row["saved_on"]),
    )
