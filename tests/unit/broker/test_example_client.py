"""The example client of a case system: patience at every call, of a token too."""

import json
import socket
from collections.abc import Mapping

from broker_client import Answer, Broker, Refused, over_http
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TOKEN = json.dumps({"access_token": "invented", "expires_in": 300}).encode()
BUSY = (503, {"Retry-After": "7"}, b'{"title": "The broker has too much to do now"}')


def test_a_token_that_a_busy_broker_does_not_give_is_asked_for_again_by_a_new_proof() -> None:
    proofs: list[str] = []
    waited: list[float] = []

    def send(_method: str, url: str, headers: Mapping[str, str], _body: bytes | None) -> Answer:
        if not url.endswith("/oauth/token"):
            return 200, {}, b'{"to_answer": []}'
        proofs.append(headers["DPoP"])
        return BUSY if len(proofs) == 1 else (200, {}, TOKEN)

    client = Broker(
        address="http://127.0.0.1:1",
        client="c-invented",
        key=Ed25519PrivateKey.generate(),
        role="lead",
        send=send,
        wait=waited.append,
    )

    assert client.requests() == {"to_answer": []}
    assert waited == [7.0]
    assert len({*proofs}) == 2


def test_a_broker_that_does_not_answer_is_tried_again_and_then_said_in_words() -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"
        waited: list[float] = []
        client = Broker(
            address=address,
            client="c-invented",
            key=Ed25519PrivateKey.generate(),
            role="lead",
            send=over_http,
            wait=waited.append,
        )

        try:
            client.requests()
        except Refused as refused:
            said = str(refused)
        else:
            said = "answered"

    assert said == "The broker does not answer. Is its address right?"
    assert len(waited) == 2
