"""A ledger at fault: what does not hold, in a code and in words, and the gate that stands then.

While the head, an entry or a signed head does not hold, nothing is decided, sent, revealed,
destroyed or opened; what a disclosure's state is, and what the fault is, can be read.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum, unique
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from audit.errors import (
    BrokenLedgerError,
    ForeignGrowthError,
    ForeignRowsError,
    LedgerError,
    MalformedNoteError,
    RollbackError,
    SignatureRefusedError,
)
from audit.log.files import write_durably
from audit.log.foreign_rows import stand_behind
from audit.log.ledger import Ledger
from broker.domain.problems import AT_FAULT
from keys import KeystoreDamagedError


@unique
class LedgerFault(StrEnum):
    """What can be wrong, in the words of `broker check`, /readyz and alarms."""

    HEAD = "ledger-head"
    ROWS = "ledger-rows"
    ENTRY = "ledger-entry"
    SIGNED = "ledger-signed"
    KEY = "ledger-key"
    STORES = "stores-differ"


KNOWN: Final[Mapping[LedgerFault, tuple[str, str]]] = {
    LedgerFault.HEAD: (
        "THE HEAD OF THE LEDGER IS NOT THE BROKER'S OWN: somebody wrote in the database",
        "copy it as evidence, then put back the newest backup: broker restore",
    ),
    LedgerFault.ROWS: (
        "ROWS STAND IN THE LEDGER'S TABLES THAT THE BROKER DID NOT WRITE; what it counts holds",
        "two operators set them aside: broker ledger set-aside",
    ),
    LedgerFault.ENTRY: (
        "AN ENTRY OF THE LEDGER IS NOT AS IT WAS WRITTEN",
        (
            "find it: broker ledger verify. Copy the database as evidence, then put back the "
            "newest backup: broker restore"
        ),
    ),
    LedgerFault.SIGNED: (
        "THE LEDGER DOES NOT FIT THE NEWEST HEAD THAT WAS SIGNED",
        (
            "stop the broker, keep database and checkpoints as they are, look for the newer "
            "database. Is it lost for good: broker ledger restore-ceremony"
        ),
    ),
    LedgerFault.KEY: (
        "THE KEYSTORE HOLDS NO KEY THAT SIGNS THE LEDGER, or not as it was written",
        (
            "stop the broker, keep the keystore as evidence, put back its newest backup; then "
            "look: broker check"
        ),
    ),
    LedgerFault.STORES: (
        "KEYSTORE, DATABASE AND CHECKPOINTS ARE NOT OF ONE TIME",
        (
            "broker check says which is older. Put back the newer one, or let two people say "
            "which is true: broker ledger restore-ceremony"
        ),
    ),
}
"""What each fault tells, and what to do about it, for whoever runs the broker."""

_OF_ITSELF: Final = frozenset({LedgerFault.SIGNED, LedgerFault.KEY, LedgerFault.STORES})
"""What ends by itself once a head can be signed again; the rest takes a whole verification."""


_TOLD_BY: Final[Mapping[type[Exception], LedgerFault]] = {
    ForeignGrowthError: LedgerFault.HEAD,
    ForeignRowsError: LedgerFault.ROWS,
    BrokenLedgerError: LedgerFault.ENTRY,
    RollbackError: LedgerFault.SIGNED,
    SignatureRefusedError: LedgerFault.SIGNED,
    MalformedNoteError: LedgerFault.SIGNED,
    KeystoreDamagedError: LedgerFault.KEY,
}
"""Which fault an error tells of."""


class LedgerAtFaultError(LedgerError):
    """A fault of the ledger was found before, and nobody has put it right yet."""

    def __init__(self, fault: LedgerFault) -> None:
        """Say what it is, and the remedy."""
        self.fault = fault
        what, remedy = KNOWN[fault]
        super().__init__(f"{AT_FAULT} For operators: {what}: {remedy}.")


def fault_of(error: Exception) -> LedgerFault | None:
    """Return which fault of the ledger an error tells of, None where it tells of none."""
    said = getattr(error, "fault", None)
    if isinstance(said, LedgerFault):
        return said
    return next((fault for told, fault in _TOLD_BY.items() if isinstance(error, told)), None)


class LedgerFaults:
    """Remembers what was found, in a file of the home, for every process of the host.

    A disk without room keeps it in this process alone.
    """

    def __init__(self, path: Path) -> None:
        """Use the file at `path`, there while a fault stands."""
        self._path = path
        self._known: LedgerFault | None = None

    def gate(self, ledger: Ledger, connection: Connection) -> None:
        """Return where the ledger may be relied on, as far as can be told at once.

        Raises `ForeignGrowthError`, `ForeignRowsError` or `LedgerAtFaultError`.
        """
        if stand_behind(connection, lambda: ledger.head().size):
            raise ForeignRowsError
        if (fault := self.known()) is not None:
            raise LedgerAtFaultError(fault)

    def live(self, ledger: Ledger, connection: Connection) -> LedgerFault | None:
        """Return the fault that stands now, None where there is none."""
        try:
            self.gate(ledger, connection)
        except LedgerError as error:
            return fault_of(error)
        return None

    def known(self) -> LedgerFault | None:
        """Return the fault that was found before and that nobody has put right yet."""
        try:
            return LedgerFault(json.loads(self._path.read_bytes())["fault"])
        except FileNotFoundError:
            return self._known
        except (OSError, ValueError, KeyError, TypeError):
            # A file that says nothing certain is a fault that takes a verification.
            return LedgerFault.ENTRY

    def note(self, error: Exception) -> None:
        """Remember what an error tells, unless it shows by itself each time."""
        fault = fault_of(error)
        if fault in {None, LedgerFault.HEAD, LedgerFault.ROWS} or self.known() is not None:
            return
        self._known = fault
        with suppress(OSError):
            write_durably(self._path, json.dumps({"fault": fault}).encode("ascii"))

    def signed(self) -> None:
        """Forget what a head that was signed since shows to be over."""
        if self.known() in _OF_ITSELF:
            self.forget()

    def forget(self) -> None:
        """Forget what was found: the whole ledger was verified, or two people have decided."""
        self._known = None
        self._path.unlink(missing_ok=True)
