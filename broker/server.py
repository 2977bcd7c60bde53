"""Serve the gateway with gunicorn, one dispatch loop and one keeper of checkpoints beside it."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker

from audit.errors import LedgerError
from broker.app import create_app
from broker.delivery.dispatcher import Dispatcher
from broker.domain.errors import AlreadyDispatchingError, BrokerError, PortTakenError
from broker.http_edge import GatewayLog, GatewayWorker
from broker.logs import where_raised
from broker.operations.build import OPERATOR, record_build
from broker.operations.installation import begin
from broker.operations.serving import Rounds
from broker.packs.sandbox import SandboxUnavailableError, Wall
from broker.packs.sandbox.sandbox import READERS, WAITING
from broker.settings import Settings
from broker.web.public import PublicPages
from broker.web.site import channels_of, renew_public_pages
from broker.wiring import Services, assemble

PAUSE_SECONDS = 0.25
CHECKPOINT_SECONDS = 1.0
PAGES_SECONDS = 30.0

_log = structlog.get_logger()


class Server(BaseApplication):
    """gunicorn with one threaded worker; it speaks on loopback unless a proxy stands before it."""

    def __init__(self, settings: Settings, on_serving: Callable[[], None]) -> None:
        """Prepare to serve the installation of `settings`; call `on_serving` once it does."""
        self._settings = settings
        self._on_serving = on_serving
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn up; nothing of its own configuration files is read."""
        settings: dict[str, object] = {
            "bind": f"{_host(self._settings)}:{self._settings.port}",
            "workers": 1,
            # Whoever waits for a file to be read must not keep the others from their turn.
            "threads": self._settings.threads + READERS + WAITING,
            "worker_class": GatewayWorker,
            "logger_class": GatewayLog,
            # Nobody in front sets anything for us: no path prefix, no scheme, no address.
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "timeout": 60,
            "graceful_timeout": 30,
            "keepalive": 5,
            "limit_request_line": 4094,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._begin,
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override]  # the stub narrows start_response
        """Make the application after the fork: keys and connections are the worker's own."""
        services = assemble(self._settings)
        begin(services)
        try:
            record_build(services, OPERATOR)
        except (BrokerError, LedgerError) as error:
            # A full disk must not keep the gateway from saying so at /readyz.
            _log.error("build-unrecorded", error=type(error).__name__)
        app = create_app(services)
        write_public_pages(services, PublicPages.of(services.settings, channels_of(services)))
        self._services, self._app = services, app
        return app

    def _begin(self, _worker: Worker) -> None:
        # Beside the rest: packs without files need not wait until the parsers are loaded.
        threading.Thread(target=start_sandbox, args=(self._services,), daemon=True).start()
        start_background(self._services)
        renewing = threading.Thread(
            target=_renew_pages, args=(self._services, self._app), daemon=True
        )
        renewing.start()
        self._on_serving()


def write_public_pages(services: Services, pages: PublicPages) -> None:
    """Write the pages that need nothing else as plain files; without room they are shown still."""
    try:
        pages.write(services.home.public)
    except OSError as error:
        _log.warning("public-pages-not-written", error=type(error).__name__)


def start_sandbox(services: Services) -> None:
    """Start the process that reads attached files, and log which walls stand around it."""
    try:
        walls = services.sandbox.start()
    except SandboxUnavailableError:
        _log.error("sandbox-unavailable")
        return
    missing = sorted(set(Wall) - walls)
    say = _log.warning if missing else _log.info
    say("sandbox", walls=sorted(walls), missing=missing)


def check_port(settings: Settings) -> None:
    """Return if the port is free; raise `PortTakenError`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(settings), settings.port))
        except OSError as error:
            raise PortTakenError(settings.port) from error


def _host(settings: Settings) -> str:
    return "0.0.0.0" if settings.behind_proxy else "127.0.0.1"  # noqa: S104  # a proxy is before it


def start_background(services: Services) -> None:
    """Start the threads of this process: dispatch, signed heads, verification of the ledger."""
    for loop in (_dispatch_for_ever, _keep_checkpoints, _verify_now_and_then):
        threading.Thread(target=loop, args=(services,), daemon=True).start()


def _dispatch_for_ever(services: Services) -> None:
    """Dispatch while this process lives; wait in line while another process of the host does."""
    while True:
        try:
            with services.dispatcher.alone(), _emergencies_beside(services.dispatcher):
                rounds = Rounds(services)
                while True:
                    rounds.make()
                    time.sleep(PAUSE_SECONDS)
        except AlreadyDispatchingError:
            time.sleep(PAUSE_SECONDS)
        except Exception as error:  # noqa: BLE001  # the loop outlives a database that was away
            _log.error("dispatch-paused", error=type(error).__name__, where=where_raised(error))
            time.sleep(CHECKPOINT_SECONDS)


@contextmanager
def _emergencies_beside(dispatcher: Dispatcher) -> Generator[None]:
    """Dispatch emergencies in a thread of their own: none waits behind a pack that takes long."""
    over = threading.Event()

    def dispatch_emergencies() -> None:
        while not over.wait(PAUSE_SECONDS):
            try:
                dispatcher.dispatch(emergencies_only=True)
            except Exception as error:  # noqa: BLE001  # as the loop beside it
                where = where_raised(error)
                _log.error("emergencies-paused", error=type(error).__name__, where=where)
                over.wait(CHECKPOINT_SECONDS)

    beside = threading.Thread(target=dispatch_emergencies, daemon=True)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


def _renew_pages(services: Services, app: Flask) -> None:
    """Show and write the channels anew once the directory, or the day, changes what they say."""
    while True:
        time.sleep(PAGES_SECONDS)
        pages = renew_public_pages(app)
        if pages is not None:
            write_public_pages(services, pages)


def _keep_checkpoints(services: Services) -> None:
    while True:
        time.sleep(CHECKPOINT_SECONDS)
        try:
            services.checkpoints.keep()
        except Exception as error:  # noqa: BLE001  # the loop outlives a disk that was full
            _log.error("checkpoint-failed", error=type(error).__name__, where=where_raised(error))


def _verify_now_and_then(services: Services) -> None:
    """Verify the whole ledger each hour, and within a second where somebody asks for it."""
    while True:
        time.sleep(CHECKPOINT_SECONDS)
        try:
            services.explorer.standings.check_if_due()
        except Exception as error:  # noqa: BLE001  # the loop outlives a database that was away
            _log.error(
                "verification-failed", error=type(error).__name__, where=where_raised(error)
            )
