"""A gateway that is served while something is measured."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from werkzeug.serving import make_server

from broker.app import create_app
from broker.server import CHECKPOINT_SECONDS, collect_seldom
from broker.wiring import Services


@contextmanager
def served(services: Services) -> Generator[int]:
    """Serve as `broker serve` does, with a head kept each second."""
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    collect_seldom()
    over = threading.Event()

    def keep_heads() -> None:
        while not over.wait(CHECKPOINT_SECONDS):
            services.checkpoints.keep()

    threads = [threading.Thread(target=work) for work in (server.serve_forever, keep_heads)]
    for thread in threads:
        thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        over.set()
        for thread in threads:
            thread.join()
