"""Close a disclosure that was opened, whoever says so: the one step that its ways share."""

from datetime import datetime

from broker.domain.obligations import CONFIRM_RECEIPT
from broker.domain.states import State
from broker.domain.times import uk_day
from broker.storage.case_file import CaseFile
from broker.storage.transaction import Transaction


def close_as_opened(tx: Transaction, file: CaseFile, now: datetime) -> None:
    """Destroy its words, end the duty to ask after it, and move it; its entry is the caller's."""
    file.destroy_passphrase()
    tx.duties.finish(file.disclosure.reference, CONFIRM_RECEIPT, uk_day(now))
    tx.store.move(file.disclosure, State.ACKNOWLEDGED, now)
