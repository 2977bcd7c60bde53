"""Rulebooks by their content, and which came into force when; in the caller's transaction."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import Connection, insert, select

from audit.log.known import TYPE, Known
from broker.domain.errors import RowDisagreesError
from broker.domain.model import Activation
from broker.domain.times import day_of, day_text, moment_of, rfc3339
from broker.storage import tables
from broker.storage.statements import Stored, bytes_in, read, rows_of, text_in
from keys import PersonId
from policies import digest_of

_OF_VERSION: Final = rows_of(tables.activation, "version").order_by(tables.activation.c.id.desc())
_SAID: Final = ("rulebook", "by", "second", "until")
"""The fields of an activation's entry that its row says again."""


class Activations:
    """Every rulebook that ever judged here, and what put it in force."""

    def __init__(self, connection: Connection, known: Callable[[], Known]) -> None:
        """Work inside the transaction of `connection`; `known` gives what the ledger says."""
        self._connection = connection
        self._known = known

    def keep_rulebook(self, version: str, bundle: bytes) -> None:
        """Keep a rulebook by its content, once."""
        if self.bundle(version) is None:
            self._connection.execute(
                insert(tables.rulebook).values(version=version, bundle=bundle)
            )

    def bundle(self, version: str) -> bytes | None:
        """Return a rulebook that was kept, or None."""
        query = select(tables.rulebook.c.bundle).where(tables.rulebook.c.version == version)
        bundle = self._connection.scalar(query)
        return None if bundle is None else bytes_in(bundle)

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

    def every(self) -> Iterator[Activation | None]:
        """Yield every activation that is stored; None for one that no release wrote."""
        for row in self._connection.execute(select(tables.activation)).mappings():
            yield _readable(row)

    def newest(self) -> Activation | None:
        """Return what put the rulebook in force by the ledger's newest entry, or None before any.

        Raises `RowDisagreesError` where no row says what that entry says.
        """
        entry = self._known().newest(TYPE, "policy.activate")
        if entry is None:
            return None
        said = tuple(map(entry.event.get, _SAID))
        which = {"version": str(entry.event["rulebook"])}
        for row in read(self._connection, _OF_VERSION, which):
            if _of(row) == said and (found := _readable(row)) is not None:
                return found
        raise RowDisagreesError("activation")

    def differing(self) -> Iterator[str]:
        """Yield what the ledger says otherwise of: activations, and rulebooks by their version."""
        entries = self._known().about(TYPE, "policy.activate")
        rows = self._connection.execute(select(tables.activation)).mappings().all()
        said = Counter(tuple(map(entry.event.get, _SAID)) for entry in entries)
        if said != Counter(map(_of, rows)):
            yield "activation"
        named = {entry.event["rulebook"] for entry in entries}
        kept: set[object] = set()
        for row in self._connection.execute(select(tables.rulebook)).mappings():
            kept.add(row["version"])
            if row["version"] not in named or digest_of(bytes_in(row["bundle"])) != row["version"]:
                yield f"rulebook/{row['version']}"
        yield from sorted(f"rulebook/{version}" for version in named - kept)


def _of(row: Stored) -> tuple[object, ...]:
    """Return what the entry of an activation says of it, as its row says it again."""
    return (row["version"], row["first"], row["second"], row["until"])


def _readable(row: Stored) -> Activation | None:
    """Return the activation of a row, None where no release wrote it."""
    try:
        return _activation(row)
    except (ValueError, TypeError):
        return None


def _activation(row: Stored) -> Activation:
    return Activation(
        version=row["version"],
        at=moment_of(row["activated_at"]),
        first=_person(row["first"]),
        second=_person(row["second"]),
        until=day_of(row["until"]),
        kid=row["kid"],
        signature=bytes_in(row["signature"]),
    )


def _person(value: object) -> PersonId | None:
    text = text_in(value)
    return None if text is None else PersonId(text)
