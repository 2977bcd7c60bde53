"""Rows of where clients are sent word, believed as the ledger says, and how far that has come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Named,
    String,
    Table,
    TypedColumns,
    func,
    insert,
    select,
    update,
)

from broker.domain.machines.clients import ClientId
from broker.domain.machines.words import Turn, Webhook
from broker.domain.times import day_of, day_text, moment_of, rfc3339
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, PersonId


class WebhookColumns(TypedColumns):
    """Where a client is sent word."""

    client: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64))
    url: Named[str] = Column(String(500))
    version: Named[int] = Column(Integer)
    set_by: Named[str] = Column(String(64))
    ended_on: Named[str | None] = Column(String(10), nullable=True)


webhook = Table("webhook", metadata, WebhookColumns)


class WebhookTurnColumns(TypedColumns):
    """Up to which entry a client was sent word; nothing is decided by it."""

    client: Named[str] = Column(String(64), primary_key=True)
    next_seq: Named[int] = Column(Integer)
    failures: Named[int] = Column(Integer)
    next_at: Named[str] = Column(String(32))


webhook_turn = Table("webhook_turn", metadata, WebhookTurnColumns)

WEBHOOKS: Final = Register(table=webhook)


class WebhookRows:
    """Webhooks and their turns, read and written inside the caller's transaction.

    Readers of webhooks raise `RowDisagreesError` where one is not as the ledger says.
    """

    def __init__(self, connection: Connection, rows: RegisterRows) -> None:
        """Write and believe by `rows`."""
        self._connection = connection
        self._rows = rows

    def put(self, found: Webhook) -> RowMark:
        """Write a webhook, and return what the event says of the row."""
        return self._rows.put(
            webhook,
            {
                "client": found.client,
                "agency": found.agency,
                "url": found.url,
                "version": found.version,
                "set_by": found.set_by,
                "ended_on": day_text(found.ended_on),
            },
        )

    def find(self, client: ClientId) -> Webhook | None:
        """Return where a client is sent word, None where it never was."""
        row = self._rows.one(webhook, client)
        return None if row is None else _webhook(row)

    def standing(self) -> tuple[Webhook, ...]:
        """Return every webhook that has not ended."""
        found = map(_webhook, self._rows.find(webhook, webhook.c.ended_on.is_(None)))
        return tuple(one for one in found if one.ended_on is None)

    def turn(self, client: ClientId) -> Turn | None:
        """Return how far a client was sent word; raises `ValueError` for what no release wrote."""
        query = select(webhook_turn).where(webhook_turn.c.client == client)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return Turn(
            client=ClientId(row["client"]),
            next_seq=max(row["next_seq"], 0),
            failures=row["failures"],
            next_at=moment_of(row["next_at"]),
        )

    def failing(self, times: int) -> int:
        """Return how many standing webhooks have failed so many times in a row, or more."""
        standing = [one.client for one in self.standing()]
        query = select(func.count()).where(
            webhook_turn.c.client.in_(standing), webhook_turn.c.failures >= times
        )
        return self._connection.scalar(query) or 0

    def claim(self, turn: Turn, until: datetime) -> bool:
        """Say whether a turn is this gateway's until then, and no other's meanwhile."""
        columns = webhook_turn.c
        taken = self._connection.execute(
            update(webhook_turn)
            .where(
                columns.client == turn.client,
                columns.next_seq == turn.next_seq,
                columns.next_at == rfc3339(turn.next_at),
            )
            .values(next_at=rfc3339(until))
        )
        return taken.rowcount == 1

    def put_turn(self, turn: Turn) -> None:
        """Write how far a client was sent word."""
        values = {
            "client": turn.client,
            "next_seq": turn.next_seq,
            "failures": turn.failures,
            "next_at": rfc3339(turn.next_at),
        }
        own = webhook_turn.c.client == turn.client
        if self._connection.execute(update(webhook_turn).where(own).values(values)).rowcount == 0:
            self._connection.execute(insert(webhook_turn).values(values))


def _webhook(row: Mapping[str, Any]) -> Webhook:
    return Webhook(
        client=ClientId(row["client"]),
        agency=AgencyId(row["agency"]),
        url=row["url"],
        version=row["version"],
        set_by=PersonId(row["set_by"]),
        ended_on=day_of(row["ended_on"]),
    )
