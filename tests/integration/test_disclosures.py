"""The use cases of a disclosure beyond the straight path, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from brokers import NURSE, TEACHER, Clock, a_submission, read_here
from sqlalchemy.exc import IntegrityError

from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.domain.errors import RejectedError, UnknownReferenceError, WrongStateError
from broker.domain.references import Reference, parse_reference
from broker.domain.states import State
from broker.wiring import Services


def submitted(services: Services, key: str = "key-00000001", **changes: object) -> Reference:
    return services.disclosures.submit(a_submission(services, key, **changes), NURSE)


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.store.disclosure(reference).state


def test_twenty_calls_at_once_with_one_key_are_one_submission(services: Services) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        references = set(pool.map(lambda _: submitted(services), range(20)))

    assert len(references) == 1
    with services.transaction() as tx:
        kept = tx.store.disclosures_of(NURSE.agency, limit=50)
        recorded = [entry.type for entry in tx.ledger.entries()]
    assert [one.reference for one in kept] == list(references)
    assert recorded.count("received") == 1


def test_a_broken_constraint_that_no_key_explains_is_not_hidden(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = submitted(services)
    # A reference drawn twice: one in twenty thousand million.
    monkeypatch.setattr("broker.disclosures.flow.reference_of", lambda *_: reference)

    with pytest.raises(IntegrityError):
        submitted(services, "key-00000002")


def test_the_same_facts_in_other_words_are_refused_again(services: Services) -> None:
    harmless = {"questions__concern__harm": "none"}
    submitted(services, **harmless)
    again = read_here(
        services, **harmless, questions__necessity__reason="Said in quite another way."
    )

    judgement = services.disclosures.preview(again, NURSE)

    assert judgement.facts["previously_refused"] == "yes"
    (finding,) = [one for one in judgement.decision.findings if one.rule == "R36"]
    assert (finding.status, finding.effect) == ("not-met", "refuse")


@pytest.mark.parametrize(
    "name", ["Zzcanary Qqcanary.", "ZZCANARY  QQCANARY", "Zzcanary, Qqcanary"]
)
def test_a_name_written_otherwise_is_no_other_fact(services: Services, name: str) -> None:
    harmless = {"questions__concern__harm": "none"}
    submitted(services, **harmless)
    again = read_here(services, **harmless, **{"form__individual.name": name})

    assert services.disclosures.preview(again, NURSE).facts["previously_refused"] == "yes"


def test_another_fact_is_another_request(services: Services) -> None:
    submitted(services, questions__concern__harm="none")
    changed = read_here(services)

    assert services.disclosures.preview(changed, NURSE).facts["previously_refused"] == "no"


def test_what_only_a_person_can_keep_must_be_confirmed(services: Services) -> None:
    others = {"questions__material__third_parties": "yes"}
    held = read_here(services, **others)
    confirmed = read_here(services, **others, questions__confirmed=["redact-third-parties"])

    refused = services.disclosures.preview(held, NURSE)
    permitted = services.disclosures.preview(confirmed, NURSE)

    assert refused.state is State.REFUSED
    assert refused.document()["outcome"] == "refuse"
    assert refused.document()["release"] == []
    assert "questions.confirmed" in str(refused.document()["lawful_if"])
    assert permitted.state is State.DECIDED


def test_what_was_refused_for_an_obligation_goes_once_it_is_kept(services: Services) -> None:
    held = submitted(services, questions__material__third_parties="yes")
    kept = submitted(
        services,
        "key-00000002",
        questions__material__third_parties="yes",
        questions__confirmed=["redact-third-parties"],
    )

    assert (state_of(services, held), state_of(services, kept)) == (State.REFUSED, State.DECIDED)


def test_a_transaction_inside_a_transaction_is_a_mistake_that_shows(services: Services) -> None:
    with (
        services.transaction(),
        pytest.raises(RuntimeError, match="open in this thread already"),
        services.transaction(),
    ):
        pass


def test_a_referred_pack_is_not_sent(services: Services) -> None:
    reference = submitted(
        services,
        questions__agreement_to_share__status="refused",
        questions__concern__harm="serious",
        questions__public_interest__reason="Others would come to serious harm.",
    )

    services.dispatcher.dispatch()

    assert state_of(services, reference) is State.REFERRED
    assert list(services.home.pickup.iterdir()) == []


class Refusing:
    """A courier whose recipient refuses for good."""

    name = "pickup"
    repeatable = True

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        del envelope, message
        raise RejectedError("no such mailbox", "refused", 550)


def test_a_message_refused_for_good_waits_for_a_person(services: Services) -> None:
    reference = submitted(services)

    replace(services.dispatcher, courier=Refusing()).dispatch()
    services.dispatcher.dispatch()

    assert state_of(services, reference) is State.REJECTED
    assert list(services.home.pickup.iterdir()) == []


class Breaking:
    """A courier with a fault of its own."""

    name = "pickup"
    repeatable = True

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        del envelope, message
        raise ZeroDivisionError


def test_a_fault_in_one_step_is_put_aside_and_tried_again(
    services: Services, clock: Clock
) -> None:
    first, second = submitted(services), submitted(services, "key-00000002")

    taken = replace(services.dispatcher, courier=Breaking()).dispatch()

    assert taken == 4
    assert {state_of(services, first), state_of(services, second)} == {State.SENDING}
    clock.now = clock.now.replace(hour=14)
    services.dispatcher.dispatch()
    assert {state_of(services, first), state_of(services, second)} == {State.SENT}


def test_a_sealed_pack_that_was_recalled_meanwhile_is_not_kept(services: Services) -> None:
    reference = submitted(services)
    item = services.dispatcher._lease()
    assert item is not None
    services.afterwards.recalling.recall(reference, NURSE)

    services.dispatcher._seal(item)

    assert state_of(services, reference) is State.RECALLED
    with services.transaction() as tx:
        assert tx.fields.find(tx.store.disclosure(reference), "sealed") is None


def test_what_was_acknowledged_stays_so_when_it_is_recalled_and_is_asked_for_once(
    services: Services,
) -> None:
    reference = submitted(services)
    services.dispatcher.dispatch()
    services.disclosures.hand_over(reference, NURSE, None)
    services.disclosures.acknowledge(reference, NURSE)

    stood = services.afterwards.recalling.recall(reference, NURSE)

    assert (stood, state_of(services, reference)) == (State.ACKNOWLEDGED, State.ACKNOWLEDGED)
    with pytest.raises(WrongStateError, match="say what they did"):
        services.afterwards.recalling.recall(reference, NURSE)


def test_nobody_acknowledges_what_was_not_told(services: Services) -> None:
    reference = submitted(services)
    services.dispatcher.dispatch()

    with pytest.raises(WrongStateError, match="words that open it are told by telephone next"):
        services.disclosures.acknowledge(reference, NURSE)


def test_a_blank_reason_is_no_reason(services: Services) -> None:
    reference = submitted(services)
    services.dispatcher.dispatch()
    services.disclosures.hand_over(reference, NURSE, None)

    with pytest.raises(Exception, match="Ask again with a reason"):
        services.disclosures.hand_over(reference, NURSE, "  ")


@pytest.mark.parametrize("text", ["PRV-0000-0000", "prv 0000 0000"])
def test_an_unknown_reference_is_unknown_to_everybody(services: Services, text: str) -> None:
    for person in (NURSE, TEACHER):
        with pytest.raises(UnknownReferenceError):
            services.disclosures.acknowledge(parse_reference(text), person)
