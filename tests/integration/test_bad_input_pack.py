"""Packs with faults: each is named by its place, and nothing that was sent is repeated."""

from collections.abc import Generator
from typing import Any

import pytest
from brokers import Clock
from callers import PACKS, PREVIEWS, Caller, Refusal, a_caller, refusal_of
from homes import Prepared
from packs import CANARIES, a_pack

from broker.wiring import Services


@pytest.fixture(scope="module", name="shared")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    """One broker for all: a refused pack leaves nothing behind."""
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("pack") / "home", Clock())
    yield services
    services.close()


@pytest.fixture(scope="module", name="nurse")
def _nurse(shared: Services) -> Caller:
    return a_caller(shared)


def faulty(*places: str) -> Refusal:
    return Refusal(422, "faulty-document", places)


def without(*path: str) -> dict[str, Any]:
    pack = a_pack()
    *above, last = path
    place = pack
    for step in above:
        place = place[step]
    del place[last]
    return pack


NOTE = {"name": "note.txt", "carries": ["concerns.description"], "why": "Made on the day."}

FAULTY_PACKS = [
    # What a screen would obey instead of showing
    pytest.param(
        a_pack(form={"individual.name": "Zzcanary\x1b[2J"}),
        ("form.individual.name",),
        id="a control in a field",
    ),
    pytest.param(
        a_pack(form={"concerns.description": "He did \u202eton\u202c see it."}),
        ("form.concerns.description",),
        id="a turned word in a field",
    ),
    pytest.param(
        a_pack(questions__necessity__reason="Only the police can.\x9b2J"),
        ("questions.necessity.reason",),
        id="a control in a reason",
    ),
    pytest.param(
        a_pack(attachments=[{**NOTE, "why": "Made on\rthe day."}]),
        ("attachments[0].why",),
        id="a carriage return in a note",
    ),
    # Unknown names, at every level
    pytest.param(a_pack(Zzcanary="x"), ("document",), id="unknown name"),
    pytest.param(a_pack(id="PRV-0000-0000"), ("document",), id="a reference of one's own"),
    pytest.param(a_pack(form={"Zzcanary": "x"}), ("form",), id="unknown field"),
    pytest.param(a_pack(form={"zzcanary": 7}), ("form", "form"), id="unknown field, no text"),
    pytest.param(a_pack(form={"record.whole": "x"}), ("form.record.whole",), id="a whole record"),
    pytest.param(a_pack(questions__zz="x"), ("questions.zz",), id="unknown question"),
    pytest.param(a_pack(questions__scope__zz=1), ("questions.scope.zz",), id="unknown detail"),
    pytest.param(
        a_pack(questions={**a_pack()["questions"], "Zzcanary Qqcanary": 1}),
        ("questions.?",),
        id="a person's name for a question",
    ),
    pytest.param(
        a_pack(attachments=[{**NOTE, "zzcanary": "x"}]),
        ("attachments[0]",),
        id="unknown name in an attachment",
    ),
    # Facts that the broker derives are not for the sender to say
    pytest.param(
        a_pack(questions__requester__authenticated="yes"),
        ("questions.requester.authenticated",),
        id="authenticated by one's own word",
    ),
    pytest.param(
        a_pack(questions__recipient__in_directory="yes"),
        ("questions.recipient.in_directory",),
        id="verified by one's own word",
    ),
    pytest.param(
        a_pack(questions__approval={"decision": "approve"}),
        ("questions.approval",),
        id="approved by oneself",
    ),
    pytest.param(
        a_pack(questions__legal__article_9="9(2)(g)"),
        ("questions.legal.article_9",),
        id="a legal basis of one's own",
    ),
    # Missing
    pytest.param(without("pack"), ("pack",), id="no version"),
    pytest.param(without("recipient"), ("recipient",), id="no recipient"),
    pytest.param(without("form"), ("form",), id="no form"),
    pytest.param(without("questions"), ("questions",), id="no questions"),
    pytest.param(without("questions", "danger"), ("questions.danger",), id="no answer"),
    pytest.param(
        without("questions", "scope", "people"), ("questions.scope.people",), id="no detail"
    ),
    pytest.param(a_pack(form={}), ("form",), id="empty form"),
    pytest.param(
        a_pack(**{"form__individual.name": " . "}),
        ("form.individual.name",),
        id="a full stop for a name",
    ),
    pytest.param(
        a_pack(**{"form__concerns.description": "- ?"}),
        ("form.concerns.description",),
        id="marks for a concern",
    ),
    # Wrong types, at every level
    pytest.param(a_pack(pack=1), ("pack",), id="version a number"),
    pytest.param(a_pack(recipient=["Zzcanary"]), ("recipient",), id="recipient a list"),
    pytest.param(a_pack(form=["Zzcanary"]), ("form",), id="form a list"),
    pytest.param(a_pack(questions="Zzcanary"), ("questions",), id="questions a text"),
    pytest.param(
        a_pack(form={"individual.name": ["Zzcanary"]}), ("form.individual.name",), id="name a list"
    ),
    pytest.param(
        a_pack(questions__scope="Zzcanary"), ("questions.scope",), id="a group as a text"
    ),
    pytest.param(
        a_pack(questions__scope__people="1"), ("questions.scope.people",), id="number as text"
    ),
    pytest.param(
        a_pack(questions__scope__people=True), ("questions.scope.people",), id="number a truth"
    ),
    pytest.param(
        a_pack(questions__scope__people=1.5), ("questions.scope.people",), id="half a person"
    ),
    pytest.param(a_pack(questions__danger=None), ("questions.danger",), id="word a null"),
    pytest.param(
        a_pack(questions__confirmed="redact-third-parties"),
        ("questions.confirmed",),
        id="confirmed a text",
    ),
    pytest.param(
        a_pack(questions__confirmed=["seal"]), ("questions.confirmed",), id="confirmed too much"
    ),
    pytest.param(a_pack(attachments={}), ("attachments",), id="attachments an object"),
    pytest.param(a_pack(attachments=["x"]), ("attachments[0]",), id="attachment a text"),
    pytest.param(
        a_pack(attachments=[{**NOTE, "carries": []}]),
        ("attachments[0].carries",),
        id="an attachment that carries nothing",
    ),
    pytest.param(
        a_pack(attachments=[{**NOTE, "carries": ["zzcanary"]}]),
        ("attachments[0].carries",),
        id="an attachment that carries what no contract knows",
    ),
    pytest.param(
        a_pack(attachments=[NOTE, {**NOTE, "why": ""}]),
        ("attachments[1].why",),
        id="an attachment without a reason",
    ),
    pytest.param(
        a_pack(attachments=[{**NOTE, "name": f"{n}.txt"} for n in range(21)]),
        ("attachments",),
        id="21 attachments",
    ),
    # Wrong values
    pytest.param(a_pack(pack="referral-pack/3"), ("pack",), id="another version"),
    pytest.param(
        a_pack(questions__danger="Imminent"), ("questions.danger",), id="a word in other case"
    ),
    pytest.param(
        a_pack(questions__told__status="Yes"), ("questions.told.status",), id="yes in other case"
    ),
    pytest.param(
        a_pack(questions__agreement_to_share__status="Refused"),
        ("questions.agreement_to_share.status",),
        id="refused in other case",
    ),
    pytest.param(
        a_pack(form={"individual.name": " \n"}), ("form.individual.name",), id="a blank name"
    ),
    pytest.param(
        a_pack(form={"individual.name": "Zzcanary\nQqcanary"}),
        ("form.individual.name",),
        id="a name on two lines",
    ),
    pytest.param(
        a_pack(form={"individual.name": "Zzcanary" * 63}),
        ("form.individual.name",),
        id="a name of 504 characters",
    ),
    pytest.param(
        a_pack(form={"dates.noticed": "10 March canary-note-7781"}),
        ("form.dates.noticed",),
        id="a day in words",
    ),
    pytest.param(
        a_pack(form={"dates.noticed": "2026-02-30"}), ("form.dates.noticed",), id="30 February"
    ),
    pytest.param(
        a_pack(form={"dates.noticed": "\u0662\u0660\u0662\u0666-\u0660\u0662-\u0660\u0661"}),
        ("form.dates.noticed",),
        id="Arabic-Indic digits",
    ),
    pytest.param(
        a_pack(form={"individual.date_of_birth": "1991-11-03"}),
        ("questions.subject.date_of_birth",),
        id="two birthdays",
    ),
    # Recipients are identifiers of the directory, so no address can deceive
    pytest.param(
        a_pack(recipient="prevent@northshire-example.police.uk"), ("recipient",), id="an address"
    ),
    pytest.param(
        a_pack(recipient="canary.person@example.invalid\r\nBcc: x"),
        ("recipient",),
        id="a header behind an address",
    ),
    pytest.param(
        a_pack(recipient="northshire-prevent\u0435"), ("recipient",), id="a Cyrillic look-alike"
    ),
    pytest.param(a_pack(recipient="Northshire-Prevent"), ("recipient",), id="in capitals"),
    pytest.param(a_pack(recipient="northshire-prevent\n"), ("recipient",), id="a line end"),
    pytest.param(a_pack(recipient="'; drop table mailbox; --"), ("recipient",), id="SQL"),
]


