"""One question page of a Guardian: shown with what was written, read, kept, and gone on from."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Response, request

from broker.domain.concerns.drafts import DraftChangedError
from broker.domain.times import uk_day
from broker.web.forms.questions import fields_of, problems_of, title_is_asked_by, typed_of
from broker.web.journeys.answers import Circumstances
from broker.web.journeys.reading import Reading, read_page
from broker.web.journeys.shapes import Page
from broker.web.reviewing.notes import Notes
from broker.web.site import see_other
from broker.web.views.answers import seen_version, show
from broker.web.views.hiding import hidden
from broker.web.views.reviews.blueprint import services

_OURS = frozenset({"_csrf", "_version", "_action", "_step"})


def show_step(
    notes: Notes,
    page: Page,
    *,
    reading: Reading | None = None,
    conflict: bool = False,
    back: str = "",
) -> Response:
    """Return a page with what was answered or typed on it, and what is wrong with that."""
    kept = notes.answers(page.id)
    wrong = reading.problems if reading else ()
    stands = (
        (reading and reading.typed)
        or notes.typed(page.id)
        or typed_of(page, kept, is_answered=bool(kept))
    )
    return show(
        "reviews/step.html",
        title=page.title,
        page=page,
        fields=fields_of(page, stands, wrong),
        problems=problems_of(page, wrong),
        heading_in_field=title_is_asked_by(page) is not None,
        version=notes.version,
        conflict=conflict,
        record=services().explorer.standings.now(),
        back=back or notes.base,
        form_id="page",
        go_on=page.go_on,
    )


def take_step(notes: Notes, page: Page, following: Callable[[Notes], Response]) -> Response:
    """Keep what was sent and go on; what has faults is kept as it was typed and shown again."""
    action, reading = action_of(), read_posted(page)
    if reading.problems:
        notes.keep_typed(page.id, reading.typed)
        if action == "hide":
            return hidden()
        return show_step(_again(notes), page, reading=reading)
    try:
        kept = notes.keep(page.id, reading.answers, seen=seen_version())
    except DraftChangedError:
        notes.keep_typed(page.id, reading.typed)
        if action == "hide":
            return hidden()
        response = show_step(_again(notes), page, reading=reading, conflict=True)
        response.status_code = HTTPStatus.CONFLICT
        return response
    if action == "hide":
        return hidden()
    return see_other("/reviews") if action == "save" else following(kept)


def _again(notes: Notes) -> Notes:
    """Open the notes anew, since keeping what was typed has made a version of them."""
    return Notes.of(notes.services, notes.guardian, notes.reference)


def action_of() -> str:
    """Return which button was pressed: `continue`, `save` or `hide`."""
    return request.form.get("_action", "continue")


def read_posted(page: Page) -> Reading:
    """Read what was sent to a page."""
    known = Circumstances(today=uk_day(services().clock()))
    return read_page(page, _posted(), {}, known, to_go_on=action_of() == "continue")


def _posted() -> Mapping[str, list[str]]:
    return {name: values for name, values in request.form.lists() if name not in _OURS}
