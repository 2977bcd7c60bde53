"""A referral is written page by page, kept, tried, checked and sent, from a browser alone."""

import io
import re
from datetime import timedelta

import pytest
from brokers import Clock
from people import acting, with_account
from sqlalchemy import event
from visits import Visit, signed_in
from walks import AGREEING_ADULT, EMERGENCY, REFUSED_ADULT, walk, written

from broker.domain.roles import Role
from broker.web.journeys.answers import Answers
from broker.web.writing.drafts import OpenDraft
from broker.wiring import Services


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock)


def begun(visit: Visit) -> str:
    """Begin a referral and return its address."""
    visit.get("/referrals/new")
    answer = visit.send("/referrals/new", about="person", _action="continue")
    return answer.headers["Location"].rpartition("/")[0]


def version_on(visit: Visit) -> str:
    return visit.last.text.partition('name="_version" value="')[2].partition('"')[0]


def answers_of(services: Services, visit: Visit, base: str) -> Answers:
    writer = acting(visit.held, Role.PRACTITIONER)
    return OpenDraft.of(services, writer, base.rpartition("/")[2]).answers


@pytest.mark.parametrize(
    ("plan", "says", "stands"),
    [
        pytest.param(
            AGREEING_ADULT, "This can go", "It is on its way to Prevent team", id="who agrees"
        ),
        pytest.param(
            REFUSED_ADULT,
            "Your Guardian decides this one",
            # The broker of these tests has no Guardian, which is told once it is asked for one.
            "Nobody can decide this for you here",
            id="who refuses",
        ),
    ],
)
def test_an_adult_is_referred_in_at_most_22_pages(
    sqlite_broker: Services, visit: Visit, plan: dict[str, dict[str, str]], says: str, stands: str
) -> None:
    walked = walk(visit, plan)
    at_once = written(sqlite_broker, visit, plan)

    assert answers_of(sqlite_broker, visit, walked.base) == answers_of(
        sqlite_broker, visit, at_once
    )

    assert walked.last is not None
    assert walked.last.status_code == 200
    assert says in walked.last.text
    assert len(walked.pages) + 1 <= 22
    tried = visit.get(f"{walked.base}/try")
    assert says in tried.text
    visit.get(f"{walked.base}/check")
    sent = visit.send(f"{walked.base}/check", _action="continue")
    assert sent.status_code == 303
    shown = visit.get(sent.headers["Location"]).text
    assert stands in shown
    assert "What was sent" not in shown
    assert visit.get(walked.base).status_code == 404
    assert sent.headers["Location"].split("/")[2] in visit.get("/referrals").text


def test_an_emergency_is_sent_in_at_most_six_pages_and_is_one_case(
    visit: Visit, sqlite_broker: Services
) -> None:
    walked = walk(visit, EMERGENCY, "/now/call")

    assert walked.last is not None
    assert "This goes to the police at once" in walked.last.text
    assert "Your 999 call comes first." in walked.last.text
    afterwards = walked.last.text.partition("What you do afterwards")[2]
    assert "Ring 999 now" not in afterwards.partition("</ul>")[0]
    assert len(walked.pages) + 1 <= 6
    sent = visit.send(f"{walked.base}/now-check", _action="continue")
    assert sent.status_code == 303
    assert visit.get(sent.headers["Location"]).status_code == 200
    with sqlite_broker.transaction() as tx:
        cases = [disclosure.case for disclosure in tx.store.all_disclosures()]
    assert cases
    assert len(set(cases)) == 1


def test_a_page_with_a_fault_is_shown_again_with_all_that_was_typed(visit: Visit) -> None:
    base = begun(visit)
    visit.get(f"{base}/seen")

    answer = visit.send(
        f"{base}/seen",
        **{"story": "<b>What I saw</b>", "first-day": "31", "first-month": "2"},
        _version=version_on(visit),
        _action="continue",
    )

    assert answer.status_code == 422
    assert "Error: What did you see or hear?" in answer.text
    assert 'href="#first-year"' in answer.text
    assert "must include a year" in answer.text
    assert "&lt;b&gt;What I saw&lt;/b&gt;" in answer.text
    assert "&lt;b&gt;What I saw&lt;/b&gt;" in visit.get(f"{base}/seen").text


def test_who_saves_may_leave_out_what_must_be_answered(visit: Visit) -> None:
    base = begun(visit)
    visit.get(f"{base}/seen")

    answer = visit.send(f"{base}/seen", story="Half", _version=version_on(visit), _action="save")

    assert (answer.status_code, answer.headers["Location"]) == (303, base)
    assert "Half</textarea>" in visit.get(f"{base}/seen").text


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"story": "Kept"}, id="without a fault"),
        pytest.param({"story": "Kept", "first-day": "99"}, id="with a fault"),
    ],
)
def test_hiding_the_screen_keeps_what_was_typed(visit: Visit, typed: dict[str, str]) -> None:
    base = begun(visit)
    visit.get(f"{base}/seen")

    answer = visit.send(f"{base}/seen", **typed, _version=version_on(visit), _action="hide")

    assert answer.headers["Location"] == "/hidden"
    assert visit.get(f"{base}/seen").headers["Location"] == f"/sign-in?to={base}/seen"
    visit.clock.forward(timedelta(minutes=1))
    visit.sign_in()
    assert "Kept</textarea>" in visit.get(f"{base}/seen").text


