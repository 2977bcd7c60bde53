"""Who may see what: every page says so, and a page that does not is closed to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from broker.domain.roles import Role

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What a page asks for before it opens: nothing, a session, or a session in one of `roles`."""

    session: bool
    roles: frozenset[Role] = frozenset()


PUBLIC = Door(session=False)
SIGNED_IN = Door(session=True)

_DOORS: dict[object, Door] = {}


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Show the page to anybody; it must tell nothing about a disclosure or a person."""
    _DOORS[view] = PUBLIC
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Show the page to whoever has signed in, whatever their role."""
    _DOORS[view] = SIGNED_IN
    return view


def requires(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Show the page only to people who act in one of `roles`."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        _DOORS[view] = Door(session=True, roles=frozenset(roles))
        return view

    return declare


def declared(view: object) -> Door | None:
    """Return what a page asks for, None for a view that says nothing."""
    return _DOORS.get(view)
