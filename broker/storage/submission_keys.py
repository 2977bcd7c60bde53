"""Rows of the idempotency keys that brought a submission or a step."""

from sqlalchemy import Connection, insert, select

from broker.domain.model import Person, SubmissionKey
from broker.domain.references import Reference, parse_reference
from broker.storage import tables


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
