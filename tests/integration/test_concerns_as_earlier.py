"""A concern that was put to a lead is an earlier concern of the next, whatever became of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from brokers import TEACHER, Clock, a_submission, a_token
from callers import Caller
from command_callers import run as run_command
from concerns import NO, WORRY, Team, a_team, put_to, said
from gateways import gateway
from referrals import GUARDIAN, REFERRED, assert_ledger_verifies, submit
from sqlalchemy import delete, select, update

from broker.cases.earlier.index import EarlierIndex
from broker.cases.earlier.read_first import UnreadEarlierError
from broker.cases.earlier.reindex import Reindexing
from broker.concerns.asking import Question
from broker.domain.cases.earlier import Call
from broker.domain.cases.stages import CaseEnd
from broker.domain.concerns.concerns import (
    About,
    Advice,
    Concern,
    ConcernStage,
    Ending,
    SomeoneElseChecksError,
)
from broker.domain.concerns.drafts import KEPT_DAYS, DraftId, DraftText
from broker.domain.errors import RowDisagreesError, UnknownReferenceError, WrongStateError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.storage.rows.compared import Comparison
from broker.storage.rows.concerns import concern, concern_check
from broker.storage.rows.indexes.earlier import earlier_mark
from broker.wiring import Services
from keys import PersonId

NUMBER = "943 476 5919"
PACK: dict[str, Any] = {"form__individual.name": "Tam Specimen"}
SAME: dict[str, Any] = {**PACK, "form__individual.nhs_number": NUMBER}
ABOUT_TAM = {"who": {"name": "Tam Specimen"}, "field/individual.nhs_number": {"text": NUMBER}}


def typed(**pages: Any) -> DraftText:
    return DraftText(answers={**WORRY.answers, **ABOUT_TAM, **pages})


@dataclass(frozen=True)
class World:
    services: Services
    team: Team
    clock: Clock

    def asked(self, text: DraftText | None = None) -> Concern:
        return put_to(self.services, self.begun(text), self.team)

    def begun(self, text: DraftText | None = None) -> DraftId:
        drafts = self.services.concerns.drafts
        return drafts.begin(self.team.writer, "referral/1", text or typed()).row.id

    def left(self, text: DraftText | None = None) -> Concern:
        """Note a concern that comes to nothing."""
        concern = self.asked(text)
        self.answer(concern)
        return self.services.concerns.asking.leave(self.team.writer, concern.draft)

    def asked_about_a_colleague(self) -> Concern:
        """Note a concern about the deputy."""
        draft = self.begun(typed(**{"c-work": {"name": "Dee Specimen"}}))
        question = Question(
            whom=self.team.lead.id,
            role=Role.LEAD,
            danger="none",
            harm="significant",
            about=About.COLLEAGUE,
        )
        return self.services.concerns.asking.ask(self.team.writer, draft, question)

    def answer(self, concern: Concern, advice: Advice = Advice.NOTHING_MORE) -> Concern:
        answered = said(advice, NO)
        checking = self.services.concerns.checking
        return checking.answer(concern.reference, self.team.lead, answered)

    def before(self, reference: Reference, person: Person | None = None) -> dict[str, str]:
        found = self.services.earlier_before(reference).before(person or self.team.lead, reference)
        return {str(one.match.reference): one.state.value for one in found}

    def facts(self, reference: Reference) -> Any:
        with self.services.transaction() as tx:
            return tx.case_file(tx.disclosure(reference)).facts()["earlier"]

    def open(self, about: Reference, other: Reference, person: Person | None = None) -> Any:
        lists = self.services.earlier_before(about)
        return lists.open(person or self.team.lead, about, other, Entrance.API)

    def over_its_time(self) -> None:
        self.clock.forward(timedelta(days=KEPT_DAYS + 1))
        self.services.concerns.drafts.destroy_expired()
        assert self.services.concerns.left.erase_ended() == 1


@pytest.fixture(name="world")
def _world(sqlite_broker: Services, clock: Clock) -> World:
    return World(sqlite_broker, a_team(sqlite_broker), clock)


def run(world: World, statement: Any) -> Any:
    with world.services.transaction.database.transaction() as connection:
        result = connection.execute(statement)
        return [dict(row) for row in result.mappings()] if result.returns_rows else None


def test_a_second_concern_finds_the_first_that_was_left_and_never_sent(world: World) -> None:
    first = world.left()

    second = submit(world.services, **SAME)

    assert world.facts(second) == {"concerns": 1, "seen": "no"}
    assert world.before(second) == {str(first.reference): "left"}
    assert [one.reference for one in world.services.earlier.owed(world.team.lead)] == [second]


def test_it_is_read_on_record_with_what_was_answered_and_that_ends_the_duty(world: World) -> None:
    first = world.left()
    second = submit(world.services, **SAME)

    opened = world.open(second, first.reference, GUARDIAN)

    assert ("Names, and any other names used", "Tam Specimen") in opened.words
    assert (
        "The concern, in the referrer's own words",
        "Zzcanary said something.",
    ) in opened.words
    assert ("What the lead answered", NO) in opened.words
    assert (opened.ended_as, opened.closed_by) == ("no-further-action", "practitioner")
    with world.services.transaction() as tx:
        read = tx.about(first.reference)[-1].event
    assert (read["type"], read["what"], read["by"]) == ("read", "earlier", GUARDIAN.id)
    assert world.services.earlier.owed(world.team.lead) == ()


def test_a_concern_under_way_is_found_by_the_next_which_is_not_ended_unread(world: World) -> None:
    first, second = world.asked(), world.asked()

    assert world.before(second.reference) == {str(first.reference): "checking"}
    with pytest.raises(UnreadEarlierError, match=str(first.reference)):
        world.answer(second)
    world.open(second.reference, first.reference)

    assert world.answer(second).stage is ConcernStage.NOTED


def test_what_comes_while_one_is_checked_is_read_before_it_ends_too(world: World) -> None:
    first, second = world.asked(), world.asked()

    assert world.before(first.reference) == {str(second.reference): "checking"}
    with pytest.raises(UnreadEarlierError, match=str(second.reference)):
        world.answer(first)


def test_what_nobody_was_asked_about_is_in_no_index(world: World) -> None:
    world.begun()

    assert world.before(submit(world.services, **SAME)) == {}
    assert world.services.log.compared() == Comparison(differing=(), unvouched=())


def test_a_concern_that_was_sent_is_found_once_and_as_what_was_sent(world: World) -> None:
    concern = world.asked()
    world.answer(concern, Advice.REFER)
    sent = submit(world.services, case=concern.case, **SAME)
    world.services.concerns.asking.sent(world.team.writer, concern.draft)

    second = submit(world.services, "key-00000002", **SAME)

    assert world.facts(sent)["concerns"] == 0
    assert world.facts(second)["concerns"] == 1
    assert [*world.before(second)] == [str(sent)]


def test_what_was_typed_before_it_was_left_is_what_finds_it(world: World) -> None:
    concern = world.asked(WORRY)
    drafts = world.services.concerns.drafts
    draft = drafts.open(world.team.writer, concern.draft)
    drafts.save(
        world.team.writer, concern.draft, seen=draft.row.version, form="referral/1", text=typed()
    )

    world.answer(concern)

    assert world.before(submit(world.services, **SAME)) == {str(concern.reference): "noted"}


def test_a_concern_about_a_colleague_is_found_too_but_not_by_whom_it_is_about(
    world: World,
) -> None:
    concern = world.asked_about_a_colleague()
    world.answer(concern)
    second = submit(world.services, **SAME)

    assert world.before(second) == {str(concern.reference): "left"}
    assert world.open(second, concern.reference).words
    with pytest.raises(SomeoneElseChecksError):
        world.open(second, concern.reference, world.team.deputy)


def test_another_body_finds_none_of_it(world: World) -> None:
    world.left()
    theirs = world.services.disclosures.submit(a_submission(world.services, **SAME), TEACHER)

    assert world.facts(theirs)["concerns"] == 0
    assert world.before(theirs, replace(world.team.lead, agency=TEACHER.agency)) == {}


def test_its_words_go_and_its_memory_stays_until_its_lead_ends_it(world: World) -> None:
    first = world.left()
    world.over_its_time()
    second = submit(world.services, **SAME)

    opened = world.open(second, first.reference)

    assert world.facts(second)["concerns"] == 1
    assert (opened.words, opened.concern.words_gone_on) == ((), world.clock().date())
    memories = world.services.retention.memories
    (remembered,) = memories.of_body(world.team.lead)
    assert (remembered.references, remembered.goes_unless_kept) == ((first.reference,), True)
    kept = memories.keep(world.team.lead, str(first.reference), "It came up twice in one year.")
    assert kept.look is not None
    memories.end(world.team.lead, str(first.reference))
    assert memories.of_body(world.team.lead) == ()
    assert world.before(second) == {}
    assert world.services.log.compared() == Comparison(differing=(), unvouched=())
    assert_ledger_verifies(world.services)


def test_a_memory_that_nobody_looked_at_goes_at_its_year_s_end(world: World) -> None:
    world.left()
    world.over_its_time()
    world.clock.forward(timedelta(days=366))
    memories = world.services.retention.memories

    due = memories.due().over

    assert memories.end_over(due, PersonId("broker")) == 1
    assert world.before(submit(world.services, **SAME)) == {}


def test_what_was_sent_of_its_case_goes_by_its_own_time_and_not_with_its_text(
    world: World,
) -> None:
    concern = world.asked()
    sent = submit(world.services, case=concern.case, **REFERRED, **SAME)
    world.answer(concern)
    world.services.concerns.asking.leave(world.team.writer, concern.draft)

    world.clock.forward(timedelta(days=KEPT_DAYS + 1))
    world.services.concerns.drafts.destroy_expired()

    assert world.services.concerns.left.erase_ended() == 0
    assert world.facts(sent)["concerns"] == 0
    world.services.retention.erasures.erase(concern.case, PersonId("broker"), "retention")
    opened = world.open(submit(world.services, "key-00000002", **SAME), concern.reference)
    assert (opened.words, opened.concern.words_gone_on) == ((), world.clock().date())


def test_what_a_lead_took_on_and_nobody_sent_goes_with_its_text_too(world: World) -> None:
    concern = world.asked_about_a_colleague()
    assert world.answer(concern, Advice.REFER).closed_as is Ending.TAKEN_ON

    world.over_its_time()

    assert concern.case not in set(world.services.keystore.cases())
    (remembered,) = world.services.retention.memories.of_body(world.team.lead)
    assert remembered.references == (concern.reference,)


def test_an_order_ends_its_words_and_its_memory_at_once(world: World) -> None:
    first, operator = world.left(), PersonId("p-operator")
    ending = world.services.concerns.left
    assert ending.erasable(str(first.reference)) == ending.erasable(first.case)

    assert ending.erase(str(first.reference), operator, "order")
    assert not ending.erase(first.case, operator, "order")

    assert world.before(submit(world.services, **SAME)) == {}
    assert first.case not in set(world.services.keystore.cases())
    drafts = world.services.concerns.drafts
    assert first.draft not in {row.id for row in drafts.mine(world.team.writer)}
    assert world.services.retention.memories.of_body(world.team.lead) == ()
    assert world.services.log.compared() == Comparison(differing=(), unvouched=())
    assert_ledger_verifies(world.services)


def test_what_is_under_way_or_had_something_sent_is_not_ended_as_a_concern(world: World) -> None:
    concern, ending = world.asked(), world.services.concerns.left

    with pytest.raises(WrongStateError, match="Nothing was erased"):
        ending.erase(str(concern.reference), PersonId("p-operator"), "order")
    submit(world.services, case=concern.case, **REFERRED, **SAME)

    assert ending.erasable(str(concern.reference)) is None
    (sent,) = world.services.retention.erasures.erasable(str(concern.reference), "order")
    assert sent.case == concern.case


def test_an_operator_erases_it_on_the_command_line(world: World) -> None:
    world.clock.now = datetime.now(UTC)  # A command goes by the clock of its host.
    first, services = world.left(), world.services
    operator = Person(
        id=PersonId("p-operator"), agency=world.team.writer.agency, role=Role.OPERATOR
    )

    erased = run_command(
        services, operator, "keys", "erase", str(first.reference), "--why", "order", "--yes"
    )

    assert (erased[0], erased[2]) == (0, "")
    assert f"{first.reference} is erased" in erased[1]
    assert world.before(submit(services, **SAME)) == {}


def test_one_of_whom_nothing_is_known_is_remembered_by_nothing(world: World) -> None:
    world.left(DraftText(answers={"seen": {"story": "Somebody said something."}}))

    world.over_its_time()

    assert world.services.retention.memories.of_body(world.team.lead) == ()


def test_what_somebody_says_of_a_concern_counts_for_what_is_sent_of_it(world: World) -> None:
    look_alike = {"form__individual.name": "O'Neill, Siân"}
    contact = {"form__individual.contact": "01632 960 777"}
    before = submit(world.services, **look_alike, **contact)
    text = DraftText(
        answers={
            **WORRY.answers,
            "who": {"name": "Sian Oneill"},
            "where": {"contact": "+44 1632 960777"},
        }
    )
    concern, lists = world.asked(text), world.services.concerns.earlier

    lists.call(world.team.lead, concern.reference, before, Call.SAME)
    world.open(concern.reference, before)
    world.answer(concern, Advice.REFER)
    sent = submit(world.services, "key-00000002", case=concern.case, **look_alike, **contact)

    assert world.facts(sent) == {"concerns": 1, "seen": "yes"}
    (listed,) = world.services.earlier.before(world.team.lead, sent)
    assert listed.match.call is Call.SAME


def test_what_is_called_another_person_is_not_waited_for(world: World) -> None:
    first, second = world.left(), world.asked()
    lists = world.services.concerns.earlier

    lists.call(world.team.lead, second.reference, first.reference, Call.ANOTHER)

    assert world.answer(second).stage is ConcernStage.NOTED
    for person in (world.team.writer, world.team.manager):
        with pytest.raises(UnknownReferenceError):
            lists.call(person, second.reference, first.reference, Call.SAME)


def test_the_api_lists_opens_and_calls_it(world: World) -> None:
    first, second = world.left(), world.asked()
    token = a_token(world.services, world.team.lead, Role.LEAD)
    lead = Caller(client=gateway(world.services).test_client(), token=token)
    path = f"/api/v1/earlier/{second.reference}"

    (listed,) = lead.get(path).get_json()["earlier"]
    opened = lead.get(f"{path}/{first.reference}").get_json()
    called = lead.post(f"{path}/{first.reference}/call", {"call": "same"}).get_json()

    assert (listed["reference"], listed["state"]) == (str(first.reference), "left")
    assert listed["purpose"] is None
    assert opened["words"][0]["text"] == "Tam Specimen"
    assert called["earlier"][0]["call"] == "same"


def test_what_an_earlier_release_left_is_marked_by_a_reindex_and_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(EarlierIndex, "note_concern", lambda *_: None)
        first = world.left()
    index = world.services.earlier.index
    forms = world.services.concerns.earlier.form_of
    again = Reindexing(transaction=world.services.transaction, index=index, forms=forms)
    assert world.before(submit(world.services, **SAME)) == {}

    assert (again.run().renewed, again.run().renewed) == (1, 0)

    assert [*world.before(submit(world.services, "key-00000002", **SAME))][-1] == str(
        first.reference
    )
    assert world.services.log.compared() == Comparison(differing=(), unvouched=())


def test_a_mark_of_it_that_somebody_took_away_or_edited_is_named(world: World) -> None:
    first, second = world.left(), world.asked()
    of_first = earlier_mark.c.reference == str(first.reference)
    run(world, update(earlier_mark).where(of_first).values(kind="alike"))
    run(world, delete(earlier_mark).where(earlier_mark.c.reference == str(second.reference)))

    assert {f"earlier_mark/{one.reference}/entered" for one in (first, second)} <= {
        *world.services.log.differences()
    }


def test_marks_that_somebody_puts_back_after_its_memory_ended_find_nothing(world: World) -> None:
    first = world.left()
    marks = run(world, select(earlier_mark))
    world.over_its_time()
    world.services.retention.memories.end(world.team.lead, str(first.reference))

    run(world, earlier_mark.insert().values(marks))

    assert world.before(submit(world.services, **SAME)) == {}
    assert f"earlier_mark/{first.reference}/entered" in world.services.log.differences()


def test_marks_of_one_that_went_with_its_whole_case_are_not_found_when_put_back(
    world: World,
) -> None:
    concern = world.asked()
    marks = run(world, select(earlier_mark))
    submit(world.services, case=concern.case, **REFERRED, **SAME)
    world.services.retention.erasures.erase(concern.case, PersonId("p-operator"), "order")
    second = submit(world.services, "key-00000002", **SAME)
    assert world.before(second) == {}

    run(world, earlier_mark.insert().values(marks))

    assert world.before(second) == {}
    assert f"earlier_mark/{concern.reference}/entered" in world.services.log.differences()


def test_closing_its_case_waits_for_what_was_left_before(world: World) -> None:
    first = world.left()
    second = submit(world.services, **SAME)

    with pytest.raises(UnreadEarlierError, match=str(first.reference)):
        world.services.cases.close(world.team.lead, str(second), CaseEnd.NO_FURTHER_ACTION)
    world.open(second, first.reference)

    closed = world.services.cases.close(world.team.lead, str(second), CaseEnd.NO_FURTHER_ACTION)
    assert closed.closed_as is CaseEnd.NO_FURTHER_ACTION


def test_no_word_of_it_stands_in_the_index_or_the_ledger(world: World) -> None:
    world.left()
    with world.services.transaction() as tx:
        ledger = b"".join(entry.raw for entry in tx.ledger.entries())
    rows = repr(run(world, select(earlier_mark))).encode() + ledger

    assert run(world, select(earlier_mark))
    for word in (b"Tam", b"Specimen", b"specimen", b"9434765919", b"943 476"):
        assert word not in rows


def test_a_concern_whose_row_somebody_took_away_is_refused_and_not_skipped(world: World) -> None:
    world.left()
    second = submit(world.services, **SAME)
    run(world, delete(concern_check))
    run(world, delete(concern))

    with pytest.raises(RowDisagreesError):
        world.before(second)
