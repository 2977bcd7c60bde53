"""Set rows aside that somebody put into the ledger's tables: two operators, evidence, an entry.

The head holds, so the ledger goes on from it. The evidence is durable before anything is taken
away; a crash before the commit leaves the rows and the evidence, and the command is run again.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from audit.errors import RestoreRefusedError
from audit.format.events import RowsSetAside
from audit.log.files import write_durably
from audit.log.foreign_rows import ForeignRows
from broker.domain.errors import NotAllowedError
from broker.domain.roles import Role
from broker.operations.restore_ceremony import Officer, refuse_one_person, tokens_of
from broker.storage.transaction import Transaction
from broker.wiring import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What stands behind the head: how many rows, and their bytes, a line of JSON each."""

    count: int
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, which the ledger records."""
        return hashlib.sha256(self.content).hexdigest()


def evidence(services: Services) -> Evidence:
    """Return the rows that the broker did not write.

    Raises `RestoreRefusedError` where there are none, and `ForeignGrowthError` where not even the
    head is the broker's own.
    """
    with services.transaction() as tx:
        return _found(tx)


def set_aside(services: Services, found: Evidence, first: Officer, second: Officer) -> Path:
    """Keep the rows as a file, take them away, record it, and return the file.

    Raises `NotAllowedError` where the two are not two operators, `RestoreRefusedError` where the
    rows are not those that they saw, and `StoreFaultError` for a role that may not change tables.
    """
    refuse_one_person(first, second)
    if {first.person.role, second.person.role} != {Role.OPERATOR}:
        raise NotAllowedError("Rows are set aside by two operators. Ask two of them.")
    path = services.home.foreign_rows(found.digest)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_durably(path, found.content)
    event = RowsSetAside(
        by=first.person.id,
        second=second.person.id,
        count=found.count,
        sha256=found.digest,
    )
    with services.transaction() as tx:
        if _found(tx) != found:
            raise RestoreRefusedError(
                "The rows are not those that the two people saw: somebody is still writing. "
                "Nothing was taken away. Change the password of the database, then begin anew."
            )
        ForeignRows(tx.connection, tx.ledger.head().size).remove()
        tx.append(event.event(), *tokens_of(first, second))
    return path


def _found(tx: Transaction) -> Evidence:
    lines = list(ForeignRows(tx.connection, tx.ledger.head().size).lines())
    if not lines:
        raise RestoreRefusedError(
            "No rows stand behind the ledger's head, so there is nothing to set aside. Find out "
            "what is wrong: broker ledger verify"
        )
    return Evidence(count=len(lines), content=b"".join(lines))
