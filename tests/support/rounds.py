"""How often a property is tried: in full by `make test-long`, a third as often by `make test`."""

_REDUCED = 3
_divisor: list[int] = [1]


def reduce_rounds() -> None:
    """Have `rounds` return a third of what it is given, for the tests that are read after this."""
    _divisor[:] = [_REDUCED]


def rounds(full: int) -> int:
    """Return how many examples a property is tried with now, of so many in full."""
    return max(1, full // _divisor[0])
