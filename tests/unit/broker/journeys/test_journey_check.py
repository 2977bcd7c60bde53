"""`check` and `try` show exactly what was judged: what they read, what stays, what is owed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from brokers import NOON, NURSE
from values import NOTHING_KNOWN, PREVENT, a_decision, a_route, an_obligation, the_rulebook

from broker.domain.facts import facts_of, with_refusal
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Duty
from broker.domain.obligations import LOOKED_BACK, duties_of, unkept
from broker.domain.times import uk_day
from broker.intake.documents import read_pack
from broker.web.journeys.answers import Answered, Answers, Circumstances, Contact, Minimum
from broker.web.journeys.check_page import check_page, page_of_field, page_of_place, try_page
from broker.web.journeys.journey import Journey
from broker.web.journeys.outcome_words import (
    YOURS,
    Named,
    before_sending,
    owed_of,
)
from policies import Effect, Finding, Outcome, Status, decide
from policies.decision import RuleId

TODAY = uk_day(NOON)
TEAM = Contact(
    mailbox=PREVENT.id,
    title=PREVENT.title,
    body="Northshire Example Police",
    kind="police",
    function="prevent-inbox",
)
KNOWN = Circumstances(
    today=TODAY,
    contacts=(TEAM,),
    usual=1,
    referrer="Nurse Example, ward 3",
    lead="Ward lead Example",
    lead_answers_here=True,
    lead_telephone="01632 960 009",
    minimums={
        purpose: Minimum(
            goes=fields.minimum,
            for_a_child=fields.for_a_child,
            with_a_reason=fields.with_a_reason,
        )
        for purpose, fields in the_rulebook().registers.purposes.items()
    },
    special_fields=the_rulebook().registers.special_fields,
)
NAMED = Named(recipient="Prevent team", lead="Ward lead Example", lead_telephone="01632 960 009")
MAILED: Mapping[str, object] = {
    "sender": {"mail": "seal"},
    "recipient": {"mail": "seal", "accepts_encrypted": "yes"},
}
AGREED: Answers = {
    "about": {"about": "person"},
    "danger": {"danger": "no"},
    "seen": {"story": "He met a recruiter three times.", "first": "2026-03-10"},
    "source": {"source": "first-hand"},
    "basis": {"basis": ["observed-behaviour", "contact-with-group"]},
    "harm": {"harm": "significant", "to_person": "no"},
    "crime": {"serious": "no", "terrorism": "no"},
    "who": {"name": "Zzcanary Qqcanary"},
    "age": {"dob": "1991-11-02"},
    "where": {"address": "5 Canarystreet"},
    "able": {"capacity": "presumed", "care": "no"},
    "told": {"told": "yes", "how": "He was told on the ward and agreed."},
    "agree": {"answer": "given", "said": "He said yes on the ward."},
    "agree-what": {"by": "person", "on": "2026-03-12", "scope": "usual"},
    "done": {},
    "lead": {"lead": "talked", "said": "Talked on Monday; refer."},
    "ask": {"recipient": PREVENT.id, "what": "Assess whether he is being drawn in."},
    "why": {
        "need": "Only the police can check the recruiter.",
        "less": "no",
        "fair": "Recruitment is near and grave, and little is shared.",
    },
    "more": {"fields": ["individual.religion", "individual.language", "individual.ethnicity"]},
    "field/individual.religion": {"text": "None given"},
    "field/individual.language": {"text": "English", "why": "An interpreter may be needed."},
    "field/individual.ethnicity": {"text": "Not for them"},
    "read": {"in_it": ["none"]},
}


def changed(**pages: Mapping[str, Any]) -> Answers:
    """Return the answers with pages replaced; `_` in a name is the `-` of a page."""
    return {**AGREED, **{name.replace("_", "-"): said for name, said in pages.items()}}


def judged(answers: Answers, known: Circumstances = KNOWN) -> Judgement:
    pack, *_ = Journey(known).packs_of(answers)
    read = read_pack(json.dumps(pack.document).encode(), the_rulebook().vocabulary, TODAY)
    facts = with_refusal(
        facts_of(read, a_route(), NOTHING_KNOWN, asked_at=NOON), refused_before=False
    )
    decision = decide(facts, the_rulebook())
    held_by = unkept(decision, read.confirmed)
    return a_judgement(
        asked=JudgementRequest(pack=read, person=NURSE, at=NOON),
        facts=facts,
        decision=decision,
        unkept=held_by,
        duties=() if held_by else duties_of(decision, TODAY),
    )


def a_judgement(**parts: Any) -> Judgement:
    pack = read_pack(
        json.dumps(Journey(KNOWN).packs_of(AGREED)[0].document).encode(),
        the_rulebook().vocabulary,
        TODAY,
    )
    usual: dict[str, Any] = {
        "asked": JudgementRequest(pack=pack, person=NURSE, at=NOON),
        "facts": MAILED,
        "decision": a_decision(),
        "unkept": {},
        "duties": (),
        "fingerprint": b"",
        "mailbox": PREVENT,
    }
    return Judgement(**{**usual, **parts})


def stopped(rule: str, effect: Effect, outcome: Outcome) -> Judgement:
    finding = Finding(
        rule=RuleId(rule), status=Status.NOT_MET, effect=effect, say="She said no.", law=()
    )
    return a_judgement(
        decision=a_decision(
            outcome=outcome, findings=(finding,), release=(), lawful_if=("She agrees.",)
        )
    )


def test_check_shows_what_they_read_in_the_order_of_the_document() -> None:
    journey = Journey(KNOWN)
    (pack,) = journey.packs_of(AGREED)
    judgement = judged(AGREED)

    page = check_page(AGREED, KNOWN, pack, judgement)

    assert {told.field for told in page.they_read} == set(judgement.decision.release)
    assert [told.label for told in page.they_read][:2] == [
        "Names, and any other names used",
        "Date of birth",
    ]
    assert page.recipient == "Prevent team"
    read = {told.field: told.text for told in page.they_read}
    assert read["individual.date_of_birth"] == "2 November 1991"
    changes = {told.field: told.change for told in page.they_read}
    assert changes["individual.name"] == "who"
    assert changes["consent.told"] == "told"
    assert changes["concerns.source"] == "wording/concerns.source"
    assert changes["individual.language"] == "field/individual.language"
    assert page.outcome.title.startswith("This can go")


def test_check_says_what_stays_and_why() -> None:
    (pack,) = Journey(KNOWN).packs_of(AGREED)
    page = check_page(AGREED, KNOWN, pack, judged(AGREED))

    stays = {each.field: (each.why, each.add_a_reason) for each in page.stays}

    assert stays == {
        "individual.religion": ("They need a reason for it.", "field/individual.religion"),
        "individual.ethnicity": ("They do not get this for this purpose.", ""),
    }


def test_a_special_field_with_a_reason_waits_for_the_guardian() -> None:
    answers = {**AGREED, "field/individual.religion": {"text": "None", "why": "It is his reason."}}
    (pack,) = Journey(KNOWN).packs_of(answers)

    page = check_page(answers, KNOWN, pack, judged(answers))

    religion = [each for each in page.stays if each.field == "individual.religion"]
    assert page.outcome.title == "Your Guardian decides this one"
    assert [each.why for each in religion] in ([], ["Your Guardian decides."])


def test_check_shows_the_answers_that_nobody_outside_reads_in_words() -> None:
    (pack,) = Journey(KNOWN).packs_of(AGREED)
    page = check_page(AGREED, KNOWN, pack, judged(AGREED))

    said = {each.asked: (each.answer, each.change) for each in page.nobody_outside_reads}

    assert said["Why can they not do it without this?"] == (
        "Only the police can check the recruiter.",
        "why",
    )
    assert said["Is a serious crime feared, or has one happened?"] == ("No", "crime")
    assert said["What is your worry based on?"][0] == (
        "Something they did; Contact with a person or group"
    )
    assert said["The day they answered"][0] == "12 March 2026"
    assert not {told.text for told in page.they_read} & {answer for answer, _ in said.values()}


def test_check_says_where_more_can_be_added() -> None:
    (pack,) = Journey(KNOWN).packs_of(AGREED)
    page = check_page(AGREED, KNOWN, pack, judged(AGREED))

    added = [each.id for each in page.can_still_add]

    assert {"seen", "who", "where", "done"} <= set(added)
    assert "why" not in added


def test_try_says_what_is_still_to_answer_and_what_would_make_it_right() -> None:
    answers: Answers = {
        name: AGREED[name] for name in ("about", "danger", "seen", "who", "age", "ask")
    }
    (pack,) = Journey(KNOWN).packs_of(answers)

    page = try_page(answers, KNOWN, pack, judged(answers))

    waiting = [each.id for each in page.still_to_answer]
    assert page.outcome.title == "This cannot go as it stands"
    assert page.outcome.items
    assert {"source", "basis", "why", "lead"} <= set(waiting)
    assert not {"seen", "who"} & set(waiting)


@pytest.mark.parametrize(
    ("place", "page"),
    [
        ("form.individual.name", "who"),
        ("questions.necessity.reason", "why"),
        ("questions.concern.observed_on", "seen"),
        ("questions.told.tell_by", "not-told"),
        ("attachments[0].carries", "file/1"),
        ("document", "check"),
    ],
)
def test_a_fault_of_intake_leads_to_the_page_that_mends_it(place: str, page: str) -> None:
    answered = Answered(changed(told={"told": "safe"}), KNOWN)

    assert page_of_place(place, answered) == page


def test_the_sentence_about_the_call_is_changed_as_a_wording() -> None:
    emergency = replace(KNOWN, kind=KNOWN.kind.EMERGENCY)
    answered = Answered({}, emergency)

    assert page_of_field("checks.emergency", answered) == "wording/checks.emergency"
    assert page_of_field("concerns.event", answered) == "now-what"


def test_a_permit_names_what_is_yours_and_the_first_day() -> None:
    duty = Duty(type="tell-the-person", due_on=date(2026, 3, 23), done_on=None)
    other = Duty(type="early-help", due_on=date(2026, 3, 24), done_on=None)
    one = a_judgement(duties=(duty,))
    two = a_judgement(
        duties=(other, duty), decision=a_decision(outcome=Outcome.PERMIT_WITH_OBLIGATIONS)
    )

    assert before_sending(a_judgement(), NAMED).title == "This can go"
    assert before_sending(one, NAMED).title == "This can go, and 2 things are yours to do"
    assert len(owed_of(one)) == 2
    words = before_sending(two, NAMED)
    assert words.title == "This can go, and 3 things are yours to do"
    assert "First, by 23 March 2026: Tell them what was sent, to whom and why." in words.sentences
    assert words.button == "Send"


def test_what_stays_is_said_with_a_permit() -> None:
    with_some_kept = a_judgement(decision=a_decision(withheld={"needs.health": "no reason"}))

    assert "Some of what you wrote stays with you." in " ".join(
        before_sending(with_some_kept, NAMED).sentences
    )


def test_while_the_lead_is_asked_it_waits_and_is_not_refused() -> None:
    waits = replace(KNOWN, check_status="not-asked")
    also_wrong = {**AGREED, "why": {**AGREED["why"], "less": "yes"}}
    nobody = changed(lead={"lead": "nobody"})

    titles = {}
    for name, answers, known in (
        ("asked", AGREED, waits),
        ("also wrong", also_wrong, waits),
        ("nobody", nobody, KNOWN),
    ):
        (pack,) = Journey(known).packs_of(answers)
        found = judged(answers, known)
        titles[name] = check_page(answers, known, pack, found).outcome.title

    assert titles == {
        "asked": "This waits for Ward lead Example",
        "also wrong": "This cannot go as it stands",
        "nobody": "This cannot go as it stands",
    }


def test_what_was_written_can_be_checked_while_nobody_reads_it_yet() -> None:
    waits = replace(KNOWN, check_status="not-asked")
    (pack,) = Journey(waits).packs_of(AGREED)
    (let_go,) = Journey(KNOWN).packs_of(AGREED)

    waiting = check_page(AGREED, waits, pack, judged(AGREED, waits))
    going = check_page(AGREED, KNOWN, let_go, judged(AGREED))

    assert waiting.they_read == ()
    assert {told.field for told in waiting.written} == {*pack.form}
    assert all(told.text and told.change for told in waiting.written)
    assert going.they_read
    assert going.written == ()


@pytest.mark.parametrize(
    ("lead", "said"),
    [("your lead", "I have talked to my lead"), ("Lea Specimen", "I have talked to Lea Specimen")],
)
def test_a_choice_speaks_of_ones_own_lead_in_the_first_person(lead: str, said: str) -> None:
    journey = Journey(replace(KNOWN, lead=lead))
    page = next(page for page in journey.pages(AGREED) if page.id == "lead")

    labels = {option.code: option.label for option in page.questions[0].options}

    assert labels["talked"] == said


def test_what_the_lead_answered_here_is_in_the_form_and_lets_it_go() -> None:
    answered = replace(
        KNOWN, check_status="done", lead_answered="With the lead on 15 March 2026: Refer."
    )
    typed = changed(lead={"lead": "cannot-wait", "said": "It cannot."})
    (pack,) = Journey(answered).packs_of(typed)

    questions = pack.document["questions"]
    assert isinstance(questions, dict)
    assert questions["check"] == {"status": "done", "reason": ""}
    assert pack.form["checks.discussed"] == "With the lead on 15 March 2026: Refer."


def test_what_is_owed_comes_in_the_order_of_its_days() -> None:
    late = Duty(type="early-help", due_on=date(2026, 3, 24), done_on=None)
    soon = Duty(type="refer-to-social-care", due_on=TODAY, done_on=None)
    decision = a_decision(
        obligations=(an_obligation("call-999"), an_obligation("guardian-review")),
    )

    owed = owed_of(a_judgement(duties=(late, soon), decision=decision))
    tonight = owed_of(a_judgement(duties=(soon,), decision=decision), evening=True)

    assert [each.type for each in owed] == [
        "call-999",
        "handover",
        "refer-to-social-care",
        "early-help",
    ]
    assert "Refer to social care tonight" in [each.words for each in tonight]


@pytest.mark.parametrize(
    ("accepts", "told", "first"),
    [("yes", "six words", "Ring and read out six words"), ("no", "a code", "Ring and tell them")],
)
def test_a_sender_is_told_of_words_or_of_a_code_by_the_way_that_it_goes(
    accepts: str, told: str, first: str
) -> None:
    recipient = {"mail": "seal", "accepts_encrypted": accepts}
    permit = a_judgement(
        facts={**MAILED, "recipient": recipient},
        decision=a_decision(release=frozenset({"individual.name"})),
    )

    assert told in " ".join(before_sending(permit, NAMED).sentences)
    assert owed_of(permit)[0].words.startswith(first)


def test_whatever_a_rule_leaves_to_be_done_afterwards_has_words_of_its_own() -> None:
    afterwards = {
        kind
        for kind, about in the_rulebook().obligations.items()
        if about.when == "after-release" and kind not in LOOKED_BACK
    }

    assert "early-help" in afterwards
    assert afterwards <= set(YOURS)


def test_a_day_to_look_again_is_named_or_set_by_us() -> None:
    set_by_us = owed_of(
        a_judgement(
            decision=a_decision(obligations=(an_obligation("do-not-tell-the-person-yet"),))
        )
    )

    assert "Do not tell them yet. Look again on the day that we set" in [
        each.words for each in set_by_us
    ]


def test_a_referral_to_the_guardian_is_no_criticism() -> None:
    referred = stopped("R13", Effect.REFER, Outcome.REFER)

    before = before_sending(referred, NAMED)

    assert before.button == "Send to your Guardian"
    assert before.items == ("She said no.",)
    assert "It is no criticism." in before.sentences[1]


def test_a_refusal_says_what_would_make_it_right_and_whom_to_ring() -> None:
    refused = stopped("R07", Effect.REFUSE, Outcome.REFUSE)

    words = before_sending(refused, NAMED)

    assert words.items == ("She agrees.",)
    assert "Ring Ward lead Example on 01632 960 009." in words.sentences[-1]
    assert words.button == "Change my answers"


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("R04", "Nothing makes this right here."),
        ("R22", "Nothing makes this right here."),
        (
            "R36",
            "The same was refused before. Ask again when something has changed, not the words.",
        ),
    ],
)
def test_some_refusals_have_no_list(rule: str, sentence: str) -> None:
    words = before_sending(stopped(rule, Effect.REFUSE, Outcome.REFUSE), NAMED)

    assert sentence in words.sentences
    assert (words.items, words.items_heading) == ((), "")


def test_what_nobody_can_keep_refuses_and_says_what_would_help() -> None:
    held = a_judgement(unkept={"redact-third-parties": "Replace the names by roles."})

    words = before_sending(held, NAMED)

    assert words.title == "This cannot go as it stands"
    assert words.items == ("Replace the names by roles.",)


def test_an_emergency_says_the_call_first() -> None:
    danger = a_judgement(decision=a_decision(outcome=Outcome.EMERGENCY))

    words = before_sending(danger, NAMED)

    assert words.button == "Send to the police now"
    assert words.sentences[0] == "Your 999 call comes first."
