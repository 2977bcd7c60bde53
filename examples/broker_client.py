"""A client of the disclosure broker in one file: copy it into a case system, and change it there.

    pip install "pyjwt[crypto]"
    python broker_client.py key machine.pem             make a key; what it prints is registered
    python broker_client.py refer PACK.json --try       what the rules would say; nothing is kept
    python broker_client.py refer PACK.json             submit it; again, nothing is sent twice
    python broker_client.py ask REQUEST.json            put a request to partners
    python broker_client.py inbox                       what partners ask, the first due first
    python broker_client.py answer REQ-7Q4K-M2XH.1 ANSWER.json

It takes `--broker https://broker.example --client c-notes --key-file machine.pem`, the role in
`--role practitioner` and, where the client may name people, `--person p-nurse`.

What it does: OAuth 2.0 client credentials with private_key_jwt (RFC 7523) and DPoP (RFC 9449). The
key of the client signs for a token of five minutes; a second key, made anew at each start and kept
in memory alone, proves each call. Every call that creates something bears an Idempotency-Key that
is made from what is sent, so that trying again does nothing twice.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Json = dict[str, Any]

Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body."""

Send = Callable[[str, str, Mapping[str, str], bytes | None], Answer]
"""Sends a request: method, URL, headers, body."""

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TRIES = 3
AGAIN = frozenset({429, 503})
TOLERANCE = 300.0
KEPT_BY_THE_BROKER = frozenset(
    {
        "call-999",
        "do-not-tell-the-parents",
        "do-not-tell-the-person-yet",
        "guardian-review",
        "label-opinion",
        "recipient-undertaking",
        "seal",
        "withhold",
    }
)
"""The obligations that hold by themselves, once a pack is submitted."""

SHOWN_TO_THE_SENDER = frozenset(
    {"early-help", "refer-to-social-care", "tell-the-lead", "tell-the-parents", "tell-the-person"}
)
"""The obligations that a case system must put before its user: take out what yours does not."""

UNDERSTOOD = KEPT_BY_THE_BROKER | SHOWN_TO_THE_SENDER
"""The obligations that this program can answer for; any other one means that it denies."""


class Refused(Exception):  # noqa: N818  # what it is to whoever calls
    """Raised for a problem document (RFC 9457); `word` is the end of its type."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        """Say what the broker says: it never repeats what was sent."""
        self.status = status
        self.problem = problem
        self.word = str(problem.get("type", "")).rpartition(":")[2]
        super().__init__(str(problem.get("detail") or problem.get("title") or status))


@dataclass
class Broker:
    """The broker as one client of it sees it."""

    address: str
    client: str
    key: Ed25519PrivateKey
    role: str
    person: str | None = None
    understood: frozenset[str] = UNDERSTOOD
    send: Send = field(default_factory=lambda: over_http)
    now: Callable[[], float] = time.time
    wait: Callable[[float], None] = time.sleep
    _proof_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate, repr=False)
    _token: str = field(default="", repr=False)
    _until: float = 0.0

    def judge(self, pack: Mapping[str, Any]) -> Json:
        """Return what the rules would say to a pack; nothing is kept or sent."""
        return self.call("POST", "/api/v1/judgements", pack)

    def submit(self, pack: Mapping[str, Any]) -> Json:
        """Submit a pack."""
        return self.call("POST", "/api/v1/disclosures", pack)

    def standing(self, reference: str) -> Json:
        """Return where a disclosure stands."""
        return self.call("GET", f"/api/v1/disclosures/{reference}")

    def requests(self) -> Json:
        """Return what partners ask, what was answered, and what was asked of them."""
        return self.call("GET", "/api/v1/requests")

    def issue(self, wanted: Mapping[str, Any]) -> Json:
        """Put a request to every body that it names, or to none."""
        return self.call("POST", "/api/v1/requests", wanted)

    def copy(self, copy: str, step: str = "", body: Mapping[str, Any] | None = None) -> Json:
        """Read a copy of a request (`REQ-7Q4K-M2XH.1`), or take a step with it."""
        reference, _, number = copy.partition(".")
        path = f"/api/v1/requests/{reference}/copies/{number}"
        return self.call("POST", f"{path}/{step}", body or {}) if step else self.call("GET", path)

    def may(self, pack: Mapping[str, Any]) -> bool:
        """Ask by AuthZEN whether a pack may go; an obligation not understood here means no."""
        asked = {
            "subject": {
                "type": "person" if self.person else "client",
                "id": self.person or self.client,
            },
            "action": {"name": "disclose"},
            "resource": {"type": "referral-pack", "id": "draft", "properties": {"pack": pack}},
            "context": {"understood_obligations": sorted(self.understood)},
        }
        said = self.call("POST", "/access/v1/evaluation", asked)
        owed = {one["id"] for one in said.get("context", {}).get("obligations", ())}
        return bool(said["decision"]) and owed <= self.understood

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """Return the JSON of an answer; raises `Refused`.

        Tries again where the broker asks for patience: the same key, but a new proof each time.
        """
        content = None if body is None else json.dumps(body, sort_keys=True).encode()
        headers = {} if content is None else self._of_body(method, path, content)
        status, _, text = self._patiently(lambda: self._once(method, path, headers, content))
        found: Json = json.loads(text) if text else {}
        if status >= 400:  # noqa: PLR2004  # RFC 9110
            raise Refused(status, found)
        return found

    def _patiently(self, once: Callable[[], Answer]) -> Answer:
        answer = once()
        for _ in range(TRIES - 1):
            if answer[0] not in AGAIN:
                break
            self.wait(min(float(answer[1].get("Retry-After", "1")), 30.0))
            answer = once()
        return answer

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        url, token = f"{self.address}{path}", self._current_token()
        digest = _base64url(hashlib.sha256(token.encode()).digest())
        shown = {
            **headers,
            "Authorization": f"DPoP {token}",
            "DPoP": self._proof(method, url, ath=digest),
        }
        return self.send(method, url, shown, body)

    def _of_body(self, method: str, path: str, body: bytes) -> dict[str, str]:
        said = "|".join((self.client, self.person or "", method, path)).encode() + body
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": hashlib.sha256(said).hexdigest()[:48],
        }

    def _current_token(self) -> str:
        if self.now() > self._until - 30:
            status, _, text = self._patiently(self._ask_for_token)
            given = json.loads(text)
            if status != 200:  # noqa: PLR2004  # RFC 6749 section 5.1
                raise Refused(status, given)
            self._token, self._until = given["access_token"], self.now() + given["expires_in"]
        return self._token

    def _ask_for_token(self) -> Answer:
        url = f"{self.address}/oauth/token"
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(url),
            "scope": self.role,
            **({} if self.person is None else {"person": self.person}),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "DPoP": self._proof("POST", url),
        }
        return self.send("POST", url, headers, urllib.parse.urlencode(form).encode())

    def _assertion(self, audience: str) -> str:
        now = int(self.now())
        claims = {
            "iss": self.client,
            "sub": self.client,
            "aud": audience,
            "iat": now,
            "exp": now + 120,
            "jti": str(uuid.uuid4()),
        }
        kid = thumbprint(public_jwk(self.key))
        return jwt.encode(claims, self.key, algorithm="EdDSA", headers={"kid": kid})

    def _proof(self, method: str, url: str, **more: str) -> str:
        claims = {
            "jti": str(uuid.uuid4()),
            "htm": method,
            "htu": url,
            "iat": int(self.now()),
            **more,
        }
        header = {"typ": "dpop+jwt", "jwk": public_jwk(self._proof_key)}
        return jwt.encode(claims, self._proof_key, algorithm="EdDSA", headers=header)


def over_http(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    """Send a request, and wait 30 seconds at most; no answer at all counts as a 503.

    Whatever creates something bears its key, so it may be sent again though it may have arrived.
    """
    asked = urllib.request.Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310  # the operator's own address
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  # as above
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()
    except OSError:
        return 503, {}, b'{"title": "The broker does not answer. Is its address right?"}'


def new_key(path: Path) -> Ed25519PrivateKey:
    """Make a key, and write it to a file that nobody else may read."""
    key = Ed25519PrivateKey.generate()
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return key


def key_in(path: Path) -> Ed25519PrivateKey:
    """Return the key of a file that `new_key` wrote."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("This is no Ed25519 key; make one with: broker_client.py key FILE")
    return key


