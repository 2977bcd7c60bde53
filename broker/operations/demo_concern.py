"""A concern of the demonstration that waits for its lead: invented, and put to her once."""

from collections.abc import Mapping
from typing import Final

from broker.concerns.asking import Question
from broker.domain.concerns.drafts import DraftText
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.wiring import Services
from keys import AgencyId, PersonId

_TRUST: Final = AgencyId("northshire-trust")
_WRITER: Final = Person(id=PersonId("p-nia"), agency=_TRUST, role=Role.PRACTITIONER)
_LEAD: Final = PersonId("p-lea")


def put_a_concern(services: Services) -> None:
    """Have the practitioner ask the lead about somebody invented, unless she did before."""
    lead = Person(id=_LEAD, agency=_TRUST, role=Role.LEAD)
    if services.concerns.checking.of_body(lead):
        return
    today = uk_day(services.clock()).isoformat()
    answers: dict[str, Mapping[str, object]] = {
        "about": {"about": "person"},
        "danger": {"danger": "no"},
        "seen": {
            "story": "He keeps saying that a fight is coming, and who deserves it. Fictitious.",
            "first": today,
        },
        "source": {"source": "first-hand"},
        "basis": {"basis": ["stated-intent"]},
        "words": {"words": '"They will see soon." Fictitious.'},
        "harm": {"harm": "significant", "to_person": "yes"},
        "who": {"name": "Alex Fictitious"},
        "age": {"from": 30, "to": 40},
        "where": {"address": "1 Example Street"},
        "done": {"action": "Talked with the ward's manager."},
        "lead": {"lead": "ask"},
    }
    draft = services.concerns.drafts.begin(_WRITER, "referral/1", DraftText(answers=answers))
    question = Question(whom=_LEAD, role=Role.LEAD, danger="none", harm="significant")
    services.concerns.asking.ask(_WRITER, draft.row.id, question)
