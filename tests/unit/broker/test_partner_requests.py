"""What a request and its answer may lack, and how late one is: pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from values import PREVENT, a_read_pack

from broker.domain.errors import UnknownReferenceError, WrongStateError
from broker.domain.model import Mailbox, MailboxId, Person
from broker.domain.partner_requests.answers import (
    FieldAnswer,
    GivenAnswer,
    Held,
    Known,
    Share,
    Statement,
    answer_faults,
    is_same_person,
)
from broker.domain.partner_requests.copies import Copy, CopyName, CopyState, Lateness
from broker.domain.partner_requests.days import (
    DaySet,
    day_faults,
    lateness_on,
    later_day_faults,
    proposed_day,
)
from broker.domain.partner_requests.wanted import (
    BodyAsked,
    Surroundings,
    WantedRequest,
    faults_of,
)
from broker.domain.questions.asked import Ask
from broker.domain.references import Prefix, Reference
from broker.domain.roles import Role
from broker.partner_requests.standing import is_asked_by, may_answer
from keys import AgencyId, PersonId

TODAY = date(2026, 3, 16)
POLICE_BOX = replace(PREVENT, id=MailboxId("police-box"))
SCHOOL_BOX = replace(PREVENT, id=MailboxId("school-box"), agency=AgencyId("example-school"))
UNRUNG = replace(SCHOOL_BOX, id=MailboxId("unrung"), verified_on=None)
FIELDS = frozenset({"needs.health", "concerns.event", "education.place"})
ASK = Ask(
    field="concerns.event",
    sentence="What happened at school?",
    since=date(2025, 9, 1),
    until=TODAY,
)
BODY = BodyAsked(mailbox=SCHOOL_BOX.id, why="He goes to school there.", asks=(ASK,))
DAY = DaySet(on=date(2026, 3, 23), set_by=PersonId("p-chair"), function="chair")


def known(*others: Mailbox) -> Surroundings:
    boxes = (POLICE_BOX, SCHOOL_BOX, UNRUNG, *others)
    return Surroundings(
        agency=POLICE_BOX.agency,
        mailboxes={box.id: box for box in boxes},
        can_be_asked=FIELDS,
        today=TODAY,
    )


def wanted(*bodies: BodyAsked, day: DaySet = DAY, purpose: str = "police-screening") -> set[str]:
    request = WantedRequest(
        purpose=purpose,
        answer_to=POLICE_BOX.id,
        day=day,
        pack=a_read_pack(),
        bodies=bodies,
    )
    return {fault.place for fault in faults_of(request, known())}


def test_a_request_with_every_element_lacks_nothing() -> None:
    assert wanted(BODY) == set()


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (replace(BODY, mailbox=POLICE_BOX.id), "bodies[0].mailbox"),
        (replace(BODY, mailbox=MailboxId("nowhere")), "bodies[0].mailbox"),
        (replace(BODY, mailbox=UNRUNG.id), "bodies[0].mailbox"),
        (replace(BODY, why="  "), "bodies[0].why"),
        (replace(BODY, asks=()), "bodies[0].asks"),
        (replace(BODY, asks=(replace(ASK, field="record.whole"),)), "bodies[0].asks[0].field"),
        (
            replace(BODY, asks=(replace(ASK, field="individual.religion"),)),
            "bodies[0].asks[0].field",
        ),
        (replace(BODY, asks=(replace(ASK, sentence=" "),)), "bodies[0].asks[0].sentence"),
        (
            replace(BODY, asks=(replace(ASK, since=TODAY, until=date(2026, 3, 1)),)),
            "bodies[0].asks[0].from",
        ),
        (
            replace(BODY, asks=(replace(ASK, until=TODAY + timedelta(days=1)),)),
            "bodies[0].asks[0].until",
        ),
    ],
)
def test_what_a_copy_lacks_is_named_at_its_place(body: BodyAsked, place: str) -> None:
    assert wanted(body) == {place}


def test_everything_cannot_be_asked_for() -> None:
    every = tuple(
        replace(ASK, field=field, sentence=f"What of {field}?") for field in sorted(FIELDS)
    )
    assert wanted(replace(BODY, asks=every)) == {"bodies[0].asks"}


@pytest.mark.parametrize(
    "sentence",
    [
        "everything",
        "Everything.",
        "EVERYTHING you hold about him, please!",
        "All records of this person",
        "Please send us his whole file and any notes.",
        "anything that you know of her",
        "The full record",
        "Contacts?",
        "?",
        "x",
    ],
)
def test_a_question_that_names_nothing_cannot_be_asked(sentence: str) -> None:
    asks = (replace(ASK, sentence=sentence),)
    assert wanted(replace(BODY, asks=asks)) == {"bodies[0].asks[0].sentence"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Everything that he said about weapons since September.",
        "Who came for him?",
        "All visits by the man who drove the van.",
        "Has she any injury that you know of?",
        "Ydych chi wedi gweld y dyn hwn?",
    ],
)
def test_a_question_that_names_what_is_needed_can_be_asked(sentence: str) -> None:
    assert wanted(replace(BODY, asks=(replace(ASK, sentence=sentence),))) == set()


def test_one_sentence_does_not_do_for_two_fields() -> None:
    twice = (ASK, replace(ASK, field="needs.health"))
    assert wanted(replace(BODY, asks=twice)) == {
        "bodies[0].asks[0].sentence",
        "bodies[0].asks[1].sentence",
    }


def test_a_body_is_asked_once_and_somebody_is_asked() -> None:
    assert wanted(BODY, BODY) == {"bodies[0].mailbox", "bodies[1].mailbox"}
    assert wanted() == {"bodies"}


def test_it_is_asked_for_one_of_two_purposes() -> None:
    assert wanted(BODY, purpose="referral") == {"purpose"}


@pytest.mark.parametrize(
    ("on", "why", "places"),
    [
        (date(2026, 3, 15), "", {"deadline.on"}),
        (date(2026, 6, 15), "", {"deadline.on"}),
        (date(2026, 6, 14), "", set[str]()),
        (date(2026, 3, 17), "", {"deadline.why"}),
        (date(2026, 3, 17), "The panel meets tomorrow.", set[str]()),
        (date(2026, 3, 18), "", set[str]()),
    ],
)
def test_a_day_is_to_come_within_90_days_and_a_near_one_has_its_reason(
    on: date, why: str, places: set[str]
) -> None:
    assert {fault.place for fault in day_faults(replace(DAY, on=on, why=why), TODAY)} == places


def test_five_working_days_are_proposed() -> None:
    assert proposed_day(date(2026, 4, 2)) == date(2026, 4, 13)  # Easter lies between


def test_more_time_is_asked_for_before_the_day_and_for_a_later_one() -> None:
    due = date(2026, 3, 16)
    assert list(later_day_faults(date(2026, 3, 20), due, due)) == []
    for until, today in (
        (date(2026, 3, 20), date(2026, 3, 17)),
        (due, due),
        (date(2026, 9, 1), due),
    ):
        assert [fault.place for fault in later_day_faults(until, due, today)] == ["until"]


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2026, 3, 13), Lateness.NONE),
        (date(2026, 3, 14), Lateness.DUE_SOON),
        (date(2026, 3, 16), Lateness.DUE_SOON),
        (date(2026, 3, 17), Lateness.LATE),
        (date(2026, 3, 18), Lateness.LATE),
        (date(2026, 3, 19), Lateness.LATER),
        (date(2027, 3, 19), Lateness.LATER),
    ],
)
def test_an_unanswered_copy_climbs_by_the_day(today: date, late: Lateness) -> None:
    assert lateness_on(date(2026, 3, 16), today) is late


def test_a_copy_is_called_by_its_request_and_a_number() -> None:
    name = CopyName(request=Reference("7Q4KM2XH", Prefix.REQUEST), number=3)
    assert CopyName.read(str(name)) == name
    for text in ("REQ-7Q4K-M2XH", "REQ-7Q4K-M2XH.", "REQ-7Q4K-M2XH.x", "PRV-7Q4K-M2XH.1", ""):
        with pytest.raises(UnknownReferenceError):
            CopyName.read(text)


COPY = Copy(
    name=CopyName(request=Reference("7Q4KM2XH", Prefix.REQUEST), number=1),
    asking=AgencyId("northshire-police"),
    asker=PersonId("p-officer"),
    purpose="police-screening",
    answer_to=POLICE_BOX.id,
    function="chair",
    set_by=PersonId("p-chair"),
    asked=AgencyId("example-school"),
    mailbox=SCHOOL_BOX.id,
    disclosure=Reference("7Q4KM2XH"),
    state=CopyState.ISSUED,
    due_on=TODAY,
    created_at=datetime(2026, 3, 10, tzinfo=UTC),
    changed_at=datetime(2026, 3, 12, tzinfo=UTC),
)


def test_who_answered_and_when_is_told_to_whoever_comes_second() -> None:
    answered = replace(
        COPY,
        state=CopyState.ANSWERED,
        answered_by=PersonId("p-lead"),
        answered_at=datetime(2026, 3, 12, 9, 30, tzinfo=UTC),
    )
    with pytest.raises(WrongStateError, match="Answered by p-lead at 2026-03-12T09:30"):
        answered.must_be(CopyState.OPENED)
    assert COPY.waits
    assert not answered.waits


@pytest.mark.parametrize(
    ("person", "agency", "role", "asks", "answers"),
    [
        ("p-officer", "northshire-police", Role.POLICE, True, False),
        ("p-colleague", "northshire-police", Role.POLICE_LEAD, True, False),
        ("p-officer", "northshire-police", Role.PRACTITIONER, False, False),
        ("p-chair", "northshire-council", Role.CHAIR, True, False),
        ("p-other", "northshire-council", Role.CHAIR, False, False),
        ("p-dsl", "example-school", Role.LEAD, False, True),
        ("p-teacher", "example-school", Role.PRACTITIONER, False, False),
        ("p-owner", "example-school", Role.PRACTITIONER, False, True),
        ("p-owner", "example-school", Role.ADMINISTRATOR, False, False),
        ("p-owner", "northshire-trust", Role.LEAD, False, False),
    ],
)
def test_a_copy_is_for_the_two_bodies_and_there_for_whose_task_it_is(
    person: str, agency: str, role: Role, *, asks: bool, answers: bool
) -> None:
    somebody = Person(id=PersonId(person), agency=AgencyId(agency), role=role)
    copy = replace(COPY, owner=PersonId("p-owner"))
    assert (is_asked_by(copy, somebody), may_answer(copy, somebody)) == (asks, answers)


STATEMENT = Statement(
    known=Known.SEEN, source="the form tutor", on=date(2026, 3, 9), words="He left early twice."
)
ANSWER = GivenAnswer(
    held=Held.YES,
    person={"individual.name": "Tam Specimen", "individual.date_of_birth": "2009-01-02"},
    fields=(
        FieldAnswer(
            field="concerns.event",
            share=Share.PART,
            why="The rest is about others.",
            statements=(STATEMENT,),
        ),
        FieldAnswer(field="needs.health", share=Share.NO, why="The clinic is better asked."),
    ),
    questions={},
)
ASKED = ("concerns.event", "needs.health")


def lacks(given: GivenAnswer) -> set[str]:
    return {fault.place for fault in answer_faults(given, ASKED, TODAY)}


def with_first(**changes: object) -> GivenAnswer:
    first, second = ANSWER.fields
    return replace(ANSWER, fields=(replace(first, **changes), second))  # type: ignore[arg-type]  # each test names its own


def test_an_answer_field_by_field_lacks_nothing() -> None:
    assert lacks(ANSWER) == set()


def test_nil_and_cannot_say_are_answers() -> None:
    nil = GivenAnswer(held=Held.NO, person={}, questions={})
    assert lacks(nil) == set()
    assert lacks(replace(nil, held=Held.CANNOT_SAY)) == {"why"}
    assert lacks(replace(nil, held=Held.CANNOT_SAY, why="The system is down.")) == set()
    assert lacks(replace(ANSWER, held=Held.NO)) == {"fields"}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (replace(ANSWER, fields=ANSWER.fields[:1]), "fields"),
        (with_first(why=""), "fields[0].why"),
        (with_first(statements=()), "fields[0].statements"),
        (with_first(share=Share.NO), "fields[0].statements"),
        (
            with_first(statements=(replace(STATEMENT, source=" "),)),
            "fields[0].statements[0].source",
        ),
        (
            with_first(statements=(replace(STATEMENT, words=" "),)),
            "fields[0].statements[0].words",
        ),
        (
            with_first(statements=(replace(STATEMENT, on=date(2026, 3, 17)),)),
            "fields[0].statements[0].on",
        ),
        (replace(ANSWER, person={}), "person.individual.name"),
    ],
)
def test_what_an_answer_lacks_is_named(given: GivenAnswer, place: str) -> None:
    assert lacks(given) == {place}


def test_only_what_was_asked_is_answered_and_once() -> None:
    more = FieldAnswer(field="family.parents", share=Share.NO, why="Nobody asked.")
    assert lacks(replace(ANSWER, fields=(*ANSWER.fields, more))) == {"fields[2].field"}
    assert lacks(replace(ANSWER, fields=(*ANSWER.fields, ANSWER.fields[1]))) == {
        "fields[1].field",
        "fields[2].field",
    }


def test_what_is_shared_says_how_it_is_known() -> None:
    (first, _) = ANSWER.fields
    assert first.text() == "[Seen by the form tutor, 9 March 2026] He left early twice."
    assert [one.field for one in ANSWER.shared] == ["concerns.event"]


def test_somebody_asked_for_by_name_alone_is_known_by_it() -> None:
    asked = {"individual.name": "Mohammed al-Example"}
    held = {"individual.name": "Al Example Mohammed", "individual.date_of_birth": "2009-01-02"}
    assert not is_same_person(held, asked)
    assert is_same_person({**held, "individual.name": "Mohammed Al-Example"}, asked)


@pytest.mark.parametrize("state", list(CopyState))
def test_whoever_comes_too_late_to_a_request_reads_where_it_stands(state: CopyState) -> None:
    with pytest.raises(WrongStateError) as refused:
        replace(COPY, state=state).must_be(*(one for one in CopyState if one is not state))

    said = str(refused.value)
    assert said.startswith("That cannot be done as it stands now. ")
    assert f"is {state.value}, so" not in said
