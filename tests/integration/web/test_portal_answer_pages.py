"""A question answered on its page: question by question, looked at, sent, and read out."""

from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from brokers import Clock
from gateways import gateway
from markup import page_client
from page_readers import HOST, Reader, hidden
from partner_requests import POLICE
from people import FIRST, cheaply, entered, opened
from portal_walks import ON_A_PAGE
from portals import a_broker_with_portal, a_portal
from visits import Visit, cheap

from broker.domain.partner_requests.copies import CopyName
from broker.domain.roles import Role
from broker.web.portal import written
from broker.web.portal.site import Portal
from broker.wiring import Services


@pytest.fixture(name="clock", scope="module")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="services", scope="module")
def _services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Generator[Services]:
    home: Path = tmp_path_factory.mktemp("answering") / "home"
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


def answered(services: Services, copy: CopyName) -> str | None:
    with services.transaction() as tx:
        return tx.copies.copy(copy).answer


def test_a_reader_answers_question_by_question_and_reads_the_words_out(
    services: Services, reader: Reader
) -> None:
    assert "Answer it here" in reader.comes_in().text
    first = reader.post("/answer", form="begin")
    assert (hidden(first)["_page"], first.status_code) == ("hold", 200)

    last = reader.to_the_last_look(first)

    assert "Seen by a receptionist, 9 March 2026" in last.text
    assert "Tam Specimen" in last.text
    assert "4 May 2010" in last.text
    assert answered(services, reader.copy) is None
    sent = reader.post("/answer/send", **hidden(last))
    assert "What you share goes to them as a document" in sent.text
    assert "What is yours to do" in sent.text
    assert reader.post("/answer/send", **hidden(last)).text.count("Answered") >= 1
    assert answered(services, reader.copy) == "part"
    services.dispatcher.dispatch()
    words = reader.post("/answer/words", form="words")
    assert words.text.count("govuk-!-font-size-27") == 6
    again = reader.post("/answer/words", form="more")
    assert (again.status_code, "Enter why it is read out once more" in again.text) == (422, True)


def test_that_nothing_is_held_is_two_pages_and_a_full_answer(
    services: Services, reader: Reader
) -> None:
    reader.comes_in()
    first = reader.post("/answer", form="begin")
    empty = reader.go_on(first)
    assert (empty.status_code, "Select whether you hold this" in empty.text) == (422, True)

    last = reader.go_on(empty, held="no")

    assert "It is a full answer, on time." in last.text
    sent = reader.post("/answer/send", **hidden(last))
    assert "They read that you hold nothing." in sent.text
    assert answered(services, reader.copy) == "nil"
    later = reader.post("/answer", form="looking")
    assert "They read that you hold nothing." in later.text


def test_back_shows_what_was_written_and_danger_says_999_first(reader: Reader) -> None:
    reader.comes_in()
    page = reader.go_on(reader.post("/answer", form="begin"), held="yes")
    assert "What do you hold of event?" in page.text
    following = reader.go_on(page, **ON_A_PAGE["answer/concerns.event"])
    back = reader.post("/answer/page", **{**hidden(following), "_action": "back"})
    assert "He came with a man nobody knew." in back.text
    page = reader.go_on(following, **ON_A_PAGE["answer/needs.protective_factors"])
    while hidden(page)["_page"] != "danger":
        page = reader.go_on(page, **ON_A_PAGE[hidden(page)["_page"]])
    danger = reader.go_on(page, danger="yes")
    assert "Ring 999 now" in danger.text
    assert hidden(reader.post("/answer/page", **hidden(danger), _to="danger"))["_page"] == "danger"


def test_only_a_form_of_this_reader_does_anything(reader: Reader) -> None:
    assert reader.post("/answer", form="early").headers["Location"].endswith("/conditions")
    assert reader.get("/answer").status_code in {404, 405}
    reader.comes_in()
    first = reader.post("/answer", form="begin")
    for forged in ("", "AAAA", "\u202e", hidden(first)["_written"][:-8] + "AAAAAAA="):
        gone = reader.post("/answer/page", _page="hold", held="no", _written=forged, form="x")
        assert gone.headers["Location"].endswith("/document")
        sent = reader.post("/answer/send", _written=forged, form="y")
        assert sent.headers["Location"].endswith("/document")
    lost = reader.post("/answer/page", _page="nowhere", _written=hidden(first)["_written"])
    assert hidden(lost)["_page"] == "hold"


def test_what_is_written_may_be_so_long_and_a_visit_counts_an_hour(
    reader: Reader, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "LONGEST", 2_000)
    reader.comes_in()
    page = reader.go_on(reader.post("/answer", form="begin"), held="yes")
    page = reader.go_on(page, **ON_A_PAGE["answer/concerns.event"])
    long = {**ON_A_PAGE["answer/concerns.event"], "words": "\u0915\u093e " * 300}
    page = reader.go_on(page, **long)
    assert "longer than this page takes" in page.text
    clock.forward(timedelta(minutes=59))
    still = reader.go_on(page, **ON_A_PAGE["answer/needs.protective_factors"])
    assert still.status_code == 200
    clock.forward(timedelta(minutes=61))
    assert reader.go_on(still).status_code == 401
    assert reader.get("/document").headers["Location"].endswith("/conditions")


def test_a_question_that_was_not_saved_is_not_answered(reader: Reader) -> None:
    reader.post("")
    reader.post("/code", code=reader.code)
    reader.post("/conditions", form="agreed", accepted="yes")

    refused = reader.post("/answer", form="begin")

    assert "Save the document first" in refused.text
    # Shown under another address, its buttons do what they say all the same.
    assert f'action="{reader.base}/document"' in refused.text


def test_whoever_asked_reads_that_it_came_by_the_page_and_by_which_function(
    services: Services, reader: Reader, clock: Clock
) -> None:
    reader.comes_in()
    last = reader.go_on(reader.post("/answer", form="begin"), held="no")
    reader.post("/answer/send", **hidden(last))
    access = cheaply(services)
    officer = entered(services, "Ola Specimen", Role.POLICE, agency=POLICE)
    invited = access.accounts.invite(officer, replace(FIRST, agency=POLICE))
    held = opened(access, invited, clock)
    clock.forward(timedelta(minutes=1))
    visit = Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)
    assert visit.sign_in().status_code == 303

    page = visit.get(f"/requests/{reader.copy.request}/{reader.copy.number}").text

    assert "Answered by the page without an account, by: Office." in page
