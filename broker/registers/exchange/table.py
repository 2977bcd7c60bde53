"""The directory as a table that spreadsheets write and read (CSV), and that obeys nothing."""

from collections.abc import Iterable, Mapping
from typing import Final

from broker.domain.tables.spreadsheets import csv_line, plain_cell, read_csv
from broker.registers.exchange.lines import FIELDS, Line

NEEDED: Final = ("organisation", "function", "title", "address", "telephone")
"""The columns that a table must have; the others are empty where they are missing."""

_DEFAULTS: Final = {"type": "role", "accepts_encrypted": "unknown"}


def written(lines: Iterable[Mapping[str, str]]) -> bytes:
    """Return lines as CSV in UTF-8, each text that a spreadsheet would obey behind a quote."""
    table = (csv_line(line[field] for field in FIELDS) for line in lines)
    return "".join((csv_line(FIELDS), *table)).encode("utf-8-sig")


def read_table(content: bytes) -> tuple[Line, ...]:
    """Return the lines of a CSV file in UTF-8, under a line of column names.

    Raises `FaultyDocumentError` where it is no such table; its places count lines from 1.
    """
    table = read_csv(content, FIELDS, NEEDED)
    # A line that is too short or too long says nothing; its fields are named as they are found.
    return tuple(
        _line(number, table.names, cells)
        for number, cells in enumerate(table.lines, start=2)
        if cells
    )


def _line(number: int, names: tuple[str, ...], cells: list[str]) -> Line:
    padded = [*cells, *[""] * (len(names) - len(cells))]
    said = {name: plain_cell(value) for name, value in zip(names, padded, strict=False)}
    filled = {field: said.get(field) or _DEFAULTS.get(field, "") for field in FIELDS}
    return Line(place=f"line {number}", says=filled)
