"""Rulebooks by their content, and which came into force when; in the caller's transaction."""

from sqlalchemy import Connection, insert, select

from broker.domain.model import Activation
from broker.domain.times import day_of, day_text, moment_of, rfc3339
from broker.storage import tables


class Activations:
    """Every rulebook that ever judged here, and what put it in force."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def keep_rulebook(self, version: str, bundle: bytes) -> None:
        """Keep a rulebook by its content, once."""
        if self.bundle(version) is None:
            self._connection.execute(
                insert(tables.rulebook).values(version=version, bundle=bundle)
            )

    def bundle(self, version: str) -> bytes | None:
        """Return a rulebook that was kept, or None."""
        query = select(tables.rulebook.c.bundle).where(tables.rulebook.c.version == version)
        return self._connection.scalar(query)

    def add(self, activation: Activation) -> None:
        """Put a kept rulebook in force."""
        self._connection.execute(
            insert(tables.activation).values(
                version=activation.version,
                activated_at=rfc3339(activation.at),
                first=activation.first,
                second=activation.second,
                until=day_text(activation.until),
                expiry_recorded=False,
                kid=activation.kid,
                signature=activation.signature,
            )
        )

    def is_expiry_noted(self, activation: Activation) -> bool:
        """Say whether an earlier release noted here that the end is on the ledger."""
        columns = tables.activation.c
        query = select(columns.expiry_recorded).where(
            columns.activated_at == rfc3339(activation.at)
        )
        return bool(self._connection.scalar(query))

    def newest(self) -> Activation | None:
        """Return what put the rulebook in force, or None before the first."""
        query = select(tables.activation).order_by(tables.activation.c.id.desc()).limit(1)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return Activation(
            version=row["version"],
            at=moment_of(row["activated_at"]),
            first=row["first"],
            second=row["second"],
            until=day_of(row["until"]),
            kid=row["kid"],
            signature=row["signature"],
        )
