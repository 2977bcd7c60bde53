"""What is said of a meeting: when it is, who is asked, who comes; every fault at once."""

from typing import Annotated, Literal

from pydantic import Field

from broker.domain.errors import FaultyDocumentError
from broker.domain.panels.meetings import AskedAs, Attends
from broker.domain.times import written_day
from broker.intake.documents import object_in
from broker.intake.shapes import Day, Document, Identifier, Line
from broker.intake.validation import validated
from broker.panels.calling import WantedMeeting
from keys import AgencyId, PersonId


class MeetingModel(Document):
    """A meeting to be called: of which case, when, chaired by whom, in which home area."""

    case: Line
    on: Day
    chair: Identifier
    home_area: Identifier


class AskedModel(Document):
    """Somebody who is asked to a meeting, and as what."""

    person: Identifier
    as_: Annotated[Literal["member", "referrer", "invitee"], Field(alias="as")]


class ComesModel(Document):
    """Whether whoever is asked comes, or sends apologies."""

    comes: bool


class DelegateModel(Document):
    """Who of one's own body comes instead."""

    person: Identifier


class NotedModel(Document):
    """What is noted of somebody's coming by whoever keeps the meeting."""

    person: Identifier
    attends: Literal["coming", "apologies", "present", "absent"]


class SeenModel(Document):
    """What was read of the pack that is approved: its digest, as whoever read it was given it."""

    seen: Line


def read_meeting(text: bytes) -> WantedMeeting:
    """Return the meeting of a JSON document, or raise `FaultyDocumentError` with every fault."""
    model = validated(MeetingModel, object_in(text))
    on = written_day(model.on)
    if on is None:
        problem = "is not a day in the calendar"
        raise FaultyDocumentError.at("on", problem)
    return WantedMeeting(
        case=model.case,
        on=on,
        chair=PersonId(model.chair),
        home_area=AgencyId(model.home_area),
    )


def read_asked(text: bytes) -> tuple[PersonId, AskedAs]:
    """Return who is asked and as what; raises as `read_meeting`."""
    model = validated(AskedModel, object_in(text))
    return PersonId(model.person), AskedAs(model.as_)


def read_comes(text: bytes) -> bool:
    """Return whether whoever is asked comes; raises as `read_meeting`."""
    return validated(ComesModel, object_in(text)).comes


def read_delegate(text: bytes) -> PersonId:
    """Return who comes instead; raises as `read_meeting`."""
    return PersonId(validated(DelegateModel, object_in(text)).person)


def read_noted(text: bytes) -> tuple[PersonId, Attends]:
    """Return what is noted of whose coming; raises as `read_meeting`."""
    model = validated(NotedModel, object_in(text))
    return PersonId(model.person), Attends(model.attends)


def read_seen(text: bytes) -> str:
    """Return which pack was read, by its digest; raises as `read_meeting`."""
    return validated(SeenModel, object_in(text)).seen
