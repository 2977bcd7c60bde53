"""Portals for tests: a broker that has one, a contact that takes no encrypted files, a reader."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path

from brokers import CALL, Clock, settings_for
from packs import EXAMPLES
from referrals import submit

from broker.delivery.portal.front import PortalFront
from broker.domain.portal.asking import Asker
from broker.domain.portal.pages import Page
from broker.domain.references import Reference
from broker.intake.documents import read_directory
from broker.intake.request_documents import given_answer
from broker.operations.installation import initialise
from broker.packs.sealing.apart import checked_apart
from broker.registers.directory import Entries
from broker.storage.database import Database
from broker.web.portal.site import Portal
from broker.web.portal.visits import Visits
from broker.web.rendering import Look, Templates
from broker.wiring import Services
from keys import AgencyId, PersonId

_numbers = count(1)
PORTAL = "https://portal.example.nhs.uk"
PORTAL_SECRET = bytes(32)
"""What a process of the portal draws when it begins."""


def a_broker_with_portal(
    home: Path,
    clock: Clock,
    database_url: str | None = None,
    *,
    accepts_encrypted: str = "no",
    sealed_to: Collection[AgencyId] = (),
) -> Services:
    """Return a broker whose contacts take no encrypted files, every one verified.

    Those of the bodies `sealed_to` do.
    """
    settings = replace(settings_for(home, database_url), portal_url=PORTAL)
    services = initialise(settings, clock=clock)
    agencies, mailboxes = read_directory((EXAMPLES / "directory.json").read_bytes())
    boxes = tuple(
        replace(one, accepts_encrypted="yes" if one.agency in sealed_to else accepts_encrypted)
        for one in mailboxes
    )
    services.directory.add(
        Entries(agencies=agencies, mailboxes=boxes),
        services.rulebooks.in_force(),
        PersonId("p-entering-keeper"),
    )
    for mailbox in boxes:
        services.directory.verify(mailbox.id, CALL, PersonId("p-first-keeper"))
    return services


def mailed(services: Services, reference: Reference) -> str:
    """Return the text of the mail about a disclosure, which carries no file."""
    content = (services.home.pickup / f"{reference}.eml").read_bytes()
    message = message_from_bytes(content, policy=policy.default)
    assert not list(message.iter_attachments())
    return str(message.get_content())


def token_of(services: Services, reference: Reference) -> str:
    """Return the token in the address that was mailed."""
    text = mailed(services, reference)
    return text.partition(f"{PORTAL}/portal/")[2].split()[0]


def sent(services: Services) -> Reference:
    """Return a disclosure whose page was offered by mail."""
    reference = submit(services, f"key-{next(_numbers):08d}")
    services.dispatcher.dispatch()
    return reference


def a_portal(services: Services, hosts: Collection[str], secret: bytes = PORTAL_SECRET) -> Portal:
    """Return the portal of a broker; a process that began anew has another secret."""
    look = Look(service_name="Disclosure broker", colour="#1d4f6e")
    return Portal(
        front=a_front(services),
        look=look,
        templates=Templates(look),
        visits=Visits(secret=secret),
        check=checked_apart,
        hosts=frozenset(hosts),
    )


def a_front(services: Services) -> PortalFront:
    """Return a portal on a connection of its own, whose gateway answers while it waits."""

    def answered(_seconds: float) -> None:
        services.pages.answer_all(given_answer)

    database = Database(services.settings.database_url, threads=4)
    return PortalFront(database=database, clock=services.clock, pause=answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A reader who typed their code."""

    front: PortalFront
    page: Page
    asker: Asker

    def fetch(self, form: str) -> bytes:
        """Return the document by a form."""
        return self.front.fetch(self.page, self.asker, form)


def entered(front: PortalFront, token: str, code: str) -> Entered:
    """Return a reader who typed their code and accepted the conditions."""
    page, asker = front.page(token), front.enter(token, code)
    front.accept(page, asker, "accepting")
    return Entered(front=front, page=page, asker=asker)
