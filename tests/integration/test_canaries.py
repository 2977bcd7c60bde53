"""Whole flows with names that stand nowhere else, and a search for them in all that is left."""

import base64
import hashlib
import json
import logging
import tempfile
from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog
from brokers import NURSE, Clock, a_broker
from callers import PACKS, PREVIEWS, REVIEWS, Caller, a_caller
from leftovers import Left, collect, hits
from packs import CANARIES, FORM, a_pack, with_attachment
from referrals import WEIGHED

from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.logs import configure
from broker.packs.pdfium import opened
from broker.packs.sealing import RECEIPT
from broker.wiring import Services
from keys import PersonId

RELEASED_FILE = b"Zzcanary said so: canary-note-7781."
WITHHELD_FILE = b"Of the Withheldcanary faith; canary-file-9930."
SOUGHT = (*CANARIES, "Withheldcanary", "canary-file-9930")

WITHHELD = a_pack(
    form={**FORM, "individual.ethnicity": "Withheldcanary"},
    attachments=[
        *with_attachment("Zzcanary.txt", "concerns.description"),
        *with_attachment("Qqcanary.txt", "individual.ethnicity"),
    ],
)
TELLING = frozenset(
    field for field, value in WITHHELD["form"].items() if "canary" in value.lower()
)
"""The fields of the form whose values stand nowhere else."""

REFUSED_BY_THE_PERSON: dict[str, Any] = {
    "status": "refused",
    "given_by": "nobody",
    "recipients": [],
    "purposes": [],
    "given_on": None,
    "expires_on": None,
    "asking_raises_risk": "no",
    "reason_not_sought": "",
}
JUDGED = {
    "refused": a_pack(questions__concern__basis=["protected-characteristic"]),
    "referred": a_pack(
        questions__agreement_to_share=REFUSED_BY_THE_PERSON,
        questions__concern__harm="serious",
        questions__concern__serious_crime="yes",
        questions__public_interest__reason="Others would be hurt if the police did not know.",
    ),
    "emergency": a_pack(questions__danger="imminent", questions__purpose="emergency"),
}
GUARDIAN = Person(id=PersonId("p-guardian"), agency=NURSE.agency, role=Role.GUARDIAN)
FAULTY: tuple[Any, ...] = (
    b'{"Zzcanary": Qqcanary',
    b'"Zzcanary"',
    {**a_pack(), "Zzcanary": 1},
    a_pack(form={"Zzcanary": "Qqcanary"}),
    a_pack(form={"dates.noticed": "canary-note-7781"}),
    a_pack(recipient="canary.person@example.invalid"),
    a_pack(recipient="zzcanary"),
    a_pack(questions__danger="Zzcanary"),
    a_pack(attachments=with_attachment("Zzcanary.txt", "Qqcanary")),
    a_pack(attachments=with_attachment("Zzcanary.txt", "concerns.description")),
)


class TalkativeCourier:
    """Fails in a way that nobody foresaw, with a name in its words."""

    name = "pickup"
    repeatable = True

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        raise LookupError("Zzcanary Qqcanary is not at home", str(envelope), len(message))


@pytest.fixture(scope="module", name="left")
def _left(tmp_path_factory: pytest.TempPathFactory) -> Generator[Left]:
    """What is left after everything that people and the broker itself can do."""
    folder, left, clock = tmp_path_factory.mktemp("canaries"), Left(), Clock()
    (folder / "spool").mkdir()
    listener, root = logging.StreamHandler(left.log), logging.getLogger()
    root.addHandler(listener)
    tempfile.tempdir, spool = str(folder / "spool"), tempfile.tempdir
    configure("debug", left.log)
    try:
        services = a_broker(folder / "home", clock)
        live(services, a_caller(services), clock, left)
        collect(folder, left)  # while the database is open, so that its journal is there too
        services.close()
        yield left
    finally:
        tempfile.tempdir = spool
        structlog.reset_defaults()
        root.removeHandler(listener)


