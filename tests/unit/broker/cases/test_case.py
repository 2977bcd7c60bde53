"""What a case says of who may work on it, what it knows, and how it changes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from brokers import NURSE, TEACHER

from broker.domain.cases.cases import Case, CaseLink, CaseMember
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.errors import WrongStateError
from broker.domain.model import Person
from broker.domain.roles import Role
from keys import CaseId, PersonId

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


def a_member(person: Person = NURSE) -> CaseMember:
    return CaseMember(
        person=person.id,
        agency=person.agency,
        role=person.role,
        since=NOON,
        until=None,
        added_by=NURSE.id,
    )


def a_case(*members: Person) -> Case:
    return Case(
        id=CaseId("c-1"),
        kind=CaseKind.CONCERN,
        agency=NURSE.agency,
        opened_at=NOON,
        opened_by=NURSE.id,
        stage=Stage.NOTED,
        stage_since=NOON,
        retention_class="concern",
        members=tuple(map(a_member, members or (NURSE,))),
    )


COLLEAGUE = replace(NURSE, id=PersonId("p-colleague"))


def test_a_member_may_and_nobody_else() -> None:
    assert a_case().may(NURSE)
    assert not a_case().may(COLLEAGUE)


def test_the_same_identifier_of_another_body_is_somebody_else() -> None:
    assert not a_case().may(replace(NURSE, agency=TEACHER.agency))


@pytest.mark.parametrize("role", [Role.LEAD, Role.GUARDIAN])
def test_the_lead_and_the_guardian_of_the_body_see_it_without_being_members(role: Role) -> None:
    officer = replace(COLLEAGUE, role=role)

    assert a_case().is_seen_by(officer)
    assert not a_case().may(officer)
    assert not a_case().is_seen_by(replace(officer, agency=TEACHER.agency))
    assert not a_case().is_seen_by(COLLEAGUE)


def test_a_member_who_was_ended_is_a_stranger_and_can_come_back() -> None:
    both = a_case(NURSE, COLLEAGUE)

    ended = both.without_member(COLLEAGUE.id, NOON)
    back = ended.with_member(a_member(COLLEAGUE))

    assert not ended.may(COLLEAGUE)
    assert back.may(COLLEAGUE)
    assert len(back.members) == 2
    assert (ended.version, back.version) == (2, 3)


def test_somebody_stays_with_a_case() -> None:
    with pytest.raises(WrongStateError, match="Somebody must stay"):
        a_case().without_member(NURSE.id, NOON)


def test_nobody_is_added_twice_or_ended_who_is_no_member() -> None:
    with pytest.raises(WrongStateError, match="already"):
        a_case().with_member(a_member())
    with pytest.raises(WrongStateError, match="no member"):
        a_case().without_member(COLLEAGUE.id, NOON)


def test_a_closed_case_says_how_and_which_function_closed_it_and_takes_no_member() -> None:
    closed = a_case().closed(CaseEnd.EARLY_HELP, Role.LEAD, NOON)

    assert (closed.closed_as, closed.closed_by) == (CaseEnd.EARLY_HELP, Role.LEAD)
    with pytest.raises(WrongStateError, match="closed"):
        closed.with_member(a_member(COLLEAGUE))


def test_two_cases_are_linked_once_and_none_to_itself() -> None:
    link = CaseLink(other=CaseId("c-2"), kind=LinkKind.SAME_PERSON, by=NURSE.id, at=NOON)

    linked = a_case().linked(link)

    assert linked.links == (link,)
    with pytest.raises(WrongStateError, match="already"):
        linked.linked(link)
    with pytest.raises(WrongStateError, match="itself"):
        linked.linked(replace(link, other=CaseId("c-1")))
