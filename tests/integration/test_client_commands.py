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
from command_callers import Commands
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from partner_requests import CHAIR, POLICE, a_request
from people import FIRST, cheaply, entered, opened

from broker.app import create_app
from broker.domain.machines.clients import ClientId
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.wiring import Services
from keys import KeyId

ONE = replace(FIRST, agency=POLICE)
HOOK = "https://notes.example/words"


@pytest.fixture(name="services")
def _services(sqlite_broker: Services) -> Services:
    entered(sqlite_broker, "Char Specimen", Role.CHAIR, agency=CHAIR.agency, id_=CHAIR.id)
    return sqlite_broker


@pytest.fixture(name="two")
def _two(services: Services, clock: Clock) -> Person:
    """A second administrator of the police, who has an account."""
    person = entered(services, "Sal Specimen", Role.KEEPER, agency=POLICE)
    access = cheaply(services)
    opened(access, access.accounts.invite(person, ONE), clock)
    clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    return Person(id=person, agency=POLICE, role=Role.ADMINISTRATOR)


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


def printed(said: str) -> str:
    """The JSON that the client prints, after what the gateway in this process logs."""
    return said[said.index("\n{") if not said.startswith("{") else 0 :]


def test_a_machine_is_registered_and_asks_a_partner(
    services: Services, two: Person, tmp_path: Path, example: Callable[..., Any]
) -> None:
    client = Commands(services, "client")
    key_file = tmp_path / "machine.pem"
    jwk = example("key", str(key_file))
    machine = {"client": "c-cases", "algorithm": "EdDSA", "roles": ["police"], "keys": [jwk]}
    client.told(ONE, "register", written(tmp_path / "client.json", machine))
    assert "waits for a second administrator" in client.words(ONE, "list")
    # Who confirms has an account, for whom nobody makes a token on the host.
    services.access.machines.clients.confirm(ClientId("c-cases"), KeyId(thumbprint(jwk)), two)
    assert f"counts, since {two.id} confirmed it" in client.words(ONE, "list")

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
    first, second = (public_jwk(Ed25519PrivateKey.generate()) for _ in range(2))
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
