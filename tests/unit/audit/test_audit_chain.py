from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from ledgers import EVENT, GATEWAY, ORIGIN

from audit.format.entry import GENESIS
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import Frontier, leaf_hash
from audit.log.append.chain import Chain, Head
from audit.log.append.clock import new_event_id, rfc3339


def chain_at(moments: list[datetime], entropy: Callable[[int], bytes]) -> Chain:
    coming = iter(moments)
    return Chain(
        head=Head(origin=ORIGIN),
        gateway=GATEWAY,
        clock=lambda: next(coming),
        entropy=entropy,
    )


def test_an_entry_carries_the_leaf_hash_of_the_one_before(chain: Chain) -> None:
    first, second = chain.add(EVENT), chain.add(EVENT)

    assert (first.seq, first.previous) == (0, GENESIS)
    assert (second.seq, second.previous) == (1, leaf_hash(first.raw))
    assert chain.head == Head(
        origin=ORIGIN,
        frontier=Frontier().extend((first.leaf, second.leaf)),
        previous_leaf=second.leaf,
        last_moment=second.moment,
        counters=Counters({GATEWAY: 2}),
    )


def test_a_clock_that_went_back_leaves_time_standing_and_says_so(
    noon: datetime, entropy: Callable[[int], bytes]
) -> None:
    chain = chain_at([noon, noon - timedelta(hours=1), noon], entropy)

    entries = [chain.add(EVENT) for _ in range(3)]

    assert [(entry.moment, entry.event.get("clock")) for entry in entries] == [
        ("2026-03-16T12:00:00.000000Z", None),
        ("2026-03-16T12:00:00.000000Z", "behind"),
        ("2026-03-16T12:00:00.000000Z", None),
    ]


def test_an_identifier_that_was_given_is_kept(chain: Chain) -> None:
    event_id = "019cf684-71e8-7000-8000-000000000001"

    assert chain.add({**EVENT, "id": event_id}).event_id == event_id


def test_a_moment_is_written_in_utc_with_microseconds() -> None:
    summer = timezone(timedelta(hours=1))

    assert rfc3339(datetime(2026, 7, 1, 0, 30, tzinfo=summer)) == "2026-06-30T23:30:00.000000Z"


def test_an_identifier_is_a_uuid_of_version_7() -> None:
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)

    assert new_event_id(moment, lambda size: b"\xff" * size) == (
        "017f22e2-79b0-7fff-bfff-ffffffffffff"
    )


def test_an_identifier_keeps_its_randomness_in_place() -> None:
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)

    assert new_event_id(moment, lambda size: bytes(range(0x11, 0x11 + size))) == (
        "017f22e2-79b0-7112-9314-15161718191a"
    )
