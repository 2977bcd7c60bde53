"""What keeps the directory on pages and by files, put together once for the entrances."""

from dataclasses import dataclass

from broker.domain.times import Clock
from broker.registers.bodies.assembled import Between, between_of
from broker.registers.body_settings import BodySettings
from broker.registers.contacts import Contacts
from broker.registers.exchange.bringing_in import BringingIn
from broker.registers.presets.loading import PresetLoading
from broker.registers.recipient_profiles import RecipientProfiles
from broker.storage.transaction import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Single entries, printed lists, files, what a body has settled, what holds between bodies."""

    contacts: Contacts
    profiles: RecipientProfiles
    presets: PresetLoading
    files: BringingIn
    settings: BodySettings
    between: Between


def keeping_of(transaction: Transactions, clock: Clock) -> Keeping:
    """Return what keeps the directory of an installation."""
    contacts = Contacts(transaction=transaction, clock=clock)
    return Keeping(
        contacts=contacts,
        profiles=RecipientProfiles(transaction=transaction, clock=clock),
        presets=PresetLoading(transaction=transaction, clock=clock),
        files=BringingIn(transaction=transaction, clock=clock),
        between=between_of(transaction, clock),
        settings=BodySettings(transaction=transaction, contacts=contacts, clock=clock),
    )
