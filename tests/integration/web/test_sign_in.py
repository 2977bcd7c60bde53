"""Signing in to the pages, choosing a role, showing again that it is you, and leaving."""

from dataclasses import replace
from datetime import timedelta

import pytest
from brokers import Clock
from gateways import gateway
from markup import page_client
from people import FIRST, PASSWORD, entered, with_account
from visits import Visit, a_visit, cheap, code_asked, code_for, signed_in

from broker.access.limits import Counted
from broker.domain.roles import Role
from broker.web.menu import first_page_of
from broker.wiring import Services

ANOTHER = "velvet-orchard-tuning-sparrow"


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return a_visit(sqlite_broker, clock)


@pytest.fixture(name="inside")
def _inside(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock)


def test_who_knows_all_three_is_led_on(visit: Visit) -> None:
    answer = visit.sign_in()

    assert (answer.status_code, answer.headers["Location"]) == (303, "/referrals")
    assert visit.get("/sign-out").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"address": "nobody@northshire-trust.example"}, id="nobody of that name"),
        pytest.param({"password": "umbrella gravel seventh kites"}, id="another password"),
        pytest.param({"code": "000000"}, id="another code"),
    ],
)
def test_what_was_wrong_is_told_alike(visit: Visit, wrong: dict[str, str]) -> None:
    answer = visit.sign_in(**wrong)

    assert answer.status_code == 422
    assert answer.text.count("That does not match. Check all three and try again.") == 2
    assert "Set-Cookie" not in answer.headers
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("field", ["address", "password", "code"])
def test_what_is_empty_is_named(visit: Visit, field: str) -> None:
    answer = visit.sign_in(**{field: " "})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_after_five_wrong_tries_everybody_waits(visit: Visit) -> None:
    answers = [visit.sign_in(code="000000").status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]
    assert "Wait 15 minutes" in visit.last.text


def test_a_code_counts_once(visit: Visit) -> None:
    code = visit.held.code(visit.clock)
    visit.sign_in(code=code)
    visit.client.delete_cookie("session")

    assert visit.sign_in(code=code).status_code == 422


def test_the_cookie_of_a_session_is_for_this_host_and_no_script(visit: Visit) -> None:
    cookie = visit.sign_in().headers["Set-Cookie"]

    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_behind_tls_the_cookie_is_bound_to_the_host(sqlite_broker: Services, clock: Clock) -> None:
    held = with_account(sqlite_broker, clock)
    settings = replace(sqlite_broker.settings, hosts=("broker.example",))
    app = gateway(replace(cheap(sqlite_broker), settings=settings))
    client = page_client(app)
    got = client.get("/sign-in", headers={"Host": "broker.example"})

    assert got.headers["Set-Cookie"].startswith("__Host-visit=")
    assert "Secure" in got.headers["Set-Cookie"]
    assert held.address not in got.text


def test_who_is_not_signed_in_is_led_to_it_and_back(visit: Visit) -> None:
    led = visit.get("/sign-out")
    answer = visit.sign_in(led.headers["Location"], to="/sign-out")

    assert led.headers["Location"] == "/sign-in?to=/sign-out"
    assert answer.headers["Location"] == "/sign-out"


@pytest.mark.parametrize(
    "to",
    ["https://x.invalid/", "//x.invalid", "/\\x.invalid", "/a?b=c/d", "javascript:x", "/../x", ""],
)
def test_signing_in_leads_nowhere_else(visit: Visit, to: str) -> None:
    assert visit.sign_in(to=to).headers["Location"] == "/referrals"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://x.invalid"}, id="another origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a neighbour"),
    ],
)
def test_a_form_from_elsewhere_is_refused(inside: Visit, headers: dict[str, str]) -> None:
    token = inside.get("/sign-out").text.partition('name="_csrf" value="')[2].partition('"')[0]

    answer = inside.client.post("/sign-out", data={"_csrf": token}, headers=headers)

    assert answer.status_code == 403
    assert inside.get("/sign-out").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "é" * 43])
def test_a_form_without_its_token_is_refused(inside: Visit, token: str) -> None:
    answer = inside.client.post("/sign-out", data={"_csrf": token})

    assert answer.status_code == 403
    assert "Copy it, load the page again, put it in" in answer.text


def test_a_token_of_another_session_does_not_count(inside: Visit, sqlite_broker: Services) -> None:
    stranger = page_client(gateway(cheap(sqlite_broker)))
    theirs = stranger.get("/sign-in").text.partition('name="_csrf" value="')[2].partition('"')[0]

    assert inside.client.post("/sign-out", data={"_csrf": theirs}).status_code == 403


def test_a_session_planted_before_signing_in_is_replaced(visit: Visit) -> None:
    visit.client.set_cookie("session", "planted")

    cookie = visit.sign_in().headers["Set-Cookie"]

    assert "planted" not in cookie


def test_hiding_the_screen_ends_the_session_on_the_server(inside: Visit) -> None:
    cookie = inside.client.get_cookie("session")
    inside.get("/sign-out")

    answer = inside.send("/hide")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/hidden")
    assert cookie is not None
    inside.client.set_cookie("session", cookie.value)
    assert inside.get("/sign-out").headers["Location"].startswith("/sign-in")


