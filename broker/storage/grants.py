"""What the gateway's own role in PostgreSQL may do: what serving needs, and no more.

The tables belong to another role, which runs `broker init`, `broker db upgrade` and every command
that changes holds. The gateway's role can neither edit a row of the
ledger, nor switch off the triggers that refuse it, nor write where it only reads. This keeps
accidents and a broken gateway out; against the owner there are the signed checkpoints.
"""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

from sqlalchemy import Table

from audit.log.tables import metadata as ledger
from broker.domain.errors import BrokerError
from broker.storage import rows
from broker.storage.rows.portal import PORTAL_RIGHTS
from broker.storage.rows.short_lived.buckets import metadata as buckets
from broker.storage.tables import metadata as gateway


class UnfitRoleError(BrokerError):
    """Raised when the name of a role would have to be quoted."""

    def __init__(self) -> None:
        """Say what a name looks like."""
        super().__init__(
            "The name of the role must be 1 to 63 of a-z, 0-9 and _, and not begin with a digit."
        )


_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def all_tables() -> tuple[Table, ...]:
    """Return every table that a release lays out in PostgreSQL."""
    for wing in walk_packages(rows.__path__, f"{rows.__name__}."):
        # Their tables are known once they are imported.
        import_module(wing.name)
    return (*gateway.sorted_tables, *buckets.sorted_tables, *ledger.sorted_tables)


def grants(role: str) -> tuple[str, ...]:
    """Return the statements that give `role` what the gateway needs, and no more.

    Raises `UnfitRoleError`.
    """
    if not _ROLE.fullmatch(role):
        raise UnfitRoleError
    tables = all_tables()
    return (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}, PUBLIC",
        f"REVOKE CREATE ON SCHEMA public FROM {role}, PUBLIC",
        f"GRANT SELECT ON alembic_version TO {role}",
        *(
            f"GRANT {RIGHTS[table.name]} ON {table.name} TO {role}"
            for table in tables
            if table.name in RIGHTS
        ),
        *(
            f"GRANT USAGE ON SEQUENCE {name} TO {role}"
            for name in _sequences(tuple(filter(_may_insert, tables)))
        ),
    )


def portal_grants(role: str) -> tuple[str, ...]:
    """Return the statements that give `role` what the portal needs: three tables, and no more.

    Raises `UnfitRoleError`.
    """
    if not _ROLE.fullmatch(role):
        raise UnfitRoleError
    return (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}, PUBLIC",
        f"REVOKE CREATE ON SCHEMA public FROM {role}, PUBLIC",
        *(f"GRANT {rights} ON {table} TO {role}" for table, rights in PORTAL_RIGHTS.items()),
    )


READS: Final = "SELECT"
ADDS: Final = "SELECT, INSERT"
CHANGES: Final = "SELECT, INSERT, UPDATE"
WORKS: Final = "SELECT, INSERT, UPDATE, DELETE"

RIGHTS: Final[Mapping[str, str]] = {
    # Registers: changed by commands, under the role that owns the tables.
    "installation": READS,
    "legal_hold": READS,
    "retention_class": READS,
    # Rules that two people put in force on pages: signed, and believed as the ledger says.
    "activation": ADDS,
    "rulebook": ADDS,
    # Registers that people change on pages; a row is believed as the ledger says.
    "account": CHANGES,
    "advice": CHANGES,
    "cover": CHANGES,
    "client": CHANGES,
    "client_key": CHANGES,
    "webhook": CHANGES,
    "agency": CHANGES,
    "agency_basis": WORKS,
    "concern": CHANGES,
    "contact_trial": CHANGES,
    "recipient_profile": CHANGES,
    "concern_check": WORKS,
    "case_link": CHANGES,
    "agreement": CHANGES,
    "breach": CHANGES,
    "case_member": CHANGES,
    "case_record": CHANGES,
    "high_water": CHANGES,
    "identity": CHANGES,
    "invitation": CHANGES,
    "mailbox": CHANGES,
    "passkey": CHANGES,
    "person": CHANGES,
    "policy_document": CHANGES,
    "sharing_agreement": CHANGES,
    "provider_worker": CHANGES,
    "clearance": CHANGES,
    "rule_proposal": CHANGES,
    "rule_review": CHANGES,
    "supervision_note": CHANGES,
    "memory_look": CHANGES,
    "person_role": CHANGES,
    "recovery": CHANGES,
    "request_copy": CHANGES,
    "meeting": CHANGES,
    "attendee": CHANGES,
    "panel_pack": CHANGES,
    "sharing_concern": CHANGES,
    "regional_notice": CHANGES,
    # What serving does its work with.
    "bucket": WORKS,
    "case_field": WORKS,
    "challenge": WORKS,
    "disclosure": CHANGES,
    "draft": WORKS,
    "earlier_call": CHANGES,
    "earlier_mark": WORKS,
    "draft_member": WORKS,
    "duty": CHANGES,
    "outbox": WORKS,
    "portal_ask": WORKS,
    "portal_page": WORKS,
    "portal_reader": WORKS,
    "request_sameness": WORKS,
    "seen_proof": WORKS,
    "webhook_turn": CHANGES,
    "session": WORKS,
    "submission_key": CHANGES,
    # The ledger: its head moves, nothing else of it changes.
    "ledger_checkpoint": ADDS,
    "ledger_entry": ADDS,
    "ledger_head": "SELECT, UPDATE",
    "ledger_tile": ADDS,
}
"""What serving may do with each table; a table without a line here is granted nothing."""


def _may_insert(table: Table) -> bool:
    return "INSERT" in RIGHTS.get(table.name, "")


def _sequences(tables: tuple[Table, ...]) -> Iterator[str]:
    for table in tables:
        column = table.autoincrement_column
        if column is not None and column.autoincrement is True:
            yield f"{table.name}_{column.name}_seq"
