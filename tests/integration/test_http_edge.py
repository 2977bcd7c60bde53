"""What a stranger's bytes come to at the socket: our words, nothing of theirs, no detour."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from brokers import Clock
from callers import PACKS, a_caller, refusal_of
from gateways import gateway
from homes import Prepared

from broker.wiring import Services

CANARY = "Zzcanary"


@dataclass(frozen=True)
class Running:
    """A gateway that serves, and the file of its log."""

    port: int
    log: Path

    def ask(self, request: bytes) -> bytes:
        """Send raw bytes, close our half, and return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        return answer

    def logged(self) -> list[dict[str, object]]:
        """Return the lines of the log, each of which is JSON."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module", name="running")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    folder = tmp_path_factory.mktemp("edge")
    port = free_port()
    environment = {**os.environ, "BROKER_HOME": str(folder / "home"), "BROKER_PORT": str(port)}
    command = [sys.executable, "-m", "broker"]
    subprocess.run([*command, "init"], env=environment, check=True, capture_output=True)
    log = folder / "log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [*command, "serve"], env=environment, stderr=stream, stdout=subprocess.PIPE
        )
        assert server.stdout is not None
        said = server.stdout.readline()
        assert b"serves on" in said
        yield Running(port=port, log=log)
        server.terminate()
        server.communicate(timeout=40)


def body_of(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    document: dict[str, object] = json.loads(body)
    return document


def test_it_says_that_it_serves_only_once_it_can_be_reached(running: Running) -> None:
    assert b"200" in running.ask(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").split()[1]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        pytest.param(b"Zzcanary Amira, born 2011\r\n\r\n", 400, id="no request line"),
        pytest.param(b"GET / HTTP/7.7\r\nHost: x\r\n\r\n", 505, id="another version"),
        pytest.param(b"GET /Zzcanary HTTP/1.1\r\nZzcanary Amira\r\n\r\n", 400, id="no header"),
        pytest.param(b"GET /" + b"Zzcanary" * 1_000 + b" HTTP/1.1\r\n\r\n", 414, id="a long line"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: Zzcanary\r\n\r\n",
            400,
            id="a length that is none",
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: zzcanary\r\n\r\n",
            501,
            id="another coding",
        ),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nZz: " + b"Zzcanary" * 9_000 + b"\r\n\r\n",
            431,
            id="a long header",
        ),
    ],
)
def test_what_cannot_be_read_is_answered_as_a_problem_and_not_repeated(
    running: Running, request_bytes: bytes, status: int
) -> None:
    answer = running.ask(request_bytes)

    assert body_of(answer)["status"] == status
    assert CANARY.casefold() not in answer.decode("latin-1").casefold()


def test_a_body_longer_than_its_length_puts_no_name_into_the_log(running: Running) -> None:
    running.ask(
        b"POST /api/v1/disclosures HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
        b'Content-Type: application/json\r\n\r\n{} "given_name": "Zzcanary Amira"\r\n\r\n'
    )
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at:
        if any(line["event"] == "request-unreadable" for line in running.logged()):
            break
        time.sleep(0.05)

    assert "request-unreadable" in {line["event"] for line in running.logged()}
    assert CANARY not in running.log.read_text("utf-8")


@pytest.mark.parametrize(
    "path", ["//api/v1/disclosures", "/api/v1//disclosures", "//evil.example/"]
)
def test_no_path_of_raw_bytes_is_answered_with_a_detour(running: Running, path: str) -> None:
    answer = running.ask(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    assert body_of(answer)["status"] in {401, 404}
    assert b"Location" not in answer


@pytest.mark.parametrize("header", ["SCRIPT_NAME: /zz", "SCRIPT-NAME: /zz", "Script-Name: /zz"])
def test_a_path_prefix_that_a_caller_names_is_not_believed(running: Running, header: str) -> None:
    request = f"GET /zz/healthz HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n"

    assert body_of(running.ask(request.encode()))["status"] == 404


def test_http_1_0_is_not_spoken(running: Running) -> None:
    answer = running.ask(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")

    assert body_of(answer)["type"] == "urn:disclosure-broker:problem:old-protocol"


def test_a_request_that_names_no_host_is_refused(running: Running) -> None:
    answer = running.ask(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert body_of(answer)["status"] == 421


@pytest.fixture(scope="module", name="shared")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("hosts") / "home", Clock())
    yield services
    services.close()


@pytest.mark.parametrize(
    "path",
    ["/api/v1//disclosures", f"{PACKS}/", "/healthz/", "/api//v1/rules"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_address_is_answered_with_a_detour(shared: Services, path: str, method: str) -> None:
    caller = a_caller(shared)
    answer = caller.client.open(path, method=method, data=b"{}", content_type="application/json")

    assert answer.status_code == 404
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8350", 200),
        ("LOCALHOST:8350", 200),
        ("127.0.0.1:8350", 200),
        ("[::1]:8350", 200),
        ("broker.example", 200),
        ("broker.example:443", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("evil.example:8350", 421),
        ("broker.example.", 421),
        ("broker.example@evil.example", 421),
        ("", 421),
    ],
)
def test_only_the_names_that_are_served_are_answered(
    shared: Services, host: str, status: int
) -> None:
    served = replace(shared, settings=replace(shared.settings, hosts=("broker.example",)))
    answer = gateway(served).test_client().get("/healthz", headers={"Host": host})

    assert answer.status_code == status
    if status != 200:
        assert refusal_of(answer).slug == "wrong-host"
        assert not re.search("evil", answer.get_data(as_text=True))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_of_a_token_is_written_in_any_case(shared: Services, scheme: str) -> None:
    caller = a_caller(shared)
    authorization = {"Authorization": f"{scheme} {caller.token}"}

    assert caller.client.get(PACKS, headers=authorization).status_code == 200


@pytest.mark.parametrize("scheme", ["", "Basic ", "Bearer", "bearer\t", "Bearer  "])
def test_another_scheme_is_refused(shared: Services, scheme: str) -> None:
    caller = a_caller(shared)
    authorization = {"Authorization": f"{scheme}{caller.token}"}

    assert caller.client.get(PACKS, headers=authorization).status_code == 401
