"""Entries at a glance: those that are spelt as one which was read strictly, value for value.

Reading an entry strictly takes twenty times as long as hashing it. Entries of one type differ in
their values alone, so the first of each spelling is read strictly and becomes the pattern by
which the next are known. What no pattern fits is read strictly too, so a glance accepts nothing
that the strict reader refuses.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, cast

from audit.entry import MAX_ENTRY_BYTES, Entry

_CHARACTERS: Final = r"[ !#-\[\]-~]*+"
_TEXT: Final = f'"{_CHARACTERS}"'
# Fifteen digits stay below 2^53; a longer number is read strictly.
_NUMBER: Final = "(?:0|-?[1-9][0-9]{0,14}+)"
_COUNT: Final = "(0|[1-9][0-9]{0,14}+)"
_KNOWN_FIELDS: Final = {
    "gw": '"([a-z0-9-]{1,64}+)"',
    "gw_seq": _COUNT,
    "id": '"([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"',
    "ref": f'"({_CHARACTERS})"',
    "ts": r'"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)"',
}
# A group that never takes part, where an entry is about no disclosure.
_NOTHING: Final = "((?!))?"
_END: Final = f'"prev":"([0-9a-f]{{64}})","seq":{_COUNT},"v":1'
_TYPE: Final = b'"type":"'
_MOST_SPELLINGS: Final = 8

_Match: TypeAlias = Callable[[bytes], re.Match[bytes] | None]


class Columns(NamedTuple):
    """What stands in the bytes of a run of entries: a column for each field, as it is spelt.

    A reference is None where an entry is about no disclosure.
    """

    gateways: tuple[bytes, ...]
    gateway_numbers: tuple[bytes, ...]
    event_ids: tuple[bytes, ...]
    references: tuple[bytes | None, ...]
    moments: tuple[bytes, ...]
    links: tuple[bytes, ...]
    numbers: tuple[bytes, ...]


class Spellings:
    """The spellings of entries that were read strictly so far."""

    def __init__(self) -> None:
        self._of_type: dict[bytes, list[_Match]] = {}

    def learn(self, entry: Entry) -> None:
        """Know entries like this one from now on; raises nothing, and need not learn it."""
        if entry.gateway is None or self.glance([entry.raw]) is not None:
            return
        known = self._of_type.setdefault(entry.type.encode(), [])
        if len(known) < _MOST_SPELLINGS:
            known.append(re.compile(_spelling_of(entry.event).encode()).fullmatch)

    def glance(self, run: Sequence[bytes]) -> Columns | None:
        """Return what stands in the entries if each is spelt as one that was learnt, else None."""
        if not run or max(map(len, run)) > MAX_ENTRY_BYTES:
            return None
        rows: list[tuple[bytes, ...]] = []
        for raw in run:
            start = raw.rfind(_TYPE) + len(_TYPE)
            for match in self._of_type.get(raw[start : raw.find(b'"', start)], ()):
                found = match(raw)
                if found is not None:
                    rows.append(found.groups())
                    break
            else:
                return None
        return Columns._make(zip(*rows, strict=True))


def _spelling_of(event: Mapping[str, object]) -> str:
    """Return the pattern of entries with this event's fields: a group for each column."""
    known = {
        **_KNOWN_FIELDS,
        "ts": _KNOWN_FIELDS["ts"] if "ref" in event else _NOTHING + _KNOWN_FIELDS["ts"],
        "type": re.escape(f'"{event["type"]}"'),
    }
    fields = [
        re.escape(f'"{name}":') + (known.get(name) or _pattern_of(event[name]))
        for name in sorted(event)
    ]
    return r'\{"event":\{' + ",".join(fields) + r"\}," + _END + r"\}"


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
    (one,) = shapes
    return rf"\[(?:{one}(?:,{one})*)?\]"


def _row(value: object) -> str:
    """Return the pattern of a list of this length, or of what is no list."""
    if not isinstance(value, list):
        return _pattern_of(value)
    return r"\[" + ",".join(map(_row, cast("list[object]", value))) + r"\]"
