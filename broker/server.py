"""Serve the gateway with gunicorn, one dispatch loop and one keeper of checkpoints beside it."""

import threading
import time

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker

from broker.app import create_app
from broker.domain.errors import AlreadyDispatchingError
from broker.logs import where_raised
from broker.operations.housekeeping import housekeeping
from broker.operations.installation import begin
from broker.settings import Settings
from broker.wiring import Services, assemble

PAUSE_SECONDS = 0.25
CHECKPOINT_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 3600.0

_log = structlog.get_logger()


class Server(BaseApplication):
    """gunicorn with one threaded worker; it speaks on loopback unless a proxy stands before it."""

    def __init__(self, settings: Settings) -> None:
        """Prepare to serve the installation of `settings`."""
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn up; nothing of its own configuration files is read."""
        host = "0.0.0.0" if self._settings.behind_proxy else "127.0.0.1"  # noqa: S104  # see above
        for name, value in {
            "bind": f"{host}:{self._settings.port}",
            "workers": 1,
            "threads": self._settings.threads,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 30,
            "keepalive": 5,
            "limit_request_line": 4094,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": _start_background,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override]  # the stub narrows start_response
        """Make the application after the fork: keys and connections are the worker's own."""
        services = assemble(self._settings)
        begin(services)
        app = create_app(services)
        _background.append(services)
        return app


_background: list[Services] = []


def _start_background(_worker: Worker) -> None:
    for services in _background:
        start_background(services)


def start_background(services: Services) -> None:
    """Start the dispatch loop and the keeper of checkpoints as threads of this process."""
    for loop in (_dispatch_for_ever, _keep_checkpoints):
        threading.Thread(target=loop, args=(services,), daemon=True).start()


def _dispatch_for_ever(services: Services) -> None:
    """Dispatch while this process lives; wait in line while another process of the host does."""
    while True:
        try:
            with services.dispatcher.alone():
                kept_at = 0.0
                while True:
                    services.dispatcher.dispatch()
                    if time.monotonic() - kept_at > HOUSEKEEPING_SECONDS:
                        housekeeping(services)
                        kept_at = time.monotonic()
                    time.sleep(PAUSE_SECONDS)
        except AlreadyDispatchingError:
            time.sleep(PAUSE_SECONDS)
        except Exception as error:  # noqa: BLE001  # the loop outlives a database that was away
            _log.error("dispatch-paused", error=type(error).__name__, where=where_raised(error))
            time.sleep(CHECKPOINT_SECONDS)


def _keep_checkpoints(services: Services) -> None:
    while True:
        time.sleep(CHECKPOINT_SECONDS)
        try:
            services.checkpoints.keep()
        except Exception as error:  # noqa: BLE001  # the loop outlives a disk that was full
            _log.error("checkpoint-failed", error=type(error).__name__, where=where_raised(error))
