"""The part of the site where a panel meets, who comes in, and how it is put to people."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from flask import Blueprint

from broker.domain.model import Person
from broker.domain.panels.meetings import Attends, MeetingState
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.times import uk_day
from broker.panels.assembled import Panels
from broker.panels.standing import ATTENDERS, KEEPERS
from broker.web.site import current_site
from broker.web.visitors import visitor

meetings = Blueprint("meetings", __name__)

KEEPING = tuple(sorted(KEEPERS))
"""Who keeps meetings."""

COMING = tuple(sorted(ATTENDERS))
"""Who keeps them or is asked to them."""

STANDS: Final[Mapping[MeetingState, str]] = MappingProxyType(
    {
        MeetingState.CALLED: "To come",
        MeetingState.HELD: "Being held",
        MeetingState.CLOSED: "Over",
        MeetingState.CANCELLED: "Cancelled",
    }
)
COMES: Final[Mapping[Attends, str]] = MappingProxyType(
    {
        Attends.ASKED: "Has not answered yet",
        Attends.COMING: "Comes",
        Attends.APOLOGIES: "Sent apologies",
        Attends.PRESENT: "Was there",
        Attends.ABSENT: "Was not there",
    }
)


def panels() -> Panels:
    """Return what the views work with."""
    return current_site().services.panels


def person() -> Person:
    """Return who is looking."""
    return visitor().person


def today() -> date:
    """Return the day in the United Kingdom."""
    return uk_day(current_site().services.clock())


def named(reference: str) -> Reference:
    """Return the meeting that an address names; raises `UnknownReferenceError`."""
    return parse_reference(reference, Prefix.MEETING)


def address_of(reference: Reference) -> str:
    """Return the address of the page of a meeting."""
    return f"/meetings/{reference}"
