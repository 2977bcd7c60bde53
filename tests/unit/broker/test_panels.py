"""What a meeting and a pack of a panel say by themselves."""

from dataclasses import replace
from datetime import date

import pytest

from broker.domain.errors import FaultyDocumentError, NotAllowedError, WrongStateError
from broker.domain.model import Person
from broker.domain.panels.meetings import (
    MOST_ASKED,
    AskedAs,
    Attends,
    Meeting,
    MeetingState,
    UnknownMeetingError,
    day_fault,
)
from broker.domain.panels.packs import Released, WantedPack, pack_faults, picked
from broker.domain.references import Prefix, parse_reference
from broker.domain.roles import Role
from broker.intake.panels import MOST_PICKS, read_panel_pack
from broker.panels.standing import must_chair
from keys import AgencyId, CaseId, PersonId

COUNCIL, POLICE = AgencyId("a-council"), AgencyId("a-police")
CHAIR, OFFICER, MEMBER = map(PersonId, ("p-chair", "p-officer", "p-member"))
ON = date(2026, 3, 20)
SOURCE = parse_reference("PRV-7Q4K-M2XH")


def a_meeting() -> Meeting:
    """A meeting that its chair comes to."""
    return Meeting(
        reference=parse_reference("MTG-7Q4K-M2XH", Prefix.MEETING),
        case=CaseId("c-1"),
        agency=COUNCIL,
        on=ON,
        chair=CHAIR,
        home_area=POLICE,
        called_by=PersonId("p-coordinator"),
    ).asking(CHAIR, COUNCIL, AskedAs.CHAIR)


def with_police(attends: Attends = Attends.COMING) -> Meeting:
    return a_meeting().asking(OFFICER, POLICE, AskedAs.MEMBER).attended(OFFICER, attends)


def test_a_panel_is_valid_with_its_chair_and_the_police_of_the_home_area() -> None:
    assert with_police().quorum(chair_stands=True).is_met
    assert with_police().quorum(chair_stands=True).facts() == {
        "applies": "yes",
        "home_area_police_present": "yes",
        "local_authority_chairs": "yes",
    }


@pytest.mark.parametrize(
    ("meeting", "chair_stands", "lacks"),
    [
        (a_meeting(), True, "The police of the home area"),
        (with_police(Attends.ASKED), True, "The police of the home area"),
        (with_police(Attends.APOLOGIES), True, "The police of the home area"),
        (with_police(), False, "The council does not chair"),
        (with_police().attended(CHAIR, Attends.APOLOGIES), True, "The council does not chair"),
    ],
)
def test_a_panel_says_what_it_lacks(meeting: Meeting, chair_stands: bool, lacks: str) -> None:  # noqa: FBT001  # a row of the table above
    quorum = meeting.quorum(chair_stands=chair_stands)

    (said,) = quorum.lacks()
    assert said.startswith(lacks)
    with pytest.raises(WrongStateError, match="cannot be held"):
        meeting.held_on(ON, quorum)


def test_once_a_meeting_was_held_only_who_was_there_counts() -> None:
    meeting = with_police()
    held = meeting.held_on(ON, meeting.quorum(chair_stands=True))
    late = held.asking(MEMBER, COUNCIL, AskedAs.INVITEE)

    assert {one.attends for one in held.attendees} == {Attends.PRESENT}
    assert held.quorum(chair_stands=True).is_met
    assert not held.attended(OFFICER, Attends.ABSENT).quorum(chair_stands=True).is_met
    assert late.attendees[-1].number == 3
    assert held.closed().state is MeetingState.CLOSED


def test_a_meeting_is_held_on_its_day_alone_and_not_once_it_is_cancelled() -> None:
    meeting = with_police()
    quorum = meeting.quorum(chair_stands=True)

    with pytest.raises(WrongStateError, match="on its day"):
        meeting.held_on(date(2026, 3, 19), quorum)
    with pytest.raises(WrongStateError, match="cancelled"):
        meeting.cancelled().held_on(ON, quorum)
    with pytest.raises(WrongStateError, match="called"):
        meeting.closed()
    assert not meeting.cancelled().quorum(chair_stands=True).is_met


def test_copies_open_to_the_end_of_the_day_after_unless_it_was_cancelled() -> None:
    days = (date(2026, 3, 16), ON, date(2026, 3, 21), date(2026, 3, 22))

    assert [a_meeting().is_open_on(day) for day in days] == [True, True, True, False]
    assert not a_meeting().cancelled().is_open_on(ON)


