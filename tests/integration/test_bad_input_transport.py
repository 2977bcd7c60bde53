"""Requests of the wrong form: media type, length, keys, references, parameters, methods."""

import io
import json
from collections.abc import Generator

import pytest
from brokers import NURSE, Clock
from callers import KEY, PACKS, PREVIEWS, Caller, Refusal, a_caller, refusal_of
from homes import Prepared
from packs import pack_bytes
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

from broker.domain.roles import Role
from broker.wiring import Services

NO_KEY = Refusal(428, "key-missing")
WRONG_FORM = Refusal(415, "request-shape")


@pytest.fixture(scope="module", name="shared")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    """One broker for all: a refused request leaves nothing behind."""
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("transport") / "home", Clock())
    yield services
    services.close()


@pytest.fixture(scope="module", name="auditor")
def _auditor(shared: Services) -> Caller:
    return a_caller(shared, NURSE, Role.AUDITOR)


@pytest.fixture(scope="module", name="nurse")
def _nurse(shared: Services) -> Caller:
    return a_caller(shared)


def sent_raw(caller: Caller, environ: dict[str, object]) -> TestResponse:
    """Return the answer to a request as a server hands it over, lengths as given."""
    app = caller.client.application
    given = {"HTTP_AUTHORIZATION": f"Bearer {caller.token}", "HTTP_IDEMPOTENCY_KEY": KEY}
    base = EnvironBuilder(
        path=PACKS, method="POST", environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ).get_environ()
    whole = {**base, **given, "CONTENT_TYPE": "application/json", **environ}
    whole = {name: value for name, value in whole.items() if value is not None}
    return TestResponse(*run_wsgi_app(app, whole), request=Request(whole))


@pytest.mark.parametrize("route", [PACKS, PREVIEWS, f"{PACKS}/PRV-0000-0000/handover"])
@pytest.mark.parametrize(
    "media_type",
    [
        pytest.param("", id="none"),
        pytest.param("text/plain", id="text"),
        pytest.param("text/json", id="almost JSON"),
        pytest.param("application/x-www-form-urlencoded", id="a form"),
        pytest.param("application/json-patch+json", id="another JSON"),
        pytest.param("zzcanary/json", id="nonsense"),
    ],
)
def test_another_media_type_is_refused(nurse: Caller, route: str, media_type: str) -> None:
    answer = nurse.client.post(
        route,
        data=pack_bytes(),
        content_type=media_type,
        headers={"Authorization": f"Bearer {nurse.token}", "Idempotency-Key": KEY},
    )

    assert refusal_of(answer) == WRONG_FORM
    assert "canary" not in answer.get_data(as_text=True).casefold()


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"CONTENT_LENGTH": None}, id="no length"),
        pytest.param({"CONTENT_LENGTH": None, "HTTP_TRANSFER_ENCODING": "chunked"}, id="chunked"),
        pytest.param(
            {
                "CONTENT_LENGTH": None,
                "HTTP_TRANSFER_ENCODING": "chunked",
                "wsgi.input_terminated": True,
            },
            id="chunked and ended by the server",
        ),
        pytest.param(
            {"CONTENT_LENGTH": "10", "HTTP_TRANSFER_ENCODING": "chunked"}, id="both lengths"
        ),
    ],
)
def test_a_body_of_unknown_length_is_not_read(nurse: Caller, environ: dict[str, object]) -> None:
    answer = sent_raw(nurse, {"wsgi.input": io.BytesIO(pack_bytes()), **environ})

    assert refusal_of(answer) == Refusal(411, "length-missing")


@pytest.mark.parametrize(
    "media_type", ["application/json", "multipart/form-data; boundary=made-up"]
)
def test_a_request_that_announces_more_than_24_megabytes_is_too_large(
    nurse: Caller, media_type: str
) -> None:
    answer = sent_raw(
        nurse,
        {
            "CONTENT_TYPE": media_type,
            "CONTENT_LENGTH": "24000001",
            "wsgi.input": io.BytesIO(pack_bytes()),
        },
    )

    assert refusal_of(answer) == Refusal(413, "request-too-large")


