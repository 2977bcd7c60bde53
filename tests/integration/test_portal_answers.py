"""A body without an account answers a question on the page that gave it to them."""

import email
import email.policy
import json
from collections.abc import Generator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from brokers import Clock
from callers import Caller, a_caller
from partner_requests import (
    CHAIR,
    NIL,
    OFFICER,
    POLICE,
    REQUESTS,
    TRUST_LEAD,
    a_request,
    an_answer,
    put,
)
from people import entered as signed_in_person
from portals import Entered, a_broker_with_portal, a_front, entered, token_of
from referrals import assert_ledger_verifies, recorded

from broker.delivery.portal.front import PortalFront
from broker.delivery.portal.hearing import PageReader
from broker.domain.json_values import as_object
from broker.domain.model import MailboxId
from broker.domain.partner_requests.copies import CopyName, CopyState
from broker.domain.portal.asking import LONGEST_ASKED, MOST_ASKED, Asking, Wanted
from broker.domain.portal.errors import AskRefusedError, PageEndedError
from broker.domain.references import Reference, parse_reference
from broker.intake.request_documents import given_answer
from broker.packs.opening import open_sealed
from broker.partner_requests.by_page import MOST_READINGS
from broker.wiring import Services
from keys import PersonId

DESK = "School office"
WHY = "The line was cut off before the end of it."


@pytest.fixture(name="clock", scope="module")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="services", scope="module")
def _services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Generator[Services]:
    services = a_broker_with_portal(
        tmp_path_factory.mktemp("answers") / "home", clock, sealed_to=(POLICE,)
    )
    yield services
    services.close()


@pytest.fixture(name="front", scope="module")
def _front(services: Services) -> Generator[PortalFront]:
    front = a_front(services)
    yield front
    front.database.close()


@pytest.fixture(name="officer", scope="module")
def _officer(services: Services) -> Caller:
    return a_caller(services, OFFICER, OFFICER.role)


_children = count(1)


@pytest.fixture(name="child")
def _child() -> str:
    return f"Tam Page {next(_children)}"


def asked(services: Services, officer: Caller, child: str) -> tuple[str, Reference]:
    """A request that went out by page: the school's copy, and the reference of its question."""
    told = put(officer, a_request(child)).get_json()
    services.dispatcher.dispatch()
    copy = f"{told['reference']}.1"
    with services.transaction() as tx:
        return copy, tx.copies.copy(CopyName.read(copy)).disclosure


def come_in(
    services: Services, front: PortalFront, question: Reference, function: str = DESK
) -> Entered:
    """A function of the school that was told a code, and has the question."""
    code = services.deliveries.pages.tell_code(question, OFFICER, function, WHY).code
    reader = entered(front, token_of(services, question), code)
    reader.fetch("the question")
    return reader


_forms = count(1)


def ask(
    reader: Entered, wanted: Wanted, document: object = "", form: str = ""
) -> Mapping[str, Any]:
    words = document if isinstance(document, str) else json.dumps(document)
    named = form or f"form {next(_forms)}"
    return reader.front.about_the_question(reader.page, reader.asker, named, wanted, words)


def state_of(services: Services, copy: str) -> CopyState:
    with services.transaction() as tx:
        return tx.copies.copy(CopyName.read(copy)).state


def entries(services: Services, reference: str) -> list[dict[str, object]]:
    with services.transaction() as tx:
        return [dict(entry.event) for entry in tx.ledger.entries_about(reference)]


