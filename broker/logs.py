"""Logs for operators: JSON lines, only named keys, nothing about a person."""

import logging
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import TextIO

import structlog

ALLOWED = frozenset(
    {
        "attempt",
        "bytes",
        "code",
        "count",
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

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


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
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
