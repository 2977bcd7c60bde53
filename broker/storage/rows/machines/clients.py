"""Rows of clients and of their keys, believed as the ledger says."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Boolean, Column, Integer, Named, String, Table, Text, TypedColumns

from broker.domain.machines.clients import Client, ClientId, ClientKey
from broker.domain.roles import Role
from broker.domain.times import day_of, day_text
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, Algorithm, KeyId, PersonId


class ClientColumns(TypedColumns):
    """Which machines a body has, and in which roles they may work."""

    id: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64), index=True)
    algorithm: Named[str] = Column(String(16))
    roles: Named[str] = Column(String(200))
    names_people: Named[bool] = Column(Boolean)
    registered_by: Named[str] = Column(String(64))
    disabled_on: Named[str | None] = Column(String(10), nullable=True)
    version: Named[int] = Column(Integer)


client = Table("client", metadata, ClientColumns)


class ClientKeyColumns(TypedColumns):
    """By which public keys a client shows who it is; named by their thumbprints."""

    id: Named[str] = Column(String(64), primary_key=True)
    client: Named[str] = Column(String(64), index=True)
    jwk: Named[str] = Column(Text)
    added_by: Named[str] = Column(String(64))
    added_on: Named[str] = Column(String(10))
    confirmed_by: Named[str | None] = Column(String(64), nullable=True)
    removed_on: Named[str | None] = Column(String(10), nullable=True)


client_key = Table("client_key", metadata, ClientKeyColumns)

CLIENTS: Final = Register(table=client)
CLIENT_KEYS: Final = Register(table=client_key)


class ClientRows:
    """Clients and their keys, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    def __init__(self, rows: RegisterRows) -> None:
        """Write and believe by `rows`."""
        self._rows = rows

    def put(self, found: Client) -> RowMark:
        """Write a client, and return what the event says of the row."""
        return self._rows.put(
            client,
            {
                "id": found.id,
                "agency": found.agency,
                "algorithm": found.algorithm.value,
                "roles": " ".join(sorted(role.value for role in found.roles)),
                "names_people": found.names_people,
                "registered_by": found.registered_by,
                "disabled_on": day_text(found.disabled_on),
                "version": found.version,
            },
        )

    def put_key(self, found: ClientKey) -> RowMark:
        """Write a key, and return what the event says of the row."""
        return self._rows.put(
            client_key,
            {
                "id": found.id,
                "client": found.client,
                "jwk": found.jwk,
                "added_by": found.added_by,
                "added_on": found.added_on.isoformat(),
                "confirmed_by": found.confirmed_by,
                "removed_on": day_text(found.removed_on),
            },
        )

    def find(self, id_: ClientId) -> Client | None:
        """Return a client, None where there is none."""
        row = self._rows.one(client, id_)
        return None if row is None else _client(row)

    def of_body(self, agency: AgencyId) -> tuple[Client, ...]:
        """Return the clients of a body, by identifier."""
        return tuple(map(_client, self._rows.find(client, client.c.agency == agency)))

    def key(self, id_: KeyId) -> ClientKey | None:
        """Return a key, None where there is none."""
        row = self._rows.one(client_key, id_)
        return None if row is None else _key(row)

    def keys_of(self, id_: ClientId) -> tuple[ClientKey, ...]:
        """Return every key of a client, removed ones too."""
        return tuple(map(_key, self._rows.find(client_key, client_key.c.client == id_)))


def _client(row: Mapping[str, Any]) -> Client:
    return Client(
        id=ClientId(row["id"]),
        agency=AgencyId(row["agency"]),
        algorithm=Algorithm(row["algorithm"]),
        roles=frozenset(map(Role, row["roles"].split())),
        names_people=row["names_people"],
        registered_by=PersonId(row["registered_by"]),
        disabled_on=day_of(row["disabled_on"]),
        version=row["version"],
    )


def _key(row: Mapping[str, Any]) -> ClientKey:
    confirmed_by = row["confirmed_by"]
    return ClientKey(
        id=KeyId(row["id"]),
        client=ClientId(row["client"]),
        jwk=row["jwk"],
        added_by=PersonId(row["added_by"]),
        added_on=date.fromisoformat(row["added_on"]),
        confirmed_by=None if confirmed_by is None else PersonId(confirmed_by),
        removed_on=day_of(row["removed_on"]),
    )
