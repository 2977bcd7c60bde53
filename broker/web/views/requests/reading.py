"""The inbox, and the page of one copy: who asks what, and what there is to do."""

from flask import Response

from broker.domain.cases.cases import UnknownCaseError
from broker.domain.errors import WrongStateError
from broker.domain.form import as_read, label_of
from broker.domain.model import Person
from broker.domain.partner_requests.copies import (
    LATE_IN_WORDS,
    Copy,
    CopyState,
)
from broker.ledger.readings import Entrance
from broker.partner_requests.standing import ANSWERERS, ASKERS, is_asked_by, may_answer
from broker.web import access
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.requests.blueprint import (
    EITHER,
    address_of,
    copy_name,
    partner_requests,
    person,
    requests,
)
from broker.web.views.requests.words import REASONS, stands


@requests.get("/requests")
@access.requires(*EITHER)
def index() -> Response:
    """List what waits for the body, the first due first, and what the body asked."""
    views, who = partner_requests().views, person()
    return show(
        "requests/index.html",
        title="Requests",
        to_answer=views.inbox(who) if who.role in ANSWERERS else (),
        answered=views.answered(who) if who.role in ANSWERERS else (),
        asked=views.put_by_us(who) if who.role in ASKERS else (),
        asks=who.role in ASKERS,
        late=LATE_IN_WORDS,
        stands=stands,
        address=address_of,
        wide=True,
    )


@requests.get("/requests/<reference>/<int:number>")
@access.requires(*EITHER)
def copy(reference: str, number: int) -> Response:
    """Show one copy; that its words are read is recorded before."""
    name, who = copy_name(reference, number), person()
    content = partner_requests().views.content(name, who, Entrance.PAGE)
    found = content.line.copy
    return show(
        "requests/copy.html",
        title=f"Request {name}",
        content=content,
        copy=found,
        label=label_of,
        as_read=as_read,
        reasons=REASONS,
        late=LATE_IN_WORDS,
        stands=stands(content.line),
        base=address_of(name),
        is_asker=is_asked_by(found, who),
        may_answer=may_answer(found, who) and found.waits,
        may_withdraw=is_asked_by(found, who)
        and (found.waits or found.state is CopyState.RETURNED),
        may_confirm=is_asked_by(found, who) and found.state is CopyState.ANSWERED,
        may_grant=found.set_by == who.id and found.waits and found.wanted_until is not None,
        is_in_time=content.line.today <= found.due_on,
        is_mine=found.owner == who.id,
        asks_on=_asks_on(found, who),
        back="/requests",
    )


def _asks_on(found: Copy, who: Person) -> str | None:
    """Return the address where whoever asked asks others on the same case, None for others."""
    if not is_asked_by(found, who):
        return None
    try:
        current_site().services.cases.worked_on(who, str(found.disclosure))
    except (UnknownCaseError, WrongStateError):
        return None
    return f"/requests/new?on={found.disclosure}"
