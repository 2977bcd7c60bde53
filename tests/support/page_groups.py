"""The groups of people who look at pages, and the walk of each to every state of theirs.

Pictures are taken of each state, and axe and our own checks look at each, of one definition.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from after_walks import every_state_after
from brokers import Clock, a_broker, a_submission
from browser_walks import (
    Look,
    every_directory_state,
    every_people_state,
    every_public_state,
    every_state_inside,
    sign_in,
)
from case_walks import (
    every_state_of_a_change,
    every_state_of_a_child_and_a_carer,
    every_state_of_a_reply,
    every_state_of_an_emergency,
    every_state_of_earlier_concerns,
    every_state_of_files,
)
from lead_walks import every_lead_state
from oversight_walks import (
    an_administrator,
    every_state_between_bodies,
    every_state_of_a_broken_record,
    every_state_of_a_guardian,
    every_state_of_a_supervisor,
    every_state_of_an_auditor,
    every_state_of_information_governance,
    every_state_of_rules_in_force,
)
from panel_walks import every_state_of_a_panel
from panels import panel_of
from partner_requests import POLICE
from path_walks import (
    every_state_of_a_colleague,
    every_state_of_a_form_on_paper,
    every_state_of_a_report,
)
from people import FIRST, acting, cheaply, entered, opened, with_account
from portal_walks import (
    a_portal,
    an_officer,
    every_state_of_a_page,
    every_state_of_an_answer,
    every_state_of_an_inbox,
)
from portals import a_broker_with_portal
from referrals import QUESTION, REFERRED
from regions import with_region
from request_walks import (
    a_late_nil,
    every_state_of_a_concern,
    every_state_of_answering,
    every_state_of_asking,
    is_put,
)
from seen_gateways import Made, Seen
from visits import Visit

from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.wiring import Services
from keys import AgencyId, PersonId


def _writer(place: Seen) -> Visit:
    return place.visit(with_account(place.services, place.clock))


def _lead(place: Seen) -> Visit:
    return place.visit(with_account(place.services, place.clock, "Lea Specimen", Role.LEAD))


def _sent(place: Seen, writer: Visit, key: str = "key-00000001", **changes: Any) -> Reference:
    sender = acting(writer.held, Role.PRACTITIONER)
    pack = a_submission(place.services, key, **changes)
    reference = place.services.disclosures.submit(pack, sender)
    place.services.dispatcher.dispatch()
    return reference


def of_the_public(place: Seen, look: Look) -> None:
    """Whoever has not signed in."""
    with place.window() as window:
        every_public_state(window, look)


def of_a_writer(place: Seen, look: Look) -> None:
    """Whoever writes a referral, with a file, and in an emergency."""
    visit = _writer(place)
    with place.window() as window:
        every_state_inside(window, visit, look)
    with place.window() as window:
        every_state_of_files(window, visit, look)
    with place.window() as window:
        every_state_of_an_emergency(window, visit, look)


def of_a_child_and_a_carer(place: Seen, look: Look) -> None:
    """Whoever refers a child nobody could ask, and an adult for whom a carer decides."""
    with place.window() as window:
        every_state_of_a_child_and_a_carer(window, _writer(place), look)


def of_a_sender(place: Seen, look: Look) -> None:
    """Whoever has sent: the call, a change, a question of the Guardian's."""
    visit = _writer(place)
    with place.window() as window:
        every_state_after(window, visit, look)
    with place.window() as window:
        every_state_of_a_change(window, visit, _sent(place, visit), look)
    asked = _sent(place, visit, "key-00000002", **REFERRED)
    guardian = acting(visit.held, Role.GUARDIAN)
    guardian = replace(guardian, id=PersonId("p-guardian"))
    place.services.referrals.ask(asked, guardian, QUESTION)
    with place.window() as window:
        every_state_of_a_reply(window, visit, asked, look)


def of_a_lead(place: Seen, look: Look) -> None:
    """Whoever checks a concern, and reads earlier ones, reports and notices."""
    with_account(place.services, place.clock, "Dee Specimen", Role.LEAD)
    people = _writer(place), _lead(place)
    with place.window() as writing, place.window() as checking:
        every_lead_state(writing, checking, people, look)
    said = {
        "form__individual.name": "Alex Fictitious",
        "form__individual.contact": "01632 960 777",
    }
    _sent(place, people[0], **said)
    every_state_of_earlier_concerns(place, people, look)
    with place.window() as window:
        sign_in(window, people[1])
        window.open("/notices")
        look(window, "notices-nobody")
        with_region(place.services)
        window.open("/notices")
        look(window, "notices")


