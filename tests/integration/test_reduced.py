"""What a Guardian approves is what goes: nothing that they left out, and nothing unseen."""

from dataclasses import replace
from typing import Any

import pytest
from brokers import NURSE
from callers import PACKS, REVIEWS, Refusal, a_caller, refusal_of
from referrals import APPROVED, GUARDIAN, WEIGHED, guardian_calling, recorded, refer

from broker.disclosures.what_goes import LEFT_OUT
from broker.domain.errors import FaultyDocumentError, NotAllowedError, WrongStateError
from broker.domain.json_values import as_array
from broker.domain.references import Reference
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.wiring import Services

REDUCED = replace(APPROVED, verdict="approve-reduced")
BODY: dict[str, Any] = {
    "verdict": "approve-reduced",
    "public_interest": WEIGHED,
    "reason": "The address is not needed yet.",
    "relation": "independent",
    "principles": [3],
    "leave_out": ["individual.address"],
}


@pytest.fixture(name="reference")
def _reference(services: Services) -> Reference:
    return refer(services)


def released(services: Services, reference: Reference) -> list[object]:
    with services.transaction() as tx:
        decision = tx.case_file(tx.store.disclosure(reference)).decision()
    return as_array(decision["release"])


@pytest.mark.parametrize(
    ("named", "says"),
    [
        pytest.param(("individual.adress",), "nearest is individual.address", id="misspelt"),
        pytest.param(("individual.gender",), "its fields are: individual.name", id="not in it"),
        pytest.param(("Zzcanary",), "its fields are", id="no field at all"),
        pytest.param((), "names nothing", id="nothing"),
        pytest.param(("individual.contact", "individual.adress"), "leave_out[1]", id="second"),
    ],
)
def test_a_field_that_is_none_of_the_pack_decides_nothing(
    services: Services, reference: Reference, named: tuple[str, ...], says: str
) -> None:
    with pytest.raises(FaultyDocumentError) as refused:
        services.referrals.decide(reference, GUARDIAN, replace(REDUCED, left_out=named))

    assert says in str(refused.value)
    assert "Zzcanary" not in str(refused.value)
    assert recorded(services, reference) == ["received", "decided"]


@pytest.mark.parametrize("named", ["individual.address", "Address", " address "])
def test_a_field_is_left_out_by_its_identifier_or_its_printed_label(
    services: Services, reference: Reference, named: str
) -> None:
    services.referrals.decide(reference, GUARDIAN, replace(REDUCED, left_out=(named,)))

    assert "individual.address" not in released(services, reference)
    assert "individual.contact" in released(services, reference)


@pytest.mark.parametrize("verdict", ["approve", "refuse"])
def test_only_a_reduced_approval_leaves_fields_out(
    services: Services, reference: Reference, verdict: str
) -> None:
    answer = replace(APPROVED, verdict=verdict, left_out=("individual.address",))

    with pytest.raises(FaultyDocumentError, match="approve-reduced alone does"):
        services.referrals.decide(reference, GUARDIAN, answer)


def test_a_preview_shows_what_goes_and_keeps_nothing(
    services: Services, reference: Reference
) -> None:
    guardian, path = guardian_calling(services), f"{REVIEWS}/{reference}/decision"

    shown: Any = guardian.post(path, {**BODY, "preview": True}).json

    goes = {line["field"] for line in shown["goes"]}
    stays = {line["field"]: line["why"] for line in shown["stays"]}
    assert (shown["kept"], shown["state"], shown["counts"]) == (False, "decided", True)
    assert "individual.address" not in goes
    assert stays["individual.address"] == LEFT_OUT
    assert recorded(services, reference) == ["received", "decided", "read"]
    decided: Any = guardian.post(path, {**BODY, "seen": shown["seen"]}).json
    assert decided["kept"] is True
    assert {line["field"] for line in decided["goes"]} == goes
    assert set(released(services, reference)) == goes


