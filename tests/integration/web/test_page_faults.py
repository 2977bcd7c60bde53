"""What goes wrong while somebody has a page open: they are told whom to ring, and lose nothing."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from brokers import Clock
from flask import Response, request
from gateways import gateway
from markup import page_client
from taken_away import Away, database_away, keystore_away
from visits import Visit, a_visit, cheap, signed_in
from walks import AGREEING_ADULT, Typed, walk

from broker.access.app_codes import STEP_SECONDS, code_of
from broker.wiring import Services

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=1>{{7*7}}${jndi:x}=cmd|' /C'"
CANARY = "Zephyrine Quillfeather"


def with_text(plan: Mapping[str, Typed], text: str) -> dict[str, Typed]:
    """Return a plan whose free text, in every field that takes some, is this."""
    texts = {"story", "name", "how", "said", "action", "what", "need", "fair", "why", "address"}
    return {
        page: {
            name: text if name in texts and isinstance(value, str) else value
            for name, value in typed.items()
        }
        for page, typed in plan.items()
    }


def begun(visit: Visit) -> str:
    visit.get("/referrals/new")
    answer = visit.send("/referrals/new", about="person", _action="continue")
    return answer.headers["Location"].rpartition("/")[0]


@pytest.mark.parametrize("away", [keystore_away, database_away])
def test_what_is_away_answers_with_999_and_the_words_can_be_sent_again(
    sqlite_broker: Services, clock: Clock, away: Away
) -> None:
    visit = signed_in(sqlite_broker, clock)
    base = begun(visit)
    page = visit.get(f"{base}/seen").text
    typed = {"story": "Typed while it was away. Fictitious.", "_action": "save"}
    typed["_csrf"] = page.partition('name="_csrf" value="')[2].partition('"')[0]
    typed["_version"] = page.partition('name="_version" value="')[2].partition('"')[0]

    with away(sqlite_broker):
        answer = visit.client.post(f"{base}/seen", data=typed)

    assert answer.status_code == 503
    assert "In danger now? Ring 999." in answer.text
    assert "What you saved before is safe." in answer.text
    assert visit.client.post(f"{base}/seen", data=typed).status_code == 303
    assert f"{typed['story']}</textarea>" in visit.get(f"{base}/seen").text


def test_hostile_text_in_every_field_is_shown_as_text(
    sqlite_broker: Services, clock: Clock
) -> None:
    visit = signed_in(sqlite_broker, clock)

    walked = walk(visit, with_text(AGREEING_ADULT, HOSTILE))

    # The client of these tests looks at every answer, and lets no script of a page pass.
    shown = [visit.get(f"{walked.base}{path}").text for path in ("/check", "/seen", "/who", "")]
    assert all(HOSTILE not in one and "alert(1)</script>" not in one for one in shown)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown[0]
    assert "{{7*7}}" in shown[0]


def test_a_name_stands_in_no_address_no_title_and_no_log(
    sqlite_broker: Services,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit = signed_in(sqlite_broker, clock)
    seen: list[str] = []

    def keep(response: Response) -> Response:
        title = response.get_data(as_text=True).partition("<title>")[2].partition("</title>")[0]
        seen.extend((request.full_path, response.headers.get("Location", ""), title))
        return response

    # The tests of a process share their routes: what this one hangs there must go with it.
    every = visit.client.application.after_request_funcs
    monkeypatch.setitem(every, None, [*every.get(None, ()), keep])
    walked = walk(visit, with_text(AGREEING_ADULT, CANARY))
    visit.get(f"{walked.base}/check")
    sent = visit.send(f"{walked.base}/check", _action="continue")

    assert sent.status_code == 303
    assert CANARY in visit.get(f"{walked.base}/who").text or "sent" in sent.headers["Location"]
    told = capsys.readouterr()
    for word in CANARY.split():
        assert word.casefold() not in " ".join(seen).casefold()
        assert word.casefold() not in (told.out + told.err).casefold()


def test_a_second_sign_in_elsewhere_counts_until_either_signs_out(
    sqlite_broker: Services, clock: Clock
) -> None:
    here = signed_in(sqlite_broker, clock)
    clock.forward(timedelta(minutes=1))
    elsewhere = Visit(
        client=page_client(gateway(cheap(sqlite_broker))), held=here.held, clock=clock
    )
    assert elsewhere.sign_in().status_code == 303
    assert here.get("/sign-out").status_code == 200

    assert here.send("/sign-out").status_code == 303
    assert elsewhere.get("/account").headers["Location"] == "/sign-in?to=/account"


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (1, 303), (2, 422)], ids=str)
def test_an_app_whose_clock_is_half_a_minute_out_still_signs_in(
    sqlite_broker: Services, clock: Clock, steps: int, status: int
) -> None:
    visit = a_visit(sqlite_broker, clock)
    clock.forward(timedelta(minutes=2))
    clock.now = clock.now.replace(second=0)
    step = int(clock().timestamp()) // STEP_SECONDS + steps

    assert visit.sign_in(code=code_of(visit.held.app, step)).status_code == status
