"""Cases: opened with a submission or without, shared by their members, believed as recorded."""

from dataclasses import replace
from typing import Any

import pytest
from brokers import NURSE, TEACHER, a_submission
from callers import a_caller, refusal_of
from people import entered
from referrals import (
    GUARDIAN,
    as_an_earlier_release_left_it,
    deliver,
    recorded,
    refer,
    submit,
)
from sqlalchemy import delete, select, update

from broker.cases.members import case_named
from broker.domain.cases.cases import UnknownCaseError
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.errors import (
    ChangedMeanwhileError,
    NotAllowedError,
    RowDisagreesError,
    UnknownReferenceError,
    WrongStateError,
)
from broker.domain.model import Person
from broker.domain.people.errors import UnknownPersonError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.storage.rows.cases import case_link, case_member, case_record
from broker.wiring import Services
from keys import AgencyId, CaseId, PersonId

COLLEAGUE = replace(NURSE, id=PersonId("p-colleague"))
LEAD = replace(NURSE, id=PersonId("p-lead"), role=Role.LEAD)
TYPED = {"individual.name": "QQCANARY, Zzcanary", "individual.date_of_birth": "1991-11-02"}
OFFICER = Person(id=PersonId("p-officer"), agency=AgencyId("northshire-police"), role=Role.POLICE)


@pytest.fixture(name="services")
def _services(sqlite_broker: Services) -> Services:
    return sqlite_broker


def run(services: Services, statement: Any) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(statement)


def case_of(services: Services, reference: Reference) -> CaseId:
    with services.transaction() as tx:
        return case_named(tx, reference)


def is_member(services: Services, person: Person, case: CaseId) -> bool:
    with services.transaction() as tx:
        found = tx.cases.find(case)
    return found is not None and found.may(person)


def types_about(services: Services, case: CaseId) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.known().about("case", case)]


def test_a_submission_opens_a_case_of_which_its_requester_is_a_member(services: Services) -> None:
    reference = submit(services)

    case = case_of(services, reference)
    shown = services.cases.show(NURSE, case)

    assert types_about(services, case) == ["case.opened", "earlier.looked-up", "received"]
    assert shown.references == (reference,)
    assert (shown.case.kind, shown.case.stage) == (CaseKind.CONCERN, Stage.SHARING)
    assert [(one.person, one.role) for one in shown.case.members] == [
        (NURSE.id, Role.PRACTITIONER)
    ]


def test_a_second_submission_into_a_case_shares_its_key_and_stands_after_the_first(
    services: Services,
) -> None:
    first = submit(services)
    case = case_of(services, first)

    second = submit(services, "key-00000002", case=case)

    assert case_of(services, second) == case
    assert services.cases.show(NURSE, str(second)).references == (first, second)
    assert len(services.keystore.cases()) == 1
    assert services.disclosures.own(NURSE)[0].case == case


@pytest.mark.parametrize("person", [COLLEAGUE, TEACHER, replace(NURSE, agency=TEACHER.agency)])
def test_a_case_takes_no_submission_of_whoever_is_no_member_and_answers_as_if_absent(
    services: Services, person: Person
) -> None:
    case = case_of(services, submit(services))

    said = []
    for name in (case, CaseId("c-0000000000000000")):
        with pytest.raises(UnknownCaseError) as refused:
            services.disclosures.submit(a_submission(services, "key-00000002", case=name), person)
        said.append(str(refused.value))

    assert said[0] == said[1]
    assert len(services.keystore.cases()) == 1


def test_a_closed_case_takes_no_submission(services: Services) -> None:
    case = case_of(services, submit(services))
    services.cases.close(NURSE, case, CaseEnd.NO_FURTHER_ACTION)

    with pytest.raises(WrongStateError, match="closed"):
        submit(services, "key-00000002", case=case)


def test_a_case_that_was_opened_before_comes_to_sharing_with_its_first_submission(
    services: Services,
) -> None:
    case = services.cases.open(NURSE, CaseKind.CONCERN)

    reference = submit(services, case=case.id)

    assert case.stage is Stage.NOTED
    assert types_about(services, case.id) == [
        *("case.opened", "case.moved", "earlier.looked-up", "received")
    ]
    assert services.cases.show(NURSE, str(reference)).case.stage is Stage.SHARING


def test_whoever_is_added_works_on_what_is_there_and_whoever_is_ended_does_not(
    services: Services,
) -> None:
    reference = deliver(services)
    case = case_of(services, reference)
    with pytest.raises(UnknownReferenceError), services.transaction() as tx:
        tx.disclosure_for(reference, COLLEAGUE)

    services.cases.add_member(NURSE, case, COLLEAGUE.id, Role.PRACTITIONER)

    with services.transaction() as tx:
        assert tx.disclosure_for(reference, COLLEAGUE).reference == reference
    services.cases.end_member(NURSE, case, NURSE.id)
    with pytest.raises(UnknownReferenceError):
        services.afterwards.recalling.recall(reference, NURSE)
    assert services.disclosures.own(NURSE) == ()
    assert services.cases.mine(NURSE) == ()
    assert is_member(services, COLLEAGUE, case)


