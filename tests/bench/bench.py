"""Measure ratios: each figure stands between two runs of its floor, on this machine, now.

    python tests/bench/bench.py

Prints one line a measure: the ratio, its goal, and the two rates it comes from. Nothing here
fails on a time; a reader compares ratios.
"""

import http.client
import json
import logging
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import Engine
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))

import pikepdf
from brokers import NURSE, Clock, a_broker, a_token
from cedar import by_cards, by_cedar, random_sheet
from packs import pack_bytes

from audit.checkpoint import Checkpoint
from audit.ledger import Ledger
from audit.tree import leaf_hash
from audit.verify import Walk
from broker.app import create_app
from broker.database import Database
from broker.logs import configure
from broker.migrate import upgrade
from broker.sealing import Original
from broker.sealing.seal import encrypted
from broker.wiring import Services
from policies import Rulebook, decide, impact
from policies.cards_v1 import Sheet

ROUNDS = 7
SLICE = 1.0
FLOOR = 0.3
ENTRIES = 50_000
REFERENCE = "PRV-7Q4K-M2XH"
MEGABYTES = 9_900_000
SHEETS = 50
SINGLE_DECISIONS = 10_000
RECORDED = 100_000
SEED = 20260316


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A ratio between a rate and its floor, or between a time and another tool's."""

    name: str
    ratio: float
    goal: str
    detail: str


def rate(work: Callable[[], int], seconds: float) -> float:
    """Return how many units of `work` a second are done, for about `seconds`."""
    done, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        done += work()
    return done / elapsed


def beside(work: Callable[[], int], floor: Callable[[], int]) -> tuple[float, float, float]:
    """Return the median ratio of `work` to `floor`, and the median rates of both."""
    ratios, rates, floors = [], [], []
    for _ in range(ROUNDS):
        before = rate(floor, FLOOR)
        measured = rate(work, SLICE)
        between = (before + rate(floor, FLOOR)) / 2
        ratios.append(measured / between)
        rates.append(measured)
        floors.append(between)
    return statistics.median(ratios), statistics.median(rates), statistics.median(floors)


def append_alone(folder: Path) -> Measure:
    """Measure one entry, one commit, one caller on SQLite against 4 KiB with fdatasync."""
    engine = _ledger(folder)
    event = {
        "type": "sent",
        "ref": REFERENCE,
        "courier": "pickup",
        "sha256": "0" * 64,
        "attempt": 1,
        "tls": "none",
    }
    with engine.connect() as connection:
        log = Ledger(connection, lambda: datetime.now(UTC))

        def append() -> int:
            with connection.begin():
                log.append([event])
            return 1

        with (folder / "floor").open("ab", buffering=0) as file:

            def sync() -> int:
                file.write(bytes(4096))
                os.fdatasync(file.fileno())
                return 1

            ratio, measured, floor = beside(append, sync)
    return Measure(
        name="ledger append / fdatasync",
        ratio=ratio,
        goal=">= 0.80",
        detail=f"{measured:,.0f} entries/s beside {floor:,.0f} syncs/s",
    )


def verify_all(folder: Path) -> Measure:
    """Measure a full verification against hashing the same leaves alone, per core."""
    engine = _ledger(folder)
    event = {"type": "expired", "ref": REFERENCE}
    with engine.begin() as connection:
        log = Ledger(connection, lambda: datetime.now(UTC))
        for _ in range(ENTRIES // 500):
            log.append([event] * 500)
        raw = list(log.raw_entries())
        head = log.head()
    checkpoint = Checkpoint(origin=head.origin, size=head.size, root=head.root)

    def verify() -> int:
        walk = Walk([checkpoint])
        for entry in raw:
            walk.add(entry)
        walk.finish()
        return len(raw)

    def hash_leaves() -> int:
        for entry in raw:
            leaf_hash(entry)
        return len(raw)

    ratio, measured, floor = beside(verify, hash_leaves)
    return Measure(
        name="full verify / leaf hashes",
        ratio=ratio,
        goal=">= 0.25",
        detail=f"{measured:,.0f} entries/s beside {floor:,.0f} hashes/s",
    )


def seal_ten_megabytes(folder: Path) -> Measure:
    """Measure sealing 10 MB against qpdf's own encryption of the same file."""
    original = Original(name="01-attachment.jpg", content=secrets.token_bytes(MEGABYTES))
    plain = pikepdf.new()
    plain.add_blank_page()
    plain.attachments[original.name] = pikepdf.AttachedFileSpec(
        plain, original.content, mime_type="application/octet-stream"
    )
    path = folder / "plain.pdf"
    plain.save(path, compress_streams=False)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: _encrypt(path)))
        theirs.append(_seconds(lambda: _qpdf(path, folder / "sealed.pdf")))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return Measure(
        name="seal 10 MB / qpdf",
        ratio=ratio,
        goal="<= 1.3",
        detail=f"{statistics.median(ours) * 1000:.0f} ms beside "
        f"{statistics.median(theirs) * 1000:.0f} ms",
    )


def _encrypt(path: Path) -> None:
    with pikepdf.open(path) as document:
        encrypted(document, "onyx-theme-musky-sage-heat-grub")


