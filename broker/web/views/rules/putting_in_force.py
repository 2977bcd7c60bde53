"""Put rules in force with two people, keep reviews, and the policies of the body."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from flask import Blueprint, Response, request

from broker.domain.oversight.records import TRIGGERS_IN_WORDS, Trigger
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.rulebooks.proposals import Choice
from broker.rulebooks.reviews import digest_of_paper
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.days import day_params, day_typed, later_day
from broker.web.forms.problems import Problem
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.step_up import spend_code
from broker.web.visitors import visitor
from policies.tools.differences import differences

oversight = Blueprint("oversight", __name__)

ACTIVATORS: Final = (Role.GUARDIAN, Role.OPERATOR)
"""Who may put rules in force; one of the two is a Guardian."""

ANSWERERS: Final = (Role.GUARDIAN, Role.IG, Role.LEAD)
"""Who keeps reviews of rules and the policies of their body."""

_HERE: Final = "/rules/put-in-force"
_CHOICES: Final = {
    Choice.SHIPPED: "The rules that came with this release",
    Choice.AGAIN: "The rules in force, for longer",
    Choice.BEFORE: "The rules that were in force before these",
}
_LONGEST_TITLE: Final = 200
_LONGEST_EDITION: Final = 40
_NEXT_REVIEW: Final = "Enter the day of the next review"


@oversight.get("/rules/put-in-force")
@access.requires(*ACTIVATORS)
def put_in_force_page() -> Response:
    """Show what waits for a second person, or ask which rules are to be put in force."""
    return _activation_page()


@oversight.post("/rules/put-in-force")
@access.requires(*ACTIVATORS)
def propose() -> Response:
    """Propose rules as the first of two people."""
    chosen, until = request.form.get("choice", ""), _later("until", "Enter their last day")
    problems: list[Problem] = []
    if chosen not in set(Choice):
        problems.append(Problem(field="choice", message="Select which rules"))
    if isinstance(until, Problem):
        return _activation_page([*problems, until])
    if problems:
        return _activation_page(problems)
    if (led := spend_code(_HERE, back=_HERE)) is not None:
        return led
    proposals = current_site().services.oversight.proposals
    proposals.propose(Choice(chosen), until, visitor().person)
    return see_other("/rules/put-in-force")


@oversight.post("/rules/put-in-force/<proposal>")
@access.requires(*ACTIVATORS)
def settle(proposal: str) -> Response:
    """Confirm a proposal as the second person, or withdraw it."""
    proposals = current_site().services.oversight.proposals
    if request.form.get("do") == "withdraw":
        proposals.withdraw(proposal, visitor().person)
        return see_other("/rules/put-in-force")
    if (led := spend_code(_HERE, back=_HERE)) is not None:
        return led
    proposals.confirm(proposal, visitor().person)
    return see_other("/rules")


@oversight.get("/rules/reviews")
@access.requires(*ANSWERERS)
def reviews_page() -> Response:
    """Show when the rules were reviewed, and ask for a new review."""
    return _reviews_page()


@oversight.post("/rules/reviews")
@access.requires(*ANSWERERS)
def review() -> Response:
    """Keep that the rules were reviewed, with the digests of its papers."""
    services = current_site().services
    due, trigger = _later("due", _NEXT_REVIEW), request.form.get("trigger", "")
    problems: list[Problem] = []
    if trigger not in set(Trigger):
        problems.append(Problem(field="trigger", message="Select why they were reviewed"))
    if isinstance(due, Problem):
        return _reviews_page([*problems, due])
    if problems:
        return _reviews_page(problems)
    services.oversight.reviews.review(
        Trigger(trigger),
        due,
        visitor().person,
        equality=digest_of_paper(_paper("equality")),
        dpia=digest_of_paper(_paper("dpia")),
    )
    return see_other("/rules/reviews")


@oversight.get("/rules/documents")
@access.requires(*ANSWERERS)
def documents_page() -> Response:
    """Show the policies of the body, and ask for another."""
    return _documents_page()


@oversight.post("/rules/documents")
@access.requires(*ANSWERERS)
def sign() -> Response:
    """Keep that a policy of the body was signed, by the digest of its paper."""
    services = current_site().services
    title, edition = (request.form.get(name, "").strip() for name in ("title", "edition"))
    due, paper = _later("review", _NEXT_REVIEW), _paper("paper")
    problems: list[Problem] = []
    if not 0 < len(title) <= _LONGEST_TITLE:
        problems.append(Problem(field="title", message="Enter a title of up to 200 characters"))
    if not 0 < len(edition) <= _LONGEST_EDITION:
        problems.append(Problem(field="edition", message="Enter the version, such as 2.1"))
    if not paper:
        problems.append(Problem(field="paper", message="Select the file that was signed"))
    if isinstance(due, Problem):
        return _documents_page([*problems, due])
    if problems:
        return _documents_page(problems)
    services.oversight.reviews.sign(title, edition, paper, due, visitor().person)
    return see_other("/rules/documents")


def _paper(name: str) -> bytes:
    uploaded = request.files.get(name)
    return b"" if uploaded is None else uploaded.read()


def _later(name: str, ask: str) -> date | Problem:
    return later_day(day_typed(request.form, name), name, uk_day(_clock()), ask)


def _clock() -> datetime:
    return current_site().services.clock()


def _asked(name: str, problems: Sequence[Problem]) -> dict[str, object]:
    """Return the three fields of a day, as they were typed."""
    return day_params(day_typed(request.form, name), name, problems)


def _activation_page(problems: list[Problem] | None = None) -> Response:
    services = current_site().services
    waiting = services.oversight.proposals.waiting()
    found = None
    if waiting:
        rulebook = services.rulebooks.in_force()
        chosen = services.oversight.proposals.rules_of(waiting[0])
        found = differences(rulebook, chosen)
    return show(
        "rules/put_in_force.html",
        title="Put rules in force",
        waiting=waiting,
        found=found,
        is_own=bool(waiting) and waiting[0].by == visitor().person.id,
        choices=radio_items(_offered(), request.form.get("choice", "")),
        until=_asked("until", problems or []),
        problems=problems or [],
        back="/rules",
    )


def _offered() -> dict[Choice, str]:
    oversight = current_site().services.oversight
    offered = dict(_CHOICES)
    if not oversight.history.shipped_is_newer():
        del offered[Choice.SHIPPED]
    before, _ = oversight.history.readable_before()
    if before is None:
        del offered[Choice.BEFORE]
    return offered


def _reviews_page(problems: list[Problem] | None = None) -> Response:
    services = current_site().services
    return show(
        "rules/reviews.html",
        title="Reviews of the rules",
        reviews=services.oversight.reviews.reviews(),
        triggers=radio_items(TRIGGERS_IN_WORDS, request.form.get("trigger", "")),
        due=_asked("due", problems or []),
        words=TRIGGERS_IN_WORDS,
        today=uk_day(services.clock()),
        problems=problems or [],
        back="/rules",
    )


def _documents_page(problems: list[Problem] | None = None) -> Response:
    services, person = current_site().services, visitor().person
    return show(
        "rules/documents.html",
        title="Policies of your organisation",
        documents=services.oversight.reviews.documents(person.agency),
        review=_asked("review", problems or []),
        today=uk_day(services.clock()),
        typed=request.form,
        problems=problems or [],
        back="/rules",
    )
