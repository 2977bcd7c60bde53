"""How long pages take, over 100,000 ledger entries and 10,000 disclosures, or over a million."""

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from time import process_time
from uuid import uuid4

from brokers import NURSE, Clock, a_broker, a_submission
from flask.testing import FlaskClient
from measuring import Measure, duration
from people import BODY, PASSWORD, SECOND, with_account
from sqlalchemy import insert, select
from visits import Visit, signed_in

from audit.format.entry import Entry, parse_entry
from audit.format.merkle.tree import leaf_hash
from audit.log.tables import ledger_entry
from broker.access.sign_in import MOST_FAILURES_IN_A_ROW, failures_of
from broker.domain.model import Person
from broker.domain.people.errors import SignInRefusedError
from broker.domain.references import new_reference
from broker.domain.roles import Role
from broker.ledger import people_events
from broker.ledger.explorer.filters import Wanted
from broker.ledger.readings import Entrance
from broker.storage.tables import disclosure
from broker.wiring import Services
from keys import PersonId

ENTRIES = 100_000
DISCLOSURES = 10_000
ROUNDS = 40
_AT_ONCE = 5_000
SHORT, LONG = 1_000, 1_000_000
_EXPIRED: Mapping[str, object] = {"type": "expired", "ref": "PRV-7Q4K-M2XH"}
_HTML: Mapping[str, str] = {"Accept": "text/html"}
PAGES = ("/referrals", "/referrals/new", "/account", "/code", "/channels", "/sign-out")


def render_pages(folder: Path) -> Measure:
    """Measure the slowest twentieth of pages; the ratio is to 100 ms."""
    visit = _large(folder / "pages")
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
    visit = _large(folder / "pages")
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


