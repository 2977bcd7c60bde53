"""Entries as bytes: read strictly, with the standard library alone (docs/formats/ledger.md).

>>> raw = (
...     b'{"event":{"id":"019cf684-6e00-7000-8000-000000000000","origin":"broker.example/ledger",'
...     b'"ts":"2026-03-16T12:00:00.000000Z","type":"log.open"},"prev":"' + b"0" * 64 +
...     b'","seq":0,"v":1}'
... )
>>> entry = parse_entry(raw)
>>> entry.seq, entry.type, entry.moment, entry.leaf.hex()[:16]
(0, 'log.open', '2026-03-16T12:00:00.000000Z', '2a322ef8ceed0b67')
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Never, cast

from audit.errors import MalformedEntryError
from audit.format.merkle.tree import leaf_hash

VERSION: Final = 1
MAX_ENTRY_BYTES: Final = 16 * 1024
MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 8
GENESIS: Final = bytes(32)
"""What the first entry has for the leaf hash of the entry before it."""

_ENVELOPE: Final = {"event", "prev", "seq", "v"}
GATEWAY: Final = re.compile(r"[a-z0-9-]{1,64}")
"""How the name of a gateway is spelt."""

_EVENT_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}")
_SAFE = re.compile(rb"[ -\[\]-~]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger: its bytes, its RFC 6962 leaf hash, and what stands in the bytes."""

    raw: bytes
    leaf: bytes
    seq: int
    previous: bytes
    event: Mapping[str, object]

    @property
    def event_id(self) -> str:
        """The event's identifier, a UUIDv7."""
        return str(self.event["id"])

    @property
    def moment(self) -> str:
        """When it was appended: RFC 3339, UTC, microseconds."""
        return str(self.event["ts"])

    @property
    def type(self) -> str:
        """The event's type."""
        return str(self.event["type"])

    @property
    def gateway(self) -> str | None:
        """The gateway that appended it; None in a log of before gateways were counted."""
        gateway = self.event.get("gw")
        return None if gateway is None else str(gateway)

    @property
    def gateway_number(self) -> int | None:
        """Its number among the entries of that gateway, from 0."""
        number = self.event.get("gw_seq")
        return number if isinstance(number, int) else None

    @property
    def reference(self) -> str | None:
        """The disclosure that it is about, or None."""
        reference = self.event.get("ref")
        return None if reference is None else str(reference)

    @property
    def reference_number(self) -> int | None:
        """Its number among the entries about that disclosure, from 0; None in an older log."""
        number = self.event.get("n")
        return number if isinstance(number, int) else None


def parse_entry(raw: bytes) -> Entry:
    """Return the entry that `raw` spells, in the one spelling there is.

    Raises `MalformedEntryError` for anything that the writer would not have written: another
    order or spacing, a name that stands twice, null, true, false, fractions, integers beyond
    2^53 - 1, a character outside printable ASCII, more than 16 KiB.
    """
    if len(raw) > MAX_ENTRY_BYTES:
        raise MalformedEntryError("The entry is longer than 16,384 bytes.")
    if not _SAFE.fullmatch(raw):
        raise MalformedEntryError("The entry holds a backslash or a byte outside printable ASCII.")
    event, previous, seq = _opened(raw.decode("ascii"))
    _check_common_fields(event)
    return Entry(
        raw=raw, leaf=leaf_hash(raw), seq=seq, previous=bytes.fromhex(previous), event=event
    )


def spelt_numbers(first: int, count: int) -> list[bytes]:
    """Return so many numbers from the first on, each as entries spell it."""
    return [b"%d" % number for number in range(first, first + count)]


def _opened(text: str) -> tuple[Mapping[str, object], str, int]:
    envelope = _decoded(text)
    if envelope.keys() != _ENVELOPE or envelope["v"] != VERSION:
        raise MalformedEntryError("The entry is not an envelope of version 1.")
    event, previous, seq = envelope["event"], envelope["prev"], envelope["seq"]
    if not (isinstance(event, dict) and isinstance(previous, str) and isinstance(seq, int)):
        raise MalformedEntryError("The entry's event, link or number has the wrong type.")
    if not _HASH.fullmatch(previous):
        raise MalformedEntryError("The entry's link is not a hash.")
    return cast("dict[str, object]", event), previous, seq


def _decoded(text: str) -> dict[str, object]:
    try:
        value: object = _DECODER.decode(text)
        _check_plain(value, depth=0)
    except (ValueError, RecursionError) as error:
        raise MalformedEntryError("The entry is not JSON of whole numbers and words.") from error
    # A name that stands twice is lost in reading, so this refuses those too.
    if not isinstance(value, dict) or _ENCODER.encode(value) != text:
        raise MalformedEntryError("The entry is not a canonical JSON object.")
    return cast("dict[str, object]", value)


def _refuse(_: str) -> Never:
    raise ValueError


_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
_ENCODER = json.JSONEncoder(separators=(",", ":"), sort_keys=True, allow_nan=False)


def _check_plain(value: object, *, depth: int) -> None:
    members: Iterable[object] = ()
    match value:
        case bool() | None:
            raise MalformedEntryError("The entry holds null, true or false.")
        case int() if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise MalformedEntryError("The entry holds a number beyond 2^53 - 1.")
        case dict():
            members = cast("dict[str, object]", value).values()
        case list():
            members = cast("list[object]", value)
        case _:
            return
    if depth == MAX_DEPTH:
        raise MalformedEntryError("The entry is nested more than 8 levels deep.")
    for member in members:
        if type(member) is not str:
            _check_plain(member, depth=depth + 1)


def _check_common_fields(event: Mapping[str, object]) -> None:
    match event:
        case {"id": str() as event_id, "ts": str() as moment, "type": str()}:
            pass
        case _:
            raise MalformedEntryError("The entry's event has no type, identifier or time.")
    if not _EVENT_ID.fullmatch(event_id) or not _MOMENT.fullmatch(moment):
        raise MalformedEntryError("The entry's event has a misshapen identifier or time.")
    if not _has_gateway(event):
        raise MalformedEntryError("The entry's event has a misshapen gateway or number of it.")
    if not isinstance(event.get("ref", ""), str):
        raise MalformedEntryError("The entry's event has a reference that is not text.")
    number = event.get("n", 0)
    if not _is_count(number) or ("n" in event and "ref" not in event):
        raise MalformedEntryError("The entry's event has a misshapen number of its reference.")


def _has_gateway(event: Mapping[str, object]) -> bool:
    match event.get("gw"), event.get("gw_seq"):
        case None, None:
            return True
        case str() as gateway, number:
            return _is_count(number) and GATEWAY.fullmatch(gateway) is not None
        case _:
            return False


def _is_count(value: object) -> bool:
    """Say whether a value is a whole number from 0; JSON's true is none, though Python's is 1."""
    return type(value) is int and value >= 0
