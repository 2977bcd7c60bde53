"""The pages of a journey: one view shows them all, one takes what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from broker.domain.concerns.drafts import DraftChangedError
from broker.domain.model import Person
from broker.web import access
from broker.web.forms.questions import fields_of, problems_of, title_is_asked_by, typed_of
from broker.web.journeys.answers import Answered, Answers, Value
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.journeys.check_page import in_plain_words
from broker.web.journeys.journey import Journey, UnknownPageError
from broker.web.journeys.reading import Posted, Reading
from broker.web.journeys.shapes import Kind, Page, Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import seen_version, show
from broker.web.views.drafts import own_draft
from broker.web.views.hiding import hidden
from broker.web.views.uploads import refused_upload, uploaded
from broker.web.visitors import visitor
from broker.web.writing.circumstances import circumstances_of
from broker.web.writing.drafts import CONTENT, OpenDraft, as_content, begin

journey = Blueprint("journey", __name__)

_OURS = frozenset({"_csrf", "_version", "_from", "_action"})
_BEGINNINGS = {
    "/referrals/new": JourneyKind.REFERRAL,
    "/now/call": JourneyKind.EMERGENCY,
    "/colleague/new": JourneyKind.COLLEAGUE,
    "/sharing/new": JourneyKind.OTHER,
}


@journey.get("/referrals/new")
@journey.get("/now/call")
@journey.get("/colleague/new")
@journey.get("/sharing/new")
@access.requires(*WRITERS)
def first_page() -> Response:
    """Show the first page of a journey; nothing is kept before it is answered."""
    fresh = _fresh()
    return _Shown(journey=fresh, page=fresh.pages({})[0]).response()


@journey.post("/referrals/new")
@journey.post("/now/call")
@journey.post("/colleague/new")
@journey.post("/sharing/new")
@access.requires(*WRITERS)
def begin_journey() -> Response:
    """Keep the answers of the first page as a new draft, and go on."""
    fresh = _fresh()
    first = fresh.pages({})[0]
    if request.form.get("_action") == "hide":
        return hidden()
    reading = fresh.read(first.id, _posted(), {})
    if reading.problems:
        return _Shown(
            journey=fresh, page=first, typed=reading.typed, wrong=reading.problems
        ).response()
    answers = {first.id: reading.answers}
    following = fresh.next_page(first.id, answers)
    if following.startswith("/"):
        return see_other(following)
    kind = fresh.circumstances.kind
    base = begin(current_site().services, visitor().person, kind, first.id, reading.answers)
    return see_other(base if request.form.get("_action") == "save" else f"{base}/{following}")


@journey.get("/r/<draft>/<page:name>")
@access.requires(*WRITERS)
def page(draft: str, name: str) -> Response:
    """Show a page with what was answered or typed on it."""
    opened = own_draft(draft)
    return _Shown.of(opened, _page(opened, name)).response()


def _keep_late(owner: Person) -> None:
    """Keep what was typed on a page when its owner's session had ended."""
    draft, name = (request.view_args or {})["draft"], (request.view_args or {})["name"]
    opened = OpenDraft.of(current_site().services, owner, draft)
    opened.keep_typed(_page(opened, name).id, _posted())


@journey.post("/r/<draft>/<page:name>")
@access.requires(*WRITERS)
@access.keeps_what_comes_late(_keep_late)
def answer(draft: str, name: str) -> Response:
    """Keep what was sent; what has faults is kept as it was typed and shown again."""
    opened = own_draft(draft)
    found = _page(opened, name)
    action, posted = request.form.get("_action", "continue"), _posted()
    kept_name = opened.answers.get(name, {}).get("file")
    if not posted.get("file") and isinstance(kept_name, str):
        posted["file"] = [kept_name]
    to_go_on = action == "continue"
    reading = opened.journey.read(name, posted, opened.answers, to_go_on=to_go_on)
    reading = replace(reading, problems=reading.problems or refused_upload())
    if reading.problems:
        opened.keep_typed(name, posted)
        if action == "hide":
            return hidden()
        again = own_draft(draft)
        shown = _Shown.of(again, found)
        return replace(shown, typed=reading.typed, wrong=reading.problems).response()
    try:
        kept = opened.keep(name, _with_file(opened, name, reading.answers), seen=seen_version())
    except DraftChangedError as error:
        if action == "hide":
            opened.keep_typed(name, posted)
            return hidden()
        return _conflict(replace(opened, draft=error.now), found, reading)
    if action == "hide":
        return hidden()
    return see_other(kept.base if action == "save" else _following(opened, kept, name))


