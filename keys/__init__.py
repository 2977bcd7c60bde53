"""Keys of the broker: signing, sealing of fields, the keystore, erasure and bearer tokens.

Key material leaves this package only inside objects whose `repr` does not show it. The package
knows nothing of what the keys protect and depends on `cryptography` and `jwt` alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

__all__ = [
    "BOUND_LIFE",
    "LONGEST_LIFE",
    "PROOF_WINDOW",
    "AgencyId",
    "Algorithm",
    "Assertion",
    "BoundClaims",
    "CannotOpenError",
    "CaseId",
    "CaseKey",
    "ExpectedClaims",
    "FieldName",
    "HardwareToken",
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
    "Mark",
    "PersonId",
    "Place",
    "Proof",
    "PublicJwk",
    "PublicKey",
    "Purpose",
    "ScryptCost",
    "ShownBy",
    "SigningKey",
    "Standing",
    "TokenClaims",
    "TokenFault",
    "TokenRefusedError",
    "UnfitKeyError",
    "UnknownKeyError",
    "WeakPassphraseError",
    "WrongCaseError",
    "WrongPassphraseError",
    "check_bound_form",
    "check_form",
    "issue",
    "issue_bound",
    "joined",
    "key_for",
    "open_field",
    "parse_assertion",
    "public_jwk",
    "seal_field",
    "thumbprint",
    "told_key",
    "verify",
    "verify_bound",
    "verify_proof",
    "verify_token",
]

# A name is imported when somebody asks for it, so that each pays for what it uses alone.
_NAMES: Final = {
    "keys.envelope": ("CaseId", "CaseKey", "Place", "open_field", "seal_field"),
    "keys.errors": (
        "CannotOpenError",
        "InvalidSignatureError",
        "KeyErasedError",
        "KeyExistsError",
        "KeyInUseError",
        "KeyManagementError",
        "KeystoreDamagedError",
        "KeystoreError",
        "KeystoreExistsError",
        "KeystoreMissingError",
        "KeystoreUnavailableError",
        "LooseModeError",
        "TokenFault",
        "TokenRefusedError",
        "UnfitKeyError",
        "UnknownKeyError",
        "WeakPassphraseError",
        "WrongCaseError",
        "WrongPassphraseError",
    ),
    "keys.index": ("IndexKey", "IndexPurpose"),
    "keys.keystore.tables.field_keys": ("FieldName",),
    "keys.keystore.root_key": ("ScryptCost",),
    "keys.keystore.tables.standing": ("Mark", "Standing"),
    "keys.keystore.store": ("Keystore",),
    "keys.keystore.token_root": ("HardwareToken",),
    "keys.signing": (
        "KeyId",
        "KeyRing",
        "KeyState",
        "PublicKey",
        "Purpose",
        "SigningKey",
        "thumbprint",
        "verify",
    ),
    "keys.told": ("joined", "key_for", "told_key"),
    "keys.tokens.bearer": (
        "LONGEST_LIFE",
        "AgencyId",
        "PersonId",
        "TokenClaims",
        "check_form",
        "issue",
        "verify_token",
    ),
    "keys.tokens.assertions": ("Assertion", "ShownBy", "parse_assertion"),
    "keys.tokens.bound": (
        "BOUND_LIFE",
        "BoundClaims",
        "check_bound_form",
        "issue_bound",
        "verify_bound",
    ),
    "keys.tokens.proofs": ("PROOF_WINDOW", "Proof", "verify_proof"),
    "keys.tokens.public_jwk": ("Algorithm", "PublicJwk", "public_jwk"),
    "keys.tokens.signed": ("ExpectedClaims",),
}
_HOMES: Final = {name: module for module, names in _NAMES.items() for name in names}

if TYPE_CHECKING:
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
        UnfitKeyError,
        UnknownKeyError,
        WeakPassphraseError,
        WrongCaseError,
        WrongPassphraseError,
    )
    from keys.index import IndexKey, IndexPurpose
    from keys.keystore.root_key import ScryptCost
    from keys.keystore.store import Keystore
    from keys.keystore.tables.field_keys import FieldName
    from keys.keystore.tables.standing import Mark, Standing
    from keys.keystore.token_root import HardwareToken
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
    from keys.tokens.assertions import Assertion, ShownBy, parse_assertion
    from keys.tokens.bearer import (
        LONGEST_LIFE,
        AgencyId,
        PersonId,
        TokenClaims,
        check_form,
        issue,
        verify_token,
    )
    from keys.tokens.bound import (
        BOUND_LIFE,
        BoundClaims,
        check_bound_form,
        issue_bound,
        verify_bound,
    )
    from keys.tokens.proofs import PROOF_WINDOW, Proof, verify_proof
    from keys.tokens.public_jwk import Algorithm, PublicJwk, public_jwk
    from keys.tokens.signed import ExpectedClaims
    from keys.told import joined, key_for, told_key
else:  # hidden from type checkers, or they would take any misspelt name for one of these

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return found
