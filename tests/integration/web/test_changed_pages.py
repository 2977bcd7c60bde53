"""Something has changed, in pages: written, looked at, told once; and what the region hears."""

from datetime import timedelta

import pytest
from brokers import NURSE, Clock, a_submission
from people import acting, with_account
from regions import with_region
from visits import Visit, signed_in

from broker.domain.references import Reference, parse_reference
from broker.domain.roles import Role
from broker.wiring import Services

SAID = "They live with an aunt in another town since Monday."
TYPED = {
    "what": "moved",
    "on-day": "9",
    "on-month": "3",
    "on-year": "2026",
    "words": SAID,
    "known": "told",
    "source": "the ward's sister",
    "address": "7 Elsewhere Road, Southshire",
    "danger": "none",
    "why": "The police look for them where they no longer are.",
    "enough": "Only where they live now goes, and who told us.",
    "check": "done",
    "told": "yes",
}


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock, Role.PRACTITIONER)


def sent(services: Services, visit: Visit) -> Reference:
    sender = acting(visit.held, Role.PRACTITIONER)
    reference = services.disclosures.submit(a_submission(services), sender)
    services.dispatcher.dispatch()
    return reference


def test_a_change_is_written_looked_at_and_told_once(
    visit: Visit, sqlite_broker: Services
) -> None:
    reference = sent(sqlite_broker, visit)
    page = f"/referrals/{reference}/changed"
    assert page in visit.get(f"/referrals/{reference}").text
    asked = visit.get(page).text
    assert f"They got {reference}" in asked
    nothing = visit.send(page, to=str(reference), _action="continue")
    assert nothing.status_code == 422
    for said in ("Select what has changed", "Enter what has changed", "Enter why they need"):
        assert said in nothing.text
    tomorrow = visit.send(page, **{**TYPED, "on-day": "17", "to": str(reference)})
    assert (tomorrow.status_code, "is in the future" in tomorrow.text) == (422, True)
    assert SAID in visit.get(page).text
    nobody = visit.send(page, **TYPED)
    assert "Select whom you tell" in nobody.text
    late = visit.send(page, **{**TYPED, "check": "cannot-wait", "told": "no"})
    assert "Enter why it cannot wait" in late.text
    assert "Enter why they do not know yet" in late.text

    kept = visit.send(page, **TYPED, to=str(reference))
    assert (kept.status_code, kept.location) == (303, f"{page}/look")
    look = visit.get(kept.location).text
    for said in (SAID, "[Told by the ward&#39;s sister, 9 March 2026]", "7 Elsewhere Road"):
        assert said in look
    assert "/changed" not in visit.get("/referrals").text
    visit.get(kept.location)
    told = visit.send(kept.location)

    follow = parse_reference(told.location.rpartition("/")[2])
    with sqlite_broker.transaction() as tx:
        entries = tx.about(reference)
    events = [one.event for one in entries if one.type == "change.notified"]
    # Each look shows words of the first again.
    assert [one.type for one in entries].count("read") == 2
    assert [(one["disclosure"], one["what"]) for one in events] == [(str(follow), "moved")]
    assert visit.get(f"{page}/look").location == page
    assert "checked" in visit.get(page).text
    assert SAID not in visit.last.text


def test_who_is_no_member_of_the_case_finds_no_page(visit: Visit, sqlite_broker: Services) -> None:
    theirs = sqlite_broker.disclosures.submit(a_submission(sqlite_broker), NURSE)

    assert visit.get(f"/referrals/{theirs}/changed").status_code == 404
    assert visit.get(f"/referrals/{theirs}/changed/look").status_code == 404


def test_a_lead_tells_the_region_and_leaves_out_what_is_not_theirs(
    visit: Visit, sqlite_broker: Services, clock: Clock
) -> None:
    reference = sent(sqlite_broker, visit)
    lead = with_account(sqlite_broker, clock, "Lea Specimen", Role.LEAD)
    clock.forward(timedelta(minutes=1))
    page = Visit(client=visit.client, held=lead, clock=clock)
    visit.get("/account")
    visit.send("/sign-out")
    assert page.sign_in().status_code == 303
    without = page.get("/notices").text
    assert "no contact of the regional Prevent team" in without
    assert "Tell them" not in without
    with_region(sqlite_broker)

    shown = page.get("/notices").text
    assert "A referral to a local panel (Channel), 16 March 2026" in shown
    unsaid = page.send("/notices", about=str(reference), kind="panel-referral")
    assert (unsaid.status_code, "Say whether the region is told" in unsaid.text) == (422, True)
    told = page.send("/notices", about=str(reference), kind="panel-referral", _action="tell")
    assert (told.status_code, told.location) == (303, "/notices")
    assert "Told at" in page.get("/notices").text
    again = page.send("/notices", about=str(reference), kind="panel-referral", _action="tell")
    assert (again.status_code, "decided already" in again.text) == (422, True)
