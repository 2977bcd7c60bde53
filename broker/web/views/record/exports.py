"""The record as a file: a table, the entries as they were hashed, or the folder that verifies.

It is given after a code of this moment. What it was narrowed to outlives the page for the code in
the address, in which stands nothing that somebody only typed.
"""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from broker.ledger.explorer.archive import archive_of
from broker.ledger.explorer.filters import Wanted
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.downloads import as_file
from broker.web.views.record import asked as asking
from broker.web.views.record.ledger import READERS
from broker.web.views.step_up import code_first, spend_code
from broker.web.visitors import visitor

record_exports = Blueprint("record_exports", __name__)

_FORMS: Final = frozenset({"csv", "json", "folder"})
_NO_FORM: Final = "Select what you want it as"
_NOT_READ: Final = "Go back and say again which entries you want, or export all of them"


@record_exports.get("/ledger/export")
@access.requires(*READERS)
def export_page() -> Response:
    """Ask in which form the record is wanted; the step-up comes first."""
    asked = asking.read(request.args)
    return code_first(_address(asked)) or _page(asked)


@record_exports.post("/ledger/export")
@access.requires(*READERS)
def export() -> Response:
    """Give the record as a file; a code is needed, and who is given it is recorded first."""
    asked, form = asking.read(request.form), request.form.get("form", "")
    if form not in _FORMS:
        return _page(asked, [Problem(field="form", message=_NO_FORM)])
    if asked.problems and form != "folder":
        return _page(asking.read({}), [Problem(field="form", message=_NOT_READ)])
    return spend_code(_address(asked, form)) or _given(asked.wanted, form)


def _given(wanted: Wanted, form: str) -> Response:
    tables, person = current_site().services.explorer.tables, visitor().person
    match form:
        case "csv":
            lines = tables.as_csv(person, wanted, Entrance.PAGE)
            return as_file(lines, "record.csv", "text/csv; charset=utf-8")
        case "json":
            pieces = tables.as_json(person, wanted, Entrance.PAGE)
            return as_file(pieces, "record.json", "application/json")
        case _:
            files = tables.as_folder(person, Entrance.PAGE)
            return as_file(archive_of(files), "record.zip", "application/zip")


def _address(asked: asking.Asked, form: str = "") -> str:
    """Return where what was asked for is asked for again, once the code has been given."""
    chosen = urlencode({"form": form}) if form else ""
    narrowed = "&".join(filter(None, (asked.query, chosen)))
    return f"/ledger/export?{narrowed}" if narrowed else "/ledger/export"


def _page(asked: asking.Asked, problems: list[Problem] | None = None) -> Response:
    reads_all = current_site().services.log.reads_everything(visitor().person)
    back = f"/ledger?{asked.query}" if asked.query else "/ledger"
    return show(
        "record/export.html",
        title="Export the record",
        asked=asked,
        chosen=request.values.get("form", ""),
        reads_all=reads_all,
        size=current_site().services.explorer.pages.size() if reads_all else None,
        problems=problems or [],
        back=back,
    )
