"""How long a look-up of earlier concerns takes where many cases are remembered."""

import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path

from brokers import NURSE, TEACHER, Clock, a_broker, a_submission, a_token, read_here
from callers import Caller
from gateways import gateway
from measuring import Measure

from broker.cases.earlier.index import EDITION, EarlierIndex
from broker.domain.cases.earlier import Side
from broker.domain.judgement import JudgementRequest
from broker.domain.references import new_reference
from broker.wiring import Services
from keys import CaseId

CASES = 100_000
LOOK_UPS = 400
ASKED = 400
_WARM = 50
_AT_ONCE = 2_000
_NAMES = Path(__file__).parent.parent / "fixtures" / "likeness"


def earlier_concerns(folder: Path) -> Measure:
    """Measure the slowest twentieth of look-ups among 100,000 cases; the ratio is to 5 ms."""
    services = a_broker(folder / "home", Clock())
    index = EarlierIndex.of(services.keystore)
    draw = random.Random(20260316)  # noqa: S311  # made-up people, the same in every run
    people = list(_people(draw))
    _remember(services, index, people, draw)
    # One of them was really submitted, so that what is found is looked at on the ledger too.
    for number in range(3):
        services.disclosures.submit(a_submission(services, f"key-{number:08}"), NURSE)
    pack = read_here(services)
    times, waits = list[float](), list[float]()
    for number in range(LOOK_UPS):
        form = dict(pack.form) if number % 4 == 0 else {**pack.form, **draw.choice(people)}
        asked = JudgementRequest(pack=replace(pack, form=form), person=NURSE, at=services.clock())
        with services.transaction() as tx:
            tx.known()
            begun, waited = time.process_time(), time.perf_counter()
            index(tx, asked, None)
            times.append((time.process_time() - begun) * 1_000)
            waits.append((time.perf_counter() - waited) * 1_000)
    services.close()
    slow = statistics.quantiles(times, n=20)[-1]
    return Measure(
        name="look-up over 100,000 cases / 5 ms",
        ratio=slow / 5,
        goal="<= 1.00",
        detail=f"of {LOOK_UPS}: p50 {statistics.median(times):.2f} ms, p95 {slow:.2f} ms of the "
        f"processor, {statistics.quantiles(waits, n=20)[-1]:.2f} ms by the clock on the wall",
    )


def _people(draw: random.Random) -> Iterator[dict[str, str]]:
    given = (_NAMES / "given.txt").read_text(encoding="utf-8").split()
    family = (_NAMES / "family.txt").read_text(encoding="utf-8").split()
    for _ in range(CASES):
        day = date(1950, 1, 1) + timedelta(days=draw.randint(0, 25_000))
        yield {
            "individual.name": f"{draw.choice(given)} {draw.choice(family)}",
            "individual.date_of_birth": day.isoformat(),
        }


def _remember(
    services: Services, index: EarlierIndex, people: list[dict[str, str]], draw: random.Random
) -> None:
    """Mark each person under a case of its own."""
    for start in range(0, len(people), _AT_ONCE):
        with services.transaction() as tx:
            for number, form in enumerate(people[start : start + _AT_ONCE], start):
                marks = index.marks(NURSE.agency, Side.ENTERED, form)
                case = CaseId(f"c-{number:016x}")
                tx.earlier.put(new_reference(draw.choice), case, Side.ENTERED, marks, EDITION)


def hidden_and_absent(folder: Path) -> Measure:
    """Measure asking for another body's disclosure against asking for one that does not exist."""
    services = a_broker(folder / "home", Clock())
    hidden = services.disclosures.submit(a_submission(services), NURSE)
    client = gateway(services).test_client()
    stranger = Caller(client=client, token=a_token(services, TEACHER))
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * ASKED):
        is_there = number % 2 == 0
        reference = hidden if is_there else new_reference()
        begun = time.process_time()
        answer = stranger.get(f"/api/v1/disclosures/{reference}")
        times[is_there].append((time.process_time() - begun) * 1_000)
        assert answer.status_code == HTTPStatus.NOT_FOUND
    services.close()
    there, absent = (statistics.median(times[one][_WARM:]) for one in (True, False))
    apart = statistics.quantiles(times[False][_WARM:], n=4)
    return Measure(
        name="a hidden disclosure / an absent one",
        ratio=there / absent,
        goal="<= 1.10",
        detail=f"{there:.2f} ms beside {absent:.2f} ms of the processor; half of the absent ones "
        f"lie between {apart[0]:.2f} and {apart[2]:.2f} ms",
    )


CASE_MEASURES = (earlier_concerns, hidden_and_absent)
