"""Every answer about a disclosure carries a receipt that needs nobody's word; both databases."""

from typing import Any

import pytest
from brokers import NURSE
from callers import PACKS, REVIEWS, a_caller
from ledgers import disarm
from packs import a_pack
from referrals import APPROVED, DEPUTY, GUARDIAN, REFERRED, WEIGHED, guardian_calling, submit
from sqlalchemy import Connection, text

from audit.format.entry import Entry
from audit.format.notes.trust_policy import NO_QUORUM, TrustPolicy
from audit.format.receipt import Receipt, verify_receipt
from broker.domain.references import parse_reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger.faults import LedgerAtFaultError
from broker.packs.pdfium import opened
from broker.packs.sealing import RECEIPT
from broker.wiring import Services


def proven(services: Services, receipt: str | bytes) -> Entry:
    """Return what a receipt proves to somebody who has nothing but the log's public key."""
    policy = TrustPolicy(
        logs=(services.checkpoints.store.key,), witnesses={}, groups={}, quorum=NO_QUORUM
    )
    content = receipt.encode() if isinstance(receipt, str) else receipt
    return verify_receipt(Receipt.parse(content), policy).entry


def receipt_of(answer: Any, services: Services) -> tuple[str, str]:
    entry = proven(services, answer.json["receipt"])
    return entry.type, str(entry.reference)


def test_each_step_is_answered_with_the_receipt_of_its_own_entry(services: Services) -> None:
    nurse = a_caller(services)
    submitted: Any = nurse.submit(a_pack())
    reference = submitted.json["reference"]
    path = f"{PACKS}/{reference}"
    assert receipt_of(submitted, services) == ("decided", reference)

    services.dispatcher.dispatch()
    assert receipt_of(nurse.get(path), services) == ("sent", reference)
    nurse.post(f"{path}/handover")
    assert receipt_of(nurse.get(path), services) == ("revealed", reference)
    assert receipt_of(nurse.post(f"{path}/acknowledgement"), services) == (
        "acknowledged",
        reference,
    )


def test_a_guardians_answers_carry_receipts(services: Services) -> None:
    nurse, guardian, deputy = (
        a_caller(services),
        guardian_calling(services),
        a_caller(services, DEPUTY, Role.GUARDIAN),
    )
    submitted: Any = nurse.submit(a_pack(**REFERRED))
    reference = submitted.json["reference"]
    grounds = {"relation": "independent", "principles": [7]}
    path = f"{REVIEWS}/{reference}"

    asked = guardian.post(f"{path}/question", {**grounds, "question": "Who saw it?"})
    decision = {
        **grounds,
        "verdict": "approve",
        "reason": "Harm outweighs.",
        "public_interest": WEIGHED,
    }
    decided = guardian.post(f"{path}/decision", decision)
    opinion = {**grounds, "opinion": "concur", "reason": "It was needed."}
    concurred = deputy.post(f"{path}/opinion", opinion)

    answers = (asked, decided, concurred)
    assert [receipt_of(one, services)[0] for one in answers] == ["asked", "decided", "looked-back"]


def test_the_sealed_pack_holds_the_receipt_of_the_decision_that_let_it_go(
    services: Services,
) -> None:
    reference = submit(services, **REFERRED)
    services.referrals.decide(reference, GUARDIAN, APPROVED)
    services.dispatcher.dispatch()
    words = services.disclosures.hand_over(reference, NURSE, None).passphrase

    with services.transaction() as tx:
        sealed = tx.case_file(tx.store.disclosure(reference)).get("sealed")
        last = tx.ledger.entries_about(str(reference))[3]
    assert sealed is not None
    with opened(sealed, words) as document:
        entry = proven(services, document.embedded()[RECEIPT])

    assert (entry.type, entry.seq) == ("decided", last.seq)
    assert entry.event["outcome"] == "permit-with-obligations"


def test_while_the_ledger_cannot_be_proved_an_answer_stands_without_and_nothing_is_sealed(
    services: Services,
) -> None:
    nurse = a_caller(services)
    services.checkpoints.keep()
    with services.transaction() as tx:
        tx.ledger.append([{"type": "expired", "ref": "PRV-7Q4K-M2XH"}])
    with services.transaction.database.transaction() as connection:
        edit_an_entry(connection)

    answer: Any = nurse.submit(a_pack())

    assert (answer.status_code, answer.json["receipt"]) == (201, None)
    with pytest.raises(LedgerAtFaultError):
        services.dispatcher.dispatch()
    with services.transaction() as tx:
        disclosure = tx.store.disclosure(parse_reference(answer.json["reference"]))
    assert disclosure.state is State.DECIDED
    assert list(services.home.pickup.glob("*.eml")) == []


def edit_an_entry(connection: Connection) -> None:
    """Change the last leaf hash, as somebody could who holds the database."""
    disarm(connection)
    connection.execute(
        text(
            "UPDATE ledger_entry SET leaf = :leaf WHERE seq = (SELECT max(seq) FROM ledger_entry)"
        ),
        {"leaf": bytes(32)},
    )