def _qpdf(path: Path, target: Path) -> None:
    subprocess.run(
        [
            "qpdf",
            "--compress-streams=n",
            "--encrypt",
            "onyx-theme-musky-sage-heat-grub",
            "an-owner-password",
            "256",
            "--",
            str(path),
            str(target),
        ],
        check=True,
    )


def submit_call(folder: Path) -> Measure:
    """Measure the whole submit call against a trivial JSON route of the same server."""
    made = a_broker(folder / "home", Clock())
    token = a_token(made, NURSE)
    with _served(made) as port:
        ours = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        floor = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

        def submit() -> int:
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": secrets.token_hex(16),
            }
            ours.request("POST", "/api/v1/disclosures", pack_bytes(), headers)
            answer = ours.getresponse()
            body = answer.read()
            if answer.status != http.HTTPStatus.CREATED:
                raise RuntimeError(body)
            return 1

        def alive() -> int:
            floor.request("GET", "/healthz")
            floor.getresponse().read()
            return 1

        ratio, measured, trivial = beside(submit, alive)
    made.close()
    return Measure(
        name="submit call / trivial route",
        ratio=ratio,
        goal=">= 0.04",
        detail=f"{measured:,.0f} submissions/s beside {trivial:,.0f} answers/s, one caller",
    )


def decisions(_folder: Path) -> Measure:
    """Measure whole decisions a second, facts read and all; the ratio is to 20,000."""
    rulebook, facts = Rulebook.shipped(), _sample_facts()

    def judge() -> int:
        for one in facts:
            decide(one, rulebook)
        return len(facts)

    measured = statistics.median(rate(judge, SLICE) for _ in range(ROUNDS))
    each = [
        _seconds(partial(decide, one, rulebook)) * 1e6
        for _ in range(SINGLE_DECISIONS // len(facts))
        for one in facts
    ]
    centiles = statistics.quantiles(each, n=100)
    return Measure(
        name="decisions / 20,000 a second",
        ratio=measured / 20_000,
        goal=">= 1",
        detail=f"{measured:,.0f}/s; p50 {centiles[49]:.0f} us, p99 {centiles[98]:.0f} us",
    )


def cards_beside_cedar(_folder: Path) -> Measure:
    """Measure all cards on sheets of facts against the same cards exported to Cedar."""
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    sheets = [random_sheet(chance) for _ in range(SHEETS)]

    def by(engine: Callable[[Sheet], object]) -> int:
        for sheet in sheets:
            engine(sheet)
        return len(sheets)

    ratio, measured, floor = beside(partial(by, by_cards), partial(by, by_cedar))
    return Measure(
        name="cards / Cedar",
        ratio=ratio,
        goal=">= 12",
        detail=f"{measured:,.0f} sheets/s beside {floor:,.0f} sheets/s",
    )


def impact_of_a_change(_folder: Path) -> Measure:
    """Measure requests compared under two rulebooks; the ratio is to 100,000 in 20 seconds.

    Then as many are compared at one go, and the time that they took is told.
    """
    before = Rulebook.shipped()
    after = Rulebook.from_bundle(before.bundle())
    recorded = [(REFERENCE, one) for one in _sample_facts()]

    def compare() -> int:
        return len(impact(recorded, before, after))

    measured = statistics.median(rate(compare, SLICE) for _ in range(ROUNDS))
    all_recorded = islice(cycle(recorded), RECORDED)
    took = _seconds(lambda: impact(all_recorded, before, after))
    return Measure(
        name="impact / 5,000 requests a second",
        ratio=measured / 5_000,
        goal=">= 1",
        detail=f"{measured:,.0f} requests/s; {RECORDED:,} in {took:.1f} s",
    )


def _sample_facts() -> list[dict[str, object]]:
    cases = Path(__file__).parent.parent / "cases" / "decisions.json"
    return [case["facts"] for case in json.loads(cases.read_bytes())]


@contextmanager
def _served(made: Services) -> Generator[int]:
    server = make_server("127.0.0.1", 0, create_app(made), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()


def _ledger(folder: Path) -> Engine:
    folder.mkdir(exist_ok=True)
    engine = Database(f"sqlite:///{folder / 'ledger.db'}", threads=1).engine
    upgrade(engine)
    with engine.begin() as connection:
        Ledger(connection, lambda: datetime.now(UTC)).open_log("bench.invalid/ledger")
    return engine


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


MEASURES = (
    append_alone,
    verify_all,
    seal_ten_megabytes,
    submit_call,
    decisions,
    cards_beside_cedar,
    impact_of_a_change,
)


def main() -> None:
    """Run every measure and print a line for each."""
    configure("error")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as name:
        for number, measure in enumerate(MEASURES):
            folder = Path(name) / str(number)
            folder.mkdir()
            found = measure(folder)
            sys.stdout.write(
                f"{found.name:<32} {found.ratio:6.2f}  goal {found.goal:<8} {found.detail}\n"
            )
            sys.stdout.flush()
        sys.stdout.write(f"load average {os.getloadavg()[0]:.1f}\n")


if __name__ == "__main__":
    main()
