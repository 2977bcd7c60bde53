"""A Guardian decides: verdict, what stays, the public interest, reasons; then what would go."""

from http import HTTPStatus

from flask import Response, request

from broker.domain.errors import FaultyDocumentError, WrongStateError
from broker.domain.form import label_of
from broker.guardian.answer import VERDICTS_IN_WORDS
from broker.guardian.before_opening import newest_review
from broker.guardian.referral import Outline
from broker.guardian.views import reviewed_document
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.menu import GUARDIANS
from broker.web.reviewing.notes import Notes
from broker.web.reviewing.pages import (
    REASONS,
    REDUCED,
    REFUSE,
    decide_page,
    leave_out_page,
    public_interest_page,
)
from broker.web.site import see_other
from broker.web.titles import GUARDIAN_STANDS, title_of
from broker.web.views.answers import show
from broker.web.views.hiding import hidden
from broker.web.views.reviews.blueprint import (
    guardian,
    name_of,
    opened,
    reviews,
    services,
    with_notes,
)
from broker.web.views.reviews.steps import action_of, show_step, take_step
from broker.web.views.step_up import spend_code


@reviews.route("/reviews/<reference>/decide", methods=["GET", "POST"])
@access.requires(*GUARDIANS)
@with_notes
def decide(notes: Notes) -> Response:
    """Ask for the decision; what only an answer settles offers no approval."""
    page = decide_page(_outline(notes).questions)
    if request.method == "GET":
        return show_step(notes, page)
    return take_step(notes, page, _go_on)


@reviews.route("/reviews/<reference>/leave-out", methods=["GET", "POST"])
@access.requires(*GUARDIANS)
@with_notes
def leave_out(notes: Notes) -> Response:
    """Ask which fields stay here."""
    page = leave_out_page(_outline(notes).could_go)
    if request.method == "GET":
        return show_step(notes, page, back=f"{notes.base}/decide")
    return take_step(notes, page, _go_on)


@reviews.route("/reviews/<reference>/public-interest", methods=["GET", "POST"])
@access.requires(*GUARDIANS)
@with_notes
def public_interest(notes: Notes) -> Response:
    """Ask for the nine parts of the public interest."""
    _must_wait(notes)
    page = public_interest_page(f"{name_of(guardian().id)}, {title_of(guardian().role)}")
    if request.method == "GET":
        return show_step(notes, page, back=f"{notes.base}/decide")
    return take_step(notes, page, _go_on)


@reviews.route("/reviews/<reference>/reasons", methods=["GET", "POST"])
@access.requires(*GUARDIANS)
@with_notes
def reasons(notes: Notes) -> Response:
    """Ask for reasons and principles."""
    _must_wait(notes)
    if request.method == "GET":
        return show_step(notes, REASONS, back=f"{notes.base}/decide")
    return take_step(notes, REASONS, _go_on)


@reviews.get("/reviews/<reference>/final")
@access.requires(*GUARDIANS)
@with_notes
def final(notes: Notes) -> Response:
    """Show what the decision would lead to, exactly as the recipient would see it."""
    lacking = _lacking(notes, _outline(notes))
    if lacking:
        return see_other(f"{notes.base}/{lacking}")
    try:
        standing, printed = services().advising.printing.foreseen(
            notes.reference, guardian(), notes.answer(), Entrance.PAGE
        )
    except FaultyDocumentError:
        # What could be left out has changed since it was ticked.
        return see_other(f"{notes.base}/leave-out")
    return show(
        "reviews/final.html",
        title="Before it is final",
        told=reviewed_document(standing, None, kept=False),
        verdict=notes.text("decide", "verdict"),
        verdicts=VERDICTS_IN_WORDS,
        reason=notes.text("reasons", "reason"),
        label=label_of,
        what=standing.what,
        seen=standing.what.seen,
        goes_nowhere=standing.parts is None,
        pages=0 if printed is None else len(printed.pages),
        base=notes.base,
        back=f"{notes.base}/reasons",
        form_id="page",
        go_on="Record my decision",
        wide=True,
    )


