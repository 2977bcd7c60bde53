"""The part of the site that is the Guardian's, and how each of its pages opens."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from flask import Blueprint, Response

from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference, parse_reference
from broker.guardian.before_opening import disclosure_to_open
from broker.web.reviewing.notes import Notes
from broker.web.site import current_site, see_other
from broker.web.visitors import visitor
from broker.wiring import Services
from keys import PersonId

reviews = Blueprint("reviews", __name__)


def services() -> Services:
    """Return what the views work with."""
    return current_site().services


def guardian() -> Person:
    """Return who is looking."""
    return visitor().person


def opened(reference: str) -> Notes | Response:
    """Return the Guardian's notes about a disclosure of theirs, once their part in it is known.

    Until then, and where they have a part in it, the way to the page that asks; nothing of what
    is in it is shown. Raises `UnknownReferenceError`, `WrongStateError`.
    """
    about = parse_reference(reference)
    disclosure = to_open(about)
    notes = Notes.of(services(), guardian(), about)
    if disclosure.requester == guardian().id or not notes.is_independent:
        return see_other(f"{notes.base}/relation")
    return notes


def with_notes(view: Callable[Concatenate[Notes, ...], Response]) -> Callable[..., Response]:
    """Give a view the notes that `opened` returns, in place of the reference of its address.

    Where it returns the way to another page, that is the answer and the view is not called.
    """

    @wraps(view)
    def opened_first(reference: str, **others: int | str) -> Response:
        notes = opened(reference)
        return notes if isinstance(notes, Response) else view(notes, **others)

    return opened_first


def to_open(reference: Reference) -> Disclosure:
    """Return where a disclosure stands that this Guardian may open, and nothing of its content."""
    return disclosure_to_open(services().transaction, reference, guardian())


def notes_of(reference: Reference) -> Notes:
    """Return the Guardian's notes about a disclosure, whatever their part in it."""
    return Notes.of(services(), guardian(), reference)


def name_of(person: str) -> str:
    """Return the name of somebody who works here, or the identifier of whoever is not entered."""
    record = services().access.people.record(PersonId(person))
    return person if record is None else record.name