@pytest.mark.parametrize(("pack", "places"), FAULTY_PACKS)
@pytest.mark.parametrize(
    "route", [pytest.param(PACKS, id="submission"), pytest.param(PREVIEWS, id="preview")]
)
def test_a_faulty_pack_is_refused_by_its_places(
    nurse: Caller, route: str, pack: dict[str, Any], places: tuple[str, ...]
) -> None:
    answer = nurse.post(route, pack, **{"Idempotency-Key": "key-00000001"})

    assert refusal_of(answer) == faulty(*places)
    said = answer.get_data(as_text=True).casefold()
    assert [canary for canary in CANARIES if canary.casefold() in said] == []


def test_a_recipient_that_the_directory_does_not_hold_is_refused(nurse: Caller) -> None:
    answer = nurse.submit(a_pack(recipient="zzcanary-team"))

    assert refusal_of(answer) == Refusal(422, "unknown-recipient")
    assert "zzcanary" not in answer.get_data(as_text=True)


def test_a_number_that_no_database_column_holds_is_refused(nurse: Caller) -> None:
    answer = nurse.submit(a_pack(questions__scope__people=10**17))

    assert refusal_of(answer) == faulty("questions.scope.people")


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param("", id="empty"),
        pytest.param(7, id="a number"),
        pytest.param(["Zzcanary"], id="a list"),
    ],
)
def test_a_reason_must_be_written(nurse: Caller, reason: object) -> None:
    answer = nurse.post(f"{PACKS}/PRV-0000-0000/handover", {"reason": reason})

    assert refusal_of(answer) == faulty("reason")


def test_a_handover_says_what_it_may_have(nurse: Caller) -> None:
    answer = nurse.post(f"{PACKS}/PRV-0000-0000/handover", {"zzcanary": "x"})

    assert refusal_of(answer) == faulty("document")
    said = answer.get_data(as_text=True)
    assert "it may have: reason" in said
    assert "zzcanary" not in said
