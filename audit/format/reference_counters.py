"""Counters of references: the entries about each are numbered, so that one that is withheld shows.

The field `n` of docs/formats/ledger.md.

>>> counters = ReferenceCounters()
>>> counters.add("PRV-7Q4K-M2XH", 0)
>>> counters.expects("PRV-7Q4K-M2XH", 1), counters.expects("PRV-7Q4K-M2XH", 2)
(True, False)
"""

from collections.abc import Iterable, Mapping


class ReferenceCounters:
    """How many entries about each reference have passed, and whether any was numbered."""

    def __init__(self) -> None:
        self._counted: dict[bytes, int] = {}
        self._are_numbered = False

    def expects(self, reference: str | None, number: int | None) -> bool:
        """Say if the next entry may be about `reference` with this number.

        Without a reference there is no number. Logs begun before references were counted begin
        with entries that have none either; they count, and after the first number all have one.
        """
        if number is None:
            return reference is None or not self._are_numbered
        return reference is not None and number == self._counted.get(reference.encode(), 0)

    def add(self, reference: str | None, number: int | None) -> None:
        """Count an entry that was expected."""
        if reference is not None:
            spelt = reference.encode()
            self._counted[spelt] = self._counted.get(spelt, 0) + 1
        self._are_numbered |= number is not None

    def after_batch(
        self, references: Iterable[bytes], numbers: Iterable[bytes]
    ) -> Mapping[bytes, int] | None:
        """Return what `join` takes once a batch is accepted, or None where one is not expected.

        References and numbers are given as entries spell them, empty where there are none.
        """
        counted: dict[bytes, int] = {}
        are_numbered = self._are_numbered
        for reference, number in zip(references, numbers, strict=True):
            if not reference:
                if number:
                    return None
                continue
            count = counted.get(reference)
            if count is None:
                count = self._counted.get(reference, 0)
            are_numbered = are_numbered or bool(number)
            if are_numbered and number != b"%d" % count:
                return None
            counted[reference] = count + 1
        return counted

    def join(self, counted: Mapping[bytes, int], numbers: Iterable[bytes]) -> None:
        """Count a batch that `after_batch` expected."""
        self._counted.update(counted)
        self._are_numbered = self._are_numbered or any(numbers)
