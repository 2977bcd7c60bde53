"""The panel of the demonstration: a school answers a council, whose members read one pack."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from broker.disclosures.step_keys import key_of_step
from broker.domain.cases.stages import CaseKind
from broker.domain.json_values import as_object
from broker.domain.model import Person
from broker.domain.panels.meetings import AskedAs
from broker.domain.panels.packs import WantedPack
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.intake.request_documents import read_answer, read_request
from broker.ledger.readings import Entrance
from broker.operations.demo_home import DemoError
from broker.panels.calling import WantedMeeting
from broker.panels.copies import OpenedCopy
from broker.wiring import Services
from keys import AgencyId, CaseId, PersonId

_COUNCIL, _POLICE, _SCHOOL = map(
    AgencyId, ("northshire-council", "northshire-police", "example-school")
)
_COLE = Person(id=PersonId("p-cole"), agency=_COUNCIL, role=Role.COORDINATOR)
_CORA = Person(id=PersonId("p-cora"), agency=_COUNCIL, role=Role.CHAIR)
_PAT = Person(id=PersonId("p-pat"), agency=_POLICE, role=Role.POLICE)
_DOT = Person(id=PersonId("p-dot"), agency=_SCHOOL, role=Role.LEAD)
MEMBER: Final = Person(id=PersonId("p-may"), agency=_COUNCIL, role=Role.MEMBER)
"""Who is asked to the meeting and opens a copy."""

STRANGER: Final = Person(id=PersonId("p-max"), agency=_COUNCIL, role=Role.MEMBER)
"""A member of the panel who is not asked to it."""

_MEETS_IN: Final = timedelta(days=7)
_PATIENCE: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelHeld:
    """A meeting of the demonstration, and the copy that its member opened."""

    meeting: Reference
    copy: OpenedCopy


def call_a_panel(
    services: Services, request: Mapping[str, object], answer: Mapping[str, object]
) -> PanelHeld:
    """Ask a school for the panel, build the pack of a meeting from its answer, and open a copy.

    The gateway that runs beside sends the answer; raises `DemoError` where it never comes.
    """
    case = services.cases.open(_COLE, CaseKind.CHANNEL).id
    services.cases.add_member(_COLE, case, _CORA.id, Role.CHAIR)
    _answered(services, case, request, answer)
    panels, today = services.panels, uk_day(services.clock())
    wanted = WantedMeeting(case=case, on=today + _MEETS_IN, chair=_CORA.id, home_area=_POLICE)
    meeting = panels.meetings.call(wanted, _COLE).reference
    for person in (_PAT, MEMBER):
        panels.meetings.ask(meeting, _COLE, person.id, AskedAs.MEMBER)
        panels.meetings.answer(meeting, person, comes=True)
    released = panels.packs.released(meeting, _COLE, Entrance.CLI)
    pack = WantedPack(
        picks=tuple(one.key for one in released),
        statement="The panel assesses whether a recruiter draws him in.",
        necessity="Without what the school saw the panel cannot assess it.",
        proportionality="The harm is near, and only what the school saw goes.",
        reasons={one.field: "It shows who is with him." for one in released},
        screened=True,
    )
    panels.packs.build(meeting, _COLE, pack)
    seen = panels.reading.read(meeting, _CORA, Entrance.CLI).seen
    panels.approving.approve(meeting, _CORA, seen)
    return PanelHeld(meeting=meeting, copy=panels.copies.open(meeting, MEMBER, Entrance.CLI))


def _answered(
    services: Services,
    case: CaseId,
    request: Mapping[str, object],
    answer: Mapping[str, object],
) -> None:
    """Have the school answer a question of the council, and wait until what it shares came."""
    today, vocabulary = uk_day(services.clock()), services.rulebooks.in_force().vocabulary
    document = {
        **request,
        "purpose": "panel-assessment",
        "answer_to": "northshire-channel",
        "case": case,
        "deadline": {**as_object(request["deadline"]), "on": (today + _MEETS_IN).isoformat()},
    }
    wanted = read_request(json.dumps(document).encode(), vocabulary, today)
    requests = services.partner_requests
    key = key_of_step(services.idempotency, secrets.token_hex(16), "request", case)
    reference = requests.asking.issue(wanted, _COLE, key)
    line = requests.views.request(reference, _COLE)[0]
    given = read_answer(json.dumps(answer).encode(), vocabulary, today).given
    requests.answering.answer(line.copy.name, _DOT, given)
    for _ in range(int(_PATIENCE)):
        goes = requests.views.request(reference, _COLE)[0].goes
        if goes is not None and goes.value == "sent":
            return
        time.sleep(1.0)
    raise DemoError("What the school shares with the panel did not come. Look at: broker check")