def test_nobody_is_asked_twice_and_nobody_answers_who_is_not_asked() -> None:
    with pytest.raises(WrongStateError, match="already"):
        a_meeting().asking(CHAIR, COUNCIL, AskedAs.MEMBER)
    with pytest.raises(UnknownMeetingError):
        a_meeting().attended(MEMBER, Attends.COMING)


def test_a_meeting_has_an_end_of_people() -> None:
    meeting = a_meeting()
    for number in range(MOST_ASKED - 1):
        meeting = meeting.asking(PersonId(f"p-{number}"), COUNCIL, AskedAs.MEMBER)

    with pytest.raises(WrongStateError, match="at most"):
        meeting.asking(MEMBER, COUNCIL, AskedAs.MEMBER)


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2026, 3, 19), "has passed; name a day to come"),
        (ON, None),
        (date(2027, 3, 21), None),
        (date(2027, 3, 22), "is more than a year away"),
    ],
)
def test_a_meeting_is_called_for_a_day_to_come_within_a_year(on: date, says: str | None) -> None:
    assert day_fault(on, ON) == says


def test_only_the_chair_of_a_meeting_acts_as_its_chair() -> None:
    must_chair(a_meeting(), Person(id=CHAIR, agency=COUNCIL, role=Role.CHAIR))

    for id_, role in ((CHAIR, Role.MEMBER), (MEMBER, Role.CHAIR)):
        with pytest.raises(NotAllowedError):
            must_chair(a_meeting(), Person(id=id_, agency=COUNCIL, role=role))


def released(field: str, words: str = "He left early.") -> Released:
    return Released(source=SOURCE, body="A school", field=field, words=words)


def wanted(**changes: object) -> WantedPack:
    said: dict[str, object] = {
        "picks": (f"{SOURCE}/concerns.event",),
        "statement": "The panel assesses it.",
        "necessity": "Less would not do.",
        "proportionality": "The harm is near.",
        "reasons": {"concerns.event": "It shows who is with him."},
        "screened": True,
        **changes,
    }
    return WantedPack(**said)  # type: ignore[arg-type]  # each test names fields of it


def faults(pack: WantedPack) -> list[str]:
    known = [released("concerns.event"), released("individual.name")]
    found = pack_faults(pack, known, frozenset({"concerns.event"}))
    return [f"{fault.place} {fault.problem.partition(';')[0]}" for fault in found]


def test_what_was_not_released_cannot_be_picked() -> None:
    pack = wanted(picks=(f"{SOURCE}/needs.health", f"{SOURCE}/individual.name"))

    assert faults(pack) == ["picks[0] was not released to the panel, so it cannot be picked"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, []),
        ({"picks": ()}, ["picks is empty"]),
        ({"reasons": {}}, ["reasons.concerns.event is missing"]),
        ({"statement": " "}, ["statement is missing"]),
        ({"necessity": ""}, ["necessity is missing"]),
        ({"proportionality": ""}, ["proportionality is missing"]),
        ({"screened": False}, ["screened must be yes"]),
    ],
)
def test_what_a_pack_lacks_is_named(changes: dict[str, object], says: list[str]) -> None:
    assert faults(wanted(**changes)) == says


def test_what_is_kept_of_a_pick_is_what_was_picked() -> None:
    blocks = picked(wanted(), [released("concerns.event"), released("individual.name")])

    assert [Released.of_document(one.document()) for one in blocks] == [released("concerns.event")]


def test_a_pack_is_read_from_its_document_and_no_other() -> None:
    read = read_panel_pack(
        b'{"pack": "panel-pack/1", "picks": ["PRV-7Q4K-M2XH/concerns.event"], "statement": "s",'
        b' "necessity": "n", "proportionality": "p", "screened": "no"}'
    )

    assert read == WantedPack(
        picks=("PRV-7Q4K-M2XH/concerns.event",),
        statement="s",
        necessity="n",
        proportionality="p",
        reasons={},
        screened=False,
    )
    many = ",".join(f'"{number}"' for number in range(MOST_PICKS + 1))
    for document in (b"[]", f'{{"pack": "panel-pack/1", "picks": [{many}]}}'.encode()):
        with pytest.raises(FaultyDocumentError):
            read_panel_pack(document)


@pytest.mark.parametrize("state", list(MeetingState))
def test_whoever_comes_too_late_to_a_meeting_reads_where_it_stands(state: MeetingState) -> None:
    with pytest.raises(WrongStateError) as refused:
        replace(a_meeting(), state=state).must_be(*(one for one in MeetingState if one != state))

    said = str(refused.value)
    assert said.startswith("That cannot be done as it stands now. The meeting ")
    assert f"is {state.value}, so" not in said
