"""What machines cost: creating with DPoP, beside a trivial route and among sixteen of them."""

import http.client
import json
import secrets
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

from brokers import Clock, a_broker
from machines import ADDRESS, Machine, a_machine, ath, second_administrator
from measuring import Measure, beside
from packs import pack_bytes
from postgres import running_cluster
from served import served

from broker.wiring import Services

PATH = "/api/v1/disclosures"
CLIENTS, EACH = 16, 12
MILLISECONDS = 1_000


def create_with_dpop(folder: Path) -> Measure:
    """Measure submitting with a proof that is new each time against a trivial JSON route."""
    return _create_path(folder, None, "SQLite")


def create_with_dpop_on_postgresql(folder: Path) -> Measure:
    """Measure the same on PostgreSQL, where the marks of proofs are a table."""
    with running_cluster() as cluster:
        cluster.sql("CREATE DATABASE measured")
        return _create_path(folder, cluster.url("measured"), "PostgreSQL")


def sixteen_clients(folder: Path) -> Measure:
    """Measure the slowest hundredth of submissions while sixteen clients submit at once."""
    return _tail(folder, None, "SQLite")


def sixteen_clients_on_postgresql(folder: Path) -> Measure:
    """Measure the same on PostgreSQL."""
    with running_cluster() as cluster:
        cluster.sql("CREATE DATABASE measured")
        return _tail(folder, cluster.url("measured"), "PostgreSQL")


def _create_path(folder: Path, url: str | None, where: str) -> Measure:
    services, machine = _machine(folder, url)
    with services.keystore.session(), served(services) as port:
        floor = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

        def alive() -> int:
            floor.request("GET", "/healthz")
            floor.getresponse().read()
            return 1

        ratio, measured, trivial = beside(_submitting(machine, port), alive)
    services.close()
    return Measure(
        name=f"create path with DPoP / trivial route, {where}",
        ratio=ratio,
        goal=">= 0.06",
        detail=f"{measured:,.0f} submissions/s beside {trivial:,.0f} answers/s, one caller",
    )


def _tail(folder: Path, url: str | None, where: str) -> Measure:
    services, machine = _machine(folder, url)
    times: list[float] = []
    busy: list[str] = []

    def work(port: int) -> None:
        submit = _submitting(machine, port, busy)
        for _ in range(EACH):
            started = time.perf_counter()
            submit()
            times.append((time.perf_counter() - started) * MILLISECONDS)

    with services.keystore.session(), served(services) as port:
        callers = [threading.Thread(target=work, args=(port,)) for _ in range(CLIENTS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
    services.close()
    p99 = statistics.quantiles(times, n=100)[98]
    return Measure(
        name=f"p99 of {CLIENTS} clients with DPoP / 300 ms, {where}",
        ratio=p99 / 300,
        goal="<= 1",
        detail=f"p99 {p99:,.0f} ms, median {statistics.median(times):,.0f} ms, "
        f"{len(busy)} of {len(times)} asked again after 503; all of them in one process",
    )


def _machine(folder: Path, url: str | None) -> tuple[Services, Machine]:
    clock = Clock()
    services = a_broker(folder / "home", clock, url)
    return services, a_machine(services, second_administrator(services, clock))


def _submitting(machine: Machine, port: int, busy: list[str] | None = None) -> Callable[[], int]:
    """Return what submits one pack, and asks again where the answer says that it may.

    The keys of what was asked again are appended to `busy`; without that list it is a fault.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    token = machine.token()
    digest = ath(token)

    def submit() -> int:
        key = secrets.token_hex(16)
        # The same pack would be answered with the one that is on its way.
        pack = pack_bytes(again=f"Measured under {key}.")
        status, body = ask(key, pack)
        while status == http.HTTPStatus.SERVICE_UNAVAILABLE and busy is not None:
            busy.append(key)
            status, body = ask(key, pack)
        if status not in {http.HTTPStatus.OK, http.HTTPStatus.CREATED}:
            raise RuntimeError(json.loads(body))
        return 1

    def ask(key: str, pack: bytes) -> tuple[int, bytes]:
        headers = {
            "Authorization": f"DPoP {token}",
            "DPoP": machine.proof(f"{ADDRESS}{PATH}", "POST", ath=digest),
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        connection.request("POST", PATH, pack, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    return submit


MACHINE_MEASURES = (
    create_with_dpop,
    create_with_dpop_on_postgresql,
    sixteen_clients,
    sixteen_clients_on_postgresql,
)
