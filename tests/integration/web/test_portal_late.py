"""What was typed on a page of the portal whose visit ended comes back once the code was given."""

from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from brokers import Clock
from page_readers import HOST, Reader, hidden
from partner_requests import OFFICER, POLICE
from portal_walks import ON_A_PAGE
from portals import a_broker_with_portal, a_portal
from werkzeug.test import TestResponse

from broker.domain.errors import StoreUnavailableError
from broker.domain.partner_requests.copies import CopyName
from broker.web.portal import late
from broker.web.portal.app import create_portal
from broker.web.portal.site import Portal
from broker.wiring import Services

TYPED = "He came with a man nobody knew."
EVENT = "answer/concerns.event"


@pytest.fixture(name="clock", scope="module")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="services", scope="module")
def _services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Generator[Services]:
    home: Path = tmp_path_factory.mktemp("late") / "home"
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


def at_the_event(reader: Reader) -> TestResponse:
    """The page that asks what is held of the event, with one answer written before it."""
    reader.comes_in()
    return reader.go_on(reader.post("/answer", form="begin"), held="yes")


def comes_back(reader: Reader, ended: TestResponse, code: str | None = None) -> TestResponse:
    """Give the code and accept the conditions again, with what the ended page carries."""
    conditions = reader.post("/code", code=code or reader.code, **hidden(ended))
    assert "I accept these conditions" in conditions.text, conditions.text
    return reader.post("/conditions", accepted="yes", **hidden(conditions))


def test_a_page_that_was_sent_after_the_visit_goes_on_once_the_code_was_given(
    services: Services, reader: Reader, clock: Clock
) -> None:
    page = at_the_event(reader)
    clock.forward(timedelta(minutes=61))

    ended = reader.go_on(page, **ON_A_PAGE[EVENT])
    following = comes_back(reader, ended)

    assert (ended.status_code, "What you typed is safe" in ended.text) == (401, True)
    assert TYPED not in ended.text
    assert hidden(following)["_page"] == "answer/needs.protective_factors"
    last = reader.to_the_last_look(following)
    assert TYPED in last.text
    reader.post("/answer/send", **hidden(last))
    with services.transaction() as tx:
        assert tx.copies.copy(CopyName.read(str(reader.copy))).answer == "part"


def test_what_has_faults_comes_back_as_it_was_typed(reader: Reader, clock: Clock) -> None:
    page = at_the_event(reader)
    clock.forward(timedelta(minutes=61))

    ended = reader.go_on(page, share="part", words=TYPED)
    wrong = comes_back(reader, ended)

    assert (wrong.status_code, hidden(wrong)["_page"]) == (422, EVENT)
    assert TYPED in wrong.text


def test_wrong_steps_on_the_way_back_lose_nothing(
    services: Services, reader: Reader, clock: Clock
) -> None:
    page = at_the_event(reader)
    clock.forward(timedelta(minutes=61))
    ended = reader.go_on(page, **ON_A_PAGE[EVENT])

    wrong = reader.post("/code", code="0000-0000", **hidden(ended))
    clock.forward(timedelta(minutes=16))
    conditions = reader.post("/code", code=reader.code, **hidden(wrong))
    unticked = reader.post("/conditions", **hidden(conditions))
    clock.forward(timedelta(minutes=16))
    again = reader.post("/conditions", accepted="yes", **hidden(unticked))
    for _ in range(4):
        reader.post("/code", code="0000-0000", **hidden(again))
    locked = reader.post("/code", code="0000-0000", **hidden(again))
    told = services.deliveries.pages.tell_code(
        reader.question, OFFICER, "Office", "It was locked by wrong codes."
    )
    opened = reader.post("/again", **hidden(locked))
    following = comes_back(reader, opened, told.code)

    assert (wrong.status_code, unticked.status_code, again.status_code) == (422, 422, 401)
    assert (locked.status_code, "I have a new code" in locked.text) == (423, True)
    assert hidden(following)["_page"] == "answer/needs.protective_factors"
    assert TYPED in reader.to_the_last_look(following).text


def test_a_portal_that_began_anew_meanwhile_loses_nothing(
    services: Services, reader: Reader
) -> None:
    page = at_the_event(reader)
    anew = a_portal(services, {HOST}, b"1" * 32)
    old = reader.secret
    reader.meets(anew, b"1" * 32)
    reader.secret = old

    ended = reader.go_on(page, **ON_A_PAGE[EVENT])
    reader.secret = b"1" * 32
    following = comes_back(reader, ended)

    assert ended.status_code == 401
    assert TYPED in reader.to_the_last_look(following).text
    anew.front.database.close()