def public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    """Return the public half of a key, as an administrator registers it (RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "x": _base64url(key.public_key().public_bytes_raw())}


def thumbprint(jwk: Mapping[str, str]) -> str:
    """Return what a key is called (RFC 7638)."""
    text = json.dumps(dict(sorted(jwk.items())), separators=(",", ":"))
    return _base64url(hashlib.sha256(text.encode()).digest())


def word_received(
    headers: Mapping[str, str], body: bytes, secret: str, now: float
) -> tuple[str, Json]:
    """Return identifier and content of a webhook that the broker signed; raises `ValueError`.

    The same identifier means the same word: keep those of a week, and do nothing twice. The form
    is that of Standard Webhooks; `secret` is what `broker client webhook` printed.
    """
    given = {name.lower(): value for name, value in headers.items()}
    id_, moment = given["webhook-id"], given["webhook-timestamp"]
    if abs(now - float(moment)) > TOLERANCE:
        raise ValueError("The word is too old, or the clocks differ.")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{id_}.{moment}.".encode() + body, hashlib.sha256)
    expected = f"v1,{base64.b64encode(digest).decode()}"
    if not any(hmac.compare_digest(expected, one) for one in given["webhook-signature"].split()):
        raise ValueError("Nobody whom we know signed this.")
    return id_, json.loads(body)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Call the disclosure broker as a machine.")
    parser.add_argument("--broker", default="http://127.0.0.1:8350")
    parser.add_argument("--client", default="c-example")
    parser.add_argument("--key-file", type=Path, default=Path("machine.pem"))
    parser.add_argument("--role", default="practitioner")
    parser.add_argument("--person")
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("key").add_argument("file", type=Path)
    refer = steps.add_parser("refer")
    refer.add_argument("pack", type=Path)
    refer.add_argument("--try", dest="only_try", action="store_true")
    steps.add_parser("ask").add_argument("request", type=Path)
    steps.add_parser("inbox")
    answer = steps.add_parser("answer")
    answer.add_argument("copy")
    answer.add_argument("file", type=Path)
    return parser


def _done(given: argparse.Namespace) -> Json:
    if given.step == "key":
        return public_jwk(new_key(given.file))
    broker = Broker(
        address=given.broker,
        client=given.client,
        key=key_in(given.key_file),
        role=given.role,
        person=given.person,
    )
    match given.step:
        case "refer":
            pack = json.loads(given.pack.read_bytes())
            return broker.judge(pack) if given.only_try else broker.submit(pack)
        case "ask":
            return broker.issue(json.loads(given.request.read_bytes()))
        case "answer":
            return broker.copy(given.copy, "answer", json.loads(given.file.read_bytes()))
        case _:
            return broker.requests()


def main() -> int:
    """Do what the command line says; print JSON. Leaves with 1 where the broker refuses."""
    try:
        found = _done(_arguments().parse_args())
    except Refused as error:
        sys.stderr.write(f"{error}\n{json.dumps(error.problem, indent=2)}\n")
        return 1
    sys.stdout.write(f"{json.dumps(found, indent=2)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
