"""A panel for tests: a council, a case of its own, and what a school released to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from brokers import NOON, Clock
from homes import Prepared
from partner_requests import POLICE, SCHOOL, TRUST, a_request, an_answer, an_ask
from people import FIRST

from broker.disclosures.step_keys import key_of_step
from broker.domain.cases.stages import CaseKind
from broker.domain.model import Person
from broker.domain.panels.meetings import AskedAs, Meeting
from broker.domain.panels.packs import WantedPack
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.intake.request_documents import read_answer, read_request
from broker.ledger.readings import Entrance
from broker.panels.assembled import Panels
from broker.panels.calling import WantedMeeting
from broker.registers.people import NewPerson, NewRole
from broker.wiring import Services
from keys import AgencyId, CaseId, PersonId

COUNCIL = AgencyId("northshire-council")
IN_DATE = date(2027, 3, 16)
MEETS_ON = date(2026, 3, 20)


def _person(id_: str, role: Role, agency: AgencyId) -> Person:
    return Person(id=PersonId(id_), agency=agency, role=role)


CORA = _person("p-cora", Role.CHAIR, COUNCIL)
COLE = _person("p-cole", Role.COORDINATOR, COUNCIL)
MAY = _person("p-may", Role.MEMBER, COUNCIL)
MAX = _person("p-max", Role.MEMBER, COUNCIL)
PAT = _person("p-pat", Role.POLICE, POLICE)
DOT = _person("p-dot", Role.LEAD, SCHOOL)
TIM = _person("p-tim", Role.LEAD, TRUST)
NEW = _person("p-new", Role.PRACTITIONER, TRUST)
EVERYBODY = {
    "Cora Specimen": CORA,
    "Cole Specimen": COLE,
    "May Specimen": MAY,
    "Max Specimen": MAX,
    "Pat Specimen": PAT,
    "Dot Specimen": DOT,
    "Tim Specimen": TIM,
}


def entered_with(services: Services, name: str, person: Person, **changes: Any) -> None:
    """Enter somebody invented in a role that one person gives, trained and cleared unless told."""
    new = NewPerson(
        agency=person.agency,
        name=name,
        contact=f"{person.id}@{person.agency}.example",
        roles=(NewRole(role=person.role),),
        id=person.id,
        **{"trained_until": IN_DATE, "cleared_until": IN_DATE, **changes},
    )
    services.access.people.add([new], replace(FIRST, agency=person.agency))


@dataclass
class Panel:
    """A council's panel with a case of which coordinator and chair are members."""

    services: Services
    clock: Clock
    case: CaseId

    @property
    def panels(self) -> Panels:
        return self.services.panels

    def called(self, on: date = MEETS_ON) -> Meeting:
        """A meeting about the case, to which its chair is asked."""
        wanted = WantedMeeting(case=self.case, on=on, chair=CORA.id, home_area=POLICE)
        return self.panels.meetings.call(wanted, COLE)

    def asked(self, meeting: Meeting, *people: Person) -> Meeting:
        """The meeting with people asked, who say that they come."""
        for person in people:
            self.panels.meetings.ask(meeting.reference, COLE, person.id, AskedAs.MEMBER)
            meeting = self.panels.meetings.answer(meeting.reference, person, comes=True)
        return meeting

    def with_pack(self, *people: Person) -> Meeting:
        """A meeting to which people come, with a pack that its chair approved."""
        meeting = self.asked(self.called(), PAT, *people)
        self.built_and_approved(meeting)
        return meeting

    def built_and_approved(self, meeting: Meeting) -> None:
        """Build the pack of a meeting, and have its chair approve it."""
        self.panels.packs.build(meeting.reference, COLE, self.wanted(meeting))
        self.approve(meeting)

    def approve(self, meeting: Meeting) -> None:
        """Have the chair read the pack of a meeting, and approve what they read."""
        seen = self.panels.reading.read(meeting.reference, CORA, Entrance.CLI).seen
        self.panels.approving.approve(meeting.reference, CORA, seen)

    def wanted(self, meeting: Meeting, **changes: Any) -> WantedPack:
        """Everything that was released, with the reasons of a pack that nothing is wrong with."""
        released = self.panels.packs.released(meeting.reference, COLE, Entrance.CLI)
        said: dict[str, Any] = {
            "picks": tuple(one.key for one in released),
            "statement": "The panel assesses whether a recruiter draws him in.",
            "necessity": "Without what the school saw the panel cannot assess it.",
            "proportionality": "The harm is near, and only what the school saw goes.",
            "reasons": {"concerns.event": "It shows who is with him."},
            "screened": True,
            **changes,
        }
        return WantedPack(**said)


def a_panel(prepared: Prepared, home: Path) -> Panel:
    """Return a broker in which a school answered the panel of a council, and its answer came."""
    clock = Clock(NOON)
    return panel_of(prepared.copied(home, clock), clock)


def panel_of(services: Services, clock: Clock) -> Panel:
    """Enter the people of a panel, and have the school answer it."""
    for name, person in EVERYBODY.items():
        entered_with(services, name, person)
    case = services.cases.open(COLE, CaseKind.CHANNEL).id
    services.cases.add_member(COLE, case, CORA.id, Role.CHAIR)
    answer_to_the_panel(services, case)
    return Panel(services=services, clock=clock, case=case)


def answer_to_the_panel(services: Services, case: CaseId) -> None:
    """Have the school answer a question of the council on a case, and send what it shares."""
    today, rules = uk_day(services.clock()), services.rulebooks.in_force()
    request = {
        **a_request(),
        "purpose": "panel-assessment",
        "answer_to": "northshire-channel",
        "case": case,
        "deadline": {"on": "2026-03-23", "set_by": CORA.id, "function": "chair"},
        "bodies": [
            {
                "mailbox": "example-school-dsl",
                "why": "He goes to school there.",
                "asks": [an_ask(), an_ask("needs.protective_factors")],
            }
        ],
    }
    wanted = read_request(_json(request), rules.vocabulary, today)
    key = key_of_step(services.idempotency, f"request-{case}", "request", case)
    asking, answering = (
        services.partner_requests.asking,
        services.partner_requests.answering,
    )
    reference = asking.issue(wanted, COLE, key)
    (line,) = services.partner_requests.views.request(reference, COLE)
    answer = read_answer(_json(an_answer()), rules.vocabulary, today)
    answering.answer(line.copy.name, DOT, answer.given)
    services.dispatcher.dispatch()


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document).encode()