def test_a_member_who_is_removed_while_acting_is_refused_when_they_act(services: Services) -> None:
    reference = submit(services)
    case = case_of(services, reference)
    services.cases.add_member(NURSE, case, COLLEAGUE.id, Role.PRACTITIONER)
    caller = a_caller(services, COLLEAGUE)
    path = f"/api/v1/disclosures/{reference}"
    assert caller.get(path).status_code == 200

    services.cases.end_member(NURSE, case, COLLEAGUE.id)

    refused = refusal_of(caller.post(f"{path}/recall"))
    assert (refused.status, refused.slug) == (404, "unknown-reference")
    assert refusal_of(caller.get(f"/api/v1/cases/{case}")).slug == "unknown-case"


def test_a_member_ends_only_whom_they_added_and_the_lead_anybody(services: Services) -> None:
    case = case_of(services, submit(services))
    services.cases.add_member(NURSE, case, COLLEAGUE.id, Role.PRACTITIONER)

    with pytest.raises(NotAllowedError, match="lead"):
        services.cases.end_member(COLLEAGUE, case, NURSE.id)
    services.cases.end_member(LEAD, case, NURSE.id)

    assert not is_member(services, NURSE, case)
    with pytest.raises(WrongStateError, match="stay"):
        services.cases.end_member(GUARDIAN, case, COLLEAGUE.id)


def test_once_people_are_entered_only_they_are_added_in_a_role_that_they_hold(
    services: Services,
) -> None:
    case = case_of(services, submit(services))
    known = entered(services, "Mira Specimen", Role.MANAGER)
    foreign = entered(services, "Ola Specimen", Role.MANAGER, agency=TEACHER.agency)

    services.cases.add_member(NURSE, case, known, Role.MANAGER)

    for person, role in (
        (PersonId("p-nobody"), Role.MANAGER),
        (foreign, Role.MANAGER),
        (known, Role.LEAD),
    ):
        with pytest.raises(UnknownPersonError):
            services.cases.add_member(NURSE, case, person, role)


def test_the_lead_and_guardian_see_every_case_of_their_body_and_no_other(
    services: Services,
) -> None:
    case = case_of(services, submit(services))

    for officer in (LEAD, GUARDIAN):
        assert [one.id for one in services.cases.of_body(officer)] == [case]
        assert services.cases.show(officer, case).case.id == case
        with pytest.raises(UnknownCaseError):
            services.cases.show(replace(officer, agency=TEACHER.agency), case)
    assert services.cases.of_body(COLLEAGUE) == ()


def test_linked_cases_know_each_other_and_keep_their_own_keys(services: Services) -> None:
    first, second = submit(services), submit(services, "key-00000002")
    one, other = case_of(services, first), case_of(services, second)

    services.cases.link(NURSE, str(second), str(first), LinkKind.REOPENED)

    assert services.cases.show(NURSE, one).known_by == (other,)
    assert [link.other for link in services.cases.show(NURSE, other).case.links] == [one]
    with pytest.raises(UnknownCaseError):
        services.cases.link(TEACHER, str(second), str(first), LinkKind.REOPENED)


def test_a_case_that_is_erased_while_its_link_is_opened_leaves_the_other_whole(
    services: Services,
) -> None:
    first = deliver(services)
    second = submit(services, "key-00000002")
    services.cases.link(NURSE, str(second), str(first), LinkKind.SAME_PERSON)
    erased = case_of(services, first)

    services.retention.erasures.erase(erased, PersonId("p-operator"), "request")

    shown = services.cases.show(NURSE, erased)
    assert (shown.case.stage, shown.case.closed_as) == (Stage.CLOSED, CaseEnd.ERASED)
    assert shown.case.closed_by is Role.OPERATOR
    with services.transaction() as tx:
        disclosure = tx.disclosure_for(second, NURSE)
        assert tx.case_file(disclosure).pack().form["individual.name"]


def test_the_police_open_their_own_case_of_what_came_to_them_without_content(
    services: Services,
) -> None:
    reference = deliver(services)

    found = services.cases.open_from(OFFICER, reference, TYPED)

    opened = found.case
    assert found.earlier == ()
    assert (opened.kind, opened.agency, opened.stage) == (
        CaseKind.CHANNEL,
        OFFICER.agency,
        Stage.RECEIVED,
    )
    assert [link.other for link in opened.links] == [case_of(services, reference)]
    assert services.cases.show(OFFICER, opened.id).references == ()
    assert recorded(services, reference).count("received") == 1


