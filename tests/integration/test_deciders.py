"""Who decides for a body: where nobody can, a referral says so and is never a permit."""

from dataclasses import replace

import pytest
from brokers import NURSE, Clock, a_submission
from callers import PREVIEWS, a_caller
from packs import a_pack
from people import BODY, FIRST, SCHOOL, acting, entered, with_guardian
from person_notices import notices
from referrals import APPROVED, GUARDIAN, QUESTION, REFERRED, refer, submit

from broker.alarms import alarms
from broker.disclosures import views
from broker.domain.errors import UnknownReferenceError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.registers import deciders
from broker.remedies import NOBODY_DECIDES
from broker.wiring import Services
from keys import AgencyId

SAYS_SO = deciders.NOBODY_DECIDES
GIL, GWEN, NIA = (f"{one}.specimen@{BODY}.example" for one in ("gil", "gwen", "nia"))


def next_step(services: Services, reference: Reference) -> object:
    view = views.view_of(services.disclosures, services.receipts, reference, NURSE)
    return view.document()["next_step"]


def test_a_referral_of_a_body_without_a_guardian_waits_for_nobody_and_says_so(
    sqlite_broker: Services, clock: Clock
) -> None:
    entered(sqlite_broker)
    reference = refer(sqlite_broker)

    assert next_step(sqlite_broker, reference) == SAYS_SO
    assert NOBODY_DECIDES in {alarm.code for alarm in alarms(sqlite_broker)}

    with_guardian(sqlite_broker, clock)

    assert next_step(sqlite_broker, reference) != SAYS_SO


def test_the_leads_of_a_body_without_a_guardian_hear_of_it_at_once(
    sqlite_broker: Services, clock: Clock
) -> None:
    entered(sqlite_broker, "Lea Specimen", Role.LEAD)
    entered(sqlite_broker, "Lou Specimen", Role.LEAD, agency=SCHOOL)
    sqlite_broker.disclosures.submit(a_submission(sqlite_broker, "key-00000002"), NURSE)
    assert notices(sqlite_broker) == []

    reference = refer(sqlite_broker)

    ((to, said),) = notices(sqlite_broker)
    assert to == f"lea.specimen@{BODY}.example"
    assert str(reference) in said
    assert "your organisation has none" in " ".join(said.split())
    with_guardian(sqlite_broker, clock)
    refer(sqlite_broker, "key-00000003")
    assert [to for to, _ in notices(sqlite_broker)] == [GWEN, f"lea.specimen@{BODY}.example"]


def test_each_guardian_hears_at_once_what_waits_for_them_by_reference_and_day_alone(
    sqlite_broker: Services, clock: Clock
) -> None:
    with_guardian(sqlite_broker, clock)
    with_guardian(sqlite_broker, clock, "Gil Specimen")
    with_guardian(sqlite_broker, clock, "Pia Specimen", agency=SCHOOL)

    reference = refer(sqlite_broker)

    told = notices(sqlite_broker)
    assert [to for to, _ in told] == [GIL, GWEN]
    said = " ".join(told[0][1].split())
    assert said.startswith(f"{reference}: a decision waits")
    assert f"A decision about {reference} waits for you, due 17 March 2026." in said
    assert "Alex" not in said
    assert "Specimen" not in said


def test_each_guardian_hears_of_an_emergency_as_its_sender_is_told(
    sqlite_broker: Services, clock: Clock
) -> None:
    with_guardian(sqlite_broker, clock)

    reference = submit(sqlite_broker, questions__danger="imminent", questions__purpose="emergency")

    ((to, said),) = notices(sqlite_broker)
    assert to == GWEN
    assert said.startswith(f"{reference}: an emergency went")


def test_nobody_hears_as_guardian_of_what_they_asked_for_or_may_not_decide(
    sqlite_broker: Services, clock: Clock
) -> None:
    gwen = with_guardian(sqlite_broker, clock)
    gil = with_guardian(sqlite_broker, clock, "Gil Specimen")
    theirs = acting(gwen, Role.PRACTITIONER)

    reference = sqlite_broker.disclosures.submit(
        a_submission(sqlite_broker, "key-00000009", **REFERRED), theirs
    )
    assert [to for to, _ in notices(sqlite_broker)] == [GIL]
    too_close = replace(APPROVED, relation="line-report")
    sqlite_broker.referrals.decide(reference, acting(gil, Role.GUARDIAN), too_close)

    assert [to for to, _ in notices(sqlite_broker)] == [GIL]


def test_question_reply_and_decision_are_each_told_to_whoever_goes_on(
    sqlite_broker: Services, clock: Clock
) -> None:
    gwen = acting(with_guardian(sqlite_broker, clock), Role.GUARDIAN)
    entered(sqlite_broker, "Nia Specimen", id_=NURSE.id)
    reference = refer(sqlite_broker)

    sqlite_broker.referrals.ask(reference, gwen, QUESTION)
    sqlite_broker.disclosures.reply(reference, NURSE, "Nobody else.")
    sqlite_broker.referrals.decide(reference, gwen, APPROVED)

    told = [(to, " ".join(said.split())) for to, said in notices(sqlite_broker)]
    assert [to for to, _ in told] == [GWEN, GWEN, NIA, NIA]
    assert told[0][1].startswith(f"{reference}: a decision waits")
    assert f"Your Guardian asks you something about {reference}." in told[2][1]
    assert f"Your Guardian decided {reference}. What comes next is yours." in told[3][1]


def test_before_anybody_is_entered_the_tokens_of_the_host_say_who_decides(
    sqlite_broker: Services,
) -> None:
    reference = refer(sqlite_broker)

    assert next_step(sqlite_broker, reference) != SAYS_SO
    assert NOBODY_DECIDES not in {alarm.code for alarm in alarms(sqlite_broker)}


def names_guardians_of(services: Services, body: AgencyId) -> None:
    with services.transaction() as tx:
        agency = tx.directory.agency(BODY)
    register = services.directory
    entries = register.entries()
    changed = replace(agency, guardian_body=body)
    rulebook = services.rulebooks.in_force()
    register.change(replace(entries, agencies=(changed,), mailboxes=()), rulebook, FIRST.id)


def test_guardians_of_the_body_that_is_named_decide_its_referrals_and_read_no_other_pack(
    sqlite_broker: Services,
) -> None:
    elsewhere = replace(GUARDIAN, agency=SCHOOL)
    referred = refer(sqlite_broker)
    sent = sqlite_broker.disclosures.submit(a_submission(sqlite_broker, "key-00000002"), NURSE)
    referrals = sqlite_broker.referrals
    with pytest.raises(UnknownReferenceError):
        referrals.show(referred, elsewhere, Entrance.API)
    assert referrals.waiting(elsewhere) == ()

    names_guardians_of(sqlite_broker, SCHOOL)

    assert [one.reference for one in referrals.waiting(elsewhere)] == [referred]
    assert referrals.show(referred, elsewhere, Entrance.API).disclosure.state is State.REFERRED
    with pytest.raises(UnknownReferenceError):
        referrals.show(sent, elsewhere, Entrance.API)


def test_trying_a_pack_says_before_anything_is_sent_that_nobody_could_decide(
    sqlite_broker: Services,
) -> None:
    nurse = a_caller(sqlite_broker)
    tried = a_pack(**REFERRED)
    assert nurse.post(PREVIEWS, tried).get_json()["next_step"] is None

    entered(sqlite_broker)

    assert nurse.post(PREVIEWS, tried).get_json()["next_step"] == SAYS_SO
    assert nurse.post(PREVIEWS, a_pack()).get_json()["next_step"] is None
