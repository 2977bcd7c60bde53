"""Keep a decision: what it rests on, what it lets go, and what it leaves to be done."""

from broker.domain.judgement import Judgement
from broker.domain.model import Disclosure, Duty
from broker.domain.obligations import GUARDIAN_REVIEW, sample_of
from broker.domain.states import State
from broker.domain.times import uk_day
from broker.ledger import events
from broker.ledger.events import Event
from broker.storage.case_file import CaseFile
from broker.storage.transaction import Transaction


def keep_decision(
    tx: Transaction, file: CaseFile, disclosure: Disclosure, judgement: Judgement
) -> Event:
    """Keep decision `disclosure.judged` encrypted, queue what it permits; return its event."""
    number = disclosure.decision_number
    commitments = file.keep_decision(
        number, judgement.facts, judgement.document(), judgement.mailbox.frozen()
    )
    duties = (*judgement.duties, *_sample(disclosure, judgement, commitments.facts))
    tx.queue(disclosure, duties)
    return events.decided(disclosure, judgement, commitments)


def _sample(disclosure: Disclosure, judgement: Judgement, facts_c: str) -> tuple[Duty, ...]:
    """Return the duty to look back at a permit or refusal at which nobody looks back anyway."""
    is_final = disclosure.state in {State.DECIDED, State.REFUSED}
    if not is_final or any(duty.type == GUARDIAN_REVIEW for duty in judgement.duties):
        return ()
    return sample_of(facts_c, uk_day(judgement.asked.at))
