"""The 55 criteria of WCAG 2.2, levels A and AA, and by what each is looked at.

>>> len(criteria())
55
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_HEAD = """\
# WCAG 2.2, levels A and AA: by what each criterion is looked at

Made from `broker/web/accessibility/criteria.toml`; a test holds that whatever is named exists. axe
runs with every rule on every state of the pages, wide, at 320 px and in forced colours. What a
person must try stands in [manual-tests.md](manual-tests.md), with the day on which it was tried.

| criterion | by machine | by a person |
|---|---|---|
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion; `own` is the file of our own tests, `manual` a heading of the manual script.

    `none` says why nothing here is concerned, where that is so.
    """

    number: str
    name: str
    axe: bool
    own: str
    manual: str
    none: str

    @property
    def by_machine(self) -> str:
        """Say in words which machines look at it."""
        found = ["axe" if self.axe else "", "a test of our own" if self.own else ""]
        return " and ".join(one for one in found if one)


@cache
def criteria() -> tuple[Criterion, ...]:
    """Return every criterion, by its number."""
    text = files("broker.web.accessibility").joinpath("criteria.toml").read_text(encoding="utf-8")
    return tuple(_criterion(number, said) for number, said in tomllib.loads(text).items())


def _criterion(number: str, said: dict[str, Any]) -> Criterion:
    return Criterion(
        number=number,
        name=said["name"],
        axe=said.get("axe", False),
        own=said.get("own", ""),
        manual=said.get("manual", ""),
        none=said.get("none", ""),
    )


def as_markdown() -> str:
    """Return docs/accessibility/criteria.md."""
    return _HEAD + "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    for one in criteria():
        machine = " and ".join(
            words for words in ("axe" if one.axe else "", one.own and f"`{one.own}`") if words
        )
        yield f"| {one.number} {one.name} | {one.none or machine or '-'} | {one.manual or '-'} |"
