"""A panel member asks for the pack of a meeting, waits for coordinator and chair, and gets it."""

from collections.abc import Iterator

import pytest
from homes import Prepared
from panels import COLE, CORA, DOT, MAX, MAY, PAT, Panel, a_panel, entered_with
from person_notices import notices

from broker.domain.model import Person
from broker.domain.panels.meetings import Meeting, UnknownMeetingError
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.panels.refusals import CopyClosedError
from keys import PersonId

COLE_AT = "p-cole@northshire-council.example"
CORA_AT = "p-cora@northshire-council.example"
MAY_AT = "p-may@northshire-council.example"


@pytest.fixture(name="panel")
def _panel(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Panel]:
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("asked-for") / "home")
    yield panel
    panel.services.close()


def entries(panel: Panel, meeting: Meeting) -> list[tuple[str, object]]:
    with panel.services.transaction() as tx:
        found = tx.ledger.entries_about(str(meeting.reference))
    return [(one.type, one.event.get("by")) for one in found if "pack" in one.type]


def told_of(panel: Panel, meeting: Meeting) -> list[tuple[str, str]]:
    return [one for one in notices(panel.services) if str(meeting.reference) in one[1]]


def test_a_member_asks_for_the_pack_and_gets_it_once_it_is_approved(panel: Panel) -> None:
    meeting = panel.asked(panel.called(), PAT, MAY)

    panel.panels.asking.ask_for(meeting.reference, MAY)
    panel.panels.asking.ask_for(meeting.reference, MAY)

    assert entries(panel, meeting) == [("panel-pack.asked-for", MAY.id)]
    assert [to for to, _ in told_of(panel, meeting)] == [COLE_AT, CORA_AT]
    assert all("asks for its pack" in said for _, said in told_of(panel, meeting))
    assert not any("May Specimen" in said for _, said in told_of(panel, meeting))
    with pytest.raises(CopyClosedError):
        panel.panels.copies.open(meeting.reference, MAY, Entrance.CLI)

    panel.built_and_approved(meeting)

    assert panel.panels.copies.open(meeting.reference, MAY, Entrance.CLI).name == "May Specimen"
    (said,) = [said for to, said in told_of(panel, meeting) if to == MAY_AT]
    assert "You can open your copy to the end of 21 March 2026" in said
    panel.panels.asking.ask_for(meeting.reference, MAY)
    assert len(entries(panel, meeting)) == 1


def test_who_waits_is_shown_to_whoever_keeps_it_and_to_nobody_else(panel: Panel) -> None:
    meeting = panel.asked(panel.called(), PAT, MAY)
    panel.panels.asking.ask_for(meeting.reference, MAY)
    views = panel.panels.views

    waits = [dict(views.show(meeting.reference, one).asked_for).keys() for one in (CORA, MAY, PAT)]

    assert waits == [{MAY.id}, {MAY.id}, set()]
    assert views.waited_for(CORA) == {meeting.reference}
    assert views.waited_for(MAY) == frozenset()
    panel.built_and_approved(meeting)
    assert views.waited_for(CORA) == frozenset()
    assert not views.show(meeting.reference, CORA).asked_for


def test_after_a_pack_was_withdrawn_it_is_asked_for_anew(panel: Panel) -> None:
    meeting = panel.asked(panel.called(), PAT, MAY)
    panel.panels.asking.ask_for(meeting.reference, MAY)
    panel.built_and_approved(meeting)
    panel.panels.packs.withdraw(meeting.reference, CORA)

    panel.panels.asking.ask_for(meeting.reference, MAY)

    assert entries(panel, meeting) == [("panel-pack.asked-for", MAY.id)] * 2


def test_whoever_is_not_asked_to_that_meeting_is_answered_as_if_there_were_none(
    panel: Panel,
) -> None:
    theirs = panel.asked(panel.called(), PAT, MAY)
    panel.asked(panel.called(), PAT, MAX)

    for stranger in (MAX, DOT):
        with pytest.raises(UnknownMeetingError):
            panel.panels.asking.ask_for(theirs.reference, stranger)
    panel.services.cases.end_member(COLE, theirs.case, MAY.id)
    with pytest.raises(UnknownMeetingError):
        panel.panels.asking.ask_for(theirs.reference, MAY)

    assert entries(panel, theirs) == []
    assert told_of(panel, theirs) == []


def test_what_would_not_open_cannot_be_asked_for(panel: Panel) -> None:
    untrained = Person(id=PersonId("p-una"), agency=MAY.agency, role=Role.MEMBER)
    entered_with(panel.services, "Una Specimen", untrained, trained_until=None)
    meeting = panel.asked(panel.called(), PAT, MAY, untrained)
    panel.panels.meetings.answer(meeting.reference, MAY, comes=False)

    with pytest.raises(CopyClosedError, match="You do not come"):
        panel.panels.asking.ask_for(meeting.reference, MAY)
    with pytest.raises(CopyClosedError, match="Your training is not in date"):
        panel.panels.asking.ask_for(meeting.reference, untrained)
    panel.panels.meetings.cancel(meeting.reference, CORA)
    with pytest.raises(CopyClosedError, match="Copies are over"):
        panel.panels.asking.ask_for(meeting.reference, PAT)


def test_whoever_asked_already_reads_when_and_who_answers(panel: Panel) -> None:
    meeting = panel.asked(panel.called(), PAT, MAY)
    panel.panels.asking.ask_for(meeting.reference, MAY)
    asked_already = (
        "You asked for it at midday on 16 March 2026, and need not ask again. The coordinator of "
        "Northshire Example Council answers, and Cora Specimen, who chairs the meeting. You are "
        "told once it opens."
    )

    assert said_to(panel, meeting, MAY) == (
        f"There is no pack yet: the coordinator builds it, and the chair approves it. "
        f"{asked_already}"
    )
    assert said_to(panel, meeting, PAT).endswith("the chair approves it. You can ask for it.")
    panel.panels.packs.build(meeting.reference, COLE, panel.wanted(meeting))
    assert said_to(panel, meeting, MAY) == (
        "The pack is built, and opens once the chair of the meeting approves it. " + asked_already
    )


def test_a_pack_that_was_stopped_can_be_asked_for_anew(panel: Panel) -> None:
    meeting = panel.with_pack(MAY)
    pack = panel.panels.copies.open(meeting.reference, MAY, Entrance.CLI).pack
    panel.services.afterwards.recalling.recall(pack, COLE)
    shown = panel.panels.views.show(meeting.reference, MAY)
    assert not shown.opens
    assert shown.may_ask_for_pack(meeting.on)
    assert said_to(panel, meeting, MAY) == (
        "This pack was stopped. The coordinator builds another. You can ask for it."
    )

    panel.panels.asking.ask_for(meeting.reference, MAY)

    assert entries(panel, meeting) == [("panel-pack.asked-for", MAY.id)]
    assert "You asked for it" in said_to(panel, meeting, MAY)


def said_to(panel: Panel, meeting: Meeting, person: Person) -> str:
    with pytest.raises(CopyClosedError) as refused:
        panel.panels.copies.open(meeting.reference, person, Entrance.CLI)
    return str(refused.value)
