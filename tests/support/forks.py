"""Processes that begin with everything imported, forked from one that does nothing else.

The test process itself must not be forked: what renders documents there has threads that a fork
would lack.
"""

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

SECONDS = 120.0
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "__main__",
        "broker.cli.running.demo",
        "broker.cli.running.ledger",
        "broker.cli.running.operator",
        "broker.cli.running.serve",
        "crash_child",
        # What sealing loads when it comes to it: a second, for each process that seals.
        "pikepdf",
        "pyhanko.pdf_utils.crypt.pdfmac",
        "pyhanko.pdf_utils.reader",
        "pypdf",
        "pypdfium2",
        "typst",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How a program is called: its arguments, what is typed, its folder and its environment."""

    arguments: tuple[str, ...]
    typed: str
    folder: Path
    environment: Mapping[str, str]


def called(main: Callable[[], None], call: Call) -> tuple[int, str, str]:
    """Return exit status, output and errors of a program's main function."""
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        streams[0].write_text(call.typed)
        child = started(_call, main, call, streams)
        child.join(SECONDS)
        if child.exitcode is None:
            child.kill()
            raise TimeoutError(call.arguments)
        return child.exitcode, streams[1].read_text(), streams[2].read_text()


def started(work: Callable[..., None], *arguments: object) -> BaseProcess:
    """Return a process that does `work`, whose module can be imported, and leaves at once."""
    with _found_by_name():
        forkserver.ensure_running()
    child = _CONTEXT.Process(target=_work, args=(work, *arguments))
    child.start()
    return child


@contextmanager
def _found_by_name() -> Generator[None]:
    """Let the process that is forked from import what this one can."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    yield
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


def _work(work: Callable[..., None], *arguments: object) -> NoReturn:
    status = 1
    try:
        work(*arguments)
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
    except BaseException:  # noqa: BLE001  # whatever it is, it is told before the end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _call(main: Callable[[], None], call: Call, streams: list[Path]) -> None:
    """Take the place of the program."""
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115  # descriptors
        for number, mode in enumerate(("r", "w", "w"))
    )
    os.chdir(call.folder)
    os.environ.clear()
    os.environ.update(call.environment)
    sys.argv = ["broker", *call.arguments]
    main()
