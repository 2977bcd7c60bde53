"""Words to machines: whose, signed, without a word about anybody, and the same one known again."""

import json
import random
import ssl
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import trustme
from broker_client import word_received
from brokers import TEACHER, Clock
from homes import Prepared
from machines import FIRST, Machine, a_machine, second_administrator
from packs import CANARIES, a_pack
from sqlalchemy import update

from broker.access.machines.words import post
from broker.access.machines.words import rounds as turns
from broker.access.machines.words.post import WebhookPost, addresses_of
from broker.access.machines.words.rounds import WebhookRounds
from broker.alarms import alarms
from broker.domain.errors import FaultyDocumentError, WrongStateError
from broker.domain.machines.clients import ClientId
from broker.domain.machines.errors import UnknownClientError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.storage.rows.machines.webhooks import webhook_turn
from broker.wiring import Services

PORT = 8443
URL = f"https://hooks.example:{PORT}/words"
LOOPBACK = ip_network("127.0.0.0/8")


@dataclass
class Receiver:
    """A receiver on an address of its own, and what it took."""

    address: str
    authority: Path
    status: int = 204
    drips: bool = False
    cut: threading.Event = field(default_factory=threading.Event)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def post(self, **changes: Any) -> WebhookPost:
        usual = WebhookPost(
            networks=(LOOPBACK,),
            authority=self.authority,
            resolve=lambda _host, _port: (self.address,),
        )
        return replace(usual, **changes)


@contextmanager
def receiving(folder: Path) -> Generator[Receiver]:
    authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(folder / "authority.pem")
    numbers = random.Random(folder.name)  # noqa: S311  # an address that no other test has
    address = f"127.{numbers.randint(1, 254)}.{numbers.randint(0, 254)}.{numbers.randint(2, 254)}"
    receiver = Receiver(address=address, authority=folder / "authority.pem")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.taken.append((dict(self.headers), body))
            if receiver.drips:
                self._drip()
                return
            self.send_response(receiver.status)
            self.send_header("Location", URL)
            self.end_headers()

        def _drip(self) -> None:
            """Send a header without end, until whoever reads it has had enough."""
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            try:
                for _ in range(600):
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            except OSError:
                receiver.cut.set()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example", key_type=trustme.KeyType.ECDSA).configure_cert(context)
    server = HTTPServer((address, PORT), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(name="clock", scope="module")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="shared", scope="module")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory, clock: Clock
) -> Generator[tuple[Services, Person]]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("webhooks") / "home", clock)
    with services.keystore.session():
        yield services, second_administrator(services, clock)
    services.close()


@pytest.fixture(name="receiver")
def _receiver(tmp_path: Path) -> Generator[Receiver]:
    with receiving(tmp_path) as receiver:
        yield receiver


def rounds_of(services: Services, post: WebhookPost) -> WebhookRounds:
    return replace(services.access.machines.words, post=post)


def told(machine: Machine, name: str) -> str:
    return machine.services.access.machines.webhooks.set(ClientId(name), URL, FIRST)


def submitted(machine: Machine, again: str) -> str:
    return str(machine.program().submit(a_pack(again=again))["reference"])


def test_a_machine_hears_of_its_own_signed_and_of_nobody_and_each_word_once(
    shared: tuple[Services, Person], receiver: Receiver, clock: Clock
) -> None:
    services, second = shared
    machine, other = (
        a_machine(services, second, ClientId(f"c-{name}")) for name in ("hears", "other")
    )
    secret = told(machine, "c-hears")
    rounds = rounds_of(services, receiver.post())
    reference = submitted(machine, "For one that hears.")
    submitted(other, "For another, of which it hears nothing.")

    assert rounds.make() == 1
    assert rounds.make() == 0

    ((headers, body),) = receiver.taken
    now = clock().timestamp()
    id_, word = word_received(headers, body, secret, now)
    assert (word["type"], word["data"]) == ("decided", {"reference": reference})
    assert not any(canary.encode() in body for canary in CANARIES)
    with services.transaction() as tx:
        assert id_ in {entry.event["id"] for entry in tx.ledger.entries_about(reference)}
    for wrong in ("whsec_" + "A" * 43 + "=", told(machine, "c-hears")):
        with pytest.raises(ValueError, match="Nobody"):
            word_received(headers, body, wrong, now)
    with pytest.raises(ValueError, match="old"):
        word_received(headers, body, secret, now + 301)


def test_what_does_not_arrive_is_tried_again_later_each_time_with_the_same_identifier(
    shared: tuple[Services, Person], receiver: Receiver, clock: Clock
) -> None:
    services, second = shared
    machine = a_machine(services, second, ClientId("c-away"))
    told(machine, "c-away")
    rounds = rounds_of(services, receiver.post())
    reference = submitted(machine, "While it is away.")
    receiver.status = 302

    assert [rounds.make(), rounds.make()] == [0, 0]
    assert len(receiver.taken) == 1
    clock.forward(timedelta(seconds=5))
    assert rounds.make() == 0
    clock.forward(timedelta(seconds=5))
    assert rounds.make() == 0
    clock.forward(timedelta(seconds=5))
    receiver.status = 200
    assert rounds.make() == 1

    ids = {headers["webhook-id"] for headers, _ in receiver.taken}
    assert (len(receiver.taken), len(ids)) == (3, 1)
    assert json.loads(receiver.taken[-1][1])["data"]["reference"] == reference


