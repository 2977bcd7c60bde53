"""A root that lies in a PKCS#11 token and never leaves it: the token wraps and unwraps for us.

Needs the package python-pkcs11 (`pip install disclosure-broker[pkcs11]`) and the module of the
token's maker. A process has one session at a token, opened when first needed and anew after a
fork, since no handle may be carried over one, or once it is lost.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from keys.encoding import framed
from keys.errors import CannotOpenError, KeystoreUnavailableError, WrongPassphraseError
from keys.keystore.wrapping import ID_LENGTH, LABEL, NONCE_LENGTH

if TYPE_CHECKING:
    from pkcs11 import Session

_KEY_LABEL: Final = "disclosure-broker root"
_BITS: Final = 256
_PROBE: Final = b"disclosure-broker probe"
_T = TypeVar("_T")

_ALONE: Final = threading.RLock()
"""Held while a token is asked: its module is not told of our threads."""

_sessions: dict["HardwareToken", tuple[int, "Session"]] = {}
_ready_in: dict[Path, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareToken:
    """Which token holds the root: its maker's module, its label, and the PIN of its user."""

    module: Path
    label: str
    pin: str = field(repr=False)


class TokenRoot:
    """A key of a token that wraps other keys; `key_id` is its CKA_ID, 16 random bytes.

    Several threads may use it. Each method raises `WrongPassphraseError` where the PIN is wrong or
    the token another one, and `KeystoreUnavailableError` where it cannot be asked now.
    """

    def __init__(self, token: HardwareToken, key_id: bytes) -> None:
        """Take the key of this identifier; the token is not asked yet."""
        self._token = token
        self.key_id = key_id

    @classmethod
    def new(cls, token: HardwareToken) -> "TokenRoot":
        """Make a fresh key in the token, which nobody can read out of it."""
        root = cls(token, os.urandom(ID_LENGTH))
        _asked(token, root._make)
        return root

    def wrap(self, secret: bytes, *place: str) -> bytes:
        """Return `secret` wrapped, so that it unwraps only with this key and the same `place`."""
        nonce = os.urandom(NONCE_LENGTH)
        bound = self._bound_to(place)
        return nonce + _asked(self._token, lambda: self._encrypted(nonce, secret, bound))

    def unwrap(self, wrapped: bytes, *place: str) -> bytes:
        """Return what `wrap` wrapped, or raise `CannotOpenError`."""
        nonce, sealed = wrapped[:NONCE_LENGTH], wrapped[NONCE_LENGTH:]
        if len(nonce) < NONCE_LENGTH:
            raise CannotOpenError
        bound = self._bound_to(place)
        return _asked(self._token, lambda: self._decrypted(nonce, sealed, bound))

    def _bound_to(self, place: tuple[str, ...]) -> bytes:
        return framed(LABEL, self.key_id, *(part.encode() for part in place))

    def _encrypted(self, nonce: bytes, secret: bytes, bound: bytes) -> bytes:
        sealed: bytes = self._key().encrypt(secret, **_gcm(nonce, bound))
        return sealed

    def _decrypted(self, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        key = self._key()
        try:
            secret: bytes = key.decrypt(sealed, **_gcm(nonce, bound))
        except _pkcs11().PKCS11Error:
            # Tokens say different things of a wrong tag; whether they work at all, they show.
            self._encrypted(os.urandom(NONCE_LENGTH), _PROBE, b"")
            raise CannotOpenError from None
        return secret

    def _key(self) -> Any:  # noqa: ANN401  # the package makes its class from what a token can do
        kind = _pkcs11().ObjectClass.SECRET_KEY
        return _session(self._token).get_key(object_class=kind, id=self.key_id)

    def _make(self) -> None:
        pkcs11 = _pkcs11()
        attribute = pkcs11.Attribute
        _session(self._token).generate_key(
            pkcs11.KeyType.AES,
            _BITS,
            id=self.key_id,
            label=_KEY_LABEL,
            store=True,
            template={
                attribute.PRIVATE: True,
                attribute.SENSITIVE: True,
                attribute.EXTRACTABLE: False,
                attribute.ENCRYPT: True,
                attribute.DECRYPT: True,
                attribute.WRAP: False,
                attribute.UNWRAP: False,
            },
        )


def _asked(token: HardwareToken, work: Callable[[], _T]) -> _T:
    """Do something with a token; where its session was lost, once more with a fresh one."""
    pkcs11 = _pkcs11()
    with _ALONE:
        with suppress(pkcs11.PKCS11Error):
            return work()
        # Outside of the error, which holds a search that must not outlive its module.
        _let_go(token)
        try:
            return work()
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
            raise WrongPassphraseError(
                "The PIN does not open the token. Look at the file that BROKER_PKCS11_PIN_FILE "
                "names before you try again: a few wrong ones lock it."
            ) from error
        except pkcs11.NoSuchKey as error:
            raise WrongPassphraseError(
                "The token does not hold the root of this keystore: it is another token, or it "
                "was made anew. Put the right one in its place."
            ) from error
        except pkcs11.PKCS11Error as error:
            raise KeystoreUnavailableError(
                "The token that holds the root cannot be used now: it is away, locked or broken, "
                "or its module is not where BROKER_PKCS11_MODULE says. Nothing was half done. Put "
                "it right; no restart is needed."
            ) from error


def _session(token: HardwareToken) -> "Session":
    """Return the session of this process at a token, signed in."""
    held = _sessions.get(token)
    if held is not None and held[0] == os.getpid():
        return held[1]
    found = _module(token.module).get_token(token_label=token.label)
    session: Session = found.open(rw=True, user_pin=token.pin)
    _sessions[token] = os.getpid(), session
    return session


def _module(path: Path) -> Any:  # noqa: ANN401  # it is loaded only where a token is used
    """Return a token's module, made ready in this process."""
    module = _pkcs11().lib(str(path))
    if _ready_in.get(path, os.getpid()) != os.getpid():
        module.reinitialize()
    _ready_in[path] = os.getpid()
    return module


def _let_go(token: HardwareToken) -> None:
    """Forget every session at a module; the next is opened at a module that looks anew."""
    for held in [one for one in _sessions if one.module == token.module]:
        del _sessions[held]
    with suppress(_pkcs11().PKCS11Error):
        _module(token.module).finalize()


def _gcm(nonce: bytes, bound: bytes) -> dict[str, Any]:
    pkcs11 = _pkcs11()
    return {
        "mechanism": pkcs11.Mechanism.AES_GCM,
        "mechanism_param": pkcs11.GCMParams(nonce, bound),
    }


def _pkcs11() -> Any:  # noqa: ANN401  # an installation without a token does without the package
    """Return the package, or raise `KeystoreUnavailableError`."""
    try:
        return import_module("pkcs11")
    except ImportError as error:
        raise KeystoreUnavailableError(
            "The root of this keystore lies in a token, and python-pkcs11 is not installed here. "
            "Install it: pip install --no-deps --require-hashes -r requirements-pkcs11.lock"
        ) from error
