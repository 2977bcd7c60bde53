"""What a contact is for: the functions of the directory, and the ten words that the rules know."""

from collections.abc import Mapping
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final


@unique
class Function(StrEnum):
    """What somebody can be reached for at a contact."""

    PREVENT_INBOX = "prevent-inbox"
    SAFEGUARDING_INBOX = "safeguarding-inbox"
    FRONT_DOOR_CHILDREN = "front-door-children"
    FRONT_DOOR_ADULTS = "front-door-adults"
    EARLY_HELP = "early-help"
    POLICE_ADVICE = "police-advice"
    PREVENT_LEAD = "prevent-lead"
    CHANNEL_COORDINATOR = "channel-coordinator"
    CHANNEL_CHAIR = "channel-chair"
    PMAG_CHAIR = "pmag-chair"
    PREVENT_BOARD = "prevent-board"
    REGIONAL = "regional"
    ICB_LEAD = "icb-lead"
    GUARDIAN = "guardian"
    IG = "ig"
    HR = "hr"
    MAPPA_COORDINATOR = "mappa-coordinator"
    PROVIDER = "provider"
    COURT = "court"
    OTHER = "other"
    HOTLINE = "hotline"
    EMERGENCY = "emergency"
    OUT_OF_HOURS = "out-of-hours"
    ONLINE_REPORT = "online-report"


KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "police": "Police",
        "local-authority": "Council",
        "nhs": "NHS",
        "education": "School, college or university",
        "probation": "Probation",
        "prison": "Prison or young offender institution",
        "court": "Court",
        "private-body": "Company or private provider",
        "voluntary-body": "Charity or voluntary organisation",
        "other-public-body": "Another public body",
    }
)
"""The kinds of body, as people read them."""

TITLES: Final[Mapping[Function, str]] = MappingProxyType(
    {
        Function.PREVENT_INBOX: "Prevent referrals",
        Function.SAFEGUARDING_INBOX: "Safeguarding team",
        Function.FRONT_DOOR_CHILDREN: "Children's social care, first contact",
        Function.FRONT_DOOR_ADULTS: "Adult social care, first contact",
        Function.EARLY_HELP: "Early Help",
        Function.POLICE_ADVICE: "Police Prevent advice",
        Function.PREVENT_LEAD: "Prevent or safeguarding lead",
        Function.CHANNEL_COORDINATOR: "Channel coordination",
        Function.CHANNEL_CHAIR: "Channel panel, chair",
        Function.PMAG_CHAIR: "Prevent multi-agency group, chair",
        Function.PREVENT_BOARD: "Prevent board",
        Function.REGIONAL: "Regional Prevent, NHS England",
        Function.ICB_LEAD: "Integrated care board, Prevent lead",
        Function.GUARDIAN: "Caldicott Guardian",
        Function.IG: "Information governance",
        Function.HR: "Human resources",
        Function.MAPPA_COORDINATOR: "MAPPA coordination",
        Function.PROVIDER: "Provider of support",
        Function.COURT: "Court",
        Function.OTHER: "Something else",
        Function.HOTLINE: "Hotline",
        Function.EMERGENCY: "Emergency",
        Function.OUT_OF_HOURS: "Out of hours",
        Function.ONLINE_REPORT: "Report online",
    }
)
"""What people read for each function."""

NEVER_ADDRESSED: Final = frozenset(
    {Function.HOTLINE, Function.EMERGENCY, Function.OUT_OF_HOURS, Function.ONLINE_REPORT}
)
"""Functions that people ring or open, and to which nothing is sent."""

_PANEL: Final = "panel"
_FOR_THE_RULES: Final[Mapping[Function, str]] = MappingProxyType(
    {
        Function.PREVENT_LEAD: "partner-lead",
        Function.CHANNEL_COORDINATOR: _PANEL,
        Function.CHANNEL_CHAIR: _PANEL,
        Function.PMAG_CHAIR: _PANEL,
        Function.PREVENT_BOARD: _PANEL,
        **{
            one: one.value
            for one in (
                Function.PREVENT_INBOX,
                Function.SAFEGUARDING_INBOX,
                Function.FRONT_DOOR_CHILDREN,
                Function.FRONT_DOOR_ADULTS,
                Function.EARLY_HELP,
                Function.PROVIDER,
                Function.COURT,
            )
        },
    }
)


def rules_word(function: Function) -> str:
    """Return which of the ten words of the facts a function is to the rules.

    >>> rules_word(Function.CHANNEL_CHAIR), rules_word(Function.HR)
    ('panel', 'other')
    """
    return _FOR_THE_RULES.get(function, "other")
