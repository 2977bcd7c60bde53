"""The gateway through its HTTP API, on both databases."""

import json
from datetime import timedelta
from typing import Any

import pytest
from brokers import NURSE, TEACHER, Clock, a_token
from callers import Caller, a_caller
from gateways import gateway
from packs import a_pack, pack_bytes, with_attachment
from referrals import fields_of
from werkzeug.test import TestResponse

from broker.domain.references import parse_reference
from broker.domain.roles import Role
from broker.wiring import Services


@pytest.fixture(name="nurse")
def _nurse(services: Services) -> Caller:
    return a_caller(services)


def dispatch(services: Services) -> None:
    with services.dispatcher.alone():
        services.dispatcher.dispatch()


@pytest.fixture(name="sent")
def _sent(services: Services, nurse: Caller) -> str:
    """The reference of a pack that was permitted, sealed and sent."""
    answer = nurse.submit(pack_bytes())
    dispatch(services)
    return str(answer.json["reference"])  # type: ignore[index]


def place_of(answer: TestResponse) -> list[str]:
    assert answer.json is not None
    return [fault["place"] for fault in answer.json["faults"]]


def without_request_id(answer: TestResponse) -> dict[str, Any]:
    assert answer.json is not None
    return {name: value for name, value in answer.json.items() if name != "request_id"}


def test_a_pack_goes_from_submission_to_acknowledgement(services: Services, nurse: Caller) -> None:
    answer = nurse.submit(pack_bytes())
    assert (answer.status_code, answer.json["state"]) == (201, "decided")  # type: ignore[index]
    path = answer.headers["Location"]

    dispatch(services)
    assert nurse.get(path).json["state"] == "sent"  # type: ignore[index]

    given = nurse.post(f"{path}/handover")
    assert given.status_code == 200
    assert given.json["telephone"] == "01632 960 001"  # type: ignore[index]
    assert len(given.json["passphrase"].split("-")) == 6  # type: ignore[index]

    closed = nurse.post(f"{path}/acknowledgement")
    assert closed.json["state"] == "acknowledged"  # type: ignore[index]
    assert nurse.post(f"{path}/handover").status_code == 409


def test_a_preview_keeps_and_sends_nothing(services: Services, nurse: Caller) -> None:
    with services.transaction() as tx:
        before = tx.ledger.head()

    answer = nurse.post("/api/v1/judgements", pack_bytes())

    assert answer.json["kept"] is False  # type: ignore[index]
    assert answer.json["decision"]["outcome"].startswith("permit")  # type: ignore[index]
    with services.transaction() as tx:
        assert tx.ledger.head() == before
        assert tx.store.disclosures_of(NURSE.agency, limit=1) == ()


def test_an_attachment_whose_fields_are_released_goes_along(
    services: Services, nurse: Caller
) -> None:
    pack = a_pack(attachments=with_attachment("note.txt", "concerns.description"))

    answer = nurse.submit_with_files(pack, {"note.txt": b"A note."})

    assert answer.status_code == 201
    dispatch(services)
    (message,) = services.home.pickup.glob("*.eml")
    assert message.stat().st_size > 10_000


def test_the_same_key_and_body_are_one_submission(services: Services, nurse: Caller) -> None:
    first, second = nurse.submit(pack_bytes()), nurse.submit(pack_bytes())

    assert first.json["reference"] == second.json["reference"]  # type: ignore[index]
    with services.transaction() as tx:
        assert len(tx.store.disclosures_of(NURSE.agency, limit=9)) == 1


def test_the_same_key_with_another_body_is_refused(nurse: Caller) -> None:
    nurse.submit(pack_bytes())

    answer = nurse.submit(pack_bytes(questions__purpose_statement="In other words."))

    assert answer.status_code == 422
    assert answer.json["type"].endswith("key-reused")  # type: ignore[index]


def test_the_same_key_of_another_agency_is_another_submission(
    services: Services, nurse: Caller
) -> None:
    teacher = a_caller(services, TEACHER)
    assert nurse.submit(pack_bytes()).status_code == 201
    assert teacher.submit(pack_bytes()).status_code == 201


def test_a_creating_call_needs_a_key(nurse: Caller) -> None:
    assert nurse.post("/api/v1/disclosures", pack_bytes()).status_code == 428
    assert nurse.submit(pack_bytes(), key="short").status_code == 428


def test_another_agency_cannot_tell_a_disclosure_from_none(services: Services, sent: str) -> None:
    teacher = a_caller(services, TEACHER)

    theirs = teacher.get(f"/api/v1/disclosures/{sent}")
    none = teacher.get("/api/v1/disclosures/PRV-0000-0000")

    assert (theirs.status_code, none.status_code) == (404, 404)
    assert without_request_id(theirs) == without_request_id(none)


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.GUARDIAN, Role.SUPERVISOR, Role.AUDITOR]
)
def test_only_who_writes_referrals_is_given_the_passphrase(
    services: Services, sent: str, role: Role
) -> None:
    other = a_caller(services, NURSE, role)

    assert other.post(f"/api/v1/disclosures/{sent}/handover").status_code == 403


