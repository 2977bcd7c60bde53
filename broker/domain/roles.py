"""The closed list of what a person, or a machine, may be to the broker."""

from enum import StrEnum, unique
from typing import Final


@unique
class Role(StrEnum):
    """A role, in the word that tokens, sessions and the ledger have for it.

    A deputy is a second holder of the role. What the words stand for is in docs/access.md.
    """

    PRACTITIONER = "practitioner"
    MANAGER = "manager"
    LEAD = "lead"
    GUARDIAN = "guardian"
    IG = "ig"
    HR = "hr"
    SUPERVISOR = "supervisor"
    KEEPER = "keeper"
    POLICE = "police"
    POLICE_LEAD = "police-lead"
    ADULTS_LEAD = "adults-lead"
    FAMILIES_LEAD = "families-lead"
    COORDINATOR = "coordinator"
    CHAIR = "chair"
    MEMBER = "member"
    AUDITOR = "auditor"
    ASSURANCE = "assurance"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    CLIENT = "client"


ROLES_IN_WORDS: Final = {
    Role.PRACTITIONER: "writes and sends referrals: nurse, teacher, social worker and others",
    Role.MANAGER: "is asked about the concerns of those whom they manage",
    Role.LEAD: "Prevent or safeguarding lead: is asked before or after something goes",
    Role.GUARDIAN: "Caldicott Guardian: decides what the rules refer, looks back, recalls",
    Role.IG: "information governance and data protection officer",
    Role.HR: "human resources, where a concern is about a colleague",
    Role.SUPERVISOR: "sees where the work of a team stands, no content",
    Role.KEEPER: "keeps the directory of one body",
    Role.POLICE: "police officer who receives, asks and answers",
    Role.POLICE_LEAD: "leads Prevent for the police: advises, and answers for the above",
    Role.ADULTS_LEAD: "leads adult social care's part",
    Role.FAMILIES_LEAD: "leads children and family services' part",
    Role.COORDINATOR: "the panel's administrator: sets days; no accounts, keys or erasure",
    Role.CHAIR: "chairs a panel",
    Role.MEMBER: "sits on a panel",
    Role.AUDITOR: "reads the ledger",
    Role.ASSURANCE: "answers for a body with figures alone: board, SIRO",
    Role.ADMINISTRATOR: "people and settings of one body; reads no content",
    Role.OPERATOR: "keys, backup, restore, holds, erasure and rules; reads no content",
    Role.CLIENT: "a machine of a partner",
}
"""What each role is, in a phrase that people read."""

LEADS: Final = (Role.LEAD, Role.POLICE_LEAD, Role.ADULTS_LEAD, Role.FAMILIES_LEAD)
"""Whoever leads the work of a body, whatever kind of body it is."""

GIVEN_BY_TWO: Final = frozenset({Role.ADMINISTRATOR, Role.OPERATOR, Role.GUARDIAN})
"""Roles that one administrator proposes and another person confirms."""
