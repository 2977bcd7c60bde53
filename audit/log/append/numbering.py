"""Number the entries about a reference: what the next one is called, however many there are."""

from typing import Final, cast

from audit.format.entry import parse_entry
from audit.log.driver import DriverCursor, as_stored

_NEWEST: Final = (
    "SELECT entry FROM ledger_entry WHERE reference = ? AND seq < ? ORDER BY seq DESC LIMIT 1"
)
_COUNT: Final = "SELECT COUNT(*) FROM ledger_entry WHERE reference = ? AND seq < ?"


def next_number(cursor: DriverCursor, size: int, reference: str) -> int:
    """Return the `n` of the next entry about a reference in a log of `size` entries.

    The newest entry about it says so; where an earlier release wrote that without a number, all
    are counted. Raises `MalformedEntryError`.
    """
    newest = cursor.rows(_NEWEST, (reference, size))
    if not newest:
        return 0
    number = parse_entry(as_stored(newest[0][0])).reference_number
    if number is not None:
        return number + 1
    ((count,),) = cursor.rows(_COUNT, (reference, size))
    return cast("int", count)