def test_a_portal_that_begins_anew_while_the_page_waits_for_its_code_loses_nothing(
    services: Services, reader: Reader, clock: Clock
) -> None:
    page = at_the_event(reader)
    clock.forward(timedelta(minutes=61))
    ended = reader.go_on(page, **ON_A_PAGE[EVENT])
    anew = a_portal(services, {HOST}, b"1" * 32)
    old = reader.secret
    reader.meets(anew, b"1" * 32)
    reader.secret = old

    again = reader.post("/code", code=reader.code, **hidden(ended))
    reader.secret = b"1" * 32
    following = comes_back(reader, again)

    assert (again.status_code, "What you typed is safe" in again.text) == (401, True)
    assert TYPED in reader.to_the_last_look(following).text
    anew.front.database.close()


def test_a_browser_that_keeps_a_visit_that_ended_is_let_in_by_its_code_alone(
    reader: Reader, clock: Clock
) -> None:
    at_the_event(reader)
    clock.forward(timedelta(minutes=61))

    assert reader.client.get_cookie("__Host-portal", HOST) is not None
    for path in ("/document", "/conditions"):
        assert TYPED not in reader.get(path).text
        assert reader.get(path).location in {f"{reader.base}/conditions", f"{reader.base}/code"}
    assert reader.post("/answer", form="begin").status_code != 200


def test_what_waits_for_a_last_look_is_looked_at_again_and_not_sent(
    services: Services, reader: Reader, clock: Clock
) -> None:
    last = reader.to_the_last_look(at_the_event(reader))
    clock.forward(timedelta(minutes=61))

    seen = comes_back(reader, reader.post("/answer/send", **hidden(last)))

    assert "Check before you answer" in seen.text
    assert TYPED in seen.text
    with services.transaction() as tx:
        assert tx.copies.copy(CopyName.read(str(reader.copy))).answer is None


def test_a_reply_that_came_too_late_stands_in_its_box_and_was_not_sent(
    services: Services, reader: Reader, clock: Clock
) -> None:
    shown = reader.comes_in()
    clock.forward(timedelta(minutes=16))

    ended = reader.post("/reply", reply="We have it.\nThanks.", **hidden(shown))
    back = comes_back(reader, ended)

    assert "We have it.\nThanks.</textarea>" in back.text
    with services.transaction() as tx:
        assert "page.answered" not in [one.type for one in tx.about(reader.question)]


def test_why_it_is_read_out_again_comes_back_too(
    services: Services, reader: Reader, clock: Clock
) -> None:
    last = reader.to_the_last_look(at_the_event(reader))
    reader.post("/answer/send", **hidden(last))
    services.dispatcher.dispatch()
    reader.post("/answer/words", form="words")
    clock.forward(timedelta(minutes=61))

    ended = reader.post("/answer/words", form="more", why="The line was cut off.")
    back = comes_back(reader, ended)

    assert "The line was cut off.</textarea>" in back.text
    assert "app-unprinted" not in back.text


def test_where_nothing_can_be_recorded_what_was_typed_is_tried_again(
    reader: Reader, portal: Portal
) -> None:
    page = reader.go_on(at_the_event(reader), **ON_A_PAGE[EVENT])

    def away(_token: str) -> None:
        raise StoreUnavailableError

    class Away:
        page = staticmethod(away)
        clock = portal.front.clock

    whole = reader.client
    reader.meets(replace(portal, front=Away()), reader.secret)  # type: ignore[arg-type]  # away
    later = reader.go_on(page, **ON_A_PAGE["answer/needs.protective_factors"])
    reader.client = whole
    following = reader.post("/again", **hidden(later))

    assert (later.status_code, "Try again" in later.text) == (503, True)
    assert hidden(following)["_page"] not in {EVENT, "answer/needs.protective_factors"}
    assert TYPED in reader.to_the_last_look(following).text


def test_what_no_form_of_ours_carried_is_not_believed(
    services: Services, reader: Reader, clock: Clock
) -> None:
    page = at_the_event(reader)
    clock.forward(timedelta(minutes=61))
    ended = reader.go_on(page, **ON_A_PAGE[EVENT])
    other = Reader(services, a_portal(services, {HOST}))
    other.comes_in()
    for forged in ("", "AAAA", "\u202e", hidden(ended)["_held"]):
        assert other.post("/again", _held=forged).headers["Location"].endswith("/document")
    stolen = hidden(page)["_written"]
    gone = other.post("/answer/page", _page=EVENT, _written=stolen, form="x", words=TYPED)
    assert gone.headers["Location"].endswith("/document")


def test_a_page_as_long_as_any_comes_back_whole(
    reader: Reader, portal: Portal, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What carries as much as any form is longer than a page of ours may be.
    reader.client = create_portal(portal).test_client()
    reader.client.environ_base["HTTP_HOST"] = HOST
    page = at_the_event(reader)
    clock.forward(timedelta(minutes=61))
    long = "x" * 250_000

    ended = reader.go_on(page, share="yes", words=long)

    assert long in comes_back(reader, ended).text
    assert reader.go_on(page, share="yes", words="x" * 300_000).status_code == 413
    monkeypatch.setattr(late, "LONGEST", 1_000)
    assert reader.post("/code", code="x", **hidden(ended)).status_code == 413
