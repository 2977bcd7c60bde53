"""What advice and cover write on the ledger, with the row that each made."""

from audit.format import events as ledger
from broker.domain.guardians.advice import Advice
from broker.domain.guardians.cover import Cover
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


def advice_asked(advice: Advice, question_c: str, mark: RowMark) -> Event:
    """Return the event: a Guardian asked for advice."""
    return ledger.AdviceAsked(
        row=mark.row,
        row_mac=mark.mac,
        ref=str(advice.reference),
        by=advice.asked_by,
        of=advice.adviser.value,
        due=advice.due_on.isoformat(),
        question_c=question_c,
    ).event()


def advice_given(advice: Advice, by: PersonId, answer_c: str, mark: RowMark) -> Event:
    """Return the event: advice was given."""
    return ledger.AdviceGiven(
        row=mark.row,
        row_mac=mark.mac,
        ref=str(advice.reference),
        by=by,
        of=advice.adviser.value,
        answer_c=answer_c,
    ).event()


def cover_set(cover: Cover, mark: RowMark) -> Event:
    """Return the event: a deputy covers for named days."""
    return ledger.CoverSet(
        row=mark.row,
        row_mac=mark.mac,
        by=cover.set_by,
        agency=cover.agency,
        guardian=cover.guardian,
        deputy=cover.deputy,
        first=cover.first.isoformat(),
        last=cover.last.isoformat(),
    ).event()
