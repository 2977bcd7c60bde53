"""Which rules are in force: every rulebook kept by its content, the newest activation decides."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from broker.domain.errors import RulesUnavailableError
from broker.domain.model import Activation
from broker.domain.times import day_text, rfc3339, uk_day
from broker.storage.transaction import Transaction
from keys import InvalidSignatureError, KeyId, Keystore, PublicKey, Purpose, verify
from policies import Rulebook, RulebookError, digest_of, duties_in, is_of_this_engine


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """Rulebooks by version, each read once; shared by all threads of a process."""

    keystore: Keystore
    _read: dict[str, Rulebook] = field(default_factory=dict[str, Rulebook])
    _duties: dict[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    _ours: dict[str, bool] = field(default_factory=dict[str, bool])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def in_force(self, tx: Transaction, now: datetime) -> Rulebook:
        """Return the rulebook of the newest activation.

        Raises `RulesUnavailableError` where there is none, where it has expired, where its
        signature does not hold, or where this release's engine is another than its own.
        """
        activation = tx.activations.newest()
        if activation is None:
            raise RulesUnavailableError("No rulebook is in force.")
        self._refuse_unsigned(activation)
        if has_expired(activation, now):
            raise RulesUnavailableError(f"The rulebook in force expired on {activation.until}.")
        return self.kept(tx, activation.version)

    def kept(self, tx: Transaction, version: str) -> Rulebook:
        """Return a rulebook that was kept; raises `RulesUnavailableError`."""
        with self._lock:
            if version not in self._read:
                self._read[version] = _read(_bundle(tx, version))
            return self._read[version]

    def duties(self, tx: Transaction, version: str) -> Mapping[str, str]:
        """Return what each duty of a kept rulebook asks, in its words, whichever release made it.

        Raises `RulesUnavailableError` where it was never kept.
        """
        with self._lock:
            if version not in self._duties:
                self._duties[version] = duties_in(_bundle(tx, version))
            return self._duties[version]

    def is_of_this_engine(self, tx: Transaction, version: str) -> bool:
        """Say whether this release can judge by a kept rulebook, or only an earlier one could.

        Raises `RulesUnavailableError` where it was never kept.
        """
        with self._lock:
            if version not in self._ours:
                self._ours[version] = is_of_this_engine(_bundle(tx, version))
            return self._ours[version]

    def sign(self, activation: Activation) -> Activation:
        """Return an activation with the signature of this installation's policy key."""
        key = self.keystore.signing_key(Purpose.POLICY)
        return replace(activation, kid=key.kid, signature=key.sign(_statement(activation)))

    def differing(self, tx: Transaction) -> Iterator[str]:
        """Yield the name of activations where one does not bear the signature of its time."""
        for activation in tx.activations.every():
            if activation is None or not self._is_signed(activation):
                yield "activation"

    def _is_signed(self, activation: Activation) -> bool:
        try:
            self._signer(activation)
        except RulesUnavailableError:
            return False
        return True

    def _refuse_unsigned(self, activation: Activation) -> None:
        # A hand in the database could put any rules in force, were it not for this.
        if self._signer(activation).state.is_over:
            raise RulesUnavailableError(
                "The rulebook in force is signed by a key that is no longer believed."
            )

    def _signer(self, activation: Activation) -> PublicKey:
        """Return whose signature an activation bears; raises `RulesUnavailableError`."""
        try:
            key = self.keystore.public_keys(Purpose.POLICY)[KeyId(activation.kid)]
            verify(_statement(activation), activation.signature, key.public_key)
        except (KeyError, InvalidSignatureError) as error:
            raise RulesUnavailableError(
                "The activation of the rulebook does not bear this installation's signature."
            ) from error
        return key


def _bundle(tx: Transaction, version: str) -> bytes:
    bundle = tx.activations.bundle(version)
    if bundle is None:
        raise RulesUnavailableError("The rulebook that is asked for was never kept.")
    if digest_of(bundle) != version:
        # Somebody put other rules under a version that was decided by.
        raise RulesUnavailableError(
            "What is kept of the rulebook is not what its version says. Run: broker ledger verify."
        )
    return bundle


def _read(bundle: bytes) -> Rulebook:
    try:
        return Rulebook.from_bundle(bundle)
    except RulebookError as error:
        raise RulesUnavailableError(
            "This release judges by another engine than the rulebook was made for."
        ) from error


def has_expired(activation: Activation, now: datetime) -> bool:
    """Say whether the last day of an activation, in UK time, has passed."""
    return activation.until is not None and uk_day(now) > activation.until


def _statement(activation: Activation) -> bytes:
    """Return what is signed: version 1 of the statement, one line for each part."""
    lines = (
        "disclosure-broker/activation/1",
        activation.version,
        rfc3339(activation.at),
        activation.first or "-",
        activation.second or "-",
        day_text(activation.until) or "-",
    )
    return "\n".join(lines).encode("ascii") + b"\n"
