"""Entries of a known shape: spelt as ones that were read strictly, value for value.

Reading an entry strictly takes twenty times as long as hashing it. Entries of one type differ in
their values alone, so the first of each spelling is read strictly and becomes part of the pattern
by which the next are known, many in one search. What the pattern does not fit is read strictly
too, so matching accepts nothing that the strict reader refuses.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import add
from typing import Final, NamedTuple, TypeAlias, cast

from audit.format.entry import GATEWAY, MAX_ENTRY_BYTES, Entry

# What stands between the quotes is looked at for all entries of a search together.
_TEXT: Final = '"[^"]*+"'
# Fifteen digits stay below 2^53; a longer number is read strictly.
_NUMBER: Final = "(?:0|-?[1-9][0-9]{0,14}+)"
_COUNT: Final = "(0|[1-9][0-9]{0,14}+)"
# The fields that most entries have, in their order, with a group for each column. Others stand
# in the gaps before, between and after them.
_COLUMNS: Final = {
    "gw": '"gw":"([^"]*+)",',
    "gw_seq": f'"gw_seq":{_COUNT},',
    "id": '"id":"(.{36})",',
    "n": f'(?:"n":{_COUNT},)?',
    "ref": '(?:"ref":"([^"]++)",)?',
    "ts": '"ts":"(.{27})",',
}
_END: Final = rf'\}},"prev":"(.{{64}})","seq":{_COUNT},"v":1\}}\n'
_MOST_SHAPES: Final = 64

_SAFE: Final = bytes(byte for byte in range(0x20, 0x7F) if byte != ord("\\"))
_DIGITS: Final = b"0123456789"
_DIGITS_AS_ZERO: Final = bytes.maketrans(_DIGITS, b"0" * len(_DIGITS))
_HEX_DIGITS: Final = _DIGITS + b"abcdef"
_HEX_AS_ZERO: Final = bytes.maketrans(_HEX_DIGITS, b"0" * len(_HEX_DIGITS))
_AN_ID: Final = b"00000000-0000-0000-0000-000000000000"
_VERSION, _VARIANT = 14, 19
_A_MOMENT: Final = b"0000-00-00T00:00:00.000000Z"

_Search: TypeAlias = Callable[[bytes], list[tuple[bytes, ...]]]


class Columns(NamedTuple):
    """What stands in the bytes of a batch of entries: a column for each field, as it is spelt.

    A reference is empty where an entry is about no disclosure, its number where it has none.
    """

    gateways: list[bytes]
    gateway_numbers: list[bytes]
    event_ids: list[bytes]
    reference_numbers: list[bytes]
    references: list[bytes]
    moments: list[bytes]
    links: list[bytes]
    numbers: list[bytes]


class EntryShapes:
    """The shapes of entries that were read strictly so far."""

    def __init__(self) -> None:
        self._gaps: list[dict[str, None]] = [{} for _ in range(len(_COLUMNS) + 1)]
        self._search: _Search | None = None

    def learn(self, entry: Entry) -> None:
        """Know entries like this one from now on; raises nothing, and need not learn it."""
        if entry.gateway is None or entry.reference == "" or self.match([entry.raw]) is not None:
            return
        if max(map(len, self._gaps)) == _MOST_SHAPES:
            return
        for gap, members in zip(self._gaps, _gaps_of(entry.event), strict=True):
            gap[members] = None
        self._search = re.compile(_pattern_of_entries(self._gaps).encode()).findall

    def match(self, batch: Sequence[bytes]) -> Columns | None:
        """Return what stands in the entries if each is spelt as what was learnt, else None."""
        if self._search is None or not batch or max(map(len, batch)) > MAX_ENTRY_BYTES:
            return None
        lines = b"\n".join([*batch, b""])
        if lines.translate(None, _SAFE) != b"\n" * len(batch):
            return None
        # Each match takes in the end of a line at least, so as many matches are a line each.
        found = self._search(lines)
        if len(found) != len(batch):
            return None
        values, width = [*chain.from_iterable(found)], len(Columns._fields)
        columns = Columns._make(values[place::width] for place in range(width))
        return columns if _are_well_shaped(columns) else None


def _are_well_shaped(columns: Columns) -> bool:
    """Say if what the patterns take as any text is what the strict reader wants there."""
    count = len(columns.numbers)
    ids, moments = b"".join(columns.event_ids), b"".join(columns.moments)
    return (
        all(GATEWAY.fullmatch(gateway.decode()) for gateway in set(columns.gateways))
        and ids.translate(_HEX_AS_ZERO) == _AN_ID * count
        and ids[_VERSION :: len(_AN_ID)] == b"7" * count
        and not ids[_VARIANT :: len(_AN_ID)].translate(None, b"89ab")
        and moments.translate(_DIGITS_AS_ZERO) == _A_MOMENT * count
        and not b"".join(columns.links).translate(None, _HEX_DIGITS)
    )


def _gaps_of(event: Mapping[str, object]) -> list[str]:
    """Return the patterns of what stands before, between and after the columns of an event."""
    gaps: list[list[str]] = [[] for _ in range(len(_COLUMNS) + 1)]
    for name in sorted(event.keys() - _COLUMNS.keys()):
        value = event[name]
        known = re.escape(f'"type":"{value}"') if name == "type" else _member(name, value)
        gaps[bisect([*_COLUMNS], name)].append(known)
    *before, last = gaps
    return [*("".join(f"{member}," for member in gap) for gap in before), ",".join(last)]


def _pattern_of_entries(gaps: Sequence[Iterable[str]]) -> str:
    """Return the pattern of lines that have in each gap something of what may stand there."""
    *before, last = (f"(?:{'|'.join(gap)})" for gap in gaps)
    columns = "".join(map(add, before, _COLUMNS.values()))
    return rf'(?ms)^\{{"event":\{{{columns}{last}{_END}'


def _pattern_of(value: object) -> str:
    """Return the pattern of every value that has the shape of this one."""
    match value:
        case str():
            return _TEXT
        case int():
            return _NUMBER
        case Mapping():
            members = cast("Mapping[str, object]", value)
            return (
                r"\{" + ",".join(_member(name, members[name]) for name in sorted(members)) + r"\}"
            )
        case _:
            return _list(cast("Sequence[object]", value))


def _member(name: str, value: object) -> str:
    return re.escape(f'"{name}":') + _pattern_of(value)


def _list(values: Sequence[object]) -> str:
    """Return the pattern of a list of any length, if its members are alike, or of none."""
    shapes = {_row(value) for value in values} or {_TEXT}
    if len(shapes) > 1:
        return _row(values)
    (shape,) = shapes
    return rf"\[(?:{shape}(?:,{shape})*+)?+\]"


def _row(value: object) -> str:
    """Return the pattern of a list of this length, or of what is no list."""
    if not isinstance(value, list):
        return _pattern_of(value)
    return r"\[" + ",".join(map(_row, cast("list[object]", value))) + r"\]"