def refused_alike(folder: Path) -> Measure:
    """Measure refused sign-ins of people in several states beside one of nobody, at real cost."""
    clock = Clock()
    services = a_broker(folder / "sign-in", clock)
    addresses = {"unknown": f"nobody@{BODY}.example", **_at_real_cost(services, clock)}
    times: dict[str, list[float]] = {state: [] for state in addresses}
    for _ in range(ROUNDS // 2):
        for state, taken in times.items():
            # Five failures within a quarter of an hour would be told to wait.
            clock.forward(timedelta(minutes=5))
            taken.append(duration(partial(_refused, services, addresses[state]), process_time))
    each = {state: statistics.median(taken) * 1000 for state, taken in times.items()}
    told = ", ".join(f"{taken:.0f} ms {state}" for state, taken in each.items())
    return Measure(
        name="refused sign-in, slowest / fastest",
        ratio=max(each.values()) / min(each.values()),
        goal="<= 1.10",
        detail=f"median of {ROUNDS // 2}, of a processor: {told}; argon2id at its real cost",
    )


def _at_real_cost(services: Services, clock: Clock) -> Mapping[str, str]:
    """Return addresses by the state of their accounts, whose passwords are hashed as always."""
    held = {state: with_account(services, clock, name) for state, name in _STATES.items()}
    hashed = services.access.accounts.passwords.hash(PASSWORD)
    for one in held.values():
        with services.transaction() as tx:
            account = tx.accounts.of_person(one.person)
            if account is None:
                raise LookupError(one.person)
            changed = replace(account, password=hashed, version=account.version + 1)
            mark = tx.accounts.put(changed)
            tx.append(people_events.account_changed(one.person, mark, "password", one.person))
    with services.transaction() as tx:
        tx.sessions.set_mark(failures_of(held["locked"].person), MOST_FAILURES_IN_A_ROW)
    services.access.people.disable(held["disabled"].person, SECOND)
    return {state: one.address for state, one in held.items()}


_STATES: Mapping[str, str] = {
    "known": "Mira Specimen",
    "locked": "Lena Specimen",
    "disabled": "Dora Specimen",
}


def _refused(services: Services, address: str) -> None:
    with suppress(SignInRefusedError):
        services.access.sign_in.sign_in(address, "lantern orchard velvet tram", "000000")


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
    _append(services, ENTRIES)


def _append(services: Services, entries: int) -> None:
    for _ in range(0, entries, _AT_ONCE):
        with services.transaction() as tx:
            tx.append(*[_EXPIRED] * _AT_ONCE)


@dataclass(frozen=True, kw_only=True)
class Record:
    """An auditor before a record of so many entries, ten about each reference."""

    visit: Visit
    size: int
    reference: str

    def pages(self) -> tuple[str, ...]:
        """Return the list, an older page of it, it narrowed by reference and by day, an entry."""
        return (
            "/ledger",
            f"/ledger?before={self.size // 2}",
            f"/ledger?reference={self.reference}",
            "/ledger?day-day=16&day-month=3&day-year=2026",
            f"/ledger/{self.size // 2}",
        )

    def milliseconds(self) -> float:
        """Return how long all of its pages take together."""
        return 1000 * sum(
            duration(partial(FlaskClient.open, self.visit.client, path, headers=_HTML))
            for path in self.pages()
        )


def record_of_a_million(folder: Path) -> Measure:
    """Measure pages of the record over a million entries against those over a thousand."""
    short, long = (_record(folder / f"record-{size}", size) for size in (SHORT, LONG))
    pairs = [(long.milliseconds(), short.milliseconds()) for _ in range(ROUNDS)]
    slow, quick = (statistics.median(times) for times in zip(*pairs[1:], strict=True))
    return Measure(
        name="pages of the record, 1,000,000 / 1,000 entries",
        ratio=slow / quick,
        goal="<= 1.50",
        detail=f"{len(long.pages())} pages in {slow:.0f} ms against {quick:.0f} ms",
    )


def _record(home: Path, size: int) -> Record:
    """Return a record of so many entries, of which pages read the rows and verify nothing.

    The first thousand are appended; what follows goes on from them as rows of the same form.
    """
    clock = Clock()
    services = a_broker(home, clock)
    references = [str(new_reference()) for _ in range(size // 10)]
    with services.transaction() as tx:
        tx.append(*({"type": "expired", "ref": one} for one in references[:SHORT]))
    visit = signed_in(services, clock, Role.AUDITOR)
    with services.transaction.database.transaction() as connection:
        newest = select(ledger_entry).order_by(ledger_entry.c.seq.desc()).limit(1)
        last = connection.execute(newest).one()
        rows = _following(parse_entry(last.entry), last.entry, size, references)
        while some := [*islice(rows, _AT_ONCE)]:
            connection.execute(insert(ledger_entry), some)
    return Record(visit=visit, size=size, reference=references[0])


def _following(
    last: Entry, raw: bytes, size: int, references: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Yield rows after an entry, each over the one before it, until there are so many."""
    event = {**last.event}
    for seq in range(last.seq + 1, size):
        id_, reference = uuid4(), references[seq % len(references)]
        previous = leaf_hash(raw)
        event = {**event, "id": str(id_), "ref": reference, "gw_seq": seq}
        document = {"event": event, "prev": previous.hex(), "seq": seq, "v": 1}
        raw = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
        yield {
            "seq": seq,
            "entry": raw,
            "leaf": leaf_hash(raw),
            "event_id": id_.bytes,
            "reference": reference,
        }


def export_a_million(folder: Path) -> Measure:
    """Measure by how much a process grows that gives a million entries away, as table and JSON."""
    services = a_broker(folder / "export", Clock())
    _append(services, LONG)
    _exported(services, "as_json", read=1)  # what is loaded once is loaded
    grown, seconds = {}, {}
    for form in ("as_csv", "as_json"):
        before = _start_watching()
        seconds[form] = duration(partial(_exported, services, form))
        grown[form] = (_memory("VmHWM") - before) / 1024
    services.close()
    return Measure(
        name="export of 1,000,000 entries, MiB more / 32",
        ratio=max(grown.values()) / 32,
        goal="<= 1.00",
        detail=", ".join(
            f"{form[3:]} {grown[form]:.1f} MiB in {seconds[form]:.0f} s" for form in grown
        ),
    )


def _exported(services: Services, form: str, read: int | None = None) -> int:
    """Read an export as a slow reader does, piece by piece; return how many lines it has."""
    auditor = Person(id=PersonId("p-auditor"), agency=NURSE.agency, role=Role.AUDITOR)
    pieces = getattr(services.explorer.tables, form)(auditor, Wanted(), Entrance.PAGE)
    lines = sum(int(piece.count(b"\n")) for piece in islice(pieces, read))
    if read is None and lines < LONG:
        raise RuntimeError(lines)
    return lines


def _start_watching() -> int:
    """Forget the most memory that this process ever had, and return what it has, in KiB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))


PAGE_MEASURES = (
    render_pages,
    hide_my_screen,
    refused_alike,
    record_of_a_million,
    export_a_million,
)
