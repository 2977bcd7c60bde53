"""A broker at work: registers, cases and disclosures that make rows of nearly every table."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from authenticators import Device
from brokers import CALL, NURSE, Clock
from concerns import Team, a_team, begun, put_to, said
from machines import FIRST as REGISTRAR
from machines import a_machine
from panels import COLE, MAX, Panel, panel_of
from people import FIRST, Held, acting, cheaply, entered, with_account, with_guardian
from portals import a_front, token_of
from referrals import GUARDIAN, deliver_and_note, refer, submit
from regions import with_region
from register_writes import KEEPER, PREVENT, REGISTERED, SIGNED

from broker.disclosures.afterwards.agreements import Said
from broker.disclosures.breaches.opening import Noticed
from broker.domain.breaches.record import Cause, Kind
from broker.domain.cases.agreements import AgreementKind, AgreementStatus, Giver, Scope
from broker.domain.cases.earlier import Call
from broker.domain.cases.retention_classes import RetentionClass
from broker.domain.cases.stages import CaseKind, LinkKind
from broker.domain.directory.backing import NumberFrom
from broker.domain.directory.vetting import Clearance, ClearanceKind, DbsLevel, Worker
from broker.domain.guardians.advice import Adviser
from broker.domain.model import Person
from broker.domain.oversight.records import PROMPTS, Trigger
from broker.domain.partner_requests.concerns import Wrong
from broker.domain.people.accounts import Identity
from broker.domain.portal.errors import NotRecordedError
from broker.domain.roles import Role
from broker.ledger import people_events
from broker.ledger.readings import Entrance
from broker.registers.bodies.sharing import purposes_of
from broker.registers.directory import Entries
from broker.rulebooks.proposals import Choice
from broker.wiring import Services
from keys import AgencyId, PersonId

TODAY: Final = date(2026, 3, 17)
LATER: Final = date(2026, 6, 1)
POLICE: Final = AgencyId("northshire-police")
BY_A_PAGE: Final = {"form__individual.name": "Pam Specimen"}
REMEMBERED: Final = {"form__individual.name": "Ray Specimen"}
TWICE: Final = {
    "form__individual.name": "Tam Specimen",
    "form__individual.nhs_number": "943 476 5919",
}
"""Nobody of whom the packs of the tests are: those are judged as if nothing had been before."""


def _as(id_: str, role: Role) -> Person:
    return replace(NURSE, id=PersonId(id_), role=role)


LEAD, IG, OTHER_IG = _as("p-lead", Role.LEAD), _as("p-ig", Role.IG), _as("p-ig-2", Role.IG)
SUPERVISOR = _as("p-supervisor", Role.SUPERVISOR)


def at_work(services: Services, clock: Clock) -> Held:
    """Do each thing once that writes a row of its own; the clock goes on by a day and minutes.

    Returns a practitioner who is signed in.
    """
    remembered(services, clock)
    by_a_page(services)
    REGISTERED["how a contact takes documents"](services)
    between_bodies(services)
    looked_over(services)
    cases(services)
    concerns(services, a_team(services))
    meeting(panel_of(services, clock))
    return accounts(services, clock)


def by_a_page(services: Services) -> None:
    """A document for a contact that takes no encrypted files: its page waits for its reader.

    The regional team is told of it.
    """
    contact = next(one for one in services.directory.entries().mailboxes if one.id == PREVENT)
    _accepting(services, "no")
    reference = submit(services, "key-by-a-page", **BY_A_PAGE)
    services.dispatcher.dispatch()
    code = services.deliveries.pages.tell_code(reference, NURSE, "Duty officer").code
    _accepting(services, contact.accepts_encrypted)
    front = a_front(services)
    token = token_of(services, reference)
    asker = front.enter(token, code)
    with suppress(NotRecordedError):
        # The gateway is held up, so that what its reader asks stays there.
        replace(front, pause=_held_up).accept(front.page(token), asker, "accepting")
    front.database.close()
    with_region(services)
    noticing = services.partner_requests.noticing
    proposed = noticing.shown(LEAD).waiting[0]
    noticing.approve(proposed.about, proposed.kind, LEAD)


def _held_up(_seconds: float) -> None:
    raise NotRecordedError


def _accepting(services: Services, encrypted: str) -> None:
    contact = next(one for one in services.directory.entries().mailboxes if one.id == PREVENT)
    changed = Entries(agencies=(), mailboxes=(replace(contact, accepts_encrypted=encrypted),))
    services.directory.change(changed, services.rulebooks.in_force(), KEEPER.id)
    rung = replace(CALL, number=contact.telephone, source=NumberFrom.BEFORE)
    services.directory.verify(PREVENT, rung, PersonId("p-rings"))


def remembered(services: Services, clock: Clock) -> None:
    """A case whose words went after a day, and whose memory its lead keeps; then the usual."""
    usual = RetentionClass(
        agency=NURSE.agency,
        kind=CaseKind.CONCERN,
        delivered=30,
        undelivered=60,
        memory=90,
        basis="Records policy 4.2",
        owner=PersonId("p-owner"),
        review_on=date(2026, 12, 1),
        set_by=IG.id,
        second=None,
    )
    reference = deliver_and_note(services, "key-remembered", **REMEMBERED)
    services.retention.classes.set(replace(usual, delivered=1), IG, None)
    clock.forward(timedelta(days=1))
    services.retention.disposals.run()
    why = "Two colleagues asked about the same family this spring."
    services.retention.memories.keep(LEAD, str(reference), why)
    services.retention.classes.set(usual, IG, OTHER_IG)


def between_bodies(services: Services) -> None:
    """An agreement of two bodies, a worker, a clearance, and a letter that tries a contact."""
    vetting = services.keeping.between.vetting
    signed = replace(SIGNED, other=AgencyId("northshire-council"))
    purposes = purposes_of(services.rulebooks.in_force())
    services.keeping.between.sharing.enter(KEEPER, signed, purposes)
    entered(services, "Lee Specimen", LEAD.role, id_=LEAD.id)
    vetting.check(
        Worker(
            id="w-204",
            agency=POLICE,
            dbs=DbsLevel.ENHANCED,
            dbs_on=date(2025, 4, 1),
            dbs_review_on=LATER,
            suitable_on=date(2025, 4, 2),
            suitable_by=KEEPER.id,
            undertaking_on=date(2025, 4, 3),
            registered_with=None,
            registered_until=None,
            entered_by=KEEPER.id,
        )
    )
    vetting.see(
        Clearance(
            person=LEAD.id,
            agency=LEAD.agency,
            kind=ClearanceKind.DBS,
            until=LATER,
            seen_by=KEEPER.id,
        ),
        KEEPER,
    )
    services.trying.send(PREVENT, KEEPER)


def looked_over(services: Services) -> None:
    """Rules proposed and reviewed, a policy signed, a note of supervision."""
    oversight = services.oversight
    oversight.proposals.propose(Choice.AGAIN, LATER, GUARDIAN)
    oversight.reviews.review(Trigger.LAW, LATER, IG)
    oversight.reviews.sign("Sharing", "2", b"Signed. Fictitious.", LATER, GUARDIAN)
    oversight.supervision.note({next(iter(PROMPTS)): "It went well."}, LATER, SUPERVISOR)


def cases(services: Services) -> None:
    """Two cases that know each other, an agreement, advice asked, a breach."""
    first = submit(services, "key-of-a-case", **TWICE)
    second = refer(services, "key-of-another", **TWICE)
    services.cases.link(NURSE, str(second), str(first), LinkKind.SAME_PERSON)
    services.earlier.call(LEAD, second, first, Call.SAME)
    services.afterwards.agreements.record(
        NURSE,
        str(first),
        Said(
            kind=AgreementKind.SHARE,
            status=AgreementStatus.GIVEN,
            giver=Giver.PERSON,
            given_on=date(2026, 3, 10),
            expires_on=LATER,
            scope=Scope(recipients=("police",), purposes=("referral",)),
        ),
    )
    services.advising.advices.ask(second, GUARDIAN, Adviser.IG, "Is the basis the right one?")
    services.limits.spend(services.limits.of_person(NURSE))
    noticed = Noticed(
        kind=Kind.BREACH, cause=Cause.WRONG_RECIPIENT, words="To another team.", about=first
    )
    services.afterwards.breaches.open(noticed, NURSE)


def concerns(services: Services, team: Team) -> None:
    """A draft that a lead answered about, and one that nobody knows yet."""
    asked = put_to(services, begun(services, team).row.id, team)
    services.concerns.checking.open(asked.reference, team.lead, Entrance.PAGE)
    services.concerns.checking.answer(asked.reference, team.lead, said())
    begun(services, team)


def meeting(panel: Panel) -> None:
    """A panel that met over a pack, one of whose answers somebody disputes."""
    panel.with_pack(MAX)
    (line,) = panel.services.partner_requests.views.put_by_us(COLE)
    disputing = panel.services.partner_requests.disputing
    disputing.raise_one(line.copy.name, COLE, Wrong.TOO_LITTLE, "It leaves out what matters.")


def accounts(services: Services, clock: Clock) -> Held:
    """People with accounts: passkey, other sign-in, cover, recovery, machine; one is signed in."""
    gus, gwen = (
        acting(with_guardian(services, clock, f"{name} Specimen"), Role.GUARDIAN)
        for name in ("Gus", "Gwen")
    )
    services.advising.covers.set(gus, gwen.id, TODAY, TODAY + timedelta(days=9))
    keeper = with_account(services, clock, "Sal Specimen", Role.KEEPER)
    machine = a_machine(services, acting(keeper, Role.ADMINISTRATOR))
    services.access.machines.webhooks.set(machine.id, "https://hooks.example:8443/", REGISTRAR)
    machine.token()
    lost = with_account(services, clock, "Lou Specimen")
    cheaply(services).accounts.ask_recovery(lost.person, FIRST)
    held = with_account(services, clock, "Mira Specimen")
    device, passkeys = Device(), services.access.passkeys
    asked = passkeys.ask_to_add(held.token)
    passkeys.add(held.token, asked.name, device.make(asked.options))
    passkeys.ask_to_sign_in()
    with services.transaction() as tx:
        made = Identity(digest="a" * 64, person=held.person, removed_on=None, version=1)
        tx.append(people_events.identity_linked(held.person, tx.accounts.put_identity(made)))
    return held
