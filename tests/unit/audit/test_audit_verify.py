"""Attacks on the entries: each is found, at the first bad entry and by the rule it breaks."""

import json
from collections.abc import Callable, Iterable, Sequence

import pytest
from ledgers import GATEWAY, a_log, checkpoint_of

from audit.errors import BrokenLedgerError, Rule
from audit.format.entry import GENESIS, Entry, parse_entry
from audit.format.gateway_counters import Counters
from audit.format.notes.checkpoint import Checkpoint
from audit.log.append.chain import Chain
from audit.log.append.entry_writer import write_entry
from audit.verify.batch_verifier import BatchVerifier, verify_entries
from audit.verify.log import signed_prefix
from audit.verify.report import Report

SIZE = 12
Attack = Callable[[Sequence[Entry]], list[bytes]]


def raws(entries: Iterable[Entry]) -> list[bytes]:
    return [entry.raw for entry in entries]


def edited(raw: bytes) -> bytes:
    return raw.replace(b"PRV-", b"PRW-")


def with_link(entry: Entry, previous: bytes) -> bytes:
    return write_entry(entry.event, previous, entry.seq).raw


def rebuilt(entries: Sequence[Entry], start: int) -> list[bytes]:
    """The whole chain from `start` on, rewritten to hold together, as without the log's key."""
    kept = list(entries[:start])
    for entry in entries[start:]:
        event = {**entry.event, "ref": "XXX-0000-0000", "n": entry.seq - start}
        kept.append(write_entry(event, kept[-1].leaf, entry.seq))
    return raws(kept)


def forged(entries: Sequence[Entry], seq: int) -> bytes:
    return write_entry(
        {**entries[seq].event, "ref": "XXX-0000-0000"}, entries[seq - 1].leaf, seq
    ).raw


def edit(number: int) -> Attack:
    return lambda log: [edited(e.raw) if e.seq == number else e.raw for e in log]


def relink(number: int) -> Attack:
    return lambda log: [with_link(e, bytes(32)) if e.seq == number else e.raw for e in log]


def remove(number: int) -> Attack:
    return lambda log: raws(e for e in log if e.seq != number)


def swap(number: int) -> Attack:
    def attack(log: Sequence[Entry]) -> list[bytes]:
        moved = raws(log)
        moved[number], moved[number + 1] = moved[number + 1], moved[number]
        return moved

    return attack


def insert(number: int) -> Attack:
    return lambda log: [*raws(log[:number]), forged(log, number), *raws(log[number:])]


def repeat(number: int) -> Attack:
    return lambda log: [*raws(log[: number + 1]), *raws(log[number:])]


def cut(size: int) -> Attack:
    return lambda log: raws(log[:size])


def rewrite(start: int) -> Attack:
    return lambda log: rebuilt(log, start)


def undate(number: int) -> Attack:
    return lambda log: [
        write_entry({**e.event, "ts": "2020-01-01T00:00:00.000000Z"}, e.previous, e.seq).raw
        if e.seq == number
        else e.raw
        for e in log
    ]


def redate(number: int) -> Attack:
    return lambda log: [
        e.raw.replace(b".000000Z", b".000001Z") if e.seq == number else e.raw for e in log
    ]


def recount(number: int, **changed: object) -> Attack:
    """One entry's gateway or number of it is another, and the chain is made to hold again."""

    def attack(log: Sequence[Entry]) -> list[bytes]:
        kept = list(log[:number])
        for entry in log[number:]:
            event = {**entry.event, **(changed if entry.seq == number else {})}
            given = {name: value for name, value in event.items() if value is not None}
            kept.append(write_entry(given, kept[-1].leaf, entry.seq))
        return raws(kept)

    return attack