def test_an_empty_body_is_no_pack(nurse: Caller) -> None:
    answer = sent_raw(nurse, {"CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO()})

    assert refusal_of(answer) == Refusal(422, "faulty-document", ("document",))


def test_a_packed_body_is_not_unpacked(nurse: Caller) -> None:
    body = b"\x1f\x8b\x08\x00" + bytes(60)
    answer = sent_raw(
        nurse,
        {
            "HTTP_CONTENT_ENCODING": "gzip",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        },
    )

    assert refusal_of(answer) == Refusal(415, "encoded-body")


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param("zzcan-7", id="7 characters"),
        pytest.param("zzcanary" * 16 + "x", id="129 characters"),
        pytest.param("zzcanary 0001", id="a space"),
        pytest.param("zzcanary.0001", id="a dot"),
        pytest.param("zzcanary-\u00e9\u00e9", id="letters beyond ASCII"),
        pytest.param("zzcanary-0001, zzcanary-0002", id="two in one"),
    ],
)
def test_a_key_of_the_wrong_form_is_refused(nurse: Caller, key: str) -> None:
    answer = nurse.submit(pack_bytes(), key=key)

    assert refusal_of(answer) == NO_KEY
    assert "zzcan" not in answer.get_data(as_text=True)


def test_a_submission_without_a_key_is_refused(nurse: Caller) -> None:
    assert refusal_of(nurse.post(PACKS, pack_bytes())) == NO_KEY


def test_a_preview_needs_no_key(nurse: Caller) -> None:
    assert nurse.post(PREVIEWS, pack_bytes()).status_code == 200


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("PRV-7Q4K-M2X", id="one missing"),
        pytest.param("PRV-7Q4K-M2XHH", id="one too many"),
        pytest.param("XYZ-7Q4K-M2XH", id="another prefix"),
        pytest.param("PRV-AEIU-0000", id="vowels"),
        pytest.param("PRV-0000-0001", id="a wrong check"),
        pytest.param("Zzcanary", id="a name"),
        pytest.param("%00", id="NUL"),
        pytest.param("%ff", id="not UTF-8"),
        pytest.param("..%2f..%2fetc%2fpasswd", id="a path"),
        pytest.param("PRV-7Q4K-M2XH'--", id="SQL"),
        pytest.param("P" * 4_000, id="4,000 characters"),
        pytest.param("%D9%A0" * 11, id="Arabic-Indic digits"),
    ],
)
@pytest.mark.parametrize("step", ["", "/handover", "/acknowledgement", "/recall"])
def test_a_malformed_reference_is_not_found(nurse: Caller, reference: str, step: str) -> None:
    url = f"{PACKS}/{reference}{step}"
    answer = nurse.post(url) if step else nurse.get(url)

    assert answer.status_code == 404
    assert refusal_of(answer).slug in {"unknown-reference", "not-found"}
    assert reference not in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["from", "count"])
@pytest.mark.parametrize("value", ["x", "", "-1", "1.5", "1e3", "0x1", "%D9%A1", "9" * 17])
def test_a_parameter_that_is_no_whole_number_is_refused(
    auditor: Caller, name: str, value: str
) -> None:
    answer = auditor.get(f"/api/v1/ledger/entries?{name}={value}")

    assert refusal_of(answer) == Refusal(400, "query")


@pytest.mark.parametrize(
    ("query", "held"),
    [
        pytest.param("from=999999999999999", 0, id="far behind the end"),
        pytest.param("count=0", 0, id="none"),
        pytest.param("count=1", 1, id="one"),
    ],
)
def test_a_page_of_the_ledger_may_be_short(auditor: Caller, query: str, held: int) -> None:
    page = json.loads(auditor.get(f"/api/v1/ledger/entries?{query}").get_data())

    assert len(page["entries"]) == held


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/api", "/api/v1", "/api/v2/disclosures", "/Zzcanary", "/api/v1//disclosures"],
)
def test_what_is_not_there_is_not_found(nurse: Caller, path: str) -> None:
    answer = nurse.get(path)

    assert refusal_of(answer) == Refusal(404, "not-found")
    assert "Zzcanary" not in answer.get_data(as_text=True)