def live(services: Services, nurse: Caller, clock: Clock, left: Left) -> None:
    """Submit, preview, hand over, acknowledge and recall, and be refused in many ways."""
    files = {"Zzcanary.txt": RELEASED_FILE, "Qqcanary.txt": WITHHELD_FILE}
    told = {"withheld": left.heard(nurse.submit_with_files(WITHHELD, files, key="key-withheld"))}
    for name, pack in JUDGED.items():
        left.heard(nurse.post(PREVIEWS, pack))
        told[name] = left.heard(nurse.submit(pack, key=f"key-{name}"))
    assert [one["state"] for one in told.values()] == ["decided", "refused", "referred", "decided"]
    review_all(nurse, a_caller(services, GUARDIAN, Role.GUARDIAN), told, left)
    for number, pack in enumerate(FAULTY):
        left.heard(nurse.post(PREVIEWS, pack))
        left.heard(nurse.submit(pack, key=f"key-faulty-{number}"))
    left.heard(nurse.submit(a_pack(), key="Zzcanary Qqcanary"))
    left.heard(nurse.submit(a_pack(), key="key-withheld"))
    left.heard(nurse.get(f"{PACKS}/Zzcanary?name=Qqcanary"))

    failing = replace(services.dispatcher, courier=TalkativeCourier())
    with failing.alone():
        failing.dispatch()
    clock.forward(timedelta(seconds=5))
    with services.dispatcher.alone():
        services.dispatcher.dispatch()
    for name in ("withheld", "referred", "emergency"):
        path = f"{PACKS}/{told[name]['reference']}"
        release = left.heard(nurse.get(path))["decision"]["release"]
        left.released[name] = told[name]["reference"], frozenset(release)
        hand_over(nurse, path, left)
    left.heard(nurse.get(PACKS))
    fail_within(services, left)

    page = a_caller(services, NURSE, Role.AUDITOR).get("/api/v1/ledger/entries").json
    assert page is not None
    left.entries.update({f"entry {n}": text.encode() for n, text in enumerate(page["entries"])})
    clock.forward(timedelta(minutes=16))
    left.heard(nurse.get(PACKS))


def review_all(nurse: Caller, guardian: Caller, told: dict[str, Any], left: Left) -> None:
    """Ask, reply, decide and look back, with names in every reason."""
    grounds = {"relation": "independent", "principles": [7]}
    words = "Zzcanary Qqcanary may hurt others."
    referred, emergency = (told[name]["reference"] for name in ("referred", "emergency"))
    decision = {**grounds, "verdict": "approve", "reason": words, "public_interest": WEIGHED}
    left.heard(guardian.post(f"{REVIEWS}/{referred}/decision", decision))
    opinion = {**grounds, "opinion": "dissent", "reason": words}
    left.heard(guardian.post(f"{REVIEWS}/{emergency}/opinion", opinion))
    left.heard(nurse.post(f"{PACKS}/{emergency}/duties/tell-the-guardian"))
    left.heard(nurse.post(f"{PACKS}/{emergency}/duties/Zzcanary"))

    asked = left.heard(nurse.submit({**JUDGED["referred"], "again": words}, key="key-asked"))[
        "reference"
    ]
    left.heard(guardian.post(f"{REVIEWS}/{asked}/question", {**grounds, "question": words}))
    left.heard(nurse.post(f"{PACKS}/{asked}/reply", {"reply": words}))
    # The sender reads question and reply, so that this answer alone holds the names.
    read = nurse.get(f"{PACKS}/{asked}/questions").json
    assert read is not None
    assert read["questions"][0]["question"] == read["questions"][0]["reply"] == words
    left.heard(nurse.post(f"{PACKS}/{asked}/reply", {"reply": words}))
    left.heard(guardian.get(REVIEWS))


def hand_over(nurse: Caller, path: str, left: Left) -> None:
    left.heard(nurse.post(f"{path}/acknowledgement"))
    given = nurse.post(f"{path}/handover").json
    assert given is not None
    left.passphrases[given["reference"]] = given["passphrase"]
    left.heard(nurse.post(f"{path}/handover"))
    again = nurse.post(f"{path}/handover", {"reason": "Zzcanary Qqcanary asked again."}).json
    assert again is not None
    assert again["passphrase"] == given["passphrase"]
    left.heard(nurse.get(path))
    left.heard(nurse.post(f"{path}/acknowledgement"))
    left.heard(nurse.post(f"{path}/handover"))
    left.heard(nurse.post(f"{path}/recall"))


def fail_within(services: Services, left: Left) -> None:
    """Let a view fail as nobody foresaw, with a name in the words of the error."""

    def failing_clock() -> Any:
        raise LookupError("Zzcanary Qqcanary at 5 Canarystreet")

    broken = replace(services, disclosures=replace(services.disclosures, clock=failing_clock))
    caller = a_caller(services)
    answer = Caller(client=a_caller(broken).client, token=caller.token).submit(a_pack())
    left.heard(answer)
    assert answer.status_code == 500


def pages_of(left: Left, reference: str) -> tuple[str, dict[str, bytes]]:
    """Return the words on a sealed pack's pages, without spaces, and the files inside it."""
    sealed = left.letters[f"{reference} application/pdf"]
    with opened(sealed, left.passphrases[reference]) as document:
        words = "".join(document.text(index) for index in range(document.pages))
        return "".join(words.split()), document.embedded()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("around", [0, 1, 2, 3])
