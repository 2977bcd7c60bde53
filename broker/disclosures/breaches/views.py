"""What is told of breach records: one shape for the command line."""

from collections.abc import Iterable
from datetime import datetime

from broker.disclosures.breaches.keeping import InWords
from broker.domain.breaches.record import Breach
from broker.domain.model import Disclosure
from broker.domain.times import moment_text, rfc3339


def breach_document(breach: Breach, now: datetime) -> dict[str, object]:
    """Return where a record stands, without a word of it."""
    return {
        "id": str(breach.id),
        "about": None if breach.about is None else str(breach.about),
        "kind": breach.kind.value,
        "cause": breach.cause.value,
        "opened_by": breach.opened_by,
        "opened_at": rfc3339(breach.opened_at),
        "certain_at": moment_text(breach.certain_at),
        "report_due_at": moment_text(breach.report_due_at),
        "steps": {
            step.value: {"choice": one.choice, "at": moment_text(one.at)}
            for step, one in breach.steps.items()
        },
        "lacks": [step.value for step in breach.lacks()],
        "late": [one.value for one in breach.late(now)],
        "closed_by": breach.closed_by,
        "closed_at": moment_text(breach.closed_at),
    }


def breach_list_document(
    records: Iterable[Breach], proposed: Iterable[Disclosure], now: datetime
) -> dict[str, object]:
    """Return the records of a body, and the references that may need one."""
    return {
        "breaches": [breach_document(one, now) for one in records],
        "proposed": [str(one.reference) for one in proposed],
    }


def breach_in_words_document(found: InWords, now: datetime) -> dict[str, object]:
    """Return a record with what was written in it."""
    return {**breach_document(found.breach, now), "words": found.words}