ATTACKS = [
    pytest.param(redate(0), 0, Rule.LINK, id="opening edited"),
    pytest.param(edit(5), 5, Rule.LINK, id="edited"),
    pytest.param(edit(1), 1, Rule.LINK, id="edited, the first that can be"),
    pytest.param(relink(5), 5, Rule.LINK, id="link edited"),
    pytest.param(remove(5), 5, Rule.NUMBER, id="removed"),
    pytest.param(remove(0), 0, Rule.NUMBER, id="opening removed"),
    pytest.param(swap(5), 5, Rule.NUMBER, id="reordered"),
    pytest.param(insert(5), 5, Rule.NUMBER, id="inserted"),
    pytest.param(repeat(5), 6, Rule.NUMBER, id="repeated"),
    pytest.param(cut(SIZE - 1), SIZE - 1, Rule.TAIL, id="last one cut"),
    pytest.param(cut(0), 0, Rule.TAIL, id="all cut"),
    pytest.param(undate(5), 5, Rule.TIME, id="dated back"),
    pytest.param(recount(5, gw_seq=6), 5, Rule.GATEWAY, id="number of the gateway skipped"),
    pytest.param(recount(5, gw_seq=4), 5, Rule.GATEWAY, id="number of the gateway repeated"),
    pytest.param(recount(5, gw="g-other"), 5, Rule.GATEWAY, id="another gateway's number"),
    pytest.param(recount(5, gw=None, gw_seq=None), 5, Rule.GATEWAY, id="gateway left out"),
    pytest.param(recount(5, n=1), 5, Rule.REFERENCE, id="number of the reference skipped"),
    pytest.param(recount(11, n=0), 11, Rule.REFERENCE, id="number of the reference repeated"),
    pytest.param(recount(11, ref="PRV-7Q4K-M2XZ"), 11, Rule.REFERENCE, id="another's number"),
    pytest.param(recount(5, n=None), 5, Rule.REFERENCE, id="number of the reference left out"),
    pytest.param(recount(1, ref=None, n=None), 11, Rule.REFERENCE, id="reference left out"),
]


@pytest.fixture
def log() -> list[Entry]:
    return a_log(SIZE).entries


@pytest.fixture
def checkpoint(log: list[Entry]) -> Checkpoint:
    return checkpoint_of(log)


def test_a_whole_log_is_reported_whole(log: list[Entry], checkpoint: Checkpoint) -> None:
    assert verify_entries(raws(log), [checkpoint]) == Report(
        origin="broker.example/ledger",
        entries=SIZE,
        signed=SIZE,
        root=checkpoint.root,
        last_leaf=log[-1].leaf,
        counters=Counters({GATEWAY: SIZE}),
        checkpoints=1,
        first_moment="2026-03-16T12:00:00.000000Z",
        last_moment="2026-03-16T12:00:11.000000Z",
    )


@pytest.mark.parametrize("length", [1, 2, 3, 5, 8])
@pytest.mark.parametrize(("attack", "first_bad", "rule"), ATTACKS)
def test_an_attack_is_found_whatever_is_checked_together(
    log: list[Entry], attack: Attack, first_bad: int, rule: Rule, length: int
) -> None:
    verifier, attacked = BatchVerifier([checkpoint_of(log)]), attack(log)

    def verify() -> None:
        for start in range(0, len(attacked), length):
            verifier.extend(attacked[start : start + length])
        verifier.finish()

    with pytest.raises(BrokenLedgerError) as caught:
        verify()

    assert (caught.value.first_bad, caught.value.rule) == (first_bad, rule)


@pytest.mark.parametrize(("attack", "first_bad", "rule"), ATTACKS)
def test_an_attack_is_found_at_the_first_bad_entry(
    log: list[Entry], checkpoint: Checkpoint, attack: Attack, first_bad: int, rule: Rule
) -> None:
    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(attack(log), [checkpoint])

    assert (caught.value.first_bad, caught.value.rule) == (first_bad, rule)


