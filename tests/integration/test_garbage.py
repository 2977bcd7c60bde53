"""How seldom a gateway that serves looks for garbage: what it made at start-up is none."""

import gc
from collections.abc import Generator

import pytest

from broker.server import ALLOCATED_BETWEEN, Server
from broker.wiring import Services


@pytest.fixture(autouse=True)
def _as_before() -> Generator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)


def test_a_gateway_looks_for_garbage_seldom_and_not_among_what_it_began_with(
    sqlite_broker: Services,
) -> None:
    frozen = gc.get_freeze_count()
    server = Server(sqlite_broker.settings, lambda: None)

    app = server.load()

    assert gc.get_threshold()[0] == ALLOCATED_BETWEEN
    assert gc.get_freeze_count() > frozen
    assert not any(one is app for one in gc.get_objects())
