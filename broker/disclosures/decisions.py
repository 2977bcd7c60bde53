"""Keep a decision: what it rests on, what it lets go, and what it leaves to be done."""

from broker.domain.judgement import Judgement
from broker.domain.model import Disclosure
from broker.domain.obligations import (
    EMERGENCY,
    GUARDIAN_REVIEW,
    NOBODY_LOOKS_BACK,
    OVERRIDE,
    SAMPLE,
    is_sampled,
    sample_of,
)
from broker.domain.states import State
from broker.domain.times import uk_day
from broker.ledger import events
from broker.ledger.events import Event
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction
from policies import Outcome


def keep_decision(
    tx: Transaction, file: CaseFile, disclosure: Disclosure, judgement: Judgement
) -> Event:
    """Keep the newest decision encrypted, queue what it permits; return its event."""
    judged = {
        Part.FACTS: judgement.facts,
        Part.DECISION: judgement.document(),
        Part.RECIPIENT: judgement.mailbox.frozen(),
        **events.found_by(judgement),
    }
    commitments = file.keep_decision(disclosure.decision_number, judged)
    look_back = _look_back(disclosure, judgement, commitments[Part.FACTS])
    duties = (*judgement.duties, *sample_of(look_back, uk_day(judgement.asked.at)))
    if judgement.asked.pack.meeting is None:
        tx.queue(disclosure, duties)
    else:
        # A panel's pack is neither sealed nor sent: those who are asked open copies of it here.
        tx.duties.add(disclosure.reference, duties)
    owed = tx.duties.as_stored(disclosure.reference)
    return events.decided(disclosure, judgement, look_back, commitments, owed)


def _look_back(disclosure: Disclosure, judgement: Judgement, facts_c: str) -> str:
    """Return why a Guardian looks back at it: as it must be, or because chance chose it."""
    if any(duty.type == GUARDIAN_REVIEW for duty in judgement.duties):
        return EMERGENCY if judgement.decision.outcome is Outcome.EMERGENCY else OVERRIDE
    is_final = disclosure.state in {State.DECIDED, State.REFUSED}
    return SAMPLE if is_final and is_sampled(facts_c) else NOBODY_LOOKS_BACK
