"""How long pages take, over a broker with 100,000 ledger entries and 10,000 disclosures."""

import statistics
from collections.abc import Mapping
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

from brokers import NURSE, Clock, a_broker, a_submission
from flask.testing import FlaskClient
from measuring import Measure, duration
from sqlalchemy import insert, select
from visits import Visit, signed_in

from broker.domain.references import new_reference
from broker.storage.tables import disclosure
from broker.wiring import Services

ENTRIES = 100_000
DISCLOSURES = 10_000
ROUNDS = 40
_AT_ONCE = 5_000
_EXPIRED: Mapping[str, object] = {"type": "expired", "ref": "PRV-7Q4K-M2XH"}
_HTML: Mapping[str, str] = {"Accept": "text/html"}
PAGES = ("/referrals", "/referrals/new", "/account", "/code", "/channels", "/sign-out")


def render_pages(folder: Path) -> Measure:
    """Measure the slowest twentieth of pages; the ratio is to 100 ms."""
    visit = _large(folder.parent / "pages")
    # The client's own look at each answer would cost more than the page.
    times = [
        duration(partial(FlaskClient.open, visit.client, path, headers=_HTML)) * 1000
        for path in PAGES * (ROUNDS // len(PAGES) + 1)
    ]
    slow = statistics.quantiles(times[len(PAGES) :], n=20)[-1]
    return Measure(
        name="page p95 / 100 ms",
        ratio=slow / 100,
        goal="<= 1.00",
        detail=f"p50 {statistics.median(times):.0f} ms, p95 {slow:.0f} ms over {ENTRIES:,} "
        f"entries and {DISCLOSURES:,} disclosures",
    )


def hide_my_screen(folder: Path) -> Measure:
    """Measure from "Hide my screen" to the neutral page; the ratio is to 200 ms."""
    visit = _large(folder.parent / "pages")
    times: list[float] = []
    for _ in range(ROUNDS // 4):
        visit.clock.forward(timedelta(minutes=1))
        visit.sign_in()
        visit.get("/sign-out")
        times.append(duration(lambda: (visit.send("/hide"), visit.get("/hidden"))) * 1000)
    slow = max(times)
    return Measure(
        name="hide my screen / 200 ms",
        ratio=slow / 200,
        goal="<= 1.00",
        detail=f"slowest of {len(times)}: {slow:.0f} ms, until the neutral page is there",
    )


@cache
def _large(home: Path) -> Visit:
    clock = Clock()
    services = a_broker(home, clock)
    _grow(services)
    return signed_in(services, clock)


def _grow(services: Services) -> None:
    """Add copies of one disclosure, which is nobody else's, and entries as all are appended."""
    reference = services.disclosures.submit(a_submission(services), NURSE)
    with services.transaction.database.transaction() as connection:
        query = select(disclosure).where(disclosure.c.reference == str(reference))
        row = dict(connection.execute(query).mappings().one())
        copies = [{**row, "reference": str(new_reference())} for _ in range(DISCLOSURES)]
        connection.execute(insert(disclosure), copies)
    for _ in range(0, ENTRIES, _AT_ONCE):
        with services.transaction() as tx:
            tx.append(*[_EXPIRED] * _AT_ONCE)


PAGE_MEASURES = (render_pages, hide_my_screen)
