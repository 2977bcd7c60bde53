"""The first tables: directory, disclosures, case fields, outbox, and the ledger."""

import sqlalchemy as sa
from alembic import op

from audit.log.tables import triggers

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    directory()
    disclosures()
    ledger()
    for statement in triggers(op.get_bind().dialect.name, ("ledger_entry", "ledger_checkpoint")):
        op.execute(statement)


def directory() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("keystore", sa.String(64), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("in_united_kingdom", sa.Boolean, nullable=False),
        sa.Column("sharing_agreement_until", sa.String(10)),
        sa.Column("undertaking_signed", sa.Boolean, nullable=False),
        sa.Column("suitability_until", sa.String(10)),
        sa.PrimaryKeyConstraint("id", name="pk_agency"),
    )
    op.create_table(
        "agency_basis",
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("article_6", sa.String(40), nullable=False),
        sa.Column("article_9", sa.String(40), nullable=False),
        sa.Column("schedule_1", sa.String(40), nullable=False),
        sa.Column("power", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("agency", "purpose", name="pk_agency_basis"),
        sa.ForeignKeyConstraint(["agency"], ["agency.id"], name="fk_agency_basis_agency"),
    )
    op.create_table(
        "mailbox",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("accepts_encrypted", sa.String(8), nullable=False),
        sa.Column("telephone", sa.String(40), nullable=False),
        sa.Column("verified_on", sa.String(10)),
        sa.Column("verified_by", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox"),
        sa.ForeignKeyConstraint(["agency"], ["agency.id"], name="fk_mailbox_agency"),
    )
    op.create_table(
        "rulebook",
        sa.Column("version", sa.String(71), nullable=False),
        sa.Column("bundle", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_rulebook"),
    )
    op.create_table(
        "activation",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", sa.String(71), nullable=False),
        sa.Column("activated_at", sa.String(32), nullable=False),
        sa.Column("first", sa.String(64)),
        sa.Column("second", sa.String(64)),
        sa.Column("until", sa.String(10)),
        sa.Column("expiry_recorded", sa.Boolean, nullable=False),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_activation"),
        sa.ForeignKeyConstraint(["version"], ["rulebook.version"], name="fk_activation_version"),
    )


def disclosures() -> None:
    op.create_table(
        "disclosure",
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("requester", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("rulebook", sa.String(71), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(200)),
        sa.Column("sealed_sha256", sa.String(64)),
        sa.Column("judged", sa.Integer, nullable=False),
        sa.Column("sameness", sa.LargeBinary(32)),
        sa.PrimaryKeyConstraint("reference", name="pk_disclosure"),
        sa.ForeignKeyConstraint(["sender"], ["agency.id"], name="fk_disclosure_sender"),
        sa.ForeignKeyConstraint(["recipient"], ["mailbox.id"], name="fk_disclosure_recipient"),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebook.version"], name="fk_disclosure_rulebook"),
    )
    op.create_index("ix_disclosure_case_id", "disclosure", ["case_id"])
    op.create_index("ix_disclosure_sameness", "disclosure", ["sameness"])
    op.create_table(
        "case_field",
        _reference(),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("reference", "name", name="pk_case_field"),
        _of_a_disclosure("case_field"),
    )
    op.create_index("ix_case_field_case_id", "case_field", ["case_id"])
    op.create_table(
        "outbox",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        _reference(),
        sa.Column("step", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("leased_by", sa.String(64)),
        sa.Column("leased_until", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("reference", name="uq_outbox_reference"),
        _of_a_disclosure("outbox"),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
    op.create_table(
        "duty",
        _reference(),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("due_on", sa.String(10)),
        sa.Column("done_on", sa.String(10)),
        sa.PrimaryKeyConstraint("reference", "type", name="pk_duty"),
        _of_a_disclosure("duty"),
    )
    op.create_table(
        "submission_key",
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("body", sa.LargeBinary(32), nullable=False),
        _reference(),
        sa.PrimaryKeyConstraint("agency", "person", "key", name="pk_submission_key"),
        _of_a_disclosure("submission_key"),
    )


def ledger() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(400), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("previous_leaf", sa.LargeBinary(32), nullable=False),
        sa.Column("frontier", sa.LargeBinary, nullable=False),
        sa.Column("last_moment", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_head"),
        sa.CheckConstraint("id = 1", name="ck_ledger_head_one_row"),
        postgresql_with={"fillfactor": 10},
    )
    op.create_table(
        "ledger_entry",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("reference", sa.String(16)),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger_entry"),
        sa.UniqueConstraint("event_id", name="uq_ledger_entry_event_id"),
    )
    op.create_index("ix_ledger_entry_reference", "ledger_entry", ["reference"])
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", BIG, autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_ledger_checkpoint"),
    )


def _reference() -> sa.Column[str]:
    return sa.Column("reference", sa.String(16), nullable=False)


def _of_a_disclosure(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["reference"], ["disclosure.reference"], name=f"fk_{table}_reference"
    )
