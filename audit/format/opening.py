r"""Openings: a value, shown to be the one that an entry committed to (docs/formats/ledger.md).

>>> opening = Opening(entry=1, commitment="reply_c", field="reply/1", salt=bytes(32), value="no")
>>> Opening.parse(opening.to_bytes()) == opening
True
"""

import json
import re
from dataclasses import dataclass
from typing import Final, Never, Self, cast

from audit.errors import MalformedOpeningError, OpeningRefusedError, UnrecordableEventError
from audit.format.commitment import verify_opening
from audit.format.entry import Entry

FORMAT: Final = "disclosure-broker/opening/1"
MAX_OPENING_BYTES: Final = 50_000_000

_NAMES: Final = {"format", "entry", "commitment", "field", "salt", "value"}
_SALT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The value and salt of what entry number `entry` holds as `commitment`, under `field`."""

    entry: int
    commitment: str
    field: str
    salt: bytes
    value: object

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Return the opening of a file's bytes, or raise `MalformedOpeningError`."""
        match _members(text):
            case {
                "entry": int() as entry,
                "commitment": str() as commitment,
                "field": str() as field,
                "salt": str() as salt,
                "value": value,
            } if type(entry) is int and entry >= 0 and _SALT.fullmatch(salt):
                return cls(
                    entry=entry,
                    commitment=commitment,
                    field=field,
                    salt=bytes.fromhex(salt),
                    value=value,
                )
            case _:
                raise _misshapen()

    def to_bytes(self) -> bytes:
        """Return the opening as a file: one JSON object in ASCII, safe on any terminal."""
        members = {
            "format": FORMAT,
            "entry": self.entry,
            "commitment": self.commitment,
            "field": self.field,
            "salt": self.salt.hex(),
            "value": self.value,
        }
        return json.dumps(members, indent=1).encode() + b"\n"

    def check(self, entry: Entry) -> None:
        """Return if it opens what `entry` holds, or raise `OpeningRefusedError`."""
        committed = entry.event.get(self.commitment)
        if entry.seq != self.entry or not isinstance(committed, str):
            raise OpeningRefusedError(f"Entry {self.entry} holds no such commitment.")
        try:
            verify_opening(committed, field=self.field, value=self.value, salt=self.salt)
        except UnrecordableEventError as error:
            raise OpeningRefusedError(str(error)) from error


def _members(text: bytes) -> dict[str, object]:
    if len(text) > MAX_OPENING_BYTES:
        raise _misshapen()
    try:
        members: object = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _misshapen() from error
    if not isinstance(members, dict):
        raise _misshapen()
    named = cast("dict[str, object]", members)
    if named.keys() != _NAMES or named["format"] != FORMAT:
        raise _misshapen()
    return named


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _refuse(_: str) -> Never:
    raise ValueError


def _misshapen() -> MalformedOpeningError:
    return MalformedOpeningError(
        "The file is not an opening: one JSON object of format, entry, commitment, field, salt "
        "and value."
    )
