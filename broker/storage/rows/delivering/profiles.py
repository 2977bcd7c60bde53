"""How contacts take documents: believed as the ledger says, in the caller's transaction."""

from typing import Final

from sqlalchemy import Boolean, Column, Integer, Named, String, Table, TypedColumns

from broker.domain.directory.profiles import PLAIN, RecipientProfile, SealedAs
from broker.domain.model import MailboxId
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata


class ProfileColumns(TypedColumns):
    """What a contact asked for; one without a row takes a locked PDF of the usual size."""

    id: Named[str] = Column(String(64), primary_key=True)
    sealed_as: Named[str] = Column(String(8))
    most_megabytes: Named[int | None] = Column(Integer, nullable=True)
    takes_originals: Named[bool | None] = Column(Boolean, nullable=True)


recipient_profile = Table("recipient_profile", metadata, ProfileColumns)

PROFILES: Final = Register(table=recipient_profile)


class ProfileRows:
    """Profiles; readers raise `RowDisagreesError` for a row that is not the ledger's."""

    def __init__(self, rows: RegisterRows) -> None:
        """Read and write by `rows`."""
        self._rows = rows

    def put(self, mailbox: MailboxId, profile: RecipientProfile) -> RowMark:
        """Write what a contact asked for, and return what its event says."""
        return self._rows.put(
            recipient_profile,
            {
                "id": mailbox,
                "sealed_as": profile.sealed_as.value,
                "most_megabytes": profile.most_megabytes,
                # Empty for no: rows of before this column bear the same mark.
                "takes_originals": profile.takes_originals or None,
            },
        )

    def takers_of_originals(self) -> frozenset[MailboxId]:
        """Return the contacts that take files as they were sent."""
        takes = recipient_profile.c.takes_originals.is_(True)
        return frozenset(MailboxId(row["id"]) for row in self._rows.find(recipient_profile, takes))

    def of(self, mailbox: MailboxId) -> RecipientProfile:
        """Return how a contact takes documents."""
        row = self._rows.one(recipient_profile, mailbox)
        if row is None:
            return PLAIN
        return RecipientProfile(
            sealed_as=SealedAs(row["sealed_as"]),
            most_megabytes=row["most_megabytes"],
            takes_originals=row["takes_originals"] is True,
        )
