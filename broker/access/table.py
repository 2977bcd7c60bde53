"""The one table of who may do what: who_may.toml, and pages.toml for pages; every way in asks it.

>>> sorted(who_may("POST /api/v1/reviews/<reference>/decision").roles)
['guardian']
>>> who_may("GET /forgotten")
Traceback (most recent call last):
broker.domain.errors.NotAllowedError: This is closed: nobody is said to do it.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

from broker.domain.errors import NotAllowedError
from broker.domain.roles import ROLES_IN_WORDS, Role


@unique
class Standing(StrEnum):
    """How somebody stands to a case: their own, another's of their body, or a foreign one."""

    OWN = "own"
    BODY = "body"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who may do one thing; `freely` says why it asks for nobody, `on_host` that it does there.

    `may` holds where the thing is about no one case, `by_standing` where it is about one;
    `signed_in` says why whoever has signed in may, whatever their role.
    """

    call: str
    may: frozenset[Role]
    by_standing: Mapping[Standing, frozenset[Role]]
    freely: str | None
    on_host: bool
    signed_in: str | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """Return every role that may do it at all; none where it asks for nobody."""
        return self.may.union(*self.by_standing.values())

    @property
    def is_about_a_case(self) -> bool:
        """Say whether it depends on the case, too."""
        return bool(self.by_standing)


def who_may(call: str) -> Row:
    """Return the row of a route (`GET /path`) or a command (`broker refer`).

    Raises `NotAllowedError` where there is none: it is closed to everybody.
    """
    found = table().get(call)
    if found is None:
        raise NotAllowedError("This is closed: nobody is said to do it.")
    return found


@cache
def table() -> Mapping[str, Row]:
    """Return the row of every route of the API and every command, in the order of the file."""
    rows = _read("who_may.toml")
    return {call: _row(call, said) for call, said in rows.items() if call != _GROUPS}


@cache
def pages() -> Mapping[str, Row]:
    """Return the row of every page (`GET /path`), in the order of the file.

    Raises `ValueError` for a page that two rows name.
    """
    found: dict[str, Row] = {}
    for said in _read("pages.toml")["pages"]:
        cells = dict(said)
        for call in cells.pop("calls"):
            if call in found:
                raise ValueError(call)
            found[call] = _row(call, cells)
    return found


def _read(name: str) -> dict[str, Any]:
    text = files("broker.access").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


_SIGNED_IN: Final = "signed-in"
_GROUPS: Final = "groups"
_KNOWN: Final = {"may", "open", "host", _SIGNED_IN, *Standing}


def _row(call: str, said: Mapping[str, object]) -> Row:
    if not said or not said.keys() <= _KNOWN:
        raise ValueError(call)
    by_standing = {standing: _roles(said.get(standing, ())) for standing in Standing}
    freely = said.get("open", said.get("host"))
    return Row(
        call=call,
        may=_roles(said.get("may", ())),
        by_standing=by_standing if any(by_standing.values()) else {},
        freely=None if freely is None else str(freely),
        on_host="host" in said,
        signed_in=None if _SIGNED_IN not in said else str(said[_SIGNED_IN]),
    )


def _roles(words: object) -> frozenset[Role]:
    """Return roles by their words, those of a group by its name, which may name other groups."""
    groups = _groups()
    named = cast("list[str]", words)
    return frozenset[Role]().union(
        *(_roles(groups[word]) if word in groups else {Role(word)} for word in named)
    )


@cache
def _groups() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in _read("who_may.toml")[_GROUPS].items()}


_HEAD: Final = """\
# Who may do what

Printed by `broker people roles` from `broker/access/who_may.toml` and, for pages,
`broker/access/pages.toml`: the one table. What has no row is closed to everybody. Each cell of a
route is tried by a test with a real call; of each page, and of each command about a case, a role
that may and one that may not. A foreign, hidden or absent disclosure is answered alike. A case is
somebody's own while they are a member of it.

## Roles

A person holds roles for bodies, from a day until another, and acts in one at a time. A deputy is a
second holder. Administrator, operator and guardian are given by two people.
"""


_COMMAND: Final = "broker "


def page() -> str:
    """Return docs/access.md: the roles, and every row in words."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "| role | what it is |"
    yield "|---|---|"
    for role, words in ROLES_IN_WORDS.items():
        yield f"| `{role}` | {words} |"
    commands = [row for row in table().values() if row.call.startswith(_COMMAND)]
    routes = [row for row in table().values() if not row.call.startswith(_COMMAND)]
    parts = {"Routes": routes, "Pages": pages().values(), "Commands": commands}
    for title, rows in parts.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield "| call | own case | own body | other body |"
        yield "|---|---|---|---|"
        for row in rows:
            yield f"| `{row.call}` | {' | '.join(_cells(row))} |"


def _cells(row: Row) -> tuple[str, str, str]:
    if row.freely is not None:
        whom = "whoever uses the service's account" if row.on_host else "anybody"
        return f"{whom}: {row.freely}", "", ""
    if row.signed_in is not None:
        return f"whoever has signed in: {row.signed_in}", "", ""
    if not row.is_about_a_case:
        return f"about no one case: {_listed(row.may)}", "", ""
    own, body, other = (_listed(row.by_standing[standing]) for standing in Standing)
    return own, body, other


def _listed(roles: frozenset[Role]) -> str:
    return ", ".join(f"`{role}`" for role in Role if role in roles) or "nobody"
