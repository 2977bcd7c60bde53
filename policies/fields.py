"""The fields of a pack: every piece of information that the broker can release.

They stand in the shipped rulebook, once, in the order in which they are shown. A rulebook with
other fields is refused, so they are part of the engine's digest (reading/bundle.py).

>>> FIELDS[0], FIELDS[-1], "individual.religion" in SPECIAL_FIELDS
('individual.name', 'record.whole', True)
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

SPECIAL_CLASSES: Final = frozenset({"SC", "CO", "sensitive"})
"""The classes of what is more closely protected: as an extra it needs the Guardian."""


def _shipped() -> Mapping[str, frozenset[str]]:
    table = files("policies").joinpath("rulebook", "vocabulary", "fields.toml")
    fields = tomllib.loads(table.read_text(encoding="utf-8"))
    return {name: frozenset(field["classes"]) for name, field in fields.items()}


_CLASSES: Final = _shipped()
FIELDS: Final = tuple(_CLASSES)
"""Their identifiers, in the order in which they are shown."""

SPECIAL_FIELDS: Final = frozenset(
    name for name, classes in _CLASSES.items() if classes & SPECIAL_CLASSES
)
"""Those of them that are more closely protected."""
