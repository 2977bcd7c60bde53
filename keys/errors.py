"""What can go wrong with keys, in words for the person who must act on it.

No message carries key material, a passphrase, a token or a case reference; paths and the public
identifiers of signing keys may be named.
"""

from enum import StrEnum, unique
from pathlib import Path


class KeyManagementError(Exception):
    """Base of everything that this package raises on purpose."""


class UnknownKeyError(KeyManagementError):
    """Raised when the keystore holds no key of that name."""


class KeyErasedError(UnknownKeyError):
    """Raised when the key of a case was destroyed; what it sealed cannot be read again."""

    def __init__(self) -> None:
        """Say that nothing is broken."""
        super().__init__(
            "The key of this case was erased, so its content cannot be read any more. "
            "This is how erasure works; nothing needs to be repaired."
        )


class KeyExistsError(KeyManagementError):
    """Raised when a key would be made a second time, or for a case that was erased."""


class KeyInUseError(KeyManagementError):
    """Raised when a key that still signs would be retired."""

    def __init__(self) -> None:
        """Say what comes first."""
        super().__init__("This key still signs. Rotate its purpose first, then retire it.")


class InvalidSignatureError(KeyManagementError):
    """Raised when a signature does not belong to the message and the public key."""

    def __init__(self) -> None:
        """Say what to do with the message."""
        super().__init__(
            "The signature does not fit the message and the key. "
            "Do not rely on the message; ask its sender for it again."
        )


class CannotOpenError(KeyManagementError):
    """Raised when sealed bytes were altered, moved to another place or sealed by another key."""

    def __init__(self) -> None:
        """Say the same whatever part does not fit, so that nothing can be learnt by trying."""
        super().__init__(
            "The sealed content cannot be opened: it was altered, stands in another place than "
            "the one it was sealed for, or was sealed by another key. Treat this as an alarm and "
            "compare with the backup."
        )


class WrongCaseError(KeyManagementError):
    """Raised when content of one case would be sealed with the key of another.

    It would outlive the erasure of its own case, and vanish with the other's.
    """

    def __init__(self) -> None:
        """Say that this is a mistake of the calling program."""
        super().__init__(
            "Content of one case was about to be sealed with the key of another. Nothing was "
            "sealed. This is a mistake in the program: report it."
        )


class KeystoreError(KeyManagementError):
    """Base of the faults of the keystore as a whole."""


class KeystoreMissingError(KeystoreError):
    """Raised when a folder holds no keystore."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(
            f"There is no keystore in {folder}. Run `broker init` for a new installation, "
            "or restore the backup of the keystore."
        )


class KeystoreExistsError(KeystoreError):
    """Raised when a keystore would be written over another one."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(
            f"There is a keystore in {folder} already, and it is never overwritten. "
            "Choose an empty folder."
        )


class LooseModeError(KeystoreError):
    """Raised when others than the owner could reach a keystore file; names the exact repair."""


class WrongPassphraseError(KeystoreError):
    """Raised when the passphrase does not open the keystore, is missing, or is not wanted."""


class WeakPassphraseError(KeystoreError):
    """Raised when a passphrase is too short to protect a keystore."""


class KeystoreDamagedError(KeystoreError):
    """Raised when the keystore's content is not what was written."""

    def __init__(self, part: str) -> None:
        """Name the `part` that does not hold, never its content."""
        super().__init__(
            f"The keystore is damaged or was altered: {part}. Nothing was changed. "
            "Keep the files as evidence and restore the latest backup of the keystore."
        )


class KeystoreUnavailableError(KeystoreError):
    """Raised when the keystore cannot be read or written now; the operation may be tried again."""


@unique
class TokenFault(StrEnum):
    """Why a token was refused: for logs and counters, never for the caller who sent it."""

    SIZE = "size"
    FORM = "form"
    HEADER = "header"
    ALGORITHM = "algorithm"
    TYPE = "type"
    KEY = "key"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    AUDIENCE = "audience"
    ISSUER = "issuer"
    TIME = "time"
    LIFETIME = "lifetime"
    EXPIRED = "expired"
    HOLDER = "holder"
    METHOD = "method"
    ADDRESS = "address"
    BINDING = "binding"
    REPLAY = "replay"


class UnfitKeyError(KeyManagementError):
    """Raised when a public key may not speak for a machine: too short, private, another kind."""


class TokenRefusedError(KeyManagementError):
    """Raised when a bearer token is refused; `reason` is for the log, the text never differs."""

    def __init__(self, reason: TokenFault) -> None:
        """Keep `reason` apart from the public text."""
        self.reason = reason
        super().__init__("The token is not valid, or its time is over. Ask for a new one.")
