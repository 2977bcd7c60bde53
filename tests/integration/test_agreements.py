"""Agreements are recorded over what was seen, believed as recorded, and taken back in the open."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from brokers import NURSE, TEACHER, Clock, a_submission, read_here
from callers import a_caller
from homes import Prepared
from sqlalchemy import update

from broker.disclosures.afterwards.agreements import REVIEW, Said
from broker.domain.cases.agreements import AgreementKind, AgreementStatus, Giver, Scope
from broker.domain.cases.cases import UnknownCaseError
from broker.domain.errors import (
    ChangedMeanwhileError,
    FaultyDocumentError,
    NotAllowedError,
    RowDisagreesError,
    WrongStateError,
)
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.storage.rows.cases.agreements import agreement
from broker.wiring import Services
from keys import CaseId, PersonId

SHARE, SUPPORT = AgreementKind.SHARE, AgreementKind.SUPPORT
GIVEN = Said(
    kind=SHARE,
    status=AgreementStatus.GIVEN,
    giver=Giver.PERSON,
    given_on=date(2026, 3, 10),
    expires_on=date(2026, 6, 1),
    scope=Scope(recipients=("police",), purposes=("referral",)),
)


def is_sent(services: Services) -> Reference:
    reference = services.disclosures.submit(a_submission(services, "key-00000000"), NURSE)
    services.dispatcher.dispatch()
    return reference


@pytest.fixture(name="with_one_sent", scope="module")
def _with_one_sent(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Prepared, Reference]:
    return prepared_on_sqlite.after(tmp_path_factory.mktemp("sent") / "home", is_sent)


@pytest.fixture(name="sqlite_broker")
def _sqlite_broker(
    with_one_sent: tuple[Prepared, Reference], tmp_path: Path, clock: Clock
) -> Iterator[Services]:
    """A broker of its own for each test, in which one referral was sealed and sent before."""
    services = with_one_sent[0].copied(tmp_path / "home", clock)
    yield services
    services.close()


@pytest.fixture(name="sent")
def _sent(with_one_sent: tuple[Prepared, Reference]) -> Reference:
    return with_one_sent[1]


def notices(services: Services) -> list[bytes]:
    return [path.read_bytes() for path in services.home.pickup.glob("notice-*.eml")]


def test_a_withdrawal_lists_every_past_recipient_and_prepares_a_notice(
    sqlite_broker: Services, sent: Reference
) -> None:
    agreements = sqlite_broker.afterwards.agreements
    recorded = agreements.record(NURSE, str(sent), GIVEN)

    done = agreements.withdraw(NURSE, str(sent), SHARE, recorded.version)

    assert [(one.reference, one.body) for one in done.past] == [
        (sent, "Northshire Example Police")
    ]
    assert done.noticed == 1
    (notice,) = notices(sqlite_broker)
    assert str(sent).encode() in notice
    assert b"Qqcanary" not in notice
    shown = agreements.show(NURSE, str(sent))
    assert [one.status for one in shown.records] == [AgreementStatus.WITHDRAWN]
    with pytest.raises(WrongStateError, match="Nothing was given"):
        agreements.withdraw(NURSE, str(sent), SHARE, shown.records[0].version)


def test_each_who_got_something_of_the_case_is_told(
    sqlite_broker: Services, sent: Reference
) -> None:
    agreements = sqlite_broker.afterwards.agreements
    case = agreements.show(NURSE, str(sent)).case
    again = a_submission(sqlite_broker, "key-00000002", case=case)
    other = sqlite_broker.disclosures.submit(again, NURSE)
    sqlite_broker.dispatcher.dispatch()
    apart = sqlite_broker.disclosures.submit(a_submission(sqlite_broker, "key-00000003"), NURSE)
    sqlite_broker.dispatcher.dispatch()

    done = agreements.withdraw(NURSE, str(sent), SHARE, 0)

    assert [one.reference for one in done.past] == [sent, other]
    told = b"".join(notices(sqlite_broker))
    assert (done.noticed, len(notices(sqlite_broker))) == (2, 2)
    assert all(str(one).encode() in told for one in (sent, other))
    assert str(apart).encode() not in told


def test_what_no_record_says_is_taken_back_as_the_pack_said_it(
    sqlite_broker: Services, sent: Reference
) -> None:
    done = sqlite_broker.afterwards.agreements.withdraw(NURSE, str(sent), SHARE, 0)

    assert done.agreement.status is AgreementStatus.WITHDRAWN
    assert done.agreement.giver is Giver.PERSON
    for kind in (SUPPORT, AgreementKind.TOLD):
        with pytest.raises(WrongStateError, match="Nothing was given"):
            sqlite_broker.afterwards.agreements.withdraw(NURSE, str(sent), kind, 0)


@pytest.fixture(name="both_agreed")
def _both_agreed(sqlite_broker: Services) -> str:
    """A case of somebody of 16 who agreed to support, as did a parent, each in a record."""
    young = {"questions__subject__date_of_birth": "2009-05-02"}
    form = {"form__individual.date_of_birth": "2009-05-02"}
    pack = a_submission(sqlite_broker, **young, **form)
    reference = str(sqlite_broker.disclosures.submit(pack, NURSE))
    said = Said(kind=SUPPORT, status=AgreementStatus.GIVEN, given_on=date(2026, 3, 10))
    for giver in (Giver.PERSON, Giver.PARENT):
        sqlite_broker.afterwards.agreements.record(NURSE, reference, replace(said, giver=giver))
    return reference


@pytest.mark.parametrize("giver", [Giver.PERSON, Giver.PARENT])
def test_of_two_who_agreed_to_support_the_one_is_taken_back_who_is_named(
    sqlite_broker: Services, both_agreed: str, giver: Giver
) -> None:
    agreements = sqlite_broker.afterwards.agreements

    with pytest.raises(WrongStateError, match="Say who took it back"):
        agreements.withdraw(NURSE, both_agreed, SUPPORT, 1)
    done = agreements.withdraw(NURSE, both_agreed, SUPPORT, 1, giver)

    assert done.agreement.giver is giver
    shown = agreements.show(NURSE, both_agreed).records
    assert {one.giver for one in shown if one.status is AgreementStatus.WITHDRAWN} == {giver}
    assert {one.giver for one in shown if one.status is AgreementStatus.GIVEN} == (
        {Giver.PERSON, Giver.PARENT} - {giver}
    )


def test_by_api_who_took_it_back_is_named(sqlite_broker: Services, both_agreed: str) -> None:
    caller, path = a_caller(sqlite_broker, NURSE), f"/api/v1/cases/{both_agreed}/agreements"

    unsaid = caller.post(f"{path}/support/withdrawal", {"seen": 1})
    said = caller.post(f"{path}/support/withdrawal", {"seen": 1, "giver": "parent"})

    assert (unsaid.status_code, said.status_code) == (409, 200)
    assert json.loads(said.get_data())["agreement"]["giver"] == "parent"


def test_two_changes_to_one_agreement_do_not_overwrite_each_other(
    sqlite_broker: Services, sent: Reference
) -> None:
    agreements = sqlite_broker.afterwards.agreements
    agreements.record(NURSE, str(sent), GIVEN)

    with pytest.raises(ChangedMeanwhileError):
        agreements.record(NURSE, str(sent), GIVEN)
    with pytest.raises(ChangedMeanwhileError):
        agreements.withdraw(NURSE, str(sent), SHARE, 7)
    again = agreements.record(NURSE, str(sent), replace(GIVEN, seen=1))
    assert again.version == 2


def test_an_agreement_of_a_case_of_others_does_not_exist(
    sqlite_broker: Services, sent: Reference
) -> None:
    for step in (
        lambda: sqlite_broker.afterwards.agreements.show(TEACHER, str(sent)),
        lambda: sqlite_broker.afterwards.agreements.record(TEACHER, str(sent), GIVEN),
        lambda: sqlite_broker.afterwards.agreements.withdraw(TEACHER, str(sent), SHARE, 0),
    ):
        with pytest.raises(UnknownCaseError):
            step()


@pytest.mark.parametrize(
    "said",
    [
        replace(GIVEN, status=AgreementStatus.WITHDRAWN),
        replace(GIVEN, giver=Giver.NOBODY),
        replace(GIVEN, given_on=None),
        replace(GIVEN, given_on=date(2126, 3, 10), expires_on=None),
        replace(GIVEN, expires_on=date(2026, 3, 9)),
        replace(GIVEN, kind=SUPPORT),
    ],
    ids=["withdrawn", "by nobody", "on no day", "to come", "ends before", "scope of support"],
)
def test_what_nobody_answered_is_not_recorded(
    sqlite_broker: Services, sent: Reference, said: Said
) -> None:
    with pytest.raises(NotAllowedError):
        sqlite_broker.afterwards.agreements.record(NURSE, str(sent), said)


def test_what_ends_soon_is_a_duty(sqlite_broker: Services, sent: Reference) -> None:
    sqlite_broker.afterwards.agreements.record(NURSE, str(sent), GIVEN)

    with sqlite_broker.transaction() as tx:
        owed = {one.type: one.due_on for one in tx.duties.of(sent)}
    assert owed[REVIEW] == date(2026, 5, 18)


def test_a_later_pack_of_the_case_is_judged_by_what_is_recorded(
    sqlite_broker: Services, sent: Reference
) -> None:
    services = sqlite_broker
    case = services.afterwards.agreements.show(NURSE, str(sent)).case
    pack = replace(read_here(services), case=case)
    before = services.disclosures.preview(pack, NURSE)
    services.afterwards.agreements.withdraw(NURSE, str(sent), SHARE, 0)

    after = services.disclosures.preview(pack, NURSE)

    assert before.facts["agreement_to_share"]["status"] == "given"  # type: ignore[index]  # an object of the contract
    assert after.facts["agreement_to_share"]["status"] == "withdrawn"  # type: ignore[index]  # an object of the contract


@pytest.mark.parametrize("person", [TEACHER, replace(NURSE, id=PersonId("p-colleague"))])
def test_what_is_recorded_is_tried_on_by_no_stranger_to_the_case(
    sqlite_broker: Services, sent: Reference, person: Person
) -> None:
    case = sqlite_broker.afterwards.agreements.show(NURSE, str(sent)).case

    for named in (case, CaseId("c-0000000000000000")):
        with pytest.raises(UnknownCaseError):
            sqlite_broker.disclosures.preview(
                replace(read_here(sqlite_broker), case=named), person
            )


def test_what_one_person_agreed_to_judges_no_pack_about_another(
    sqlite_broker: Services, sent: Reference
) -> None:
    case = sqlite_broker.afterwards.agreements.show(NURSE, str(sent)).case
    other = {"form__individual.name": "Mira Specimen"}
    same = {"form__individual.name": "QQCANARY, Zzcanary (also Mira Specimen)"}

    with pytest.raises(FaultyDocumentError) as refused:
        sqlite_broker.disclosures.preview(
            replace(read_here(sqlite_broker, **other), case=case), NURSE
        )
    again = a_submission(sqlite_broker, "key-00000002", case=case, **other)
    with pytest.raises(FaultyDocumentError):
        sqlite_broker.disclosures.submit(again, NURSE)

    assert [one.place for one in refused.value.faults] == ["form.individual.name"]
    assert "Mira" not in str(refused.value)
    sqlite_broker.disclosures.preview(replace(read_here(sqlite_broker, **same), case=case), NURSE)


def test_a_row_that_was_altered_is_not_believed(sqlite_broker: Services, sent: Reference) -> None:
    sqlite_broker.afterwards.agreements.record(NURSE, str(sent), GIVEN)
    with sqlite_broker.transaction() as tx:
        tx.connection.execute(update(agreement).values(version=9))

    with pytest.raises(RowDisagreesError):
        sqlite_broker.afterwards.agreements.show(NURSE, str(sent))


def test_nothing_that_was_answered_stands_in_the_row_or_on_the_ledger(
    sqlite_broker: Services, sent: Reference
) -> None:
    sqlite_broker.afterwards.agreements.record(NURSE, str(sent), GIVEN)
    with sqlite_broker.transaction() as tx:
        row = tx.connection.execute(agreement.select()).mappings().one()
        entry = [one for one in tx.ledger.entries() if one.type == "agreement.recorded"][-1]

    assert b"given" not in bytes(row["sealed"])
    assert "given" not in str(dict(entry.event))


def test_by_api_an_answer_is_recorded_shown_and_taken_back_over_the_version_that_was_seen(
    sqlite_broker: Services, sent: Reference
) -> None:
    caller, path = a_caller(sqlite_broker, NURSE), f"/api/v1/cases/{sent}/agreements"
    answer = {"kind": "share", "status": "given", "giver": "person", "given_on": "2026-03-10"}

    wrong = caller.post(path, {**answer, "given_on": "2026-02-30"})
    recorded = caller.post(path, {**answer, "recipients": ["police"], "purposes": ["referral"]})
    stale = caller.post(path, answer)
    shown = json.loads(caller.get(path).get_data())
    taken_back = caller.post(f"{path}/share/withdrawal", {"seen": 1})

    assert (wrong.status_code, recorded.status_code, stale.status_code) == (422, 201, 409)
    (held,) = shown["agreements"]
    assert (held["standing"], held["version"], held["recipients"]) == ("given", 1, ["police"])
    assert [one["reference"] for one in shown["past_recipients"]] == [str(sent)]
    assert json.loads(taken_back.get_data())["notices_prepared"] == 1
    assert caller.post(f"{path}/something/withdrawal", {}).status_code == 404