def test_the_page_after_hiding_says_nothing(inside: Visit) -> None:
    page = inside.get("/hidden").text

    assert "OFFICIAL-SENSITIVE" not in page
    assert "Your work is saved" in page
    assert "Sign out" not in page


@pytest.mark.parametrize(
    ("minutes", "status"), [pytest.param(14, 200, id="14"), pytest.param(16, 303, id="16")]
)
def test_a_session_ends_after_fifteen_minutes_without_a_page(
    inside: Visit, minutes: int, status: int
) -> None:
    inside.clock.forward(timedelta(minutes=minutes))

    assert inside.get("/sign-out").status_code == status


def test_a_form_that_comes_too_late_is_told_to_be_sent_again(inside: Visit) -> None:
    inside.get("/sign-out")
    inside.clock.forward(timedelta(minutes=16))

    answer = inside.send("/sign-out")

    assert answer.status_code == 401
    assert "Sign in to go on" in answer.text


def test_signing_out_asks_first_and_ends_the_session(inside: Visit) -> None:
    inside.get("/sign-out")
    answer = inside.send("/sign-out")

    assert answer.headers["Location"] == "/start"
    assert inside.get("/sign-out").status_code == 303


def test_who_has_two_roles_chooses_one(sqlite_broker: Services, clock: Clock) -> None:
    visit = a_visit(sqlite_broker, clock, Role.PRACTITIONER, Role.LEAD)
    led = visit.sign_in()
    page = visit.get(led.headers["Location"])
    missing = visit.send("/role", to="/sign-out")
    roles = page.text.split('type="radio" value="')[1:]

    chosen = visit.send("/role", role=roles[1].partition('"')[0], to="/sign-out")

    assert led.headers["Location"] == "/role"
    assert "Practitioner, " in page.text
    assert "Prevent or safeguarding lead, " in page.text
    assert "checked" not in page.text
    assert missing.status_code == 422
    assert "Select who you are acting for" in missing.text
    assert chosen.headers["Location"] == "/sign-out"
    assert visit.get("/sign-out").status_code == 200


def test_a_role_of_somebody_else_cannot_be_chosen(inside: Visit) -> None:
    inside.get("/role")

    assert inside.send("/role", role="nobodys").status_code == 422


def test_a_step_up_takes_a_fresh_code_and_renews_the_cookie(inside: Visit) -> None:
    inside.clock.forward(timedelta(minutes=1))
    before = inside.client.get_cookie("session")
    inside.get("/code?to=/sign-out")
    empty, wrong = inside.send("/code", code=""), inside.send("/code", code="000000")

    answer = inside.send("/code", code=inside.held.code(inside.clock), to="/sign-out")

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-out")
    after = inside.client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_a_one_time_link_opens_an_account_by_a_button(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = cheap(sqlite_broker)
    visit = a_visit(sqlite_broker, clock)
    secret = services.access.accounts.invite(entered(services, "Nia Pattern"), FIRST)
    code = code_for(services, secret, clock)
    path = f"/welcome/{secret}"
    page = visit.get(path)
    again = visit.get(path)
    words = PASSWORD
    differs = visit.send(path, password=words, again="other", code=code)
    weak = visit.send(path, password="short", again="short", code=code)
    wrong = visit.send(path, password=words, again=words, code="000000")
    empty = visit.send(path, password="", again="", code="")

    done = visit.send(path, password=words, again=words, code=code)

    assert page.status_code == again.status_code == 200
    assert "nia.pattern@northshire-trust.example" in page.text
    assert [one.status_code for one in (differs, weak, wrong, empty)] == [422] * 4
    assert (done.status_code, done.headers["Location"]) == (303, "/referrals")
    assert visit.get(path).text.count("This link has been used") == 2


def test_a_one_time_code_can_be_typed(visit: Visit) -> None:
    visit.get("/welcome")
    empty = visit.send("/welcome", secret="no code")
    led = visit.send("/welcome", secret=f" {'a' * 43} ")

    assert (empty.status_code, led.status_code) == (422, 303)
    assert led.headers["Location"] == f"/welcome/{'a' * 43}"


def test_a_link_that_never_was_opens_nothing(visit: Visit) -> None:
    assert "This link has been used" in visit.get("/welcome/x").text


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/sign-in", {"address": "x@x.example", "password": "x", "code": "000000"}),
        ("/sign-in/passkey", {"name": "x", "answer": "{}"}),
        ("/welcome/x", {"password": PASSWORD, "again": PASSWORD, "code": "000000"}),
    ],
)
def test_failures_of_signing_in_are_counted_where_they_come_from(
    sqlite_broker: Services, clock: Clock, path: str, typed: dict[str, str]
) -> None:
    few = {**sqlite_broker.limits.per_hour, Counted.ADDRESS: 3}
    services = replace(sqlite_broker, limits=replace(sqlite_broker.limits, per_hour=few))
    visit = a_visit(services, clock)
    statuses = []
    for _ in range(5):
        visit.get("/sign-in")
        statuses.append(visit.send(path, **typed).status_code)

    assert statuses[-2:] == [429, 429]
    assert 429 not in statuses[:3]
    assert visit.sign_in().status_code == 303
    assert visit.get("/account").status_code == 200


