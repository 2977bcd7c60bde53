"""A machine is kept by `broker client`, and asks partners by the example client."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import broker_client
import pytest
from broker_client import Answer, public_jwk, thumbprint
from brokers import Clock
from command_callers import Commands, run
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from partner_requests import CHAIR, POLICE, a_request
from people import FIRST, SECOND, Held, cheaply, entered, opened

from broker.app import create_app
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.registers.people import NewPerson, NewRole
from broker.wiring import Services

ONE = replace(FIRST, agency=POLICE)
HOOK = "https://notes.example/words"


@pytest.fixture(name="services")
def _services(sqlite_broker: Services) -> Services:
    entered(sqlite_broker, "Char Specimen", Role.CHAIR, agency=CHAIR.agency, id_=CHAIR.id)
    return sqlite_broker


@pytest.fixture(name="two")
def _two(services: Services, clock: Clock) -> Held:
    """A second administrator of the police, who has an account and is signed in."""
    clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    access, beside = cheaply(services), replace(SECOND, agency=POLICE)
    for one in (ONE, beside):
        entered(services, f"{one.id} Sample", agency=POLICE, id_=one.id)
    opened(access, access.accounts.invite(beside.id, ONE), clock)
    new = NewPerson(agency=POLICE, name="Sal Specimen", contact="sal@police.example")
    (person,) = access.people.add([new], ONE)
    given = access.people.grant(person, NewRole(role=Role.ADMINISTRATOR), ONE)
    access.people.confirm(given.id, beside)
    return opened(access, access.accounts.invite(person, ONE), clock)


def written(path: Path, document: Mapping[str, Any]) -> str:
    path.write_text(json.dumps(document))
    return str(path)


@pytest.fixture(name="example")
def _example(
    services: Services,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Any]:
    """Call the example client by its command line, and return what it prints."""
    gateway = create_app(services).test_client()

    def send(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        clock.now = datetime.now(UTC)  # the client signs by the clock of the machine
        path = urlsplit(url).path
        answer = gateway.open(path, method=method, headers=dict(headers), data=body)
        return answer.status_code, dict(answer.headers), answer.get_data()

    def called(*given: str) -> Any:
        monkeypatch.setattr("sys.argv", ["broker_client.py", *given])
        capsys.readouterr()
        assert broker_client.main() == 0
        return json.loads(printed(capsys.readouterr().out))

    monkeypatch.setattr(broker_client, "over_http", send)
    return called


def beginning_as_an_option() -> dict[str, str]:
    """A key whose name begins with a hyphen, as one in 64 does."""
    keys = (public_jwk(Ed25519PrivateKey.generate()) for _ in range(10_000))
    return next(one for one in keys if thumbprint(one).startswith("-"))


def printed(said: str) -> str:
    """The JSON that the client prints, after what the gateway in this process logs."""
    return said[said.index("\n{") if not said.startswith("{") else 0 :]


def test_a_machine_is_registered_and_asks_a_partner(
    services: Services, two: Held, tmp_path: Path, example: Callable[..., Any]
) -> None:
    client = Commands(services, "client")
    key_file = tmp_path / "machine.pem"
    jwk = example("key", str(key_file))
    machine = {"client": "c-cases", "algorithm": "EdDSA", "roles": ["police"], "keys": [jwk]}
    client.told(ONE, "register", written(tmp_path / "client.json", machine))
    assert "waits for a second administrator" in client.words(ONE, "list")
    # Who confirms has an account, for whom nobody makes a token on the host: they sign in there.
    status, _, wrong = run(services, ONE, "client", "confirm", "c-cases", thumbprint(jwk))
    assert (status != 0, "This takes two people" in wrong) == (True, True), wrong
    confirmed = client.words(two.token, "confirm", "c-cases", thumbprint(jwk))
    assert f"{thumbprint(jwk)} of c-cases counts from now on" in confirmed
    assert f"counts, since {two.person} confirmed it" in client.words(ONE, "list")

    day = (uk_day(datetime.now(UTC)) + timedelta(days=10)).isoformat()
    wanted = a_request(deadline={"on": day, "set_by": CHAIR.id, "function": "chair"})
    who = ("--client", "c-cases", "--key-file", str(key_file), "--role", "police")
    asked = [example(*who, "ask", written(tmp_path / "request.json", wanted)) for _ in range(2)]

    assert asked[0]["reference"] == asked[1]["reference"]
    assert [one["state"] for one in asked[0]["copies"]] == ["issued", "issued"]
    inbox = example(*who, "inbox")
    assert {one["copy"].partition(".")[0] for one in inbox["asked"]} == {asked[0]["reference"]}


def test_keys_and_words_of_a_machine_are_kept_by_commands(
    services: Services, clock: Clock, tmp_path: Path
) -> None:
    clock.now = datetime.now(UTC)
    client = Commands(services, "client")
    first, second = public_jwk(Ed25519PrivateKey.generate()), beginning_as_an_option()
    machine = {"client": "c-notes", "algorithm": "EdDSA", "roles": ["police"], "keys": [first]}
    client.told(ONE, "register", written(tmp_path / "client.json", machine))
    added = client.words(ONE, "add-key", "c-notes", written(tmp_path / "key.json", second))

    assert f"{thumbprint(second)} of c-notes waits for a second administrator" in added
    assert "counts no more" in client.words(ONE, "remove-key", "c-notes", thumbprint(second))
    assert client.told(ONE, "webhook", "c-notes", HOOK)["secret"]
    assert "is sent no word any more" in client.words(ONE, "end-webhook", "c-notes")
    assert "every token of it" in client.words(ONE, "disable", "c-notes")
    assert "DISABLED" in client.words(ONE, "list")
    assert "may work again" in client.words(ONE, "enable", "c-notes")
    assert "active" in client.words(ONE, "list")
