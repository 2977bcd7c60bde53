"""Records of breaches: believed as the ledger says, what was written sealed; in a transaction."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, LargeBinary, Named, String, Table, Text, TypedColumns

from audit.format.commitment import commit
from broker.domain.breaches.record import Breach, Cause, Kind, Step, Written
from broker.domain.json_values import as_object, text
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.times import moment_in, moment_of, moment_text, rfc3339
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, CaseKey, PersonId, Place, open_field, seal_field


class BreachColumns(TypedColumns):
    """Records of breaches and near misses; what was written in them is sealed."""

    id: Named[str] = Column(String(16), primary_key=True)
    about: Named[str | None] = Column(String(16), nullable=True, index=True)
    agency: Named[str] = Column(String(64), index=True)
    cause: Named[str] = Column(String(32))
    kind: Named[str] = Column(String(16))
    opened_by: Named[str] = Column(String(64))
    opened_at: Named[str] = Column(String(32))
    steps: Named[str] = Column(Text)
    closed_by: Named[str | None] = Column(String(64), nullable=True)
    closed_at: Named[str | None] = Column(String(32), nullable=True)
    words: Named[bytes] = Column(LargeBinary)


breach = Table("breach", metadata, BreachColumns)

BREACHES: Final = Register(table=breach)

_SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Words that an entry commits to, with the salt that shows that they are the ones."""

    salt: str
    words: str

    @classmethod
    def of(cls, words: str) -> "Opening":
        """Return words with a fresh salt."""
        return cls(salt=secrets.token_hex(_SALT_BYTES), words=words)

    def commitment(self, name: str) -> str:
        """Return what the ledger may hold of the words of `name`."""
        return commit(name, self.words, bytes.fromhex(self.salt))

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Opening()"


Openings = Mapping[str, Opening]
"""What was written in a record, by the name of each piece."""


class BreachRows:
    """Records of breaches; readers raise `RowDisagreesError` for one that is not the ledger's."""

    def __init__(self, rows: RegisterRows, key: CaseKey) -> None:
        """Seal what is written by `key`."""
        self._rows = rows
        self._key = key

    def put(self, found: Breach, openings: Openings) -> RowMark:
        """Write a record with its words, and return what its event says of the row."""
        return self._rows.put(
            breach,
            {
                "id": str(found.id),
                "about": None if found.about is None else str(found.about),
                "agency": found.agency,
                "cause": found.cause.value,
                "kind": found.kind.value,
                "opened_by": found.opened_by,
                "opened_at": rfc3339(found.opened_at),
                "steps": json.dumps(
                    {
                        step.value: {"choice": one.choice, "at": moment_text(one.at)}
                        for step, one in found.steps.items()
                    },
                    sort_keys=True,
                ),
                "closed_by": found.closed_by,
                "closed_at": moment_text(found.closed_at),
                "words": self._sealed(found.id, openings),
            },
        )

    def find(self, id_: Reference) -> Breach | None:
        """Return a record, None where there is none."""
        row = self._rows.one(breach, str(id_))
        return None if row is None else _breach(row)

    def named(self, id_: Reference) -> Breach:
        """Return a record that the ledger names; none is ever taken away."""
        found = self.find(id_)
        if found is None:
            raise KeyError(str(id_))
        return found

    def openings(self, id_: Reference) -> Openings:
        """Return what was written in a record that exists."""
        row = self._rows.one(breach, str(id_))
        if row is None:
            raise KeyError(str(id_))
        return self._opened(id_, bytes(row["words"]))

    def of_agency(self, agency: AgencyId) -> tuple[Breach, ...]:
        """Return the records of a body, the open ones first, then the newest first."""
        found = self._all(breach.c.agency == agency)
        newest_first = sorted(found, key=lambda one: one.opened_at, reverse=True)
        return tuple(sorted(newest_first, key=lambda one: not one.is_open))

    def about(self, reference: Reference) -> tuple[Breach, ...]:
        """Return the records about a disclosure, the oldest first."""
        found = self._all(breach.c.about == str(reference))
        return tuple(sorted(found, key=lambda one: one.opened_at))

    def _all(self, condition: ColumnElement[bool]) -> tuple[Breach, ...]:
        return tuple(map(_breach, self._rows.find(breach, condition)))

    def _sealed(self, id_: Reference, openings: Openings) -> bytes:
        said = {name: {"salt": one.salt, "words": one.words} for name, one in openings.items()}
        plain = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
        return seal_field(self._key, plain, self._place(id_))

    def _opened(self, id_: Reference, sealed: bytes) -> Openings:
        said = as_object(json.loads(open_field(self._key, sealed, self._place(id_))))
        pieces = {name: as_object(one) for name, one in said.items()}
        return {
            name: Opening(salt=text(one["salt"]), words=text(one["words"]))
            for name, one in pieces.items()
        }

    def _place(self, id_: Reference) -> Place:
        return Place(case=self._key.case, field=f"breach/{id_}/words", version=1)


def _breach(row: Mapping[str, Any]) -> Breach:
    about, closed_by = row["about"], row["closed_by"]
    steps = {name: as_object(one) for name, one in json.loads(row["steps"]).items()}
    return Breach(
        id=parse_reference(row["id"], Prefix.BREACH),
        about=None if about is None else parse_reference(about),
        agency=AgencyId(row["agency"]),
        cause=Cause(row["cause"]),
        kind=Kind(row["kind"]),
        opened_by=PersonId(row["opened_by"]),
        opened_at=moment_of(row["opened_at"]),
        steps={
            Step(name): Written(
                choice=None if one["choice"] is None else text(one["choice"]),
                at=None if one["at"] is None else moment_of(text(one["at"])),
            )
            for name, one in steps.items()
        },
        closed_by=None if closed_by is None else PersonId(closed_by),
        closed_at=moment_in(row["closed_at"]),
    )
