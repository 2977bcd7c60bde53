"""The gateway's ledger draws its words from the closed lists that wiring hands in."""

import pytest

from audit.errors import UnrecordableEventError
from audit.format.event_types import RecordedEvent
from audit.format.events import DutyDone, TokenIssued
from broker.wiring import Services

LACKED: list[RecordedEvent] = [
    DutyDone(ref="PRV-7Q4K-M2XH", by="p-nurse", duty="tell-tam-specimen"),
    TokenIssued(
        by="operator",
        person="p-nurse",
        agency="northshire-nhs",
        role="tam-specimen",
        token="t" * 22,
        seconds=900,
    ),
]


@pytest.mark.parametrize("event", LACKED, ids=lambda event: event.type_name)
def test_a_word_that_the_lists_lack_reaches_no_entry(
    services: Services, event: RecordedEvent
) -> None:
    with services.transaction() as tx:
        before = tx.ledger.head().size

    with (
        pytest.raises(UnrecordableEventError, match="a word of the list"),
        services.transaction() as tx,
    ):
        tx.append(event.event())

    with services.transaction() as tx:
        assert tx.ledger.head().size == before


def test_a_duty_of_the_rules_is_recorded(services: Services) -> None:
    with services.transaction() as tx:
        tx.append(DutyDone(ref="PRV-7Q4K-M2XH", by="p-nurse", duty="tell-the-person").event())
        (last,) = tx.ledger.entries(tx.ledger.head().size - 1)

    assert last.type == "duty.done"
