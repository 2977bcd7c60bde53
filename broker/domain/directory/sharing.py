"""Agreements between bodies: who may share with whom, for what, and until when.

>>> first, second = AgencyId("a-trust"), AgencyId("a-force")
>>> Pair.of(second, first) == Pair.of(first, second)
True
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import Fault
from keys import AgencyId, PersonId

WARNED: Final = (90, 30, 0)
"""How many days before an agreement ends its owner hears of it."""

ANY_PURPOSE: Final = "*"
"""The purpose of an agreement that is not limited to some."""

_LONGEST: Final = {"title": 200, "legal_basis": 300, "limits": 500}
_DIGITS: Final = frozenset("0123456789abcdef")
_DIGEST: Final = 64


@unique
class Standing(StrEnum):
    """How an agreement between bodies stands on a day."""

    UNCONFIRMED = "unconfirmed"
    TO_COME = "to-come"
    LIVE = "live"
    OVER = "over"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two bodies, whichever sends."""

    first: AgencyId
    second: AgencyId

    @classmethod
    def of(cls, one: AgencyId, other: AgencyId) -> "Pair":
        """Return the pair of two bodies, in either order."""
        first, second = sorted((one, other))
        return cls(first=first, second=second)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingAgreement:
    """What two bodies signed; it counts once a second person saw the paper that was signed.

    `purposes` are those of the rules, or `*`; `sha256` is that of the paper, which is elsewhere.
    """

    id: str
    pair: Pair
    title: str
    purposes: tuple[str, ...]
    names_prevent: bool
    legal_basis: str
    limits: str
    signed_on: date
    review_on: date
    ends_on: date
    sha256: str
    owner: PersonId
    entered_by: PersonId
    confirmed_by: PersonId | None = None
    ended_on: date | None = None

    def standing(self, today: date) -> Standing:
        """Return how it stands on a day; its last day still counts."""
        if self.ended_on is not None:
            return Standing.ENDED
        if self.confirmed_by is None:
            return Standing.UNCONFIRMED
        if today < self.signed_on:
            return Standing.TO_COME
        return Standing.LIVE if today <= self.ends_on else Standing.OVER

    def covers(self, purpose: str, today: date) -> bool:
        """Say whether the two may rest on it for a purpose on a day; it must name Prevent."""
        is_for = ANY_PURPOSE in self.purposes or purpose in self.purposes
        return self.names_prevent and is_for and self.standing(today) is Standing.LIVE

    def warns_on(self, today: date) -> bool:
        """Say whether its end or its review is near enough to be spoken of."""
        if self.standing(today) not in {Standing.LIVE, Standing.OVER}:
            return False
        near = today + timedelta(days=WARNED[0])
        return self.ends_on <= near or self.review_on <= near


def is_covered(agreements: Iterable[SharingAgreement], purpose: str, today: date) -> bool | None:
    """Say whether an agreement of a pair covers a purpose; None where none was entered."""
    known = tuple(agreements)
    return any(one.covers(purpose, today) for one in known) if known else None


def faults_of(
    agreement: SharingAgreement, purposes: frozenset[str], today: date
) -> tuple[Fault, ...]:
    """Return what is wrong with an agreement that somebody enters, each with its place."""
    found: list[Fault] = []
    if agreement.pair.first == agreement.pair.second:
        found.append(Fault(place="with", problem="needs two parties; name the other body"))
    for name, longest in _LONGEST.items():
        said = str(getattr(agreement, name))
        if len(said) > longest or (name != "limits" and not said.strip()):
            found.append(Fault(place=name, problem=f"needs 1 to {longest} characters"))
    if not agreement.purposes or not set(agreement.purposes) <= {*purposes, ANY_PURPOSE}:
        found.append(Fault(place="purposes", problem="needs purposes that the rules know, or *"))
    if agreement.signed_on > today:
        found.append(Fault(place="signed_on", problem="is still to come; enter it once signed"))
    if agreement.ends_on <= agreement.signed_on:
        found.append(Fault(place="ends_on", problem="is not after the day it was signed"))
    if not agreement.signed_on < agreement.review_on <= agreement.ends_on:
        found.append(Fault(place="review_on", problem="lies between its signing and its end"))
    if len(agreement.sha256) != _DIGEST or not set(agreement.sha256) <= _DIGITS:
        found.append(Fault(place="sha256", problem="is the SHA-256 of the signed paper"))
    return tuple(found)
