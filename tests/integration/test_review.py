"""The Caldicott Guardian sees what is referred, and decides it, on both databases."""

from dataclasses import replace

import pytest
from brokers import NURSE, a_token
from callers import REVIEWS, Caller
from referrals import APPROVED, GUARDIAN, WEIGHED, guardian_calling, recorded, refer

from broker.disclosures.reviews import reviews_of
from broker.domain.errors import NotAllowedError
from broker.domain.json_values import as_array, texts
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.storage.case_file import Part
from broker.wiring import Services


@pytest.fixture(name="reference")
def _reference(services: Services) -> Reference:
    return refer(services)


def test_what_is_referred_waits_for_the_agencys_guardian(
    services: Services, reference: Reference
) -> None:
    referral = services.referrals.show(reference, GUARDIAN, Entrance.API)

    assert [one.reference for one in services.referrals.waiting(GUARDIAN)] == [reference]
    assert referral.pack.form["concerns.source"] == "Seen by the referrer."
    assert "No agreement of the person holds." in referral.explanation


def test_an_independent_approval_lets_it_go(services: Services, reference: Reference) -> None:
    after = services.referrals.decide(reference, GUARDIAN, APPROVED)
    services.dispatcher.dispatch()

    assert (after.state, after.outcome) == (State.DECIDED, "permit-with-obligations")
    assert recorded(services, reference) == [
        "received",
        "decided",
        "reviewed",
        "decided",
        "sealed",
        "sent",
    ]
    with services.transaction() as tx:
        duties = {duty.type for duty in tx.duties.of(reference)}
    assert "guardian-review" in duties


def test_what_the_guardian_leaves_out_does_not_go(
    services: Services, reference: Reference
) -> None:
    reduced = replace(
        APPROVED, verdict="approve-reduced", left_out=frozenset({"individual.contact"})
    )

    after = services.referrals.decide(reference, GUARDIAN, reduced)

    with services.transaction() as tx:
        decision = tx.case_file(after).decision()
    assert "individual.contact" not in as_array(decision["release"])
    assert "individual.name" in as_array(decision["release"])


def test_nobody_approves_what_nobody_knows(services: Services) -> None:
    unknown = refer(
        services, "key-00000002", questions__subject__capacity="doubted", questions__danger="none"
    )
    referral = services.referrals.show(unknown, GUARDIAN, Entrance.API)
    before = recorded(services, unknown)
    with pytest.raises(NotAllowedError, match="what nobody knows: Help the person to decide"):
        services.referrals.preview(unknown, GUARDIAN, APPROVED, Entrance.API)
    with pytest.raises(NotAllowedError, match="Ask the sender"):
        services.referrals.decide(unknown, GUARDIAN, APPROVED)

    assert referral.decision.settled_by == {"R10": "only-an-answer", "R13": "your-word"}
    assert recorded(services, unknown) == before


def test_what_nobody_knows_can_be_refused(services: Services) -> None:
    unknown = refer(services, "key-00000002", questions__subject__capacity="doubted")

    after = services.referrals.decide(unknown, GUARDIAN, replace(APPROVED, verdict="refuse"))

    assert after.state is State.REFUSED


def test_an_independent_refusal_refuses(services: Services, reference: Reference) -> None:
    after = services.referrals.decide(reference, GUARDIAN, replace(APPROVED, verdict="refuse"))

    assert (after.state, after.outcome) == (State.REFUSED, "refuse")
    assert services.referrals.waiting(GUARDIAN) == ()


def test_nobody_approves_their_own_request_and_a_deputy_still_can(
    services: Services, reference: Reference
) -> None:
    own = replace(GUARDIAN, id=NURSE.id)

    after = services.referrals.decide(reference, own, APPROVED)

    assert (after.state, after.outcome) == (State.REFERRED, "refuse")
    assert services.referrals.decide(reference, GUARDIAN, APPROVED).state is State.DECIDED
    assert recorded(services, reference).count("reviewed") == 2


