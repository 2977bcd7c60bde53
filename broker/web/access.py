"""Who may see what: every page says so, and a page that does not is closed to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from broker.domain.model import Person
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
_LATE: dict[object, Callable[[Person], None]] = {}


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


def keeps_what_comes_late(
    keep: Callable[[Person], None],
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Have `keep` called where somebody sends the page whose session has just ended."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        _LATE[view] = keep
        return view

    return declare


def keeper_of(view: object) -> Callable[[Person], None] | None:
    """Return what keeps what comes late to a page, None where nothing does."""
    return _LATE.get(view)


def declared(view: object) -> Door | None:
    """Return what a page asks for, None for a view that says nothing."""
    return _DOORS.get(view)
