"""What stands in production: the example's nginx before `broker serve`, and what they take.

The inputs are those on which servers were found to differ: wherever two readings are possible,
neither the proxy nor the gateway answers as if there were one.
"""

import http.client
import shutil
import socket
import ssl
import time
import warnings
from collections.abc import Generator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest
from fronts import NAME, Gateway, fronted, serving
from missing_tools import missing

HOST = f"Host: {NAME}\r\n".encode()
GET = b"GET /healthz HTTP/1.1\r\n" + HOST
POST = b"POST /api/v1/judgements HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
BY_ADDRESS = 120
REFUSED = {400, 401, 404, 405, 411, 413, 414, 415, 421, 431, 501, 505}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The gateway, the port of nginx before it, and the authority of nginx' certificate."""

    gateway: Gateway
    port: int
    authority: Path

    def reached(self, *, direct: bool) -> socket.socket:
        """Return a connection to the gateway itself, or through TLS to nginx."""
        port = self.gateway.port if direct else self.port
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        if direct:
            return connection
        context = ssl.create_default_context(cafile=str(self.authority))
        return context.wrap_socket(connection, server_hostname=NAME)

    def ask(self, request: bytes, *, direct: bool = False) -> tuple[int, bytes]:
        """Send raw bytes; return the status, 0 for none, and all that comes back."""
        with self.reached(direct=direct) as connection:
            connection.sendall(request)
            answer = http.client.HTTPResponse(connection)
            try:
                answer.begin()
                return answer.status, str(answer.headers).encode() + answer.read()
            except (http.client.HTTPException, OSError):
                return 0, b""


@pytest.fixture(scope="module", name="edge")
def _edge(tmp_path_factory: pytest.TempPathFactory) -> Generator[Edge]:
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") is None:
        missing("nginx", "apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("edge")
    settings = {
        "BROKER_HOSTS": NAME,
        "BROKER_CLIENT_ADDRESS_HEADER": "X-Real-IP",
        "BROKER_LIMIT_ADDRESS": str(BY_ADDRESS),
    }
    with serving(folder / "home", **settings) as gateway, fronted(folder, gateway) as port:
        yield Edge(gateway=gateway, port=port, authority=folder / "authority.pem")


AMBIGUOUS = {
    "a length and chunks": POST + b"Content-Length: 5\r\n" + CHUNKED[len(POST) :] + b"0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a list of lengths": POST + b"Content-Length: 1, 1\r\n\r\na",
    "a length below nothing": POST + b"Content-Length: -1\r\n\r\n",
    "a length with a sign": POST + b"Content-Length: +1\r\n\r\na",
    "another coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked twice": POST
    + b"Transfer-Encoding: chunked\r\n"
    + CHUNKED[len(POST) :]
    + b"0\r\n\r\n",
    "chunked, then something": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunked behind a control": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "a chunk of 0x1": CHUNKED + b"0x1\r\na\r\n0\r\n\r\n",
    "a chunk below nothing": CHUNKED + b"-1\r\na\r\n0\r\n\r\n",
    "a chunk beyond 64 bits": CHUNKED + b"ffffffffffffffff1\r\na\r\n0\r\n\r\n",
    "chunks of 200 KB": CHUNKED + b"30d40\r\n" + b"a" * 200_000 + b"\r\n0\r\n\r\n",
    "a body that hides a request": POST + b"Content-Length: 3\r\n\r\nabc" + GET + b"\r\n",
    "a compressed body": POST + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    "two hosts": GET + b"Host: evil.example\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "another host": b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "a folded header": GET + b"X-A: b\r\n c\r\n\r\n",
    "a space before the colon": GET + b"X-A : b\r\n\r\n",
    "a NUL": GET + b"X-A: a\x00b\r\n\r\n",
    "a bare CR": GET + b"X-A: a\rX-B: c\r\n\r\n",
    "a header of 70 KB": GET + b"X-A: " + b"a" * 70_000 + b"\r\n\r\n",
    "an address of 20 KB": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "HTTP/1.0": b"GET /healthz HTTP/1.0\r\n" + HOST + b"\r\n",
    "HTTP/9.9": b"GET /healthz HTTP/9.9\r\n" + HOST + b"\r\n",
    "TRACE": b"TRACE /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
    "a way out of the folder": b"GET /assets/../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("direct", [False, True], ids=["through nginx", "direct"])
@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_has_two_readings_is_refused(edge: Edge, name: str, *, direct: bool) -> None:
    assert edge.ask(AMBIGUOUS[name], direct=direct)[0] in REFUSED


def test_http_0_9_is_answered_by_nothing_of_ours(edge: Edge) -> None:
    with edge.reached(direct=False) as connection:
        connection.sendall(b"GET /healthz\r\n")
        assert b"alive" not in connection.recv(65_536)


def test_line_ends_that_the_proxy_mends_reach_the_gateway_whole(edge: Edge) -> None:
    bare = GET.replace(b"\r\n", b"\n") + b"\n"

    assert edge.ask(bare)[0] == HTTPStatus.OK
    assert edge.ask(bare, direct=True)[0] == HTTPStatus.BAD_REQUEST


def test_old_tls_is_refused_and_every_answer_asks_for_tls(edge: Edge) -> None:
    context = ssl.create_default_context(cafile=str(edge.authority))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", edge.port), timeout=20) as connection,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(connection, server_hostname=NAME)

    for path in (b"/healthz", b"/start", b"/assets/none.css"):
        _, answer = edge.ask(b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
        assert answer.count(b"Strict-Transport-Security: max-age=31536000") == 1


@pytest.mark.parametrize(
    "half",
    [GET, POST + b"Content-Length: 1000\r\n\r\n{"],
    ids=["half a header", "half a body"],
)
def test_sixty_slow_callers_keep_nobody_waiting(edge: Edge, half: bytes) -> None:
    with ExitStack() as slow:
        for _ in range(60):
            slow.enter_context(edge.reached(direct=False)).sendall(half)
        took = []
        for _ in range(20):
            began = time.monotonic()
            assert edge.ask(GET + b"\r\n")[0] == HTTPStatus.OK
            took.append(time.monotonic() - began)

    assert max(took) < 1


def test_no_caller_names_its_own_address(edge: Edge) -> None:
    answers = set()
    for number in range(BY_ADDRESS + 1):
        with suppress(OSError):
            pretended = f"X-Real-IP: 192.0.2.{number % 250}\r\nX_Real_IP: 192.0.2.9\r\n".encode()
            request = b"GET /api/v1/disclosures HTTP/1.1\r\n" + HOST + pretended + b"\r\n"
            answers.add(edge.ask(request)[0])
        if HTTPStatus.TOO_MANY_REQUESTS in answers:
            break

    assert answers <= {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
    assert HTTPStatus.TOO_MANY_REQUESTS in answers
