"""What each change of a request's copy writes on the ledger, with the row that it made."""

from dataclasses import dataclass
from datetime import date

from audit.format import events as ledger
from broker.domain.grounds import Opinion
from broker.domain.model import Person
from broker.domain.partner_requests.copies import Copy, Lateness
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionStep:
    """What became of more time: asked, granted or declined, and until which day it was asked."""

    word: str
    until: date


def issued(copy: Copy, mark: RowMark, words_c: str) -> Event:
    """Return the event: a body was asked; what it is for and why it is so soon is committed to."""
    return ledger.RequestIssued(
        ref=str(copy.name.request),
        copy=copy.name.number,
        row=mark.row,
        row_mac=mark.mac,
        by=copy.asker,
        agency=copy.asking,
        asked=copy.asked,
        disclosure=str(copy.disclosure),
        due=copy.due_on.isoformat(),
        set_by=copy.set_by,
        function=copy.function,
        words_c=words_c,
    ).event()


def opened(copy: Copy, mark: RowMark, by: PersonId, words_c: str | None = None) -> Event:
    """Return the event: somebody took a copy in hand, or passed it to its owner."""
    return ledger.CopyOpened(
        ref=str(copy.name.request),
        copy=copy.name.number,
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        owner=copy.owner,
        words_c=words_c,
    ).event()


def returned(copy: Copy, mark: RowMark, by: PersonId, why: str, words_c: str) -> Event:
    """Return the event: a copy was sent back."""
    return ledger.CopyReturned(
        ref=str(copy.name.request),
        copy=copy.name.number,
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        why=why,
        words_c=words_c,
    ).event()


def extended(
    copy: Copy, mark: RowMark, by: PersonId, step: ExtensionStep, words_c: str | None = None
) -> Event:
    """Return the event: more time was asked for, granted or declined, until the day of `step`."""
    return ledger.CopyExtended(
        ref=str(copy.name.request),
        copy=copy.name.number,
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        step=step.word,
        until=step.until.isoformat(),
        words_c=words_c,
    ).event()


def answered(copy: Copy, mark: RowMark, by: PersonId, words_c: str, route: str) -> Event:
    """Return the event: a copy was answered, by an account or by a page, as `route` says."""
    disclosure = copy.answer_disclosure
    return ledger.CopyAnswered(
        ref=str(copy.name.request),
        copy=copy.name.number,
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        answer="" if copy.answer is None else copy.answer.value,
        disclosure=None if disclosure is None else str(disclosure),
        words_c=words_c,
        route=route,
    ).event()


def looked_back(copy: Copy, guardian: Person, opinion: Opinion, reason_c: str) -> Event:
    """Return the event: a Guardian concurred with an answer that shares nothing, or dissented."""
    return ledger.AnswerLookedBack(
        ref=str(copy.name.request),
        copy=copy.name.number,
        by=guardian.id,
        opinion=opinion.view,
        principles=tuple(sorted(opinion.principles)),
        reason_c=reason_c,
    ).event()


def withdrawn(copy: Copy, mark: RowMark, by: PersonId) -> Event:
    """Return the event: whoever asked no longer asks."""
    return ledger.CopyWithdrawn(
        ref=str(copy.name.request),
        copy=copy.name.number,
        row=mark.row,
        row_mac=mark.mac,
        by=by,
    ).event()


def escalated(copy: Copy, mark: RowMark, step: Lateness) -> Event:
    """Return the event: a copy that nobody answered climbed a step."""
    return ledger.CopyEscalated(
        ref=str(copy.name.request),
        copy=copy.name.number,
        row=mark.row,
        row_mac=mark.mac,
        step=step.value,
    ).event()


def closed(copy: Copy, mark: RowMark, by: PersonId) -> Event:
    """Return the event: whoever asked confirmed the answer."""
    return ledger.CopyClosed(
        ref=str(copy.name.request),
        copy=copy.name.number,
        row=mark.row,
        row_mac=mark.mac,
        by=by,
    ).event()
