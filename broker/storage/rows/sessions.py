"""Sessions, challenges and marks of what was used up: short-lived rows that carry an HMAC."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    Named,
    RowMapping,
    String,
    Table,
    TypedColumns,
)

from broker.domain.people.accounts import Challenge, ChallengeUse, SessionRow
from broker.domain.people.people import RoleId
from broker.domain.times import moment_in, moment_of, moment_text, rfc3339
from broker.storage.rows.register import MarkedRows
from broker.storage.tables import metadata
from keys import PersonId


class SessionColumns(TypedColumns):
    """Who is signed in, by the SHA-256 of what their browser holds."""

    digest: Named[str] = Column(String(64), primary_key=True)
    person: Named[str] = Column(String(64), index=True)
    account_version: Named[int] = Column(Integer)
    role: Named[str | None] = Column(String(64), nullable=True)
    role_version: Named[int] = Column(Integer)
    began_at: Named[str] = Column(String(32), index=True)
    seen_at: Named[str] = Column(String(32))
    fresh_until: Named[str | None] = Column(String(32), nullable=True)
    mac: Named[bytes] = Column(LargeBinary(32))


session = Table("session", metadata, SessionColumns)


class ChallengeColumns(TypedColumns):
    """What devices are to sign, each once."""

    digest: Named[str] = Column(String(64), primary_key=True)
    challenge: Named[bytes] = Column(LargeBinary(32))
    use: Named[str] = Column(String(16))
    person: Named[str | None] = Column(String(64), nullable=True)
    until: Named[str] = Column(String(32), index=True)
    mac: Named[bytes] = Column(LargeBinary(32))


challenge = Table("challenge", metadata, ChallengeColumns)


class HighWaterColumns(TypedColumns):
    """The highest number that was used of each thing that only counts upwards."""

    subject: Named[str] = Column(String(100), primary_key=True)
    value: Named[int] = Column(BigInteger)
    mac: Named[bytes] = Column(LargeBinary(32))


high_water = Table("high_water", metadata, HighWaterColumns)


class Sessions:
    """Sessions, challenges and high-water marks, inside the caller's transaction.

    Readers raise `RowDoubtedError` where a row was not written by this installation.
    """

    def __init__(self, rows: MarkedRows) -> None:
        """Work on `rows`."""
        self._rows = rows

    def put(self, row: SessionRow) -> None:
        """Write a session."""
        values = {
            "digest": row.digest,
            "person": row.person,
            "account_version": row.account_version,
            "role": row.role,
            "role_version": row.role_version,
            "began_at": rfc3339(row.began_at),
            "seen_at": rfc3339(row.seen_at),
            "fresh_until": moment_text(row.fresh_until),
        }
        self._rows.put(session, values)

    def session(self, digest: str) -> SessionRow | None:
        """Return a session, None where there is none."""
        row = self._rows.one(session, digest)
        return None if row is None else _session(row)

    def drop(self, digest: str) -> None:
        """Take a session away."""
        self._rows.drop(session, session.c.digest == digest)

    def drop_of(self, person: PersonId) -> None:
        """Take every session of a person away."""
        self._rows.drop(session, session.c.person == person)

    def drop_before(self, moment: datetime, now: datetime) -> None:
        """Take away the sessions that began before `moment`, and challenges that ran out."""
        self._rows.drop(session, session.c.began_at < rfc3339(moment))
        self._rows.drop(challenge, challenge.c.until < rfc3339(now))

    def put_challenge(self, made: Challenge) -> None:
        """Keep a challenge until it is taken."""
        values: dict[str, Any] = {
            "digest": made.digest,
            "challenge": made.challenge,
            "use": made.use.value,
            "person": made.person,
            "until": rfc3339(made.until),
        }
        self._rows.put(challenge, values)

    def take_challenge(self, digest: str) -> Challenge | None:
        """Return a challenge and take it away, so that nothing answers it twice."""
        row = self._rows.one(challenge, digest)
        if row is None or self._rows.drop(challenge, challenge.c.digest == digest) != 1:
            return None
        return _challenge(row)

    def mark(self, subject: str) -> int:
        """Return the highest number that was used of a thing, -1 before the first."""
        row = self._rows.one(high_water, subject)
        return -1 if row is None else int(row["value"])

    def set_mark(self, subject: str, value: int) -> None:
        """Say which number of a thing was used, or begin again."""
        self._rows.put(high_water, {"subject": subject, "value": value})


def _session(row: RowMapping) -> SessionRow:
    role, fresh_until = row["role"], row["fresh_until"]
    return SessionRow(
        digest=row["digest"],
        person=PersonId(row["person"]),
        account_version=row["account_version"],
        role=None if role is None else RoleId(role),
        role_version=row["role_version"],
        began_at=moment_of(row["began_at"]),
        seen_at=moment_of(row["seen_at"]),
        fresh_until=moment_in(fresh_until),
    )


def _challenge(row: RowMapping) -> Challenge:
    person = row["person"]
    return Challenge(
        digest=row["digest"],
        challenge=bytes(row["challenge"]),
        use=ChallengeUse(row["use"]),
        person=None if person is None else PersonId(person),
        until=moment_of(row["until"]),
    )
