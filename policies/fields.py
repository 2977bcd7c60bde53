"""The field identifiers of a pack: every piece of information that the broker can release.

They stand in the shipped rulebook, once, in the order in which they are shown. A rulebook with
other fields is refused, so they are part of the engine's digest (reading/bundle.py).

>>> FIELDS[0], FIELDS[-1]
('individual.name', 'record.whole')
"""

import tomllib
from importlib.resources import files
from typing import Final


def _shipped() -> tuple[str, ...]:
    table = files("policies").joinpath("rulebook", "vocabulary", "fields.toml")
    return tuple(tomllib.loads(table.read_text(encoding="utf-8")))


FIELDS: Final = _shipped()
