"""The known name that a misspelt one most likely means: near it, of its kind, at bounded cost."""

from collections.abc import Iterable
from difflib import get_close_matches

from broker.domain.form import FIELD_BY_ID, FORM
from policies import FIELDS

_LONGEST = 40
_ALIKE = 0.75


class NearNames:
    """Looks for nearest names, a bounded number of times for one document."""

    def __init__(self, lookups: int = 20) -> None:
        """Allow so many comparisons; what is misspelt after that gets no hint."""
        self._left = lookups

    def word(self, written: str, known: Iterable[str]) -> str | None:
        """Return the one of `known` that is most like the word written, if one is near."""
        if self._left <= 0 or not written or len(written) > _LONGEST:
            return None
        self._left -= 1
        close = get_close_matches(_spelt(written), tuple(known), n=1, cutoff=_ALIKE)
        return close[0] if close else None

    def field(self, written: str) -> str | None:
        """Return the field that is meant: by its label, its initials or a near spelling.

        Where the section is right, it is a field of that section or none.
        """
        if len(written) > max(map(len, _BY_LABEL)):
            return None
        if (labelled := _BY_LABEL.get(written.strip().casefold())) is not None:
            return labelled
        section, dot, tail = _spelt(written).rpartition(".")
        alike = _TAILS.get(section) if dot else {}
        candidates = _ALL_TAILS if alike is None or not dot else alike
        for meant in (candidates, _initials(candidates)):
            if len(meant.get(tail, ())) == 1:
                return meant[tail][0]
        near = self.word(tail, candidates)
        return candidates[near][0] if near and len(candidates[near]) == 1 else None


def looks_like_a_field(name: str) -> bool:
    """Say whether a name that was sent is spelt as our fields are, below one of our sections."""
    section, dot, tail = name.partition(".")
    words = tail.replace("_", "")
    is_short = len(name) <= _LONGEST and words.isascii() and words.isalpha() and words.islower()
    return bool(dot) and section in _TAILS and is_short


def _spelt(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def _tails(fields: Iterable[str]) -> dict[str, list[str]]:
    tails: dict[str, list[str]] = {}
    for field in fields:
        tails.setdefault(field.partition(".")[2], []).append(field)
    return tails


def _initials(tails: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tail, fields in tails.items():
        found.setdefault("".join(word[0] for word in tail.split("_")), []).extend(fields)
    return found


_BY_LABEL = {field.label.casefold(): field.id for field in FORM}
_SECTIONS = dict.fromkeys(field.partition(".")[0] for field in FIELDS)
_TAILS = {
    section: _tails(field for field in FIELDS if field.startswith(f"{section}."))
    for section in _SECTIONS
}
_ALL_TAILS = _tails(FIELD_BY_ID)
