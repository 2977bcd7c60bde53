"""What pages weigh, how many a journey takes, and how long a list of open requests takes."""

import gzip
import re
import statistics
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from brokers import Clock, a_broker
from flask.testing import FlaskClient
from measuring import Measure, duration
from people import entered
from request_walks import is_put
from visits import Visit, signed_in
from walks import AGREEING_ADULT, EMERGENCY, walk

from broker.domain.partner_requests.copies import Copy, CopyName
from broker.domain.references import Prefix, new_reference, parse_reference
from broker.domain.roles import Role
from broker.ledger.changes import requests as recorded
from broker.services import Services
from broker.web.assets import PREFIX, content
from keys import AgencyId, PersonId

FIRST_VIEW = 35_000
HTML = 30_000
PLAIN, URGENT = 22, 6
OPEN = 10_000
ROUNDS = 40
_AT_ONCE = 500
_LINKED = re.compile(rf'(?:href|src)="{PREFIX}([^"?]+)')
_IMPORTED = re.compile(r'from\s*"\./([^"]+)"|from\s*\'\./([^\']+)\'')
_PAGES = ("/start", "/sign-in", "/referrals", "/referrals/new", "/account", "/channels", "/rules")


@cache
def _a_writer(home: Path) -> Visit:
    clock = Clock()
    return signed_in(a_broker(home, clock), clock)


def first_view(folder: Path) -> Measure:
    """Weigh what the first page brings along, packed as by a proxy; the ratio is to 35 KB."""
    page = _a_writer(folder / "weights").get("/start").text
    files = sorted(_with_imports({*_LINKED.findall(page)}))
    packed = {path: len(gzip.compress(content(path) or b"", 6, mtime=0)) for path in files}
    total = sum(packed.values())
    return Measure(
        name="static files of a first view / 35 KB gzip",
        ratio=total / FIRST_VIEW,
        goal="<= 1.00",
        detail=f"{total:,} bytes in {len(packed)} files; the largest {max(packed.values()):,}",
    )


def _with_imports(paths: set[str]) -> set[str]:
    """Return files with every module that one of them imports, as a browser fetches them."""
    found, waiting = set[str](), [*paths]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.endswith((".mjs", ".js")):
            base, text = path.rpartition("/")[0], (content(path) or b"").decode()
            waiting += [f"{base}/{one or other}" for one, other in _IMPORTED.findall(text)]
    return found


def html(folder: Path) -> Measure:
    """Weigh the pages that most people see, unpacked; the ratio is to 30 KB."""
    visit = _a_writer(folder / "weights")
    weights = {path: len(visit.get(path).get_data()) for path in _PAGES}
    heaviest = max(weights, key=lambda path: weights[path])
    return Measure(
        name="HTML of the heaviest page / 30 KB",
        ratio=weights[heaviest] / HTML,
        goal="<= 1.00",
        detail=f"{heaviest} {weights[heaviest]:,} bytes; the lightest "
        f"{min(weights.values()):,}, of {len(weights)}",
    )


def plain_referral(folder: Path) -> Measure:
    """Count the pages of a plain referral, the last look among them; the ratio is to 22."""
    walked = walk(_a_writer(folder / "weights"), AGREEING_ADULT)
    return _counted("a plain referral", len(walked.pages) + 1, PLAIN)


def emergency(folder: Path) -> Measure:
    """Count the pages of an emergency, the last look among them; the ratio is to 6."""
    walked = walk(_a_writer(folder / "weights"), EMERGENCY, "/now/call")
    return _counted("an emergency", len(walked.pages) + 1, URGENT)


def _counted(what: str, pages: int, most: int) -> Measure:
    return Measure(
        name=f"pages of {what} / {most}",
        ratio=pages / most,
        goal="<= 1.00",
        detail=f"{pages} pages from the first to the sending",
    )


def open_requests(folder: Path) -> Measure:
    """Measure the list of a lead whose body is asked 10,000 things; the ratio is to 100 ms."""
    clock = Clock()
    services = a_broker(folder / "requests", clock)
    _put_many(services)
    visit = signed_in(services, clock, Role.LEAD)
    times = [
        1000
        * duration(
            partial(FlaskClient.open, visit.client, "/requests", headers={"Accept": "text/html"})
        )
        for _ in range(ROUNDS + 1)
    ]
    slow = statistics.quantiles(times[1:], n=20)[-1]
    return Measure(
        name=f"list of {OPEN:,} open requests p95 / 100 ms",
        ratio=slow / 100,
        goal="<= 1.00",
        detail=f"p50 {statistics.median(times[1:]):.0f} ms, p95 {slow:.0f} ms; it shows the "
        "hundred that are due first",
    )


def _put_many(services: Services) -> None:
    """Have a body asked one question, and keep many copies of it as rows that the ledger knows."""
    council = AgencyId("northshire-council")
    entered(services, "Char Specimen", Role.CHAIR, agency=council, id_=PersonId("p-chair"))
    name = CopyName(request=parse_reference(is_put(services), Prefix.REQUEST), number=2)
    with services.transaction() as tx:
        first = tx.copies.copy(name)
    for _ in range(0, OPEN, _AT_ONCE):
        with services.transaction() as tx:
            copies = [_another(first) for _ in range(_AT_ONCE)]
            tx.append(*(recorded.issued(one, tx.copies.put(one), "0" * 64) for one in copies))


def _another(first: Copy) -> Copy:
    request = new_reference(prefix=Prefix.REQUEST)
    return replace(first, name=CopyName(request=request, number=2))


WEIGHT_MEASURES = (first_view, html, plain_referral, emergency, open_requests)
