"""The directory: who may receive, where, and whom to ring; an entry counts once it is verified."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from broker.domain.directory.backing import Backing, CallBack, Listing, NumberFrom
from broker.domain.errors import (
    DirectoryFaultError,
    RowDisagreesError,
    UnknownMailboxError,
)
from broker.domain.model import Agency, LegalBasis, Mailbox, MailboxId
from broker.domain.times import day_of, day_text, moment_in, moment_text
from broker.storage import tables
from broker.storage.rows.believed import BelievedRows, StoredRow
from broker.storage.rows.registers import AGENCIES, MAILBOXES
from keys import AgencyId, PersonId
from policies import MailRegister, mail_verdict


class Directory:
    """Agencies and mailboxes, read and written inside the caller's transaction."""

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection
        self._rows = rows

    def agency(self, agency: AgencyId, *, to_change: bool = False) -> Agency:
        """Return an agency with its legal bases; raise `UnknownMailboxError`.

        `to_change` locks its row. Raises `RowDisagreesError` where the ledger says otherwise.
        """
        row = self._rows.find(AGENCIES, agency, to_change=to_change)
        if row is None:
            raise _unknown("agency")
        return _agency(row)

    def mailbox(self, mailbox: MailboxId, *, to_change: bool = False) -> Mailbox:
        """Return a mailbox, verified or not; raises as `agency`."""
        row = self._rows.find(MAILBOXES, mailbox, to_change=to_change)
        if row is None:
            raise _unknown("mailbox")
        return _mailbox(row.columns)

    def mailboxes(self) -> tuple[Mailbox, ...]:
        """Return every mailbox that is as the ledger says, by identifier."""
        return tuple(
            sorted(
                (_mailbox(row.columns) for row in self._rows.all(MAILBOXES)),
                key=lambda mailbox: mailbox.id,
            )
        )

    def agencies(self) -> tuple[Agency, ...]:
        """Return every body that is as the ledger says, by identifier."""
        return tuple(sorted(map(_agency, self._rows.all(AGENCIES)), key=lambda agency: agency.id))

    def put_agency(self, agency: Agency) -> None:
        """Write a body that stands there over what stood there, its legal bases too.

        A row that is not as the ledger says is written anew, all of it, so this mends it. Raises
        `UnknownMailboxError` where it does not stand there yet.
        """
        with suppress(RowDisagreesError):
            self.agency(agency.id, to_change=True)
        self._write(tables.agency, _agency_columns(agency))
        bases = tables.agency_basis
        self._connection.execute(delete(bases).where(bases.c.agency == agency.id))
        self._add_bases(agency)

    def put_mailbox(self, mailbox: Mailbox) -> None:
        """Write a mailbox as it is given over what stood there; whoever calls believed that.

        Raises `DirectoryFaultError` for one of no agency.
        """
        self._refuse_orphan(mailbox)
        self._write(tables.mailbox, _mailbox_columns(mailbox))

    def stored_version(self, mailbox: MailboxId) -> int:
        """Return the version in a row that nobody need believe, 0 where there is none."""
        query = select(tables.mailbox.c.version).where(tables.mailbox.c.id == mailbox)
        return self._connection.scalar(query) or 0

    def _write(self, table: Table, columns: Mapping[str, object]) -> None:
        """Write every column of an entry, whether its row is there or somebody deleted it."""
        of_it = table.c.id == columns["id"]
        changed = self._connection.execute(update(table).where(of_it).values(columns))
        if changed.rowcount == 0:
            self._connection.execute(insert(table).values(columns))

    def add(
        self, agencies: Iterable[Agency], mailboxes: Iterable[Mailbox], register: MailRegister
    ) -> None:
        """Add entries, none verified yet; raise `DirectoryFaultError`.

        Refused are a deceptive address, an identifier that is taken, and a mailbox of no agency.
        A contact whose address nobody knows yet has none.
        """
        for agency in agencies:
            self._add_agency(agency)
        for mailbox in mailboxes:
            may_lack = not mailbox.address and mailbox.listing.may_lack_address
            if not may_lack and mail_verdict(mailbox.address, register).verdict == "reject":
                message = (
                    f"The address of mailbox {mailbox.id} is malformed or imitates another. "
                    "Ask the recipient for it by telephone and type it anew."
                )
                raise DirectoryFaultError(message)
            self._add_mailbox(mailbox)

    def _add_agency(self, agency: Agency) -> None:
        if self._holds(agency.id):
            message = f"The agency {agency.id} stands in the directory already."
            raise DirectoryFaultError(message)
        self._connection.execute(insert(tables.agency).values(_agency_columns(agency)))
        self._add_bases(agency)

    def _add_bases(self, agency: Agency) -> None:
        for purpose, basis in agency.bases.items():
            self._connection.execute(
                insert(tables.agency_basis).values(
                    agency=agency.id,
                    purpose=purpose,
                    article_6=basis.article_6,
                    article_9=basis.article_9,
                    schedule_1=basis.schedule_1,
                    power=basis.power,
                )
            )

    def _add_mailbox(self, mailbox: Mailbox) -> None:
        self._refuse_orphan(mailbox)
        known = select(tables.mailbox.c.id).where(tables.mailbox.c.id == mailbox.id)
        if self._connection.execute(known).first() is not None:
            message = f"The mailbox {mailbox.id} stands in the directory already."
            raise DirectoryFaultError(message)
        unverified = replace(mailbox, verified_on=None, verified_by=None)
        self._connection.execute(insert(tables.mailbox).values(_mailbox_columns(unverified)))

    def _refuse_orphan(self, mailbox: Mailbox) -> None:
        if not self._holds(mailbox.agency):
            message = (
                f"The mailbox {mailbox.id} belongs to no agency of that identifier. Add the "
                "agency first, or check how it is spelt."
            )
            raise DirectoryFaultError(message)

    def _holds(self, agency: AgencyId) -> bool:
        query = select(tables.agency.c.id).where(tables.agency.c.id == agency)
        return self._connection.execute(query).first() is not None


