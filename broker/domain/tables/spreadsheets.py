"""Tables that spreadsheets open and write (CSV), in which nothing is taken for a formula.

A cell that begins as a formula does gets an apostrophe before it, which spreadsheets do not show.
"""

import csv
import io
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from broker.domain.errors import FaultyDocumentError

BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that a spreadsheet would obey."""

MOST_LINES: Final = 5_000
"""How many lines of a table are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The names of the columns, and the lines below them: those may be longer or shorter."""

    names: tuple[str, ...]
    lines: tuple[list[str], ...]


def safe_cell(text: str) -> str:
    """Return a cell as text that no spreadsheet takes for a formula.

    >>> safe_cell("=cmd|' /C calc'!A0"), safe_cell("Northshire"), safe_cell(" @x")
    ("'=cmd|' /C calc'!A0", 'Northshire', "' @x")
    """
    begins = text.lstrip(" \u00a0\ufeff").startswith(BEGINS_A_FORMULA)
    return f"'{text}" if begins or text.startswith(BEGINS_A_FORMULA) else text


def csv_line(cells: Iterable[str]) -> str:
    r"""Return one line of CSV (RFC 4180), with its end.

    >>> csv_line(["a", "b, c", "-1"])
    'a,"b, c",\'-1\r\n'
    """
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow(map(safe_cell, cells))
    return held.getvalue()


def plain_cell(text: str) -> str:
    """Return a cell as it was before `safe_cell`, without spaces around it.

    >>> plain_cell(safe_cell("=1")), plain_cell(" 'twas ")
    ('=1', "'twas")
    """
    stripped = text.strip()
    within = stripped.removeprefix("'")
    return within if stripped == safe_cell(within) else stripped


def read_csv(content: bytes, columns: Collection[str], needed: Collection[str]) -> Table:
    """Return a table in UTF-8 whose first line names what is `needed`, and nothing but `columns`.

    Raises `FaultyDocumentError` for anything else.
    """
    try:
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        raise FaultyDocumentError.at("file", "is not UTF-8; save it as CSV UTF-8") from None
    except csv.Error:
        problem = "is not CSV: a quotation mark or a line does not end"
        raise FaultyDocumentError.at("file", problem) from None
    names = tuple(name.strip().casefold() for name in lines[0]) if lines else ()
    if not {*needed} <= {*names} <= {*columns} or len({*names}) != len(names):
        raise FaultyDocumentError.at("line 1", f"must name columns of: {', '.join(columns)}")
    if len(lines) > MOST_LINES + 1:
        problem = f"has more than {MOST_LINES} lines; cut it into parts"
        raise FaultyDocumentError.at("file", problem)
    return Table(names=names, lines=tuple(lines[1:]))