def test_the_search_finds_what_was_planted(encoding: str, around: int) -> None:
    words = (b"." * around) + "Zzcanary Qqcanary".encode(encoding) + b"...."
    for planted in (words, base64.b64encode(words), words.hex().encode()):
        assert hits(Left(files={"planted": planted}), "Zzcanary") == [("planted", "Zzcanary")]


def test_the_flow_left_everything_that_is_searched(left: Left) -> None:
    assert {"home/broker.db", "home/broker.db-wal", "home/gateway"} <= set(left.files)
    assert len([name for name in left.letters if name.endswith("application/pdf")]) == 3
    assert len(left.entries) > 10
    assert {
        *("received", "decided", "reviewed", "asked", "replied", "looked-back", "duty.done"),
        *("sealed", "sent", "revealed", "acknowledged"),
    } <= {json.loads(entry)["event"]["type"] for entry in left.entries.values()}
    assert len(left.answers) > 40
    assert all(word in left.log.getvalue() for word in ("request-failed", "step-failed"))


def test_no_name_is_anywhere_but_in_the_sealed_packs(left: Left) -> None:
    assert hits(left, *SOUGHT) == []


def test_no_unsalted_digest_lets_a_name_be_guessed(left: Left) -> None:
    guesses = [
        *(word.encode() for word in SOUGHT),
        FORM["individual.name"].encode(),
        RELEASED_FILE,
        WITHHELD_FILE,
        json.dumps(WITHHELD).encode(),
    ]
    digests = [hashlib.sha256(guess) for guess in guesses]

    assert [
        place
        for place, content in left.everything()
        for digest in digests
        if digest.digest() in content or digest.hexdigest().encode() in content
    ] == []


def test_a_passphrase_is_nowhere_but_in_the_answer_to_its_handover(left: Left) -> None:
    assert len(set(left.passphrases.values())) == 3
    assert hits(left, *left.passphrases.values()) == []


def test_a_bearer_token_is_nowhere_in_files_or_logs(left: Left) -> None:
    assert hits(left, "Bearer ey", "eyJhbGciOi") == []


@pytest.mark.parametrize("name", ["withheld", "referred", "emergency"])
def test_a_sealed_pack_holds_what_was_released_and_nothing_else(left: Left, name: str) -> None:
    reference, released = left.released[name]
    words, _ = pages_of(left, reference)
    form = WITHHELD["form"]

    assert {field for field in TELLING if "".join(form[field].split()) in words} == {
        field for field in TELLING if field in released
    }


def test_what_no_purpose_lets_go_stays_and_the_rest_goes(left: Left) -> None:
    telling = {name: TELLING & released for name, (_, released) in left.released.items()}

    assert telling == dict.fromkeys(
        ("withheld", "referred", "emergency"), TELLING - {"individual.ethnicity"}
    )


def test_only_the_file_that_carries_released_fields_goes_along(left: Left) -> None:
    inside = {name: pages_of(left, left.released[name][0])[1] for name in left.released}
    receipts = {name: files.pop(RECEIPT) for name, files in inside.items()}

    assert all(receipt.startswith(b"c2sp.org/tlog-proof@v1") for receipt in receipts.values())
    assert inside == {
        "withheld": {"01-attachment.txt": RELEASED_FILE},
        "referred": {},
        "emergency": {},
    }


def test_a_failure_is_logged_by_its_place_alone(left: Left) -> None:
    lines = [json.loads(line) for line in left.log.getvalue().splitlines()]
    failed = [line for line in lines if line["event"] == "request-failed"]

    assert [(line["error"], line["where"].split(":")[0]) for line in failed] == [
        ("LookupError", "test_canaries.py")
    ]
    assert set(failed[0]) == {"error", "event", "level", "request_id", "timestamp", "where"}


def test_a_failure_is_answered_without_a_word_about_it(left: Left) -> None:
    (answer,) = (body for name, body in left.answers.items() if name.endswith(" 500"))
    document = json.loads(answer[answer.index(b"{") :])
    del document["request_id"]

    assert document == {
        "type": "urn:disclosure-broker:problem:fault",
        "title": "The broker made a mistake",
        "status": 500,
        "detail": (
            "Ask where it stands before you try again, with the same Idempotency-Key. Tell the "
            "operator the request_id; "
            "in an emergency ring 999 and use the telephone procedure."
        ),
    }


def test_what_is_logged_has_only_the_keys_that_may_be(left: Left) -> None:
    lines = [json.loads(line) for line in left.log.getvalue().splitlines()]

    assert [line for line in lines if "dropped" in line] == []
    assert {line["event"] for line in lines} == {"request", "request-failed", "step-failed"}
