"""Nobody ends a concern unread: its checker opens the earlier ones that they may see first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pytest
from brokers import NURSE, TEACHER, a_token
from callers import Caller, refusal_of
from concerns import NO, REASON, WORRY, Team, a_team, put_to, said
from gateways import gateway
from referrals import deliver_and_note, submit
from sqlalchemy import delete, select, update

from broker.cases.earlier.read_first import UnreadEarlierError
from broker.cases.members import case_named
from broker.domain.cases.stages import CaseEnd
from broker.domain.concerns.concerns import Advice, Concern, ConcernStage, UnknownConcernError
from broker.domain.concerns.drafts import Draft, DraftText
from broker.domain.errors import RowDisagreesError, UnknownReferenceError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger.changes.concerns import Kept, concern_asked
from broker.ledger.readings import Entrance
from broker.storage.rows.drafts import draft as draft_table
from broker.storage.rows.drafts import draft_member
from broker.storage.rows.indexes.earlier import earlier_mark
from broker.wiring import Services
from keys import PersonId

NUMBER = "943 476 5919"
EXACT: dict[str, Any] = {
    "form__individual.name": "Tam Specimen",
    "form__individual.nhs_number": NUMBER,
}
ALIKE: dict[str, Any] = {
    "form__individual.name": "O'Neill, Siân",
    "form__individual.contact": "01632 960 777",
}
ABOUT_BOTH = DraftText(
    answers={
        **WORRY.answers,
        "who": {"name": "Sian Oneill"},
        "where": {"contact": "+44 1632 960777"},
        "field/individual.nhs_number": {"text": NUMBER},
    }
)
ENDS = (Advice.NOTHING_MORE, Advice.SOCIAL_CARE, Advice.EARLY_HELP)


@dataclass(frozen=True)
class World:
    """A body that knows two concerns, one by its number and one by a name that is spelt so."""

    services: Services
    team: Team
    exact: Reference
    alike: Reference

    def asked(self, whom: Person | None = None, text: DraftText = ABOUT_BOTH) -> Concern:
        return put_to(self.services, self.begun(text).row.id, self.team, whom)

    def begun(self, text: DraftText = ABOUT_BOTH) -> Draft:
        return self.services.concerns.drafts.begin(self.team.writer, "referral/1", text)

    def answer(self, concern: Concern, person: Person, advice: Advice) -> Concern:
        answered = said(advice, NO)
        return self.services.concerns.checking.answer(concern.reference, person, answered)

    def listed(self, concern: Concern, person: Person) -> dict[Reference, bool]:
        found = self.services.concerns.earlier.before(person, concern.reference)
        return {one.match.reference: one.was_opened for one in found}

    def open(self, concern: Concern, person: Person, *others: Reference) -> None:
        for other in others:
            self.services.concerns.earlier.open(person, concern.reference, other, Entrance.API)

    def entries(self) -> list[dict[str, Any]]:
        with self.services.transaction() as tx:
            return [dict(entry.event) for entry in tx.ledger.entries()]


@pytest.fixture(name="services")
def _services(sqlite_broker: Services) -> Services:
    return sqlite_broker


@pytest.fixture(name="world")
def _world(services: Services) -> World:
    team = a_team(services)
    exact = submit(services, **EXACT)
    return World(services, team, exact, submit(services, "key-00000002", **ALIKE))


@pytest.mark.parametrize("advice", ENDS)
def test_the_lead_opens_each_before_it_ends_or_goes_elsewhere(
    world: World, advice: Advice
) -> None:
    concern, lead = world.asked(), world.team.lead
    assert world.listed(concern, lead) == {world.alike: False, world.exact: False}

    with pytest.raises(UnreadEarlierError) as refused:
        world.answer(concern, lead, advice)
    assert set(refused.value.unread) == {world.exact, world.alike}
    world.open(concern, lead, world.exact)
    with pytest.raises(UnreadEarlierError) as again:
        world.answer(concern, lead, advice)
    assert again.value.unread == (world.alike,)
    world.open(concern, lead, world.alike)
    answered = world.answer(concern, lead, advice)

    assert answered.stage is ConcernStage.NOTED
    *before, last = world.entries()
    assert (last["type"], last["earlier"]) == ("concern.checked", "opened")
    read = [one["ref"] for one in before if one["type"] == "read" and one["what"] == "earlier"]
    assert read == [str(world.exact), str(world.alike)]
    assert {one["by"] for one in before if one["type"] == "read"} == {lead.id}


def every_part(found: Sequence[Reference]) -> list[tuple[Reference, ...]]:
    return [some for size in range(len(found) + 1) for some in combinations(found, size)]


@pytest.mark.long
@pytest.mark.parametrize("role", [Role.LEAD, Role.GUARDIAN, Role.MANAGER])
@pytest.mark.parametrize("advice", [*Advice])
def test_nobody_ends_one_unread_whatever_was_opened_by_whom(
    world: World, role: Role, advice: Advice
) -> None:
    others: list[Reference] = []
    for number, opened in enumerate(every_part((world.exact, world.alike))):
        # Each is a person of their own, so that what they opened is theirs alone.
        checker = replace(world.team.lead, id=PersonId(f"p-checker-{number}"), role=role)
        concern = checked_by(world, checker)
        if role is not Role.MANAGER:
            world.open(concern, checker, *others, *opened)
        others.append(concern.reference)
        world.open(concern, world.team.lead, world.exact, world.alike)
        waits = role is not Role.MANAGER and advice in ENDS and len(opened) < 2
        before = world.entries()

        if waits:
            with pytest.raises(UnreadEarlierError):
                world.answer(concern, checker, advice)
            assert world.entries() == before
        else:
            world.answer(concern, checker, advice)
            assert world.entries()[len(before)]["earlier"] == says(role, advice)


def says(role: Role, advice: Advice) -> str:
    if role is Role.MANAGER:
        return "not-shown"
    return "opened" if advice in ENDS else "not-waited-for"


def checked_by(world: World, checker: Person) -> Concern:
    """Put a concern to the lead, and let the row say that it was put to somebody else."""
    concern = world.asked()
    with world.services.transaction() as tx:
        asked = replace(concern.newest, asked_of=checker.id, role=checker.role)
        changed = replace(concern, checks=(asked,))
        stored = tx.concerns.replace(changed)
        tx.append(concern_asked(changed, concern.owner, Kept(stored, None)))
    return changed


def test_the_entry_says_the_same_where_nothing_is_known(world: World) -> None:
    concern = world.asked(text=WORRY)

    assert world.listed(concern, world.team.lead) == {}
    world.answer(concern, world.team.lead, Advice.NOTHING_MORE)

    assert world.entries()[-1]["earlier"] == "opened"


def test_whom_it_is_about_is_asked_of_the_draft_as_it_stands_now(world: World) -> None:
    draft = world.begun(WORRY)
    concern = put_to(world.services, draft.row.id, world.team)
    assert world.listed(concern, world.team.lead) == {}
    kept = world.services.concerns.drafts.open(world.team.writer, draft.row.id)

    world.services.concerns.drafts.save(
        world.team.writer,
        draft.row.id,
        seen=kept.row.version,
        form=draft.row.form,
        text=ABOUT_BOTH,
    )

    with pytest.raises(UnreadEarlierError):
        world.answer(concern, world.team.lead, Advice.NOTHING_MORE)


def test_what_comes_while_the_lead_reads_is_opened_too(world: World) -> None:
    concern, lead = world.asked(), world.team.lead
    world.open(concern, lead, world.exact, world.alike)
    third = submit(world.services, "key-00000003", **EXACT)

    with pytest.raises(UnreadEarlierError, match=str(third)):
        world.answer(concern, lead, Advice.SOCIAL_CARE)


def test_one_whose_words_are_gone_is_opened_as_what_is_remembered_of_it(
    services: Services,
) -> None:
    team = a_team(services)
    first = deliver_and_note(services, **EXACT)
    world = World(services, team, first, first)
    concern = world.asked()
    services.retention.erasures.erase(case_of(services, first), PersonId("broker"), "retention")

    with pytest.raises(UnreadEarlierError, match=str(first)):
        world.answer(concern, team.lead, Advice.NOTHING_MORE)
    opened = services.concerns.earlier.open(team.lead, concern.reference, first, Entrance.CLI)

    assert opened.words == ()
    assert opened.concern.words_gone_on is not None
    assert world.answer(concern, team.lead, Advice.NOTHING_MORE).stage is ConcernStage.NOTED


@pytest.mark.parametrize("why", ["request", "order"])
def test_one_that_was_erased_with_its_memory_is_neither_listed_nor_waited_for(
    services: Services, why: Any
) -> None:
    team = a_team(services)
    first = deliver_and_note(services, **EXACT)
    world = World(services, team, first, first)
    concern = world.asked()
    services.retention.erasures.erase(case_of(services, first), PersonId("p-operator"), why)

    assert world.listed(concern, team.lead) == {}
    with pytest.raises(UnknownReferenceError):
        world.open(concern, team.lead, first)
    assert world.answer(concern, team.lead, Advice.EARLY_HELP).stage is ConcernStage.NOTED


def case_of(services: Services, reference: Reference) -> Any:
    with services.transaction() as tx:
        return case_named(tx, reference)


def run(services: Services, statement: Any) -> Any:
    with services.transaction.database.transaction() as connection:
        result = connection.execute(statement)
        return [dict(row) for row in result.mappings()] if result.returns_rows else None


def test_a_mark_that_somebody_edited_hides_nothing_that_the_others_find_and_is_named(
    world: World,
) -> None:
    concern = world.asked()
    of_exact = earlier_mark.c.reference == str(world.exact)
    of_alike = earlier_mark.c.reference == str(world.alike)
    first, *_ = run(world.services, select(earlier_mark).where(of_exact))
    moved = update(earlier_mark).where(of_exact, earlier_mark.c.digest == first["digest"])

    run(world.services, moved.values(reference="PRV-0000-0000"))
    run(world.services, update(earlier_mark).where(of_alike).values(kind="exact"))

    # Of the one a mark is left that nobody touched; of the other none that is believed.
    assert set(world.listed(concern, world.team.lead)) <= {world.exact}
    assert f"earlier_mark/{world.exact}/entered" in world.services.log.differences()
    assert f"earlier_mark/{world.alike}/entered" in world.services.log.differences()


def test_a_concern_whose_draft_somebody_took_away_is_not_ended(world: World) -> None:
    concern = world.asked()
    run(world.services, delete(draft_member).where(draft_member.c.draft == concern.draft))
    run(world.services, delete(draft_table).where(draft_table.c.id == concern.draft))

    with pytest.raises(RowDisagreesError):
        world.answer(concern, world.team.lead, Advice.NOTHING_MORE)


def test_its_case_is_closed_unread_by_no_lead_either(world: World) -> None:
    concern, deputy = world.asked(), world.team.deputy
    close = world.services.cases.close

    for person in (world.team.lead, deputy):
        with pytest.raises(UnreadEarlierError):
            close(person, concern.case, CaseEnd.NO_FURTHER_ACTION)
    # Whoever may see them can open them, whether they were asked or not.
    world.open(concern, deputy, world.exact, world.alike)

    closed = close(deputy, concern.case, CaseEnd.NO_FURTHER_ACTION)
    assert closed.closed_as is CaseEnd.NO_FURTHER_ACTION


def test_who_may_see_none_is_told_of_none(world: World) -> None:
    concern = world.asked()
    strangers = (
        world.team.writer,
        world.team.manager,
        replace(world.team.lead, agency=TEACHER.agency),
        replace(NURSE, id=PersonId("p-auditor"), role=Role.AUDITOR),
    )

    for person in strangers:
        with pytest.raises(UnknownConcernError):
            world.services.concerns.earlier.before(person, concern.reference)
        with pytest.raises(UnknownConcernError):
            world.open(concern, person, world.exact)


def test_nothing_is_opened_from_a_concern_on_whose_list_it_does_not_stand(world: World) -> None:
    concern = world.asked(text=WORRY)

    with pytest.raises(UnknownReferenceError):
        world.open(concern, world.team.lead, world.exact)


def calling(world: World, person: Person) -> Caller:
    token = a_token(world.services, person, person.role)
    return Caller(client=gateway(world.services).test_client(), token=token)


def test_the_api_lists_refuses_and_takes_the_answer_once_each_was_opened(world: World) -> None:
    concern, lead = world.asked(), calling(world, world.team.lead)
    path, earlier = (f"/api/v1/{what}/{concern.reference}" for what in ("concerns", "earlier"))
    body = {"advice": "social-care", "also": [], "reason": REASON}

    read = lead.get(path).get_json()
    listed = lead.get(earlier).get_json()["earlier"]
    refused = refusal_of(lead.post(f"{path}/check", body))
    opened = [lead.get(f"{earlier}/{one['reference']}").get_json() for one in read["earlier"]]
    answered = lead.post(f"{path}/check", body)

    assert listed == read["earlier"]
    assert [(one["reference"], one["match"], one["was_opened"]) for one in listed] == [
        (str(world.alike), "alike", False),
        (str(world.exact), "exact", False),
    ]
    assert (refused.status, refused.slug) == (409, "wrong-state")
    assert [one["words"][0]["text"] for one in opened] == ["O'Neill, Siân", "Tam Specimen"]
    assert answered.status_code == 200


def test_no_answer_of_the_api_says_to_others_whether_anything_is_known(world: World) -> None:
    concern = world.asked(world.team.manager)
    path = f"/api/v1/concerns/{concern.reference}"

    assert calling(world, world.team.manager).get(path).get_json()["earlier"] is None
    for person in (world.team.manager, world.team.writer):
        refused = refusal_of(calling(world, person).get(f"/api/v1/earlier/{concern.reference}"))
        assert refused.status == 403
    foreign = calling(world, replace(world.team.lead, agency=TEACHER.agency))
    hidden = refusal_of(foreign.get(f"/api/v1/earlier/{concern.reference}"))
    assert hidden == refusal_of(foreign.get("/api/v1/earlier/CON-1010-000P"))
