"""What comes after sending, from a browser alone: the call, stopping, replying, duties."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from brokers import Clock, a_submission
from people import acting, entered, with_account
from visits import Visit, code_asked, signed_in

from broker.domain.cases.agreements import Scope
from broker.domain.grounds import Grounds
from broker.domain.model import Person
from broker.domain.references import parse_reference
from broker.domain.roles import Role
from broker.guardian.answer import Answer
from broker.ledger.readings import READ
from broker.packs.passphrase import spell
from broker.retention.passphrases import Passphrases
from broker.wiring import Services
from keys import AgencyId, PersonId

GUARDIAN = Person(
    id=PersonId("p-guardian"), agency=AgencyId("northshire-trust"), role=Role.GUARDIAN
)


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock)


def submitted(services: Services, visit: Visit, **changes: Any) -> str:
    """Submit the sample pack as whoever visits, and return the address of its page."""
    sender = acting(visit.held, Role.PRACTITIONER)
    return f"/referrals/{services.disclosures.submit(a_submission(services, **changes), sender)}"


@pytest.fixture(name="sent")
def _sent(visit: Visit, sqlite_broker: Services) -> str:
    """A referral that has arrived."""
    address = submitted(sqlite_broker, visit)
    sqlite_broker.dispatcher.dispatch()
    return address


@pytest.fixture(name="waiting")
def _waiting(visit: Visit, sqlite_broker: Services) -> str:
    """A referral that a Guardian decides."""
    return submitted(
        sqlite_broker,
        visit,
        questions__agreement_to_share__status="refused",
        questions__concern__harm="serious",
        questions__public_interest__reason="Others would come to serious harm.",
    )


def read_out(visit: Visit, address: str, **typed: str) -> str:
    """Compare the code, show the words, and return the page with them."""
    visit.get(f"{address}/handover")
    compared = visit.send(f"{address}/handover", code=address.rpartition("/")[2])
    assert compared.headers["Location"] == f"{address}/words"
    before = visit.get(f"{address}/words")
    if before.status_code == 303:
        visit.get(before.headers["Location"])
        visit.clock.forward(timedelta(seconds=30))
        visit.send("/code", to=f"{address}/words", code=visit.held.code(visit.clock))
        visit.get(f"{address}/words")
    shown = visit.send(f"{address}/words", **typed)
    assert shown.status_code == 200
    return shown.text


def types(services: Services, address: str) -> list[str]:
    with services.transaction() as tx:
        return [one.type for one in tx.about(parse_reference(address.rpartition("/")[2]))]


def test_a_referral_is_rung_told_and_closed(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    waits = visit.get("/referrals").text
    call = visit.get(f"{sent}/handover").text
    words = read_out(visit, sent)
    visit.get(f"{sent}/opened")
    closed = visit.send(f"{sent}/opened", opened="yes", who="Desk officer, Prevent team")

    assert "Ring and read out six words" in waits
    assert "You need to act" in waits
    assert "01632 960" in call
    assert words.count("govuk-!-font-size-36") == 6
    assert all(spell(word) in words for word in re.findall(r"nowrap\">([a-z]+)</strong>", words))
    assert closed.headers["Location"] == sent
    assert "It has opened" in visit.get(sent).text
    assert "The words are gone" in visit.last.text
    assert "You saw the six words" in visit.last.text
    assert types(sqlite_broker, sent)[-2:] == ["revealed", "acknowledged"]
    assert "Note it in your own record" in visit.get("/referrals").text
    visit.send(f"{sent}/duties/update-the-record", said="In the register.", _action="done")
    assert "You need to act" not in visit.get("/referrals").text


def test_no_words_are_shown_before_the_code_of_the_document_was_read_back(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    visit.get(f"{sent}/handover")
    empty = visit.send(f"{sent}/handover", code=" ")
    other = visit.send(f"{sent}/handover", code="PRV-7Q4K-M2XH")

    assert (empty.status_code, other.status_code) == (422, 422)
    assert "Do not read out the words" in other.text
    assert "revealed" not in types(sqlite_broker, sent)


@pytest.mark.parametrize(
    "spelled",
    [str.lower, str.strip, lambda code: code[4:]],
    ids=["small", "whole", "without its letters"],
)
def test_the_code_may_be_typed_as_it_was_heard(
    visit: Visit, sent: str, spelled: Callable[[str], str]
) -> None:
    visit.get(f"{sent}/handover")

    answer = visit.send(f"{sent}/handover", code=spelled(sent.rpartition("/")[2]))

    assert answer.status_code == 303


def test_the_words_need_a_code_of_this_moment(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    visit.get(f"{sent}/words")
    visit.clock.forward(timedelta(minutes=6))
    asked = visit.get(f"{sent}/words")
    visit.get("/referrals")
    forced = visit.send(f"{sent}/words")

    assert code_asked(asked) == f"{sent}/words"
    assert code_asked(forced) == f"{sent}/words"
    assert "revealed" not in types(sqlite_broker, sent)
    assert "govuk-!-font-size-36" in read_out(visit, sent)


def test_a_second_telling_needs_a_reason_and_a_third_the_lead(
    visit: Visit, sent: str, sqlite_broker: Services, clock: Clock
) -> None:
    read_out(visit, sent)
    visit.get(f"{sent}/words")
    without = visit.send(f"{sent}/words", why="")
    read_out(visit, sent, why="The line was cut off before the end.")
    third = visit.get(f"{sent}/handover")
    forced = visit.send(f"{sent}/words", why="The line was cut off once more.")
    lead = Visit(
        client=type(visit.client)(visit.client.application, visit.client.response_wrapper),
        held=with_account(sqlite_broker, clock, "Nia Pattern", Role.LEAD),
        clock=clock,
    )
    lead.sign_in()

    assert without.status_code == 422
    assert "Enter why you tell the words again" in without.text
    assert "Your lead tells them from now on" in third.text
    assert forced.status_code == 403
    told = read_out(lead, sent, why="Their screen was locked meanwhile.")
    assert "govuk-!-font-size-36" in told
    assert types(sqlite_broker, sent).count("revealed") == 3


def test_what_was_not_told_twice_is_not_the_leads_to_tell(
    visit: Visit, sent: str, sqlite_broker: Services, clock: Clock
) -> None:
    lead = Visit(
        client=type(visit.client)(visit.client.application, visit.client.response_wrapper),
        held=with_account(sqlite_broker, clock, "Nia Pattern", Role.LEAD),
        clock=clock,
    )
    lead.sign_in()

    assert lead.get(f"{sent}/handover").status_code == 404


def test_words_that_are_gone_are_said_to_be_gone(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    visit.clock.forward(timedelta(days=15))
    Passphrases(transaction=sqlite_broker.transaction, clock=visit.clock).destroy_expired()
    visit.sign_in()

    assert "The words are gone. Send it again." in visit.get(f"{sent}/handover").text
    assert "The words are gone" in visit.get("/referrals").text
    visit.get(f"{sent}/opened")
    visit.send(f"{sent}/opened", opened="yes", who="Desk officer")
    assert "It has opened" in visit.get(sent).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param({}, "Select what happened", id="nothing"),
        pytest.param({"opened": "yes"}, "Enter who told you that it opened", id="nobody named"),
        pytest.param({"opened": "yes", "who": "x" * 501}, "500 characters", id="too much"),
    ],
)
def test_how_the_call_ended_must_be_said(
    visit: Visit, sent: str, typed: dict[str, str], says: str
) -> None:
    read_out(visit, sent)
    visit.get(f"{sent}/opened")

    answer = visit.send(f"{sent}/opened", **typed)

    assert answer.status_code == 422
    assert says in answer.text


@pytest.mark.parametrize(("said", "leads_to"), [("again", "/handover"), ("nobody", "")])
def test_a_call_that_did_not_end_well_goes_on(
    visit: Visit, sent: str, said: str, leads_to: str
) -> None:
    read_out(visit, sent)
    visit.get(f"{sent}/opened")

    assert visit.send(f"{sent}/opened", opened=said).headers["Location"] == f"{sent}{leads_to}"


@pytest.mark.parametrize("step", ["handover", "words", "opened"])
def test_what_its_reader_said_meanwhile_has_opened_is_no_fault_of_whoever_rings(
    visit: Visit, sqlite_broker: Services, sent: str, step: str
) -> None:
    """Their reader presses "It opens" in the inbox while the sender holds the line."""
    read_out(visit, sent)
    visit.get(f"{sent}/opened")
    reference = parse_reference(sent.rpartition("/")[2])
    reader = Person(id=PersonId("p-inbox"), agency=AgencyId("northshire-police"), role=Role.POLICE)
    sqlite_broker.inbox.acknowledge(reader, reference)

    said = visit.send(f"{sent}/opened", opened="yes", who="Sergeant Fictitious")
    looked = visit.get(f"{sent}/{step}")

    assert (said.status_code, said.headers["Location"]) == (303, sent)
    assert (looked.status_code, looked.headers["Location"]) == (303, sent)
    assert "It has opened" in visit.get(sent).text
    assert types(sqlite_broker, sent).count("acknowledged") == 1


def test_a_step_that_is_over_leads_back_to_where_its_referral_stands(
    visit: Visit, sqlite_broker: Services
) -> None:
    not_sent = submitted(sqlite_broker, visit)

    answer = visit.get(f"{not_sent}/handover")

    assert answer.status_code == 409
    assert f'href="{not_sent}">See how it stands now</a>' in answer.text


def test_a_sending_is_stopped_with_a_reason_that_stays_locked(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    visit.get(f"{sent}/stop")
    nothing = visit.send(f"{sent}/stop", why="")
    else_ = visit.send(f"{sent}/stop", why="else", said="")
    long = visit.send(f"{sent}/stop", why="else", said="x" * 4_001)
    visit.send(f"{sent}/stop", why="recipient", said="It is the inbox of another county.")

    assert [one.status_code for one in (nothing, else_, long)] == [422, 422, 422]
    assert "Nobody can open it" in visit.get(sent).text
    with sqlite_broker.transaction() as tx:
        reference = parse_reference(sent.rpartition("/")[2])
        (recalled,) = (entry for entry in tx.about(reference) if entry.type == "recalled")
        file = tx.case_file(tx.disclosure(reference))
        kept = [file.found(name) for name in file.fields() if name.startswith("stop/")]
    assert recalled.event["why_c"]
    assert kept == ["Wrong recipient. It is the inbox of another county."]


def test_who_heard_the_words_is_rung_when_it_is_stopped(visit: Visit, sent: str) -> None:
    read_out(visit, sent)
    before = visit.get(f"{sent}/stop").text
    visit.send(f"{sent}/stop", why="person")

    assert "They have heard the words" in before
    assert "ask them to delete it" in visit.get(sent).text


def test_of_what_has_opened_the_deletion_is_asked_for(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    entered(sqlite_broker, "Gwen Sample", id_=GUARDIAN.id)
    read_out(visit, sent)
    visit.get(f"{sent}/opened")
    visit.send(f"{sent}/opened", opened="yes", who="Desk officer")

    assert "Ask them to delete it" in visit.get(sent).text
    assert "it cannot be called back" in visit.get(f"{sent}/stop").text
    said = "It is the inbox of another county."

    assert visit.send(f"{sent}/stop", why="recipient", said=said).headers["Location"] == sent

    shown = visit.get(sent).text
    assert "It has opened" in shown
    assert "They were asked to delete it, and nobody has said that they did" in shown
    assert f"{sent}/stop" not in shown
    assert "Did they delete it?" in visit.get(f"{sent}/deleted").text
    visit.get(f"{sent}/stop")
    assert visit.send(f"{sent}/stop", why="person").status_code == 409
    with sqlite_broker.transaction() as tx:
        reference = parse_reference(sent.rpartition("/")[2])
        assert tx.case_file(tx.disclosure(reference)).found("call-back") == (
            f"Wrong recipient. {said}"
        )
    assert sqlite_broker.log.differences() == ()


def test_a_guardians_question_is_read_and_answered(
    visit: Visit, waiting: str, sqlite_broker: Services
) -> None:
    address = waiting
    reference = parse_reference(address.rpartition("/")[2])
    question = Grounds(
        reason="Did you ask him twice? Fictitious.",
        relation="independent",
        principles=frozenset({2}),
    )
    sqlite_broker.referrals.ask(reference, GUARDIAN, question)

    assert "Answer your Guardian&#39;s question" in visit.get("/referrals").text
    assert "Did you ask him twice?" not in visit.get(address).text
    assert "Did you ask him twice?" in visit.get(f"{address}/reply").text
    empty = visit.send(f"{address}/reply", reply=" ")
    long = visit.send(f"{address}/reply", reply="x" * 4_001)
    sent = visit.send(f"{address}/reply", reply="Yes, on both days. Fictitious.")
    assert (empty.status_code, long.status_code, sent.status_code) == (422, 422, 303)
    assert "Nothing was sent" in visit.get(address).text
    assert "Yes, on both days." in visit.get(f"{address}/messages").text
    assert "Nothing waits for your reply" in visit.get(f"{address}/reply").text
    assert READ in types(sqlite_broker, address)


def test_what_nobody_knew_is_answered_beside_the_reply_and_judged_anew(
    visit: Visit, sqlite_broker: Services
) -> None:
    address = submitted(
        sqlite_broker,
        visit,
        questions__told__status="no",
        questions__told__telling_raises_risk="unknown",
        questions__told__reason="They had left the ward. Fictitious.",
    )
    question = Grounds(
        reason="Is it safe to tell him? Fictitious.",
        relation="independent",
        principles=frozenset({2}),
    )
    sqlite_broker.referrals.ask(parse_reference(address.rpartition("/")[2]), GUARDIAN, question)

    asked = visit.get(f"{address}/reply").text
    empty = visit.send(f"{address}/reply", reply="It is safe now. Fictitious.")
    sent = visit.send(
        f"{address}/reply", **{"reply": "It is safe now. Fictitious.", "told--told": "safe"}
    )

    assert "What nobody knew" in asked
    assert "Does this person know that you are making this referral?" in asked
    assert empty.status_code == 422
    assert "It is safe now. Fictitious." in empty.text
    assert sent.status_code == 303
    sqlite_broker.dispatcher.dispatch()
    assert types(sqlite_broker, address)[-3:] == ["decided", "sealed", "sent"]


def test_a_guardians_reasons_are_read_where_they_refused(
    visit: Visit, waiting: str, sqlite_broker: Services
) -> None:
    address = waiting
    answer = Answer(
        verdict="refuse",
        reason="Talk to him once more first. Fictitious.",
        relation="independent",
        principles=frozenset({3}),
    )
    sqlite_broker.referrals.decide(parse_reference(address.rpartition("/")[2]), GUARDIAN, answer)

    assert "This cannot go as it stands" in visit.get(address).text
    assert "Talk to him once more" not in visit.last.text
    read = visit.get(f"{address}/messages").text
    assert "They did not let it go." in read
    assert "Talk to him once more first." in read


@pytest.fixture(name="owed")
def _owed(visit: Visit, sqlite_broker: Services) -> str:
    """A referral after which the person has still to be told."""
    return submitted(
        sqlite_broker,
        visit,
        questions__told__status="no",
        questions__told__telling_raises_risk="no",
        questions__told__reason="He had left before we could. Fictitious.",
    )


def test_what_is_owed_is_late_first_and_given_up_in_words(
    visit: Visit, owed: str, sqlite_broker: Services
) -> None:
    page = f"{owed}/duties/tell-the-person"
    visit.clock.forward(timedelta(days=30))
    visit.sign_in()
    late = visit.get("/referrals").text
    visit.get(page)
    without = visit.send(page, said="", _action="cannot")
    long = visit.send(page, said="x" * 4_001, _action="done")
    ended = visit.send(page, said="They have left, nobody can be told.", _action="cannot")

    assert "days late" in late
    assert (without.status_code, long.status_code, ended.status_code) == (422, 422, 303)
    assert "It could not be done, you wrote on" in visit.get(owed).text
    assert visit.get(page).status_code == 404
    assert types(sqlite_broker, owed)[-1] == "duty.given-up"


def test_a_duty_that_was_done_is_no_longer_asked(visit: Visit, owed: str) -> None:
    visit.get(f"{owed}/duties/tell-the-person")

    visit.send(f"{owed}/duties/tell-the-person", said="By telephone at noon.", _action="done")

    assert "Done on 16 March 2026" in visit.get(owed).text
    assert visit.get(f"{owed}/duties/guardian-review").status_code == 404


def test_the_note_the_receipt_and_the_document_name_nobody_outside(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    note = visit.get(f"{sent}/note")
    receipt = visit.get(f"{sent}/receipt")
    document = visit.get(f"{sent}/document")

    assert "Alex Fictitious" not in note.text
    assert "What went" in note.text
    assert receipt.get_data().startswith(b"c2sp.org/tlog-proof")
    assert document.get_data().startswith(b"%PDF")
    assert f"{sent.rpartition('/')[2]}.pdf" in document.headers["Content-Disposition"]
    assert types(sqlite_broker, sent)[-1] == READ


def test_the_document_needs_a_fresh_code_and_is_none_before_it_was_made(
    visit: Visit, waiting: str
) -> None:
    address = waiting
    none = visit.get(f"{address}/document")
    visit.clock.forward(timedelta(minutes=6))

    asked = visit.get(f"{address}/document")

    assert none.status_code == 404
    assert code_asked(asked) == f"{address}/document"


def test_a_case_whose_words_are_gone_says_since_when(
    visit: Visit, waiting: str, sqlite_broker: Services
) -> None:
    address = waiting
    reference = parse_reference(address.rpartition("/")[2])
    with sqlite_broker.transaction() as tx:
        case = tx.disclosure(reference).case
    sqlite_broker.retention.erasures.erase(case, GUARDIAN.id, "request")

    gone = visit.get(address)

    assert gone.status_code == 200
    assert "Its words are gone since" in gone.text


def test_a_referral_of_somebody_else_does_not_exist(
    visit: Visit, sent: str, sqlite_broker: Services, clock: Clock
) -> None:
    stranger = Visit(
        client=type(visit.client)(visit.client.application, visit.client.response_wrapper),
        held=with_account(sqlite_broker, clock, "Nia Pattern"),
        clock=clock,
    )
    stranger.sign_in()
    pages = ("", "/handover", "/words", "/opened", "/stop", "/reply", "/messages", "/note")

    assert {stranger.get(f"{sent}{page}").status_code for page in pages} == {404}
    assert sent.rpartition("/")[2] not in stranger.get("/referrals").text


def test_a_name_is_in_no_title_and_no_address(visit: Visit, sent: str) -> None:
    for page in ("", "/handover", "/words", "/stop", "/note", "/messages"):
        title = visit.get(f"{sent}{page}").text.partition("<title>")[2].partition("</title>")[0]
        assert "Alex" not in title


def test_they_changed_their_mind_and_everybody_who_got_something_is_told(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    page = visit.get(f"{sent}/agreement").text
    nothing = visit.send(f"{sent}/agreement", kind="")
    support = visit.send(f"{sent}/agreement", kind="support")
    taken_back = visit.send(f"{sent}/agreement", kind="share")

    assert "Northshire Example Police" in page
    assert (nothing.status_code, support.status_code) == (422, 422)
    assert "Nothing was given" in support.text
    assert taken_back.status_code == 303
    assert "Taken back, said by the person" in visit.get(f"{sent}/agreement").text
    assert len(list(sqlite_broker.home.pickup.glob("notice-*.eml"))) == 1


def test_of_two_who_agreed_to_support_one_is_chosen(visit: Visit, sqlite_broker: Services) -> None:
    young = {"questions__subject__date_of_birth": "2009-05-02"}
    form_of = {"form__individual.date_of_birth": "2009-05-02"}
    sent = submitted(sqlite_broker, visit, **young, **form_of)
    form = f"{sent}/agreement/support"
    visit.get(form)
    for giver in ("person", "parent"):
        given = {"status": "given", "giver": giver, "on-day": "9", "on-month": "3"}
        until = {"until-day": "9", "until-month": "9", "until-year": "2026"}
        assert visit.send(form, **given, **{"on-year": "2026"}, **until).status_code == 303

    page = visit.get(f"{sent}/agreement").text
    visit.send(f"{sent}/agreement", kind="support-parent")
    after = visit.get(f"{sent}/agreement").text

    assert "That they take part in support, said by the person" in page
    assert "That they take part in support, said by a parent or guardian" in page
    assert "Taken back, said by a parent or guardian" in after
    assert "Yes, said by the person" in after


def test_what_they_answer_later_is_recorded_over_what_was_seen_and_ends_with_an_18th_birthday(
    visit: Visit, sent: str, sqlite_broker: Services
) -> None:
    form = f"{sent}/agreement/share"
    given = {"status": "given", "giver": "person", "on-day": "9", "on-month": "3", "scope": "this"}
    page = visit.get(form).text
    empty = visit.send(form, status="")
    unsaid = visit.send(form, status="given")
    recorded = visit.send(form, **given, **{"on-year": "2026"})
    stale, strange = (
        visit.send(form, **given, **{"on-year": "2026", "_seen-person": seen})
        for seen in ("0", "9" * 5_000)
    )
    told = visit.send(f"{sent}/agreement/told", **{**given, "on-year": "2026"})

    assert "Do they agree that it is shared?" in page
    assert "Select where this stands" in empty.text
    assert "Select who answered" in unsaid.text
    assert "Enter the day they answered" in unsaid.text
    assert "Select what they agreed to" in unsaid.text
    assert (recorded.status_code, told.status_code) == (303, 303)
    assert "Somebody else recorded an answer meanwhile" in stale.text
    assert "Somebody else recorded an answer meanwhile" in strange.text
    visit.get(f"{sent}/agreement/support")
    visit.send(f"{sent}/agreement/support", **{**given, "giver": "parent", "on-year": "2026"})
    standing = visit.get(f"{sent}/agreement").text
    assert "Yes, said by the person" in standing
    assert "Yes, and its time is over, said by a parent or guardian" in standing
    assert visit.get(f"{sent}/agreement/something").status_code == 404
    writer = acting(visit.held, Role.PRACTITIONER)
    shown = sqlite_broker.afterwards.agreements.show(writer, sent.rpartition("/")[2])
    share = next(one for one in shown.records if one.kind == "share")
    assert share.scope == Scope(recipients=("police",), purposes=("referral",))
