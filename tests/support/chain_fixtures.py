"""What unit and integration tests of the log both take: keys, clocks and an empty chain."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from ledgers import GATEWAY, NOON, ORIGIN, SeedSigner

from audit.format.notes.verifier_key import VerifierKey
from audit.log.append.chain import Chain, Head

__all__ = ["chain", "clock", "entropy", "key", "noon", "signer", "stranger"]


@pytest.fixture(scope="session")
def signer() -> SeedSigner:
    return SeedSigner(1)


@pytest.fixture(scope="session")
def stranger() -> SeedSigner:
    return SeedSigner(2)


@pytest.fixture(scope="session")
def key(signer: SeedSigner) -> VerifierKey:
    return VerifierKey.of(ORIGIN, signer)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def clock(noon: datetime) -> Callable[[], datetime]:
    seconds = count()
    return lambda: noon + timedelta(seconds=next(seconds))


@pytest.fixture
def entropy() -> Callable[[int], bytes]:
    numbers = count()
    return lambda size: next(numbers).to_bytes(size, "big")


@pytest.fixture
def chain(clock: Callable[[], datetime], entropy: Callable[[int], bytes]) -> Chain:
    return Chain(head=Head(origin=ORIGIN), gateway=GATEWAY, clock=clock, entropy=entropy)
