"""JSON that is ambiguous, unbounded or unstorable: refused on every route that reads JSON."""

import json
from collections.abc import Generator

import pytest
from brokers import NURSE, Clock
from callers import PACKS, PREVIEWS, Caller, Refusal, a_caller, refusal_of
from homes import Prepared
from packs import pack_bytes

from broker.domain.roles import Role
from broker.wiring import Services

NO_SUCH_CASE = f"{PACKS}/PRV-0000-0000"
ROUTES = (
    pytest.param(PACKS, id="submission"),
    pytest.param(PREVIEWS, id="preview"),
    pytest.param(f"{NO_SUCH_CASE}/handover", id="handover"),
    pytest.param(f"{NO_SUCH_CASE}/acknowledgement", id="acknowledgement"),
    pytest.param(f"{NO_SUCH_CASE}/recall", id="recall"),
)
WHOLE = Refusal(422, "faulty-document", ("document",))
SENT = "Zzcanary"


@pytest.fixture(scope="module", name="shared")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    """One broker for all: what is refused leaves nothing behind, as the last test proves."""
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("json") / "home", Clock())
    yield services
    services.close()


@pytest.fixture(scope="module", name="nurse")
def _nurse(shared: Services) -> Caller:
    return a_caller(shared)


def nested(levels: int, opening: str, closing: str) -> bytes:
    return f"{opening * levels}0{closing * levels}".encode()


BAD_JSON = [
    pytest.param(b'{"form": Zzcanary}', id="not JSON"),
    pytest.param(b'{"form": "Zzcanary"', id="cut off"),
    pytest.param(b'{"form": "Zzcanary"} {}', id="more behind the end"),
    pytest.param(b'{"form": "Zzcanary\xff"}', id="not UTF-8"),
    pytest.param('{"form": "Zzcanary"}'.encode("utf-16"), id="UTF-16"),
    pytest.param(b'\xef\xbb\xbf\xef\xbb\xbf{"form": "Zzcanary"}', id="two byte order marks"),
    pytest.param(nested(100_000, "[", "]"), id="100,000 lists deep"),
    pytest.param(nested(100_000, '{"a":', "}"), id="100,000 objects deep"),
    pytest.param(nested(21, '{"a":', "}"), id="21 objects deep"),
    pytest.param(b'{"Zzcanary": 1, "Zzcanary": 2}', id="a name twice"),
    pytest.param('{"Zzcanary\u00e9": 1, "Zzcanarye\u0301": 2}'.encode(), id="a name spelt twice"),
    pytest.param(b'{"form": NaN}', id="NaN"),
    pytest.param(b'{"form": Infinity}', id="infinity"),
    pytest.param(b'{"form": -Infinity}', id="negative infinity"),
    pytest.param(b'{"form": 1e999}', id="1e999"),
    pytest.param(b'{"form": -1e999}', id="-1e999"),
    pytest.param(b'{"form": ' + b"9" * 5_000 + b"}", id="5,000 digits"),
    pytest.param(b'{"form": 9223372036854775808}', id="2^63"),
    pytest.param(b'{"form": "Zzcanary\\ud800"}', id="lone surrogate"),
    pytest.param(b'{"Zzcanary\\udc00": 1}', id="lone surrogate in a name"),
    pytest.param(b'{"form": "Zzcanary\\u0000"}', id="NUL"),
    pytest.param(json.dumps(dict.fromkeys(map(str, range(2_001)))).encode(), id="2,001 members"),
]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("body", BAD_JSON)
def test_json_that_cannot_be_trusted_is_refused_as_a_whole(
    nurse: Caller, route: str, body: bytes
) -> None:
    answer = nurse.post(route, body, **{"Idempotency-Key": "key-00000001"})

    assert refusal_of(answer) == WHOLE
    assert SENT not in answer.get_data(as_text=True)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("body", [b"[]", b'["Zzcanary"]', b'"Zzcanary"', b"7", b"true", b"null"])
def test_json_that_is_no_object_is_refused(nurse: Caller, route: str, body: bytes) -> None:
    answer = nurse.post(route, body, **{"Idempotency-Key": "key-00000001"})

    assert refusal_of(answer) == WHOLE
    assert SENT not in answer.get_data(as_text=True)


@pytest.mark.parametrize("route", ROUTES)
def test_json_of_more_than_a_megabyte_is_too_large(nurse: Caller, route: str) -> None:
    body = pack_bytes(questions__purpose_statement="Z" * 1_000_000)

    answer = nurse.post(route, body, **{"Idempotency-Key": "key-00000001"})

    assert refusal_of(answer) == Refusal(413, "request-too-large")


def test_nothing_of_this_was_kept(shared: Services, nurse: Caller) -> None:
    auditor = a_caller(shared, NURSE, Role.AUDITOR)
    before = auditor.get("/api/v1/ledger/entries").json

    nurse.post(PACKS, b'{"form": "Zzcanary"', **{"Idempotency-Key": "key-00000001"})

    assert auditor.get("/api/v1/ledger/entries").json == before
    assert shared.keystore.cases() == ()
