"""What the ledger lets happen with a disclosure: a row alone seals, sends and tells nothing.

Each row was written by us once, and by anybody since who has the database. So before a pack is
sealed, sent, or its words are told, what the row says is held against entries that the ledger's
own head stands for, and the recipient against the one whose address and number were decided on.
"""

import hashlib
from dataclasses import dataclass

from audit.errors import OpeningRefusedError
from audit.format.commitment import verify_opening
from audit.format.entry import Entry
from broker.domain.errors import LedgerDisagreesError, RecipientChangedError
from broker.domain.json_values import as_object
from broker.domain.model import Disclosure, Mailbox
from broker.storage.case_file import CaseFile, Part
from broker.storage.rows.said import said_of
from broker.storage.transaction import Transaction

_STOPS = frozenset({"recalled", "erased"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """The entry that lets a disclosure leave, its recipient as decided on, and its sealing."""

    decided: Entry
    recipient: Mailbox
    sealed: Entry | None

    def refuse_other_bytes(self, content: bytes) -> None:
        """Return if these are the bytes that were sealed; else raise `LedgerDisagreesError`."""
        digest = hashlib.sha256(content).hexdigest()
        if self.sealed is None or self.sealed.event["sha256"] != digest:
            raise LedgerDisagreesError("what was sealed")


def permitted(tx: Transaction, disclosure: Disclosure) -> Permission:
    """Return what the ledger lets happen with a disclosure, each entry proved once.

    Raises `LedgerDisagreesError` where the row says otherwise than the ledger, and
    `RecipientChangedError` where the directory has another address or number by now, and
    `LedgerError` while the ledger is at fault.
    """
    tx.require_sound_ledger()
    entries = tx.about(disclosure.reference)
    said = said_of(entries)
    said.refuse_other(disclosure)
    if any(entry.type in _STOPS for entry in entries):
        raise LedgerDisagreesError("that it was stopped")
    decided = _newest(entries, "decided")
    if decided is None or not said.goes:
        raise LedgerDisagreesError("what was decided")
    file = tx.case_file(disclosure)
    if _unperformed(file, decided):
        raise LedgerDisagreesError("what was decided")
    return Permission(
        decided=decided,
        recipient=_recipient(tx, file, decided),
        sealed=_newest(entries, "sealed"),
    )


def _newest(entries: tuple[Entry, ...], type_: str) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.type == type_), None)


def _unperformed(file: CaseFile, decided: Entry) -> object:
    """Return the obligations that nobody could keep before release: none, or it does not leave."""
    if "unperformed_c" not in decided.event:
        # Decided by a release that recorded them in clear.
        return decided.event["unperformed"]
    return _opened(file, decided, Part.UNPERFORMED, "what was decided")


def _recipient(tx: Transaction, file: CaseFile, decided: Entry) -> Mailbox:
    mailbox = tx.directory.mailbox(file.disclosure.recipient)
    if "recipient_c" not in decided.event:
        # Decided by a release that did not freeze the recipient with the decision.
        return mailbox
    if mailbox.backing.retired_on is not None:
        raise RecipientChangedError
    trusted = as_object(_opened(file, decided, Part.RECIPIENT, "to whom it goes"))
    if {**trusted, "version": mailbox.version} != mailbox.frozen():
        raise RecipientChangedError
    return mailbox


def _opened(file: CaseFile, decided: Entry, part: Part, what: str) -> object:
    """Return the part of the case that the decision committed to, or raise naming `what`."""
    name = part.numbered(file.disclosure.decision_number)
    try:
        value, salt = file.opening(name)
        verify_opening(str(decided.event[f"{part}_c"]), field=name, value=value, salt=salt)
    except (OpeningRefusedError, KeyError) as error:
        raise LedgerDisagreesError(what) from error
    return value
