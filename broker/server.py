"""Serve the gateway with gunicorn, one dispatch loop and one keeper of checkpoints beside it.

Told to stop or to reload, it answers what it has begun and finishes the step that it works on, so
that nothing is left half sent.
"""

import gc
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from audit.errors import LedgerError
from broker.api.admission import REFUSING, places
from broker.app import create_app, metrics_of
from broker.delivery.dispatcher import Dispatcher
from broker.domain.errors import AlreadyDispatchingError, BrokerError
from broker.http_edge import GatewayWorker, check_free, host_of, set_up
from broker.intake.request_documents import given_answer
from broker.logs import where_raised
from broker.metrics import Metrics
from broker.operations.build import OPERATOR, record_build
from broker.operations.installation import begin
from broker.operations.serving import Rounds
from broker.packs.sandbox import SandboxUnavailableError, Wall
from broker.settings import Settings
from broker.web.public import PublicPages
from broker.web.site import channels_of, renew_public_pages
from broker.wiring import Services, assemble

PAUSE_SECONDS = 0.25
CHECKPOINT_SECONDS = 1.0
WORDS_SECONDS = 2.0
PAGES_SECONDS = 30.0

ANSWER_SECONDS = 2.5
"""The longest that a request waits for the database, or for its turn to write."""

FINISHING_SECONDS = 25.0
"""How long the step that is worked on may take once the gateway is told to stop."""

ALLOCATED_BETWEEN = 20_000
"""How many objects are made before any is looked for that only refers to itself: few requests."""

_log = structlog.get_logger()


class Server(BaseApplication):
    """gunicorn with one threaded worker; it speaks on loopback unless a proxy stands before it."""

    def __init__(self, settings: Settings, on_serving: Callable[[], None]) -> None:
        """Prepare to serve the installation of `settings`; call `on_serving` once it does."""
        self._settings = settings
        self._on_serving = on_serving
        self._dispatching: threading.Thread | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn up; nothing of its own configuration files is read."""
        set_up(
            self.cfg,
            bind=f"{host_of(self._settings)}:{self._settings.port}",
            threads=places(self._settings.threads) + REFUSING,
            limit_request_line=4094,
            post_worker_init=self._begin,
            worker_exit=self._end,
        )

    def load(self) -> Flask:  # type: ignore[override]  # the stub narrows start_response
        """Make the application after the fork: keys and connections are the worker's own."""
        services = assemble(self._settings)
        services.transaction.database.patience = ANSWER_SECONDS
        begin(services)
        try:
            record_build(services, OPERATOR)
        except (BrokerError, LedgerError) as error:
            # A full disk must not keep the gateway from saying so at /readyz.
            _log.error("build-unrecorded", error=type(error).__name__)
        app = create_app(services)
        write_public_pages(services, PublicPages.of(services.settings, channels_of(services)))
        self._services, self._app = services, app
        collect_seldom()
        return app

    def _begin(self, worker: GatewayWorker) -> None:
        # Beside the rest: packs without files need not wait until the parsers are loaded.
        threading.Thread(target=start_sandbox, args=(self._services,), daemon=True).start()
        self._dispatching = start_background(self._services, worker.stopping)
        if self._settings.metrics_port:
            counting = (metrics_of(self._app), self._settings.metrics_port)
            threading.Thread(target=_serve_metrics, args=counting, daemon=True).start()
        renewing = threading.Thread(
            target=_renew_pages, args=(self._services, self._app), daemon=True
        )
        renewing.start()
        self._on_serving()

    def _end(self, _arbiter: Arbiter, worker: GatewayWorker) -> None:
        """Let the step that is worked on come to its end: cut short, nobody knew if it went."""
        worker.stopping.set()
        if self._dispatching is not None:
            self._dispatching.join(FINISHING_SECONDS)


def collect_seldom() -> None:
    """Look for garbage seldom, and never among what start-up made: a tenth of each request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATED_BETWEEN)


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
    """Return if the ports are free, and not one twice; raise `PortTakenError`."""
    wanted = [(host_of(settings), settings.port)]
    if settings.metrics_port:
        wanted.append(("127.0.0.1", settings.metrics_port))
    check_free(wanted)


def start_background(services: Services, stopping: threading.Event) -> threading.Thread:
    """Start the threads of this process: dispatch, signed heads, verification of the ledger.

    Return the one that dispatches, which ends by itself once `stopping` is set.
    """
    for loop in _beside(services):
        threading.Thread(target=_repeat, args=(loop,), daemon=True).start()
    dispatching = threading.Thread(target=_dispatch_until, args=(services, stopping), daemon=True)
    dispatching.start()
    return dispatching


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loop:
    """Work that is done again and again beside everything else, and the event if it failed."""

    every: float
    work: Callable[[], object]
    failed: str


def _beside(services: Services) -> Generator[_Loop]:
    if services.settings.portal_url is not None:
        # Whoever fetches a document from a page waits, so nothing stands before it.
        answer = partial(services.pages.answer_all, given_answer)
        yield _Loop(every=PAUSE_SECONDS, work=answer, failed="pages-paused")
    yield _Loop(
        every=CHECKPOINT_SECONDS, work=services.checkpoints.keep, failed="checkpoint-failed"
    )
    # The whole ledger each hour, and within a second where somebody asks for it.
    yield _Loop(
        every=CHECKPOINT_SECONDS,
        work=services.explorer.standings.check_if_due,
        failed="verification-failed",
    )
    # A receiver that is slow holds nothing else up.
    yield _Loop(
        every=WORDS_SECONDS, work=services.access.machines.words.make, failed="words-paused"
    )


def _repeat(loop: _Loop) -> None:
    while True:
        time.sleep(loop.every)
        try:
            loop.work()
        except Exception as error:  # noqa: BLE001  # outlives a full disk, a database away
            _log.error(loop.failed, error=type(error).__name__, where=where_raised(error))
            time.sleep(CHECKPOINT_SECONDS)


def _dispatch_until(services: Services, stopping: threading.Event) -> None:
    """Dispatch until told to stop; wait in line while another process of the host does."""
    while not stopping.is_set():
        try:
            with (
                services.dispatcher.alone(),
                _emergencies_beside(services.dispatcher, stopping),
            ):
                rounds = Rounds(services, is_over=stopping.is_set)
                while not stopping.wait(PAUSE_SECONDS):
                    rounds.make()
        except AlreadyDispatchingError:
            stopping.wait(PAUSE_SECONDS)
        except Exception as error:  # noqa: BLE001  # the loop outlives a database that was away
            _log.error("dispatch-paused", error=type(error).__name__, where=where_raised(error))
            stopping.wait(CHECKPOINT_SECONDS)


@contextmanager
def _emergencies_beside(dispatcher: Dispatcher, stopping: threading.Event) -> Generator[None]:
    """Dispatch emergencies in a thread of their own: none waits behind a pack that takes long."""
    over = threading.Event()

    def dispatch_emergencies() -> None:
        while not over.wait(PAUSE_SECONDS):
            try:
                dispatcher.dispatch(emergencies_only=True, is_over=stopping.is_set)
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


def _serve_metrics(metrics: Metrics, port: int) -> None:
    """Serve the figures once the worker of before, which a reload ends, has left the port."""
    while True:
        try:
            metrics.serve(port)
        except OSError:
            time.sleep(CHECKPOINT_SECONDS)
        else:
            return
