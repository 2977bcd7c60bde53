"""How long a command takes before it does anything, beside an interpreter that does nothing."""

import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measuring import Measure, duration

CALLS = 15
NOTHING = ("-c", "pass")
HELP = ("-m", "broker", "--help")
ADDRESS = ("-m", "broker", "address", "duty@northshire.nhs.uk")


def starting(name: str, *arguments: str) -> Callable[[Path], Measure]:
    """Return what measures a call of `broker` against `python -c pass`."""

    def measure(_folder: Path) -> Measure:
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

    return measure


def _call(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


START_MEASURES = (starting("broker --help", *HELP), starting("broker address", *ADDRESS))
