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
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
sys.path.insert(0, str(Path(__file__).parent.parent.parent / "examples"))

import pikepdf
from brokers import NURSE, Clock, a_broker, a_token
from case_measures import CASE_MEASURES
from cedar import by_cards, by_cedar, random_sheet
from check_measures import CHECK_MEASURES
from delivery_measures import DELIVERY_MEASURES
from file_measures import FILE_MEASURES
from gullible import asking_nobody
from ledger_measures import LEDGER_MEASURES
from machine_measures import MACHINE_MEASURES
from measuring import ROUNDS, SLICE, Measure, beside, duration, rate
from packs import pack_bytes
from page_measures import PAGE_MEASURES
from served import served
from start_measures import START_MEASURES
from weight_measures import WEIGHT_MEASURES

from broker.ledger.receipts import Receipts
from broker.logs import configure
from broker.packs.sealing import Original
from broker.packs.sealing.seal import encrypted
from broker.wiring import Services
from policies import Rulebook, decide, impact
from policies.engine import Sheet

REFERENCE = "PRV-7Q4K-M2XH"
MEGABYTES = 9_900_000
SHEETS = 50
SINGLE_DECISIONS = 10_000
RECORDED = 100_000
SEED = 20260316
ALONE = "--alone"


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
        ours.append(duration(lambda: _encrypt(path)))
        theirs.append(duration(lambda: _qpdf(path, folder / "sealed.pdf")))
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
    services = a_broker(folder / "home", Clock())
    with served(services) as port:
        floor = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

        def alive() -> int:
            floor.request("GET", "/healthz")
            floor.getresponse().read()
            return 1

        ratio, measured, trivial = beside(_submitting(services, port), alive)
    services.close()
    return Measure(
        name="submit call / trivial route",
        ratio=ratio,
        goal=">= 0.04",
        detail=f"{measured:,.0f} submissions/s beside {trivial:,.0f} answers/s, one caller",
    )


def receipts_in_answers(folder: Path) -> Measure:
    """Measure the submit call with a receipt in its answer against the same without."""
    services = a_broker(folder / "home", Clock())
    silent = replace(services, receipts=_NoReceipts(**_fields(services.receipts)))
    with served(services) as port, served(silent) as other:
        ratio, measured, without = beside(
            _submitting(services, port), _submitting(services, other)
        )
    services.close()
    return Measure(
        name="submit with a receipt / without",
        ratio=ratio,
        goal=">= 0.75",
        detail=f"{measured:,.0f} submissions/s beside {without:,.0f} submissions/s, one caller",
    )


def rows_that_are_believed(folder: Path) -> Measure:
    """Measure the submit call that believes rows by the ledger against one that asks nobody."""
    services = a_broker(folder / "home", Clock())
    asks_nobody = asking_nobody(services.transaction)
    plain = replace(services, disclosures=replace(services.disclosures, transaction=asks_nobody))
    with served(services) as port, served(plain) as other:
        ratio, measured, without = beside(_submitting(services, port), _submitting(plain, other))
    services.close()
    return Measure(
        name="submit, rows believed / without",
        ratio=ratio,
        goal=">= 0.90",
        detail=f"{measured:,.0f} submissions/s beside {without:,.0f} submissions/s, one caller",
    )


class _NoReceipts(Receipts):
    """What the gateway would do without receipts."""

    def told_of(self, number: int) -> None:
        del number


def _fields(receipts: Receipts) -> dict[str, Any]:
    return {one.name: getattr(receipts, one.name) for one in fields(receipts)}


def _submitting(services: Services, port: int) -> Callable[[], int]:
    """Return what submits one pack to the server at `port`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    token = a_token(services, NURSE)

    def submit() -> int:
        key = secrets.token_hex(16)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        # The same pack would be answered with the one that is on its way.
        pack = pack_bytes(again=f"Measured under {key}.")
        connection.request("POST", "/api/v1/disclosures", pack, headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != http.HTTPStatus.CREATED:
            raise RuntimeError(body)
        return 1

    return submit


def decisions(_folder: Path) -> Measure:
    """Measure whole decisions a second, facts read and all; the ratio is to 10,000."""
    rulebook, facts = Rulebook.shipped(), _sample_facts()

    def judge() -> int:
        for one in facts:
            decide(one, rulebook)
        return len(facts)

    measured = statistics.median(rate(judge, SLICE) for _ in range(ROUNDS))
    each = [
        duration(partial(decide, one, rulebook)) * 1e6
        for _ in range(SINGLE_DECISIONS // len(facts))
        for one in facts
    ]
    centiles = statistics.quantiles(each, n=100)
    return Measure(
        name="decisions / 10,000 a second",
        ratio=measured / 10_000,
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
    took = duration(lambda: impact(all_recorded, before, after))
    return Measure(
        name="impact / 5,000 requests a second",
        ratio=measured / 5_000,
        goal=">= 1",
        detail=f"{measured:,.0f} requests/s; {RECORDED:,} in {took:.1f} s",
    )


def _sample_facts() -> list[dict[str, object]]:
    cases = Path(__file__).parent.parent / "cases" / "decisions.json"
    return [case["facts"] for case in json.loads(cases.read_bytes())]


MEASURES = (
    *LEDGER_MEASURES,
    seal_ten_megabytes,
    submit_call,
    receipts_in_answers,
    rows_that_are_believed,
    decisions,
    cards_beside_cedar,
    impact_of_a_change,
    *START_MEASURES,
    *CHECK_MEASURES,
    *CASE_MEASURES,
    *PAGE_MEASURES,
    *WEIGHT_MEASURES,
    *MACHINE_MEASURES,
    *DELIVERY_MEASURES,
    *FILE_MEASURES,
)


def main() -> None:
    """Run every measure, or those named on the command line, and print a line for each.

    Each has a process of its own: what one leaves in memory is looked through by the collector in
    the time of the next, and is counted as its peak.
    """
    names = sys.argv[1:] or [measure.__name__ for measure in MEASURES]
    ended = [
        subprocess.run([sys.executable, __file__, ALONE, name], check=False) for name in names
    ]
    sys.stdout.write(f"load average {os.getloadavg()[0]:.1f}\n")
    sys.exit(any(run.returncode for run in ended))


def run_alone(name: str) -> None:
    """Run one measure here, and print its line."""
    configure("error")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    (measure,) = (measure for measure in MEASURES if measure.__name__ == name)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    sys.stdout.write(f"{found.name:<32} {found.ratio:6.2f}  goal {found.goal:<8} {found.detail}\n")


if __name__ == "__main__":
    if sys.argv[1:2] == [ALONE]:
        run_alone(sys.argv[2])
    else:
        main()
