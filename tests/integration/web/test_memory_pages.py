"""What is remembered, in pages: a lead looks at it, keeps it on with a reason, or ends it."""

from datetime import timedelta

from brokers import Clock
from referrals import deliver_and_note
from visits import signed_in

from broker.domain.roles import Role
from broker.wiring import Services

NUMBER = {"form__individual.nhs_number": "943 476 5919"}
WHY = "Two colleagues asked about the same family this spring."


def test_a_lead_keeps_what_is_remembered_on_and_ends_it(
    sqlite_broker: Services, clock: Clock
) -> None:
    reference = deliver_and_note(sqlite_broker, **NUMBER)
    clock.forward(timedelta(days=30))
    sqlite_broker.retention.disposals.run()
    clock.forward(timedelta(days=340))
    lead = signed_in(sqlite_broker, clock, Role.LEAD)
    page = f"/memories/{reference}"

    listed = lead.get("/memories").text
    assert page in listed
    assert "Look at it" in listed
    assert "An adult&#39;s: forgotten on 14 April 2029, the end of its time" in listed
    unsaid = lead.send(page, why="Yes", _action="keep")
    assert (unsaid.status_code, "Enter why it must be remembered" in unsaid.text) == (422, True)
    kept = lead.send(page, why=WHY, _action="keep")
    assert (kept.status_code, kept.location) == (303, "/memories")
    assert "Look at it" not in lead.get("/memories").text
    assert WHY in lead.get(page).text

    ended = lead.send(page, _action="end")

    assert (ended.status_code, ended.location) == (303, "/memories")
    assert "Nothing is remembered" in lead.get("/memories").text


def test_whoever_is_no_lead_is_not_shown_it(sqlite_broker: Services, clock: Clock) -> None:
    writer = signed_in(sqlite_broker, clock, Role.PRACTITIONER)

    assert writer.get("/memories").status_code == 403
    assert "/memories" not in writer.get("/referrals").text
