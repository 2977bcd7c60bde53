"""Databases that lost the end of their ledger, and the two people who let it go on."""

from brokers import KEEPER_OF_KEYS
from referrals import GUARDIAN
from sqlalchemy import Connection, delete, update

from audit.note import VerifierKey
from audit.tables import ledger_checkpoint, ledger_entry, ledger_head
from audit.tree import Frontier
from broker import ceremony
from broker.model import Person
from broker.wiring import Services
from keys import Role, TokenClaims


def lose_from(made: Services, size: int) -> None:
    """Put the ledger back to its first entries, as an old backup would, past the triggers."""
    database = made.transaction.database
    with made.transaction() as tx:
        entries = list(tx.ledger.entries(0, size))
    edge = tuple(entry.leaf for entry in entries)
    with database.transaction() as connection:
        dialect = connection.dialect.name
        _disarm(connection, dialect)
        connection.execute(delete(ledger_entry).where(ledger_entry.c.seq >= size))
        connection.execute(delete(ledger_checkpoint).where(ledger_checkpoint.c.size > size))
        connection.execute(
            update(ledger_head).values(
                size=size,
                previous_leaf=entries[-1].leaf,
                frontier=Frontier().extend(edge).to_bytes(),
                last_moment=entries[-1].moment,
            )
        )


def officers(made: Services) -> tuple[ceremony.Officer, ceremony.Officer]:
    return an_officer(made, KEEPER_OF_KEYS), an_officer(made, GUARDIAN)


def an_officer(made: Services, person: Person) -> ceremony.Officer:
    claims = TokenClaims(person=person.id, agency=person.agency, role=Role(person.role))
    return ceremony.officer(made, ceremony.admit(made, claims))


def hold_ceremony(made: Services) -> VerifierKey:
    """Hold the ceremony, or finish the one that was cut short."""
    if not made.home.restoring.exists():
        ceremony.begin(made, ceremony.loss(made), *officers(made))
    return ceremony.finish(made)


def _disarm(connection: Connection, dialect: str) -> None:
    """Take the triggers away that keep rows as they were written."""
    for table in ("ledger_entry", "ledger_checkpoint"):
        if dialect == "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