def test_what_is_sent_after_the_session_ended_is_kept_for_its_owner(visit: Visit) -> None:
    base = begun(visit)
    visit.get(f"{base}/seen")
    visit.clock.forward(timedelta(minutes=16))

    late = visit.send(
        f"{base}/seen", story="Sent too late", _version=version_on(visit), _action="continue"
    )

    assert late.status_code == 401
    assert "What you typed is safe." in late.text
    assert "Sent too late" not in late.text
    visit.sign_in()
    assert "Sent too late</textarea>" in visit.get(f"{base}/seen").text


def test_what_is_sent_after_hiding_or_with_anothers_token_is_not_kept(visit: Visit) -> None:
    base = begun(visit)
    visit.get(f"{base}/seen")
    visit.clock.forward(timedelta(minutes=16))
    forged = visit.client.post(f"{base}/seen", data={"_csrf": "x", "story": "Forged"})
    visit.client.set_cookie("session", "another")
    late = visit.send(f"{base}/seen", story="Not theirs", _action="continue")

    assert forged.status_code == 403
    assert late.status_code == 401
    assert "was not kept" in late.text
    visit.client.delete_cookie("session")
    visit.sign_in()
    assert "Forged" not in visit.get(f"{base}/seen").text


def test_two_windows_do_not_overwrite_each_other(visit: Visit) -> None:
    base = begun(visit)
    visit.get(f"{base}/seen")
    seen = version_on(visit)
    visit.send(f"{base}/seen", story="One", _version=seen, _action="save")

    other = visit.send(f"{base}/seen", story="Other", _version=seen, _action="save")

    assert other.status_code == 409
    assert "changed in another window" in other.text
    assert ">One</p>" in other.text
    assert "Other</textarea>" in other.text
    again = visit.send(f"{base}/seen", story="Other", _version=version_on(visit), _action="save")
    assert again.status_code == 303


def test_a_draft_of_somebody_else_does_not_exist(
    visit: Visit, sqlite_broker: Services, clock: Clock
) -> None:
    base = begun(visit)
    stranger = Visit(
        client=type(visit.client)(visit.client.application, visit.client.response_wrapper),
        held=with_account(sqlite_broker, clock, "Nia Pattern"),
        clock=clock,
    )
    stranger.sign_in()

    assert stranger.get(base).status_code == 404
    assert stranger.get(f"{base}/seen").status_code == 404
    assert stranger.get(f"{base}/check").status_code == 404


def test_a_draft_is_deleted_by_a_button(visit: Visit) -> None:
    base = begun(visit)
    visit.get(f"{base}/delete")

    answer = visit.send(f"{base}/delete")

    assert answer.headers["Location"] == "/referrals"
    assert visit.get(base).status_code == 404


def test_what_is_not_yet_answered_is_listed_where_it_is_tried(visit: Visit) -> None:
    base = begun(visit)

    tried = visit.get(f"{base}/try")

    assert tried.status_code == 200
    assert "Still to answer" in tried.text
    assert f'href="{base}/seen"' in tried.text


def test_who_gets_it_is_named_only_once_somebody_was_chosen(visit: Visit) -> None:
    walked = walk(visit, AGREEING_ADULT, until="/ask")
    base, usual = walked.base, "Prevent team"
    assert usual in visit.get(f"{base}/ask").text

    for page in ("/try", "/check"):
        shown = visit.get(f"{base}{page}").text
        assert "Who gets it is still to be chosen." in shown
        assert f'href="{base}/ask">Choose who needs this' in shown
        assert usual not in shown
        assert "/document" not in shown
    assert visit.get(f"{base}/document").headers["Location"] == f"{base}/check"
    assert visit.get(f"{base}/document/1/pdf").status_code == 404

    walked = walk(visit, AGREEING_ADULT)
    chosen = visit.get(f"{walked.base}/try").text
    assert "still to be chosen" not in chosen
    assert usual in chosen


def test_what_is_no_reason_to_refer_offers_to_change_it_before_anything_else(
    visit: Visit,
) -> None:
    base = walk(visit, REFUSED_ADULT, until="/basis").base
    answer = visit.send(
        f"{base}/basis", basis="lawful-belief", _version=version_on(visit), _action="continue"
    )
    shown = visit.get(answer.headers["Location"]).text

    buttons = shown.partition("govuk-button-group")[2].partition("</form>")[0]
    first, second = re.findall(r'href="([^"]+)"', buttons)
    assert (first, second) == (f"{base}/basis", f"{base}/delete")
    assert 'value="continue"' not in buttons
    assert "Carry on, and let the rules say so" in shown


def test_a_page_looks_into_the_database_for_who_asks_the_draft_and_what_is_at_hand_once_each(
    visit: Visit, sqlite_broker: Services
) -> None:
    base = begun(visit)
    taken: list[object] = []
    engine = sqlite_broker.transaction.database.engine
    event.listen(engine, "checkout", lambda *connection: taken.append(connection))

    assert visit.get(f"{base}/seen").status_code == 200
    assert len(taken) == 3


def test_a_page_that_there_is_not_is_not_found(visit: Visit) -> None:
    base = begun(visit)

    assert visit.get(f"{base}/nowhere").status_code == 404
    assert visit.get(f"{base}/file/99").status_code == 404


def test_a_file_is_kept_and_read_again(visit: Visit) -> None:
    base = begun(visit)
    visit.get(f"{base}/file/1")
    without = visit.send(f"{base}/file/1", _version=version_on(visit), _action="continue")
    sent = visit.send(
        f"{base}/file/1",
        file=(io.BytesIO(b"Fictitious letter."), "letter.txt"),
        carries="concerns.event",
        why="It says more.",
        _version=version_on(visit),
        _action="continue",
    )

    assert without.status_code == 422
    assert sent.status_code == 303
    assert "Kept: letter.txt" in visit.get(f"{base}/file/1").text
