"""Call a program's main function in a process of its own, without importing everything again."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How a program is called: its arguments, what is typed, its folder and its environment."""

    arguments: tuple[str, ...]
    typed: str
    folder: Path
    environment: Mapping[str, str]


def forked(main: Callable[[], None], call: Call) -> tuple[int, str, str]:
    """Return exit status, output and errors of `main`, run in a fork of this process."""
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        streams[0].write_text(call.typed)
        child = multiprocessing.get_context("fork").Process(
            target=_become, args=(main, call, streams)
        )
        child.start()
        child.join(SECONDS)
        if child.exitcode is None:
            child.kill()
            raise TimeoutError(call.arguments)
        return child.exitcode, streams[1].read_text(), streams[2].read_text()


def _become(main: Callable[[], None], call: Call, streams: list[Path]) -> NoReturn:
    """Take the place of the program, whatever the test process had open or configured."""
    for number, path in enumerate(streams):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115  # descriptors
        for number, mode in enumerate(("r", "w", "w"))
    )
    os.chdir(call.folder)
    os.environ.clear()
    os.environ.update(call.environment)
    sys.argv = ["broker", *call.arguments]
    status = 1
    try:
        main()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