@reviews.post("/reviews/<reference>/final")
@access.requires(*GUARDIANS)
def decide_finally(reference: str) -> Response:
    """Record the decision for exactly what was shown; it takes a code of this moment."""
    if (action := action_of()) != "continue":
        return hidden() if action == "hide" else see_other("/reviews")
    notes = opened(reference)
    if isinstance(notes, Response):
        return notes
    outline = _outline_or_none(notes)
    if outline is None:
        return _decided_before(notes)
    if lacking := _lacking(notes, outline):
        return see_other(f"{notes.base}/{lacking}")
    return _decide_now(notes)


def _decide_now(notes: Notes) -> Response:
    final = f"{notes.base}/final"
    if (to_code := spend_code(final, back=final)) is not None:
        return to_code
    answer = notes.answer(seen=request.form.get("seen", ""))
    try:
        services().referrals.decide(notes.reference, guardian(), answer)
    except WrongStateError as error:
        return _meanwhile(notes, str(error))
    notes.forget()
    services().advising.printing.forget(notes.reference, guardian())
    return see_other(f"{notes.base}/decided")


def _decided_before(notes: Notes) -> Response:
    """Lead to what was recorded where they pressed twice; else say who decided meanwhile."""
    newest = newest_review(services().transaction, notes.reference, guardian())
    if newest is not None and newest.by == guardian().id:
        return see_other(f"{notes.base}/decided")
    return _meanwhile(notes, "Nothing in it waits for a Guardian any more.")


@reviews.get("/reviews/<reference>/decided")
@access.requires(*GUARDIANS)
@with_notes
def decided(notes: Notes) -> Response:
    """Say what was recorded, and what happens next."""
    standing = services().referrals.standing(notes.reference, guardian(), Entrance.PAGE)
    return show(
        "reviews/decided.html",
        title="Recorded",
        told=reviewed_document(
            standing, services().receipts.newest_about(notes.reference), kept=True
        ),
        stands=GUARDIAN_STANDS[standing.disclosure.state],
        what=standing.what,
        label=label_of,
        reference=notes.reference,
        base=notes.base,
        back="/reviews",
    )


def _outline(notes: Notes) -> Outline:
    return services().referrals.outline(notes.reference, guardian())


def _must_wait(notes: Notes) -> None:
    """Return if something in it still waits for a decision, else raise `WrongStateError`."""
    _outline(notes)


def _outline_or_none(notes: Notes) -> Outline | None:
    """Return what may still be decided, None where it was decided meanwhile."""
    try:
        return _outline(notes)
    except WrongStateError:
        return None


def _go_on(notes: Notes) -> Response:
    lacking = _lacking(notes, _outline_or_none(notes))
    return see_other(f"{notes.base}/{lacking or 'final'}")


def _lacking(notes: Notes, outline: Outline | None) -> str:
    """Return the first page that is still to be answered, empty where none is."""
    verdict = notes.text("decide", "verdict")
    if not verdict:
        return "decide"
    if outline is not None and outline.questions and verdict != REFUSE:
        return "decide"
    if verdict == REFUSE and outline is not None and outline.unread:
        return "earlier"
    if verdict == REDUCED and not notes.chosen("leave-out", "fields"):
        return "leave-out"
    weighs = outline is not None and outline.against_a_no and verdict != REFUSE
    if weighs and not notes.answers("public-interest"):
        return "public-interest"
    return "" if notes.answers("reasons") else "reasons"


def _meanwhile(notes: Notes, why: str) -> Response:
    """Say that somebody else decided, or that other things would go by now; nothing was done."""
    newest = newest_review(services().transaction, notes.reference, guardian())
    response = show(
        "reviews/meanwhile.html",
        title="Something changed meanwhile",
        why=why,
        review=newest,
        by=None if newest is None else name_of(newest.by),
        base=notes.base,
        back="/reviews",
    )
    response.status_code = HTTPStatus.CONFLICT
    return response
