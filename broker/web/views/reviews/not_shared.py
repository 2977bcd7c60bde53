"""What a body did not share, by quarter: refusals, parts that stayed, days that were missed."""

from flask import Response
from werkzeug.exceptions import NotFound

from broker.disclosures.views import OWN_DUTIES
from broker.domain.form import label_of
from broker.domain.times import uk_day
from broker.guardian.not_shared import Quarter, not_shared_in
from broker.packs.contents import title_of_purpose
from broker.web import access
from broker.web.menu import GUARDIANS
from broker.web.titles import GUARDIAN_STANDS
from broker.web.views.answers import show
from broker.web.views.reviews.blueprint import guardian, reviews, services


@reviews.get("/reviews/not-shared")
@access.requires(*GUARDIANS)
def this_quarter() -> Response:
    """Show what was not shared in the quarter that today is in."""
    return _page(Quarter.of_day(uk_day(services().clock())))


@reviews.get("/reviews/not-shared/<quarter>")
@access.requires(*GUARDIANS)
def one_quarter(quarter: str) -> Response:
    """Show what was not shared in another quarter."""
    found = Quarter.named(quarter)
    if found is None or found > Quarter.of_day(uk_day(services().clock())):
        raise NotFound
    return _page(found)


def _page(quarter: Quarter) -> Response:
    held = services()
    today = uk_day(held.clock())
    found = not_shared_in(held.transaction, guardian(), quarter, today)
    obligations = held.rulebooks.in_force().obligations
    return show(
        "reviews/not_shared.html",
        title="What we did not share",
        found=found,
        quarter=quarter,
        is_newest=quarter == Quarter.of_day(today),
        purpose=title_of_purpose,
        contacts={one.id: one.title for one in held.directory.entries().mailboxes},
        sentences={**OWN_DUTIES, **{name: one.sentence for name, one in obligations.items()}},
        stands=GUARDIAN_STANDS,
        label=label_of,
    )
