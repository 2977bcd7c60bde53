"""The two people of a restore ceremony."""

from brokers import KEEPER_OF_KEYS
from referrals import GUARDIAN

from audit.format.note import VerifierKey
from broker.domain.model import Person
from broker.operations import restore_ceremony as ceremony
from broker.wiring import Services
from keys import Role, TokenClaims


def officers(made: Services) -> tuple[ceremony.Officer, ceremony.Officer]:
    return an_officer(made, KEEPER_OF_KEYS), an_officer(made, GUARDIAN)


def an_officer(made: Services, person: Person) -> ceremony.Officer:
    claims = TokenClaims(person=person.id, agency=person.agency, role=Role(person.role))
    return ceremony.officer(made, ceremony.admit(made, claims))


def hold_ceremony(made: Services) -> VerifierKey:
    """Hold the ceremony, or finish the one that was cut short."""
    if not made.home.restoring.exists():
        ceremony.begin(made, ceremony.loss(made), *officers(made))
    return ceremony.finish(made)
