"""A contact is tried: send it a test letter, read out its words, say whether it opened."""

from flask import Blueprint, Response, request

from broker.domain.errors import DeliveryError, WrongStateError
from broker.domain.model import MailboxId
from broker.domain.trials.letters import FILTERS, PROGRAMMES, Filter, Programme, TrialEnd
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.problems import Problem
from broker.web.menu import KEEPERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor

trying = Blueprint("trying", __name__)


@trying.get("/directory/contacts/<name>/try")
@access.requires(*KEEPERS)
def try_page(name: str) -> Response:
    """Show the newest test letter with its words, and ask whether it opened."""
    return _page(MailboxId(name), [])


@trying.post("/directory/contacts/<name>/try")
@access.requires(*KEEPERS)
def try_it(name: str) -> Response:
    """Send a test letter, or record what became of the one that was sent."""
    mailbox = MailboxId(name)
    problems = _sent(mailbox) if request.form.get("_action") == "send" else _ended(mailbox)
    if problems:
        return _page(mailbox, problems)
    return see_other(f"/directory/contacts/{name}/try")


def _sent(mailbox: MailboxId) -> list[Problem]:
    try:
        current_site().services.trying.send(mailbox, visitor().person)
    except DeliveryError:
        message = "It could not be handed over. Look at the address, and try again"
        return [Problem(field="send", message=message)]
    except WrongStateError as error:
        return [Problem(field="send", message=str(error))]
    return []


def _ended(mailbox: MailboxId) -> list[Problem]:
    form, trying_, person = request.form, current_site().services.trying, visitor().person.id
    filters = frozenset(map(Filter, set(form.getlist("filters")) & set(Filter)))
    end, programme = form.get("end", ""), form.get("programme", "")
    if end == TrialEnd.FAILED:
        trying_.failed(mailbox, filters, person)
        return []
    if end != TrialEnd.OPENED:
        return [Problem(field="end", message="Select whether it opened")]
    if programme not in set(Programme):
        return [Problem(field="programme", message="Select in what it opened")]
    trying_.opened(mailbox, Programme(programme), filters, person)
    return []


def _page(mailbox: MailboxId, problems: list[Problem]) -> Response:
    services, form = current_site().services, request.form
    shown = services.keeping.contacts.contact(mailbox, visitor().person)
    letter = services.trying.letter(mailbox)
    ends = {TrialEnd.OPENED.value: "It opened", TrialEnd.FAILED.value: "It did not"}
    return show(
        "directory/try.html",
        title="Try this contact",
        contact=shown.contact,
        letter=letter,
        trial=letter.trial if letter else None,
        is_current=letter is not None and letter.trial.version == shown.contact.version,
        programmes=PROGRAMMES,
        filters=FILTERS,
        ends=radio_items(ends, form.get("end", "")),
        programme_items=radio_items(PROGRAMMES, form.get("programme", "")),
        filter_items=radio_items(FILTERS, *form.getlist("filters")),
        problems=problems,
        back=f"/directory/contacts/{mailbox}",
    )