def test_a_second_reveal_needs_a_reason(services: Services, nurse: Caller, sent: str) -> None:
    path = f"/api/v1/disclosures/{sent}/handover"
    first = nurse.post(path)

    assert nurse.post(path).status_code == 409
    again = nurse.post(path, {"reason": "The line was cut off."})

    assert again.json["passphrase"] == first.json["passphrase"]  # type: ignore[index]
    with services.transaction() as tx:
        entries = [e.event for e in tx.ledger.entries_about(sent) if e.type == "revealed"]
    assert [entry["again"] for entry in entries] == ["no", "yes"]
    assert "why_c" in entries[1]


def test_a_passphrase_is_not_given_before_the_document_was_sent(nurse: Caller) -> None:
    reference = nurse.submit(pack_bytes()).json["reference"]  # type: ignore[index]

    assert nurse.post(f"/api/v1/disclosures/{reference}/handover").status_code == 409


def test_a_recalled_document_is_not_sent(services: Services, nurse: Caller) -> None:
    reference = nurse.submit(pack_bytes()).json["reference"]  # type: ignore[index]

    answer = nurse.post(f"/api/v1/disclosures/{reference}/recall")
    dispatch(services)

    assert answer.json["state"] == "recalled"  # type: ignore[index]
    assert list(services.home.pickup.glob("*.eml")) == []


def test_an_unneeded_passphrase_is_destroyed_after_fourteen_days(
    services: Services, nurse: Caller, sent: str, clock: Clock
) -> None:
    clock.forward(timedelta(days=14))
    with services.dispatcher.alone():
        assert services.retention.erasures.passphrases.destroy_expired() == 1
        assert services.retention.erasures.passphrases.destroy_expired() == 0

    nurse.token = a_token(services, NURSE)
    answer = nurse.post(f"/api/v1/disclosures/{sent}/handover")

    assert answer.status_code == 409
    assert "are gone" in answer.json["detail"]  # type: ignore[index]
    path = f"/api/v1/disclosures/{sent}"
    assert nurse.get(path).json["state"] == "expired"  # type: ignore[index]
    late: Any = nurse.post(f"{path}/acknowledgement")
    assert late.json["state"] == "acknowledged"


@pytest.mark.usefixtures("sent")
def test_the_checkpoint_and_the_entries_are_readable(services: Services) -> None:
    auditor = a_caller(services, NURSE, Role.AUDITOR)

    note = auditor.get("/api/v1/ledger/checkpoint").get_data(as_text=True)
    page = auditor.get("/api/v1/ledger/entries?from=0&count=2").json

    assert note.splitlines()[0] == services.checkpoints.store.key.name
    assert page is not None
    assert [json.loads(entry)["seq"] for entry in page["entries"]] == [0, 1]
    assert auditor.get("/api/v1/ledger/entries?from=x").status_code == 400


def test_the_service_says_that_it_lives_and_is_ready(services: Services) -> None:
    client = gateway(services).test_client()

    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").get_json()["status"] == "ready"


def test_an_expired_token_is_refused(nurse: Caller, clock: Clock) -> None:
    clock.forward(timedelta(minutes=16))

    answer = nurse.get("/api/v1/disclosures")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer, DPoP algs=")


def test_every_answer_forbids_storing_and_framing(nurse: Caller) -> None:
    for path in ("/healthz", "/api/v1/disclosures", "/api/v1/nowhere"):
        headers = nurse.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_all_faults_of_a_pack_are_named_at_once(nurse: Caller) -> None:
    pack = a_pack(
        form={"individual.nmae": "x", "individual.date_of_birth": "2 November"},
        questions__danger="Imminent",
        extra="not known",
    )
    del pack["questions"]["scope"]

    answer = nurse.submit(json.dumps(pack).encode())

    assert answer.status_code == 422
    assert place_of(answer) == sorted(place_of(answer))
    assert {
        "document",
        "form.individual.nmae",
        "form.individual.date_of_birth",
        "questions.danger",
        "questions.scope",
    } <= set(place_of(answer))
    assert "Imminent" not in answer.get_data(as_text=True)
    assert "2 November" not in answer.get_data(as_text=True)


def test_a_refused_pack_keeps_no_file_and_not_a_word_of_one(
    services: Services, nurse: Caller
) -> None:
    pack = a_pack(
        attachments=with_attachment("note.txt", "concerns.description"),
        questions__concern__harm="none",
    )
    note = b"canary-note-7781 in a file. " * 5_000

    answer = nurse.submit_with_files(pack, {"note.txt": note}).get_json()

    assert answer["state"] == "refused"
    (told,) = answer["attachments"]
    assert (told["kind"], told["size"]) == ("txt", len(note))
    reference = parse_reference(answer["reference"])
    names = {name for name in fields_of(services, reference) if name.startswith("attachment/")}
    assert names == {"attachment/1/reading"}
    with services.transaction() as tx:
        kept = tx.case_file(tx.store.disclosure(reference)).get("attachment/1/reading")
    assert kept is not None
    assert b"canary-note-7781" not in kept
