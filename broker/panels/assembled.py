"""The whole of a panel's work in one place, as the entrances use it."""

from dataclasses import dataclass

from broker.disclosures.flow import Disclosures
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
    copies: PanelCopies
    views: MeetingViews


def panels_of(disclosures: Disclosures) -> Panels:
    """Return the work of panels over disclosures."""
    transaction, clock = disclosures.transaction, disclosures.clock
    return Panels(
        meetings=Meetings(transaction=transaction, clock=clock),
        packs=PanelPacks(transaction=transaction, disclosures=disclosures, clock=clock),
        reading=PackReading(transaction=transaction),
        copies=PanelCopies(transaction=transaction, judge=disclosures.judge, clock=clock),
        views=MeetingViews(transaction=transaction, clock=clock),
    )
