"""What the gateway knows of a journey beside its answers: the day, the contacts, the rules."""

from datetime import date

from broker.domain.model import Agency, Mailbox, Person
from broker.domain.times import uk_day
from broker.registers.directory import Entries
from broker.web.journeys.answers import Circumstances, Contact, Kind, Minimum
from broker.wiring import Services
from policies import Rulebook

USUAL_FUNCTIONS = (
    "prevent-inbox",
    "front-door-children",
    "front-door-adults",
    "early-help",
    "safeguarding-inbox",
)
"""The functions of contacts that a referral is offered first, in this order."""


def circumstances_of(services: Services, person: Person, kind: Kind) -> Circumstances:
    """Return what is known of a journey that a person is on now.

    Only contacts whose number was verified are offered. Raises `RulesUnavailableError`,
    `StoreUnavailableError`.
    """
    today = uk_day(services.clock())
    rulebook, entries = services.rulebooks.in_force(), services.directory.entries()
    own = next((one for one in entries.agencies if one.id == person.agency), None)
    usual, others = _contacts(entries, own, kind, today)
    return Circumstances(
        today=today,
        kind=kind,
        role=person.role.value,
        referrer=_referrer(services, person, own),
        check_purposes=_asked_first(own),
        contacts=(*usual, *others),
        usual=len(usual),
        sharing_duty_in_force=rulebook.has_sharing_duty(today),
        sharing_duty_body=own is not None and own.sharing_duty_body,
        minimums=_minimums(rulebook),
        special_fields=rulebook.registers.special_fields,
    )


def _asked_first(own: Agency | None) -> frozenset[str]:
    """Return the purposes for which the lead of a body is asked before something goes."""
    if own is None:
        return frozenset()
    return frozenset(one for one in own.check_purposes if own.asks_the_lead(one))


def _referrer(services: Services, person: Person, own: Agency | None) -> str:
    """Return how a person is written on a form: name, body, address at work."""
    record = services.access.people.record(person.id)
    if record is not None and record.agency != person.agency:
        record = None
    parts = (record and record.name, own and own.name, record and record.contact)
    return ", ".join(part for part in parts if part) or person.id


def _contacts(
    entries: Entries, own: Agency | None, kind: Kind, today: date
) -> tuple[tuple[Contact, ...], tuple[Contact, ...]]:
    agencies = {agency.id: agency for agency in entries.agencies}
    offered = [
        _contact(mailbox, agencies[mailbox.agency], own)
        for mailbox in entries.mailboxes
        if mailbox.counts_on(today) and _is_offered(mailbox, own, kind)
    ]
    usual = sorted(
        (contact for contact in offered if contact.function in USUAL_FUNCTIONS),
        key=lambda contact: (USUAL_FUNCTIONS.index(contact.function), contact.title),
    )
    others = sorted(
        (contact for contact in offered if contact.function not in USUAL_FUNCTIONS),
        key=lambda contact: (contact.body, contact.title),
    )
    return tuple(usual), tuple(others)


def _is_offered(mailbox: Mailbox, own: Agency | None, kind: Kind) -> bool:
    """Say whether something can be sent to a mailbox: one's own hears of emergencies alone."""
    if own is None or mailbox.agency != own.id:
        return True
    return kind is Kind.EMERGENCY and mailbox.function == "safeguarding-inbox"


def _contact(mailbox: Mailbox, agency: Agency, own: Agency | None) -> Contact:
    return Contact(
        mailbox=mailbox.id,
        title=mailbox.title,
        body=agency.name,
        kind=agency.kind,
        function=mailbox.function,
        telephone=mailbox.telephone,
        checked_on=mailbox.verified_on,
        sharing_duty_body=agency.sharing_duty_body,
        own=own is not None and agency.id == own.id,
    )


def _minimums(rulebook: Rulebook) -> dict[str, Minimum]:
    return {
        purpose: Minimum(
            goes=fields.minimum,
            for_a_child=fields.for_a_child,
            with_a_reason=fields.with_a_reason,
        )
        for purpose, fields in rulebook.registers.purposes.items()
    }
