"""Machines of partners: registered by two people, and able to sign whatever a forger would."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from broker_client import Answer, Broker, public_jwk, thumbprint
from brokers import NURSE, Clock
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask.testing import FlaskClient
from gateways import gateway
from people import acting, with_account
from werkzeug.test import TestResponse

from broker.domain.machines.clients import ClientId
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.registers.machines.clients import NewClient
from broker.wiring import Services
from keys import Algorithm, KeyId, PersonId
from keys.encoding import base64url

ADDRESS = "http://127.0.0.1:8350"
TOKEN_URL = f"{ADDRESS}/oauth/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FIRST = replace(NURSE, id=PersonId("p-registrar"), role=Role.ADMINISTRATOR)
NOTES = ClientId("c-notes")
WORKS_AS = frozenset({Role.PRACTITIONER, Role.LEAD})
Claims = dict[str, Any]


@dataclass
class Machine:
    """A client's key, the key that it proves calls by, and the gateway that it calls."""

    services: Services
    client: FlaskClient
    id: ClientId = NOTES
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    proof_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def now(self) -> int:
        return int(self.services.clock().timestamp())

    @property
    def kid(self) -> KeyId:
        return KeyId(thumbprint(public_jwk(self.key)))

    def assertion(
        self,
        header: Claims | None = None,
        key: Any = None,
        **claims: Any,
    ) -> str:
        """Sign an assertion that is right but for what is given; `...` takes something out."""
        body = {
            "iss": self.id,
            "sub": self.id,
            "aud": TOKEN_URL,
            "iat": self.now,
            "exp": self.now + 300,
            "jti": str(uuid.uuid4()),
        }
        head = {"alg": "EdDSA", "typ": "JWT", "kid": self.kid, **(header or {})}
        return signed(key or self.key, head, {**body, **claims})

    def proof(
        self,
        url: str = TOKEN_URL,
        method: str = "POST",
        header: Claims | None = None,
        key: Any = None,
        **claims: Any,
    ) -> str:
        """Sign a proof that is right but for what is given."""
        signer = key or self.proof_key
        body = {"jti": str(uuid.uuid4()), "htm": method, "htu": url, "iat": self.now}
        head = {"alg": "EdDSA", "typ": "dpop+jwt", "jwk": public_jwk(signer), **(header or {})}
        return signed(signer, head, {**body, **claims})

    def ask(
        self, assertion: str | None = None, proof: str | None = None, **form: Any
    ) -> TestResponse:
        """Ask for a token with a form that is right but for what is given."""
        sent = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion() if assertion is None else assertion,
            "scope": "practitioner",
            **form,
        }
        proofs = [self.proof() if proof is None else proof]
        return self.client.post(
            "/oauth/token",
            data={name: value for name, value in sent.items() if value is not ...},
            headers=[("DPoP", one) for one in proofs if one],
        )

    def token(self, **form: Any) -> str:
        answer = self.ask(**form)
        assert answer.status_code == 200, answer.get_data()
        token: str = json.loads(answer.get_data())["access_token"]
        return token

    def call(
        self, token: str, *proofs: str, path: str = "/api/v1/disclosures", scheme: str = "DPoP"
    ) -> TestResponse:
        headers = [("Authorization", f"{scheme} {token}"), *(("DPoP", one) for one in proofs)]
        return self.client.get(path, headers=headers)

    def proof_of(self, token: str, path: str = "/api/v1/disclosures", **more: Any) -> str:
        from_token = {"ath": ath(token), **more}
        return self.proof(f"{ADDRESS}{path}", **{"method": "GET", **from_token})

    def program(self, role: str = "practitioner", person: str | None = None) -> Broker:
        """Return the example client, which calls the gateway without a network between them."""

        def send(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
            answer = self.client.open(
                urlsplit(url).path, method=method, headers=dict(headers), data=body
            )
            return answer.status_code, dict(answer.headers), answer.get_data()

        return Broker(
            address=ADDRESS,
            client=self.id,
            key=self.key,
            role=role,
            person=person,
            send=send,
            now=lambda: self.services.clock().timestamp(),
        )


def ath(token: str) -> str:
    return base64url(hashlib.sha256(token.encode()).digest())


def signed(key: Any, header: Claims, claims: Claims) -> str:
    """Sign whatever is given, by the way of the key's kind; `...` takes something out."""
    parts = [
        base64url(json.dumps({name: one for name, one in part.items() if one is not ...}).encode())
        for part in (header, claims)
    ]
    unsigned = ".".join(parts)
    return f"{unsigned}.{base64url(_signature(key, unsigned.encode()))}"


def _signature(key: Any, content: bytes) -> bytes:
    match key:
        case Ed25519PrivateKey():
            return key.sign(content)
        case ec.EllipticCurvePrivateKey():
            r, s = decode_dss_signature(key.sign(content, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        case rsa.RSAPrivateKey():
            return key.sign(content, padding.PKCS1v15(), hashes.SHA512())
        case _:
            return hmac.digest(bytes(key), content, hashlib.sha256)


def second_administrator(services: Services, clock: Clock) -> Person:
    """Return somebody with an account, who may confirm what another registered."""
    held = with_account(services, clock, "Sal Specimen", Role.KEEPER)
    return acting(held, Role.ADMINISTRATOR)


def a_machine(
    services: Services,
    second: Person,
    id_: ClientId = NOTES,
    *,
    roles: frozenset[Role] = WORKS_AS,
    names_people: bool = False,
) -> Machine:
    """Return a machine that one registered and another confirmed."""
    machine = Machine(services=services, client=gateway(services).test_client(), id=id_)
    registered_by = replace(FIRST, agency=second.agency)
    services.access.machines.clients.register(
        NewClient(
            id=id_,
            algorithm=Algorithm.EDDSA,
            roles=roles,
            names_people=names_people,
            keys=(public_jwk(machine.key),),
        ),
        registered_by,
    )
    services.access.machines.clients.confirm(id_, machine.kid, second)
    return machine
