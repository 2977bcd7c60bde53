"""What waits for somebody, in which order and in which words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from broker.disclosures.afterwards.mine import Mine
from broker.domain.model import Disclosure, Duty, MailboxId
from broker.domain.references import parse_reference
from broker.domain.states import State
from broker.web.views.afterwards.to_do import to_do
from keys import AgencyId, CaseId, PersonId

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
TODAY = NOW.date()
SENT = Disclosure(
    reference=parse_reference("PRV-7Q4K-M2XH"),
    case=CaseId("c-1"),
    sender=AgencyId("northshire-trust"),
    requester=PersonId("p-nurse"),
    recipient=MailboxId("northshire-prevent"),
    purpose="referral",
    outcome="permit",
    state=State.SENT,
    rulebook="1",
    created_at=NOW,
    changed_at=NOW,
    message_id=None,
    sealed_sha256=None,
    decision_number=1,
    due_on=None,
)


def owed(kind: str, by: date | None) -> Duty:
    return Duty(type=kind, due_on=by, done_on=None)


def test_emergencies_stand_first_then_what_is_late_then_the_rest_by_its_day() -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    emergency = replace(SENT, outcome="emergency")
    mine = Mine(
        sent=(),
        owed=(
            (SENT, owed("tell-the-person", tomorrow)),
            (SENT, owed("early-help", TODAY)),
            (SENT, owed("tell-the-lead", yesterday)),
            (emergency, owed("confirm-receipt", tomorrow)),
        ),
    )

    found = [(one.words, one.days_late, one.page) for one in to_do(mine, TODAY)]

    assert found == [
        ("Ring and read out six words", 0, "handover"),
        ("Tell your lead today", 1, "duties/tell-the-lead"),
        ("Offer Early Help", 0, "duties/early-help"),
        ("Tell them what was sent, to whom and why", 0, "duties/tell-the-person"),
    ]


@pytest.mark.parametrize(
    ("state", "words", "address"),
    [
        (State.ASKED, "Answer your Guardian's question", "/referrals/PRV-7Q4K-M2XH/reply"),
        (
            State.REJECTED,
            "It could not be delivered. Ring them, and send it another way",
            "/referrals/PRV-7Q4K-M2XH/delivery",
        ),
    ],
    ids=["asked", "rejected"],
)
def test_a_state_that_waits_for_its_sender_is_told(state: State, words: str, address: str) -> None:
    (found,) = to_do(Mine(sent=(), owed=(), stuck=(replace(SENT, state=state),)), TODAY)

    assert (found.words, found.address) == (words, address)


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.TOLD, ["Ask if it opened"]), (State.DECIDED, [])],
    ids=["told", "not yet sent"],
)
def test_the_opening_is_asked_for_once_the_words_were_told(state: State, words: list[str]) -> None:
    mine = Mine(sent=(), owed=((replace(SENT, state=state), owed("confirm-receipt", TODAY)),))

    assert [one.words for one in to_do(mine, TODAY)] == words


def test_what_is_fetched_from_a_page_is_told_a_code_and_no_words() -> None:
    mine = Mine(
        sent=(),
        owed=((SENT, owed("confirm-receipt", TODAY)),),
        by_page=frozenset({SENT.reference}),
    )

    assert [one.words for one in to_do(mine, TODAY)] == ["Ring and tell them a code"]


def test_what_no_page_has_words_for_is_still_told() -> None:
    (found,) = to_do(Mine(sent=(), owed=((SENT, owed("another-duty", None)),)), TODAY)

    assert (found.words, found.by, found.days_late) == ("Look at what is to be done", None, 0)
