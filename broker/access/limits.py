"""How often somebody may fail or create something in an hour: a person, body, address, machine.

Limits keep a runaway program or a guesser from the others' turn. They stop nothing by breaking:
where the buckets cannot be used, everything goes on uncounted, and the alarms say so.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

import structlog

from broker.access.buckets import take
from broker.domain.model import Person
from broker.domain.times import Clock
from broker.settings import Settings
from broker.storage.rows.short_lived.buckets import BucketsUnavailableError, Change, bucket_store
from broker.storage.transaction import Transactions
from keys import IndexKey, IndexPurpose

_log = structlog.get_logger()

REST_SECONDS = 5.0
"""How long buckets that could not be used are left alone, so that no call waits for them twice."""

_ONE_SUBSCRIBER = 64
"""The bits of an IPv6 address that one subscriber's line has in common."""


@unique
class Counted(StrEnum):
    """Whose calls are counted."""

    PERSON = "person"
    BODY = "body"
    ADDRESS = "address"
    CLIENT = "client"


class BucketStore(Protocol):
    """Where buckets stand."""

    def change(self, names: tuple[str, ...], now: float, change: Change) -> None:
        """Apply `change` to the buckets of these names, alone."""

    def all(self) -> Mapping[str, float]:
        """Return every bucket that is not full."""
        ...


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket: whose it is, and its name, which is a keyed digest and tells nobody who."""

    counted: Counted
    name: str


@dataclass(slots=True)
class _Breakage:
    """How often this process could not count, and until when it does not try."""

    times: int = 0
    rests_until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The buckets of an installation; `per_hour` says how much each kind of them holds.

    `digest` makes their names, so that no file tells who called or from where.
    """

    store: BucketStore
    digest: IndexKey
    per_hour: Mapping[Counted, int]
    clock: Clock
    _breakage: _Breakage = field(default_factory=_Breakage, init=False, repr=False)

    def of_person(self, person: Person) -> tuple[Bucket, ...]:
        """Return the buckets that a call of this person is taken from: their own, their body's."""
        return (
            self._bucket(Counted.PERSON, f"{person.agency}|{person.id}"),
            self._bucket(Counted.BODY, person.agency),
        )

    def of_address(self, address: str) -> tuple[Bucket, ...]:
        """Return the bucket of a client's address; what is no address is one client."""
        return (self._bucket(Counted.ADDRESS, _subscriber(address)),)

    def of_client(self, client: str, address: str) -> tuple[Bucket, ...]:
        """Return the buckets of a machine that fails to show who it is, and of its address."""
        return (self._bucket(Counted.CLIENT, client), *self.of_address(address))

    def spend(self, buckets: tuple[Bucket, ...]) -> float:
        """Take one call from each bucket; return for how many seconds it must wait, 0 to go on.

        What must wait is taken from none of them.
        """
        now = self.clock().timestamp()
        waits: dict[Bucket, float] = {}

        def change(found: Mapping[str, float]) -> Mapping[str, float]:
            taken = {
                bucket: take(found.get(bucket.name), now, self.per_hour[bucket.counted])
                for bucket in buckets
            }
            waits.update((bucket, one.wait) for bucket, one in taken.items() if one.wait)
            return {} if waits else {bucket.name: one.full_at for bucket, one in taken.items()}

        if not self._change(tuple(bucket.name for bucket in buckets), now, change):
            return 0.0
        for bucket in waits:
            _log.warning("limit-reached", code=bucket.counted.value)
        return max(waits.values(), default=0.0)

    def exhausted(self) -> Mapping[Counted, int]:
        """Return how many buckets of each kind are empty now.

        Raises `BucketsUnavailableError`.
        """
        now = self.clock().timestamp()
        empty: Counter[Counted] = Counter()
        for name, full_at in self.store.all().items():
            counted = Counted(name.partition(":")[0])
            if take(full_at, now, self.per_hour[counted]).wait:
                empty[counted] += 1
        return empty

    def times_broken(self) -> int:
        """Return how many calls of this process could not be counted."""
        return self._breakage.times

    def _change(self, names: tuple[str, ...], now: float, change: Change) -> bool:
        if time.monotonic() < self._breakage.rests_until:
            self._breakage.times += 1
            return False
        try:
            self.store.change(names, now, change)
        except BucketsUnavailableError:
            self._breakage.times += 1
            self._breakage.rests_until = time.monotonic() + REST_SECONDS
            _log.error("limits-unavailable")
            return False
        return True

    def _bucket(self, counted: Counted, who: str) -> Bucket:
        digest = self.digest.digest(f"bucket|{counted.value}|{who}".encode())
        return Bucket(counted, f"{counted.value}:{digest.hex()}")


def _subscriber(address: str) -> str:
    """Return what one client has in common: an IPv4 address, or the network of an IPv6 one."""
    try:
        read = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(read, IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(ip_network((read, _ONE_SUBSCRIBER), strict=False))
    return str(read)


def limits_of(settings: Settings, transaction: Transactions) -> Limits:
    """Return the limits of an installation."""
    per_hour = settings.limits
    return Limits(
        store=bucket_store(transaction.database, settings.home),
        digest=transaction.keystore.index_key(IndexPurpose.IDEMPOTENCY),
        per_hour={
            Counted.PERSON: per_hour.person,
            Counted.BODY: per_hour.body,
            Counted.ADDRESS: per_hour.address,
            Counted.CLIENT: per_hour.client,
        },
        clock=transaction.clock,
    )
