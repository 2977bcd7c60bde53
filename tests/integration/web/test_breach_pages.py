"""Whoever notices says that something went wrong; Guardian and IG write it down and close it."""

from datetime import timedelta

import pytest
from brokers import NURSE, Clock, a_submission
from people import acting
from referrals import submit
from visits import Visit, signed_in

from broker.disclosures.breaches.opening import Noticed
from broker.domain.breaches.record import Cause, Kind, Step
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.wiring import Services

ABSENT = "PRV-0000-0000"
SAID = "It went to the inbox of another team."
WHY = "It was looked into, and this was found."


@pytest.fixture(name="reference")
def _reference(sqlite_broker: Services) -> Reference:
    return submit(sqlite_broker)


@pytest.fixture(name="ig")
def _ig(sqlite_broker: Services, clock: Clock, reference: Reference) -> Visit:
    assert str(reference)
    return signed_in(sqlite_broker, clock, Role.IG)


def test_ig_opens_a_record_writes_each_step_and_closes_it(
    sqlite_broker: Services, clock: Clock, ig: Visit, reference: Reference
) -> None:
    ig.get("/breaches/new")
    wrong = ig.send("/breaches/new", about="PRV-1").text
    for message in (
        "a reference that your organisation sent",
        "Select whether anything was lost",
        "Select what happened",
        "so that somebody who was not there understands it",
    ):
        assert message in wrong
    typed = {"kind": "breach", "cause": "wrong-recipient", "words": SAID}
    assert "that your organisation sent" in ig.send("/breaches/new", about=ABSENT, **typed).text

    page = ig.send("/breaches/new", about=str(reference), **typed).headers["Location"]
    assert "is late" not in ig.get(page).text
    assert "There is a problem" in ig.send(page).text

    clock.forward(timedelta(minutes=1))
    now = {"on-day": "16", "on-month": "3", "on-year": "2026", "time": "12:00"}
    assert "Select an answer" in ig.send(f"{page}/certain", words=WHY, **now).text
    ahead = {**now, "time": "23:59"}
    assert "not come yet" in ig.send(f"{page}/certain", choice="breach", words=WHY, **ahead).text
    no_time = ig.send(f"{page}/contained", words=WHY, **{**now, "time": "noon"}).text
    assert "Enter the time, such as 14:30" in no_time
    assert "Enter the day" in ig.send(f"{page}/contained", words=WHY, time="12:00").text
    long = ig.send(f"{page}/lesson", words="word " * 900).text
    assert "must be 4,000 characters or less" in long
    for step, choice in (
        (Step.CERTAIN, "breach"),
        (Step.CONTAINED, ""),
        (Step.RISK, "high"),
        (Step.REGULATOR, "not-reported"),
        (Step.PERSON, "told"),
        (Step.LESSON, ""),
    ):
        answer = ig.send(f"{page}/{step}", choice=choice, words=WHY, **now)
        assert (step, answer.headers["Location"]) == (step, page)
    assert "There is a risk to people, so it must be reported" in ig.get(page).text
    assert "midday on 19 March 2026" in ig.get("/breaches").text
    ig.get(f"{page}/regulator")
    ig.send(f"{page}/regulator", choice="reported", words="Case 4711 of theirs.", **now)
    assert ig.send(page).headers["Location"] == page

    closed = ig.get(page).text
    assert "Nothing is written into it any more" in closed
    assert SAID in closed
    assert ig.get("/breaches").text.count("Closed ") == 1
    assert ig.send(page).status_code == 409
    assert ig.get(f"{page}/nothing").status_code == 404
    assert sqlite_broker.log.differences() == ()


def test_a_late_report_asks_why_and_what_is_late_stands_on_both_pages(
    sqlite_broker: Services, clock: Clock, ig: Visit, reference: Reference
) -> None:
    record = sqlite_broker.afterwards.breaches.open(
        Noticed(
            kind=Kind.BREACH,
            cause=Cause.OTHER,
            words=SAID,
            about=reference,
            certain_at=clock() - timedelta(hours=73),
        ),
        NURSE,
    )
    page = f"/breaches/{record.id}"

    assert "The 72 hours are over" in ig.get("/breaches").text
    assert "The 72 hours are over" in ig.get(page).text
    assert "Why does it come late?" in ig.get(f"{page}/regulator").text
    now = {"on-day": "16", "on-month": "3", "on-year": "2026", "time": "12:00"}
    refused = ig.send(f"{page}/regulator", choice="reported", words=WHY, **now)
    assert refused.status_code == 422
    ig.send(f"{page}/regulator", choice="reported", words=WHY, late="It was a weekend.", **now)
    assert "It was a weekend." in ig.get(page).text


def test_a_sender_tells_of_it_on_the_referral_and_reads_where_it_stands_without_the_words(
    sqlite_broker: Services, clock: Clock, reference: Reference
) -> None:
    nurse = signed_in(sqlite_broker, clock)
    own = sqlite_broker.disclosures.submit(
        a_submission(sqlite_broker, "key-00000002"), acting(nurse.held, Role.PRACTITIONER)
    )
    sqlite_broker.dispatcher.dispatch()
    assert f"/referrals/{own}/wrong" in nurse.get(f"/referrals/{own}").text
    page = f"/referrals/{own}/wrong"
    assert "have this record" not in nurse.get(page).text
    assert nurse.send(page, kind="breach").status_code == 422

    told = nurse.send(page, kind="near-miss", cause="wrong-person", words=SAID)

    assert told.headers["Location"] == page
    shown = nurse.get(page).text
    assert "have this record of it" in shown
    assert "BRE-" in shown
    assert SAID not in shown
    assert nurse.get(f"/referrals/{reference}/wrong").status_code == 404
    assert nurse.get("/breaches").status_code == 403
