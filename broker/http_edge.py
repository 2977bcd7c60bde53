"""The edge where bytes become requests: gunicorn, answering and logging in our words.

What no application sees - a broken request line, a body longer than its Content-Length said - is
answered as a problem document of constant text, since those bytes may be a child's name.
"""

import inspect
import json
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from types import FrameType

import structlog
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http import errors
from gunicorn.http.message import Request
from gunicorn.workers.gthread import ThreadWorker

from broker.domain.errors import PortTakenError
from broker.logs import where_raised
from broker.settings import Settings

_log = structlog.get_logger()

_STATUS: dict[type[Exception], HTTPStatus] = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.InvalidHTTPVersion: HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.ParseException: HTTPStatus.BAD_REQUEST,
}
"""What a request that cannot be read is answered with; the first ancestor in here decides."""


def _line(level: str) -> Callable[..., None]:
    """Return a method that logs the place of its caller at `level`."""

    def say(self: object, *_what: object, **_how: object) -> None:
        del self
        frame = inspect.currentframe()
        caller = None if frame is None else frame.f_back
        where = (
            None if caller is None else f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno}"
        )
        error = sys.exc_info()[1]
        fields = {} if error is None else {"error": type(error).__name__}
        getattr(_log, level)("server", where=where, **fields)

    return say


def _silent(self: object, *_what: object, **_how: object) -> None:
    """Say nothing: what goes well needs no line, and the application logs each request."""


class GatewayLog(Logger):
    """gunicorn's log as lines of ours: the place in its code that speaks, never what it says."""

    critical = _line("critical")
    error = _line("error")
    exception = _line("error")
    warning = _line("warning")
    log = _line("warning")
    info = _silent
    debug = _silent
    access = _silent

    def setup(self, cfg: Config) -> None:
        """Keep the settings; there is no file and no handler to open."""
        self.cfg = cfg


class GatewayWorker(ThreadWorker):
    """A threaded worker that answers what cannot be read without repeating any of it.

    `stopping` is set as soon as it is told to end, while it still answers what it has begun.
    """

    stopping: threading.Event

    def init_process(self) -> None:
        """Begin in the worker's own process; nobody is told to end before this."""
        self.stopping = threading.Event()
        super().init_process()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end: nothing new is taken up, what was begun is finished."""
        self.stopping.set()
        super().handle_exit(sig, frame)

    def handle_error(
        self, req: Request | None, client: socket.socket, addr: object, exc: BaseException
    ) -> None:
        """Answer a request that broke before or outside the application, and say so in the log."""
        del req, addr
        status = _status_of(exc)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("request-failed", error=type(exc).__name__, where=where_raised(exc))
        else:
            _log.warning("request-unreadable", status=status.value, error=type(exc).__name__)
        try:
            client.sendall(_answer(status))
        except OSError:
            return


def _status_of(error: BaseException) -> HTTPStatus:
    for kind in type(error).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _answer(status: HTTPStatus) -> bytes:
    request_id = secrets.token_hex(8)
    body = json.dumps(
        {
            "type": f"urn:disclosure-broker:problem:{status.phrase.lower().replace(' ', '-')}",
            "title": status.phrase,
            "status": status.value,
            "request_id": request_id,
        }
    ).encode("ascii")
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Connection: close\r\n"
        "Cache-Control: no-store\r\n"
        "Content-Type: application/problem+json\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        f"X-Request-Id: {request_id}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


_AS_EVERY_SERVER: Mapping[str, object] = {
    "workers": 1,
    "worker_class": GatewayWorker,
    "logger_class": GatewayLog,
    # Nobody in front sets anything for us: no path prefix, no scheme, no address.
    "forwarded_allow_ips": "",
    "forwarder_headers": "",
    "secure_scheme_headers": {},
    "timeout": 60,
    "graceful_timeout": 30,
    "keepalive": 5,
    "accesslog": None,
    "loglevel": "warning",
    "control_socket_disable": True,
}


def set_up(config: Config, **own: object) -> None:
    """Set gunicorn up as every server of an installation is, with what is a server's own."""
    for name, value in {**_AS_EVERY_SERVER, **own}.items():
        if name in config.settings:
            config.set(name, value)


def check_free(wanted: Iterable[tuple[str, int]]) -> None:
    """Return if hosts and ports are free, and none is there twice; raise `PortTakenError`."""
    with ExitStack() as probes:
        for host, port in wanted:
            probe = probes.enter_context(socket.socket())
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                probe.listen()
            except OSError as error:
                raise PortTakenError(port) from error


def host_of(settings: Settings) -> str:
    """Return on which address of this host it listens: loopback, unless a proxy is before it."""
    return "0.0.0.0" if settings.behind_proxy else "127.0.0.1"  # noqa: S104  # a proxy is before it
