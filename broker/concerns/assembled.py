"""Concerns from the first words to their end, in one place, as the entrances use them."""

from dataclasses import dataclass

from broker.cases.earlier.index import EarlierIndex
from broker.concerns.asking import Asking
from broker.concerns.at_hand import Writing
from broker.concerns.checking import Checking
from broker.concerns.drafts import Drafts
from broker.concerns.earlier import EarlierOfConcerns
from broker.concerns.ending import LeftConcerns
from broker.concerns.late.drafts_going import DraftsGoing
from broker.concerns.late.reports_unread import UnreadReports
from broker.concerns.public_reports import PublicReports
from broker.delivery.chasing import Chaser
from broker.delivery.person_notices import PersonNotices
from broker.rulebooks.in_force import RulesInForce
from broker.storage.transaction import Transactions
from keys import AgencyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerns:
    """What is written, what is put to somebody for their check, and what is left lying.

    `going` and `unread` tell people of what goes by itself before it does.
    """

    writing: Writing
    drafts: Drafts
    asking: Asking
    checking: Checking
    earlier: EarlierOfConcerns
    left: LeftConcerns
    reports: PublicReports
    going: DraftsGoing
    unread: UnreadReports


def concerns_of(
    transaction: Transactions,
    rules: RulesInForce,
    notices: PersonNotices,
    index: EarlierIndex,
    read_by: AgencyId | None = None,
) -> Concerns:
    """Return the concerns of an installation; `notices` tell whose check is waited for.

    `index` finds the earlier ones; `read_by` is the body whose leads read what the public writes.
    """
    clock = transaction.clock
    drafts = Drafts(transaction=transaction, clock=clock)
    chaser = Chaser(transaction=transaction, notices=notices, clock=clock)
    earlier = EarlierOfConcerns(transaction=transaction, drafts=drafts, index=index, clock=clock)
    return Concerns(
        writing=Writing(transaction=transaction, rules=rules, clock=clock),
        drafts=drafts,
        asking=Asking(
            transaction=transaction, drafts=drafts, earlier=earlier, notices=notices, clock=clock
        ),
        checking=Checking(
            transaction=transaction, drafts=drafts, earlier=earlier, notices=notices, clock=clock
        ),
        earlier=earlier,
        left=LeftConcerns(transaction=transaction, clock=clock),
        reports=PublicReports(
            transaction=transaction, drafts=drafts, notices=notices, clock=clock, body=read_by
        ),
        going=DraftsGoing(chaser=chaser),
        unread=UnreadReports(chaser=chaser, body=read_by),
    )