def sign_in_later(visit: Visit, **typed: str) -> int:
    """Sign in with the next code, since each counts once; return the status of the answer."""
    visit.clock.forward(timedelta(minutes=1))
    return visit.sign_in(**typed).status_code


def typed_anew(
    old: str = PASSWORD, new: str = ANOTHER, again: str | None = None
) -> dict[str, str]:
    return {"old": old, "password": new, "again": new if again is None else again}


def test_a_password_is_changed_and_every_other_session_ends(
    sqlite_broker: Services, inside: Visit
) -> None:
    elsewhere = replace(inside, client=page_client(gateway(cheap(sqlite_broker))))
    assert sign_in_later(elsewhere) == 303
    inside.get("/account/password")

    changed = inside.send("/account/password", **typed_anew())

    assert changed.headers["Location"] == "/account/password/changed"
    assert "Your password is changed" in inside.get("/account/password/changed").text
    assert inside.get("/account").status_code == 200
    assert elsewhere.get("/account").headers["Location"] == "/sign-in?to=/account"
    assert sign_in_later(elsewhere) == 422
    assert sign_in_later(elsewhere, password=ANOTHER) == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (typed_anew(old=""), "Enter your current password"),
        (typed_anew(new=""), "Enter a new password"),
        (typed_anew(again="another-one"), "Enter the same new password twice"),
        (typed_anew(new="short"), "Use at least"),
        (typed_anew(old=ANOTHER), "That is not your password"),
    ],
)
def test_a_password_that_may_not_be_changed_so_stays(
    inside: Visit, typed: dict[str, str], said: str
) -> None:
    inside.get("/account/password")

    refused = inside.send("/account/password", **typed)

    assert refused.status_code == 422
    assert said in refused.text
    assert ANOTHER not in refused.text
    inside.client.delete_cookie("session")
    assert sign_in_later(inside) == 303


def test_five_minutes_after_signing_in_a_new_password_takes_a_code(inside: Visit) -> None:
    inside.get("/account/password")
    inside.clock.forward(timedelta(minutes=6))

    asked = inside.send("/account/password", **typed_anew())

    assert code_asked(asked) == "/account/password"
    assert code_asked(inside.get("/account/password")) == "/account/password"


def test_a_passkey_of_another_name_is_not_removed(inside: Visit) -> None:
    assert inside.get("/account/passkeys/00000000/remove").status_code == 404


def test_a_passkey_that_no_device_made_is_not_kept(inside: Visit) -> None:
    inside.get("/account/passkeys/new")

    answer = inside.send("/account/passkeys/new", name="x", answer="{}")

    assert answer.status_code == 422
    assert "Nothing was kept." in answer.text
    assert "You have none." in inside.get("/account").text


BEGINS_AT = {
    Role.PRACTITIONER: "/referrals",
    Role.MANAGER: "/checks",
    Role.LEAD: "/checks",
    Role.GUARDIAN: "/reviews",
    Role.IG: "/advised",
    Role.HR: "/referrals",
    Role.SUPERVISOR: "/supervision",
    Role.KEEPER: "/directory",
    Role.POLICE: "/inbox",
    Role.POLICE_LEAD: "/inbox",
    Role.ADULTS_LEAD: "/requests",
    Role.FAMILIES_LEAD: "/requests",
    Role.COORDINATOR: "/meetings",
    Role.CHAIR: "/meetings",
    Role.MEMBER: "/meetings",
    Role.AUDITOR: "/ledger",
    Role.ASSURANCE: "/rules",
    Role.ADMINISTRATOR: "/people",
    Role.OPERATOR: "/rules",
    Role.CLIENT: "/account",
}
"""Where the work of each role begins."""


@pytest.mark.parametrize("role", Role)
def test_each_role_begins_at_the_page_with_its_work(role: Role) -> None:
    assert first_page_of(role, "") == BEGINS_AT[role]
    assert first_page_of(role, "/account") == "/account"


@pytest.mark.parametrize(
    ("role", "to", "leads_to"),
    [
        pytest.param(Role.POLICE, "", "/inbox", id="an officer who went nowhere"),
        pytest.param(Role.POLICE, "/referrals", "/referrals", id="an officer to what they wrote"),
        pytest.param(Role.SUPERVISOR, "/referrals", "/supervision", id="one who writes nothing"),
    ],
)
def test_signing_in_leads_to_what_was_asked_for_or_to_the_first_page_of_the_role(
    sqlite_broker: Services, clock: Clock, role: Role, to: str, leads_to: str
) -> None:
    visit = a_visit(sqlite_broker, clock, role)
    led = visit.sign_in(f"/sign-in?to={to}", to=to)

    assert led.headers["Location"] == leads_to
    assert visit.get(leads_to).status_code == 200
    first = BEGINS_AT[role]
    assert f'<a href="{first}" class="govuk-back-link"' in visit.get("/sign-out").text
    assert f'href="{first}"' in visit.get("/typed").text
