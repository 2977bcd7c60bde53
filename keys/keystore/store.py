"""The keystore: every private key of an installation, in one small file beside the database.

Nothing outside the keystore can open what it sealed, so erasing a case's key here erases the case
everywhere: in the database, its logs and its backups. docs/formats/sealed-store.md describes the
file, docs/adr/0004-keystore-apart-from-the-database.md says why it is apart.

>>> from datetime import datetime
>>> from tempfile import TemporaryDirectory
>>> now = datetime.fromisoformat("2026-03-16T12:00:00Z")
>>> with TemporaryDirectory() as parent:
...     keystore = Keystore.create(Path(parent) / "keystore", None, now=now)
...     key = keystore.new_case_key(CaseId("c-example"), now)
...     again = Keystore.open(Path(parent) / "keystore").case_key(key.case)
...     again.material == key.material
...     keystore.erase_case(key.case, now)
...     keystore.cases()
True
()
"""

import os
import sqlite3
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from keys.envelope import CaseId, CaseKey
from keys.errors import KeystoreDamagedError, WrongPassphraseError
from keys.index import IndexKey, IndexPurpose
from keys.keystore.folder import drafted, is_occupied, make_folder, occupied, vacant
from keys.keystore.root_key import (
    Derivation,
    ScryptCost,
    copy_root_file,
    draft_root_file,
    new_derivation,
    new_root_file,
    read_root_file,
)
from keys.keystore.short_lived import ShortLived
from keys.keystore.sqlite_file import lay_out, refuse_corrupt, scrub, transaction
from keys.keystore.tables.header import Header
from keys.keystore.token_root import HardwareToken, TokenRoot
from keys.keystore.unlocked import Unlocked
from keys.keystore.visit import Visit
from keys.keystore.wrapping import Root, WrappingKey
from keys.signing import KeyId, KeyRing, PublicKey, Purpose, SigningKey

_USUAL_COST = ScryptCost()
_AT_A_TIME = 500
_REST_IN_SECONDS = 0.003


class _OfThread(threading.local):
    visit: Visit | None = None


