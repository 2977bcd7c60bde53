"""What leaves tells its recipient no withheld field, no finding and no duty of the sender."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any, cast

import pytest
from brokers import FIRST_KEY, NURSE, TEACHER, Clock
from packs import EXAMPLES
from referrals import APPROVED, GUARDIAN

from audit.format.receipt import Receipt
from broker.domain.model import Person
from broker.domain.obligations import CONFIRM_RECEIPT
from broker.domain.references import Reference
from broker.domain.times import uk_day
from broker.guardian.answer import Answer
from broker.intake.documents import read_pack
from broker.intake.submissions import submission_of
from broker.packs.contents import TO_THE_RECIPIENT
from broker.packs.pdfium import opened
from broker.packs.sealing import RECEIPT
from broker.wiring import Services

LEAVES: list[tuple[str, Person, Answer | None]] = [
    ("1-permitted", TEACHER, None),
    ("2-withheld", NURSE, None),
    ("4-referred", NURSE, APPROVED),
    ("5-emergency", NURSE, None),
]
"""The packs of the demonstration that leave, who sends each, and a Guardian's word on it."""


@pytest.fixture(autouse=True)
def _in_november(clock: Clock) -> None:
    """The day for which the packs of the demonstration are written."""
    clock.now = datetime(2026, 11, 25, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Left:
    """What reaches the recipient, as text: the mail around the pack, its pages, its receipt."""

    mail: str
    pages: str
    receipt: dict[str, Any]


def left_of(services: Services, reference: Reference) -> Left:
    with services.transaction() as tx:
        words = tx.case_file(tx.store.disclosure(reference)).passphrase()
    (path,) = services.home.pickup.glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    (sealed,) = message.iter_attachments()
    headers = "\n".join(f"{name}: {value}" for name, value in message.items())
    body = message.get_body()
    assert body is not None
    with opened(cast("bytes", sealed.get_content()), words) as document:
        pages = "\n".join(document.text(page) for page in range(document.pages))
        raw = Receipt.parse(document.embedded()[RECEIPT]).raw
    return Left(mail=headers + body.get_content(), pages=pages, receipt=json.loads(raw)["event"])


def sent(services: Services, name: str, person: Person, answer: Answer | None) -> Reference:
    text = (EXAMPLES / f"{name}.json").read_bytes()
    files = {
        note["name"]: (EXAMPLES / note["name"]).read_bytes()
        for note in json.loads(text)["attachments"]
    }
    vocabulary = services.rulebooks.in_force().vocabulary
    pack = read_pack(text, vocabulary, uk_day(services.clock()))
    submission = submission_of(
        pack, files, FIRST_KEY, services.idempotency, services.sandbox.inspect
    )
    reference = services.disclosures.submit(submission, person)
    if answer is not None:
        services.referrals.decide(reference, GUARDIAN, answer)
    services.dispatcher.dispatch()
    return reference


def stands_in(code: str, told: str) -> bool:
    """Say if a code stands there as a word of its own, not within another or a reference."""
    return re.search(rf"(?<![A-Za-z0-9-]){re.escape(code)}(?![A-Za-z0-9-])", told) is not None


@pytest.mark.parametrize(("name", "person", "answer"), LEAVES, ids=[one[0] for one in LEAVES])
def test_no_code_of_what_was_found_leaves_with_a_pack(
    sqlite_broker: Services, name: str, person: Person, answer: Answer | None
) -> None:
    services = sqlite_broker
    reference = sent(services, name, person, answer)
    left = left_of(services, reference)
    with services.transaction() as tx:
        decision: Any = tx.case_file(tx.store.disclosure(reference)).decision()
        duties = {duty.type for duty in tx.duties.of(reference)}
    codes = {
        *decision["withheld"],
        *(finding["rule"] for finding in decision["findings"]),
        *(obligation["type"] for obligation in decision["obligations"]),
        *duties,
        CONFIRM_RECEIPT,
    }
    told = "\n".join((left.mail, left.pages, json.dumps(left.receipt)))

    assert left.receipt["type"] == "decided"
    assert [code for code in sorted(codes) if stands_in(code, told)] == []


@pytest.mark.parametrize(("name", "person", "answer"), LEAVES, ids=[one[0] for one in LEAVES])
def test_no_sentence_of_the_senders_duties_leaves_with_a_pack(
    sqlite_broker: Services, name: str, person: Person, answer: Answer | None
) -> None:
    services = sqlite_broker
    reference = sent(services, name, person, answer)
    left = left_of(services, reference)
    with services.transaction() as tx:
        rulebook = tx.store.disclosure(reference).rulebook
        sentences = services.disclosures.judge.rules.duties(tx, rulebook)
        decision: Any = tx.case_file(tx.store.disclosure(reference)).decision()
    pages = " ".join(left.pages.split())
    owed = {one["type"] for one in decision["obligations"]} - TO_THE_RECIPIENT.keys()

    assert [one for one in sorted(owed) if one in sentences and sentences[one] in pages] == []
    assert [why for why in decision["withheld"].values() if why in pages] == []


def test_the_receipt_inside_holds_what_its_reader_may_know_and_nothing_else(
    sqlite_broker: Services,
) -> None:
    receipt = left_of(sqlite_broker, sent(sqlite_broker, "2-withheld", NURSE, None)).receipt

    in_clear = {name for name in receipt if not name.endswith("_c")}
    assert in_clear == {
        *("type", "id", "ts", "gw", "gw_seq", "n", "ref"),
        *("outcome", "purpose", "rulebook", "engine", "fields", "look_back"),
        # Of what is owed they are told a keyed digest, that of nothing too.
        *("row", "row_mac"),
    }
