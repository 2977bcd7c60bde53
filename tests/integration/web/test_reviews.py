"""A Guardian decides from a browser: their part first, then everything on one page."""

import pytest
from brokers import Clock
from markup import page_client
from people import with_guardian
from referrals import WEIGHED, recorded, refer
from visits import Visit, cheap

from broker.app import create_app
from broker.domain.references import Reference
from broker.wiring import Services

REASON = "The harm to others is near, and less would not stop it."


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    held = with_guardian(sqlite_broker, clock)
    visit = Visit(client=page_client(create_app(cheap(sqlite_broker))), held=held, clock=clock)
    assert visit.sign_in().headers["Location"] == "/reviews"
    return visit


@pytest.fixture(name="reference")
def _reference(sqlite_broker: Services) -> Reference:
    return refer(sqlite_broker)


def say(visit: Visit, path: str, /, **typed: object) -> str:
    """Look at a page, send it filled in, and return where it leads."""
    shown = visit.get(path)
    assert shown.status_code == 200, (path, shown.status_code, shown.headers.get("Location"))
    version = shown.text.partition('name="_version" value="')[2].partition('"')[0]
    seen = shown.text.partition('name="seen" value="')[2].partition('"')[0]
    hidden = {"_version": version, "seen": seen, "_action": "continue"}
    answer = visit.send(path, **{**hidden, **typed})
    assert answer.status_code == 303, (path, answer.status_code, answer.text)
    return answer.headers["Location"]


def independent(visit: Visit, reference: Reference) -> str:
    """Say that they have no part in it, and return the address of its pages."""
    base = f"/reviews/{reference}"
    assert visit.get(base).headers["Location"] == f"{base}/relation"
    assert say(visit, f"{base}/relation", relation="independent") == base
    return base


def until_final(visit: Visit, base: str, verdict: str = "approve", **fields: object) -> str:
    """Answer page after page as asked, and return the address of the last."""
    path = say(visit, f"{base}/decide", verdict=verdict)
    if path.endswith("/leave-out"):
        path = say(visit, path, **fields)
    if path.endswith("/public-interest"):
        path = say(visit, path, **WEIGHED, **{"decided-by": "Gwen Specimen, Caldicott Guardian"})
    return say(visit, path, reason=REASON, principles=["3", "7"])


def test_the_whole_is_decided_with_fewer_fields(
    visit: Visit, reference: Reference, sqlite_broker: Services
) -> None:
    base = independent(visit, reference)
    shown = visit.get(base)

    final = until_final(visit, base, "approve-reduced", fields=["individual.contact"])
    last = visit.get(final)
    done = say(visit, final)

    assert shown.status_code == 200
    assert recorded(sqlite_broker, reference)[-2:] == ["reviewed", "decided"]
    assert last.status_code == 200
    assert done == f"{base}/decided"
    assert visit.get(done).status_code == 200
