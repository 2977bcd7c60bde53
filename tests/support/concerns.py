"""A draft of a nurse's, the lead and deputy of their body, and what they say to each other."""

from dataclasses import dataclass, replace

from brokers import NURSE
from people import entered

from broker.concerns.asking import Question
from broker.concerns.checking import Advised
from broker.domain.concerns.concerns import Advice, Also, Concern
from broker.domain.concerns.drafts import Draft, DraftId, DraftText
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.registers.directory import Entries
from broker.wiring import Services
from keys import PersonId

FORM = "referral/1"
WORRY = DraftText(
    answers={
        "seen": {"story": "Zzcanary said something.", "first": "2026-03-10"},
        "who": {"name": "Alex Fictitious"},
    }
)
REASON = "He needs help from people who know him."
NO = "This is a row in the family, and they have support."


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The people of one body, as whom they act."""

    writer: Person
    lead: Person
    deputy: Person
    manager: Person
    guardian: Person


def a_team(services: Services) -> Team:
    """Enter the people of the nurse's body."""

    def person(name: str, role: Role) -> Person:
        id_ = entered(
            services, name, role, id_=PersonId(f"p-{name.split(maxsplit=1)[0].casefold()}")
        )
        return replace(NURSE, id=id_, role=role)

    return Team(
        writer=person("Nurse Specimen", Role.PRACTITIONER),
        lead=person("Lea Specimen", Role.LEAD),
        deputy=person("Dee Specimen", Role.LEAD),
        manager=person("Mo Specimen", Role.MANAGER),
        guardian=replace(NURSE, id=PersonId("p-gus"), role=Role.GUARDIAN),
    )


def begun(services: Services, team: Team, text: DraftText = WORRY) -> Draft:
    return services.concerns.drafts.begin(team.writer, FORM, text)


def put_to(
    services: Services,
    draft: DraftId,
    team: Team,
    whom: Person | None = None,
    *,
    of: tuple[str, str] = ("none", "significant"),
) -> Concern:
    """Ask somebody, the lead unless told, about a draft with a danger and a harm."""
    (danger, harm), asked = of, whom or team.lead
    question = Question(whom=asked.id, role=asked.role, danger=danger, harm=harm)
    return services.concerns.asking.ask(team.writer, draft, question)


def said(advice: Advice = Advice.REFER, words: str = REASON, *also: Also) -> Advised:
    return Advised(advice=advice, also=frozenset(also), words=words)


def lead_completes(services: Services) -> None:
    """Let the lead of the nurse's body complete what is sent."""
    entries = services.directory.entries()
    own = next(agency for agency in entries.agencies if agency.id == NURSE.agency)
    changed = Entries(agencies=(replace(own, completes="lead"),), mailboxes=())
    services.directory.change(changed, services.rulebooks.in_force(), PersonId("p-keeper"))
