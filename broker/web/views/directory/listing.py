"""The list of whom we can send to, and the search that knows old words."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from broker.domain.directory.functions import KINDS
from broker.domain.model import Agency, Mailbox
from broker.registers.finding.searching import Found, search
from broker.web import access
from broker.web.menu import KEEPERS
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.directory import READERS
from broker.web.views.directory.words import Standing, function_of, standing
from broker.web.visitors import visitor

listing = Blueprint("directory", __name__)

_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A contact in the list."""

    contact: Mailbox
    function: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A body in the list with its contacts."""

    body: Agency
    kind: str
    lines: tuple[Line, ...]


@listing.get("/directory")
@access.requires(*READERS)
def index() -> Response:
    """Show whom we can send to, all of it or what somebody looks for."""
    services = current_site().services
    asked = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    found = search(services.directory.entries(), asked)
    now = services.clock()
    groups = [
        Group(
            body=body,
            kind=KINDS.get(body.kind, body.kind),
            lines=tuple(
                Line(contact=one, function=function_of(one), standing=standing(one, now))
                for one in contacts
            ),
        )
        for body, contacts in _by_body(found)
    ]
    return show(
        "directory/index.html",
        title="Whom we can send to",
        groups=groups,
        asked=asked,
        today_words=found.today_words,
        may_keep=visitor().person.role in KEEPERS,
    )


def _by_body(found: Found) -> list[tuple[Agency, tuple[Mailbox, ...]]]:
    """Return the bodies that were found or whose contacts were, by name, retired ones last."""
    ordered = sorted(found.bodies, key=lambda body: (body.retired_on is not None, body.name))
    return [
        (
            body,
            tuple(
                sorted(
                    (one for one in found.contacts if one.agency == body.id),
                    key=lambda one: (one.backing.retired_on is not None, one.title),
                )
            ),
        )
        for body in ordered
    ]
