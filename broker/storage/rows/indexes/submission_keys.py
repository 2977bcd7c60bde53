"""Rows of the idempotency keys that brought a submission or a step.

A key that somebody bound to another disclosure would swallow what is sent with it, so each row
bears an HMAC of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Final

from sqlalchemy import Connection, RowMapping, and_, select, update

from broker.domain.errors import LedgerDisagreesError, UnknownReferenceError
from broker.domain.model import Disclosure, Person, SubmissionKey
from broker.domain.references import Reference, parse_reference
from broker.domain.times import rfc3339
from broker.storage import tables
from broker.storage.disclosures import readable
from broker.storage.rows.believed import columns_as_bytes, framed
from broker.storage.statements import Stored, bytes_in, read, rows_of, write
from keys import IndexKey

_FORMAT: Final = b"disclosure-broker/submission-key/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedKey:
    """What was sent with a key before, and where it led; `is_ours` says whether we wrote that."""

    body: bytes
    reference: Reference
    is_ours: bool


class SubmissionKeys:
    """Which key brought which submission, inside the caller's transaction."""

    def __init__(self, connection: Connection, authenticator: IndexKey) -> None:
        """Work inside the transaction of `connection`; believe what `authenticator` made."""
        self._connection = connection
        self._authenticator = authenticator

    def submitted_with(self, person: Person, key: str) -> UsedKey | None:
        """Return what was submitted with this key before.

        Raises `LedgerDisagreesError` where it leads to what is no reference.
        """
        which = {"agency": person.agency, "person": person.id, "key": key}
        found = read(self._connection, rows_of(tables.submission_key, *which), which)
        return self._used(found[0]) if found else None

    def same_pack_of(self, person: Person, body: bytes, since: datetime) -> tuple[Disclosure, ...]:
        """Return what a person submitted with this very content since a moment, newest first.

        Raises `LedgerDisagreesError` where somebody else wrote that they did.
        """
        columns, key = tables.disclosure.c, tables.submission_key
        query = (
            select(tables.disclosure, key.c.key)
            .join(key, key.c.reference == columns.reference)
            .where(
                key.c.agency == person.agency,
                key.c.person == person.id,
                key.c.body == body,
                columns.created_at >= rfc3339(since),
            )
            .order_by(columns.created_at.desc())
        )
        rows = self._connection.execute(query).mappings().all()
        for row in rows:
            used = self.submitted_with(person, row["key"])
            if used is None or not used.is_ours:
                raise LedgerDisagreesError("that the same was submitted before")
        return tuple(readable(rows))

    def remember(self, person: Person, used: SubmissionKey, reference: Reference) -> None:
        """Bind a key to its submission; raises `IntegrityError` where another was faster."""
        row = {
            "agency": person.agency,
            "person": person.id,
            "key": used.key,
            "body": used.body,
            "reference": str(reference),
        }
        write(self._connection, tables.submission_key, {**row, "mac": self._mac(row)})

    def is_ours(self, row: Stored) -> bool:
        """Say whether this installation wrote a row of the table, as it stands there."""
        return compare_digest(bytes_in(row["mac"]), self._mac(row))

    def unmarked(self) -> Sequence[RowMapping]:
        """Return the rows that an earlier release wrote, whose columns nobody vouches for."""
        unmarked = tables.submission_key.c.mac.is_(None)
        query = select(tables.submission_key).where(unmarked)
        return self._connection.execute(query).mappings().all()

    def adopt_earlier(self, row: Stored) -> None:
        """Let a row that an earlier release wrote count from now on, as it stands there."""
        columns = tables.submission_key.c
        is_it = and_(
            columns.agency == row["agency"],
            columns.person == row["person"],
            columns.key == row["key"],
        )
        marked = update(tables.submission_key).where(is_it, columns.mac.is_(None))
        self._connection.execute(marked.values(mac=self._mac(row)))

    def _used(self, row: Stored) -> UsedKey:
        try:
            reference = parse_reference(row["reference"])
        except UnknownReferenceError as error:
            raise LedgerDisagreesError("what was submitted before") from error
        return UsedKey(body=bytes_in(row["body"]), reference=reference, is_ours=self.is_ours(row))

    def _mac(self, row: Stored) -> bytes:
        names = ("agency", "person", "key", "body", "reference")
        columns = columns_as_bytes({name: row[name] for name in names})
        return self._authenticator.digest(framed((_FORMAT, columns)))
