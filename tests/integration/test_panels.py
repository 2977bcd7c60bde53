"""A panel's meeting, its pack, and whoever opens a copy of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from homes import Prepared
from look_ups import looked_up
from panels import (
    COLE,
    CORA,
    DOT,
    MAX,
    MAY,
    MEETS_ON,
    NEW,
    PAT,
    TIM,
    Panel,
    a_panel,
    entered_with,
)
from partner_requests import POLICE
from people import FIRST

from broker.domain.cases.cases import UnknownCaseError
from broker.domain.cases.stages import CaseKind
from broker.domain.errors import (
    BrokerError,
    ChangedMeanwhileError,
    FaultyDocumentError,
    NotAllowedError,
    RowDisagreesError,
    WrongStateError,
)
from broker.domain.model import Person
from broker.domain.panels.meetings import AskedAs, Attends, Meeting, UnknownMeetingError
from broker.domain.people.errors import UnknownPersonError
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.operations.housekeeping import housekeeping
from broker.panels.calling import WantedMeeting
from broker.panels.copies import OpenedCopy
from broker.panels.refusals import CannotBeBuiltError, CopyClosedError
from broker.storage.rows.panels import meeting as meeting_table
from keys import PersonId


@pytest.fixture(name="panel", scope="module")
def _panel(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Panel]:
    """One panel for every test that leaves its day alone; each calls a meeting of its own."""
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("panel") / "home")
    yield panel
    panel.services.close()


@pytest.fixture(name="apart")
def _apart(prepared_on_sqlite: Prepared, tmp_path: Path) -> Iterator[Panel]:
    """A panel of its own, whose clock may be moved and whose rows may be edited."""
    panel = a_panel(prepared_on_sqlite, tmp_path / "home")
    yield panel
    panel.services.close()


def opened(panel: Panel, meeting: Meeting, person: Person) -> OpenedCopy:
    return panel.panels.copies.open(meeting.reference, person, Entrance.PAGE)


def entries(panel: Panel, reference: object) -> list[str]:
    with panel.services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries_about(str(reference))]


def test_a_member_opens_their_own_copy_and_one_who_is_not_asked_finds_no_meeting(
    panel: Panel,
) -> None:
    meeting = panel.with_pack(MAY)

    mine, theirs = opened(panel, meeting, MAY), opened(panel, meeting, PAT)

    assert (mine.name, mine.number, theirs.name, theirs.number) == (
        "May Specimen",
        3,
        "Pat Specimen",
        2,
    )
    assert [one.field for one in mine.blocks] == [
        "individual.name",
        "individual.date_of_birth",
        "concerns.event",
    ]
    for stranger in (MAX, DOT, COLE):
        with pytest.raises(UnknownMeetingError):
            opened(panel, meeting, stranger)
    assert [one.reference for one in panel.panels.views.listed(MAX)] == []
    with panel.services.transaction() as tx:
        read = [one for one in tx.ledger.entries_about(str(mine.pack)) if one.type == "read"]
    assert [(one.event["by"], one.event["what"]) for one in read] == [
        (CORA.id, "pack"),
        (MAY.id, "panel-copy"),
        (PAT.id, "panel-copy"),
    ]


def test_a_statement_keeps_its_source_and_its_day_in_what_a_member_reads(panel: Panel) -> None:
    copy = opened(panel, panel.with_pack(MAY), MAY)

    (event,) = (one for one in copy.blocks if one.field == "concerns.event")
    assert event.words.startswith("[Seen by the form tutor, 9 March 2026] ")
    assert event.body == "Example Lane School"


def test_nothing_else_can_be_picked_than_what_was_released(panel: Panel) -> None:
    meeting = panel.asked(panel.called(), PAT)
    wanted = panel.wanted(meeting)
    source = wanted.picks[0].partition("/")[0]

    # The school kept this field back when it answered.
    refused = panel.wanted(meeting, picks=(*wanted.picks, f"{source}/needs.protective_factors"))
    with pytest.raises(FaultyDocumentError, match="was not released to the panel"):
        panel.panels.packs.build(meeting.reference, COLE, refused)

    assert panel.panels.views.show(meeting.reference, COLE).pack is None


def test_without_the_police_of_the_home_area_no_pack_is_let_go(panel: Panel) -> None:
    meeting = panel.asked(panel.called(), MAY)

    with pytest.raises(CannotBeBuiltError, match="police of the person's home area"):
        panel.panels.packs.build(meeting.reference, COLE, panel.wanted(meeting))
    with pytest.raises(WrongStateError, match="no pack"):
        panel.panels.approving.approve(meeting.reference, CORA, "never read")


def test_who_must_be_there_and_sends_apologies_closes_every_copy(panel: Panel) -> None:
    meeting = panel.with_pack(MAY)
    opened(panel, meeting, MAY)

    panel.panels.meetings.answer(meeting.reference, PAT, comes=False)

    with pytest.raises(CopyClosedError, match="police of the person's home area"):
        opened(panel, meeting, MAY)
    with pytest.raises(CopyClosedError, match="You do not come"):
        opened(panel, meeting, PAT)


def test_a_delegate_of_the_same_body_opens_a_copy_and_whoever_sent_them_does_not(
    panel: Panel,
) -> None:
    meeting = panel.with_pack(MAY)

    with pytest.raises(UnknownPersonError):
        panel.panels.meetings.send_delegate(meeting.reference, MAY, TIM.id)
    panel.panels.meetings.send_delegate(meeting.reference, MAY, MAX.id)

    assert opened(panel, meeting, MAX).name == "Max Specimen"
    with pytest.raises(CopyClosedError, match="You do not come"):
        opened(panel, meeting, MAY)


def test_whoever_is_ended_as_a_member_of_the_case_is_asked_no_longer(panel: Panel) -> None:
    meeting = panel.with_pack(TIM)
    opened(panel, meeting, TIM)

    panel.services.cases.end_member(COLE, meeting.case, TIM.id)

    with pytest.raises(UnknownMeetingError):
        opened(panel, meeting, TIM)


def test_a_pack_that_is_only_foreseen_looks_up_no_earlier_concern(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = panel.asked(panel.called(), PAT, MAY)
    found = looked_up(monkeypatch)

    panel.panels.packs.preview(meeting.reference, COLE, panel.wanted(meeting))
    assert found == []

    panel.panels.packs.build(meeting.reference, COLE, panel.wanted(meeting))
    assert found == [COLE.agency]


def test_copies_wait_for_the_chair_and_two_people_stand_for_a_pack(panel: Panel) -> None:
    meeting = panel.asked(panel.called(), PAT, MAY)
    packs, approving = panel.panels.packs, panel.panels.approving
    built = packs.build(meeting.reference, COLE, panel.wanted(meeting))

    with pytest.raises(CopyClosedError, match="once the chair of the meeting approves it"):
        opened(panel, meeting, MAY)
    with pytest.raises(NotAllowedError):
        approving.approve(meeting.reference, COLE, "never read")
    packs.build(meeting.reference, CORA, panel.wanted(meeting))
    with pytest.raises(WrongStateError, match="Two people"):
        panel.approve(meeting)

    assert entries(panel, built.disclosure)[-2:] == ["panel-pack.withdrawn", "recalled"]


def test_only_what_was_read_is_approved(panel: Panel) -> None:
    meeting = panel.asked(panel.called(), PAT, MAY)
    approving, reading = panel.panels.approving, panel.panels.reading
    panel.panels.packs.build(meeting.reference, COLE, panel.wanted(meeting))
    read = reading.read(meeting.reference, CORA, Entrance.CLI)
    fewer = panel.wanted(meeting, picks=panel.wanted(meeting).picks[:-1])
    panel.panels.packs.build(meeting.reference, COLE, fewer)

    for seen in (read.seen, read.what.seen, ""):
        with pytest.raises(WrongStateError, match="nothing was approved"):
            approving.approve(meeting.reference, CORA, seen)
    with pytest.raises(CopyClosedError):
        opened(panel, meeting, MAY)

    now = reading.read(meeting.reference, CORA, Entrance.CLI)
    approving.approve(meeting.reference, CORA, now.seen)
    assert now.seen != read.seen
    assert opened(panel, meeting, MAY).pack == now.pack.disclosure


def test_another_pack_replaces_the_one_before_and_a_withdrawn_one_opens_for_nobody(
    panel: Panel,
) -> None:
    meeting = panel.with_pack(MAY)
    first = opened(panel, meeting, MAY).pack
    packs = panel.panels.packs

    packs.build(meeting.reference, COLE, panel.wanted(meeting))
    with pytest.raises(CopyClosedError):
        opened(panel, meeting, MAY)
    panel.approve(meeting)
    assert opened(panel, meeting, MAY).pack != first

    packs.withdraw(meeting.reference, COLE)
    packs.withdraw(meeting.reference, COLE)
    with pytest.raises(CopyClosedError):
        opened(panel, meeting, MAY)
    assert entries(panel, first)[-2:] == ["panel-pack.withdrawn", "recalled"]


def test_what_a_body_stops_closes_the_copies_that_show_it(apart: Panel) -> None:
    meeting = apart.with_pack(MAY)
    source = opened(apart, meeting, MAY).blocks[0].source

    apart.services.afterwards.recalling.recall(source, DOT)

    with pytest.raises(CopyClosedError, match="stopped what it had released"):
        opened(apart, meeting, MAY)


def test_a_copy_ends_the_day_after_the_meeting_and_its_key_with_it(apart: Panel) -> None:
    meeting = apart.with_pack(MAY)
    pack = opened(apart, meeting, MAY).pack
    apart.clock.forward(timedelta(days=5))
    opened(apart, meeting, MAY)
    assert apart.panels.packs.end_over() == 0

    apart.clock.forward(timedelta(days=1))

    with pytest.raises(CopyClosedError, match="day after the meeting"):
        opened(apart, meeting, MAY)
    assert (apart.panels.packs.end_over(), apart.panels.packs.end_over()) == (1, 0)
    assert entries(apart, pack)[-1] == "panel-pack.ended"
    assert not [one for one in apart.services.keystore.fields() if "panel-copy" in one.field]
    # Put back a day, by the clock or by hand, it opens no more.
    apart.clock.forward(timedelta(days=-2))
    with pytest.raises(CopyClosedError):
        opened(apart, meeting, MAY)
    assert housekeeping(apart.services).cases == 0


def test_a_clock_that_is_doubted_ends_no_copy(apart: Panel) -> None:
    apart.with_pack(MAY)
    apart.clock.forward(timedelta(days=400))
    apart.services.clock_guard.look()

    assert housekeeping(apart.services).clock_doubted
    assert [one for one in apart.services.keystore.fields() if "panel-copy" in one.field]


def test_a_meeting_is_held_with_who_must_be_there_then_closed_and_all_of_it_verifies(
    apart: Panel,
) -> None:
    meeting = apart.with_pack(MAY)
    meetings = apart.panels.meetings
    with pytest.raises(WrongStateError, match="on its day"):
        meetings.hold(meeting.reference, CORA)
    apart.clock.forward(timedelta(days=4))

    with pytest.raises(NotAllowedError):
        meetings.hold(meeting.reference, COLE)
    meetings.hold(meeting.reference, CORA)
    meetings.note(meeting.reference, COLE, MAY.id, Attends.ABSENT)
    meetings.note(meeting.reference, COLE, MAY.id, Attends.ABSENT)
    with pytest.raises(CopyClosedError):
        opened(apart, meeting, MAY)
    meetings.close(meeting.reference, COLE)

    assert opened(apart, meeting, PAT).number == 2
    assert entries(apart, meeting.reference) == [
        "meeting.called",
        "meeting.asked",
        "meeting.asked",
        "meeting.answered",
        "meeting.asked",
        "meeting.answered",
        "meeting.held",
        "meeting.answered",
        "meeting.closed",
    ]
    with apart.services.transaction() as tx:
        for register in ("meeting", "panel_pack"):
            assert list(tx.known().rows(register))


def test_a_cancelled_meeting_opens_no_copy_and_asks_nobody_more(panel: Panel) -> None:
    meeting = panel.with_pack(MAY)

    panel.panels.meetings.cancel(meeting.reference, COLE)

    with pytest.raises(CopyClosedError):
        opened(panel, meeting, MAY)
    with pytest.raises(WrongStateError):
        panel.panels.meetings.ask(meeting.reference, COLE, MAX.id, AskedAs.MEMBER)
    with pytest.raises(WrongStateError):
        panel.panels.packs.build(meeting.reference, COLE, panel.wanted(meeting))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"on": date(2026, 3, 15)}, "on"),
        ({"chair": COLE.id}, "chair"),
        ({"home_area": MAY.agency}, "home_area"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_named(
    panel: Panel, changes: dict[str, object], place: str
) -> None:
    said: dict[str, object] = {
        "case": panel.case,
        "on": MEETS_ON,
        "chair": CORA.id,
        "home_area": POLICE,
        **changes,
    }

    with pytest.raises(FaultyDocumentError) as refused:
        panel.panels.meetings.call(WantedMeeting(**said), COLE)  # type: ignore[arg-type]
    assert [fault.place for fault in refused.value.faults] == [place]


def test_whoever_is_disabled_chairs_nothing(apart: Panel) -> None:
    meeting = apart.asked(apart.called(), PAT)
    apart.panels.meetings.answer(meeting.reference, CORA, comes=True)
    apart.services.access.people.disable(CORA.id, replace(FIRST, agency=CORA.agency))

    with pytest.raises(FaultyDocumentError) as refused:
        apart.called()
    assert [fault.place for fault in refused.value.faults] == ["chair"]
    apart.clock.forward(MEETS_ON - apart.clock().date())
    with pytest.raises(WrongStateError, match="The council does not chair it"):
        apart.panels.meetings.hold(meeting.reference, CORA)


def test_meetings_are_about_cases_of_the_council_s_own_panel(panel: Panel) -> None:
    other = panel.services.cases.open(COLE, CaseKind.CONCERN).id

    with pytest.raises(FaultyDocumentError, match="own council's panel"):
        panel.panels.meetings.call(
            WantedMeeting(case=other, on=MEETS_ON, chair=CORA.id, home_area=POLICE), COLE
        )
    wanted = WantedMeeting(case=panel.case, on=MEETS_ON, chair=CORA.id, home_area=POLICE)
    with pytest.raises(UnknownCaseError):
        panel.panels.meetings.call(wanted, replace(COLE, id=PersonId("p-another")))
    with pytest.raises(NotAllowedError):
        panel.panels.meetings.call(wanted, MAY)


def test_a_pack_needs_something_that_was_released_and_a_question_of_the_council(
    panel: Panel,
) -> None:
    case = panel.services.cases.open(COLE, CaseKind.CHANNEL).id
    wanted = WantedMeeting(case=case, on=MEETS_ON, chair=CORA.id, home_area=POLICE)
    meeting = panel.panels.meetings.call(wanted, COLE)

    assert panel.panels.packs.released(meeting.reference, COLE, Entrance.CLI) == ()
    with pytest.raises(FaultyDocumentError) as refused:
        panel.panels.packs.build(meeting.reference, COLE, panel.wanted(meeting))
    assert [fault.place for fault in refused.value.faults] == ["case", "picks"]


@pytest.mark.parametrize("lapsed", ["trained_until", "cleared_until"])
def test_training_and_clearance_gate_a_copy(panel: Panel, lapsed: str) -> None:
    reader = Person(id=PersonId(f"p-{lapsed[:7]}"), agency=NEW.agency, role=Role.PRACTITIONER)
    entered_with(panel.services, "Ned Specimen", reader, **{lapsed: date(2026, 3, 15)})
    meeting = panel.with_pack(reader)

    with pytest.raises(CopyClosedError, match="not in date"):
        opened(panel, meeting, reader)


def test_a_row_that_was_edited_opens_nothing(apart: Panel) -> None:
    meeting = apart.with_pack(MAY)
    with apart.services.transaction() as tx:
        tx.connection.execute(meeting_table.update().values(on_day="2026-03-30"))

    with pytest.raises(RowDisagreesError):
        opened(apart, meeting, MAY)


def test_of_two_who_change_a_meeting_at_once_one_reads_that_it_changed(panel: Panel) -> None:
    meeting = panel.called()
    with panel.services.transaction() as tx:
        before = tx.meetings.find(meeting.reference)
    assert before is not None
    panel.asked(meeting, PAT)

    with pytest.raises(ChangedMeanwhileError), panel.services.transaction() as tx:
        tx.meetings.replace(before.asking(MAX.id, MAX.agency, AskedAs.MEMBER))


def test_who_is_asked_by_whom(panel: Panel) -> None:
    meeting = panel.called()
    refused: list[tuple[type[BrokerError], Person, PersonId, AskedAs]] = [
        (NotAllowedError, COLE, MAY.id, AskedAs.DELEGATE),
        (UnknownMeetingError, MAX, MAY.id, AskedAs.MEMBER),
        (UnknownPersonError, COLE, PersonId("p-nobody"), AskedAs.MEMBER),
    ]
    for error, by, whom, part in refused:
        with pytest.raises(error):
            panel.panels.meetings.ask(meeting.reference, by, whom, part)
    with pytest.raises(UnknownMeetingError):
        panel.panels.meetings.answer(meeting.reference, MAX, comes=True)


def test_what_is_told_of_a_meeting_holds_no_word_about_the_person(panel: Panel) -> None:
    meeting = panel.with_pack(MAY)
    opened(panel, meeting, MAY)

    kept, asked = (panel.panels.views.show(meeting.reference, one) for one in (COLE, MAY))

    told = json.dumps([kept.document(), asked.document()])
    assert "Tam" not in told
    assert "2010-05-04" not in told
    assert kept.opened == {MAY.id: 1}
    assert "opened" not in json.dumps(asked.document())
