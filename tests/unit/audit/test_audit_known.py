"""What a log says is known from entries that lead to its head, and from nothing beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from ledgers import EVENT, OPENING, Log

from audit.errors import BrokenLedgerError
from audit.log.append.chain import Head
from audit.log.known import CASE, REF, TYPE, KnownLog

REFERENCE = "PRV-7Q4K-M2XH"
OTHER = "PRV-0000-0000"
MAC = "a" * 64


@dataclass(slots=True)
class Reads:
    """A log in memory that counts which entries are read, and of which some may be edited."""

    log: Log
    edited: dict[int, bytes] = field(default_factory=dict[int, bytes])
    read: list[int] = field(default_factory=list[int])

    def head(self) -> Head:
        return self.log.head()

    def raw_entries(self, start: int, stop: int, /) -> Iterable[bytes]:
        return [self._raw(seq) for seq in range(start, min(stop, len(self.log.entries)))]

    def raw_at(self, numbers: Sequence[int], /) -> Mapping[int, bytes]:
        return {seq: self._raw(seq) for seq in numbers if seq < len(self.log.entries)}

    def _raw(self, seq: int) -> bytes:
        self.read.append(seq)
        return self.edited.get(seq, self.log.entries[seq].raw)


def of(*events: Mapping[str, object]) -> Reads:
    log = Log()
    log.add(OPENING, *events)
    return Reads(log)


def changed(row: str, mac: str | None) -> dict[str, object]:
    said = {} if mac is None else {"row_mac": mac}
    return {"type": "directory.changed", "by": "p-keeper", "row": row, **said}


def types_about(known: KnownLog, log: Reads, kind: str, key: str) -> list[str]:
    return [entry.type for entry in known.at(log).about(kind, key)]


def test_the_entries_about_a_disclosure_a_case_and_a_type_are_known_in_order() -> None:
    log = of(
        {"type": "received", "ref": REFERENCE},
        {"type": "policy.activate"},
        {**EVENT, "ref": OTHER},
        {"type": "erased", "ref": REFERENCE, "case": "c-1"},
    )
    known = KnownLog()

    assert types_about(known, log, REF, REFERENCE) == ["received", "erased"]
    assert types_about(known, log, REF, OTHER) == ["expired"]
    assert types_about(known, log, CASE, "c-1") == ["erased"]
    assert types_about(known, log, TYPE, "policy.activate") == ["policy.activate"]
    assert types_about(known, log, TYPE, "expired") == []
    newest = known.at(log).newest(REF, REFERENCE)
    assert newest is not None
    assert newest == log.log.entries[4]
    assert known.at(log).newest(REF, "PRV-1111-1111") is None


def test_the_newest_entry_about_a_row_says_what_it_is() -> None:
    log = of(
        changed("mailbox/one", MAC),
        changed("mailbox/one", "b" * 64),
        changed("mailbox/gone", MAC),
        changed("mailbox/gone", None),
    )
    known = KnownLog().at(log)

    one, gone = known.row("mailbox/one"), known.row("mailbox/gone")
    assert one is not None
    assert one.mac == "b" * 64
    assert gone is not None
    assert gone.mac is None
    assert known.row("mailbox/never") is None
    assert sorted(known.rows("mailbox")) == ["mailbox/gone", "mailbox/one"]


def test_a_use_reads_what_was_appended_since_and_nothing_else() -> None:
    log, known = of(*[EVENT] * 500), KnownLog()
    known.at(log)
    log.read.clear()

    known.at(log)
    assert log.read == []

    log.log.add({"type": "recalled", "ref": REFERENCE})
    assert types_about(known, log, REF, REFERENCE)[-2:] == ["expired", "recalled"]
    assert log.read == [501]


def test_an_older_moment_is_told_nothing_of_what_came_after() -> None:
    log, known = of(EVENT), KnownLog()
    before = known.at(Reads(log.log.first(2)))
    log.log.add({"type": "recalled", "ref": REFERENCE}, changed("mailbox/one", MAC))

    assert known.at(log).row("mailbox/one") is not None
    assert [entry.type for entry in before.about(REF, REFERENCE)] == ["expired"]
    assert before.row("mailbox/one") is None
    earlier = known.at(Reads(log.log.first(2)))
    assert earlier.size == 2
    assert [entry.type for entry in earlier.about(REF, REFERENCE)] == ["expired"]


def test_what_was_rolled_back_is_forgotten_once_another_entry_stands_there() -> None:
    log, known = of(EVENT), KnownLog()
    rolled_back = Reads(log.log.first(2))
    rolled_back.log.add({"type": "recalled", "ref": REFERENCE}, changed("mailbox/one", MAC))
    known.at(rolled_back)

    assert types_about(known, log, REF, REFERENCE) == ["expired"]
    log.log.add({"type": "acknowledged", "ref": REFERENCE})

    assert types_about(known, log, REF, REFERENCE) == ["expired", "acknowledged"]
    assert known.at(log).row("mailbox/one") is None
    assert known.size == 3


@pytest.mark.parametrize("bad", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"{}",
        b"no entry",
        b'{"event":[],"prev":"","seq":1,"v":1}',
        None,
    ],
)
def test_an_entry_that_was_edited_before_it_was_known_is_told_to_nobody(
    bad: int, garbage: bytes | None
) -> None:
    log, known = of(*[EVENT] * 3), KnownLog()
    true = log.log.entries[bad].raw
    log.edited[bad] = true.replace(b"gw_seq", b"gw_sex") if garbage is None else garbage

    with pytest.raises(BrokenLedgerError):
        known.at(log)
    assert known.size == 0

    log.edited.clear()
    assert len(known.at(log).about(REF, REFERENCE)) == 3


def test_an_entry_that_is_missing_at_the_end_is_noticed() -> None:
    log, known = of(EVENT), KnownLog()
    short = Reads(log.log.first(1))

    with pytest.raises(BrokenLedgerError):
        known.at(_Beheaded(short.log, head=log.head()))


@dataclass(slots=True)
class _Beheaded(Reads):
    """A log whose head counts more than is stored."""

    def __init__(self, log: Log, *, head: Head) -> None:
        Reads.__init__(self, log)
        self._head = head

    _head: Head = field(init=False)

    def head(self) -> Head:
        return self._head


def test_an_edit_of_a_known_entry_changes_nothing_that_is_at_hand_and_is_noticed_elsewhere() -> (
    None
):
    log, known = of(*[EVENT] * 4_200), KnownLog()
    known.at(log)
    log.edited[1] = log.log.entries[1].raw.replace(b"expired", b"expirex")
    log.edited[4_200] = b"{}"

    newest = known.at(log).newest(REF, REFERENCE)
    assert newest == log.log.entries[4_200]
    with pytest.raises(BrokenLedgerError) as found:
        known.at(log).about(REF, REFERENCE)
    assert found.value.first_bad == 1


def test_an_entry_that_is_not_at_hand_is_read_again_and_compared() -> None:
    log, known = of(*[EVENT] * 4_200), KnownLog()
    known.at(log)

    assert known.at(log).about(REF, REFERENCE)[0] == log.log.entries[1]


def test_another_log_behind_the_same_number_is_learnt_anew() -> None:
    log, other, known = of(EVENT, EVENT), of({**EVENT, "ref": OTHER}, EVENT), KnownLog()
    known.at(log)

    assert types_about(known, other, REF, OTHER) == ["expired"]
    assert known.at(log).about(REF, OTHER) == ()


def test_a_log_that_was_put_back_shorter_is_known_as_far_as_it_goes() -> None:
    log, known = of(*[EVENT] * 9), KnownLog()
    known.at(log)
    shorter = Reads(log.log.first(5))
    shorter.log.add({"type": "recalled", "ref": REFERENCE})

    assert types_about(known, shorter, REF, REFERENCE) == ["expired"] * 4 + ["recalled"]
    assert known.index().size == 6


def test_every_entry_is_yielded_as_it_was_recorded_or_the_first_that_is_not_is_named() -> None:
    log, known = of(*[EVENT] * 5), KnownLog()

    assert list(known.at(log).events()) == [entry.event for entry in log.log.entries]

    log.edited[3] = b"{}"
    with pytest.raises(BrokenLedgerError) as found:
        list(known.at(log).events())
    assert found.value.first_bad == 3


@pytest.mark.parametrize("event", [b"}", b"[1}", b'{"kind":"x"}', b"[]}"])
def test_an_entry_that_cannot_be_read_is_known_by_nobody(event: bytes) -> None:
    log = of({"type": "policy.activate"})
    last = log.log.entries[-1]
    link = b',"prev":"%s","seq":%d,"v":1}' % (last.previous.hex().encode(), last.seq)
    log.edited[last.seq] = b'{"event":' + event + link

    with pytest.raises(BrokenLedgerError) as caught:
        KnownLog().at(log)

    assert caught.value.first_bad == last.seq
