"""Signing keys over time: a fresh one takes over and an old one ends, each on the ledger.

Keystore and database commit apart, so the order decides what a crash leaves. A key is made, then
recorded, then used; a key that ends is given up, then recorded. `resume` completes either.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from audit.errors import LedgerError
from audit.format.notes.verifier_key import VerifierKey
from audit.log.append.clock import new_event_id
from audit.log.checkpoint_store import LogKeys
from audit.log.known import TYPE
from broker.domain.errors import KeyNeededError, MismatchedPairError
from broker.domain.model import Person
from broker.domain.times import Clock
from broker.ledger import events
from broker.ledger.epochs import unrecorded
from broker.ledger.events import Event
from broker.ledger.names import first_name
from broker.storage.transaction import Transaction, Transactions
from keys import (
    KeyId,
    KeyState,
    Keystore,
    KeystoreDamagedError,
    PublicKey,
    Purpose,
    SigningKey,
)

_FIRST: Final = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeys:
    """What may be done with signing keys; every method opens its own transactions."""

    transaction: Transactions
    keystore: Keystore
    clock: Clock

    def all(self) -> tuple[PublicKey, ...]:
        """Return the public half of every signing key, by purpose, oldest first."""
        return tuple(
            key for purpose in Purpose for key in self.keystore.public_keys(purpose).values()
        )

    def first_key(self, tx: Transaction) -> KeyId:
        """Return the first key of the name that the ledger has now.

        Raises `MismatchedPairError` where the keystore does not hold it: it is older than the
        restore from which the ledger has that name.
        """
        origin, names = tx.ledger.origin(), self._names(tx)
        for kid, name in names.items():
            if name == origin:
                return kid
        raise MismatchedPairError(
            "The ledger goes on under a name whose signing key this keystore does not hold. Put "
            "back the keystore that was backed up after the restore ceremony."
        )

    def log_keys(self, first: KeyId) -> LogKeys:
        """Return who signs the ledger's heads at this moment, and who did since key `first`.

        Raises `KeystoreDamagedError` where the keystore does not hold them.
        """
        ring = self.keystore.ring(Purpose.LEDGER)
        kids = [key.kid for key in ring.public]
        if first not in kids:
            raise KeystoreDamagedError("the first key of the ledger's name is not there")
        since = frozenset(kids[kids.index(first) :])
        before = [key for key in ring.public if key.kid in since and not key.state.has_seed]
        disowned = [key for key in before if key.state is KeyState.COMPROMISED]
        return LogKeys(
            signers=tuple(key for key in ring.signing if key.kid in since),
            former=tuple(key.public_key for key in before if key not in disowned),
            disowned=tuple(key.public_key for key in disowned),
        )

    def verifier_keys(self) -> tuple[VerifierKey, ...]:
        """Return every key that ever signed the ledger, each under the name it signed as."""
        with self.transaction.database.reading() as connection:
            tx = self.transaction.on(connection)
            names, recorded = self._names(tx), _recorded_keys(tx)
        held = (
            VerifierKey(name=names[key.kid], public_key=key.public_key)
            for key in self.keystore.public_keys(Purpose.LEDGER).values()
            if key.kid in names
        )
        return tuple(dict.fromkeys((*held, *recorded)))

    def rotate(self, purpose: Purpose, person: Person) -> SigningKey:
        """Let a fresh key sign for `purpose` and return it; finish a rotation that was cut short.

        A ledger key that was active before signs on beside it, until it is retired.
        """
        fresh = self.keystore.prepare(purpose, self.clock())
        # Read after the fresh key is there: another rotation may have ended meanwhile.
        before = self.keystore.signing_key(purpose)
        with self.transaction() as tx:
            if not _is_recorded(tx, fresh, KeyState.ACTIVE):
                tx.append(self._addition(tx, fresh, before, person))
        active = self.keystore.activate(fresh.kid)
        self.record_epochs(person)
        return active

    def rewrap(self, person: Person) -> None:
        """Wrap every key of the keystore anew; the ledger says who did it."""
        self.keystore.rewrap()
        self.record_epochs(person)

    def record_epochs(self, person: Person | None) -> None:
        """Record how often the keys changed, as far as the ledger lacks it."""
        with self.transaction() as tx:
            if missing := unrecorded(tx, person):
                tx.append(*missing)

    def prepare_first(self) -> tuple[SigningKey, str]:
        """Return a fresh key with which the ledger can go on under another name.

        With it comes the identifier of the `restored` event that has to record it.
        """
        key = self.keystore.prepare_another(Purpose.LEDGER, self.clock())
        return key, _event_id(key, _FIRST)

    def lost_additions(self, tx: Transaction) -> list[Event]:
        """Return the events by which keys came into use that a restored ledger has lost."""
        names = self._names(tx)
        return [
            self._addition(tx, key, before, None)
            for purpose in Purpose
            for before, key in pairwise(self.keystore.public_keys(purpose).values())
            if names.get(before.kid) == names.get(key.kid)
            and key.state is not KeyState.PENDING
            and not _is_recorded(tx, key, KeyState.ACTIVE)
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
            tx.append(*unrecorded(tx, person))
            self._record_end(tx, key, person)
        return key

    def end_what_the_ledger_ended(self) -> None:
        """Let no key count again that the ledger says has ended: an older keystore holds it still.

        Where it signed, a fresh one follows it at once. Keys of the ledger itself end by its name.
        """
        for purpose in Purpose:
            if purpose is not Purpose.LEDGER:
                self._end_recorded(purpose)

    def new_event_id(self) -> str:
        """Return a fresh identifier for an event that is written down before it is recorded."""
        return new_event_id(self.clock(), os.urandom)

    def _end_recorded(self, purpose: Purpose) -> None:
        before = self.keystore.signing_key(purpose)
        living = [
            key for key in self.keystore.public_keys(purpose).values() if not key.state.is_over
        ]
        with self.transaction() as tx:
            stolen = [one for one in living if _is_recorded(tx, one, KeyState.COMPROMISED)]
            ended = [one for one in living if _is_recorded(tx, one, KeyState.RETIRED)]
        if not stolen and not ended:
            return
        fresh = self.keystore.prepare_another(purpose, self.clock())
        with self.transaction() as tx:
            tx.append(self._addition(tx, fresh, before, None))
        self.keystore.supersede(fresh.kid)
        for key in stolen:
            self.keystore.retire(key.kid, compromised=True)

    def resume(self) -> None:
        """Finish what a crash cut short: use a key that was recorded, record one that ended."""
        unfinished = [key for key in self.all() if key.state is KeyState.PENDING or _is_over(key)]
        if unfinished:
            self._resume(unfinished)
        if self.keystore.standing().epoch > 0:
            self.record_epochs(None)

    def _resume(self, unfinished: Sequence[PublicKey]) -> None:
        with self.transaction() as tx:
            recorded = [key.kid for key in unfinished if _is_recorded(tx, key, KeyState.ACTIVE)]
            for key in filter(_is_over, unfinished):
                self._record_end(tx, key, None)
        for key in unfinished:
            if key.state is KeyState.PENDING and key.kid in recorded:
                self.keystore.activate(key.kid)

    def _refuse_needed(self, kid: KeyId) -> None:
        with self.transaction() as tx:
            activation = tx.activations.newest()
        if activation is not None and activation.kid == kid:
            raise KeyNeededError(activation.version)

    def _addition(
        self,
        tx: Transaction,
        key: PublicKey | SigningKey,
        before: PublicKey | SigningKey,
        person: Person | None,
    ) -> Event:
        event = events.key_added(key, person, *self._vkeys(tx, key, before))
        return {"id": _event_id(key, KeyState.ACTIVE), **event}

    def _record_end(self, tx: Transaction, key: PublicKey, person: Person | None) -> None:
        if not _is_recorded(tx, key, key.state):
            event = events.key_retired(key, person, *self._vkeys(tx, key))
            tx.append({"id": _event_id(key, key.state), **event})

    def _vkeys(self, tx: Transaction, *keys: PublicKey | SigningKey) -> tuple[str, ...]:
        """Return how outsiders spell keys of the ledger; nothing for keys of other purposes."""
        names = self._names(tx)
        return tuple(
            str(VerifierKey(name=names[key.kid], public_key=key.public_key))
            for key in keys
            if key.purpose is Purpose.LEDGER
        )

    def _names(self, tx: Transaction) -> Mapping[KeyId, str]:
        """Return the name that each key of the ledger signs as, oldest first.

        A key signs under one name: each restore begins with a fresh one, which it records.
        """
        names: dict[KeyId, str] = {}
        name = first_name(self.keystore.identity)
        for key in self.keystore.public_keys(Purpose.LEDGER).values():
            restored = tx.ledger.entry_of(_event_id(key, _FIRST))
            name = name if restored is None else str(restored.event["origin"])
            names[key.kid] = name
        return names


def _recorded_keys(tx: Transaction) -> tuple[VerifierKey, ...]:
    """Return the keys of the ledger that it says came into use: an older keystore lacks some.

    None where it does not hold, which is for the verification to say.
    """
    try:
        added = tx.known().about(TYPE, "key.add")
    except LedgerError:
        return ()
    return tuple(
        VerifierKey.parse(str(entry.event["vkey"])) for entry in added if "vkey" in entry.event
    )


def _is_over(key: PublicKey) -> bool:
    return key.state.is_over


def _is_recorded(tx: Transaction, key: PublicKey | SigningKey, state: KeyState) -> bool:
    return tx.ledger.entry_of(_event_id(key, state)) is not None


def _event_id(key: PublicKey | SigningKey, becomes: str) -> str:
    """Return the one identifier of the event by which a key comes into a state or a name."""
    return events.derived_id(key.created_at, f"{becomes} {key.kid}")
