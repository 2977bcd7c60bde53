"""Use cases of those who keep a body's machines: two administrators let a key count.

One adds a machine or a key, another confirms the key; one alone takes it away, at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from broker.domain.errors import Fault, FaultyDocumentError, WrongStateError
from broker.domain.machines.clients import MACHINE_ROLES, Client, ClientId, ClientKey
from broker.domain.machines.errors import UnknownClientError
from broker.domain.model import Person
from broker.domain.people.errors import TwoPeopleNeededError
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.machines import client_changed, client_key_changed
from broker.ledger.events import Event
from broker.storage.transaction import Transaction, Transactions
from keys import Algorithm, KeyId, PersonId, PublicJwk, UnfitKeyError, public_jwk

LONGEST_KEYS: Final = 5
"""How many keys of a client may count or wait at once: one in use, one to follow, and spare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """A machine that is to be registered, with the public keys by which it shows who it is."""

    id: ClientId
    algorithm: Algorithm
    roles: frozenset[Role]
    names_people: bool
    keys: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClient:
    """A machine as the list shows it, with every key it ever had."""

    client: Client
    keys: tuple[ClientKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """Keeps the machines, each body its own; those of others are as if they were not there.

    Raises `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    transaction: Transactions
    clock: Clock

    def listed(self, by: Person) -> tuple[ListedClient, ...]:
        """Return the machines of a body."""
        with self.transaction() as tx:
            return tuple(
                ListedClient(client=client, keys=tx.clients.keys_of(client.id))
                for client in tx.clients.of_body(by.agency)
            )

    def register(self, new: NewClient, by: Person) -> ListedClient:
        """Enter a machine; none of its keys counts before a second person confirmed it.

        Raises `FaultyDocumentError` with every fault.
        """
        with self.transaction() as tx:
            faults = [*_faults(tx, new)]
            keys = _fit(new.keys, new.algorithm, faults)
            faults += _used_before(tx, keys)
            if faults:
                raise FaultyDocumentError(tuple(faults))
            client = Client(
                id=new.id,
                agency=by.agency,
                algorithm=new.algorithm,
                roles=new.roles,
                names_people=new.names_people,
                registered_by=by.id,
                disabled_on=None,
                version=1,
            )
            entry = client_changed(client, tx.clients.put(client), "registered", by.id)
            entries = [entry, *self._added(tx, client, keys, by)]
            tx.append(*entries)
            return ListedClient(client=client, keys=tx.clients.keys_of(client.id))

    def add_key(self, id_: ClientId, members: Mapping[str, object], by: Person) -> KeyId:
        """Add a key, which waits for a second person; raises as `register`.

        Also raises `UnknownClientError`, and `WrongStateError` where it has keys enough.
        """
        with self.transaction() as tx:
            client = client_of(tx, id_, by)
            standing = [key for key in tx.clients.keys_of(id_) if key.removed_on is None]
            if len(standing) >= LONGEST_KEYS:
                raise WrongStateError(f"It has {LONGEST_KEYS} keys. Remove one first.")
            faults: list[Fault] = []
            keys = _fit((members,), client.algorithm, faults)
            faults += _used_before(tx, keys)
            if faults:
                raise FaultyDocumentError(tuple(faults))
            tx.append(*self._added(tx, client, keys, by))
            return keys[0].thumbprint

    def confirm(self, id_: ClientId, key: KeyId, by: Person) -> None:
        """Let a key count that another person added.

        Raises `UnknownClientError`, `WrongStateError`, and `TwoPeopleNeededError` for whoever
        added it, and for somebody without an account of their own.
        """
        with self.transaction() as tx:
            before = _key_of(tx, id_, key, by)
            if before.confirmed_by is not None or before.removed_on is not None:
                raise WrongStateError(
                    "This key does not wait to be confirmed: that was done, or it was removed. "
                    "Look at it in broker client list."
                )
            if by.id == before.added_by or tx.accounts.of_person(by.id) is None:
                raise TwoPeopleNeededError
            _record_key(tx, replace(before, confirmed_by=by.id), "confirmed", by.id)

    def remove_key(self, id_: ClientId, key: KeyId, by: Person) -> None:
        """Let a key count no more, and no token that was got by it: at once.

        Raises `UnknownClientError`, and `WrongStateError` for one that was removed.
        """
        with self.transaction() as tx:
            before = _key_of(tx, id_, key, by)
            if before.removed_on is not None:
                raise WrongStateError("This key was removed already.")
            today = uk_day(self.clock())
            _record_key(tx, replace(before, removed_on=today), "removed", by.id)

    def disable(self, id_: ClientId, by: Person) -> None:
        """Let a machine do nothing any more, at once; raises as `remove_key`."""
        self._set(id_, by, "disabled")

    def enable(self, id_: ClientId, by: Person) -> None:
        """Let a machine work again by the keys that count; raises as `remove_key`."""
        self._set(id_, by, "enabled")

    def _set(self, id_: ClientId, by: Person, what: str) -> None:
        with self.transaction() as tx:
            before = client_of(tx, id_, by)
            disabled_on = uk_day(self.clock()) if what == "disabled" else None
            if (before.disabled_on is None) is (disabled_on is None):
                raise WrongStateError(f"This client is {what} already.")
            after = replace(before, disabled_on=disabled_on, version=before.version + 1)
            tx.append(client_changed(after, tx.clients.put(after), what, by.id))

    def _added(
        self, tx: Transaction, client: Client, keys: Iterable[PublicJwk], by: Person
    ) -> Iterable[Event]:
        for key in keys:
            added = ClientKey(
                id=key.thumbprint,
                client=client.id,
                jwk=key.text,
                added_by=by.id,
                added_on=uk_day(self.clock()),
                confirmed_by=None,
                removed_on=None,
            )
            yield client_key_changed(added, tx.clients.put_key(added), "added", by.id)


def _record_key(tx: Transaction, after: ClientKey, what: str, by: PersonId) -> None:
    tx.append(client_key_changed(after, tx.clients.put_key(after), what, by))


def client_of(tx: Transaction, id_: ClientId, by: Person) -> Client:
    """Return a machine of somebody's own body; raises `UnknownClientError` for any other."""
    found = tx.clients.find(id_)
    if found is None or found.agency != by.agency:
        raise UnknownClientError
    return found


def _key_of(tx: Transaction, id_: ClientId, key: KeyId, by: Person) -> ClientKey:
    client_of(tx, id_, by)
    found = tx.clients.key(key)
    if found is None or found.client != id_:
        raise UnknownClientError
    return found


def _faults(tx: Transaction, new: NewClient) -> Iterable[Fault]:
    taken = tx.clients.find(new.id) is not None or tx.people.find(PersonId(new.id)) is not None
    if taken:
        yield Fault(place="client", problem="is taken; choose another identifier")
    if not new.roles or not new.roles <= MACHINE_ROLES:
        words = ", ".join(sorted(role.value for role in MACHINE_ROLES))
        yield Fault(place="roles", problem=f"must be one or more of: {words}")
    if not 1 <= len(new.keys) <= LONGEST_KEYS:
        yield Fault(place="keys", problem=f"must hold 1 to {LONGEST_KEYS} public keys")


def _fit(
    keys: Iterable[Mapping[str, object]], algorithm: Algorithm, faults: list[Fault]
) -> tuple[PublicJwk, ...]:
    fit: list[PublicJwk] = []
    for place, members in enumerate(keys):
        try:
            fit.append(public_jwk(members, algorithm))
        except UnfitKeyError as error:
            faults.append(Fault(place=f"keys[{place}]", problem=f"cannot be used: {error}"))
    if len({key.thumbprint for key in fit}) != len(fit):
        faults.append(Fault(place="keys", problem="name the same key twice"))
    return tuple(fit)


def _used_before(tx: Transaction, keys: Iterable[PublicJwk]) -> Iterable[Fault]:
    """Yield a fault for each key that anybody's machine ever had: a removed one never returns."""
    for place, key in enumerate(keys):
        if tx.clients.key(key.thumbprint) is not None:
            yield Fault(place=f"keys[{place}]", problem="was registered before; make a new one")
