"""Logs for operators: JSON lines, only named keys, nothing about a person; never in the way."""

import atexit
import io
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from functools import partial
from typing import TextIO

import structlog

ALLOWED = frozenset(
    {
        "actor",
        "attempt",
        "bytes",
        "code",
        "count",
        "days",
        "dropped",
        "error",
        "event",
        "level",
        "method",
        "milliseconds",
        "outcome",
        "port",
        "reference",
        "request_id",
        "route",
        "size",
        "state",
        "status",
        "step",
        "timestamp",
        "where",
    }
)
"""The keys that may be logged. Every other key is dropped, and its name alone is reported."""

MAX_WAITING = 10_000
"""The most lines that wait to be written; what comes then is counted and given up."""

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class LogWriter:
    """Writes lines from a thread of its own: a full disk or a blocked pipe stops no caller.

    Lines that cannot be written are counted in `lost`, and once a line can be written again, the
    log itself says how many were.
    """

    def __init__(self, stream: TextIO, *, waiting: int = MAX_WAITING) -> None:
        """Write to `stream`; the thread starts with the first line."""
        self._put_out = _raw_writer(stream)
        self._waiting = waiting
        self.begin()

    def begin(self) -> None:
        """Begin with no lines and no thread, as after a fork, which no thread outlives."""
        self._lines: queue.Queue[str] = queue.Queue(self._waiting)
        self._counting = threading.Lock()
        self._started = False
        self._told = 0
        self.lost = 0

    def write(self, line: str) -> None:
        """Take a whole line; return at once, whatever becomes of it."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self._count_lost()
            return
        if not self._started:
            self._started = True
            threading.Thread(target=self._write_for_ever, args=(self._lines,), daemon=True).start()

    def flush(self) -> None:
        """Do nothing: nobody waits for the log."""

    def drain(self, seconds: float) -> None:
        """Wait until what was taken is written, at most so long; for the end of a process."""
        give_up_at = time.monotonic() + seconds
        while self._lines.unfinished_tasks and time.monotonic() < give_up_at:
            time.sleep(0.001)

    def _count_lost(self) -> None:
        with self._counting:
            self.lost += 1

    def _write_for_ever(self, lines: "queue.Queue[str]") -> None:
        while True:
            line = lines.get()
            try:
                self._put_out(line)
                self._tell_lost()
            except (OSError, ValueError):
                self._count_lost()
            finally:
                lines.task_done()

    def _tell_lost(self) -> None:
        if (lost := self.lost) > self._told:
            told, self._told = lost - self._told, lost
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            self._put_out(
                f'{{"count": {told}, "event": "log-lines-lost", "level": "error", '
                f'"timestamp": "{stamp}"}}\n'
            )


def _raw_writer(stream: TextIO) -> Callable[[str], None]:
    """Return what writes text to `stream` past its buffer, which would keep what failed."""
    try:
        return partial(_write_bytes, stream.fileno())
    except (AttributeError, io.UnsupportedOperation):
        return partial(_write_text, stream)


def _write_bytes(descriptor: int, text: str) -> None:
    left = text.encode("ascii", "backslashreplace")
    while left:
        left = left[os.write(descriptor, left) :]


def _write_text(stream: TextIO, text: str) -> None:
    stream.write(text)


_writer: list[LogWriter] = []


def _begin_in_child() -> None:
    for writer in _writer:
        writer.begin()


os.register_at_fork(after_in_child=_begin_in_child)


def lines_lost() -> int:
    """Return how many log lines of this process could not be written."""
    return sum(writer.lost for writer in _writer)


def drain(seconds: float = 1.0) -> None:
    """Wait until the log is written, at most so long; a process calls it as its last act."""
    for writer in _writer:
        writer.drain(seconds)


# The thread is a daemon's: nothing waits for a log that is blocked for good.
atexit.register(drain)


def keep_allowed(
    _logger: object, _method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Keep the allowed keys that hold plain values; report the names of the others."""
    kept: dict[str, object] = {
        key: value
        for key, value in event.items()
        if key in ALLOWED and (value is None or isinstance(value, str | int | float | bool))
    }
    if dropped := sorted(event.keys() - kept.keys()):
        kept["dropped"] = ",".join(dropped)
    if (current := request_id.get()) is not None:
        kept["request_id"] = current
    return kept


def where_raised(error: BaseException) -> str:
    """Return the file and line where `error` was raised; never its text, which may hold values."""
    trace = error.__traceback__
    if trace is None:
        return "unknown"
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"


def configure(level: str, stream: TextIO = sys.stderr) -> None:
    """Send the product's own log to `stream` and keep the libraries' quiet."""
    _writer[:] = [LogWriter(stream)]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.WriteLoggerFactory(_writer[0]),  # type: ignore[arg-type]  # write and flush are all it calls
        cache_logger_on_first_use=False,
    )