def test_a_refused_self_approval_says_what_would_make_it_count(
    services: Services, reference: Reference
) -> None:
    services.referrals.decide(reference, replace(GUARDIAN, id=NURSE.id), APPROVED)

    with services.transaction() as tx:
        decision = tx.case_file(tx.store.disclosure(reference)).decision()
    assert any("deputy" in sentence for sentence in texts(decision["lawful_if"]))


@pytest.mark.parametrize("relation", ["author", "subject", "relative", "line-report", "siro"])
def test_an_approver_with_a_part_in_it_does_not_count(
    services: Services, reference: Reference, relation: str
) -> None:
    after = services.referrals.decide(reference, GUARDIAN, replace(APPROVED, relation=relation))

    assert (after.state, after.outcome) == (State.REFERRED, "refuse")


def test_the_guardian_decides_through_the_api(services: Services, reference: Reference) -> None:
    guardian = guardian_calling(services)
    listed = guardian.get(REVIEWS).json
    shown = guardian.get(f"{REVIEWS}/{reference}").json
    assert listed is not None
    assert shown is not None
    assert [one["reference"] for one in listed["waiting"]] == [str(reference)]
    assert shown["pack"]["form"]["individual.name"] == "Zzcanary Qqcanary"

    body = {
        "verdict": "approve",
        "reason": "Harm outweighs.",
        "relation": "independent",
        "principles": [7],
        "public_interest": WEIGHED,
    }
    answer = guardian.post(f"{REVIEWS}/{reference}/decision", body)

    assert answer.status_code == 200
    assert answer.json["state"] == "decided"  # type: ignore[index]
    assert guardian.post(f"{REVIEWS}/{reference}/decision", body).status_code == 409


def test_a_decision_without_a_reason_is_refused(services: Services, reference: Reference) -> None:
    guardian = guardian_calling(services)
    body = {"verdict": "approve", "relation": "independent", "principles": [7]}

    for reason in (None, "", "   "):
        answer = guardian.post(f"{REVIEWS}/{reference}/decision", {**body, "reason": reason})
        assert answer.status_code in {403, 422}
    assert recorded(services, reference) == ["received", "decided"]


@pytest.mark.parametrize("principles", [None, [], [0], [9], [7, 9], ["7"], 7, [True], [7.5]])
def test_a_decision_rests_on_caldicott_principles(
    services: Services, reference: Reference, principles: object
) -> None:
    guardian = guardian_calling(services)
    body = {"verdict": "approve", "reason": "Harm outweighs.", "relation": "independent"}

    answer = guardian.post(f"{REVIEWS}/{reference}/decision", {**body, "principles": principles})

    assert answer.status_code in {403, 422}
    assert "rinciples" in answer.get_data(as_text=True)
    assert recorded(services, reference) == ["received", "decided"]


def test_the_ledger_names_the_principles_in_order(
    services: Services, reference: Reference
) -> None:
    services.referrals.decide(reference, GUARDIAN, replace(APPROVED, principles=frozenset({7, 3})))

    with services.transaction() as tx:
        (reviewed,) = (
            entry for entry in tx.ledger.entries_about(str(reference)) if entry.type == "reviewed"
        )
    assert reviewed.event["principles"] == [3, 7]


@pytest.mark.parametrize(
    "role", [Role.PRACTITIONER, Role.ADMINISTRATOR, Role.OPERATOR, Role.POLICE]
)
def test_only_a_guardian_reviews(services: Services, reference: Reference, role: Role) -> None:
    other = Caller(
        client=guardian_calling(services).client, token=a_token(services, GUARDIAN, role)
    )

    assert other.get(REVIEWS).status_code == 403
    assert other.post(f"{REVIEWS}/{reference}/decision").status_code == 403


def test_a_reason_that_an_earlier_release_kept_alone_is_passed_over(
    services: Services, reference: Reference
) -> None:
    with services.transaction() as tx:
        decided = replace(tx.store.disclosure(reference), decision_number=2)
        file = tx.case_file(decided)
        file.commit(Part.REVIEW.numbered(2), "Harm outweighs.")

        assert reviews_of(file) == ()
