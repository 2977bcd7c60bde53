"""People, their roles, accounts and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    people()
    accounts()
    sessions()


def people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("contact", sa.LargeBinary, nullable=False),
        sa.Column("trained_until", sa.String(10)),
        sa.Column("cleared_until", sa.String(10)),
        sa.Column("disabled_on", sa.String(10)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_agency", "person", ["agency"])
    op.create_table(
        "person_role",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("team", sa.String(64)),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_until", sa.String(10)),
        sa.Column("is_deputy", sa.Boolean, nullable=False),
        sa.Column("granted_by", sa.String(64), nullable=False),
        sa.Column("confirmed_by", sa.String(64)),
        sa.Column("needs_confirmation", sa.Boolean, nullable=False),
        sa.Column("ended_on", sa.String(10)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person_role"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_person_role_person"),
    )
    op.create_index("ix_person_role_person", "person_role", ["person"])
    op.create_index("ix_person_role_agency", "person_role", ["agency"])


def accounts() -> None:
    op.create_table(
        "account",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("sign_in", sa.LargeBinary(32), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("app_secret", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_account"),
        sa.UniqueConstraint("sign_in", name="uq_account_sign_in"),
    )
    op.create_table(
        "passkey",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("credential", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("removed_on", sa.String(10)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_passkey"),
    )
    op.create_index("ix_passkey_person", "passkey", ["person"])
    op.create_table(
        "invitation",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("account_version", sa.Integer, nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_invitation"),
    )
    op.create_index("ix_invitation_person", "invitation", ["person"])
    op.create_table(
        "recovery",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_recovery"),
    )


def sessions() -> None:
    op.create_table(
        "session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("account_version", sa.Integer, nullable=False),
        sa.Column("role", sa.String(64)),
        sa.Column("role_version", sa.Integer, nullable=False),
        sa.Column("began_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("fresh_until", sa.String(32)),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_session"),
    )
    op.create_index("ix_session_person", "session", ["person"])
    op.create_index("ix_session_began_at", "session", ["began_at"])
    op.create_table(
        "challenge",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("challenge", sa.LargeBinary(32), nullable=False),
        sa.Column("use", sa.String(16), nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("until", sa.String(32), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_challenge"),
    )
    op.create_index("ix_challenge_until", "challenge", ["until"])
    op.create_table(
        "high_water",
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_high_water"),
    )
