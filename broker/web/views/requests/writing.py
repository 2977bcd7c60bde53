"""Making a request and answering one: a draft of either, its last look, and sending it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, request
from werkzeug.exceptions import NotFound

from broker.cases.register import CaseWorkedOn
from broker.disclosures.step_keys import key_of_step
from broker.disclosures.what_goes import WhatGoes
from broker.domain.concerns.drafts import DraftId, DraftText
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.form import as_read, label_of
from broker.domain.partner_requests.answers import OtherPersonError
from broker.domain.partner_requests.copies import CopyName
from broker.domain.questions.asked import Ask
from broker.domain.times import uk_day
from broker.intake.request_documents import read_answer, read_request
from broker.ledger.readings import Entrance
from broker.partner_requests.refusals import CannotGoError
from broker.partner_requests.standing import ANSWERERS, ASKERS
from broker.web import access
from broker.web.journeys.answers import Answered, Value
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.drafts import own_draft
from broker.web.views.hiding import hidden
from broker.web.views.requests.blueprint import (
    EITHER,
    address_of,
    copy_name,
    partner_requests,
    person,
    requests,
)
from broker.web.writing.drafts import FORMS, OpenDraft
from broker.web.writing.question_documents import (
    BEGUN,
    answer_document,
    case_asked_on,
    page_of_fault,
    purpose_asked_for,
    request_document,
)

_ANSWERS, _ASKS = tuple(sorted(ANSWERERS)), tuple(sorted(ASKERS))


@requests.get("/requests/new")
@access.requires(*_ASKS)
def new_page() -> Response:
    """Say what asking a partner means, and on which case, before anything is kept."""
    return show(
        "requests/new.html", title="Ask other bodies", case=_case_of_link(), back="/requests"
    )


@requests.post("/requests/new")
@access.requires(*_ASKS)
def begin_request() -> Response:
    """Begin the draft of a request, on the case of the link that led here if one did."""
    case = _case_of_link()
    said: dict[str, Value] = {} if case is None else {"case": case.id}
    return see_other(f"{_begun(JourneyKind.REQUEST, {BEGUN: said})}/whom")


@requests.post("/requests/<reference>/<int:number>/answer")
@access.requires(*_ANSWERS)
def begin_answer(reference: str, number: int) -> Response:
    """Take a copy in hand and begin the draft of its answer."""
    name = copy_name(reference, number)
    partner_requests().answering.take(name, person())
    content = partner_requests().views.content(name, person(), Entrance.PAGE)
    asked: dict[str, Mapping[str, Value]] = {
        "asked": {"copy": str(name), "fields": [ask.field for ask in content.asks]},
        **{f"asked/{ask.field}": {"sentence": ask.sentence} for ask in content.asks},
    }
    return see_other(f"{_begun(JourneyKind.ANSWER, asked)}/hold")


@requests.get("/requests/drafts/<draft>")
@access.requires(*EITHER)
def check(draft: str) -> Response:
    """Show what goes and what stays, before anything is asked or answered."""
    return _last_look(_opened(draft))


@requests.post("/requests/drafts/<draft>")
@access.requires(*EITHER)
def send(draft: str) -> Response:
    """Ask, or answer, what was looked at; the same draft is never sent twice."""
    action = request.form.get("_action")
    if action == "hide":
        return hidden()
    opened = _opened(draft)
    if action == "save":
        return see_other(opened.base)
    if opened.journey.still_to_answer(opened.answers):
        return _last_look(opened)
    try:
        receipt = _issued(opened) if _is_request(opened) else _answered(opened)
    except (FaultyDocumentError, CannotGoError) as error:
        return _not_yet(opened, error.faults)
    except OtherPersonError as error:
        return _last_look(opened, other=str(error))
    opened.services.concerns.drafts.delete(opened.person, DraftId(draft))
    return see_other(receipt)


@requests.get("/requests/<reference>/sent")
@access.requires(*_ASKS)
def sent(reference: str) -> Response:
    """Say that a request was issued, and what comes next."""
    lines = partner_requests().views.request(copy_name(reference, 1).request, person())
    return show(
        "requests/sent.html",
        title="Asked",
        lines=lines,
        address=address_of,
        back="/requests",
    )


@requests.get("/requests/<reference>/<int:number>/answered")
@access.requires(*_ANSWERS)
def answered(reference: str, number: int) -> Response:
    """Say that a request was answered, and what is theirs to do."""
    name = copy_name(reference, number)
    lines = partner_requests().views.request(name.request, person())
    line = next((one for one in lines if one.copy.name == name), None)
    if line is None:
        raise NotFound
    return show(
        "requests/answered.html", title="Answered", line=line, copy=line.copy, back="/requests"
    )


def _case_of_link() -> CaseWorkedOn | None:
    """Return the case that the link to this page names by a reference, None where it names none.

    Raises `UnknownCaseError` for whoever is no member of it, `WrongStateError` once it is closed.
    """
    named = request.args.get("on")
    return None if named is None else current_site().services.cases.worked_on(person(), named)


def _begun(kind: JourneyKind, answers: Mapping[str, Mapping[str, Value]]) -> str:
    services = current_site().services
    text = DraftText(answers={page: dict(said) for page, said in answers.items()})
    draft = services.concerns.drafts.begin(person(), FORMS[kind], text)
    return f"/r/{draft.row.id}"


def _opened(draft: str) -> OpenDraft:
    opened = own_draft(draft)
    if opened.journey.circumstances.kind not in {JourneyKind.REQUEST, JourneyKind.ANSWER}:
        raise NotFound
    return opened


def _is_request(opened: OpenDraft) -> bool:
    return opened.journey.circumstances.kind is JourneyKind.REQUEST


def _document(opened: OpenDraft) -> bytes:
    known = opened.journey.circumstances
    if _is_request(opened):
        purpose = purpose_asked_for(opened.answers, known)
        answer_to = partner_requests().offers.answer_to(opened.person, purpose) or ""
        document = request_document(opened.answers, known, answer_to)
    else:
        rung = request.form.get("rung") == "yes"
        document = answer_document(opened.answers, known, rung=rung)
    return json.dumps(document, ensure_ascii=False).encode()


def _copy(opened: OpenDraft) -> CopyName:
    known = opened.journey.circumstances
    return CopyName.read(Answered(opened.answers, known).text("asked", "copy"))


def _issued(opened: OpenDraft) -> str:
    services, row = opened.services, opened.draft.row
    content = _document(opened)
    key = key_of_step(
        services.idempotency, f"draft-{row.id}-{row.version}", "request", content.hex()
    )
    vocabulary = services.rulebooks.in_force().vocabulary
    wanted = read_request(content, vocabulary, uk_day(services.clock()))
    reference = services.partner_requests.asking.issue(wanted, opened.person, key)
    return f"/requests/{reference}/sent"


def _answered(opened: OpenDraft) -> str:
    services = opened.services
    vocabulary = services.rulebooks.in_force().vocabulary
    given = read_answer(_document(opened), vocabulary, uk_day(services.clock())).given
    name = _copy(opened)
    services.partner_requests.answering.answer(name, opened.person, given)
    return f"{address_of(name)}/answered"


def _last_look(opened: OpenDraft, *, other: str = "") -> Response:
    missing = opened.journey.still_to_answer(opened.answers)
    try:
        shown = [] if missing else _judged(opened)
    except (FaultyDocumentError, CannotGoError) as error:
        return _not_yet(opened, error.faults)
    except OtherPersonError as error:
        shown, other = [], str(error)
    is_request = _is_request(opened)
    case = case_asked_on(opened.answers, opened.journey.circumstances)
    return show(
        "requests/check.html",
        title="Check before you ask" if is_request else "Check before you answer",
        shown=shown,
        missing=missing,
        other=other,
        is_request=is_request,
        case=opened.services.cases.worked_on(opened.person, case) if case else None,
        label=label_of,
        as_read=as_read,
        base=opened.base,
        back=opened.base,
        form_id="page",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one reader would read: whom it goes to, the texts by field, what goes and what stays.

    `what` is None where nothing is shared; `asks` are the questions that a body gets.
    """

    reader: str
    what: WhatGoes | None
    texts: Mapping[str, str]
    asks: tuple[Ask, ...] = ()


