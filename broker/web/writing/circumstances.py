"""What the gateway knows of a journey beside its answers: the day, the contacts, the rules."""

from dataclasses import replace

from broker.concerns.at_hand import AtHand
from broker.domain.concerns.concerns import ConcernStage, OpenConcern
from broker.domain.directory.functions import Function
from broker.domain.model import Agency, Mailbox, MailboxId, Person
from broker.domain.partner_requests.days import proposed_day
from broker.domain.people.people import PersonRecord
from broker.domain.roles import Role
from broker.domain.times import spelled_day, uk_day
from broker.web.journeys.answers import Circumstances, Contact, DaySetter, Kind, Minimum
from broker.web.titles import title_of
from broker.wiring import Services
from keys import PersonId
from policies import Rulebook

USUAL_FUNCTIONS = (
    "prevent-inbox",
    "front-door-children",
    "front-door-adults",
    "early-help",
    "safeguarding-inbox",
)
"""The functions of contacts that a referral is offered first, in this order."""


def circumstances_of(
    services: Services,
    person: Person,
    kind: Kind,
    *,
    owner: PersonId | None = None,
    asked: OpenConcern | None = None,
) -> Circumstances:
    """Return what is known of a journey that a person is on now.

    `owner` began it, where that is somebody else; `asked` is what its draft became, once somebody
    was asked to check it. Only contacts whose number was verified are offered.
    Raises `RulesUnavailableError`, `StoreUnavailableError`.
    """
    owner = owner or person.id
    here = services.concerns.writing.at_hand(person, owner)
    own, rulebook = here.own, here.rulebook
    usual, others = _contacts(here, kind)
    known = Circumstances(
        today=here.today,
        kind=kind,
        role=person.role.value,
        referrer=_referrer(here.owner, owner, own),
        check_purposes=here.asked_first,
        lead_answers_here=here.can_ask,
        completes_here=_completes_here(person, own, kind, asked),
        contacts=(*usual, *others),
        usual=len(usual),
        sharing_duty_in_force=rulebook.has_sharing_duty(here.today),
        sharing_duty_body=own is not None and own.sharing_duty_body,
        minimums=_minimums(rulebook),
        special_fields=rulebook.registers.special_fields,
    )
    if kind in {Kind.REQUEST, Kind.ANSWER}:
        return _of_a_question(services, known)
    return known if asked is None else _on_record(known, asked)


def circumstances_of_a_reply(
    services: Services, person: Person, recipient: MailboxId
) -> Circumstances:
    """Return what is known where what nobody knew is asked once more: it goes where it was to go.

    Raises as `circumstances_of`.
    """
    known = circumstances_of(services, person, Kind.OTHER)
    entries = services.directory.entries()
    chosen = next((one for one in entries.mailboxes if one.id == recipient), None)
    if chosen is None:
        return known
    agency = next(one for one in entries.agencies if one.id == chosen.agency)
    return replace(known, contacts=(_contact(chosen, agency, None),), usual=0)


def _of_a_question(services: Services, known: Circumstances) -> Circumstances:
    """Return what is known where partners are asked, or answer: each contact is as good."""
    setters = services.partner_requests.offers.day_setters()
    return replace(
        known,
        usual=0,
        completes_here=True,
        day_setters=tuple(
            DaySetter(
                person=one.person,
                function=one.function,
                label=f"{one.name}, {one.function} of {one.body}",
            )
            for one in setters
        ),
        proposed_day=proposed_day(known.today),
    )


def _completes_here(
    person: Person, own: Agency | None, kind: Kind, asked: OpenConcern | None
) -> bool:
    """Say whether somebody shares what they write: their body's lead does it where it says so.

    What cannot wait, and what a Guardian wants sent, its writer shares all the same. A worry about
    a colleague is for the lead to share.
    """
    if kind is Kind.COLLEAGUE:
        return False
    if own is None or own.completes != "lead" or person.role is Role.LEAD:
        return True
    if asked is None:
        return False
    concern = asked.concern
    by_the_guardian = concern.newest.role is Role.GUARDIAN
    return concern.stage is ConcernStage.SHARING and (
        concern.carried_on_at is not None or by_the_guardian
    )


def _on_record(known: Circumstances, asked: OpenConcern) -> Circumstances:
    """Return what is known, with what the record says of a check."""
    concern, answered = asked.concern, ""
    if concern.advice is not None and concern.advice.answer is not None:
        title, day = title_of(concern.advice.role), spelled_day(uk_day(concern.advice.answer.at))
        answered = f"With the {title} on {day}: {asked.words[concern.advice.number]}"
    return replace(
        known,
        check_status=concern.check_status,
        check_reason=asked.why if concern.advice is None else "",
        lead_answered=answered,
    )


def _referrer(record: PersonRecord | None, person: PersonId, own: Agency | None) -> str:
    """Return how a person is written on a form: name, body, address at work."""
    if record is not None and (own is None or record.agency != own.id):
        record = None
    parts = (record and record.name, own and own.name, record and record.contact)
    return ", ".join(part for part in parts if part) or person


def _contacts(here: AtHand, kind: Kind) -> tuple[tuple[Contact, ...], tuple[Contact, ...]]:
    agencies = {agency.id: agency for agency in here.entries.agencies}
    offered = [
        _contact(mailbox, agencies[mailbox.agency], here.own, here.takers_of_originals)
        for mailbox in here.entries.mailboxes
        if mailbox.counts_on(here.today) and _is_offered(mailbox, here.own, kind)
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
    """Say whether something can be sent to a mailbox.

    One's own body hears of emergencies at its safeguarding inbox, and of staff at its HR.
    """
    if own is None or mailbox.agency != own.id:
        return True
    if kind is Kind.OTHER and mailbox.listing.kept_as == Function.HR:
        return True
    return kind is Kind.EMERGENCY and mailbox.function == "safeguarding-inbox"


def _contact(
    mailbox: Mailbox,
    agency: Agency,
    own: Agency | None,
    as_sent: frozenset[MailboxId] = frozenset(),
) -> Contact:
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
        takes_originals=agency.is_police and mailbox.id in as_sent,
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
