"""What is kept between bodies decides only as recorded, seen by two, and by pair, purpose, day."""

import json
from dataclasses import replace
from datetime import date

import pytest
from brokers import NURSE, TEACHER, a_submission, read_here
from callers import a_caller
from register_writes import KEEPER, SIGNED
from sqlalchemy import update

from broker.domain.directory.vetting import Clearance, ClearanceKind, DbsLevel, Worker
from broker.domain.errors import (
    FaultyDocumentError,
    NotAllowedError,
    RowDisagreesError,
    WrongStateError,
)
from broker.domain.json_values import as_object
from broker.domain.roles import Role
from broker.registers.bodies.sharing import purposes_of
from broker.storage.rows.bodies.between import provider_worker, sharing_agreement
from broker.wiring import Services
from keys import AgencyId, PersonId

LEAD = replace(NURSE, id=PersonId("p-lead"), role=Role.LEAD)
POLICE = AgencyId("northshire-police")


def is_live(services: Services) -> object:
    facts = services.disclosures.preview(read_here(services), NURSE).facts
    return as_object(facts["recipient"])["sharing_agreement_live"]


def purposes(services: Services) -> frozenset[str]:
    return purposes_of(services.rulebooks.in_force())


def test_the_rules_read_pair_purpose_and_day_and_only_what_a_second_person_saw(
    sqlite_broker: Services,
) -> None:
    sharing, known = sqlite_broker.keeping.between.sharing, purposes(sqlite_broker)
    before = is_live(sqlite_broker)
    other = sharing.enter(KEEPER, SIGNED, known)
    sharing.confirm(LEAD, other.id)
    for_another_purpose = is_live(sqlite_broker)
    entered = sharing.enter(KEEPER, replace(SIGNED, purposes=("referral",)), known)
    unseen = is_live(sqlite_broker)
    with pytest.raises(NotAllowedError, match="Somebody else"):
        sharing.confirm(KEEPER, entered.id)
    sharing.confirm(LEAD, entered.id)
    seen = is_live(sqlite_broker)
    matrix = sharing.matrix(LEAD, known)
    sharing.end(LEAD, entered.id)

    assert (before, for_another_purpose, unseen, seen) == ("yes", "no", "no", "yes")
    assert matrix.rows[POLICE] == {"case-review", "referral"}
    assert is_live(sqlite_broker) == "no"
    for step in (sharing.confirm, sharing.end):
        with pytest.raises(WrongStateError):
            step(LEAD, entered.id)


def test_what_is_wrong_is_named_all_at_once_and_nothing_is_kept(sqlite_broker: Services) -> None:
    sharing = sqlite_broker.keeping.between.sharing
    wrong = replace(SIGNED, other=AgencyId("nobody-here"), ends_on=SIGNED.signed_on)

    with pytest.raises(FaultyDocumentError) as refused:
        sharing.enter(KEEPER, wrong, purposes(sqlite_broker))

    assert {one.place for one in refused.value.faults} == {"with", "ends_on", "review_on"}
    assert sharing.listed(KEEPER) == ()


def test_the_agreements_of_others_do_not_exist(sqlite_broker: Services) -> None:
    sharing = sqlite_broker.keeping.between.sharing
    entered = sharing.enter(KEEPER, SIGNED, purposes(sqlite_broker))
    stranger = replace(TEACHER, role=Role.LEAD)

    assert sharing.listed(stranger) == ()
    with pytest.raises(WrongStateError, match="no such agreement"):
        sharing.confirm(stranger, entered.id)


def test_a_row_that_somebody_edited_decides_nothing(sqlite_broker: Services) -> None:
    sharing = sqlite_broker.keeping.between.sharing
    sharing.enter(KEEPER, SIGNED, purposes(sqlite_broker))
    with sqlite_broker.transaction() as tx:
        tx.connection.execute(update(sharing_agreement).values(confirmed_by="p-lead"))

    with pytest.raises(RowDisagreesError):
        sqlite_broker.disclosures.submit(a_submission(sqlite_broker), NURSE)


def a_worker(**changes: object) -> Worker:
    worker = Worker(
        id="w-204",
        agency=POLICE,
        dbs=DbsLevel.ENHANCED,
        dbs_on=date(2025, 4, 1),
        dbs_review_on=date(2026, 4, 1),
        suitable_on=date(2025, 4, 2),
        suitable_by=KEEPER.id,
        undertaking_on=date(2025, 4, 3),
        registered_with=None,
        registered_until=None,
        entered_by=KEEPER.id,
    )
    return replace(worker, **changes)  # type: ignore[arg-type]  # fields of a worker


