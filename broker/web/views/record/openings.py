"""Open what an entry committed to: one field, by who is entitled, with a code, on the record."""

import json
from typing import Final

from flask import Blueprint, Response, request

from audit.format.entry import Entry
from audit.format.opening import Opening
from broker.domain.errors import NothingToOpenError
from broker.domain.roles import Role
from broker.ledger.explorer.one_entry import Commitment, commitments_in
from broker.ledger.readings import Entrance
from broker.ledger.shares import NotYoursError
from broker.web import access
from broker.web.menu import WRITERS
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.downloads import as_file
from broker.web.views.step_up import spend_code
from broker.web.visitors import visitor

record_openings = Blueprint("record_openings", __name__)

OPENERS: Final = (*WRITERS, Role.GUARDIAN, Role.AUDITOR)
"""Who may be entitled: Guardian, lead and auditor of the body, and whoever asked for it."""

_LONGEST_SHOWN: Final = 8_000


@record_openings.get("/ledger/<int:number>/open/<commitment>")
@access.requires(*OPENERS)
def open_page(number: int, commitment: str) -> Response:
    """Say what opening means before it is done."""
    _, found = _commitment(number, commitment)
    return show(
        "record/open.html",
        title=f"Open what entry {number} vouches for",
        number=number,
        commitment=found,
        back=f"/ledger/{number}",
    )


@record_openings.post("/ledger/<int:number>/open/<commitment>")
@access.requires(*OPENERS)
def open_it(number: int, commitment: str) -> Response:
    """Show or save one opening; a code of this moment is needed, and the reading is recorded."""
    services = current_site().services
    entry, found = _commitment(number, commitment)
    if (to_code := spend_code(back=request.path)) is not None:
        return to_code
    person = visitor().person
    opening = services.openings.open_entry(entry, commitment, person, Entrance.PAGE)
    if request.form.get("as") == "file":
        name = f"entry-{number}-{commitment}.json"
        return as_file(opening.to_bytes(), name, "application/json")
    return show(
        "record/opened.html",
        title=f"What entry {number} vouched for",
        number=number,
        commitment=found,
        opening=opening,
        value=_shown(opening),
        longest=_LONGEST_SHOWN,
        back=f"/ledger/{number}",
    )


def _commitment(number: int, name: str) -> tuple[Entry, Commitment]:
    entry = current_site().services.explorer.views.view(number, visitor().person).stored.entry
    if entry is None:
        raise NotYoursError
    found = next((one for one in commitments_in(entry.event) if one.name == name), None)
    if found is None:
        raise NothingToOpenError([one.name for one in commitments_in(entry.event)])
    return entry, found


def _shown(opening: Opening) -> str | None:
    """Return the value as people read it, None where it is too long for a page."""
    value = opening.value
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else None
