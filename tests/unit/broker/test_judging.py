"""From a decision to where a disclosure stands and what its sender is told."""

import pytest
from brokers import NOON, NURSE
from packs import QUESTIONS
from values import PREVENT, a_decision, a_read_pack, an_obligation

from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.obligations import CONFIRMED_BY_THE_SENDER, unkept
from broker.domain.states import State
from policies import Decision, Outcome, Timing

REDACT = an_obligation("redact-third-parties", Timing.BEFORE_RELEASE)


def judged(decision: Decision, confirmed: list[str] | None = None) -> Judgement:
    pack = a_read_pack(questions={**QUESTIONS, "confirmed": confirmed or []})
    return Judgement(
        asked=JudgementRequest(pack=pack, person=NURSE, at=NOON),
        facts={},
        decision=decision,
        unkept=unkept(decision, pack.confirmed),
        duties=(),
        fingerprint=b"",
        mailbox=PREVENT,
    )


@pytest.mark.parametrize(
    ("outcome", "state", "state_if_unkept"),
    [
        pytest.param(Outcome.PERMIT, State.DECIDED, State.REFUSED, id="permit"),
        pytest.param(
            Outcome.PERMIT_WITH_OBLIGATIONS, State.DECIDED, State.REFUSED, id="with obligations"
        ),
        pytest.param(Outcome.EMERGENCY, State.DECIDED, State.REFUSED, id="emergency"),
        pytest.param(Outcome.REFER, State.REFERRED, State.REFERRED, id="refer"),
        pytest.param(Outcome.REFUSE, State.REFUSED, State.REFUSED, id="refuse"),
    ],
)
def test_what_was_decided_goes_only_if_every_obligation_can_be_kept(
    outcome: Outcome, state: State, state_if_unkept: State
) -> None:
    decision = a_decision(outcome=outcome, obligations=(REDACT,))

    assert judged(decision, ["redact-third-parties"]).state is state
    assert judged(decision).state is state_if_unkept


def test_a_decision_whose_obligations_are_kept_is_told_as_it_is() -> None:
    decision = a_decision(obligations=(REDACT,))

    assert judged(decision, ["redact-third-parties"]).document() == decision.document()


def test_an_obligation_that_nobody_keeps_is_told_as_a_refusal_with_what_would_help() -> None:
    decision = a_decision(
        obligations=(REDACT,), withheld={"needs.health": "Not for this."}, lawful_if=("Other.",)
    )

    assert judged(decision).document() == {
        **decision.document(),
        "outcome": "refuse",
        "release": [],
        "withheld": {
            "individual.name": "Nothing goes until every obligation can be kept.",
            "needs.health": "Nothing goes until every obligation can be kept.",
        },
        "lawful_if": [CONFIRMED_BY_THE_SENDER["redact-third-parties"]],
    }
