"""The two people of a restore ceremony."""

from dataclasses import replace

from brokers import KEEPER_OF_KEYS
from referrals import GUARDIAN

from audit.format.notes.verifier_key import VerifierKey
from broker.domain.model import Person
from broker.operations import restore_ceremony as ceremony
from broker.wiring import Services
from keys import PersonId


def officers(services: Services) -> tuple[ceremony.Officer, ceremony.Officer]:
    return an_officer(services, KEEPER_OF_KEYS), an_officer(services, GUARDIAN)


def operators(services: Services) -> tuple[ceremony.Officer, ceremony.Officer]:
    """Return two operators, as it takes to set rows aside."""
    other = replace(KEEPER_OF_KEYS, id=PersonId("p-other-keys"))
    return an_officer(services, KEEPER_OF_KEYS), an_officer(services, other)


def an_officer(services: Services, person: Person) -> ceremony.Officer:
    return ceremony.officer(services, ceremony.admit(services, person))


def hold_ceremony(services: Services) -> VerifierKey:
    """Hold the ceremony, or finish the one that was cut short."""
    if not services.home.restoring.exists():
        ceremony.begin(services, ceremony.loss(services), *officers(services))
    return ceremony.finish(services)
