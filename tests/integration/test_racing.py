"""Eight gateways in processes of their own append to one ledger; both databases."""

import os
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from audit.format.entry import Entry
from audit.log.verification import verify_database
from broker.wiring import Services

CHILD = Path(__file__).parent.parent / "support" / "racing_child.py"
GATEWAYS = "23456789"


def raced(services: Services, size: int) -> dict[str, int]:
    """Return how many entries each gateway appended until the ledger held `size`."""
    services.transaction.database.close()
    children = {
        name: subprocess.Popen(
            [sys.executable, str(CHILD), services.settings.database_url, name, str(size)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(CHILD.parents[2])},
        )
        for name in GATEWAYS
    }
    for child in children.values():
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children.values():
        assert child.stdin is not None
        child.stdin.write(f"{services.transaction.rows.material.hex()}\n")
        child.stdin.flush()
    return {name: int(child.communicate(timeout=600)[0]) for name, child in children.items()}


def name_of(entry: Entry) -> str:
    return str(entry.reference)[-1]


@pytest.mark.parametrize("size", [400, pytest.param(80_000, marks=pytest.mark.long)])
def test_eight_processes_leave_one_chain_in_each_ones_order_and_none_starves(
    services: Services, size: int
) -> None:
    appended = raced(services, size)

    numbers: dict[str, list[int]] = defaultdict(list)
    kept = services.checkpoints.keep()
    with services.transaction.database.reading() as connection:
        report = verify_database(connection, [kept.checkpoint], services.checkpoints.store.key)
        for entry in services.transaction.on(connection).ledger.entries():
            if entry.type == "sealed":
                number = int(str(entry.event["bytes"]))
                assert (entry.gateway, entry.gateway_number) == (f"g-{name_of(entry)}", number)
                numbers[name_of(entry)].append(number)
    assert report.entries >= size
    assert {name: len(found) for name, found in numbers.items()} == appended
    assert all(later == one + 1 for found in numbers.values() for one, later in pairwise(found))
    assert min(appended.values()) * 4 >= max(appended.values())
