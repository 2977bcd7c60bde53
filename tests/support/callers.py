"""People with tokens who call the API, and what they were refused with."""

import io
import itertools
import json
from dataclasses import dataclass
from typing import Any

from brokers import NURSE, a_token
from flask.testing import FlaskClient
from gateways import gateway
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from broker.domain.model import Person
from broker.domain.roles import Role
from broker.wiring import Services

PACKS = "/api/v1/disclosures"
PREVIEWS = "/api/v1/judgements"
REVIEWS = "/api/v1/reviews"
KEY = "key-00000001"
STEPS = (
    *("/reply", "/decision", "/question", "/opinion"),
    *("/answer", "/return", "/passing", "/extension", "/settlement"),
    "/api/v1/cases",
)
FROM = "/api/v1/cases/from/"
_numbers = itertools.count(1)


@dataclass
class Caller:
    """Somebody with a token, calling the API."""

    client: FlaskClient
    token: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self._headers())

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a body; a step that is done once gets a key of its own unless one is given."""
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        if path.endswith(STEPS) or path.startswith(FROM):
            headers.setdefault("Idempotency-Key", f"step-{next(_numbers):08}")
        return self.client.post(
            path,
            data=data,
            content_type="application/json",
            headers={**self._headers(), **headers},
        )

    def submit(self, body: Any, key: str = KEY) -> TestResponse:
        return self.post(PACKS, body, **{"Idempotency-Key": key})

    def submit_with_files(
        self, pack: dict[str, Any], files: dict[str, bytes], key: str = KEY
    ) -> TestResponse:
        attached = [("attachment", a_file(name, content)) for name, content in files.items()]
        return self.submit_parts(("pack", json.dumps(pack)), *attached, key=key)

    def submit_parts(self, *parts: tuple[str, str | FileStorage], key: str = KEY) -> TestResponse:
        """Send parts by name. Encoded here, since the client would spool them to a file."""
        boundary, body = encode_multipart(MultiDict(parts))
        return self.client.post(
            PACKS,
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={**self._headers(), "Idempotency-Key": key},
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def a_file(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def a_caller(services: Services, person: Person = NURSE, role: Role = Role.PRACTITIONER) -> Caller:
    return Caller(client=gateway(services).test_client(), token=a_token(services, person, role))


@dataclass(frozen=True)
class Refusal:
    """What a problem document says, without its words: status, kind, and the places at fault."""

    status: int
    slug: str
    places: tuple[str, ...] = ()


def refusal_of(answer: TestResponse) -> Refusal:
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.get_data())
    assert body["status"] == answer.status_code
    return Refusal(
        status=answer.status_code,
        slug=body["type"].rpartition(":")[2],
        places=tuple(fault["place"] for fault in body.get("faults", ())),
    )
