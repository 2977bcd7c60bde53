"""The part of the site where partners are asked and answer, and who comes in."""

from flask import Blueprint

from broker.domain.model import Person
from broker.domain.partner_requests.copies import CopyName
from broker.domain.references import Prefix, parse_reference
from broker.partner_requests.assembled import PartnerRequests
from broker.partner_requests.standing import ANSWERERS, ASKERS
from broker.web.site import current_site
from broker.web.visitors import visitor

requests = Blueprint("requests", __name__)

EITHER = tuple(sorted(ASKERS | ANSWERERS))
"""Who asks, or answers."""


def partner_requests() -> PartnerRequests:
    """Return what the views work with."""
    return current_site().services.partner_requests


def person() -> Person:
    """Return who is looking."""
    return visitor().person


def copy_name(reference: str, number: int) -> CopyName:
    """Return the copy that an address names; raises `UnknownReferenceError`."""
    return CopyName(request=parse_reference(reference, Prefix.REQUEST), number=number)


def address_of(name: CopyName) -> str:
    """Return the address of the page of a copy."""
    return f"/requests/{name.request}/{name.number}"
