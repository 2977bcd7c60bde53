"""Signing keys over time: a fresh one takes over and an old one ends, each on the ledger.

Keystore and database commit apart, so the order decides what a crash leaves. A key is made, then
recorded, then used; a key that ends is given up, then recorded. `resume` completes either.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from audit.format.note import VerifierKey
from audit.log.checkpoint_store import LogKeys
from audit.log.clock import new_event_id
from broker.domain.errors import KeyNeededError
from broker.domain.model import Person
from broker.ledger import events
from broker.ledger.events import Event
from broker.storage.transaction import Transaction, Transactions
from keys import KeyId, KeyState, Keystore, PublicKey, Purpose, SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeys:
    """What may be done with signing keys; every method opens its own transactions."""

    transaction: Transactions
    keystore: Keystore
    clock: Callable[[], datetime]

    def all(self) -> tuple[PublicKey, ...]:
        """Return the public half of every signing key, by purpose, oldest first."""
        return tuple(
            key for purpose in Purpose for key in self.keystore.public_keys(purpose).values()
        )

    def log_keys(self) -> LogKeys:
        """Return who signs the heads of the ledger at this moment, and who did before."""
        ring = self.keystore.ring(Purpose.LEDGER)
        before = [key for key in ring.public if not key.state.has_seed]
        disowned = [key for key in before if key.state is KeyState.COMPROMISED]
        return LogKeys(
            signers=ring.signing,
            former=tuple(key.public_key for key in before if key not in disowned),
            disowned=tuple(key.public_key for key in disowned),
        )

    def rotate(self, purpose: Purpose, person: Person) -> SigningKey:
        """Let a fresh key sign for `purpose` and return it; finish a rotation that was cut short.

        A ledger key that was active before signs on beside it, until it is retired.
        """
        fresh = self.keystore.prepare(purpose, self.clock())
        # Read after the fresh key is there: another rotation may have ended meanwhile.
        before = self.keystore.signing_key(purpose)
        with self.transaction() as tx:
            if not _is_recorded(tx, fresh, KeyState.ACTIVE):
                tx.append(_addition(tx, fresh, before, person))
        return self.keystore.activate(fresh.kid)

    def lost_additions(self, tx: Transaction) -> list[Event]:
        """Return the events by which keys came into use that a restored ledger has lost."""
        return [
            _addition(tx, key, before, None)
            for purpose in Purpose
            for before, key in pairwise(self.keystore.public_keys(purpose).values())
            if key.state is not KeyState.PENDING and not _is_recorded(tx, key, KeyState.ACTIVE)
        ]

    def retire(self, kid: KeyId, person: Person, *, compromised: bool) -> PublicKey:
        """End a key that another followed, at once, and return it.

        Raises `UnknownKeyError`, `KeyInUseError`, and `KeyNeededError` where the rules in force
        rest on the key and it was not compromised.
        """
        if not compromised:
            self._refuse_needed(kid)
        key = self.keystore.retire(kid, compromised=compromised)
        with self.transaction() as tx:
            _record_end(tx, key, person)
        return key

    def resume(self) -> None:
        """Finish what a crash cut short: use a key that was recorded, record one that ended."""
        unfinished = [key for key in self.all() if key.state is KeyState.PENDING or _is_over(key)]
        if not unfinished:
            return
        with self.transaction() as tx:
            recorded = [key.kid for key in unfinished if _is_recorded(tx, key, KeyState.ACTIVE)]
            for key in filter(_is_over, unfinished):
                _record_end(tx, key, None)
        for key in unfinished:
            if key.state is KeyState.PENDING and key.kid in recorded:
                self.keystore.activate(key.kid)

    def _refuse_needed(self, kid: KeyId) -> None:
        with self.transaction() as tx:
            activation = tx.activations.newest()
        if activation is not None and activation.kid == kid:
            raise KeyNeededError(activation.version)


def _is_over(key: PublicKey) -> bool:
    return key.state.is_over


def _addition(
    tx: Transaction,
    key: PublicKey | SigningKey,
    before: PublicKey | SigningKey,
    person: Person | None,
) -> Event:
    event = events.key_added(key, person, *_vkeys(tx, key, before))
    return {"id": _event_id(key, KeyState.ACTIVE), **event}


def _record_end(tx: Transaction, key: PublicKey, person: Person | None) -> None:
    if not _is_recorded(tx, key, key.state):
        event = events.key_retired(key, person, *_vkeys(tx, key))
        tx.append({"id": _event_id(key, key.state), **event})


def _is_recorded(tx: Transaction, key: PublicKey | SigningKey, state: KeyState) -> bool:
    return tx.ledger.entry_of(_event_id(key, state)) is not None


def _event_id(key: PublicKey | SigningKey, state: KeyState) -> str:
    """Return the one identifier of the event by which a key comes into a state."""
    digest = hashlib.sha256(f"{state} {key.kid}".encode("ascii")).digest()
    return new_event_id(key.created_at, lambda size: digest[:size])


def _vkeys(tx: Transaction, *keys: PublicKey | SigningKey) -> tuple[str, ...]:
    """Return how outsiders spell keys of the ledger; nothing for keys of other purposes."""
    origin = tx.ledger.head().origin
    return tuple(
        str(VerifierKey(name=origin, public_key=key.public_key))
        for key in keys
        if key.purpose is Purpose.LEDGER
    )
