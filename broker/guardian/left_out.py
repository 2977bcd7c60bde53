"""Which fields a Guardian takes out of a pack: known ones of this pack, or nothing is decided."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.form import label_of
from broker.domain.model import Pack

REDUCED = "approve-reduced"
"""The verdict that leaves fields out."""

_COMPARED = 5


def left_out_of(pack: Pack, verdict: str, named: Iterable[str]) -> frozenset[str]:
    """Return the identifiers of the fields named, each by identifier or by printed label.

    Raises `FaultyDocumentError` for a name that is no field of this pack, and where verdict and
    names do not go together.
    """
    named = tuple(named)
    if verdict != REDUCED:
        if named:
            problem = f"takes fields out, which {REDUCED} alone does; choose that or name none"
            raise FaultyDocumentError.at("leave_out", problem)
        return frozenset()
    if not named:
        problem = f"names nothing that is to stay; the fields of this pack are: {_listed(pack)}"
        raise FaultyDocumentError.at("leave_out", problem)
    found = {name: _meant(name, pack) for name in named}
    if faults := tuple(_faults(named, found, pack)):
        raise FaultyDocumentError(faults)
    return frozenset(field for field in found.values() if field is not None)


def _meant(name: str, pack: Pack) -> str | None:
    if name in pack.fields:
        return name
    labelled = [field for field in pack.fields if _plain(label_of(field)) == _plain(name)]
    return labelled[0] if len(labelled) == 1 else None


def _plain(label: str) -> str:
    return " ".join(label.split()).casefold()


def _faults(named: tuple[str, ...], found: dict[str, str | None], pack: Pack) -> Iterator[Fault]:
    for index, name in enumerate(named):
        if found[name] is None:
            close = get_close_matches(name[:80], pack.fields, n=1) if index < _COMPARED else []
            near = f"; the nearest is {close[0]}" if close else ""
            problem = f"is no field of this pack{near}; its fields are: {_listed(pack)}"
            yield Fault(place=f"leave_out[{index}]", problem=problem)


def _listed(pack: Pack) -> str:
    return ", ".join(pack.fields)
