"""The pages put into an application: their blueprints, and which requests are theirs."""

from flask import Flask, request
from werkzeug.routing import BaseConverter

from broker.web.views.account import ACCOUNT
from broker.web.views.afterwards.pages import PAGES as AFTERWARDS
from broker.web.views.between import BETWEEN
from broker.web.views.breaches import BREACHES
from broker.web.views.directory.all import DIRECTORY
from broker.web.views.journey import journey
from broker.web.views.lead.asking import asking
from broker.web.views.lead.checks import checks
from broker.web.views.lead.colleague import colleague
from broker.web.views.lead.earlier import earlier
from broker.web.views.lead.memories import memories
from broker.web.views.lead.regional import regional
from broker.web.views.meetings import MEETINGS
from broker.web.views.paper.pages import paper
from broker.web.views.people.all import PEOPLE
from broker.web.views.portal import PORTAL
from broker.web.views.previewing.document import document
from broker.web.views.previewing.files import files
from broker.web.views.public import public
from broker.web.views.record import RECORD
from broker.web.views.referrals import referrals
from broker.web.views.reporting.pages import reporting
from broker.web.views.requests.all import requests
from broker.web.views.reviews.all import reviews
from broker.web.views.rules import RULES
from broker.web.views.sending import sending
from broker.web.views.sign_in import sign_in
from broker.web.views.supervision import SUPERVISION

BLUEPRINTS = (
    public,
    sign_in,
    referrals,
    journey,
    sending,
    reviews,
    requests,
    *MEETINGS,
    *RECORD,
    *RULES,
    *SUPERVISION,
    *AFTERWARDS,
    *BREACHES,
    *PORTAL,
    *DIRECTORY,
    *BETWEEN,
    *PEOPLE,
    *ACCOUNT,
    asking,
    checks,
    colleague,
    earlier,
    regional,
    memories,
    document,
    files,
    paper,
    reporting,
)
_NAMES = frozenset(blueprint.name for blueprint in BLUEPRINTS)
_NOT_OURS = ("/api/", "/ledger/")


class PageName(BaseConverter):
    """The name of a page of a journey in its address; what has a view of its own is none."""

    part_isolating = False
    regex = (
        r"(?!(?:try|delete|check|now-check|ask-lead|lead-answer|c-check|document|from-paper)$"
        r"|document/|printed/|file/[0-9]+/seen).+"
    )


def add_pages(app: Flask) -> None:
    """Register every page with an application."""
    app.url_map.converters["page"] = PageName
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def is_page() -> bool:
    """Say whether the request is for a page: by its route, else by what a browser asks for."""
    if request.endpoint is not None:
        return request.blueprint in _NAMES
    asks_for_html = any(kind == "text/html" for kind, _ in request.accept_mimetypes)
    return asks_for_html and not request.path.startswith(_NOT_OURS)


def needs_nothing() -> bool:
    """Say whether the request is for a page that must be shown whatever is broken."""
    return request.blueprint == public.name
