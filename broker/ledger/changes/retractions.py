"""What was called back after it had gone: that its deletion was asked for, and what was said."""

from collections.abc import Sequence
from enum import StrEnum, unique

from audit.format import events as ledger
from audit.format.entry import Entry
from broker.domain.references import Reference
from broker.ledger.events import Event
from keys import PersonId


@unique
class Answer(StrEnum):
    """What a recipient says of what was called back, in the words of the ledger."""

    DELETED = "deleted"
    KEPT = "kept"
    NEVER_HAD_IT = "never-had-it"


def retraction_asked(reference: Reference, by: PersonId, why_c: str | None = None) -> Event:
    """Return the event: whoever has it was asked to delete it; `why_c` where it had opened."""
    return ledger.RetractionAsked(ref=str(reference), by=by, why_c=why_c).event()


def retraction_answered(reference: Reference, by: PersonId, answer: Answer) -> Event:
    """Return the event: they said what became of it."""
    return ledger.RetractionAnswered(ref=str(reference), by=by, answer=answer.value).event()


def called_back(entries: Sequence[Entry]) -> str | None:
    """Return how it stands with what was called back, None where nothing was asked; pure."""
    if not is_awaited(entries, answered_too=True):
        return None
    last = answer_of(entries)
    return "asked" if last is None else last.value


def is_awaited(entries: Sequence[Entry], *, answered_too: bool = False) -> bool:
    """Say whether a deletion was asked for that nobody has confirmed, or at all; pure."""
    asked = any(entry.type == "retraction.asked" for entry in entries)
    last = answer_of(entries)
    return asked and (answered_too or last in {None, Answer.KEPT})


def answer_of(entries: Sequence[Entry]) -> Answer | None:
    """Return what was said last of what was called back, None before anything was; pure."""
    said = [entry for entry in entries if entry.type == "retraction.answered"]
    return Answer(str(said[-1].event["answer"])) if said else None
