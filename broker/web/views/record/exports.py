"""The record as a file: a table, the entries as they were hashed, or the folder that verifies."""

from typing import Final

from flask import Blueprint, Response, request

from broker.ledger.explorer.archive import archive_of
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.downloads import as_file
from broker.web.views.record import asked as asking
from broker.web.views.record.ledger import READERS
from broker.web.visitors import visitor

record_exports = Blueprint("record_exports", __name__)

_FORMS: Final = frozenset({"csv", "json"})
_NEEDED: Final = {
    False: "Select what you want it as",
    True: "Go back and say again which entries you want, or export all of them",
}
"""What is wrong with what was sent, by whether a form was chosen."""


@record_exports.get("/ledger/export")
@access.requires(*READERS)
def export_page() -> Response:
    """Ask in which form the record is wanted."""
    return _page(asking.read(request.args))


@record_exports.post("/ledger/export")
@access.requires(*READERS)
def export() -> Response:
    """Give the record as a file; who is given it is recorded first."""
    asked, form = asking.read(request.form), request.form.get("form", "")
    tables, person = current_site().services.explorer.tables, visitor().person
    match form:
        case "csv" if not asked.problems:
            lines = tables.as_csv(person, asked.wanted, Entrance.PAGE)
            return as_file(lines, "record.csv", "text/csv; charset=utf-8")
        case "json" if not asked.problems:
            pieces = tables.as_json(person, asked.wanted, Entrance.PAGE)
            return as_file(pieces, "record.json", "application/json")
        case "folder":
            files = tables.as_folder(person, Entrance.PAGE)
            return as_file(archive_of(files), "record.zip", "application/zip")
        case _:
            return _page(asking.read({}), [Problem(field="form", message=_NEEDED[form in _FORMS])])


def _page(asked: asking.Asked, problems: list[Problem] | None = None) -> Response:
    reads_all = current_site().services.log.reads_everything(visitor().person)
    back = f"/ledger?{asked.query}" if asked.query else "/ledger"
    return show(
        "record/export.html",
        title="Export the record",
        asked=asked,
        reads_all=reads_all,
        size=current_site().services.explorer.pages.size() if reads_all else None,
        problems=problems or [],
        back=back,
    )
