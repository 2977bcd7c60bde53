"""The rules to be read aloud: which are in force, each card, what changed, and the law."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.web import access
from broker.web.forms.days import day_in, day_params, day_problem, day_typed
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.rules.putting_in_force import ACTIVATORS, ANSWERERS
from broker.web.visitors import visitor
from policies import Rulebook, law_on
from policies.tools.card_pages import CardPage, card_pages
from policies.tools.differences import Difference, differences
from policies.tools.law_words import HOW_READ, in_doubt

rules = Blueprint("rules", __name__)

READERS = tuple(role for role in Role if role is not Role.CLIENT)
"""Rules are nobody's secret: whoever signs in reads them."""

_DIFFERS = {
    Difference.ADDED: "New",
    Difference.REMOVED: "Gone",
    Difference.CHANGED: "Changed",
    Difference.SAME: "",
}


@rules.get("/rules")
@access.requires(*READERS)
def index() -> Response:
    """Show which rules are in force, since when, by whom, and all their cards."""
    services = current_site().services
    rulebook = services.rulebooks.in_force()
    activations = services.oversight.history.activations()
    return show(
        "rules/index.html",
        title="The rules",
        rulebook=rulebook,
        pages=card_pages(rulebook),
        activations=activations,
        in_force=activations[0],
        review=next(iter(services.oversight.reviews.reviews()), None),
        today=uk_day(services.clock()),
        may_activate=visitor().person.role in ACTIVATORS,
        may_answer=visitor().person.role in ANSWERERS,
        days_left=services.rulebooks.days_left(),
        wide=True,
    )


@rules.get("/rules/<rule>")
@access.requires(*READERS)
def card(rule: str) -> Response:
    """Show one card, to be read aloud."""
    rulebook = current_site().services.rulebooks.in_force()
    pages = card_pages(rulebook)
    place = next((at for at, page in enumerate(pages) if page.rule == rule), None)
    if place is None:
        raise NotFound
    return show(
        "rules/card.html",
        title=f"{pages[place].rule} {pages[place].title}",
        page=pages[place],
        laws=_laws_of(pages[place], rulebook),
        in_doubt=in_doubt,
        before=pages[place - 1] if place else None,
        after=pages[place + 1] if place + 1 < len(pages) else None,
        back="/rules",
    )


@rules.get("/rules/changes")
@access.requires(*READERS)
def changes() -> Response:
    """Show what the rules in force say otherwise than those before them."""
    services = current_site().services
    before, is_unreadable = services.oversight.history.readable_before()
    found = None if before is None else differences(before, services.rulebooks.in_force())
    return show(
        "rules/changes.html",
        title="What changed",
        found=found,
        is_unreadable=is_unreadable,
        words=_DIFFERS,
        back="/rules",
    )


@rules.get("/law")
@access.requires(*READERS)
def law() -> Response:
    """Show the register of law: how each source was read, and whether it is in force on a day."""
    services = current_site().services
    typed, today = day_typed(request.args, "on"), uk_day(services.clock())
    problem = day_problem(typed, "on", "It")
    problems = [] if problem is None else [problem]
    rulebook = services.rulebooks.in_force()
    on = day_in(typed, "on") or today
    return show(
        "rules/law.html",
        title="The law",
        laws=sorted(rulebook.laws.values(), key=lambda one: one.citation),
        on=on,
        typed=day_params(typed, "on", problems),
        found=law_on(rulebook, on),
        is_today=on == today,
        how_read={tag: words.capitalize() for tag, words in HOW_READ.items()},
        problems=problems,
        back="/rules",
        wide=True,
    )


def _laws_of(page: CardPage, rulebook: Rulebook) -> list[object]:
    return [law for law in rulebook.laws.values() if law.citation in page.law]
