"""Administrators keep the people of their own body in a browser, some things by two of them."""

import io
import re
from datetime import timedelta

import pytest
from brokers import Clock
from gateways import gateway
from markup import page_client
from people import BODY, SCHOOL, cheaply, entered, opened
from visits import Visit, cheap

from broker.domain.people.errors import NotSignedInError
from broker.domain.people.people import RoleHolding
from broker.domain.roles import Role
from broker.operations.first_people import enter_administrators
from broker.registers.people import NewPerson
from broker.wiring import Services
from keys import PersonId

NEW = {"name": "Nia Specimen", "contact": "nia@northshire-trust.example", "role": "practitioner"}


@pytest.fixture(name="both")
def _both(sqlite_broker: Services, clock: Clock) -> tuple[Visit, Visit]:
    """Return the browsers of the first two administrators."""
    named = [
        NewPerson(
            agency=BODY, name=f"{short} Pattern", contact=f"{short}@northshire-trust.example"
        )
        for short in ("ada", "ben")
    ]
    access, visits = cheaply(sqlite_broker), []
    for administrator in enter_administrators(sqlite_broker, named):
        held = opened(access, administrator.code, clock)
        client = page_client(gateway(cheap(sqlite_broker)))
        visits.append(Visit(client=client, held=held, clock=clock))
    clock.forward(timedelta(minutes=1))
    for visit in visits:
        assert visit.sign_in().headers["Location"] == "/people"
    return visits[0], visits[1]


def roles_of(services: Services, person: str) -> tuple[RoleHolding, ...]:
    with services.transaction() as tx:
        return tx.people.roles_of(PersonId(person))


def press(visit: Visit, page: str, action: str, **typed: str) -> int:
    """Open a page and send one of its forms."""
    assert visit.get(page).status_code == 200
    return visit.send(f"{page}/{action}", **typed).status_code


def test_somebody_is_entered_invited_and_disabled_at_once(
    sqlite_broker: Services, both: tuple[Visit, Visit], clock: Clock
) -> None:
    ada, _ = both
    ada.get("/people/new")
    at = ada.send("/people/new", **NEW).headers["Location"]
    assert "No account yet" in ada.get("/people").text
    assert press(ada, at, "invite") == 200
    code = re.search(r"app-code[^>]*>([A-Za-z0-9_-]{43})<", ada.last.text)
    assert code is not None
    held = opened(cheaply(sqlite_broker), code[1], clock)
    assert sqlite_broker.access.sessions.of(held.token).person == held.person

    ada.get(f"{at}/disable")
    assert ada.send(f"{at}/disable").status_code == 303
    with pytest.raises(NotSignedInError):
        sqlite_broker.access.sessions.of(held.token)
    assert "Disabled" in ada.get(at).text
    assert press(ada, at, "enable") == 303
    assert "Disabled" not in ada.get(at).text


def test_a_guardian_takes_two_and_counts_after_the_second(
    sqlite_broker: Services, both: tuple[Visit, Visit]
) -> None:
    ada, ben = both
    ada.get("/people/new")
    at = ada.send("/people/new", **{**NEW, "role": "guardian"}).headers["Location"]
    person = at.rpartition("/")[2]
    (held,) = roles_of(sqlite_broker, person)
    assert not held.stands_on(sqlite_broker.clock().date())
    assert "Confirm it" not in ada.get(at).text
    assert press(ada, at, f"roles/{held.id}/confirm") == 403

    assert "Waits for a second person" in ben.get("/people").text
    assert press(ben, at, f"roles/{held.id}/confirm") == 303
    (held,) = roles_of(sqlite_broker, person)
    assert held.stands_on(sqlite_broker.clock().date())
    assert press(ada, at, f"roles/{held.id}/end") == 303
    assert "Ended on 16 March 2026" in ada.get(at).text


def test_a_way_back_in_takes_two_and_neither_is_oneself(both: tuple[Visit, Visit]) -> None:
    ada, ben = both
    own = f"/people/{ada.held.person}"
    assert "Two other people give you a new way in" in ada.get(own).text
    assert press(ada, own, "recover") == 403
    assert press(ben, own, "recover") == 303
    assert "Another administrator confirms it" in ben.get(own).text
    assert press(ben, own, "recover/confirm") == 403


