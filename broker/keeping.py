"""Keep a decision: what it rests on, what it lets go, and what it leaves to be done."""

from broker import record
from broker.casefile import CaseFile
from broker.judging import Judgement
from broker.model import Disclosure, Duty, State
from broker.moments import uk_day
from broker.obligations import GUARDIAN_REVIEW, sample_of
from broker.record import Event
from broker.transaction import Transaction


def keep_decision(
    tx: Transaction, file: CaseFile, disclosure: Disclosure, judgement: Judgement
) -> Event:
    """Keep decision `disclosure.judged` encrypted, queue what it permits; return its event."""
    number = disclosure.judged
    commitments = file.keep_decision(number, judgement.facts, judgement.document())
    duties = (*judgement.duties, *_sample(disclosure, judgement, commitments[0]))
    tx.queue(disclosure, duties)
    return record.decided(disclosure, judgement, commitments)


def _sample(disclosure: Disclosure, judgement: Judgement, facts_c: str) -> tuple[Duty, ...]:
    """Return the duty to look back at a permit or refusal at which nobody looks back anyway."""
    is_final = disclosure.state in {State.DECIDED, State.REFUSED}
    if not is_final or any(duty.type == GUARDIAN_REVIEW for duty in judgement.duties):
        return ()
    return sample_of(facts_c, uk_day(judgement.asked.at))
