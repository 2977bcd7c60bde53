"""Notices to the regional Prevent team: rows that count only as the ledger's newest entry says."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, Named, String, Table, TypedColumns

from broker.domain.model import MailboxId
from broker.domain.partner_requests.notices import (
    NoticeKind,
    PanelKind,
    RegionalNotice,
    notice_id,
)
from broker.domain.references import Reference, parse_reference
from broker.domain.times import day_text, moment_of, rfc3339
from broker.storage.rows.believed import BelievedRows, Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, PersonId


class RegionalNoticeColumns(TypedColumns):
    """Notices that a lead decided about: codes, days and moments."""

    id: Named[str] = Column(String(120), primary_key=True)
    agency: Named[str] = Column(String(64), index=True)
    kind: Named[str] = Column(String(24))
    about: Named[str] = Column(String(16), index=True)
    happened_on: Named[str] = Column(String(10))
    panel: Named[str | None] = Column(String(16), nullable=True)
    mailbox: Named[str | None] = Column(String(64), nullable=True)
    decided_by: Named[str] = Column(String(64))
    decided_at: Named[str] = Column(String(32))
    sent_at: Named[str | None] = Column(String(32), nullable=True)
    version: Named[int] = Column(Integer)


regional_notice = Table("regional_notice", metadata, RegionalNoticeColumns)

TELLING: Final = (Register(table=regional_notice),)
"""The registers of this wing."""


class NoticeRows:
    """Regional notices, inside the caller's transaction; raise `RowDisagreesError`."""

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Believe what `rows` believe."""
        self._register = RegisterRows(connection, rows)

    def put(self, notice: RegionalNotice) -> RowMark:
        """Write a notice, and return what the event says of the row."""
        return self._register.put(
            regional_notice,
            {
                "id": notice.id,
                "agency": notice.agency,
                "kind": notice.kind.value,
                "about": str(notice.about),
                "happened_on": day_text(notice.on),
                "panel": None if notice.panel is None else notice.panel.value,
                "mailbox": notice.mailbox,
                "decided_by": notice.decided_by,
                "decided_at": rfc3339(notice.decided_at),
                "sent_at": None if notice.sent_at is None else rfc3339(notice.sent_at),
                "version": notice.version,
            },
        )

    def find(self, agency: AgencyId, kind: NoticeKind, about: Reference) -> RegionalNotice | None:
        """Return what a body decided about a notice, None where it did not yet."""
        row = self._register.one(regional_notice, notice_id(agency, kind, about))
        return None if row is None else _notice(row)

    def of_body(self, agency: AgencyId) -> tuple[RegionalNotice, ...]:
        """Return what a body decided about, the newest first."""
        found = self._register.find(regional_notice, regional_notice.c.agency == agency)
        return tuple(sorted(map(_notice, found), key=lambda one: one.decided_at, reverse=True))


def _notice(row: Mapping[str, Any]) -> RegionalNotice:
    panel, mailbox, sent_at = row["panel"], row["mailbox"], row["sent_at"]
    return RegionalNotice(
        agency=AgencyId(row["agency"]),
        kind=NoticeKind(row["kind"]),
        about=parse_reference(row["about"]),
        on=date.fromisoformat(row["happened_on"]),
        panel=None if panel is None else PanelKind(panel),
        mailbox=None if mailbox is None else MailboxId(mailbox),
        decided_by=PersonId(row["decided_by"]),
        decided_at=moment_of(row["decided_at"]),
        sent_at=None if sent_at is None else moment_of(sent_at),
        version=row["version"],
    )