def test_a_word_is_sent_nowhere_but_to_a_proved_name_at_an_allowed_address(
    receiver: Receiver, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA(key_type=trustme.KeyType.ECDSA).cert_pem.write_to_path(other)
    elsewhere = URL.replace("hooks.example", "elsewhere.example")

    assert receiver.post().send(URL, {}, b"{}")
    assert not receiver.post(networks=()).send(URL, {}, b"{}")
    assert not receiver.post(authority=other).send(URL, {}, b"{}")
    assert not receiver.post(resolve=lambda _host, _port: ()).send(URL, {}, b"{}")
    assert not receiver.post().send(elsewhere, {}, b"{}")
    assert not receiver.post(resolve=lambda *_: ("10.0.0.1", receiver.address)).send(URL, {}, b"")
    assert len(receiver.taken) == 1
    assert addresses_of("127.0.0.1", 443) == ("127.0.0.1",)


UNFIT = [
    pytest.param("http://hooks.example/", id="not https"),
    pytest.param("https://hooks.example:22/", id="another port"),
    pytest.param("https://user:word@hooks.example/", id="a name and a word"),
    pytest.param("https://hooks.example/?of=somebody", id="a query"),
    pytest.param("https://hooks.example/#a", id="a fragment"),
    pytest.param("https://", id="no host"),
    pytest.param("https://hooks.example:port/", id="no port"),
    pytest.param("https://hooks.example/a b", id="a space"),
    pytest.param(f"https://hooks.example/{'a' * 500}", id="too long"),
]


@pytest.mark.parametrize("url", UNFIT)
def test_an_unfit_address_is_refused(shared: tuple[Services, Person], url: str) -> None:
    services, _ = shared

    with pytest.raises(FaultyDocumentError):
        services.access.machines.webhooks.set(ClientId("c-hears"), url, FIRST)


def test_what_ended_and_what_is_disabled_is_sent_no_word(
    shared: tuple[Services, Person], receiver: Receiver
) -> None:
    services, second = shared
    webhooks, clients = services.access.machines.webhooks, services.access.machines.clients
    ended, disabled = (
        a_machine(services, second, ClientId(f"c-{name}")) for name in ("ended", "stopped")
    )
    for machine, name in ((ended, "c-ended"), (disabled, "c-stopped")):
        told(machine, name)
        submitted(machine, f"Before {name} is over.")
    webhooks.end(ended.id, FIRST)
    clients.disable(disabled.id, FIRST)

    assert rounds_of(services, receiver.post()).make() == 0
    assert receiver.taken == []
    with pytest.raises(WrongStateError):
        webhooks.end(ended.id, FIRST)
    with pytest.raises(UnknownClientError):
        webhooks.end(ended.id, replace(TEACHER, role=Role.ADMINISTRATOR))


def test_whoever_answers_byte_by_byte_is_cut_off(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "SECONDS", 0.5)
    receiver.drips = True

    assert not receiver.post().send(URL, {}, b"{}")

    assert receiver.cut.wait(timeout=60)


def test_a_slow_receiver_gets_its_words_in_turns_with_the_others(
    shared: tuple[Services, Person], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, second = shared
    machine = a_machine(services, second, ClientId("c-slow"))
    told(machine, "c-slow")
    rounds = rounds_of(services, receiver.post())
    rounds.make()
    receiver.taken.clear()
    references = [submitted(machine, f"The {nth} of three.") for nth in ("first", "next", "last")]
    monkeypatch.setattr(turns, "_AT_LENGTH", -1.0)

    sent = [rounds.make() for _ in range(4)]

    assert sent == [1, 1, 1, 0]
    assert [json.loads(body)["data"]["reference"] for _, body in receiver.taken] == references


def test_a_machine_that_takes_no_word_for_a_day_is_an_alarm(
    shared: tuple[Services, Person], receiver: Receiver, clock: Clock
) -> None:
    services, second = shared
    machine = a_machine(services, second, ClientId("c-deaf"))
    told(machine, "c-deaf")
    rounds = rounds_of(services, receiver.post())
    submitted(machine, "For one that takes nothing.")
    receiver.status, begun = 500, clock()

    def is_told() -> bool:
        return "words-not-taken" in {alarm.code for alarm in alarms(services)}

    while not is_told():
        rounds.make()
        clock.forward(timedelta(minutes=5))
    assert timedelta(hours=20) < clock() - begun < timedelta(hours=36)

    receiver.status = 200
    clock.forward(timedelta(hours=1))
    rounds.make()
    assert not is_told()


def test_of_two_gateways_one_takes_a_turn(
    shared: tuple[Services, Person], receiver: Receiver
) -> None:
    services, second = shared
    machine = a_machine(services, second, ClientId("c-turns"))
    told(machine, "c-turns")
    submitted(machine, "For whoever takes the turn.")
    rounds = rounds_of(services, receiver.post())
    with services.transaction() as tx:
        turn = tx.webhooks.turn(machine.id)
    assert turn is not None

    assert rounds._claim(turn)
    assert not rounds._claim(turn)
    assert rounds.make() == 0


def test_a_turn_that_somebody_edited_stops_no_other_machine(
    shared: tuple[Services, Person], receiver: Receiver
) -> None:
    services, second = shared
    edited, other = (
        a_machine(services, second, ClientId(f"c-{name}")) for name in ("edited", "beside")
    )
    for machine, name in ((edited, "c-edited"), (other, "c-beside")):
        told(machine, name)
        submitted(machine, f"For {name}.")
    with services.transaction.database.transaction() as connection:
        of_one = webhook_turn.c.client == edited.id
        connection.execute(update(webhook_turn).where(of_one).values(next_at="yesterday"))

    assert rounds_of(services, receiver.post()).make() == 1
