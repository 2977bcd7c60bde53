"""What nobody sends or reads: people hear of it before it goes, once for each step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from brokers import NURSE, TEACHER, Clock
from people import BODY, acting, with_account, with_guardian
from person_notices import notices
from sqlalchemy import text as sql

from broker.domain.concerns.drafts import CHANGE, REVIEW, DraftText, Part
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.times import spelled_day, uk_day
from broker.operations.housekeeping import housekeeping
from broker.wiring import Services

WORRY = DraftText(answers={"seen": {"story": "Zzcanary said something. Fictitious."}})


def days_go_by(services: Services, clock: Clock, days: int) -> None:
    """Let days pass, then look twice at what is late, as two rounds do."""
    clock.forward(timedelta(days=days))
    for _ in range(2):
        services.concerns.going.chase()
        services.concerns.unread.chase()


def told(services: Services, words: str) -> list[str]:
    """To whom a notice with these words went."""
    return [to for to, said in notices(services) if words in said]


@pytest.fixture(name="writer")
def _writer(services: Services, clock: Clock) -> Person:
    return acting(with_account(services, clock, "Wren Specimen"), Role.PRACTITIONER)


@pytest.mark.parametrize("form", ["referral/1", f"{REVIEW}/1", f"{CHANGE}/1"])
def test_whoever_wrote_hears_seven_days_before_it_goes_and_once(
    services: Services, clock: Clock, writer: Person, form: str
) -> None:
    draft = services.concerns.drafts.begin(writer, form, WORRY)

    days_go_by(services, clock, 20)
    assert told(services, "have not sent") == []
    clock.forward(timedelta(days=1))
    housekeeping(services)
    assert len(told(services, "have not sent")) == 1
    days_go_by(services, clock, 4)

    assert told(services, f"until {spelled_day(draft.row.expires_on)}") == [
        "wren.specimen@northshire-trust.example"
    ]
    (said,) = (said for _, said in notices(services))
    assert "Zzcanary" not in said
    assert draft.row.id not in said


def test_what_is_saved_again_is_told_of_again(
    services: Services, clock: Clock, writer: Person
) -> None:
    draft = services.concerns.drafts.begin(writer, "referral/1", WORRY)
    days_go_by(services, clock, 22)
    again = services.concerns.drafts.save(
        writer, draft.row.id, seen=1, form="referral/1", text=WORRY
    )

    days_go_by(services, clock, 22)

    assert len(told(services, f"until {spelled_day(draft.row.expires_on)}")) == 1
    assert len(told(services, f"until {spelled_day(again.row.expires_on)}")) == 1


def test_everybody_who_writes_in_it_hears_and_who_only_reads_does_not(
    services: Services, clock: Clock, writer: Person
) -> None:
    drafts = services.concerns.drafts
    draft = drafts.begin(writer, "referral/1", WORRY)
    second = with_account(services, clock, "Sol Specimen")
    reader = with_account(services, clock, "Rhys Specimen", Role.LEAD)
    with services.transaction() as tx:
        held = drafts.admit(tx, draft, second.person, Part.WRITES)
        held = drafts.admit(tx, held, reader.person, Part.READS)
    drafts.note(held)

    days_go_by(services, clock, 22)

    assert told(services, "have not sent") == [
        second.address,
        "wren.specimen@northshire-trust.example",
    ]


def test_what_was_deleted_or_put_to_a_lead_is_told_to_nobody(
    services: Services, clock: Clock, writer: Person
) -> None:
    drafts = services.concerns.drafts
    gone = drafts.begin(writer, "referral/1", WORRY)
    drafts.delete(writer, gone.row.id)
    kept = drafts.begin(writer, "referral/1", WORRY)
    days_go_by(services, clock, 22)
    drafts.delete(writer, kept.row.id)

    assert len(told(services, "have not sent")) == 1
    with services.transaction.database.engine.begin() as connection:
        left = connection.execute(
            sql("select count(*) from high_water where subject like 'draft-told/%'")
        ).scalar_one()
    assert left == 0


def with_reports(services: Services) -> Services:
    """Return a gateway whose body reads what the public writes."""
    reports = replace(services.concerns.reports, body=BODY)
    unread = replace(services.concerns.unread, body=BODY)
    concerns = replace(services.concerns, reports=reports, unread=unread)
    return replace(services, concerns=concerns)


def test_a_report_that_nobody_reads_climbs_from_leads_to_guardians_and_before_it_goes(
    services: Services, clock: Clock
) -> None:
    lead = with_account(services, clock, "Lea Specimen", Role.LEAD)
    guardian = with_guardian(services, clock)
    reading = with_reports(services)
    came_on = uk_day(clock())
    reading.concerns.reports.take("He gave out leaflets. Fictitious.", "")
    assert told(services, "Somebody wrote on the public page") == [lead.address]

    days_go_by(reading, clock, 2)
    assert told(services, "nobody has settled") == [lead.address]
    days_go_by(reading, clock, 3)
    assert told(services, "nobody has settled") == [guardian.address, lead.address, lead.address]
    days_go_by(reading, clock, 17)

    goes = spelled_day(came_on + timedelta(days=28))
    assert told(services, f"until {goes}") == [guardian.address, lead.address]
    assert all("leaflets" not in said for _, said in notices(services))
    days_go_by(reading, clock, 7)
    reading.concerns.drafts.destroy_expired()
    assert reading.concerns.reports.waiting(acting(lead, Role.LEAD)) == ()
    assert len(notices(services)) == 6


def test_a_report_that_was_let_go_climbs_no_further(services: Services, clock: Clock) -> None:
    lead = with_account(services, clock, "Lea Specimen", Role.LEAD)
    reading = with_reports(services)
    reading.concerns.reports.take("He gave out leaflets. Fictitious.", "")
    (report,) = reading.concerns.reports.waiting(acting(lead, Role.LEAD))
    reading.concerns.reports.end(acting(lead, Role.LEAD), report.name)

    days_go_by(reading, clock, 25)

    assert len(notices(services)) == 1


def test_where_no_lead_is_left_a_late_report_is_told_to_the_guardian_at_once(
    services: Services, clock: Clock
) -> None:
    guardian = with_guardian(services, clock)
    reading = with_reports(services)
    reading.concerns.reports.take("He gave out leaflets. Fictitious.", "")

    days_go_by(reading, clock, 2)

    assert told(services, "nobody has settled") == [guardian.address]


def test_one_row_that_was_written_in_keeps_no_other_from_being_told(
    services: Services, clock: Clock, writer: Person
) -> None:
    drafts = services.concerns.drafts
    edited = drafts.begin(NURSE, "referral/1", WORRY)
    drafts.begin(TEACHER, "referral/1", WORRY)
    drafts.begin(writer, "referral/1", WORRY)
    with services.transaction.database.engine.begin() as connection:
        connection.execute(
            sql("update draft set saved_on = '2026-03-0x' where id = :id"),
            {"id": edited.row.id},
        )

    days_go_by(services, clock, 22)

    assert told(services, "have not sent") == ["wren.specimen@northshire-trust.example"]