def test_what_changed_since_the_preview_is_not_decided(
    services: Services, reference: Reference
) -> None:
    without_address = replace(REDUCED, left_out=("Address",))
    shown = services.referrals.preview(reference, GUARDIAN, without_address, Entrance.API)
    other = replace(APPROVED, seen=shown.what.seen)

    with pytest.raises(WrongStateError, match="no longer what you were shown"):
        services.referrals.decide(reference, GUARDIAN, other)

    bound = replace(without_address, seen=shown.what.seen)
    assert services.referrals.decide(reference, GUARDIAN, bound).state is State.DECIDED


def test_an_approval_that_does_not_count_says_so_and_why(
    services: Services, reference: Reference
) -> None:
    guardian, path = guardian_calling(services), f"{REVIEWS}/{reference}/decision"

    told: Any = guardian.post(path, {**BODY, "relation": "relative"}).json

    assert (told["counts"], told["state"], told["goes"]) == (False, "referred", [])
    assert "related to" in told["why_it_does_not_count"]
    own = services.referrals.preview(
        reference, replace(GUARDIAN, id=NURSE.id), APPROVED, Entrance.API
    )
    assert (own.counts, own.relation) == (False, "requester")


@pytest.mark.parametrize(
    ("verdict", "left_out", "reason"),
    [
        pytest.param("refuse", (), "Harm outweighs.", id="refused"),
        pytest.param("approve-reduced", ("individual.address",), "Harm outweighs.", id="reduced"),
        pytest.param("approve", (), None, id="approved whole"),
    ],
)
def test_the_sender_reads_why_it_was_refused_or_reduced(
    services: Services,
    reference: Reference,
    verdict: str,
    left_out: tuple[str, ...],
    reason: str | None,
) -> None:
    services.referrals.decide(
        reference, GUARDIAN, replace(APPROVED, verdict=verdict, left_out=left_out)
    )

    told: Any = a_caller(services).get(f"{PACKS}/{reference}/questions").json

    (review,) = told["reviews"]
    assert (review["verdict"], review["reason"]) == (verdict, reason)
    assert review["left_out"] == list(left_out)


def test_a_guardian_can_read_what_they_decided(services: Services, reference: Reference) -> None:
    services.referrals.decide(reference, GUARDIAN, replace(APPROVED, verdict="refuse"))

    shown: Any = guardian_calling(services).get(f"{REVIEWS}/{reference}").json

    (review,) = shown["reviews"]
    assert (review["by"], review["verdict"], review["reason"]) == (
        GUARDIAN.id,
        "refuse",
        APPROVED.reason,
    )
    assert shown["if_approved"] is None
    assert shown["to"]["telephone"] == "01632 960 001"
    assert shown["to"]["verified_by"] == "p-first-keeper"


@pytest.mark.parametrize("reason", ["", "x", "....", "yes", "unimaginable"])
def test_a_reason_of_no_words_is_none(
    services: Services, reference: Reference, reason: str
) -> None:
    with pytest.raises(NotAllowedError, match="reason in words"):
        services.referrals.decide(reference, GUARDIAN, replace(APPROVED, reason=reason))


def test_a_faulty_answer_is_named_by_its_own_places(
    services: Services, reference: Reference
) -> None:
    guardian, path = guardian_calling(services), f"{REVIEWS}/{reference}/decision"

    verdict = guardian.post(path, {**BODY, "verdict": "perhaps"})
    field = guardian.post(path, {**BODY, "leave_out": [7]})

    assert refusal_of(verdict) == Refusal(422, "faulty-document", ("verdict",))
    assert "one of: approve, approve-reduced, refuse" in verdict.get_data(as_text=True)
    assert refusal_of(field) == Refusal(422, "faulty-document", ("leave_out[0]",))
    assert (
        services.referrals.show(reference, GUARDIAN, Entrance.API).disclosure.state
        is State.REFERRED
    )