@pytest.mark.parametrize(
    ("attack", "first_bad"),
    [
        pytest.param(edit(5), 5, id="edited"),
        pytest.param(relink(5), 5, id="link edited"),
        pytest.param(edit(SIZE - 1), SIZE - 1, id="last one edited"),
        pytest.param(relink(SIZE - 1), SIZE - 1, id="last link edited"),
        pytest.param(remove(5), 5, id="removed"),
        pytest.param(swap(5), 5, id="reordered"),
        pytest.param(insert(5), 5, id="inserted"),
        pytest.param(rewrite(5), 5, id="rewritten from there on"),
    ],
)
def test_signed_leaf_hashes_name_the_first_bad_entry_exactly(
    log: list[Entry], checkpoint: Checkpoint, attack: Attack, first_bad: int
) -> None:
    leaves = signed_prefix([entry.leaf for entry in log], [checkpoint])

    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(attack(log), [checkpoint], leaves)

    assert (caught.value.first_bad, caught.value.rule) == (first_bad, Rule.LEAF)


def test_a_rewritten_log_is_found_between_two_checkpoints(
    log: list[Entry], checkpoint: Checkpoint
) -> None:
    earlier = checkpoint_of(log[:4])

    with pytest.raises(BrokenLedgerError, match="entries 4 to 11") as caught:
        verify_entries(rebuilt(log, 5), [checkpoint, earlier])

    assert (caught.value.first_bad, caught.value.rule) == (4, Rule.CHECKPOINT)


def test_an_edit_right_after_a_checkpoint_is_not_blamed_on_what_was_signed(
    log: list[Entry],
) -> None:
    attacked = relink(6)(log)[:7]

    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(attacked, [checkpoint_of(log[:6])])

    assert (caught.value.first_bad, caught.value.rule) == (6, Rule.LINK)


def test_an_edit_of_the_entry_before_the_last_is_found(log: list[Entry]) -> None:
    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(edit(SIZE - 2)(log), [])

    assert (caught.value.first_bad, caught.value.rule) == (SIZE - 2, Rule.LINK)


def test_an_unreadable_entry_after_a_wrong_link_does_not_hide_it(log: list[Entry]) -> None:
    attacked = edit(5)(log)
    attacked[7] = b"{"

    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(attacked, [])

    assert (caught.value.first_bad, caught.value.rule) == (6, Rule.LINK)


def test_an_unreadable_entry_is_named(log: list[Entry], checkpoint: Checkpoint) -> None:
    attacked = raws(log)
    attacked[5] += b" "

    with pytest.raises(BrokenLedgerError, match=r"Entry 5 cannot be read\.") as caught:
        verify_entries(attacked, [checkpoint])

    assert (caught.value.first_bad, caught.value.rule) == (5, Rule.ENTRY)


def test_a_number_pushed_after_signed_entries_is_not_blamed_on_them(log: list[Entry]) -> None:
    attacked = [*raws(log[:6]), forged(log, 5)]

    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(attacked, [checkpoint_of(log[:6])])

    assert (caught.value.first_bad, caught.value.rule) == (6, Rule.NUMBER)


def test_entries_beyond_the_checkpoint_are_checked_and_counted_as_unsigned(
    log: list[Entry],
) -> None:
    report = verify_entries(raws(log), [checkpoint_of(log[:8]), checkpoint_of(log[:8])])

    assert (report.entries, report.signed, report.checkpoints) == (SIZE, 8, 1)


def test_a_checkpoint_of_the_empty_log_holds_for_every_log(
    log: list[Entry], checkpoint: Checkpoint
) -> None:
    assert verify_entries(raws(log), [checkpoint_of([]), checkpoint]).checkpoints == 2


def test_without_a_checkpoint_nothing_counts_as_signed(log: list[Entry]) -> None:
    report = verify_entries(raws(log), [])

    assert (report.entries, report.signed, report.checkpoints) == (SIZE, 0, 0)


def test_entries_may_share_a_moment(log: list[Entry]) -> None:
    twin = write_entry({**log[2].event, "ts": log[1].moment}, log[1].leaf, 2)

    assert verify_entries([*raws(log[:2]), twin.raw], []).last_moment == log[1].moment


