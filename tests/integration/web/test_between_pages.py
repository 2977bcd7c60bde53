"""Agreements between bodies, workers and clearances on pages."""

import io

import pytest
from brokers import Clock
from visits import Visit, signed_in

from broker.domain.roles import Role
from broker.wiring import Services

DAYS = {
    "signed_on-day": "5",
    "signed_on-month": "1",
    "signed_on-year": "2026",
    "review_on-day": "1",
    "review_on-month": "12",
    "review_on-year": "2026",
    "ends_on-day": "4",
    "ends_on-month": "1",
    "ends_on-year": "2027",
}
AGREEMENT = {
    "with": "northshire-police",
    "title": "Northshire sharing agreement. Fictitious.",
    "names_prevent": "yes",
    "purposes": ["referral", "case-review"],
    "legal_basis": "Crime and Disorder Act 1998, section 115",
    **DAYS,
}
WORKER = {
    "id": "w-204",
    "provider": "northshire-police",
    "dbs": "enhanced",
    "dbs_on-day": "1",
    "dbs_on-month": "4",
    "dbs_on-year": "2025",
    "dbs_review_on-day": "1",
    "dbs_review_on-month": "4",
    "dbs_review_on-year": "2026",
    "suitable_on-day": "2",
    "suitable_on-month": "4",
    "suitable_on-year": "2025",
    "undertaking_on-day": "3",
    "undertaking_on-month": "4",
    "undertaking_on-year": "2025",
}


@pytest.fixture(name="keeper")
def _keeper(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock, Role.KEEPER)


def paper() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"Signed. Fictitious."), "signed.pdf"


def test_an_agreement_is_entered_waits_for_a_second_person_and_is_ended(
    keeper: Visit, sqlite_broker: Services
) -> None:
    nothing = keeper.get("/sharing-agreements").text
    keeper.get("/sharing-agreements/new")
    empty = keeper.send("/sharing-agreements/new").text
    days = {**DAYS, "ends_on-year": "2025"}
    backwards = keeper.send("/sharing-agreements/new", **{**AGREEMENT, **days, "paper": paper()})
    entered = keeper.send("/sharing-agreements/new", **{**AGREEMENT, "paper": paper()})
    waiting = keeper.get("/sharing-agreements").text
    with sqlite_broker.transaction() as tx:
        (one,) = tx.between.agreements(tx.people.person(keeper.held.person).agency)
    own = keeper.send(f"/sharing-agreements/{one.id}/confirm")
    keeper.get("/sharing-agreements")
    ended = keeper.send(f"/sharing-agreements/{one.id}/end")

    assert "No agreement is kept here yet" in nothing
    for message in ("Select the other organisation", "Choose the paper that was signed"):
        assert message in empty
    assert backwards.status_code == 422
    assert "is not after the day it was signed" in backwards.text
    assert entered.status_code == 303
    assert "Not confirmed" in waiting
    assert "I have seen the signed paper" not in waiting
    assert (own.status_code, ended.status_code) == (422, 303)
    assert "Ended" in keeper.get("/sharing-agreements").text
    assert keeper.send(f"/sharing-agreements/{one.id}/end").status_code == 422


def test_workers_and_clearances_are_entered_and_listed(keeper: Visit) -> None:
    keeper.get("/workers")
    empty = keeper.send("/workers").text
    tomorrow = keeper.send("/workers", **{**WORKER, "dbs_on-year": "2126"}).text
    entered = keeper.send("/workers", **WORKER)
    listed = keeper.get("/workers").text
    keeper.get("/clearances")
    clearance = {"person": keeper.held.person, "kind": "dbs"}
    until = {"until-day": "1", "until-month": "4", "until-year": "2027"}
    no_day = keeper.send("/clearances").text
    own = keeper.send("/clearances", **clearance, **until).text
    over = keeper.send("/clearances", **clearance, **{**until, "until-year": "2025"})

    assert "Select for whom they work" in empty
    assert "is still to come" in tomorrow
    assert entered.status_code == 303
    assert "w-204" in listed
    assert "Every check counts" in listed
    assert "Enter its last day" in no_day
    assert "Somebody else looks at your own clearance" in own
    assert f'value="{keeper.held.person}" selected>Mira Specimen' in own
    assert over.status_code == 422
