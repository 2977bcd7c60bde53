"""The whole of partner requests in one place, as the entrances use it."""

from dataclasses import dataclass

from broker.delivery.chasing import Chaser
from broker.delivery.person_notices import PersonNotices
from broker.delivery.portal.answering import PageAnswers
from broker.disclosures.flow import Disclosures
from broker.partner_requests.answering import Answering
from broker.partner_requests.asking import Asking
from broker.partner_requests.by_page import ByPage
from broker.partner_requests.changing import Changing
from broker.partner_requests.disputing import Disputing
from broker.partner_requests.giving import Giving
from broker.partner_requests.hindsight import Hindsight
from broker.partner_requests.lateness import Chasing
from broker.partner_requests.noticing import Noticing
from broker.partner_requests.shown.offers import Offers
from broker.partner_requests.shown.views import RequestViews
from keys import IndexKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRequests:
    """What both sides do with requests and are shown, what days bring, what went otherwise."""

    asking: Asking
    answering: Answering
    chasing: Chasing
    views: RequestViews
    offers: Offers
    disputing: Disputing
    by_page: ByPage
    pages: PageAnswers
    hindsight: Hindsight
    changing: Changing
    noticing: Noticing


def partner_requests_of(
    disclosures: Disclosures, sameness: IndexKey, notices: PersonNotices
) -> PartnerRequests:
    """Return partner requests over disclosures; `sameness` keys what finds a second request."""
    transaction, clock = disclosures.transaction, disclosures.clock
    views = RequestViews(transaction=transaction, clock=clock)
    giving = Giving(disclosures=disclosures, clock=clock)
    chaser = Chaser(transaction=transaction, notices=notices, clock=clock)
    by_page = ByPage(giving=giving, clock=clock)
    return PartnerRequests(
        asking=Asking(
            transaction=transaction, disclosures=disclosures, sameness=sameness, clock=clock
        ),
        answering=Answering(transaction=transaction, giving=giving, clock=clock),
        by_page=by_page,
        pages=PageAnswers(transaction=transaction, hears=by_page, notices=notices, clock=clock),
        chasing=Chasing(chaser=chaser),
        disputing=Disputing(transaction=transaction, notices=notices, clock=clock),
        changing=Changing(transaction=transaction, disclosures=disclosures, clock=clock),
        noticing=Noticing(transaction=transaction, notices=notices, clock=clock),
        views=views,
        offers=Offers(transaction=transaction, clock=clock),
        hindsight=Hindsight(transaction=transaction, views=views, clock=clock),
    )
