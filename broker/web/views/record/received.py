"""Who received what in a case: bodies, days and fields, for whoever it is about and asks."""

from typing import Final

from flask import Blueprint, Response, request

from broker.disclosures.received_by import COLUMNS, ReceivedBy, received_by
from broker.domain.errors import UnknownReferenceError
from broker.domain.references import parse_any_reference
from broker.domain.roles import Role
from broker.domain.tables.spreadsheets import csv_line
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.downloads import as_file
from broker.web.views.step_up import spend_code
from broker.web.visitors import visitor

who_received = Blueprint("who_received", __name__)

ANSWERERS: Final = (Role.GUARDIAN, Role.LEAD, Role.IG)
"""Who answers somebody who asks what was done with what is about them."""


@who_received.get("/who-received")
@access.requires(*ANSWERERS)
def ask() -> Response:
    """Ask about which case; nothing is read yet."""
    return _page(found=None, typed=request.args.get("case", ""))


@who_received.post("/who-received")
@access.requires(*ANSWERERS)
def tell() -> Response:
    """Tell who received what in a case; that it is read is recorded first.

    Whoever saves it as a table gives a code of this moment.
    """
    services, name = current_site().services, request.form.get("case", "").strip()
    if not name:
        return _page(found=None, problems=[Problem(field="case", message=_NEEDED)])
    is_saved = request.form.get("as") == "csv"
    if is_saved and (led := spend_code(_address(name), back=_address(name))) is not None:
        return led
    try:
        found = received_by(services.transaction, visitor().person, name, Entrance.PAGE)
    except UnknownReferenceError:
        return _page(found=None, problems=[Problem(field="case", message=_UNKNOWN)])
    if is_saved:
        text = "".join(map(csv_line, (COLUMNS, *(one.cells() for one in found))))
        return as_file(text.encode("utf-8-sig"), "who-received.csv", "text/csv; charset=utf-8")
    return _page(found=found)


_NEEDED: Final = "Enter a reference of the case, such as PRV-7Q4K-M2XH"
_UNKNOWN: Final = "There is no such case of your organisation. Check the reference"


def _address(named: str) -> str:
    """Return where the same case is asked about again; what is no reference goes into none."""
    try:
        return f"/who-received?case={parse_any_reference(named)}"
    except UnknownReferenceError:
        return "/who-received"


def _page(
    *,
    found: tuple[ReceivedBy, ...] | None,
    typed: str | None = None,
    problems: list[Problem] | None = None,
) -> Response:
    return show(
        "record/who_received.html",
        title="Who received what in a case",
        found=found,
        typed=request.form.get("case", "") if typed is None else typed,
        problems=problems or [],
        back="/ledger" if visitor().person.role is Role.GUARDIAN else "/referrals",
    )
