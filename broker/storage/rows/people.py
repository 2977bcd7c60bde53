"""People and their roles: each row a register's, each name and contact sealed at its place."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Named,
    String,
    Table,
    TypedColumns,
)

from broker.domain.people.errors import UnknownPersonError
from broker.domain.people.people import PersonRecord, RoleHolding, RoleId
from broker.domain.roles import Role
from broker.domain.times import day_of, day_text
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, CaseKey, PersonId, Place, open_field, seal_field


class PersonColumns(TypedColumns):
    """Who may work here; name and work contact are sealed."""

    id: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64), index=True)
    name: Named[bytes] = Column(LargeBinary)
    contact: Named[bytes] = Column(LargeBinary)
    trained_until: Named[str | None] = Column(String(10), nullable=True)
    cleared_until: Named[str | None] = Column(String(10), nullable=True)
    disabled_on: Named[str | None] = Column(String(10), nullable=True)
    version: Named[int] = Column(Integer)


person = Table("person", metadata, PersonColumns)


class PersonRoleColumns(TypedColumns):
    """Which roles a person holds, for which body, and who gave them."""

    id: Named[str] = Column(String(64), primary_key=True)
    person: Named[str] = Column(String(64), ForeignKey("person.id"), index=True)
    agency: Named[str] = Column(String(64), index=True)
    role: Named[str] = Column(String(32))
    team: Named[str | None] = Column(String(64), nullable=True)
    valid_from: Named[str] = Column(String(10))
    valid_until: Named[str | None] = Column(String(10), nullable=True)
    is_deputy: Named[bool] = Column(Boolean)
    granted_by: Named[str] = Column(String(64))
    confirmed_by: Named[str | None] = Column(String(64), nullable=True)
    needs_confirmation: Named[bool] = Column(Boolean)
    ended_on: Named[str | None] = Column(String(10), nullable=True)
    version: Named[int] = Column(Integer)


person_role = Table("person_role", metadata, PersonRoleColumns)


class People:
    """People and roles, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    def __init__(self, rows: RegisterRows, key: CaseKey) -> None:
        """Seal names and contacts by `key`."""
        self._rows = rows
        self._key = key

    def put(self, found: PersonRecord) -> RowMark:
        """Write a person, and return what the event says of the row."""
        return self._rows.put(
            person,
            {
                "id": found.id,
                "agency": found.agency,
                "name": self._seal(found, "name", found.name),
                "contact": self._seal(found, "contact", found.contact),
                "trained_until": day_text(found.trained_until),
                "cleared_until": day_text(found.cleared_until),
                "disabled_on": day_text(found.disabled_on),
                "version": found.version,
            },
        )

    def person(self, id_: PersonId) -> PersonRecord:
        """Return a person; raises `UnknownPersonError`."""
        row = self._rows.one(person, id_)
        if row is None:
            raise UnknownPersonError
        return self._person(row)

    def find(self, id_: PersonId) -> PersonRecord | None:
        """Return a person, None where there is none."""
        row = self._rows.one(person, id_)
        return None if row is None else self._person(row)

    def people(self) -> Iterator[PersonRecord]:
        """Yield everybody, by identifier."""
        yield from map(self._person, self._rows.find(person))

    def has_anybody(self) -> bool:
        """Say whether anybody was ever entered."""
        return self._rows.has_any(person)

    def put_role(self, held: RoleHolding) -> RowMark:
        """Write a role, and return what the event says of the row."""
        return self._rows.put(
            person_role,
            {
                "id": held.id,
                "person": held.person,
                "agency": held.agency,
                "role": held.role.value,
                "team": held.team,
                "valid_from": held.valid_from.isoformat(),
                "valid_until": day_text(held.valid_until),
                "is_deputy": held.is_deputy,
                "granted_by": held.granted_by,
                "confirmed_by": held.confirmed_by,
                "needs_confirmation": held.needs_confirmation,
                "ended_on": day_text(held.ended_on),
                "version": held.version,
            },
        )

    def role(self, id_: RoleId) -> RoleHolding:
        """Return a role that somebody holds; raises `UnknownPersonError`."""
        row = self._rows.one(person_role, id_)
        if row is None:
            raise UnknownPersonError
        return _role(row)

    def roles_of(self, id_: PersonId) -> tuple[RoleHolding, ...]:
        """Return every role of a person, ended ones too."""
        found = self._rows.find(person_role, person_role.c.person == id_)
        return tuple(map(_role, found))

    def roles_on(self, id_: PersonId, day: date) -> tuple[RoleHolding, ...]:
        """Return the roles in which a person may act on a day; none for who is disabled."""
        found = self.find(id_)
        if found is None or found.disabled_on is not None:
            return ()
        return tuple(held for held in self.roles_of(id_) if held.stands_on(day))

    def roles_for(self, agency: AgencyId, role: Role) -> tuple[RoleHolding, ...]:
        """Return who holds a role for a body, ended ones too."""
        found = self._rows.having(person_role, agency=agency, role=role.value)
        return tuple(map(_role, found))

    def acting(self, agency: AgencyId, role: Role, day: date) -> tuple[PersonRecord, ...]:
        """Return who may act in a role for a body on a day, once each; nobody who is disabled."""
        held = (one.person for one in self.roles_for(agency, role) if one.stands_on(day))
        found = map(self.person, dict.fromkeys(held))
        return tuple(one for one in found if one.disabled_on is None)

    def roles(self) -> tuple[RoleHolding, ...]:
        """Return every role of everybody."""
        return tuple(map(_role, self._rows.find(person_role)))

    def _seal(self, found: PersonRecord, column: str, text: str) -> bytes:
        return seal_field(self._key, text.encode(), self._place(found.id, column, found.version))

    def _open(self, row: Mapping[str, Any], column: str) -> str:
        place = self._place(row["id"], column, row["version"])
        return open_field(self._key, bytes(row[column]), place).decode()

    def _place(self, id_: str, column: str, version: int) -> Place:
        return Place(case=self._key.case, field=f"person/{id_}/{column}", version=version)

    def _person(self, row: Mapping[str, Any]) -> PersonRecord:
        return PersonRecord(
            id=PersonId(row["id"]),
            agency=AgencyId(row["agency"]),
            name=self._open(row, "name"),
            contact=self._open(row, "contact"),
            trained_until=day_of(row["trained_until"]),
            cleared_until=day_of(row["cleared_until"]),
            disabled_on=day_of(row["disabled_on"]),
            version=row["version"],
        )


def _role(row: Mapping[str, Any]) -> RoleHolding:
    confirmed_by = row["confirmed_by"]
    return RoleHolding(
        id=RoleId(row["id"]),
        person=PersonId(row["person"]),
        agency=AgencyId(row["agency"]),
        role=Role(row["role"]),
        team=row["team"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=day_of(row["valid_until"]),
        is_deputy=row["is_deputy"],
        granted_by=PersonId(row["granted_by"]),
        confirmed_by=None if confirmed_by is None else PersonId(confirmed_by),
        needs_confirmation=row["needs_confirmation"],
        ended_on=day_of(row["ended_on"]),
        version=row["version"],
    )
