"""Trying a referral, checking it, and sending it: what is judged is what is shown."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, request

from broker.domain.concerns.concerns import ConcernStage
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.times import uk_time
from broker.intake.submissions import submission_of
from broker.web import access
from broker.web.journeys.answers import Answered
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.journeys.check_page import check_page, page_of_place, try_page
from broker.web.journeys.pages.checking import LEAD_ANSWER
from broker.web.menu import WRITERS
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.drafts import own_draft
from broker.web.views.hiding import hidden
from broker.web.writing.drafts import OpenDraft
from broker.web.writing.judged import Judged, judged, packs_to_somebody
from keys import CaseId

sending = Blueprint("sending", __name__)

_EVENING = 17
_QUESTIONS = frozenset({JourneyKind.REQUEST, JourneyKind.ANSWER})
"""Journeys that are looked at and sent on pages of their own."""


@sending.get("/r/<draft>/try")
@access.requires(*WRITERS)
def try_it(draft: str) -> Response:
    """Show what would come of a referral if it were sent now; nothing is kept."""
    opened = own_draft(draft)
    if opened.journey.circumstances.kind in _QUESTIONS:
        return see_other(f"/requests/drafts/{draft}")
    if opened.journey.circumstances.kind is JourneyKind.COLLEAGUE:
        return see_other(opened.base)  # whom it is shared with, the lead says
    drafts = packs_to_somebody(opened)
    known = opened.journey.circumstances
    try:
        found = [judged(opened, one) for one in drafts]
    except FaultyDocumentError as error:
        return _cannot_be_judged(opened, error, title="If you sent it now")
    shown = [
        try_page(opened.answers, known, one.draft, one.judgement, evening=_is_evening(opened))
        for one in found
    ]
    return show(
        "journey/try.html",
        title="If you sent it now",
        shown=shown,
        base=opened.base,
        back=opened.base,
    )


@sending.get("/r/<draft>/check")
@sending.get("/r/<draft>/now-check")
@access.requires(*WRITERS)
def check(draft: str) -> Response:
    """Show everything that goes, that stays, and that is theirs to do, before it is sent."""
    opened = own_draft(draft)
    if opened.journey.circumstances.kind in _QUESTIONS:
        return see_other(f"/requests/drafts/{draft}")
    if not opened.journey.circumstances.completes_here:
        return see_other(f"{opened.base}/{LEAD_ANSWER}")
    return _check_page(opened)


@sending.post("/r/<draft>/check")
@sending.post("/r/<draft>/now-check")
@access.requires(*WRITERS)
def send(draft: str) -> Response:
    """Send what was checked; the same draft is never sent twice."""
    if request.form.get("_action") == "hide":
        return hidden()
    opened = own_draft(draft)
    if request.form.get("_action") == "save":
        return see_other(opened.base)
    if _waits_for_a_word(opened):
        return see_other(f"{opened.base}/{LEAD_ANSWER}")
    is_question = opened.journey.circumstances.kind in _QUESTIONS
    if is_question or opened.journey.still_to_answer(opened.answers):
        return check(draft) if is_question else _check_page(opened)
    try:
        references: list[str] = []
        for number, one in enumerate(opened.journey.packs_of(opened.answers)):
            case = _case_of(opened, references)
            references.append(_sent(opened, judged(opened, one), number, case))
    except FaultyDocumentError as error:
        return _cannot_be_judged(opened, error, title="Check before you send")
    opened.services.concerns.asking.sent(opened.person, opened.draft.row.id)
    return see_other(f"/referrals/{references[0]}/sent")


def _waits_for_a_word(opened: OpenDraft) -> bool:
    """Say whether their lead sends it, or was asked first and has not said yes."""
    known = opened.journey.circumstances
    if opened.asked is None or not known.completes_here:
        return not known.completes_here
    is_asked_first = Answered(opened.answers, known).purpose in known.check_purposes
    return is_asked_first and opened.asked.concern.stage is not ConcernStage.SHARING


def _case_of(opened: OpenDraft, sent: list[str]) -> CaseId | None:
    """Return the case of what was sent from this draft already: what goes to two is one case."""
    if not sent:
        return None
    return opened.services.cases.show(opened.person, sent[0]).case.id


def _sent(opened: OpenDraft, one: Judged, number: int, case: CaseId | None) -> str:
    services, row = opened.services, opened.draft.row
    pack = one.pack if case is None else replace(one.pack, case=case)
    files = {note.name: opened.files[note.name] for note in one.pack.attachments}
    submission = submission_of(
        pack,
        files,
        f"draft-{row.id}-{row.version}-{number}",
        services.idempotency,
        services.sandbox.inspect,
    )
    return str(services.disclosures.accept(submission, opened.person).reference)


def _check_page(opened: OpenDraft) -> Response:
    known, answers = opened.journey.circumstances, opened.answers
    missing = opened.journey.still_to_answer(answers)
    here = opened.journey.pages(answers)[-1]
    drafts = packs_to_somebody(opened)
    try:
        found = [judged(opened, one) for one in drafts]
    except FaultyDocumentError as error:
        return _cannot_be_judged(opened, error, title=here.title)
    evening = _is_evening(opened)
    shown = [
        check_page(answers, known, one.draft, one.judgement, evening=evening) for one in found
    ]
    return show(
        "journey/check.html",
        title=here.title,
        page=here,
        shown=shown,
        goes=any(one.they_read for one in shown) and not any(one.to_choose for one in shown),
        missing=missing,
        base=opened.base,
        back=opened.base,
        is_emergency=known.kind is JourneyKind.EMERGENCY,
        form_id="page",
        go_on=here.go_on,
        problems=[],
    )


def _cannot_be_judged(opened: OpenDraft, error: FaultyDocumentError, *, title: str) -> Response:
    """Show what must be put right before anything can be said, each with its page."""
    answered = Answered(opened.answers, opened.journey.circumstances)
    faults: Mapping[Fault, str] = {
        fault: page_of_place(fault.place, answered) for fault in error.faults
    }
    missing = opened.journey.still_to_answer(opened.answers)
    items = [{"page": page, "text": fault.problem} for fault, page in faults.items()]
    return show(
        "journey/not_yet.html",
        title=title,
        items=items,
        missing=missing,
        base=opened.base,
        back=opened.base,
    )


def _is_evening(opened: OpenDraft) -> bool:
    return uk_time(opened.services.clock()).hour >= _EVENING
