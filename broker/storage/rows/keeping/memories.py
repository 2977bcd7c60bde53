"""Whose is what is remembered of a case, that a lead looked at it, and why: sealed words.

Each row is believed only as the ledger says.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, Named, String, Table, TypedColumns

from broker.domain.cases.memories import Look, Remembered, Whose
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, CaseId, CaseKey, PersonId, Place, open_field, seal_field


class MemoryLookColumns(TypedColumns):
    """What is remembered of a case: whose, and who looked last at it.

    Before anybody looked, `on_day` and `by` are of the end of its words, and there is no `why`;
    once it is forgotten there is neither `why` nor `whose`.
    """

    id: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64))
    on_day: Named[str] = Column(String(10))
    by: Named[str] = Column(String(64))
    why: Named[bytes | None] = Column(LargeBinary, nullable=True)
    whose: Named[str | None] = Column(String(8), nullable=True)


memory_look = Table("memory_look", metadata, MemoryLookColumns)
LOOKS: Final = Register(table=memory_look)


class MemoryLookRows:
    """The looks at memories; readers raise `RowDisagreesError`."""

    def __init__(self, rows: RegisterRows, key: CaseKey) -> None:
        """Seal by `key` why a memory is kept on."""
        self._rows = rows
        self._key = key

    def begin(self, remembered: Remembered) -> RowMark:
        """Write that a case has no words any more, and return what its event says."""
        return self._rows.put(
            memory_look,
            {
                "id": remembered.case,
                "agency": remembered.agency,
                "on_day": remembered.since.isoformat(),
                "by": remembered.by,
                "why": None,
                "whose": remembered.whose.value,
            },
        )

    def put(self, look: Look) -> RowMark:
        """Write a look over the last one of its case, and return what its event says."""
        return self._rows.put(memory_look, self._values(look))

    def remembered(self) -> frozenset[CaseId]:
        """Return the cases that are not forgotten, and those whose row was taken away: a hint."""
        is_kept = memory_look.c.whose.is_not(None) | memory_look.c.why.is_not(None)
        return frozenset(map(CaseId, self._rows.keys(memory_look, is_kept)))

    def remembers(self, case: CaseId) -> bool:
        """Say whether there is a row of a case that is not forgotten."""
        row = self._rows.one(memory_look, case)
        return row is not None and not (row["whose"] is None and row["why"] is None)

    def of(self, case: CaseId) -> tuple[Whose, Look | None]:
        """Return whose the memory of a case is, and the last look at it where somebody looked.

        What an earlier release left says whose it is of none; what is forgotten says neither.
        """
        row = self._rows.one(memory_look, case)
        if row is None:
            return Whose.UNKNOWN, None
        whose = Whose.UNKNOWN if row["whose"] is None else Whose(row["whose"])
        return whose, None if row["why"] is None else self._look(row)

    def empty(self, case: CaseId) -> RowMark | None:
        """Take away whose a forgotten case was and why it was kept; return what its event says.

        None where it has no row.
        """
        row = self._rows.one(memory_look, case)
        if row is None:
            return None
        return self._rows.put(memory_look, {**row, "why": None, "whose": None})

    def _values(self, look: Look) -> dict[str, object]:
        return {
            "id": look.case,
            "agency": look.agency,
            "on_day": look.on.isoformat(),
            "by": look.by,
            "why": seal_field(self._key, look.why.encode(), self._place(look.case)),
        }

    def _look(self, row: Mapping[str, Any]) -> Look:
        case = CaseId(row["id"])
        return Look(
            case=case,
            agency=AgencyId(row["agency"]),
            on=date.fromisoformat(row["on_day"]),
            by=PersonId(row["by"]),
            why=open_field(self._key, bytes(row["why"]), self._place(case)).decode(),
        )

    def _place(self, case: CaseId) -> Place:
        return Place(case=self._key.case, field=f"memory-look/{case}/why", version=1)
