"""What waits for a Guardian, the first due first; the list holds states and no content."""

from datetime import date

from flask import Response

from broker.disclosures.views import OWN_DUTIES
from broker.domain.partner_requests.copies import ANSWERS_IN_WORDS
from broker.domain.times import spelled_day
from broker.guardian.views import queue_of
from broker.packs.contents import title_of_purpose
from broker.web import access
from broker.web.menu import GUARDIANS
from broker.web.views.answers import show
from broker.web.views.reviews.blueprint import guardian, name_of, reviews, services


@reviews.get("/reviews")
@access.requires(*GUARDIANS)
def queue() -> Response:
    """List what is to be decided, asked, looked back at, and late with others."""
    held = services()
    found = queue_of(held.referrals, held.retrospective, guardian())
    contacts = {one.id: one for one in held.directory.entries().mailboxes}
    bodies = {one.id: one.name for one in held.directory.entries().agencies}
    obligations = held.rulebooks.in_force().obligations
    return show(
        "reviews/queue.html",
        title="Waiting for you",
        standing=held.explorer.standings.now(),
        queue=found,
        answers=held.partner_requests.hindsight.to_look_back_at(guardian()),
        answered=ANSWERS_IN_WORDS,
        purpose=title_of_purpose,
        covers=_covers(found.today),
        contacts=contacts,
        bodies=bodies,
        sentences={**OWN_DUTIES, **{name: one.sentence for name, one in obligations.items()}},
        wide=True,
    )


def _covers(today: date) -> list[str]:
    """Return who covers for whom today, in sentences."""
    return [
        f"{name_of(one.deputy)} covers for {name_of(one.guardian)} until {spelled_day(one.last)}."
        for one in services().advising.covers.standing(guardian())
        if one.stands_on(today)
    ]
