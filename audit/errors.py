"""Everything that this package raises on purpose; no message repeats what an event held."""

from enum import StrEnum


class LedgerError(Exception):
    """Base of every error of the ledger."""


class UnrecordableEventError(LedgerError):
    """The event does not fit the closed table of event types, so nothing was appended."""


class EventIdTakenError(LedgerError):
    """The event's identifier already stands in the ledger with other contents."""


class LedgerNotOpenError(LedgerError):
    """No log has been opened in this database, or one is open already."""


class ForeignGrowthError(LedgerError):
    """The ledger's head was not written by this installation, so nothing may rest on it."""

    def __init__(self) -> None:
        """Say what is at stake and what finds out more."""
        super().__init__(
            "The head of the ledger does not bear this installation's authenticator: somebody "
            "wrote in the database past the gateway, or its tables were not brought to this "
            "release. Nothing is recorded, signed or sent. Run: broker ledger verify; after an "
            "update: broker db upgrade"
        )


class ForeignRowsError(LedgerError):
    """Rows that this installation did not write stand where its next entries would."""

    def __init__(self) -> None:
        """Say what holds and what does not."""
        super().__init__(
            "Entries stand behind the ledger's head that this installation did not write, so "
            "nothing can be recorded. What the head counts still holds. Run: broker ledger verify"
        )


class LedgerLockError(LedgerError):
    """The caller's transaction is not one to append in: none is open, or it was not alone."""


class MalformedEntryError(LedgerError):
    """The bytes are not an entry in its one permitted spelling."""


class MalformedNoteError(LedgerError):
    """The bytes are not a signed note, a key for one, or a checkpoint in its one spelling."""


class MalformedPolicyError(LedgerError):
    """The file is not a trust policy that can be used here."""


class MalformedReceiptError(LedgerError):
    """The file is not a receipt, or not in its one spelling."""


class MalformedOpeningError(LedgerError):
    """The file is not an opening of a commitment."""


class ProofRefusedError(LedgerError):
    """The proof does not lead to the signed root, or there is nothing to prove."""


class NoSuchTileError(LedgerError):
    """The path names no tile, or one that the signed head does not cover."""


class SignatureRefusedError(LedgerError):
    """No known key signed the note, or a known key's signature does not hold."""


class OpeningRefusedError(LedgerError):
    """The value and salt do not open the commitment."""


class RollbackError(LedgerError):
    """The ledger is behind or differs from a head that was signed before; `evidence` shows it."""

    def __init__(self, message: str, *, evidence: str) -> None:
        super().__init__(message)
        self.evidence = evidence


class RestoreRefusedError(LedgerError):
    """The database is not an older state of the log that was signed: it was not restored."""


class IncompleteLedgerError(LedgerError):
    """What was handed over is not all that is needed to verify; nothing was found to be wrong."""


class ExportRefusedError(LedgerError):
    """The export cannot be written where it was asked for."""


class Rule(StrEnum):
    """The rules that a ledger must keep (docs/formats/ledger.md, "Order of checks")."""

    POLICY = "policy"
    ENTRY = "entry"
    LEAF = "leaf"
    NUMBER = "number"
    LINK = "link"
    TIME = "time"
    GATEWAY = "gateway"
    REFERENCE = "reference"
    RULEBOOK = "rulebook"
    OPENING = "opening"
    RESTORED = "restored"
    CHECKPOINT = "checkpoint"
    RECEIPT = "receipt"
    COMMITMENT = "commitment"
    KEY = "key"
    TAIL = "tail"
    SURPLUS = "surplus"
    BUNDLE = "bundle"
    TILE = "tile"
    MANIFEST = "manifest"
    COLUMN = "column"
    HEAD = "head"


class BrokenLedgerError(LedgerError):
    """A rule of the ledger does not hold; `first_bad` is the first entry that shows it.

    `first_bad` is None where no single entry is at fault, as with a checkpoint's own bytes.
    """

    def __init__(self, message: str, *, first_bad: int | None, rule: Rule) -> None:
        super().__init__(message)
        self.first_bad = first_bad
        self.rule = rule


class BrokenTileError(BrokenLedgerError):
    """The entries hold, but the hash tile `index` of `level` is not the one that they give."""

    def __init__(self, message: str, *, level: int, index: int) -> None:
        super().__init__(message, first_bad=None, rule=Rule.TILE)
        self.level = level
        self.index = index
