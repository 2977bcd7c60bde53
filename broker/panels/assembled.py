"""The whole of a panel's work in one place, as the entrances use it."""

from dataclasses import dataclass

from broker.delivery.person_notices import PersonNotices
from broker.disclosures.flow import Disclosures
from broker.panels.approving import PackApproval
from broker.panels.asking import PackAsking
from broker.panels.calling import Meetings
from broker.panels.copies import PanelCopies
from broker.panels.packs import PanelPacks
from broker.panels.reading import PackReading
from broker.panels.views import MeetingViews


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """Meetings, their packs and the copies of those, and what is shown of them."""

    meetings: Meetings
    packs: PanelPacks
    reading: PackReading
    asking: PackAsking
    approving: PackApproval
    copies: PanelCopies
    views: MeetingViews


def panels_of(disclosures: Disclosures, notices: PersonNotices) -> Panels:
    """Return the work of panels over disclosures; `notices` tell who asks and who can read."""
    transaction, clock = disclosures.transaction, disclosures.clock
    return Panels(
        meetings=Meetings(transaction=transaction, clock=clock),
        packs=PanelPacks(transaction=transaction, disclosures=disclosures, clock=clock),
        reading=PackReading(transaction=transaction),
        asking=PackAsking(transaction=transaction, notices=notices, clock=clock),
        approving=PackApproval(transaction=transaction, notices=notices, clock=clock),
        copies=PanelCopies(transaction=transaction, judge=disclosures.judge, clock=clock),
        views=MeetingViews(transaction=transaction, clock=clock),
    )