def _following(before: OpenDraft, after: OpenDraft, name: str) -> str:
    """Return the address of what follows a page that was answered: of a file, what they get."""
    if uploaded() is not None:
        return f"{after.base}/{name}/seen"
    if request.form.get("_from") == "check":
        following = after.journey.after_a_change(name, before.answers, after.answers)
    else:
        following = after.journey.next_page(name, after.answers)
    if following.startswith("/"):
        return following
    return f"{after.base}/{following}" if following else after.base


def _conflict(now: OpenDraft, found: Page, reading: Reading) -> Response:
    """Show what was typed beside what another window saved; sending again takes its place."""
    answered = Answered(now.answers, now.journey.circumstances)
    said = [in_plain_words(question, found, answered) for question in found.questions]
    shown = replace(
        _Shown.of(now, found),
        typed=reading.typed,
        conflict=tuple(words for words in said if words),
    )
    response = shown.response()
    response.status_code = HTTPStatus.CONFLICT
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A page as it is shown: what stands in its fields, what is wrong, where it belongs."""

    journey: Journey
    page: Page
    answers: Answers = field(default_factory=dict[str, Mapping[str, Value]])
    base: str = ""
    version: int = 0
    typed: Posted | None = None
    wrong: tuple[Problem, ...] = ()
    conflict: tuple[str, ...] | None = None

    @classmethod
    def of(cls, opened: OpenDraft, found: Page) -> "_Shown":
        """Return a page of a draft with what was answered, or typed, on it."""
        return cls(
            journey=opened.journey,
            page=found,
            answers=opened.answers,
            base=opened.base,
            version=opened.draft.row.version,
            typed=opened.typed(found.id),
        )

    def response(self) -> Response:
        """Answer with the page."""
        kept = self.answers.get(self.page.id, {})
        typed = self.typed or typed_of(self.page, kept, is_answered=bool(kept))
        return show(
            "journey/page.html",
            title=self.page.title,
            page=self.page,
            fields=fields_of(self.page, typed, self.wrong),
            problems=problems_of(self.page, self.wrong),
            heading_in_field=title_is_asked_by(self.page) is not None,
            has_file=any(question.kind is Kind.FILE for question in self.page.questions),
            kept_file=kept.get("file"),
            base=self.base,
            tries=self.journey.circumstances.kind is not JourneyKind.COLLEAGUE,
            version=self.version,
            came_from=request.values.get("_from", ""),
            conflict=self.conflict,
            back=self._back(),
            form_id="page",
            go_on=self.page.go_on,
        )

    def _back(self) -> str:
        if not self.base:
            return "/start"
        if request.values.get("_from") == "check":
            return f"{self.base}/{self.journey.pages(self.answers)[-1].id}"
        before = self.journey.previous_page(self.page.id, self.answers)
        return f"{self.base}/{before}" if before else self.base


def _fresh() -> Journey:
    kind = _BEGINNINGS[request.path]
    return Journey(circumstances_of(current_site().services, visitor().person, kind))


def _page(opened: OpenDraft, name: str) -> Page:
    try:
        found = opened.journey.page(name, opened.answers)
    except UnknownPageError:
        raise NotFound from None
    return found


def _posted() -> dict[str, list[str]]:
    """Return what was typed, with the name of a file where one was chosen."""
    posted = {name: values for name, values in request.form.lists() if name not in _OURS}
    for name, files in request.files.lists():
        posted[name] = [file.filename for file in files if file.filename]
    return posted


def _with_file(opened: OpenDraft, name: str, answers: Mapping[str, Value]) -> dict[str, Value]:
    """Return answers with what is in the file that came, or that was kept before."""
    kept: dict[str, Value] = {**answers}
    before = opened.answers.get(name, {})
    if (upload := uploaded()) is not None:
        kept[CONTENT] = as_content(upload.content)
    elif CONTENT in before:
        kept["file"], kept[CONTENT] = before.get("file"), before[CONTENT]
    return kept
