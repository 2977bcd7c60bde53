"""The use cases of a disclosure beyond the straight path, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from brokers import NURSE, TEACHER, Clock
from packs import pack_bytes
from sqlalchemy.exc import IntegrityError

from broker.delivery.courier import Receipt
from broker.domain.errors import RejectedError, UnknownReferenceError, WrongStateError
from broker.domain.model import State
from broker.domain.references import Reference, parse_reference
from broker.intake.documents import read_pack
from broker.intake.submissions import submission_of
from broker.wiring import Services


def submitted(made: Services, key: str = "key-00000001", **changes: object) -> Reference:
    submission = submission_of(
        made.rulebook.vocabulary, made.idempotency, pack_bytes(**changes), {}, key
    )
    return made.disclosures.submit(submission, NURSE)


def state_of(made: Services, reference: Reference) -> State:
    with made.transaction() as tx:
        return tx.store.disclosure(reference).state


def test_twenty_calls_at_once_with_one_key_are_one_submission(made: Services) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        references = set(pool.map(lambda _: submitted(made), range(20)))

    assert len(references) == 1
    with made.transaction() as tx:
        kept = tx.store.disclosures_of(NURSE.agency, limit=50)
        recorded = [entry.type for entry in tx.ledger.entries()]
    assert [one.reference for one in kept] == list(references)
    assert recorded.count("received") == 1


def test_a_broken_constraint_that_no_key_explains_is_not_hidden(
    made: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = submitted(made)
    # A reference drawn twice: one in twenty thousand million.
    monkeypatch.setattr("broker.disclosures.flow.new_reference", lambda: reference)

    with pytest.raises(IntegrityError):
        submitted(made, "key-00000002")


def test_the_same_facts_in_other_words_are_refused_again(made: Services) -> None:
    harmless = {"questions__concern__harm": "none"}
    submitted(made, **harmless)
    again = read_pack(
        pack_bytes(**harmless, questions__necessity__reason="Said in quite another way."),
        made.rulebook.vocabulary,
    )

    judgement = made.disclosures.preview(again, NURSE)

    assert judgement.facts["previously_refused"] == "yes"
    (finding,) = [one for one in judgement.decision.findings if one.rule == "R36"]
    assert (finding.status, finding.effect) == ("not-met", "refuse")


def test_another_fact_is_another_request(made: Services) -> None:
    submitted(made, questions__concern__harm="none")
    changed = read_pack(pack_bytes(), made.rulebook.vocabulary)

    assert made.disclosures.preview(changed, NURSE).facts["previously_refused"] == "no"


def test_what_only_a_person_can_keep_must_be_confirmed(made: Services) -> None:
    others = {"questions__material__third_parties": "yes"}
    held = read_pack(pack_bytes(**others), made.rulebook.vocabulary)
    confirmed = read_pack(
        pack_bytes(**others, questions__confirmed=["redact-third-parties"]),
        made.rulebook.vocabulary,
    )

    refused = made.disclosures.preview(held, NURSE)
    permitted = made.disclosures.preview(confirmed, NURSE)

    assert refused.state is State.REFUSED
    assert refused.document()["outcome"] == "refuse"
    assert refused.document()["release"] == []
    assert "questions.confirmed" in str(refused.document()["lawful_if"])
    assert permitted.state is State.DECIDED


def test_what_was_refused_for_an_obligation_goes_once_it_is_kept(made: Services) -> None:
    held = submitted(made, questions__material__third_parties="yes")
    kept = submitted(
        made,
        "key-00000002",
        questions__material__third_parties="yes",
        questions__confirmed=["redact-third-parties"],
    )

    assert (state_of(made, held), state_of(made, kept)) == (State.REFUSED, State.DECIDED)


def test_a_transaction_inside_a_transaction_is_a_mistake_that_shows(made: Services) -> None:
    with (
        made.transaction(),
        pytest.raises(RuntimeError, match="open in this thread already"),
        made.transaction(),
    ):
        pass


def test_a_referred_pack_is_not_sent(made: Services) -> None:
    reference = submitted(
        made,
        questions__agreement_to_share__status="refused",
        questions__concern__harm="serious",
        questions__public_interest__reason="Others would come to serious harm.",
    )

    made.dispatcher.dispatch()

    assert state_of(made, reference) is State.REFERRED
    assert list(made.home.pickup.iterdir()) == []


class Refusing:
    """A courier whose recipient refuses for good."""

    name = "pickup"
    repeatable = True

    def deliver(self, reference: Reference, message: bytes) -> Receipt:
        del reference, message
        raise RejectedError


def test_a_message_refused_for_good_waits_for_a_person(made: Services) -> None:
    reference = submitted(made)

    replace(made.dispatcher, courier=Refusing()).dispatch()
    made.dispatcher.dispatch()

    assert state_of(made, reference) is State.REJECTED
    assert list(made.home.pickup.iterdir()) == []


class Breaking:
    """A courier with a fault of its own."""

    name = "pickup"
    repeatable = True

    def deliver(self, reference: Reference, message: bytes) -> Receipt:
        del reference, message
        raise ZeroDivisionError


def test_a_fault_in_one_step_is_put_aside_and_tried_again(made: Services, clock: Clock) -> None:
    first, second = submitted(made), submitted(made, "key-00000002")

    taken = replace(made.dispatcher, courier=Breaking()).dispatch()

    assert taken == 4
    assert {state_of(made, first), state_of(made, second)} == {State.SENDING}
    clock.now = clock.now.replace(hour=14)
    made.dispatcher.dispatch()
    assert {state_of(made, first), state_of(made, second)} == {State.SENT}


def test_a_sealed_pack_that_was_recalled_meanwhile_is_not_kept(made: Services) -> None:
    reference = submitted(made)
    item = made.dispatcher._lease()
    assert item is not None
    made.disclosures.recall(reference, NURSE)

    made.dispatcher._seal(item)

    assert state_of(made, reference) is State.RECALLED
    with made.transaction() as tx:
        assert tx.store.field(tx.store.disclosure(reference), "sealed") is None


def test_what_was_acknowledged_cannot_be_recalled(made: Services) -> None:
    reference = submitted(made)
    made.dispatcher.dispatch()
    made.disclosures.hand_over(reference, NURSE, None)
    made.disclosures.acknowledge(reference, NURSE)

    with pytest.raises(WrongStateError, match="ask them to delete it"):
        made.disclosures.recall(reference, NURSE)


def test_nobody_acknowledges_what_was_not_told(made: Services) -> None:
    reference = submitted(made)
    made.dispatcher.dispatch()

    with pytest.raises(WrongStateError, match="Tell the passphrase first"):
        made.disclosures.acknowledge(reference, NURSE)


def test_a_blank_reason_is_no_reason(made: Services) -> None:
    reference = submitted(made)
    made.dispatcher.dispatch()
    made.disclosures.hand_over(reference, NURSE, None)

    with pytest.raises(Exception, match="Ask again with a reason"):
        made.disclosures.hand_over(reference, NURSE, "  ")


@pytest.mark.parametrize("text", ["PRV-0000-0000", "prv 0000 0000"])
def test_an_unknown_reference_is_unknown_to_everybody(made: Services, text: str) -> None:
    for person in (NURSE, TEACHER):
        with pytest.raises(UnknownReferenceError):
            made.disclosures.acknowledge(parse_reference(text), person)