def _judged(opened: OpenDraft) -> list[_Read]:
    """Return what each body would read, or whoever asked."""
    services = opened.services
    vocabulary = services.rulebooks.in_force().vocabulary
    content, today = _document(opened), uk_day(services.clock())
    if not _is_request(opened):
        given = read_answer(content, vocabulary, today).given
        answering = services.partner_requests.answering
        what = answering.preview(_copy(opened), opened.person, given)
        shared = {one.field: one.text() for one in given.shared}
        return [_Read(reader="they", what=what, texts={**given.person, **shared})]
    wanted = read_request(content, vocabulary, today)
    judged = services.partner_requests.asking.preview(wanted, opened.person)
    contacts = opened.journey.circumstances.contacts
    titles = {one.mailbox: f"{one.title}, {one.body}" for one in contacts}
    return [
        _Read(
            reader=titles.get(body.mailbox, body.mailbox),
            what=WhatGoes.of(judgement.document(), judgement.asked.pack),
            texts=wanted.pack.form,
            asks=body.asks,
        )
        for body, judgement in zip(wanted.bodies, judged, strict=True)
    ]


def _not_yet(opened: OpenDraft, faults: Sequence[Fault]) -> Response:
    """Show what must be put right, each with its page."""
    known = opened.journey.circumstances
    found = Answered(opened.answers, known)
    items = [
        {"page": page_of_fault(fault.place, found), "text": fault.problem} for fault in faults
    ]
    return show(
        "requests/not_yet.html",
        title="This cannot be asked yet" if _is_request(opened) else "This cannot be answered yet",
        items=items,
        base=opened.base,
        back=opened.base,
    )