class Keystore(ShortLived):
    """All keys of one installation; several threads and processes of one host may share it.

    `identity` is its random name (32 hexadecimal digits), the same in every copy and backup.
    No lock outlives a call, and no connection but within `session`, so a process may fork between
    calls. Every method may raise `LooseModeError`, `KeystoreDamagedError` or
    `KeystoreUnavailableError`.
    """

    def __init__(self, folder: Path, root: Root | None, identity: str) -> None:
        """Use `create` or `open` instead."""
        self._folder = folder
        self._root = root
        self.identity = identity
        self._threads = _OfThread()

    def __repr__(self) -> str:
        return f"Keystore({str(self._folder)!r}, identity={self.identity!r})"

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Say whether `folder` holds a keystore, without opening it."""
        return is_occupied(folder)

    @classmethod
    def create(
        cls,
        folder: Path,
        protection: str | HardwareToken | None,
        *,
        now: datetime,
        cost: ScryptCost = _USUAL_COST,
    ) -> Self:
        """Make a keystore with fresh keys in `folder`, whose parent exists.

        Its root comes from a passphrase or lies in a token; without either, it lies in a file
        beside it, protected by file mode alone. Raises `KeystoreExistsError`,
        `WeakPassphraseError` or, for a wrong PIN, `WrongPassphraseError`.
        """
        derivation, apart = (
            new_derivation(protection, cost) if isinstance(protection, str) else (None, None)
        )
        make_folder(folder)
        with vacant(folder):
            root: Root = apart or _new_root(protection, folder)
            header = Header.new(derivation, root)
            with drafted(folder) as connection:
                lay_out(connection)
                with transaction(connection):
                    header.write(connection)
                    Unlocked.within(connection, header, root).fill(now)
        return cls(folder, None if protection is None else root, header.identity)

    @classmethod
    def open(cls, folder: Path, protection: str | HardwareToken | None = None) -> Self:
        """Return the keystore of `folder`, finishing whatever a crash cut short.

        Keys that earlier releases made for a purpose of theirs are destroyed.

        Raises `KeystoreMissingError` or `WrongPassphraseError`.
        """
        with occupied(folder) as connection:
            header = Header.read(connection)
        keystore = cls(folder, _root_apart(header, protection), header.identity)
        with keystore._changing() as unlocked:
            unlocked.complete()
        return keystore

    @contextmanager
    def session(self) -> Generator[None]:
        """Open the file once for all calls of this thread within, none of them long.

        What others change meanwhile counts from the next call on. No fork may happen within.
        """
        if self._threads.visit is not None:
            yield
            return
        visit = self._threads.visit = Visit(self._folder)
        try:
            yield
        finally:
            self._threads.visit = None
            visit.close()

    def signing_key(self, purpose: Purpose) -> SigningKey:
        """Return the key that signs for `purpose` now."""
        with self._reading() as unlocked:
            return unlocked.signing.active(purpose)

    def public_keys(self, purpose: Purpose) -> Mapping[KeyId, PublicKey]:
        """Return every public key that ever served `purpose`, oldest first, with its state."""
        with self._reading() as unlocked:
            return {key.kid: key for key in unlocked.signing.public(purpose)}

    def ring(self, purpose: Purpose) -> KeyRing:
        """Return every key of `purpose`, as they are at one moment."""
        with self._reading() as unlocked:
            return unlocked.signing.ring(purpose)

    def prepare(self, purpose: Purpose, now: datetime) -> SigningKey:
        """Return the key that waits to sign for `purpose`, durable before this returns.

        There is one at most: it is made where none waits.
        """
        with self._changing() as unlocked:
            return unlocked.signing.prepare(purpose, now)

    def prepare_another(self, purpose: Purpose, now: datetime) -> SigningKey:
        """Return a fresh key that waits to sign for `purpose`, durable before this returns.

        For `supersede`; one that waits already goes on waiting.
        """
        with self._changing() as opened:
            return opened.signing.prepare_another(purpose, now)

    def activate(self, kid: KeyId) -> SigningKey:
        """Let a prepared key sign for its purpose; may be repeated. Return the active key.

        A ledger key signs on beside its successor until it is retired or the next one comes; any
        other verifies only, its seed gone. Raises `UnknownKeyError`.
        """
        with self._changing() as unlocked, unlocked.changing_keys() as signing:
            return signing.activate(kid)

    def supersede(self, kid: KeyId) -> SigningKey:
        """Let a prepared key alone sign for its purpose, every other retired; may be repeated.

        Raises `UnknownKeyError`.
        """
        with self._changing() as unlocked, unlocked.changing_keys() as signing:
            return signing.supersede(kid)

    def retire(self, kid: KeyId, *, compromised: bool = False) -> PublicKey:
        """End a key that another followed, its seed gone, and return it; may be repeated.

        Raises `UnknownKeyError` or `KeyInUseError`.
        """
        with self._changing() as unlocked, unlocked.changing_keys() as signing:
            return signing.retire(kid, compromised=compromised)

    def new_case_key(self, case: CaseId, now: datetime) -> CaseKey:
        """Make the key of `case`, durable before this returns; raises `KeyExistsError`."""
        with self._changing() as unlocked:
            return unlocked.cases.add(case, now)

    def case_key(self, case: CaseId) -> CaseKey:
        """Return the key of `case`; raises `UnknownKeyError`, or `KeyErasedError` of its kind."""
        with self._reading() as unlocked:
            return unlocked.cases.key(case)

    def erase_case(self, case: CaseId, now: datetime) -> None:
        """Destroy the keys of `case` and its fields, and every trace in the keystore's files.

        May be repeated, and must be after `KeystoreUnavailableError`. Raises `UnknownKeyError`.
        """
        with self._changing() as unlocked:
            unlocked.erase_case(case, now)

    def cases(self) -> tuple[CaseId, ...]:
        """Return the cases whose keys exist, in the order of their identifiers."""
        with self._reading() as unlocked:
            return unlocked.cases.cases()

    def index_key(self, purpose: IndexPurpose) -> IndexKey:
        """Return the key for digests of `purpose`."""
        with self._reading() as unlocked:
            return unlocked.indexes.key(purpose)

    def rewrap(self, *, at_a_time: int = _AT_A_TIME) -> None:
        """Wrap every key anew by a fresh key, and by a fresh root where that lies in a file.

        A few keys at a time, so that others use the keystore meanwhile. A crash at any moment
        leaves a keystore that opens; the next call goes on from there instead of beginning anew.
        """
        with self._changing() as unlocked:
            if unlocked.rotation.progress() is None:
                root = unlocked.root if self._root else draft_root_file(self._folder)
                unlocked.begin_rewrap(root)
        is_over = False
        while not is_over:
            # Whoever waits for the keystore looks every millisecond whether it is free.
            time.sleep(_REST_IN_SECONDS)
            with self._changing() as unlocked:
                is_over = unlocked.rewrap_some(at_a_time)

    def is_being_rewrapped(self) -> bool:
        """Say whether a wrapping anew was begun and is not over."""
        with self._reading() as unlocked:
            return unlocked.rotation.progress() is not None

    def check_integrity(self) -> None:
        """Accept a keystore whose pages are whole and whose keys all unwrap, or raise."""
        with self._reading() as unlocked:
            refuse_corrupt(unlocked.connection)
            unlocked.unwrap_all()

    def backup_to(self, folder: Path) -> Self:
        """Write a copy that opens like this keystore, with its root file if it has one; return it.

        `folder` must hold no keystore, else `KeystoreExistsError`. A copy keeps the keys of cases
        that are erased afterwards: destroy it within the time that your notice promises.
        """
        make_folder(folder)
        with vacant(folder), self._reading() as unlocked:
            if isinstance(unlocked.root, WrappingKey) and self._root is None:
                copy_root_file(unlocked.root, folder)
            with drafted(folder) as connection:
                unlocked.connection.backup(connection)
        return type(self)(folder, self._root, self.identity)

    def _occupied(self) -> AbstractContextManager[sqlite3.Connection]:
        visit = self._threads.visit
        return occupied(self._folder) if visit is None else visit.occupied()

    @contextmanager
    def _reading(self) -> Generator[Unlocked]:
        visit = self._threads.visit
        if visit is None:
            with occupied(self._folder) as connection:
                yield self._unlocked(connection)
        else:
            with visit.reading(self._unlocked) as unlocked:
                yield unlocked

    @contextmanager
    def _changing(self) -> Generator[Unlocked]:
        with self._occupied() as connection:
            with transaction(connection):
                yield self._unlocked(connection)
            header = Header.read(connection)
            self._root_of(header)
            if header.scrub_due:
                scrub(connection)
                replace(header, scrub_due=False).write(connection)

    def _unlocked(self, connection: sqlite3.Connection) -> Unlocked:
        header = Header.read(connection)
        return Unlocked.within(connection, header, self._root_of(header))

    def _root_of(self, header: Header) -> Root:
        if header.identity != self.identity:
            raise KeystoreDamagedError("another keystore has taken its place")
        if self._root is None:
            return read_root_file(self._folder, header.root_id, owner=os.geteuid())
        if self._root.key_id != header.root_id:
            raise WrongPassphraseError(
                "The passphrase does not open this keystore. Check every word and the hyphens."
            )
        return self._root


def _new_root(protection: str | HardwareToken | None, folder: Path) -> Root:
    """Make a fresh root where no passphrase gives one: in a token, or in a file of the folder."""
    if isinstance(protection, HardwareToken):
        return TokenRoot.new(protection)
    return new_root_file(folder)


def _root_apart(header: Header, protection: str | HardwareToken | None) -> Root | None:
    """Return the root that is given, None where it lies in a file beside the keystore."""
    match header.derivation, protection:
        case None, None:
            return None
        case None, HardwareToken():
            return TokenRoot(protection, header.root_id)
        case Derivation() as derivation, str():
            return derivation.root(protection)
        case Derivation(), HardwareToken():
            raise WrongPassphraseError(
                "This keystore is protected by a passphrase and not by a token. Set "
                "BROKER_KEYSTORE_PASSPHRASE_FILE, and take the settings of the token away."
            )
        case None, _:
            raise WrongPassphraseError(
                "This keystore has no passphrase: its root lies in a file beside it. "
                "Remove the setting of the passphrase, or check that this is the right folder."
            )
        case _:
            raise WrongPassphraseError(
                "This keystore is protected by a passphrase and none was given. Set "
                "BROKER_KEYSTORE_PASSPHRASE_FILE to a private file that holds it."
            )
