"""The record: how it stands, its entries page by page, one entry, and how to check it alone."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from audit.errors import LedgerError
from audit.format.notes.trust_policy import policy_of
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.ledger.explorer.listing import Page, moment_in
from broker.ledger.explorer.one_entry import EntryView, words_of
from broker.ledger.explorer.reader import Stored
from broker.ledger.explorer.standing import BLOCKED, Standing, State
from broker.ledger.shares import SCOPES
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.downloads import as_file
from broker.web.views.record import asked as asking
from broker.web.views.record.words import in_words
from broker.web.visitors import visitor

record = Blueprint("record", __name__)

READERS = tuple(SCOPES)
"""Whoever reads anything of the ledger."""

_NOTHING = Page(entries=(), older=None, looked_to=None, size=None)


@record.get("/ledger")
@access.requires(*READERS)
def index() -> Response:
    """Show how the record stands, and a page of the entries that are the reader's."""
    explorer, person = current_site().services.explorer, visitor().person
    standing, asked = explorer.standings.now(), asking.read(request.args)
    jump = request.args.get("number", "").strip()
    if jump and not asked.problems:
        return _jump(jump, standing)
    if asked.problems:
        return _shown(standing, asked, _NOTHING, asked.problems)
    try:
        page = explorer.pages.page(person, asked.wanted, asked.before)
    except LedgerError:
        page = None
    return _shown(standing, asked, page)


@record.post("/ledger/check")
@access.requires(*READERS)
def check() -> Response:
    """Have all of the record verified now."""
    current_site().services.explorer.standings.ask(visitor().person.id)
    return see_other("/ledger")


@record.get("/ledger/<int:number>")
@access.requires(*READERS)
def entry(number: int) -> Response:
    """Show one entry in words and as bytes."""
    explorer, person = current_site().services.explorer, visitor().person
    view = explorer.views.view(number, person)
    standing = explorer.standings.now()
    return show(
        "record/entry.html",
        title=f"Entry {number}",
        view=view,
        said=[(label, in_words(name, value)) for name, label, value in view.said],
        standing=standing,
        is_doubtful=is_doubtful(number, standing) or not view.is_as_written,
        reads_all=current_site().services.log.reads_everything(person),
        opens=_may_open(person, view),
        back="/ledger",
    )


@record.get("/ledger/<int:number>/receipt")
@access.requires(*READERS)
def receipt(number: int) -> Response:
    """Give the receipt of an entry as a file that anybody can check."""
    given = current_site().services.log.receipt(number, visitor().person)
    return as_file(given, f"entry-{number}.tlog-proof", "text/plain")


@record.get("/ledger/policy")
@access.requires(*READERS)
def policy() -> Response:
    """Give the file that says whose signatures count here; whoever checks compares its key."""
    return as_file(_policy().encode(), "policy", "text/plain")


@record.get("/ledger/check-yourself")
@access.requires(*READERS)
def check_yourself() -> Response:
    """Say how anybody checks the record without this service."""
    return show(
        "record/check_yourself.html",
        title="Check this without us",
        # A key that cannot be read is said in words.
        policy=_policy() if current_site().services.explorer.standings.now().published else "",
        reads_all=current_site().services.log.reads_everything(visitor().person),
        back="/ledger",
    )


def _policy() -> str:
    store = current_site().services.checkpoints.store
    return policy_of((store.key, *store.former))


def _may_open(person: Person, view: EntryView) -> bool:
    """Say whether a link to opening helps: it asks again, of the case itself."""
    return view.stored.entry is not None and person.role in {*WRITERS, Role.GUARDIAN}


def is_doubtful(number: int, standing: Standing) -> bool:
    """Say whether nothing may rest on an entry, as far as is known."""
    if standing.state in {State.WHOLE, State.CHECKING, State.NEVER}:
        return False
    first = standing.first_bad
    return first is None or number >= first


def _jump(typed: str, standing: Standing) -> Response:
    number, last = asking.number_in(typed), _last_number()
    if number is not None and 0 <= number <= last:
        return see_other(f"/ledger/{number}")
    message = f"Enter an entry number between 0 and {last}"
    return _shown(standing, asking.read({}), _NOTHING, [Problem(field="number", message=message)])


def _last_number() -> int:
    return current_site().services.explorer.pages.size() - 1


def _shown(
    standing: Standing, asked: asking.Asked, page: Page | None, problems: Sequence[Problem] = ()
) -> Response:
    """Show the record; without a page, nothing says reliably whose its entries are."""
    person = visitor().person
    reads_all = current_site().services.log.reads_everything(person)
    return show(
        "record/index.html",
        title="The record",
        problems=problems,
        standing=standing,
        blocked=BLOCKED,
        rows=[_row(found, standing) for found in (page or _NOTHING).entries],
        page=page or _NOTHING,
        is_readable=page is not None,
        asked=asked,
        number=request.args.get("number", ""),
        kinds=[*asking.kinds()],
        acts=asking.ACTS,
        bodies=_bodies() if reads_all else (),
        reads_all=reads_all,
        wide=True,
    )


def _row(found: Stored, standing: Standing) -> dict[str, object]:
    return {
        "seq": found.seq,
        "at": moment_in(found),
        "what": "It is no entry any more" if found.entry is None else words_of(found.entry.type),
        "reference": found.event.get("ref", ""),
        "who": found.event.get("by", ""),
        "is_doubtful": found.entry is None or is_doubtful(found.seq, standing),
    }


def _bodies() -> tuple[tuple[str, str], ...]:
    try:
        agencies = current_site().services.directory.entries().agencies
    except LedgerError:
        return ()
    return tuple(sorted(((one.id, one.name) for one in agencies), key=lambda pair: pair[1]))
