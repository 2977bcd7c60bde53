"""What somebody asked their lead to check: who answers, who reads, and what the record says."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from brokers import TEACHER, Clock
from concerns import (
    NO,
    REASON,
    WORRY,
    Team,
    a_team,
    begun,
    lead_completes,
    put_to,
    said,
)
from people import FIRST, entered
from referrals import APPROVED, GUARDIAN, QUESTION, refer
from sqlalchemy import delete, select
from sqlalchemy import text as sql

from broker.concerns.asking import Question
from broker.domain.cases.stages import CaseEnd
from broker.domain.concerns.concerns import (
    Advice,
    Also,
    AnsweredAlreadyError,
    ConcernStage,
    Ending,
    SomeoneElseChecksError,
    UnknownConcernError,
)
from broker.domain.concerns.drafts import (
    KEPT_DAYS,
    DraftText,
    Member,
    Part,
    UnknownDraftError,
)
from broker.domain.errors import NotAllowedError, RowDisagreesError, WrongStateError
from broker.domain.model import Person
from broker.domain.people.errors import UnknownPersonError
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger.explorer.filters import Wanted
from broker.ledger.readings import Entrance
from broker.ledger.shares import shares_of
from broker.operations.housekeeping import housekeeping
from broker.storage.rows.concerns import concern, concern_check
from broker.storage.rows.drafts import draft as draft_table
from broker.storage.rows.drafts import draft_member
from broker.wiring import Services
from keys import KeyErasedError, PersonId


@pytest.fixture(name="team")
def _team(services: Services) -> Team:
    return a_team(services)


def types(services: Services) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries()]


def mails(services: Services) -> list[tuple[str, str, str]]:
    """Return to whom, about what and with which words each notice went, sorted."""
    found: list[tuple[str, str, str]] = []
    for path in services.home.pickup.glob("notice-*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = mail.get_body()
        assert body is not None
        found.append((str(mail["To"]), str(mail["Subject"]), body.get_content()))
    return sorted(found)


def test_asking_makes_a_draft_a_concern_that_the_lead_may_read(
    services: Services, team: Team
) -> None:
    draft = begun(services, team)
    before = len(types(services))

    concern = put_to(services, draft.row.id, team)

    assert re.fullmatch(r"CON-\w{4}-\w{4}", str(concern.reference))
    assert (concern.stage, concern.check_status) == (ConcernStage.CHECKING, "not-asked")
    assert types(services)[before:] == ["case.opened", "member.added", "concern.noted"]
    members = services.cases.show(team.lead, concern.case).case.members
    assert {(one.person, one.role) for one in members} == {
        (team.writer.id, Role.PRACTITIONER),
        (team.lead.id, Role.LEAD),
    }
    opened = services.concerns.drafts.open(team.lead, draft.row.id)
    assert opened.text == WORRY
    assert Member(person=team.lead.id, part=Part.READS) in opened.members
    assert services.concerns.checking.waiting(team.lead) == (concern,)
    assert services.concerns.checking.waiting(team.deputy) == ()


def test_the_record_of_a_concern_is_its_writers_and_its_own_guardians(
    services: Services, team: Team
) -> None:
    concern = put_to(services, begun(services, team).row.id, team)
    guardian = replace(team.lead, id=PersonId("p-guardian"), role=Role.GUARDIAN)
    foreign = replace(guardian, agency=TEACHER.agency)
    stranger = replace(team.writer, id=PersonId("p-colleague"))

    def theirs(person: Person) -> set[str]:
        with services.transaction() as tx:
            size = tx.known().size
            return {share.reference for share in shares_of(tx, person, size)}

    def listed(person: Person) -> set[str | None]:
        page = services.explorer.pages.page(person, Wanted())
        return {one.entry.reference for one in page.entries if one.entry is not None}

    for person in (guardian, team.writer):
        assert str(concern.reference) in theirs(person)
        assert str(concern.reference) in listed(person)
    for person in (foreign, stranger):
        assert str(concern.reference) not in theirs(person) | listed(person)


def test_the_notice_bears_a_reference_and_no_word_of_the_draft(
    services: Services, team: Team
) -> None:
    concern = put_to(services, begun(services, team).row.id, team)

    ((to, subject, body),) = mails(services)

    assert to == "lea.specimen@northshire-trust.example"
    assert str(concern.reference) in subject
    assert "17 March 2026" in body
    for word in ("Zzcanary", "Alex", "Fictitious", "Nurse", "Lea"):
        assert word not in subject + body


@pytest.mark.parametrize(
    ("danger", "harm", "due"),
    [
        ("none", "significant", date(2026, 3, 17)),
        ("none", "serious", date(2026, 3, 16)),
        ("unknown", "some", date(2026, 3, 16)),
    ],
    ids=["next working day", "serious harm", "danger unknown"],
)
def test_an_answer_is_due_today_where_harm_is_serious_or_danger_unknown(
    services: Services, team: Team, danger: str, harm: str, due: date
) -> None:
    draft = begun(services, team).row.id

    assert put_to(services, draft, team, of=(danger, harm)).newest.due_on == due


def test_the_lead_reads_answers_and_the_writer_may_send(services: Services, team: Team) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    before = len(types(services))

    read = services.concerns.checking.open(reference, team.lead, Entrance.PAGE)
    answered = services.concerns.checking.answer(reference, team.lead, said())

    assert read.draft is not None
    assert read.draft.text == WORRY
    assert (answered.stage, answered.check_status) == (ConcernStage.SHARING, "done")
    assert types(services)[before:] == ["read", "concern.checked"]
    told = services.concerns.asking.read_answer(team.writer, draft, Entrance.PAGE)
    assert told is not None
    assert told.words == {1: REASON}
    assert types(services)[-1] == "read"
    assert [to for to, _, _ in mails(services)] == [
        "lea.specimen@northshire-trust.example",
        "nurse.specimen@northshire-trust.example",
    ]


def test_no_word_stands_in_the_database_or_on_the_ledger(services: Services, team: Team) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    services.concerns.checking.answer(reference, team.lead, said(Advice.NOTHING_MORE, NO))
    services.concerns.asking.carry_on(team.writer, draft, "Zzwhy I fear that somebody is hurt.")

    with services.transaction() as tx:
        raw = b"".join(tx.ledger.raw_entries(0, tx.ledger.head().size))
        rows = [
            bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
            for table in (concern, concern_check, draft_table)
            for row in tx.connection.execute(select(table))
            for value in row
        ]
    for word in (b"Zzcanary", b"row in the family", b"Zzwhy"):
        assert word not in raw
        assert all(word not in value for value in rows)


def test_the_same_answer_again_is_recorded_once_and_another_is_refused(
    services: Services, team: Team
) -> None:
    reference = put_to(services, begun(services, team).row.id, team).reference
    services.concerns.checking.answer(reference, team.lead, said())
    after = len(types(services))

    services.concerns.checking.answer(reference, team.lead, said())
    with pytest.raises(AnsweredAlreadyError, match="answered by the lead at 12:00"):
        services.concerns.checking.answer(reference, team.lead, said(Advice.NOTHING_MORE, NO))

    assert len(types(services)) == after


@pytest.mark.parametrize("words", ["", "   ", "yes"], ids=["none", "blank", "one word"])
def test_an_answer_always_says_why(services: Services, team: Team, words: str) -> None:
    reference = put_to(services, begun(services, team).row.id, team).reference

    with pytest.raises(NotAllowedError, match="reason in words"):
        services.concerns.checking.answer(reference, team.lead, said(Advice.REFER, words))


def test_hr_hears_of_colleagues_alone(services: Services, team: Team) -> None:
    reference = put_to(services, begun(services, team).row.id, team).reference

    with pytest.raises(NotAllowedError, match="colleague"):
        services.concerns.checking.answer(
            reference, team.lead, said(Advice.REFER, REASON, Also.HR)
        )

    services.concerns.checking.answer(
        reference, team.lead, said(Advice.REFER, REASON, Also.EARLY_HELP)
    )


def test_for_strangers_a_concern_does_not_exist(services: Services, team: Team) -> None:
    reference = put_to(services, begun(services, team).row.id, team).reference
    strangers = (
        team.deputy,
        team.manager,
        team.guardian,
        replace(TEACHER, role=Role.LEAD),
        replace(team.lead, role=Role.MANAGER),
    )

    for stranger in strangers:
        with pytest.raises(UnknownConcernError):
            services.concerns.checking.open(reference, stranger, Entrance.API)
        with pytest.raises(UnknownConcernError):
            services.concerns.checking.answer(reference, stranger, said())


def test_nobody_checks_what_they_wrote(services: Services, team: Team) -> None:
    own = replace(team, writer=replace(team.lead, role=Role.LEAD))
    draft = services.concerns.drafts.begin(own.writer, "referral/1", WORRY).row.id

    with pytest.raises(SomeoneElseChecksError):
        put_to(services, draft, own)
    assert own.lead.id not in {
        one.person for one in services.concerns.asking.may_be_asked(own.writer, draft)
    }


def test_nobody_checks_what_may_be_about_themselves(services: Services, team: Team) -> None:
    about = DraftText(answers={"who": {"name": "SPECIMEN, Lea (ward 3)"}})
    draft = begun(services, team, about).row.id
    with pytest.raises(SomeoneElseChecksError):
        put_to(services, draft, team)

    later = begun(services, team)
    reference = put_to(services, later.row.id, team).reference
    now = services.concerns.drafts.open(team.writer, later.row.id).row
    services.concerns.drafts.save(team.writer, now.id, seen=now.version, form=now.form, text=about)
    for act in (
        lambda: services.concerns.checking.open(reference, team.lead, Entrance.PAGE),
        lambda: services.concerns.checking.answer(reference, team.lead, said()),
    ):
        with pytest.raises(SomeoneElseChecksError):
            act()


def test_only_leads_and_managers_of_the_body_are_asked(services: Services, team: Team) -> None:
    draft = begun(services, team).row.id
    foreign = entered(services, "Fay Foreign", Role.LEAD, agency=TEACHER.agency)

    names = [
        (one.name, one.role) for one in services.concerns.asking.may_be_asked(team.writer, draft)
    ]
    assert names == [
        ("Dee Specimen", Role.LEAD),
        ("Lea Specimen", Role.LEAD),
        ("Mo Specimen", Role.MANAGER),
    ]
    for whom, role in ((foreign, Role.LEAD), (team.lead.id, Role.MANAGER)):
        question = Question(whom=whom, role=role, danger="none", harm="some")
        with pytest.raises(UnknownPersonError):
            services.concerns.asking.ask(team.writer, draft, question)


def test_who_left_is_not_asked_and_leaves_the_answer_to_any_lead(
    services: Services, team: Team
) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team, team.manager).reference
    services.access.people.disable(team.manager.id, FIRST)

    assert [one.reference for one in services.concerns.checking.waiting(team.deputy)] == [
        reference
    ]
    assert services.concerns.checking.answer(reference, team.deputy, said()).check_status == "done"
    with pytest.raises(UnknownPersonError):
        put_to(services, draft, team, team.manager)


def test_what_is_late_goes_to_the_other_leads_once(
    services: Services, team: Team, clock: Clock
) -> None:
    reference = put_to(services, begun(services, team).row.id, team).reference
    housekeeping(services)
    assert types(services)[-1] == "concern.noted"

    clock.forward(timedelta(days=2))
    housekeeping(services)
    housekeeping(services)

    assert types(services).count("concern.overdue") == 1
    assert [to for to, subject, _ in mails(services) if "waits for an answer" in subject] == [
        "dee.specimen@northshire-trust.example"
    ]
    assert [one.reference for one in services.concerns.checking.waiting(team.deputy)] == [
        reference
    ]
    services.concerns.checking.answer(reference, team.deputy, said())
    with pytest.raises(AnsweredAlreadyError):
        services.concerns.checking.answer(reference, team.lead, said())


def test_asked_again_the_newest_question_counts(services: Services, team: Team) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    services.concerns.checking.answer(
        reference, team.lead, said(Advice.TELL_ME_MORE, "Who saw it first?")
    )
    asked = services.concerns.asking.of_draft(team.writer, draft)
    assert asked is not None
    assert (asked.concern.stage, asked.concern.check_status) == (ConcernStage.NOTED, "not-asked")

    again = put_to(services, draft, team, team.deputy)

    assert again.newest.number == 2
    with pytest.raises(AnsweredAlreadyError, match="somebody else"):
        services.concerns.checking.answer(reference, team.lead, said())
    services.concerns.checking.answer(reference, team.deputy, said())
    told = services.concerns.asking.of_draft(team.writer, draft)
    assert told is not None
    assert told.words == {1: "Who saw it first?", 2: REASON}


def test_what_cannot_wait_goes_on_with_a_reason_and_others_hear(
    services: Services, team: Team
) -> None:
    draft = begun(services, team).row.id
    put_to(services, draft, team)

    with pytest.raises(NotAllowedError, match="reason in words"):
        services.concerns.asking.carry_on(team.writer, draft, " ")
    concern = services.concerns.asking.carry_on(
        team.writer, draft, "He has said that it is for tonight."
    )

    assert (concern.stage, concern.check_status) == (ConcernStage.SHARING, "cannot-wait")
    assert not concern.is_against_advice
    heard = [to for to, subject, _ in mails(services) if "without a lead's yes" in subject]
    assert heard == [f"{name}.specimen@northshire-trust.example" for name in ("dee", "lea")]
    with pytest.raises(WrongStateError, match="Nothing stands in the way"):
        services.concerns.asking.carry_on(
            team.writer, draft, "He has said that it is for tonight."
        )


def test_the_answer_is_advice_and_no_veto(services: Services, team: Team) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    no = services.concerns.checking.answer(reference, team.lead, said(Advice.NOTHING_MORE, NO))
    assert (no.stage, no.check_status) == (ConcernStage.NOTED, "done")

    concern = services.concerns.asking.carry_on(
        team.writer, draft, "I have seen him with the knife."
    )

    assert concern.is_against_advice
    assert (concern.stage, concern.check_status) == (ConcernStage.SHARING, "done")
    with services.transaction() as tx:
        newest = tx.about(reference)[-1].event
    assert (newest["type"], newest["what"]) == ("concern.carried-on", "against-advice")


@pytest.mark.usefixtures("always_chosen")
def test_a_concern_that_is_left_is_looked_back_at_where_chance_chose_it(
    services: Services, team: Team
) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    services.concerns.checking.answer(reference, team.lead, said(Advice.EARLY_HELP, NO))

    left = services.concerns.asking.leave(team.writer, draft)

    with services.transaction() as tx:
        closed = tx.about(reference)[-1].event
    assert (closed["look_back"], left.look_back_on) == ("sample", date(2026, 3, 30))


def test_a_concern_that_is_left_ends_with_the_reason_of_whoever_said_no(
    services: Services, team: Team, clock: Clock
) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    with pytest.raises(WrongStateError, match="once somebody said"):
        services.concerns.asking.leave(team.writer, draft)
    services.concerns.checking.answer(reference, team.lead, said(Advice.EARLY_HELP, NO))

    left = services.concerns.asking.leave(team.writer, draft)

    assert (left.stage, left.closed_as) == (ConcernStage.CLOSED, Ending.LEFT)
    with services.transaction() as tx:
        closed = tx.about(reference)[-1].event
    case = services.cases.show(team.lead, left.case).case
    assert (case.stage.value, case.closed_as) == ("closed", CaseEnd.EARLY_HELP)
    assert (closed["look_back"], left.look_back_on) == ("none", None)
    with pytest.raises(WrongStateError, match="over"):
        put_to(services, draft, team)

    clock.forward(timedelta(days=KEPT_DAYS + 1))
    services.concerns.drafts.destroy_expired()
    assert services.concerns.left.erase_ended() == 1
    assert services.concerns.left.erase_ended() == 0
    assert types(services)[-1] == "erased"
    with pytest.raises(KeyErasedError):
        services.concerns.checking.open(reference, team.lead, Entrance.PAGE)


def test_a_text_that_somebody_took_away_ends_no_case(
    services: Services, team: Team, clock: Clock
) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    services.concerns.checking.answer(reference, team.lead, said(Advice.EARLY_HELP, NO))
    left = services.concerns.asking.leave(team.writer, draft)
    with services.transaction.database.transaction() as connection:
        connection.execute(delete(draft_member))
        connection.execute(delete(draft_table))

    clock.forward(timedelta(days=KEPT_DAYS + 1))
    services.concerns.drafts.destroy_expired()

    assert services.concerns.left.erase_ended() == 0
    assert left.case in set(services.keystore.cases())


def test_while_somebody_is_asked_no_clock_and_no_owner_ends_the_draft(
    services: Services, team: Team, clock: Clock
) -> None:
    draft = begun(services, team).row.id
    put_to(services, draft, team)
    clock.forward(timedelta(days=KEPT_DAYS + 1))

    assert services.concerns.drafts.destroy_expired().destroyed == 0
    with pytest.raises(WrongStateError, match="not deleted"):
        services.concerns.drafts.delete(team.writer, draft)

    assert services.concerns.drafts.open(team.writer, draft).text == WORRY


def test_what_was_sent_leaves_the_words_under_the_key_of_its_case(
    services: Services, team: Team
) -> None:
    draft = begun(services, team).row.id
    concern = put_to(services, draft, team)
    services.concerns.checking.answer(concern.reference, team.lead, said())

    services.concerns.asking.sent(team.writer, draft)

    with pytest.raises(UnknownDraftError):
        services.concerns.drafts.open(team.writer, draft)
    read = services.concerns.checking.open(concern.reference, team.lead, Entrance.PAGE)
    assert (read.draft, read.words) == (None, {1: REASON})
    assert read.concern.closed_as is Ending.SENT
    assert services.keystore.case_key(concern.case).case == concern.case


def test_where_the_lead_completes_a_yes_lets_them_write_and_a_no_leads_to_the_guardian(
    services: Services, team: Team
) -> None:
    lead_completes(services)
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    services.concerns.checking.answer(reference, team.lead, said())
    member = Member(person=team.lead.id, part=Part.WRITES)
    assert member in services.concerns.drafts.open(team.lead, draft).members

    other = begun(services, team).row.id
    no = put_to(services, other, team).reference
    services.concerns.checking.answer(no, team.lead, said(Advice.NOTHING_MORE, NO))
    with pytest.raises(NotAllowedError, match="Ask the Guardian"):
        services.concerns.asking.carry_on(team.writer, other, "I have seen him with the knife.")
    assert services.concerns.asking.may_be_asked(team.writer, other) == ()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE concern_check SET advice = 'refer'",
        "UPDATE concern_check SET asked_of = 'p-dee'",
        "UPDATE concern SET owner = 'p-dee'",
        "DELETE FROM concern_check",
    ],
)
def test_a_row_that_somebody_edited_is_not_believed(
    services: Services, team: Team, edit: str
) -> None:
    draft = begun(services, team).row.id
    reference = put_to(services, draft, team).reference
    services.concerns.checking.answer(reference, team.lead, said(Advice.NOTHING_MORE, NO))
    with services.transaction.database.engine.begin() as connection:
        connection.execute(sql(edit))

    for act in (
        lambda: services.concerns.asking.of_draft(team.writer, draft),
        lambda: services.concerns.checking.open(reference, team.lead, Entrance.PAGE),
        lambda: services.concerns.asking.carry_on(
            team.writer, draft, "I have seen him with the knife."
        ),
    ):
        with pytest.raises(RowDisagreesError):
            act()
    assert f"concern/{reference}" in services.log.differences()


def test_the_body_s_leads_and_managers_see_where_each_stands(
    services: Services, team: Team
) -> None:
    concern = put_to(services, begun(services, team).row.id, team)

    for person in (team.lead, team.deputy, team.manager):
        assert services.concerns.checking.of_body(person) == (concern,)
    assert services.concerns.checking.of_body(replace(TEACHER, role=Role.LEAD)) == ()
    with pytest.raises(NotAllowedError):
        services.concerns.checking.of_body(team.writer)


def test_a_pickup_folder_that_cannot_be_written_stops_no_answer(
    services: Services, team: Team
) -> None:
    services.home.pickup.rmdir()

    concern = put_to(services, begun(services, team).row.id, team)

    assert services.concerns.checking.waiting(team.lead) == (concern,)


def test_whoever_checked_a_concern_decides_nothing_in_its_case(
    services: Services, team: Team
) -> None:
    concern = put_to(services, begun(services, team).row.id, team)
    services.concerns.checking.answer(concern.reference, team.lead, said())
    sent = refer(services, case=concern.case)
    checker = replace(team.lead, role=Role.GUARDIAN)

    with pytest.raises(NotAllowedError, match="wrote or checked"):
        services.referrals.decide(sent, checker, APPROVED)
    with pytest.raises(NotAllowedError, match="has a part"):
        services.referrals.ask(sent, checker, QUESTION)

    assert services.referrals.decide(sent, GUARDIAN, APPROVED).state is State.DECIDED