def test_nothing_is_opened_from_what_did_not_come_to_ones_own_body(services: Services) -> None:
    waiting, sent = refer(services), deliver(services, "key-00000002")

    for person, reference in ((OFFICER, waiting), (replace(OFFICER, agency=NURSE.agency), sent)):
        with pytest.raises(UnknownReferenceError):
            services.cases.open_from(person, reference, TYPED)


def test_whom_a_document_came_about_is_compared_with_the_recipients_own_index(
    services: Services,
) -> None:
    first, second = deliver(services), deliver(services, "key-00000002")
    before = len(services.cases.mine(OFFICER))

    for another in ({}, {**TYPED, "individual.name": "Somebody Specimen"}):
        with pytest.raises(WrongStateError, match="Nothing was opened"):
            services.cases.open_from(OFFICER, second, another)
    found = services.cases.open_from(OFFICER, second, TYPED)

    assert [one.reference for one in found.earlier] == [first]
    assert len(services.cases.mine(OFFICER)) == before + 1
    assert "earlier.looked-up" in types_about(services, case_of(services, second))


def test_a_step_that_the_rail_does_not_have_is_refused_with_those_that_it_has(
    services: Services,
) -> None:
    case = services.cases.open(NURSE, CaseKind.COLLEAGUE)

    with pytest.raises(WrongStateError, match="From here: checking, sharing, closed"):
        services.cases.move(NURSE, case.id, Stage.ASSESSING)


def test_two_changes_of_one_case_do_not_overwrite_each_other(services: Services) -> None:
    case = services.cases.open(NURSE, CaseKind.CONCERN)

    stale = replace(case, stage=Stage.CHECKING, version=case.version + 2)

    with pytest.raises(ChangedMeanwhileError), services.transaction() as tx:
        tx.cases.replace(stale)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(update(case_record).values(stage="closed"), id="stage"),
        pytest.param(update(case_record).values(agency="example-school"), id="body"),
        pytest.param(update(case_member).values(person="p-stranger"), id="member"),
        pytest.param(update(case_member).values(agency="example-school"), id="body of a member"),
        pytest.param(delete(case_member), id="member taken away"),
    ],
)
def test_a_case_that_somebody_edited_is_believed_in_nothing_and_named(
    services: Services, statement: Any
) -> None:
    reference = submit(services)
    case = case_of(services, reference)

    run(services, statement)

    for person in (NURSE, replace(NURSE, id=PersonId("p-stranger"))):
        with pytest.raises(RowDisagreesError, match=case):
            services.cases.show(person, case)
        with pytest.raises(RowDisagreesError, match=case):
            services.afterwards.recalling.recall(reference, person)


def test_a_member_or_a_link_that_was_put_in_or_put_back_is_refused(services: Services) -> None:
    case = case_of(services, submit(services))
    services.cases.add_member(NURSE, case, COLLEAGUE.id, Role.PRACTITIONER)
    with services.transaction.database.transaction() as connection:
        before = dict(
            connection.execute(select(case_member).where(case_member.c.person == COLLEAGUE.id))
            .mappings()
            .one()
        )
    services.cases.end_member(NURSE, case, COLLEAGUE.id)

    run(services, delete(case_member).where(case_member.c.person == COLLEAGUE.id))
    run(services, case_member.insert().values(**before))

    with pytest.raises(RowDisagreesError, match=case):
        services.cases.show(COLLEAGUE, case)


def test_a_link_that_somebody_put_in_is_refused(services: Services) -> None:
    case = case_of(services, submit(services))
    row = {"case_id": case, "other": "c-2", "kind": "same-person", "by": "p", "at": "2026"}

    run(services, case_link.insert().values(**row))

    with pytest.raises(RowDisagreesError, match=case):
        services.cases.show(NURSE, case)


def test_what_an_earlier_release_left_becomes_the_only_one_of_its_case(services: Services) -> None:
    reference = as_an_earlier_release_left_it(services)
    with pytest.raises(UnknownReferenceError):
        services.afterwards.recalling.recall(reference, NURSE)

    assert services.cases.adopt_earlier() == 1

    shown = services.cases.show(NURSE, str(reference))
    assert shown.references == (reference,)
    assert shown.case.may(NURSE)
    services.afterwards.recalling.recall(reference, NURSE)
    assert services.cases.adopt_earlier() == 0


def test_a_case_whose_row_somebody_took_away_is_missed_and_not_opened_anew(
    services: Services,
) -> None:
    reference = submit(services)
    case = case_of(services, reference)
    for table in (case_member, case_record):
        run(services, delete(table))

    assert services.cases.adopt_earlier() == 0

    with pytest.raises(RowDisagreesError, match=case):
        services.cases.show(NURSE, case)