def of_the_other_paths(place: Seen, look: Look) -> None:
    """A colleague, a form on paper, a member of the public's words."""
    with_account(place.services, place.clock, "Max Specimen", Role.MANAGER)
    people = _writer(place), _lead(place)
    with place.window() as writing, place.window() as checking:
        every_state_of_a_colleague(writing, checking, people, look)
        every_state_of_a_form_on_paper(writing, look)
        every_state_of_a_report(writing, checking, look)


def of_a_keeper(place: Seen, look: Look) -> None:
    """Whoever keeps the directory, agreements, workers and clearances."""
    held = with_account(place.services, place.clock, "Kit Specimen", Role.KEEPER)
    with place.window() as window:
        every_directory_state(window, place.visit(held), look)
        every_state_between_bodies(window, look)


def of_an_administrator(place: Seen, look: Look) -> None:
    """Whoever keeps people and settings."""
    held = an_administrator(place.services, place.clock)
    with place.window() as window:
        every_people_state(window, place.visit(held), look)


def of_partners(place: Seen, look: Look) -> None:
    """An officer who asks, the lead who answers, a concern about sharing, and what is late."""
    council = AgencyId("northshire-council")
    entered(place.services, "Char Specimen", Role.CHAIR, agency=council, id_=PersonId("p-chair"))
    access = cheaply(place.services)
    officer = entered(place.services, "Ofi Specimen", Role.POLICE, agency=POLICE)
    secret = access.accounts.invite(officer, replace(FIRST, agency=POLICE))
    asking = place.visit(opened(access, secret, place.clock))
    lead = _lead(place)
    with place.window() as window:
        reference = every_state_of_asking(window, asking, look)
    with place.window() as window:
        every_state_of_answering(window, lead, f"/requests/{reference}/1", look)
        other, late = is_put(place.services, "Tam Other"), is_put(place.services, "Tam Late")
        every_state_of_a_concern(window, f"/requests/{other}/2", look)
    place.clock.forward(timedelta(days=8))
    with place.window() as window:
        sign_in(window, lead)
        a_late_nil(window, late, look)


def of_a_panel(place: Seen, look: Look) -> None:
    """The coordinator, the chair, a member and somebody who is asked to none."""
    every_state_of_a_panel(place, panel_of(place.services, place.clock), look)


def of_a_portal(place: Seen, look: Look) -> None:
    """The reader of a page, its sender, and the inbox that it came to."""
    sender = _writer(place)
    with a_portal(place) as address, place.window() as sending, place.window(address) as reading:
        every_state_of_a_page(sending, reading, place, sender, look)
        every_state_of_an_answer(reading, place, look)
    with place.window() as window:
        every_state_of_an_inbox(window, place, an_officer(place), sender, look)


def of_every_role(place: Seen, look: Look) -> None:
    """What each role comes out at who signs in, and the pages that every role reads."""
    for number, role in enumerate(_ONE_GIVES):
        held = with_account(place.services, place.clock, f"Role Specimen {number}", role)
        with place.window() as window:
            sign_in(window, place.visit(held))
            look(window, f"first-page-{role}")


_ONE_GIVES = (
    Role.MANAGER,
    Role.HR,
    Role.POLICE_LEAD,
    Role.ADULTS_LEAD,
    Role.FAMILIES_LEAD,
    Role.ASSURANCE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some people, and how each state of their pages is come to."""

    name: str
    walk: Callable[[Seen, Look], None]
    made: Made = a_broker


def _with_portal(home: Path, clock: Clock) -> Services:
    return a_broker_with_portal(home, clock)


GROUPS = (
    Group(name="public", walk=of_the_public),
    Group(name="writer", walk=of_a_writer),
    Group(name="child-and-carer", walk=of_a_child_and_a_carer),
    Group(name="sender", walk=of_a_sender),
    Group(name="lead", walk=of_a_lead),
    Group(name="paths", walk=of_the_other_paths),
    Group(name="guardian", walk=every_state_of_a_guardian),
    Group(name="rules", walk=every_state_of_rules_in_force),
    Group(name="governance", walk=every_state_of_information_governance),
    Group(name="auditor", walk=every_state_of_an_auditor),
    Group(name="broken", walk=every_state_of_a_broken_record),
    Group(name="supervisor", walk=every_state_of_a_supervisor),
    Group(name="keeper", walk=of_a_keeper),
    Group(name="administrator", walk=of_an_administrator),
    Group(name="partners", walk=of_partners),
    Group(name="panel", walk=of_a_panel),
    Group(name="portal", walk=of_a_portal, made=_with_portal),
    Group(name="roles", walk=of_every_role),
)
"""Every group, each before a gateway of its own."""
