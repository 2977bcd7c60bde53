"""What is remembered of cases whose words are gone: a lead keeps it on each year, or ends it."""

from flask import Blueprint, Response, request

from broker.domain.cases.memories import IN_WORDS
from broker.domain.errors import NotAllowedError
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor

memories = Blueprint("memory_pages", __name__)

_LONGEST = 4_000


@memories.get("/memories")
@access.requires(Role.LEAD)
def index() -> Response:
    """List what is remembered, the first to go first."""
    kept = current_site().services.retention.memories
    return show(
        "memories/index.html",
        title="What is remembered",
        found=kept.of_body(visitor().person),
        today=kept.today(),
        whose=IN_WORDS,
    )


@memories.get("/memories/<reference>")
@access.requires(Role.LEAD)
def one(reference: str) -> Response:
    """Show what is remembered of a case, and ask whether it must be; recorded."""
    return _page(reference, [])


@memories.post("/memories/<reference>")
@access.requires(Role.LEAD)
def decide(reference: str) -> Response:
    """Keep it on for another year with a reason, or end it now."""
    kept, person = current_site().services.retention.memories, visitor().person
    if request.form.get("_action") == "end":
        kept.end(person, reference)
        return see_other("/memories")
    why = request.form.get("why", "").strip()
    if len(why) > _LONGEST:
        message = f"Why it must be remembered must be {_LONGEST:,} characters or less"
        return _page(reference, [Problem(field="why", message=message)])
    try:
        kept.keep(person, reference, why)
    except NotAllowedError:
        message = "Enter why it must be remembered, in a sentence"
        return _page(reference, [Problem(field="why", message=message)])
    return see_other("/memories")


def _page(reference: str, problems: list[Problem]) -> Response:
    kept = current_site().services.retention.memories
    found = kept.open(visitor().person, reference, Entrance.PAGE)
    return show(
        "memories/memory.html",
        title=f"Must this be remembered? {found.references[0]}",
        memory=found,
        whose=IN_WORDS,
        why=request.form.get("why", ""),
        problems=problems,
        back="/memories",
    )