def test_a_question_is_answered_in_part_on_its_page_and_its_words_are_read_out(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    copy, question = asked(services, officer, child)
    reader = come_in(services, front, question)

    said = ask(reader, Wanted.QUESTIONS)
    shown = ask(reader, Wanted.PREVIEW, an_answer(child))
    done = ask(reader, Wanted.ANSWER, an_answer(child))

    assert [one["field"] for one in said["asks"]] == ["concerns.event", "needs.protective_factors"]
    assert (said["waits"], said["copy"], said["due_on"]) == (True, copy, "2026-03-23")
    assert "Seen by the form tutor, 9 March 2026" in shown["shown"]["texts"]["concerns.event"]
    assert (done["answer"], done["waits"], done["yours"]) == ("part", False, True)
    assert (state_of(services, copy), done["sent"]["state"]) == (CopyState.ANSWERED, "decided")
    services.dispatcher.dispatch()
    told = ask(reader, Wanted.WORDS, {"why": ""})
    words = "-".join(one["word"] for one in told["words"])
    answer = parse_reference(done["sent"]["reference"])
    assert open_sealed(_sealed(services, answer), words).pdf.startswith(b"%PDF")
    assert ask(reader, Wanted.WORDS, {"why": ""}) == {"again": True}
    assert ask(reader, Wanted.WORDS, {"why": WHY})["words"] == told["words"]
    assert "problem" in ask(reader, Wanted.WORDS, {"why": WHY})
    assert_ledger_verifies(services)


def _sealed(services: Services, answer: Reference) -> bytes:
    message = email.message_from_bytes(
        (services.home.pickup / f"{answer}.eml").read_bytes(), policy=email.policy.default
    )
    (attached,) = message.iter_attachments()
    content = attached.get_content()
    assert isinstance(content, bytes)
    return content


def test_the_ledger_says_by_which_way_and_the_asker_reads_by_which_function(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    copy, question = asked(services, officer, child)
    reader = come_in(services, front, question)
    ask(reader, Wanted.QUESTIONS)

    ask(reader, Wanted.ANSWER, NIL)

    (answered,) = [
        one for one in entries(services, copy[:-2]) if one["type"] == "request.answered"
    ]
    by = f"page-{question}-1".lower()
    assert (answered["by"], answered["route"], answered["answer"]) == (by, "page", "nil")
    read = [one for one in entries(services, str(question)) if one["type"] == "read"]
    assert [(one["by"], one["what"], one["how"]) for one in read] == [(by, "questions", "portal")]
    said = officer.get(f"{REQUESTS}/{copy[:-2]}/copies/1").get_json()
    assert (said["answer"], said["answered_on_a_page"]) == ("nil", True)
    assert [one["function"] for one in said["words"] if one["what"] == "answered"] == [DESK]
    assert DESK not in json.dumps(entries(services, copy[:-2]))
    closed = officer.post(f"{REQUESTS}/{copy[:-2]}/copies/1/closing", {})
    assert closed.status_code == 200
    assert_ledger_verifies(services)


def test_the_contact_that_was_asked_hears_that_somebody_answered_for_it(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    copy, question = asked(services, officer, child)
    before = notices(services)

    ask(come_in(services, front, question), Wanted.ANSWER, NIL)

    (told,) = notices(services) - before
    message = email.message_from_string(told, policy=email.policy.default)
    assert message["To"] == "dsl@example-lane.sch.uk"
    assert message["Subject"] == f"Request {copy}"
    assert "ring 01632 960 001 now" in " ".join(message.get_content().split())
    assert "Tam" not in told
    assert DESK not in told


def notices(services: Services) -> set[str]:
    return {path.read_text() for path in services.home.pickup.glob("notice-*.eml")}


def test_an_answer_by_page_is_judged_by_the_bases_of_the_body_that_answers(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    _, question = asked(services, officer, child)
    reader = come_in(services, front, question)

    done = ask(reader, Wanted.ANSWER, an_answer(child))

    answer = parse_reference(done["sent"]["reference"])
    with services.transaction() as tx:
        disclosure = tx.disclosure(answer)
        facts = tx.case_file(disclosure).facts()
    assert (disclosure.sender, disclosure.purpose) == ("example-school", "partner-response")
    assert as_object(facts["requester"])["agency"] == POLICE
    assert recorded(services, answer)[:2] == ["received", "decided"]
    by_account = a_caller(services, TRUST_LEAD, TRUST_LEAD.role)
    assert by_account.get(f"/api/v1/disclosures/{answer}").status_code == 404


def test_what_lacks_something_is_named_and_the_question_goes_on_waiting(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    copy, question = asked(services, officer, child)
    reader = come_in(services, front, question)

    for wanted in (Wanted.PREVIEW, Wanted.ANSWER):
        lacking = ask(reader, wanted, an_answer(child, fields=[]))
        assert [one["place"] for one in lacking["faults"]] == ["fields", "fields"]
    other = ask(reader, Wanted.ANSWER, an_answer("Somebody Else"))
    assert "01632 960 001" in other["other"]
    assert state_of(services, copy) is CopyState.ISSUED
    rung = ask(reader, Wanted.ANSWER, an_answer("Somebody Else", rung=True))
    assert rung["answer"] == "part"


_HOSTILE = (
    "",
    "[]",
    "{",
    '{"answer": "request-answer/1", "held": "no", "held": "yes"}',
    '{"answer": "request-answer/1", "held": ["no"]}',
    json.dumps({**NIL, "why": "\u202e\u0000"}),
    json.dumps({**NIL, "person": {"individual.ethnicity": "x"}}),
)


def test_hostile_answers_are_faults_and_nothing_is_kept(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    copy, question = asked(services, officer, child)
    reader = come_in(services, front, question)

    said = [ask(reader, Wanted.ANSWER, hostile) for hostile in _HOSTILE]

    assert [one["faults"] for one in said if not one.get("faults")] == []
    assert state_of(services, copy) is CopyState.ISSUED


def test_who_has_not_fetched_the_question_or_writes_too_much_is_refused(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    _, question = asked(services, officer, child)
    code = services.deliveries.pages.tell_code(question, OFFICER, DESK, WHY).code
    reader = entered(front, token_of(services, question), code)
    for wanted in (Wanted.QUESTIONS, Wanted.PREVIEW, Wanted.ANSWER, Wanted.WORDS):
        with pytest.raises(AskRefusedError) as refused:
            ask(reader, wanted, NIL)
        assert refused.value.refused == "document-first"
    reader.fetch("the question")
    with pytest.raises(AskRefusedError) as refused:
        ask(reader, Wanted.ANSWER, "x" * (LONGEST_ASKED + 1))
    assert refused.value.refused == "no-more"


def test_the_same_form_answers_once_and_two_functions_at_once_give_one_answer(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    copy, question = asked(services, officer, child)
    desk = come_in(services, front, question)
    head = come_in(services, front, question, "Head teacher")
    first = ask(desk, Wanted.ANSWER, NIL, form="one")
    assert ask(desk, Wanted.ANSWER, NIL, form="one") == first

    second = ask(head, Wanted.ANSWER, an_answer(child))

    assert (second["answer"], second["yours"]) == ("nil", False)
    types = [one["type"] for one in entries(services, copy[:-2])]
    assert types.count("request.answered") == 1
    with pytest.raises(AskRefusedError):
        ask(head, Wanted.WORDS, {"why": ""})


def test_what_is_no_longer_asked_takes_no_answer(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    copy, question = asked(services, officer, child)
    reader = come_in(services, front, question)
    officer.post(f"{REQUESTS}/{copy[:-2]}/copies/1/withdrawal", {})

    withdrawn = state_of(services, copy)

    assert withdrawn is CopyState.WITHDRAWN
    said = _answer_or_end(reader)
    assert said in ("ended", None)
    assert "request.answered" not in [one["type"] for one in entries(services, copy[:-2])]


def _answer_or_end(reader: Entered) -> object:
    try:
        return ask(reader, Wanted.ANSWER, NIL).get("answer")
    except PageEndedError:
        return "ended"


def test_each_reading_is_an_entry_and_there_are_so_many(
    services: Services, front: PortalFront, officer: Caller, child: str
) -> None:
    _, question = asked(services, officer, child)
    reader = come_in(services, front, question)
    for _ in range(MOST_READINGS):
        ask(reader, Wanted.QUESTIONS)

    with pytest.raises(AskRefusedError):
        ask(reader, Wanted.QUESTIONS)

    read = [one for one in entries(services, str(question)) if one["type"] == "read"]
    assert len(read) == MOST_READINGS
    assert _previews_until_refused(reader) < MOST_ASKED


def _previews_until_refused(reader: Entered) -> int:
    for number in range(MOST_ASKED):
        try:
            ask(reader, Wanted.PREVIEW, NIL)
        except AskRefusedError:
            return number
    return MOST_ASKED


@pytest.fixture(name="apart")
def _apart(tmp_path: Path) -> Generator[Services]:
    """A broker of its own, whose clock and directory may be changed."""
    services = a_broker_with_portal(tmp_path / "home", Clock(), sealed_to=(POLICE,))
    yield services
    services.close()


def test_a_contact_that_was_retired_answers_nothing_and_keeps_nobody_else_waiting(
    apart: Services,
) -> None:
    front, officer = a_front(apart), a_caller(apart, OFFICER, OFFICER.role)
    copy, question = asked(apart, officer, "Tam Retired")
    with apart.transaction() as tx:
        other = tx.copies.copy(CopyName.read(f"{copy[:-2]}.2")).disclosure
    reader, another = come_in(apart, front, question), come_in(apart, front, other)

    apart.directory.retire(MailboxId("example-school-dsl"), PersonId("p-first-keeper"))

    with pytest.raises(PageEndedError):
        ask(reader, Wanted.ANSWER, NIL)
    assert ask(another, Wanted.ANSWER, NIL)["answer"] == "nil"
    assert state_of(apart, copy) is CopyState.ISSUED
    front.database.close()


def test_a_number_that_nobody_rang_for_a_year_answers_nothing(apart: Services) -> None:
    front, officer = a_front(apart), a_caller(apart, OFFICER, OFFICER.role)
    copy, question = asked(apart, officer, "Tam Year")
    reader = come_in(apart, front, question)
    with apart.transaction() as tx:
        mailbox = tx.directory.mailbox(MailboxId("example-school-dsl"))
        assert mailbox.verified_on is not None
        later = mailbox.verified_on + timedelta(days=400)
    by_page = replace(
        apart.partner_requests.by_page, clock=lambda: datetime.combine(later, time(), UTC)
    )
    with apart.transaction() as tx:
        heard = by_page.hear(
            tx,
            PageReader(disclosure=tx.disclosure(question), number=1, function=DESK),
            Asking(wanted=Wanted.ANSWER, at=apart.clock(), words=json.dumps(NIL)),
            given_answer,
        )

    assert "Ring whoever asked" in str(json.loads(heard.answer.words)["problem"])
    assert state_of(apart, copy) is CopyState.ISSUED
    assert reader.page.reference == question
    front.database.close()


def test_where_nobody_decides_for_the_body_a_referral_waits_for_nobody_and_says_so(
    apart: Services,
) -> None:
    signed_in_person(apart, "Char Specimen", CHAIR.role, agency=CHAIR.agency, id_=CHAIR.id)
    front, officer = a_front(apart), a_caller(apart, OFFICER, OFFICER.role)
    reference = str(put(officer, a_request("Tam Nobody")).get_json()["reference"])
    apart.dispatcher.dispatch()
    copy = f"{reference}.2"
    with apart.transaction() as tx:
        question = tx.copies.copy(CopyName.read(copy)).disclosure
    reader = come_in(apart, front, question)
    health = an_answer("Tam Nobody")
    health["fields"] = [{**health["fields"][0], "field": "needs.health"}]

    done = ask(reader, Wanted.ANSWER, health)

    assert (done["answer"], done["sent"]["state"]) == ("referred", "referred")
    assert done["nobody_decides"].startswith("Nobody can decide this for you here. Ring")
    assert state_of(apart, copy) is CopyState.ANSWERED
    assert not list(apart.home.pickup.glob(f"{done['sent']['reference']}*"))
    front.database.close()


def test_an_asker_who_takes_no_encrypted_files_is_told_a_code_for_a_page_that_asks_nothing(
    tmp_path: Path,
) -> None:
    services = a_broker_with_portal(tmp_path / "home", Clock())
    front, officer = a_front(services), a_caller(services, OFFICER, OFFICER.role)
    _, question = asked(services, officer, "Tam Code")
    reader = come_in(services, front, question)
    done = ask(reader, Wanted.ANSWER, an_answer("Tam Code"))
    services.dispatcher.dispatch()

    code = ask(reader, Wanted.WORDS, {"why": ""})["code"]

    answer = parse_reference(done["sent"]["reference"])
    asker = entered(front, token_of(services, answer), code)
    assert asker.fetch("it").startswith(b"%PDF")
    with pytest.raises(AskRefusedError) as refused:
        ask(asker, Wanted.ANSWER, NIL)
    assert refused.value.refused == "not-asked"
    front.database.close()
    services.close()
