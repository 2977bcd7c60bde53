"""Test letters of contacts: believed as the ledger says, their words sealed; in a transaction."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Integer, LargeBinary, Named, String, Table, TypedColumns

from broker.domain.model import MailboxId
from broker.domain.times import day_of, day_text, moment_of, rfc3339
from broker.domain.trials.letters import Filter, Programme, Trial, TrialEnd
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import CaseKey, PersonId, Place, open_field, seal_field


class TrialColumns(TypedColumns):
    """The newest test letter of each contact, and what became of it."""

    id: Named[str] = Column(String(64), primary_key=True)
    version: Named[int] = Column(Integer)
    reference: Named[str] = Column(String(16))
    sent_by: Named[str] = Column(String(64))
    sent_at: Named[str] = Column(String(32))
    end: Named[str] = Column(String(16))
    ended_on: Named[str | None] = Column(String(10), nullable=True)
    programme: Named[str | None] = Column(String(16), nullable=True)
    filters: Named[str] = Column(String(100))
    words: Named[bytes] = Column(LargeBinary)


contact_trial = Table("contact_trial", metadata, TrialColumns)

TRIALS: Final = Register(table=contact_trial)


class TrialRows:
    """Test letters; readers raise `RowDisagreesError` for a row that is not the ledger's."""

    def __init__(self, rows: RegisterRows, key: CaseKey) -> None:
        """Seal the words of a letter by `key`."""
        self._rows = rows
        self._key = key

    def put(self, found: Trial, words: str) -> RowMark:
        """Write a letter with the words that open it, and return what its event says."""
        return self._rows.put(
            contact_trial,
            {
                "id": found.mailbox,
                "version": found.version,
                "reference": found.reference,
                "sent_by": found.sent_by,
                "sent_at": rfc3339(found.sent_at),
                "end": found.end.value,
                "ended_on": day_text(found.ended_on),
                "programme": found.programme,
                "filters": ",".join(sorted(found.filters)),
                "words": seal_field(self._key, words.encode("ascii"), self._place(found.mailbox)),
            },
        )

    def find(self, mailbox: MailboxId) -> Trial | None:
        """Return the newest letter of a contact, None where there was none."""
        row = self._rows.one(contact_trial, mailbox)
        return None if row is None else _trial(row)

    def words(self, mailbox: MailboxId) -> str:
        """Return the words that open the newest letter of a contact; raises `KeyError`."""
        row = self._rows.one(contact_trial, mailbox)
        if row is None:
            raise KeyError(mailbox)
        return open_field(self._key, bytes(row["words"]), self._place(mailbox)).decode("ascii")

    def _place(self, mailbox: MailboxId) -> Place:
        return Place(case=self._key.case, field=f"contact-trial/{mailbox}/words", version=1)


def _trial(row: Mapping[str, Any]) -> Trial:
    programme = row["programme"]
    return Trial(
        mailbox=MailboxId(row["id"]),
        version=row["version"],
        reference=row["reference"],
        sent_by=PersonId(row["sent_by"]),
        sent_at=moment_of(row["sent_at"]),
        end=TrialEnd(row["end"]),
        ended_on=day_of(row["ended_on"]),
        programme=None if programme is None else Programme(programme),
        filters=frozenset(Filter(one) for one in row["filters"].split(",") if one),
    )
