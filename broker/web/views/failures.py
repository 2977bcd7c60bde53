"""Failures of signing in, counted in the bucket of the address that they come from."""

from flask import request

from broker.access.client_address import address_of
from broker.domain.people.errors import TooManyTriesError
from broker.web.site import current_site


def count_failure() -> None:
    """Count a way in that was tried and failed.

    Raises `TooManyTriesError` where so many failed from there within an hour that the next must
    wait; what is right is never refused.
    """
    services = current_site().services
    header = services.settings.client_address_header
    address = address_of(request.remote_addr or "", header, request.headers.getlist)
    if services.limits.spend(services.limits.of_address(address)):
        raise TooManyTriesError
