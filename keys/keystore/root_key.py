"""The root of all wrapping: a key derived from a passphrase, or one in a private file beside."""

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from keys.encoding import framed
from keys.errors import KeystoreDamagedError, WeakPassphraseError
from keys.keystore.files import make_private_file, refuse_loose, replace_file
from keys.keystore.wrapping import ID_LENGTH, KEY_LENGTH, WrappingKey

ROOT_FILE: Final = "keystore.kek"
_DRAFT_FILE: Final = "keystore.kek.new"
_SALT_LENGTH: Final = 16
_SHORTEST_PASSPHRASE: Final = 12
_LABEL: Final = b"disclosure-broker root v1"
_DEAREST_N: Final = 2**20
_DEAREST_R: Final = 32
_DEAREST_P: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ScryptCost:
    """What one guess of a passphrase costs (RFC 7914); 128 * n * r bytes of memory."""

    n: int = 2**17
    r: int = 8
    p: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a root comes from a passphrase: public, stored in the keystore."""

    salt: bytes
    cost: ScryptCost

    def root(self, passphrase: str) -> WrappingKey:
        """Return the root of `passphrase`; takes half a second at the usual cost.

        Raises `KeystoreDamagedError` for a cost that no keystore was written with.
        """
        cost = self.cost
        if cost.n > _DEAREST_N or cost.r > _DEAREST_R or cost.p > _DEAREST_P:
            raise KeystoreDamagedError("the cost of the passphrase is beyond every limit")
        try:
            scrypt = Scrypt(salt=self.salt, length=KEY_LENGTH, n=cost.n, r=cost.r, p=cost.p)
        except ValueError as error:
            raise KeystoreDamagedError("the cost of the passphrase makes no sense") from error
        spelling = unicodedata.normalize("NFKC", passphrase)
        return _root_of(scrypt.derive(spelling.encode()))


def new_derivation(passphrase: str, cost: ScryptCost) -> tuple[Derivation, WrappingKey]:
    """Return a fresh way from `passphrase` to a root, and that root.

    Raises `WeakPassphraseError` for a passphrase that is too short.
    """
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        raise WeakPassphraseError(
            f"The passphrase has fewer than {_SHORTEST_PASSPHRASE} characters. "
            "Choose six random words."
        )
    derivation = Derivation(salt=os.urandom(_SALT_LENGTH), cost=cost)
    return derivation, derivation.root(passphrase)


def draft_root_file(folder: Path) -> WrappingKey:
    """Write a fresh root beside the one in use and return it; `adopt_root_file` puts it in use."""
    material = os.urandom(KEY_LENGTH)
    _draft(material, folder)
    return _root_of(material)


def new_root_file(folder: Path) -> WrappingKey:
    """Write a fresh root, in use at once, into a folder that holds no keystore yet."""
    root = draft_root_file(folder)
    adopt_root_file(folder)
    return root


def adopt_root_file(folder: Path) -> None:
    """Put the drafted root in the place of the one in use."""
    replace_file(folder / _DRAFT_FILE, folder / ROOT_FILE)


def read_root_file(folder: Path, root_id: bytes, *, owner: int) -> WrappingKey:
    """Return the root with this identifier, finishing or undoing a change of root cut short.

    Raises `LooseModeError` or `KeystoreDamagedError`.
    """
    draft = folder / _DRAFT_FILE
    root = _read(draft, owner=owner)
    if root is not None and root.key_id == root_id:
        adopt_root_file(folder)
        return root
    root = _read(folder / ROOT_FILE, owner=owner)
    if root is None or root.key_id != root_id:
        raise KeystoreDamagedError(f"{ROOT_FILE} is missing, damaged or of another keystore")
    # Whole or torn, a draft that the header does not name was never in use.
    draft.unlink(missing_ok=True)
    return root


def copy_root_file(root: WrappingKey, folder: Path) -> None:
    """Write `root` as the root file of a folder that holds no keystore yet."""
    _draft(root.material, folder)
    adopt_root_file(folder)


def _draft(material: bytes, folder: Path) -> None:
    draft = folder / _DRAFT_FILE
    draft.unlink(missing_ok=True)
    make_private_file(draft, material.hex().encode("ascii") + b"\n")


def _read(path: Path, *, owner: int) -> WrappingKey | None:
    try:
        refuse_loose(path, owner=owner)
        material = bytes.fromhex(path.read_bytes().decode("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return _root_of(material) if len(material) == KEY_LENGTH else None


def _root_of(material: bytes) -> WrappingKey:
    digest = hashlib.sha256(framed(_LABEL, material)).digest()
    return WrappingKey(key_id=digest[:ID_LENGTH], material=material)
