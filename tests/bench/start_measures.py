"""How long a command takes before it does anything, beside an interpreter that does nothing."""

import os
import statistics
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from brokers import NURSE, Clock, a_broker, a_token
from measuring import Measure, duration

CALLS = 15
NOTHING = ("-c", "pass")
HELP = ("-m", "broker", "--help")
STATUS = ("-m", "broker", "status")
ADDRESS = ("-m", "broker", "address", "duty@northshire.nhs.uk")


def help_starts(_folder: Path) -> Measure:
    """Measure `broker --help`, which needs nothing but the command's own words."""
    return _starting("broker --help", *HELP)


def address_starts(_folder: Path) -> Measure:
    """Measure `broker address`, which reads a register and opens no database."""
    return _starting("broker address", *ADDRESS)


def status_starts(folder: Path) -> Measure:
    """Measure `broker status`, which opens keystore and database and looks at a ledger."""
    services = a_broker(folder / "home", Clock(now=datetime.now(UTC)))
    token = folder / "token"
    token.write_text(a_token(services, NURSE), encoding="ascii")
    token.chmod(0o600)
    services.close()
    os.environ |= {"BROKER_HOME": str(folder / "home"), "BROKER_TOKEN_FILE": str(token)}
    return _starting("broker status", *STATUS)


def _starting(name: str, *arguments: str) -> Measure:
    ours, floors = [], []
    _call(*arguments)  # a first call compiles
    for _ in range(CALLS):
        floors.append(duration(partial(_call, *NOTHING)))
        ours.append(duration(partial(_call, *arguments)))
    measured, floor = statistics.median(ours), statistics.median(floors)
    return Measure(
        name=f"{name} / python -c pass",
        ratio=measured / floor,
        goal="<= 25",
        detail=f"{measured * 1000:.0f} ms beside {floor * 1000:.0f} ms",
    )


def _call(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


START_MEASURES = (help_starts, address_starts, status_starts)