def test_a_role_has_days_and_a_deputy(sqlite_broker: Services, both: tuple[Visit, Visit]) -> None:
    ada, _ = both
    person = entered(sqlite_broker, "Lea Specimen", Role.PRACTITIONER)
    days = {"from-day": "1", "from-month": "4", "from-year": "2026", "until-day": "31"}
    wrong = {**days, "until-month": "3", "until-year": "2026", "role": "lead", "deputy": "yes"}
    ada.get(f"/people/{person}/roles")
    refused = ada.send(f"/people/{person}/roles", **wrong)
    assert refused.status_code == 422
    assert 'href="#until-day"' in refused.text

    done = ada.send(f"/people/{person}/roles", **{**wrong, "until-month": "5"})
    assert done.status_code == 303
    lead = next(one for one in roles_of(sqlite_broker, person) if one.role is Role.LEAD)
    assert (lead.is_deputy, str(lead.valid_from), str(lead.valid_until)) == (
        True, "2026-04-01", "2026-05-31",
    )  # fmt: skip


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"name": ""}, "name"),
    ({"name": "=cmd()"}, "name"),
    ({"contact": "nia@gmail.com"}, "contact"),
    ({"role": "client"}, "role"),
    ({"team": "ward 7 <b>"}, "team"),
    ({"from-day": "31", "from-month": "2", "from-year": "2026"}, "from-day"),
)


def test_what_is_wrong_with_somebody_is_named(both: tuple[Visit, Visit]) -> None:
    for changed, field in WRONG:
        both[0].get("/people/new")
        answer = both[0].send("/people/new", **{**NEW, **changed})

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text


def test_people_of_another_body_are_as_if_they_were_not_there(
    sqlite_broker: Services, both: tuple[Visit, Visit]
) -> None:
    other = entered(sqlite_broker, "Sal Specimen", Role.PRACTITIONER, agency=SCHOOL)

    assert both[0].get(f"/people/{other}").status_code == 404
    both[0].get("/people")
    assert both[0].send(f"/people/{other}/disable").status_code == 404
    assert "Sal Specimen" not in both[0].get("/people").text


def test_a_new_address_signs_them_out(sqlite_broker: Services, both: tuple[Visit, Visit]) -> None:
    ada, ben = both
    at = f"/people/{ben.held.person}"
    ada.get(f"{at}/change")
    said = {"name": "Ben Pattern", "contact": "benjamin@northshire-trust.example"}
    wrong = ada.send(f"{at}/change", **said, **{"trained-day": "x"})
    assert 'href="#trained-day"' in wrong.text
    trained = {"trained-day": "1", "trained-month": "4", "trained-year": "2027"}
    assert ada.send(f"{at}/change", **said, **trained).status_code == 303
    assert "1 April 2027" in ada.get(at).text
    assert ben.get("/people").headers["Location"] == "/sign-in?to=/people"
    del sqlite_broker


def test_three_bad_lines_of_a_file_are_named_and_nobody_is_taken(
    both: tuple[Visit, Visit],
) -> None:
    lines = ["agency,name,contact,roles"]
    lines += [
        f"{BODY},Invented Person {n},p{n}@northshire-trust.example,practitioner"
        for n in range(500)
    ]
    lines[17] = f"{BODY},=1+1,x@northshire-trust.example,practitioner"
    lines[200] = f"{BODY},Somebody,x2@northshire-trust.example,king"
    lines[499] = f"{BODY},Somebody,y@northshire-trust.example"
    ada = both[0]
    ada.get("/people/import")
    assert ada.send("/people/import").status_code == 422
    text = "\n".join(lines).encode()

    answer = ada.send("/people/import", file=(io.BytesIO(text), "people.csv"))

    assert answer.status_code == 422
    assert "line 18.name" in answer.text
    assert "line 201.roles" in answer.text
    assert "line 500 has 3 fields" in answer.text
    assert "Invented Person" not in ada.get("/people").text
    good = "\n".join(lines[:10]).encode()
    ada.get("/people/import")
    assert ada.send("/people/import", file=(io.BytesIO(good), "p.csv")).status_code == 303
    assert "Invented Person 8" in ada.get("/people").text


def test_the_lead_is_asked_first_only_where_there_are_two(
    sqlite_broker: Services, both: tuple[Visit, Visit]
) -> None:
    ada, _ = both
    page = ada.get("/settings").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    settled = {
        "seen": seen,
        "check": "before-sending",
        "check_purposes": ["referral"],
        "completes": "either",
        "pathway": "set",
        "guardian_body": "",
    }
    refused = ada.send("/settings", **settled)
    assert refused.status_code == 422
    assert "needs a lead and a deputy" in refused.text

    for name in ("Lea Specimen", "Lou Specimen"):
        entered(sqlite_broker, name, Role.LEAD)
    assert ada.send("/settings", **{**settled, "completes": "nobody"}).status_code == 422
    assert ada.send("/settings", **settled).status_code == 303
    with sqlite_broker.transaction() as tx:
        own = tx.directory.agency(BODY)
    assert (own.check, own.completes, own.pathway) == ("before-sending", "either", "set")
    ada.get("/settings")
    assert ada.send("/settings", **settled).status_code == 409
