"""Read JSON from outside: what is ambiguous, unbounded or unstorable is refused."""

import codecs
import json
import re
import unicodedata
from typing import Never

from broker.domain.errors import FaultyDocumentError
from broker.domain.json_values import is_array, is_object

MAX_JSON = 1_000_000
"""The most bytes of a JSON document."""

MAX_DEPTH = 20
MAX_MEMBERS = 2_000
MAX_DIGITS = 18


def load_json(text: bytes) -> object:
    """Return the value of `text`, its strings in Unicode's composed form (NFC).

    Refused with `FaultyDocumentError`: bytes that are not UTF-8 or not JSON (RFC 8259), names
    that stand twice in one object, NaN and infinities, lone surrogates, NUL characters, nesting
    deeper than 20, more than 2,000 members in all. No value that was sent is repeated.
    """
    try:
        value: object = json.loads(
            # A byte-order mark is none of the text; Notepad writes it (RFC 8259 section 8.1).
            text.removeprefix(codecs.BOM_UTF8).decode("utf-8"),
            object_pairs_hook=_object_without_twins,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_bounded,
        )
    except UnicodeDecodeError:
        raise _refusal("is not UTF-8 text; save it as UTF-8 and send it again") from None
    except RecursionError:
        raise _refusal(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        if not text.removeprefix(codecs.BOM_UTF8).strip():
            raise _refusal("is empty; check that it was saved, and send it again") from None
        raise _refusal(f"is not JSON: line {error.lineno}, column {error.colno}") from None
    return _Sifter().sift(value, depth=0)


_NO_TEXT = re.compile("[\\0\\ud800-\\udfff]")
_TOO_DEEP = f"is nested more than {MAX_DEPTH} levels deep"


def _refusal(problem: str) -> FaultyDocumentError:
    return FaultyDocumentError.at("document", problem)


def _object_without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _refusal("has a name that stands twice in one object; keep one of them")
    return members


def _refuse_constant(_: str) -> Never:
    raise _refusal("has NaN or an infinity where a number must stand")


def _bounded(text: str) -> int:
    if len(text.removeprefix("-")) > MAX_DIGITS:
        raise _refusal("has a number that is too large")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise _refusal("has a number that is too large")
    return number


class _Sifter:
    """Walks a parsed value once, counting members and composing strings."""

    def __init__(self) -> None:
        self._members = 0

    def sift(self, value: object, *, depth: int) -> object:
        """Return `value` with composed strings, or raise `FaultyDocumentError`."""
        if depth > MAX_DEPTH:
            raise _refusal(_TOO_DEEP)
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise _refusal(f"has more than {MAX_MEMBERS:,} members")
        if isinstance(value, str):
            return _storable(value)
        if is_array(value):
            return [self.sift(item, depth=depth + 1) for item in value]
        if is_object(value):
            # Composed names are compared again: two spellings of one name are twins too.
            return _object_without_twins(
                [
                    (_storable(name), self.sift(member, depth=depth + 1))
                    for name, member in value.items()
                ]
            )
        return value


def _storable(text: str) -> str:
    if _NO_TEXT.search(text):
        raise _refusal("has a character that is not text (a NUL or a lone surrogate)")
    return unicodedata.normalize("NFC", text)
