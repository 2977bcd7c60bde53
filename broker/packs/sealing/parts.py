"""What goes into a sealed pack, what comes out, and what can go wrong on the way."""

import re
from dataclasses import dataclass, field

from broker.domain.errors import BrokerError

RECEIPT = "decision.tlog-proof"
"""The name of the ledger's receipt inside a sealed pack."""

_NEUTRAL_NAME = re.compile(r"[0-9]{2}-attachment\.(jpg|png|txt)|decision\.tlog-proof")
_PASSPHRASE = re.compile(r"[a-z-]{16,32}")
_PASSPHRASE_OF_A_ZIP = re.compile(r"([a-z]{3,5}-){6}[a-z]{3,5}")
"""Seven words: guesses at a zip are a hundred times cheaper (docs/formats/sealed-pack.md)."""


class UnfitPassphraseError(BrokerError):
    """Raised when a passphrase could not be typed into every PDF reader."""

    def __init__(self) -> None:
        """Name the rule, never the passphrase."""
        super().__init__(
            "The passphrase must be 16 to 32 characters long, of the letters a to z and hyphens: "
            "some PDF readers ignore whatever comes after the 32nd. Draw a new one."
        )


class TooFewWordsError(BrokerError):
    """Raised when a zip would be locked with fewer than seven words."""

    def __init__(self) -> None:
        """Name the rule, never the words."""
        super().__init__("A zip file is locked with seven words, not fewer. Draw new ones.")


class NamedByAPersonError(BrokerError):
    """Raised when an embedded file would leave under a name that is not one of ours."""

    def __init__(self) -> None:
        """Show the pattern, never the name."""
        super().__init__(
            "An attachment may only leave under a neutral name such as 01-attachment.jpg, "
            "once each. Name it by its number in the pack."
        )


class SealNotProvedError(BrokerError):
    """Raised when a pack was sealed but the proof failed; such bytes must not be sent."""

    def __init__(self, found: str) -> None:
        """Say what was found, in words that hold nothing of the pack."""
        super().__init__(
            f"The sealed document did not pass its check: {found}. Nothing was sent. "
            "Seal it again; if that fails too, tell the people who run the broker."
        )


def wrong_passphrases(passphrase: str) -> tuple[str, ...]:
    """Return what must not open a pack: nothing, a letter cut off, and a letter exchanged."""
    first = "b" if passphrase.startswith("a") else "a"
    return "", passphrase[:-1], first + passphrase[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file to embed: one written anew, named `NN-attachment.ending`, or the receipt."""

    name: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise `NamedByAPersonError` for any other name."""
        if not _NEUTRAL_NAME.fullmatch(self.name):
            raise NamedByAPersonError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed pack that passed its proof; `sha256` is of `content`, in hexadecimal."""

    content: bytes = field(repr=False)
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must be found in a sealed pack; `embedded` maps names to SHA-256 values."""

    pages: int
    reference: str
    embedded: dict[str, str]


def refuse_passphrase(passphrase: str) -> None:
    """Return for a passphrase that every reader takes, or raise `UnfitPassphraseError`."""
    if not _PASSPHRASE.fullmatch(passphrase):
        raise UnfitPassphraseError


def refuse_passphrase_of_a_zip(passphrase: str) -> None:
    """Return for the seven words that lock a zip, or raise `TooFewWordsError`."""
    if not _PASSPHRASE_OF_A_ZIP.fullmatch(passphrase):
        raise TooFewWordsError
