"""The names of the ledger: one for life, and another from each restore that lost entries."""

from typing import Final

from broker.domain.errors import MismatchedPairError

_HOST: Final = "disclosure-broker.invalid"
_DIGITS: Final = 3


def first_name(keystore: str) -> str:
    """Return the ledger's first name, bound to the identity of the keystore that signs it."""
    return f"{_HOST}/{keystore}"


def names_until(origin: str, keystore: str) -> tuple[str, ...]:
    """Return every name that the ledger has had, the first one first and `origin` last.

    Raises `MismatchedPairError` where `origin` is none of this keystore's.
    """
    first = first_name(keystore)
    names = [first]
    if origin != first:
        count = origin.removeprefix(f"{first}/")
        is_number = count.isascii() and count.isdecimal() and len(count) <= _DIGITS
        last = int(count) if is_number else 0
        names += [f"{first}/{number}" for number in range(2, last + 1)]
    if names[-1] != origin:
        raise MismatchedPairError(
            "The ledger in this database has the name of another keystore. Put back the keystore "
            "that was backed up with it."
        )
    return tuple(names)
