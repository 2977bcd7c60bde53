"""The directory as a file: taken out, and brought in, whole or not at all."""

import json

from flask import Blueprint, Response, request

from broker.domain.errors import FaultyDocumentError
from broker.registers.exchange.lines import FIELDS, lines_of
from broker.registers.exchange.open_referral import document_of, read_services
from broker.registers.exchange.table import NEEDED, read_table, written
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import KEEPERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.downloads import as_file
from broker.web.visitors import visitor

files = Blueprint("directory_files", __name__)

_LONGEST = 4_000_000


@files.get("/directory/files")
@access.requires(*KEEPERS)
def files_page() -> Response:
    """Offer the directory as a file, and ask for one."""
    return _page([])


@files.post("/directory/files")
@access.requires(*KEEPERS)
def bring_in() -> Response:
    """Enter what a file says, or name every line that is wrong."""
    upload, services = request.files.get("file"), current_site().services
    if upload is None or not upload.filename:
        return _page([Problem(field="file", message="Select a file")])
    content, by = upload.read(_LONGEST), visitor().person
    is_table = not content.lstrip().startswith((b"{", b"["))
    try:
        lines = read_table(content) if is_table else read_services(content)
        services.keeping.files.bring_in(lines, services.rulebooks.in_force(), by.id, by.agency)
    except FaultyDocumentError as error:
        return _page(
            [Problem(field="file", message=f"{one.place} {one.problem}") for one in error.faults]
        )
    return see_other("/directory")


@files.get("/directory/contacts.csv")
@access.requires(*KEEPERS)
def as_table() -> Response:
    """Give the directory as a table."""
    lines = lines_of(current_site().services.directory.entries())
    return as_file(written(lines), "directory.csv", "text/csv; charset=utf-8")


@files.get("/directory/services.json")
@access.requires(*KEEPERS)
def as_services() -> Response:
    """Give the directory in the shape of Open Referral UK."""
    document = document_of(current_site().services.directory.entries())
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return as_file(text.encode(), "directory.json", "application/json")


def _page(problems: list[Problem]) -> Response:
    return show(
        "directory/files.html",
        title="Bring in or take out a file",
        columns=FIELDS,
        needed=NEEDED,
        back="/directory",
        problems=problems,
    )
