"""The gateway's tables, typed. Nothing in them names the person in the file.

Moments are RFC 3339 text in UTC with microseconds, so that they sort and never change their bytes;
days are ISO 8601 dates. What is about the person stands only in `case_field`, encrypted under the
key of its case (docs/formats/sealed-store.md).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Named,
    String,
    Table,
    Text,
    TypedColumns,
)

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


class AgencyColumns(TypedColumns):
    """Bodies that send or receive."""

    id: Named[str] = Column(String(64), primary_key=True)
    name: Named[str] = Column(String(200))
    kind: Named[str] = Column(String(32))
    in_united_kingdom: Named[bool] = Column(Boolean)
    sharing_agreement_until: Named[str | None] = Column(String(10), nullable=True)
    undertaking_signed: Named[bool] = Column(Boolean)
    suitability_until: Named[str | None] = Column(String(10), nullable=True)
    sharing_duty_body: Named[bool] = Column(Boolean)
    lead_check: Named[str] = Column(String(16))
    check_purposes: Named[str] = Column(Text)
    completes: Named[str] = Column(String(16))
    pathway: Named[str | None] = Column(String(64), nullable=True)
    guardian_body: Named[str | None] = Column(String(64), nullable=True)
    retired_on: Named[str | None] = Column(String(10), nullable=True)


agency = Table("agency", metadata, AgencyColumns)


class AgencyBasisColumns(TypedColumns):
    """What an agency relies on, by purpose; `*` stands for every other purpose."""

    agency: Named[str] = Column(String(64), ForeignKey("agency.id"), primary_key=True)
    purpose: Named[str] = Column(String(32), primary_key=True)
    article_6: Named[str] = Column(String(40))
    article_9: Named[str] = Column(String(40))
    schedule_1: Named[str] = Column(String(40))
    power: Named[str] = Column(Text)


agency_basis = Table("agency_basis", metadata, AgencyBasisColumns)


class MailboxColumns(TypedColumns):
    """The directory: where an agency takes packs, and the number to ring."""

    id: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64), ForeignKey("agency.id"))
    title: Named[str] = Column(String(200))
    address: Named[str] = Column(String(254))
    type: Named[str] = Column(String(32))
    accepts_encrypted: Named[str] = Column(String(8))
    telephone: Named[str] = Column(String(40))
    function: Named[str] = Column(String(32))
    version: Named[int] = Column(Integer)
    verified_on: Named[str | None] = Column(String(10), nullable=True)
    verified_by: Named[str | None] = Column(String(64), nullable=True)
    kept_as: Named[str | None] = Column(String(32), nullable=True)
    hours: Named[str | None] = Column(String(200), nullable=True)
    printed: Named[int | None] = Column(Integer, nullable=True)
    source: Named[str | None] = Column(String(200), nullable=True)
    entered_by: Named[str | None] = Column(String(64), nullable=True)
    entered_at: Named[str | None] = Column(String(32), nullable=True)
    trusted_address: Named[str | None] = Column(String(254), nullable=True)
    trusted_telephone: Named[str | None] = Column(String(40), nullable=True)
    waits_until: Named[str | None] = Column(String(32), nullable=True)
    rang: Named[str | None] = Column(String(40), nullable=True)
    rang_from: Named[str | None] = Column(String(16), nullable=True)
    spoke_to: Named[str | None] = Column(String(100), nullable=True)
    retired_on: Named[str | None] = Column(String(10), nullable=True)


mailbox = Table("mailbox", metadata, MailboxColumns)


class RulebookColumns(TypedColumns):
    """Every rulebook that ever judged here, whole, so that a decision can be judged again."""

    version: Named[str] = Column(String(71), primary_key=True)
    bundle: Named[bytes] = Column(LargeBinary)


rulebook = Table("rulebook", metadata, RulebookColumns)


class ActivationColumns(TypedColumns):
    """Which rulebook came into force when and by whom; the newest row decides."""

    id: Named[int] = Column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    version: Named[str] = Column(String(71), ForeignKey("rulebook.version"))
    activated_at: Named[str] = Column(String(32))
    first: Named[str | None] = Column(String(64), nullable=True)
    second: Named[str | None] = Column(String(64), nullable=True)
    until: Named[str | None] = Column(String(10), nullable=True)
    expiry_recorded: Named[bool] = Column(Boolean)
    kid: Named[str] = Column(String(64))
    signature: Named[bytes] = Column(LargeBinary(64))


activation = Table("activation", metadata, ActivationColumns)


class DisclosureColumns(TypedColumns):
    """One disclosure: codes and times."""

    reference: Named[str] = Column(String(16), primary_key=True)
    case_id: Named[str] = Column(String(64), index=True)
    sender: Named[str] = Column(String(64), ForeignKey("agency.id"))
    requester: Named[str] = Column(String(64))
    recipient: Named[str] = Column(String(64), ForeignKey("mailbox.id"))
    purpose: Named[str] = Column(String(32))
    outcome: Named[str] = Column(String(32))
    state: Named[str] = Column(String(16))
    rulebook: Named[str] = Column(String(71), ForeignKey("rulebook.version"))
    created_at: Named[str] = Column(String(32))
    changed_at: Named[str] = Column(String(32))
    message_id: Named[str | None] = Column(String(200), nullable=True)
    sealed_sha256: Named[str | None] = Column(String(64), nullable=True)
    judged: Named[int] = Column(Integer)
    due_on: Named[str | None] = Column(String(10), nullable=True)
    sameness: Named[bytes | None] = Column(LargeBinary(32), nullable=True, index=True)
    reviewed_on: Named[str | None] = Column(String(10), nullable=True)


disclosure = Table("disclosure", metadata, DisclosureColumns)


class CaseFieldColumns(TypedColumns):
    """What is about the person, encrypted under the key of its case."""

    reference: Named[str] = Column(
        String(16), ForeignKey("disclosure.reference"), primary_key=True
    )
    name: Named[str] = Column(String(80), primary_key=True)
    case_id: Named[str] = Column(String(64), index=True)
    version: Named[int] = Column(Integer)
    ciphertext: Named[bytes] = Column(LargeBinary)


case_field = Table("case_field", metadata, CaseFieldColumns)


class OutboxColumns(TypedColumns):
    """What is still to be done for a disclosure, one row a step; the row goes when it is done."""

    id: Named[int] = Column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    reference: Named[str] = Column(String(16), ForeignKey("disclosure.reference"), unique=True)
    step: Named[str] = Column(String(8))
    attempts: Named[int] = Column(Integer)
    due_at: Named[str] = Column(String(32))
    leased_by: Named[str | None] = Column(String(64), nullable=True)
    leased_until: Named[str | None] = Column(String(32), nullable=True)
    waits: Named[int] = Column(Integer)
    """0 for an emergency, else 1: in which of two queues it stands."""


outbox = Table(
    "outbox",
    metadata,
    OutboxColumns,
    Index("ix_outbox_due_at", "due_at"),
    Index("ix_outbox_turn", "waits", "attempts", "due_at", "id"),
)


class DutyColumns(TypedColumns):
    """What must be done after release, until somebody says that it is done."""

    reference: Named[str] = Column(
        String(16), ForeignKey("disclosure.reference"), primary_key=True
    )
    type: Named[str] = Column(String(40), primary_key=True)
    due_on: Named[str | None] = Column(String(10), nullable=True)
    done_on: Named[str | None] = Column(String(10), nullable=True)
    calendar: Named[str | None] = Column(String(40), nullable=True)


duty = Table("duty", metadata, DutyColumns, Index("ix_duty_done_on", "done_on"))


class LegalHoldColumns(TypedColumns):
    """For whom a case must be kept, and until when; several may hold the same case."""

    case_id: Named[str] = Column(String(64), primary_key=True)
    owner: Named[str] = Column(String(64), primary_key=True)
    until: Named[str] = Column(String(10))
    set_at: Named[str] = Column(String(32))
    lifted_at: Named[str | None] = Column(String(32), nullable=True)


legal_hold = Table("legal_hold", metadata, LegalHoldColumns)


class SubmissionKeyColumns(TypedColumns):
    """Idempotency keys: one submission each, however often it is sent."""

    agency: Named[str] = Column(String(64), primary_key=True)
    person: Named[str] = Column(String(64), primary_key=True)
    key: Named[str] = Column(String(128), primary_key=True)
    body: Named[bytes] = Column(LargeBinary(32))
    reference: Named[str] = Column(String(16), ForeignKey("disclosure.reference"))
    mac: Named[bytes | None] = Column(LargeBinary(32), nullable=True)


submission_key = Table("submission_key", metadata, SubmissionKeyColumns)


class InstallationColumns(TypedColumns):
    """One row: which keystore this database belongs to."""

    id: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    keystore: Named[str] = Column(String(64))
    created_at: Named[str] = Column(String(32))


installation = Table("installation", metadata, InstallationColumns)
