"""How it is told who has something of a case, and what became of a change that was put to them."""

from collections.abc import Iterable

from broker.disclosures.afterwards.agreements import PastRecipient
from broker.domain.model import Disclosure
from broker.domain.states import STANDS


def readers_document(readers: Iterable[PastRecipient]) -> dict[str, object]:
    """Return who has something of a case, each by the first that they got, as JSON."""
    return {
        "readers": [
            {
                "first": str(one.reference),
                "mailbox": one.mailbox.id,
                "body": one.body,
                "state": one.state.value,
            }
            for one in readers
        ]
    }


def told_document(told: Iterable[Disclosure]) -> dict[str, object]:
    """Return the disclosures that tell a change, and where each stands, as JSON."""
    return {
        "kept": True,
        "told": [
            {
                "reference": str(one.reference),
                "mailbox": one.recipient,
                "outcome": one.outcome,
                "state": one.state.value,
                "next_step": STANDS[one.state],
            }
            for one in told
        ],
    }
