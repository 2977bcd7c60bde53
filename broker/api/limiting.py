"""Where calls are counted: those that create something before they do, and those that failed.

What succeeds and creates nothing is never refused. An emergency is never refused: neither its
submission, nor any step about it (docs/api.md).
"""

import math
from http import HTTPStatus

from flask import Response, g, request

from broker.api import access, problems
from broker.api.client_address import client_address
from broker.api.errors import TooManyCallsError
from broker.api.services import current_services
from broker.domain.errors import BrokerError
from broker.domain.model import Pack
from broker.domain.references import parse_reference

_CREATES_NOTHING = frozenset({"api.judge", "authzen.evaluate"})
_COUNTED_ONCE_READ = "api.submit"
_GUESSES = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""What a guesser is answered; every other failure keeps its words, by which it is put right."""


def check() -> None:
    """Before a call that creates something, except a submission: take it from its buckets.

    Raises `TooManyCallsError`.
    """
    creates = request.method == "POST" and request.endpoint not in _CREATES_NOTHING
    if not creates or request.endpoint == _COUNTED_ONCE_READ or access.caller() is None:
        return
    wait = _spend()
    if wait and not _is_about_an_emergency():
        raise TooManyCallsError(math.ceil(wait))


def check_submission(pack: Pack) -> None:
    """Before a pack is taken in: take it from its buckets; raises `TooManyCallsError`.

    What a pack says is known only now, and an emergency goes whatever was counted.
    """
    wait = _spend()
    if wait and not pack.is_emergency:
        raise TooManyCallsError(math.ceil(wait))


def count_failure(response: Response) -> Response:
    """After a call: count it if it failed, and answer a guesser whose bucket is empty with 429."""
    failed = HTTPStatus.BAD_REQUEST <= response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    if not failed or g.get("is_counted", False):
        return response
    wait = _spend()
    if not wait or response.status_code not in _GUESSES or _is_about_an_emergency():
        return response
    return problems.answer(TooManyCallsError(math.ceil(wait)))


def fails_as(client: str) -> None:
    """Count this call, which failed, by the machine that it names as well."""
    g.named_client = client


def _spend() -> float:
    """Take this call from the buckets of its person, or else of its address and its machine."""
    g.is_counted = True
    limits, person, client = current_services().limits, access.caller(), g.get("named_client")
    if person is not None:
        return limits.spend(limits.of_person(person))
    address = client_address()
    if not client:
        return limits.spend(limits.of_address(address))
    return limits.spend(limits.of_client(client, address))


def _is_about_an_emergency() -> bool:
    reference = (request.view_args or {}).get("reference")
    if reference is None:
        return False
    try:
        return current_services().disclosures.is_emergency(parse_reference(reference))
    except BrokerError:
        return False
