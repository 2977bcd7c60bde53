"""A Guardian asks before deciding, the sender replies, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from brokers import NURSE, Clock
from callers import PACKS, REVIEWS, a_caller
from referrals import APPROVED, GUARDIAN, QUESTION, guardian_calling, recorded, refer, submit

from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.guardians.settling import Settlement
from broker.domain.json_values import as_object
from broker.domain.references import Reference
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.wiring import Services

ASKED = {"question": "Who else was there?", "relation": "independent", "principles": [2]}


@pytest.fixture(name="reference")
def _reference(services: Services) -> Reference:
    return refer(services)


def standing(services: Services, reference: Reference) -> tuple[State, date | None]:
    with services.transaction() as tx:
        disclosure = tx.store.disclosure(reference)
    return disclosure.state, disclosure.due_on


def test_a_question_goes_to_the_sender_and_the_reply_back(
    services: Services, reference: Reference, clock: Clock
) -> None:
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    assert standing(services, reference) == (State.ASKED, date(2026, 3, 17))
    clock.forward(timedelta(days=1))
    services.disclosures.reply(reference, NURSE, "Nobody else.")

    (question,) = services.referrals.show(reference, GUARDIAN, Entrance.API).questions
    assert standing(services, reference) == (State.REFERRED, date(2026, 3, 18))
    assert (question.text, question.reply) == ("Who else was there?", "Nobody else.")
    assert (question.asked_by, question.replied_by) == (GUARDIAN.id, NURSE.id)
    assert question.asked_on == date(2026, 3, 16)
    assert recorded(services, reference) == ["received", "decided", "asked", "replied", "read"]


def test_a_second_question_waits_for_the_first_reply(
    services: Services, reference: Reference
) -> None:
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    with pytest.raises(WrongStateError, match="One question at a time"):
        services.referrals.ask(reference, GUARDIAN, replace(QUESTION, reason="Since when?"))
    services.disclosures.reply(reference, NURSE, "Nobody else.")

    services.referrals.ask(reference, GUARDIAN, replace(QUESTION, reason="Since when?"))
    services.disclosures.reply(reference, NURSE, "Since May.")

    kept = services.referrals.show(reference, GUARDIAN, Entrance.API).questions
    assert [one.reply for one in kept] == ["Nobody else.", "Since May."]


def test_a_guardian_decides_without_a_reply(services: Services, reference: Reference) -> None:
    services.referrals.ask(reference, GUARDIAN, QUESTION)

    after = services.referrals.decide(reference, GUARDIAN, APPROVED)

    assert (after.state, standing(services, reference)) == (State.DECIDED, (State.DECIDED, None))
    with pytest.raises(WrongStateError, match="Nothing was asked"):
        services.disclosures.reply(reference, NURSE, "Nobody else.")


def test_a_self_approval_of_what_was_asked_waits_for_a_deputy(
    services: Services, reference: Reference
) -> None:
    services.referrals.ask(reference, GUARDIAN, QUESTION)

    services.referrals.decide(reference, replace(GUARDIAN, id=NURSE.id), APPROVED)

    assert standing(services, reference) == (State.REFERRED, date(2026, 3, 17))


@pytest.mark.parametrize(
    ("guardian", "relation"),
    [
        pytest.param(replace(GUARDIAN, id=NURSE.id), "independent", id="one's own request"),
        pytest.param(GUARDIAN, "author", id="one's own words"),
        pytest.param(GUARDIAN, "relative", id="a relative"),
    ],
)
def test_whoever_has_a_part_in_it_asks_nothing(
    services: Services, reference: Reference, guardian: Any, relation: str
) -> None:
    with pytest.raises(NotAllowedError, match="deputy"):
        services.referrals.ask(reference, guardian, replace(QUESTION, relation=relation))

    assert recorded(services, reference) == ["received", "decided"]


def test_what_waits_can_be_taken_back(services: Services, reference: Reference) -> None:
    other = refer(services, key="key-00000002")
    services.referrals.ask(other, GUARDIAN, QUESTION)

    for one in (reference, other):
        services.afterwards.recalling.recall(one, NURSE)

    assert standing(services, reference) == standing(services, other) == (State.RECALLED, None)
    assert services.referrals.waiting(GUARDIAN) == ()


def test_through_the_api_the_sender_sees_the_question_and_replies(
    services: Services, reference: Reference
) -> None:
    guardian, nurse = guardian_calling(services), a_caller(services)
    path = f"{PACKS}/{reference}"

    asked: Any = guardian.post(f"{REVIEWS}/{reference}/question", ASKED)
    seen: Any = nurse.get(path).json
    words: Any = nurse.get(f"{path}/questions").json
    replied: Any = nurse.post(f"{path}/reply", {"reply": "Nobody else."})

    assert (asked.status_code, asked.json["state"]) == (200, "asked")
    assert seen["questions"] == [
        {
            "asked_by": "p-guardian",
            "asked_on": "2026-03-16",
            "is_replied_to": False,
        }
    ]
    assert words["questions"][0]["question"] == "Who else was there?"
    assert "reply" in seen["next_step"]
    assert (replied.status_code, replied.json["state"]) == (200, "referred")
    assert replied.json["questions"][0]["is_replied_to"] is True


@pytest.mark.parametrize(
    "changes",
    [
        {"question": ""},
        {"question": "  "},
        {"principles": []},
        {"principles": [9]},
        {"relation": "friend"},
        {"leave_out": ["individual.name"]},
    ],
)
def test_a_question_without_its_grounds_is_refused(
    services: Services, reference: Reference, changes: dict[str, Any]
) -> None:
    answer = guardian_calling(services).post(
        f"{REVIEWS}/{reference}/question", {**ASKED, **changes}
    )

    assert answer.status_code in {403, 422}
    assert standing(services, reference)[0] is State.REFERRED


@pytest.mark.parametrize("words", ["", "  ", None, 7])
def test_an_empty_reply_is_refused(
    services: Services, reference: Reference, words: object
) -> None:
    services.referrals.ask(reference, GUARDIAN, QUESTION)

    answer = a_caller(services).post(f"{PACKS}/{reference}/reply", {"reply": words})

    assert answer.status_code in {403, 422}
    assert standing(services, reference)[0] is State.ASKED


UNKNOWN: dict[str, Any] = {
    "questions__told__status": "no",
    "questions__told__telling_raises_risk": "unknown",
    "questions__told__reason": "They were not on the ward any more.",
}
"""What the rules refer because nobody knows it."""

SAFE = Settlement(answers={"told.telling_raises_risk": "no"})


def test_what_an_answer_settles_goes_by_itself_where_nothing_else_stops_it(
    services: Services,
) -> None:
    reference = submit(services, **UNKNOWN)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    waited = services.disclosures.unsettled(reference, NURSE).places

    services.disclosures.reply(reference, NURSE, "It is safe now.", settles=SAFE)
    services.disclosures.reply(reference, NURSE, "It is safe now.", settles=SAFE)

    assert waited == ("told.telling_raises_risk",)
    assert standing(services, reference) == (State.DECIDED, None)
    decided = ["received", "decided", "asked", "replied", "decided"]
    assert recorded(services, reference) == decided
    assert services.disclosures.unsettled(reference, NURSE).places == ()


def test_an_answer_is_judged_anew_and_shown_to_both(services: Services) -> None:
    reference = refer(services, **UNKNOWN)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    path, nurse = f"{PACKS}/{reference}", a_caller(services)
    strange = nurse.post(
        f"{path}/reply", {"reply": "And more.", "answers": {"concern.harm": "some"}}
    )
    nonsense: Any = nurse.post(
        f"{path}/reply", {"reply": "Safe.", "answers": {"told.telling_raises_risk": "perhaps"}}
    )
    replied: Any = nurse.post(
        f"{path}/reply", {"reply": "It is safe now.", "answers": dict(SAFE.answers)}
    )
    mine: Any = nurse.get(f"{path}/questions").json
    read = services.referrals.show(reference, GUARDIAN, Entrance.API)

    assert (strange.status_code, nonsense.status_code) == (403, 422)
    assert nonsense.json["faults"][0]["place"] == "questions.told.telling_raises_risk"
    assert (replied.status_code, replied.json["state"]) == (200, "referred")
    assert mine["questions"][0]["settled"] == ["told.telling_raises_risk"]
    assert mine["only_an_answer_settles"] == []
    assert read.only_an_answer_settles == ()
    assert as_object(read.pack.questions["told"])["telling_raises_risk"] == "no"
    assert (read.questions[0].reply, read.disclosure.decision_number) == ("It is safe now.", 2)
