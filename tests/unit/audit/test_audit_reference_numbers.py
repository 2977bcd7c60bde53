"""The entries about one reference are numbered, and a verifier notices when one is missing."""

from collections.abc import Mapping, Sequence

import pytest
from ledgers import EVENT, OPENING, Log, checkpoint_of

from audit.errors import BrokenLedgerError, Rule
from audit.format.entry import GENESIS, Entry
from audit.format.reference_counters import ReferenceCounters
from audit.log.append.entry_writer import write_entry
from audit.verify.batch_verifier import BatchVerifier
from audit.verify.log import LogVerifier

ALIVE: Mapping[str, object] = {"type": "alive"}


def written(*events: Mapping[str, object]) -> list[Entry]:
    log = Log()
    log.add(OPENING, *events)
    return log.entries


def without_numbers(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries as a release before numbers wrote them, linked anew."""
    older: list[Entry] = []
    for entry in entries:
        event = {name: value for name, value in entry.event.items() if name != "n"}
        older.append(write_entry(event, older[-1].leaf if older else GENESIS, entry.seq))
    return older


def followed_by(older: Sequence[Entry], *events: Mapping[str, object]) -> list[Entry]:
    log = Log([*older])
    log.add(*events)
    return log.entries


def test_the_entries_about_each_reference_are_counted_from_0_without_gaps() -> None:
    other = {**EVENT, "ref": "PRV-7Q4K-M2X9"}

    entries = written(EVENT, ALIVE, other, EVENT, EVENT, other)

    assert [entry.reference_number for entry in entries] == [None, 0, None, 0, 1, 2, 1]


@pytest.mark.parametrize("batch", [1, 100])
def test_a_log_may_begin_without_numbers_and_goes_on_counting_what_had_none(batch: int) -> None:
    entries = followed_by(without_numbers(written(EVENT, EVENT)), ALIVE, EVENT, EVENT)
    verifier = BatchVerifier([checkpoint_of(entries)])

    for start in range(0, len(entries), batch):
        verifier.extend([entry.raw for entry in entries[start : start + batch]])

    assert [entry.reference_number for entry in entries] == [None, None, None, None, 2, 3]
    assert verifier.finish().entries == len(entries)


@pytest.mark.parametrize("verifier", [LogVerifier, BatchVerifier])
def test_after_the_first_number_every_entry_about_a_reference_has_one(
    verifier: type[LogVerifier],
) -> None:
    log = written(EVENT, EVENT, EVENT)
    stripped = without_numbers(log)[3]
    last = write_entry(stripped.event, log[2].leaf, 3)

    with pytest.raises(BrokenLedgerError) as caught:
        verifier([]).extend([*(entry.raw for entry in log[:3]), last.raw])

    assert (caught.value.first_bad, caught.value.rule) == (3, Rule.REFERENCE)


def test_a_batch_with_a_number_of_no_reference_is_not_expected() -> None:
    counters = ReferenceCounters()

    assert counters.after_batch([b""], [b"0"]) is None
    assert counters.after_batch([b"", b"A", b"A"], [b"", b"0", b"1"]) == {b"A": 2}
    assert not counters.expects(None, 0)


def test_a_batch_without_numbers_follows_only_entries_without() -> None:
    counters = ReferenceCounters()
    counters.join(counters.after_batch([b"A"], [b""]) or {}, [b""])

    assert counters.expects("A", None)
    counters.join(counters.after_batch([b"A"], [b"1"]) or {}, [b"1"])
    assert counters.after_batch([b"A"], [b""]) is None
    assert not counters.expects("A", None)
    assert counters.expects("A", 2)
