"""The idempotency keys of creating calls, and the digests of what came with them."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from broker.domain.model import Person
from broker.domain.references import Reference, parse_reference
from broker.storage import tables
from keys import IndexKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionKey:
    """One person's idempotency key, and a keyed digest of what was sent with it."""

    key: str
    body: bytes


class SubmissionKeys:
    """Which key brought which submission, inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def submitted_with(self, person: Person, key: str) -> tuple[bytes, Reference] | None:
        """Return body digest and reference of the submission made with this key before."""
        columns = tables.submission_key.c
        query = select(columns.body, columns.reference).where(
            columns.agency == person.agency, columns.person == person.id, columns.key == key
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else (row.body, parse_reference(row.reference))

    def remember(self, person: Person, used: SubmissionKey, reference: Reference) -> None:
        """Bind a key to its submission; raises `IntegrityError` where another was faster."""
        self._connection.execute(
            insert(tables.submission_key).values(
                agency=person.agency,
                person=person.id,
                key=used.key,
                body=used.body,
                reference=str(reference),
            )
        )


def key_of_step(idempotency: IndexKey, key: str, *said: object) -> SubmissionKey:
    """Return the key of a step about a disclosure, with the digest of what is said in it."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    return SubmissionKey(key=key, body=idempotency.digest(text))


def derived_key(body: bytes, turn: int, again: str | None, idempotency: IndexKey) -> str:
    """Return the key of a submission that named none: the same for the same pack and files."""
    said = json.dumps([body.hex(), turn, again]).encode()
    return f"pack-{idempotency.digest(said).hex()[:48]}"