def test_a_worker_is_renewed_stays_with_their_provider_and_is_believed_as_recorded(
    sqlite_broker: Services,
) -> None:
    vetting = sqlite_broker.keeping.between.vetting
    vetting.check(a_worker(dbs_review_on=date(2026, 3, 15)))
    assert [one.stands_on(date(2026, 3, 16)) for one in vetting.workers()] == [False]
    vetting.check(a_worker())
    assert [one.stands_on(date(2026, 3, 16)) for one in vetting.workers()] == [True]
    with pytest.raises(FaultyDocumentError, match="another provider"):
        vetting.check(a_worker(agency=NURSE.agency))
    with pytest.raises(FaultyDocumentError, match="no organisation"):
        vetting.check(a_worker(id="w-205", agency=AgencyId("nobody-here")))
    with sqlite_broker.transaction() as tx:
        tx.connection.execute(update(provider_worker).values(dbs_review_on="2030-01-01"))
    with pytest.raises(RowDisagreesError):
        vetting.workers()


def test_a_clearance_is_seen_by_somebody_else_while_it_counts(sqlite_broker: Services) -> None:
    vetting = sqlite_broker.keeping.between.vetting
    seen = Clearance(
        person=LEAD.id,
        agency=LEAD.agency,
        kind=ClearanceKind.DBS,
        until=date(2027, 3, 16),
        seen_by=KEEPER.id,
    )

    with pytest.raises(NotAllowedError, match="Somebody else"):
        vetting.see(seen, LEAD)
    with pytest.raises(FaultyDocumentError, match="over already"):
        vetting.see(replace(seen, until=date(2026, 3, 15)), KEEPER)
    vetting.see(seen, KEEPER)
    vetting.see(replace(seen, until=date(2028, 3, 16)), KEEPER)

    assert [one.until.year for one in vetting.clearances(KEEPER)] == [2028]
    assert vetting.clearances(TEACHER) == ()


def test_by_api_they_are_entered_confirmed_listed_and_ended(sqlite_broker: Services) -> None:
    keeper = a_caller(sqlite_broker, KEEPER, Role.KEEPER)
    lead = a_caller(sqlite_broker, LEAD, Role.LEAD)
    document = {
        "with_body": POLICE,
        "title": "Northshire sharing agreement. Fictitious.",
        "purposes": ["*"],
        "names_prevent": True,
        "legal_basis": "Crime and Disorder Act 1998, section 115",
        "limits": "",
        "signed_on": "2026-01-05",
        "review_on": "2026-12-01",
        "ends_on": "2027-01-04",
        "sha256": "a" * 64,
        "owner": "p-lead",
    }
    path = "/api/v1/sharing-agreements"
    wrong = keeper.post(path, {**document, "ends_on": "2027-02-30"})
    entered = json.loads(keeper.post(path, document).get_data())
    own = keeper.post(f"{path}/{entered['id']}/confirmation")
    confirmed = json.loads(lead.post(f"{path}/{entered['id']}/confirmation").get_data())
    listed = json.loads(lead.get(path).get_data())
    ended = lead.post(f"{path}/{entered['id']}/end")
    worker = {
        "id": "w-204",
        "provider": POLICE,
        "dbs": "enhanced",
        "dbs_on": "2025-04-01",
        "dbs_review_on": "2026-04-01",
        "suitable_on": "2025-04-02",
        "undertaking_on": "2025-04-03",
    }
    checked = keeper.post("/api/v1/workers", worker)
    clearance = {"person": "p-lead", "kind": "dbs", "until": "2027-03-16"}
    seen = keeper.post("/api/v1/clearances", clearance)

    assert (wrong.status_code, own.status_code, ended.status_code) == (422, 403, 200)
    assert (entered["standing"], confirmed["standing"]) == ("unconfirmed", "live")
    assert listed["matrix"][POLICE]["referral"] is True
    assert (checked.status_code, seen.status_code) == (200, 200)
    assert json.loads(lead.get("/api/v1/workers").get_data())["workers"][0]["stands"] is True
    assert len(json.loads(lead.get("/api/v1/clearances").get_data())["clearances"]) == 1
