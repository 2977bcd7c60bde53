"""The directory as a table that spreadsheets write and read (CSV), and that obeys nothing."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from broker.domain.errors import FaultyDocumentError
from broker.registers.exchange.lines import FIELDS, FORMULA, MOST_LINES, Line

NEEDED: Final = ("organisation", "function", "title", "address", "telephone")
"""The columns that a table must have; the others are empty where they are missing."""

_DEFAULTS: Final = {"type": "role", "accepts_encrypted": "unknown"}


def written(lines: Iterable[Mapping[str, str]]) -> bytes:
    """Return lines as CSV in UTF-8, each text that a spreadsheet would obey behind a quote."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(FIELDS)
    writer.writerows([_harmless(line[field]) for field in FIELDS] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def read_table(content: bytes) -> tuple[Line, ...]:
    """Return the lines of a CSV file in UTF-8, under a line of column names.

    Raises `FaultyDocumentError` where it is no such table; its places count lines from 1.
    """
    try:
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        raise FaultyDocumentError.at("file", "is not UTF-8; save it as CSV UTF-8") from None
    except csv.Error:
        raise FaultyDocumentError.at(
            "file", "is not CSV: a quotation mark or a line does not end"
        ) from None
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    if not {*NEEDED} <= {*names} <= {*FIELDS} or len({*names}) != len(names):
        raise FaultyDocumentError.at("line 1", f"must name columns of: {', '.join(FIELDS)}")
    if len(rows) > MOST_LINES + 1:
        raise FaultyDocumentError.at(
            "file", f"has more than {MOST_LINES} lines; cut it into parts"
        )
    # A line that is too short or too long says nothing; its fields are named as they are found.
    return tuple(_line(number, names, row) for number, row in enumerate(rows[1:], start=2) if row)


def _line(number: int, names: list[str], row: list[str]) -> Line:
    padded = [*row, *[""] * (len(names) - len(row))]
    said = {name: _plain(value) for name, value in zip(names, padded, strict=False)}
    filled = {field: said.get(field) or _DEFAULTS.get(field, "") for field in FIELDS}
    return Line(place=f"line {number}", says=filled)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(text: str) -> str:
    """Return a text as it was before a quote was put in front of it."""
    stripped = text.strip()
    return stripped[1:] if stripped[:1] == "'" and stripped[1:].startswith(FORMULA) else stripped
