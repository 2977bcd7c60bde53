"""Keys of the broker: signing, sealing of fields, the keystore, erasure and bearer tokens.

Key material leaves this package only inside objects whose `repr` does not show it. The package
knows nothing of what the keys protect and depends on `cryptography` and `jwt` alone.
"""

from keys.envelope import CaseId, CaseKey, Place, open_field, seal_field
from keys.errors import (
    CannotOpenError,
    InvalidSignatureError,
    KeyErasedError,
    KeyExistsError,
    KeyInUseError,
    KeyManagementError,
    KeystoreDamagedError,
    KeystoreError,
    KeystoreExistsError,
    KeystoreMissingError,
    KeystoreUnavailableError,
    LooseModeError,
    TokenFault,
    TokenRefusedError,
    UnknownKeyError,
    WeakPassphraseError,
    WrongCaseError,
    WrongPassphraseError,
)
from keys.index import IndexKey, IndexPurpose
from keys.keystore.root_key import ScryptCost
from keys.keystore.store import Keystore
from keys.signing import (
    KeyId,
    KeyRing,
    KeyState,
    PublicKey,
    Purpose,
    SigningKey,
    thumbprint,
    verify,
)
from keys.tokens.bearer import (
    LONGEST_LIFE,
    AgencyId,
    ExpectedClaims,
    PersonId,
    Role,
    TokenClaims,
    issue,
    verify_token,
)

__all__ = [
    "LONGEST_LIFE",
    "AgencyId",
    "CannotOpenError",
    "CaseId",
    "CaseKey",
    "ExpectedClaims",
    "IndexKey",
    "IndexPurpose",
    "InvalidSignatureError",
    "KeyErasedError",
    "KeyExistsError",
    "KeyId",
    "KeyInUseError",
    "KeyManagementError",
    "KeyRing",
    "KeyState",
    "Keystore",
    "KeystoreDamagedError",
    "KeystoreError",
    "KeystoreExistsError",
    "KeystoreMissingError",
    "KeystoreUnavailableError",
    "LooseModeError",
    "PersonId",
    "Place",
    "PublicKey",
    "Purpose",
    "Role",
    "ScryptCost",
    "SigningKey",
    "TokenClaims",
    "TokenFault",
    "TokenRefusedError",
    "UnknownKeyError",
    "WeakPassphraseError",
    "WrongCaseError",
    "WrongPassphraseError",
    "issue",
    "open_field",
    "seal_field",
    "thumbprint",
    "verify",
    "verify_token",
]
