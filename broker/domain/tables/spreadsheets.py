"""Lines of a table that spreadsheets open, in which nothing is taken for a formula.

A cell that begins as a formula does gets an apostrophe before it, which spreadsheets do not show.
"""

import csv
import io
from collections.abc import Iterable
from typing import Final

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """Return a cell as text that no spreadsheet takes for a formula.

    >>> safe_cell("=cmd|' /C calc'!A0"), safe_cell("Northshire"), safe_cell(" @x")
    ("'=cmd|' /C calc'!A0", 'Northshire', "' @x")
    """
    begins = text.lstrip(" \u00a0\ufeff").startswith(_BEGINS_A_FORMULA)
    return f"'{text}" if begins or text.startswith(_BEGINS_A_FORMULA) else text


def csv_line(cells: Iterable[str]) -> str:
    r"""Return one line of CSV (RFC 4180), with its end.

    >>> csv_line(["a", "b, c", "-1"])
    'a,"b, c",\'-1\r\n'
    """
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow(map(safe_cell, cells))
    return held.getvalue()