def test_a_log_begun_before_gateways_were_counted_may_begin_without(log: list[Entry]) -> None:
    older: list[Entry] = []
    for entry in log[:2]:
        event = {name: entry.event[name] for name in entry.event if not name.startswith("gw")}
        older.append(write_entry(event, older[-1].leaf if older else GENESIS, entry.seq))
    newer = write_entry({**log[2].event, "gw_seq": 0}, older[-1].leaf, 2)

    report = verify_entries([*raws(older), newer.raw], [])

    assert report.counters == Counters({GATEWAY: 1})


def test_two_heads_of_one_size_cannot_both_hold(log: list[Entry], checkpoint: Checkpoint) -> None:
    fork = Checkpoint(origin=checkpoint.origin, size=SIZE, root=bytes(32))

    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(raws(log), [checkpoint, fork])

    assert caught.value.rule == Rule.CHECKPOINT


def test_no_entries_are_no_log() -> None:
    with pytest.raises(BrokenLedgerError, match="has no entries") as caught:
        verify_entries([], [])

    assert (caught.value.first_bad, caught.value.rule) == (0, Rule.TAIL)


def test_a_log_that_does_not_begin_with_its_opening_is_refused(
    chain: Chain, checkpoint: Checkpoint
) -> None:
    stray = write_entry({**chain.add({"type": "expired"}).event}, GENESIS, 0)

    with pytest.raises(BrokenLedgerError, match="Entry 0 does not open the log") as caught:
        verify_entries([stray.raw], [checkpoint])

    assert (caught.value.first_bad, caught.value.rule) == (0, Rule.OPENING)


def test_a_log_that_opens_twice_is_refused(log: list[Entry]) -> None:
    again = write_entry({**log[0].event}, log[0].leaf, 1)

    with pytest.raises(BrokenLedgerError, match="Entry 1 opens the log") as caught:
        verify_entries([log[0].raw, again.raw], [])

    assert (caught.value.first_bad, caught.value.rule) == (1, Rule.OPENING)


@pytest.mark.parametrize(
    "origin",
    [pytest.param("other.example/ledger", id="another"), pytest.param(7, id="no text")],
)
def test_a_log_under_another_name_than_its_checkpoints_is_refused(
    log: list[Entry], checkpoint: Checkpoint, origin: object
) -> None:
    renamed = write_entry({**log[0].event, "origin": origin}, GENESIS, 0)

    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries([renamed.raw], [checkpoint])

    assert (caught.value.first_bad, caught.value.rule) == (0, Rule.OPENING)


def test_a_walk_gives_back_each_entry_and_the_growing_edge(log: list[Entry]) -> None:
    verifier = BatchVerifier(())

    assert [verifier.add(entry.raw) for entry in log] == log
    assert verifier.size == SIZE


def test_leaf_hashes_count_as_signed_only_up_to_a_root_that_fits(
    log: list[Entry], checkpoint: Checkpoint
) -> None:
    leaves = [entry.leaf for entry in log]
    tampered = [*leaves[:6], bytes(32), *leaves[7:]]

    assert signed_prefix(leaves, [checkpoint]) == leaves
    assert signed_prefix(tampered, [checkpoint_of(log[:5]), checkpoint]) == leaves[:5]
    assert signed_prefix(leaves[:3], [checkpoint]) == []


def test_the_same_entries_are_the_same_bytes_for_the_same_clock(log: list[Entry]) -> None:
    assert json.loads(log[1].raw) == {
        "event": {
            "gw": GATEWAY,
            "gw_seq": 1,
            "id": "019cf684-71e8-7000-8000-000000000001",
            "n": 0,
            "ref": "PRV-7Q4K-M2X1",
            "ts": "2026-03-16T12:00:01.000000Z",
            "type": "expired",
        },
        "prev": log[0].leaf.hex(),
        "seq": 1,
        "v": 1,
    }
    assert parse_entry(log[1].raw) == log[1]