def _agency(row: StoredRow) -> Agency:
    columns = row.columns
    return Agency(
        id=AgencyId(columns["id"]),
        name=columns["name"],
        kind=columns["kind"],
        in_united_kingdom=columns["in_united_kingdom"],
        sharing_agreement_until=day_of(columns["sharing_agreement_until"]),
        undertaking_signed=columns["undertaking_signed"],
        suitability_until=day_of(columns["suitability_until"]),
        bases={basis["purpose"]: _basis(basis) for basis in row.parts["agency_basis"]},
        sharing_duty_body=columns["sharing_duty_body"],
        check=columns["lead_check"],
        check_purposes=frozenset(columns["check_purposes"].split()),
        completes=columns["completes"],
        pathway=columns["pathway"],
        guardian_body=(
            None if columns["guardian_body"] is None else AgencyId(columns["guardian_body"])
        ),
        retired_on=day_of(columns["retired_on"]),
    )


def _agency_columns(agency: Agency) -> dict[str, object]:
    return {
        "id": agency.id,
        "name": agency.name,
        "kind": agency.kind,
        "in_united_kingdom": agency.in_united_kingdom,
        "sharing_agreement_until": day_text(agency.sharing_agreement_until),
        "undertaking_signed": agency.undertaking_signed,
        "suitability_until": day_text(agency.suitability_until),
        "sharing_duty_body": agency.sharing_duty_body,
        "lead_check": agency.check,
        "check_purposes": " ".join(sorted(agency.check_purposes)),
        "completes": agency.completes,
        "pathway": agency.pathway,
        "guardian_body": agency.guardian_body,
        "retired_on": day_text(agency.retired_on),
    }


def _mailbox_columns(mailbox: Mailbox) -> dict[str, object]:
    listing, backing, call = mailbox.listing, mailbox.backing, mailbox.backing.call
    return {
        "id": mailbox.id,
        "agency": mailbox.agency,
        "title": mailbox.title,
        "address": mailbox.address,
        "type": mailbox.type,
        "accepts_encrypted": mailbox.accepts_encrypted,
        "telephone": mailbox.telephone,
        "function": mailbox.function,
        "version": mailbox.version,
        "verified_on": day_text(mailbox.verified_on),
        "verified_by": mailbox.verified_by,
        "kept_as": listing.kept_as,
        "hours": listing.hours,
        "printed": listing.printed,
        "source": listing.source,
        "entered_by": backing.entered_by,
        "entered_at": moment_text(backing.entered_at),
        "trusted_address": backing.trusted_address,
        "trusted_telephone": backing.trusted_telephone,
        "waits_until": moment_text(backing.waits_until),
        "rang": None if call is None else call.number,
        "rang_from": None if call is None else call.source.value,
        "spoke_to": None if call is None else call.spoke_to,
        "retired_on": day_text(backing.retired_on),
    }


def _unknown(noun: str) -> UnknownMailboxError:
    return UnknownMailboxError(
        f"The directory holds no such {noun}. Run `broker directory list` to see what it holds."
    )


def _basis(row: Mapping[str, Any]) -> LegalBasis:
    return LegalBasis(
        article_6=row["article_6"],
        article_9=row["article_9"],
        schedule_1=row["schedule_1"],
        power=row["power"],
    )


def _mailbox(row: Mapping[str, Any]) -> Mailbox:
    return Mailbox(
        id=MailboxId(row["id"]),
        agency=AgencyId(row["agency"]),
        title=row["title"],
        address=row["address"],
        type=row["type"],
        accepts_encrypted=row["accepts_encrypted"],
        telephone=row["telephone"],
        function=row["function"],
        version=row["version"],
        verified_on=day_of(row["verified_on"]),
        verified_by=_person(row["verified_by"]),
        listing=Listing(
            kept_as=row["kept_as"],
            hours=row["hours"],
            printed=row["printed"],
            source=row["source"],
        ),
        backing=_backing(row),
    )


def _backing(row: Mapping[str, Any]) -> Backing:
    call = None
    if row["rang"] is not None:
        call = CallBack(
            number=row["rang"], source=NumberFrom(row["rang_from"]), spoke_to=row["spoke_to"]
        )
    return Backing(
        entered_by=_person(row["entered_by"]),
        entered_at=moment_in(row["entered_at"]),
        trusted_address=row["trusted_address"],
        trusted_telephone=row["trusted_telephone"],
        waits_until=moment_in(row["waits_until"]),
        call=call,
        retired_on=day_of(row["retired_on"]),
    )


def _person(text: str | None) -> PersonId | None:
    return None if text is None else PersonId(text)
