"""What is owed for an answer by page is called done there, by the function that answered."""

import email
import email.policy
import json
import re
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest
from brokers import Clock
from page_readers import HOST, Reader, hidden
from partner_requests import POLICE
from portals import a_broker_with_portal, a_portal
from referrals import assert_ledger_verifies
from werkzeug.test import TestResponse

from broker.delivery.portal.hearing import PageReader
from broker.domain.model import Duty
from broker.domain.portal.asking import Asking, Wanted
from broker.domain.references import Reference
from broker.intake.request_documents import given_answer
from broker.web.portal.site import Portal
from broker.wiring import Services

HOW = "We told his mother on the telephone on Monday."
_DUTY = re.compile(r'name="duty" value="([^"]+)"')


@pytest.fixture(name="clock", scope="module")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="services", scope="module")
def _services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Generator[Services]:
    home: Path = tmp_path_factory.mktemp("owed") / "home"
    services = a_broker_with_portal(home, clock, sealed_to=(POLICE,))
    yield services
    services.close()


@pytest.fixture(name="portal", scope="module")
def _portal(services: Services) -> Generator[Portal]:
    portal = a_portal(services, {HOST})
    yield portal
    portal.front.database.close()


@pytest.fixture(name="reader")
def _reader(services: Services, portal: Portal) -> Reader:
    return Reader(services, portal)


def has_answered(reader: Reader) -> TestResponse:
    reader.comes_in()
    last = reader.to_the_last_look(reader.post("/answer", form="begin"))
    return reader.post("/answer/send", **hidden(last))


def say(reader: Reader, page: TestResponse, duty: str, how: str, said: str = "") -> TestResponse:
    typed = {"duty": duty, "_action": how, "said": said}
    return reader.post("/answer/owed", **hidden(page), **typed)


def answer_of(services: Services, reader: Reader) -> Reference:
    with services.transaction() as tx:
        found = tx.copies.copy(reader.copy).answer_disclosure
    assert found is not None
    return found


def duties(services: Services, answer: Reference) -> dict[str, Duty]:
    with services.transaction() as tx:
        return {one.type: one for one in tx.duties.of(answer)}


def entries(services: Services, answer: Reference, *types: str) -> list[dict[str, object]]:
    with services.transaction() as tx:
        return [dict(one.event) for one in tx.about(answer) if one.type in types]


def notices(services: Services) -> set[str]:
    return {path.read_text() for path in services.home.pickup.glob("notice-*.eml")}


def test_whoever_answered_says_on_the_page_that_it_is_done_and_how_it_went(
    services: Services, reader: Reader
) -> None:
    sent = has_answered(reader)
    assert set(_DUTY.findall(sent.text)) >= {"confirm-receipt", "update-the-record"}
    before = notices(services)

    after = say(reader, sent, "update-the-record", "done", HOW)

    answer = answer_of(services, reader)
    assert ("That is recorded." in sent.text, "That is recorded." in after.text) == (False, True)
    assert "update-the-record" not in _DUTY.findall(after.text)
    assert duties(services, answer)["update-the-record"].done_on is not None
    (done,) = entries(services, answer, "duty.done")
    by = f"page-{reader.question}-1".lower()
    assert (done["by"], done["duty"]) == (by, "update-the-record")
    assert done["note_c"] is not None
    (told,) = notices(services) - before
    message = email.message_from_string(told, policy=email.policy.default)
    assert message["To"] == "dsl@example-lane.sch.uk"
    text = " ".join(message.get_content().split())
    assert "without an account, that what is owed is done" in text
    assert HOW not in text
    assert_ledger_verifies(services)


def test_what_cannot_be_done_needs_a_reason_and_what_was_typed_comes_back(
    services: Services, reader: Reader
) -> None:
    sent = has_answered(reader)

    wrong = say(reader, sent, "update-the-record", "cannot", "No.")
    done = say(reader, wrong, "update-the-record", "cannot", "We keep no record of him here.")

    assert (wrong.status_code, ">No.</textarea>" in wrong.text) == (422, True)
    assert 'href="#said-update-the-record"' in wrong.text
    assert done.status_code == 200
    answer = answer_of(services, reader)
    assert [one["duty"] for one in entries(services, answer, "duty.given-up")] == [
        "update-the-record"
    ]
    again = say(reader, done, "update-the-record", "done", HOW)
    assert "No such duty is open" in again.text


def test_that_it_opened_is_said_after_its_words_and_destroys_them(
    services: Services, reader: Reader
) -> None:
    sent = has_answered(reader)
    early = say(reader, sent, "confirm-receipt", "opened")
    services.dispatcher.dispatch()
    reader.post("/answer/words", form="words")

    done = say(reader, early, "confirm-receipt", "opened", "The officer who asked")

    assert "opens once its words were told" in early.text
    assert "confirm-receipt" not in _DUTY.findall(done.text)
    answer = answer_of(services, reader)
    (opened,) = entries(services, answer, "acknowledged")
    assert opened["by"] == f"page-{reader.question}-1".lower()
    with services.transaction() as tx:
        assert tx.case_file(tx.disclosure(answer)).passphrase() is None
    assert_ledger_verifies(services)


def test_only_the_function_that_answered_says_so_and_nothing_that_a_guardian_owes(
    services: Services, reader: Reader, portal: Portal
) -> None:
    sent = has_answered(reader)
    answer = answer_of(services, reader)
    for duty in ("guardian-review", "guardian-sample", "nothing", ""):
        assert say(reader, sent, duty, "done", HOW).status_code == 422
    head = Reader(services, portal, beside=reader)
    head.comes_in()

    listed = head.post("/answer", form="looking")
    refused = say(head, listed, "update-the-record", "done", HOW)

    assert "Note in your own record" in listed.text
    assert _DUTY.findall(listed.text) == []
    assert "That cannot be done here" in refused.text
    assert entries(services, answer, "duty.done") == []


def test_what_was_typed_of_a_duty_after_the_hour_stands_in_its_box(
    services: Services, reader: Reader, clock: Clock
) -> None:
    sent = has_answered(reader)
    clock.forward(timedelta(minutes=61))

    ended = say(reader, sent, "update-the-record", "done", HOW)
    conditions = reader.post("/code", code=reader.code, **hidden(ended))
    back = reader.post("/conditions", accepted="yes", **hidden(conditions))

    assert ended.status_code == 401
    assert f"{HOW}</textarea>" in back.text
    assert entries(services, answer_of(services, reader), "duty.done") == []


_TOO_LONG = {"how": "done", "duty": "update-the-record", "said": "x" * 4_001}
_HOSTILE = (
    *("", "{", "[]", "[" * 50_000, "null", '{"how": 1}', '{"how": "done", "duty": "nothing"}'),
    json.dumps(_TOO_LONG),
)


def test_a_hostile_form_closes_nothing_and_keeps_nobody_waiting(
    services: Services, reader: Reader
) -> None:
    has_answered(reader)
    with services.transaction() as tx:
        asked = PageReader(disclosure=tx.disclosure(reader.question), number=1, function="Office")
        for wanted in (Wanted.OWED, Wanted.WORDS):
            for hostile in _HOSTILE:
                asking = Asking(wanted=wanted, at=services.clock(), words=hostile)
                heard = services.partner_requests.by_page.hear(tx, asked, asking, given_answer)
                assert (heard.notice, "problem" in json.loads(heard.answer.words)) == (None, True)
    assert entries(services, answer_of(services, reader), "duty.done", "revealed") == []
