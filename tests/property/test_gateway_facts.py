"""The facts of any accepted pack can be judged, and other words never make another request."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from brokers import NOON
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from packs import FORM, with_attachment
from rounds import rounds
from values import (
    BASIS,
    NOTHING_KNOWN,
    POLICE,
    PREVENT,
    TRUST,
    a_read_pack,
    a_route,
    the_rulebook,
)

from broker.domain.errors import FaultyDocumentError
from broker.domain.facts import Route, facts_of, with_refusal, without_wording
from broker.domain.model import Pack
from policies import FIELDS, decide, faults_in

SHAPES = the_rulebook().vocabulary.shapes
AGENCY_KINDS = SHAPES["sender.kind"].words
MAILS = SHAPES["recipient.mail"].words
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MAYBE_DAYS = st.none() | DAYS
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=1_400)).map(lambda later: NOON + later)
WORDS = st.text("abc \u00e9\n", min_size=0, max_size=20)
ANSWERS = {
    place: st.sampled_from(SHAPES[place].words)
    for place in (
        "purpose",
        "danger",
        "material_assistance",
        "concern.harm",
        "concern.harm_to_person",
        "concern.serious_crime",
        "subject.capacity",
        "told.status",
        "duty.more_detrimental",
        "victim_request.applies",
        "victim_request.line_of_enquiry",
        "material.intelligence",
        "material.third_parties",
    )
}


def changed(answers: dict[str, Any]) -> dict[str, Any]:
    return {f"questions__{place.replace('.', '__')}": word for place, word in answers.items()}


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    answers = draw(st.fixed_dictionaries({}, optional=ANSWERS))
    carries = draw(st.lists(st.sampled_from(FIELDS), max_size=3, unique=True))
    notes = with_attachment("note.txt", *carries) if carries else []
    try:
        return a_read_pack(**changed(answers), attachments=notes)
    except FaultyDocumentError:
        assume(False)  # noqa: FBT003  # that is how hypothesis is told to look elsewhere
        raise


@st.composite
def routes(draw: st.DrawFn) -> Route:
    recipient = replace(
        POLICE,
        kind=draw(st.sampled_from(AGENCY_KINDS)),
        in_united_kingdom=draw(st.booleans()),
        sharing_agreement_until=draw(MAYBE_DAYS),
        suitability_until=draw(MAYBE_DAYS),
        undertaking_signed=draw(st.booleans()),
        sharing_duty_body=draw(st.booleans()),
    )
    return a_route(
        sender=replace(TRUST, bases=draw(st.sampled_from([{}, {"*": BASIS}, {"crime": BASIS}]))),
        recipient=recipient,
        mailbox=replace(PREVENT, verified_on=draw(MAYBE_DAYS)),
        mail=draw(st.sampled_from(MAILS)),
        way_out=draw(st.sampled_from(SHAPES["sender.mail"].words)),
    )


@settings(max_examples=rounds(60), deadline=None)
@given(pack=packs(), route=routes(), asked_at=MOMENTS, before=st.booleans())
def test_the_facts_of_an_accepted_pack_can_always_be_judged(
    pack: Pack, route: Route, asked_at: datetime, *, before: bool
) -> None:
    facts = with_refusal(
        facts_of(pack, route, NOTHING_KNOWN, asked_at=asked_at), refused_before=before
    )

    assert faults_in(facts, the_rulebook().vocabulary) == ()
    decision = decide(facts, the_rulebook())
    assert {*decision.release, *decision.withheld} == set(pack.fields)
    assert not set(decision.release) & set(decision.withheld)


@settings(max_examples=rounds(60), deadline=None)
@given(first=WORDS, second=WORDS, place=st.sampled_from(["necessity", "proportionality", "told"]))
def test_two_wordings_are_one_request_unless_one_says_nothing(
    first: str, second: str, place: str
) -> None:
    def said(words: str) -> object:
        pack = a_read_pack(form={"individual.name": FORM["individual.name"]})
        part: Any = pack.questions[place]
        questions = {**pack.questions, place: {**part, "reason": words}}
        facts = facts_of(
            replace(pack, questions=questions),
            a_route(),
            NOTHING_KNOWN,
            asked_at=NOON,
        )
        return without_wording(facts)

    assert (said(first) == said(second)) == (bool(first.strip()) == bool(second.strip()))


@st.composite
def two_answers(draw: st.DrawFn) -> tuple[str, str, str]:
    """One question, and two answers to it."""
    place = draw(st.sampled_from(sorted(ANSWERS)))
    return place, draw(ANSWERS[place]), draw(ANSWERS[place])


@settings(max_examples=rounds(100), deadline=None)
@given(two=two_answers())
def test_two_answers_to_one_question_are_one_request_only_if_they_are_equal(
    two: tuple[str, str, str],
) -> None:
    place, first, second = two

    def said(word: str) -> object:
        pack = a_read_pack(**changed({place: word}))
        return without_wording(facts_of(pack, a_route(), NOTHING_KNOWN, asked_at=NOON))

    assert (said(first) == said(second)) == (first == second)
