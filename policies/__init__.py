"""What may be disclosed, to whom, how much and how: rule cards and the engine that judges them.

A library of its own: it has no clock, no database and no network, and knows nothing of the
broker that asks it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

__all__ = [
    "FIELDS",
    "LONDON",
    "SPECIAL_FIELDS",
    "Audience",
    "Change",
    "DayOfLaw",
    "Decision",
    "Effect",
    "Fault",
    "FaultKind",
    "Finding",
    "MailRegister",
    "MailVerdict",
    "Message",
    "Move",
    "Obligation",
    "Outcome",
    "PolicyError",
    "RegisterError",
    "Rulebook",
    "RulebookError",
    "SettledBy",
    "Status",
    "Timing",
    "Verdict",
    "Vocabulary",
    "as_of",
    "check",
    "decide",
    "digest_of",
    "duties_in",
    "explain",
    "faults_in",
    "faults_in_subset",
    "guide",
    "headline",
    "impact",
    "is_of_this_engine",
    "law_on",
    "mail_verdict",
    "run_cases",
]

# A name is imported when somebody asks for it, so that each pays for what it uses alone.
_NAMES: Final = {
    "policies.judge": ("decide",),
    "policies.decision": (
        "Decision",
        "Effect",
        "Finding",
        "Obligation",
        "Outcome",
        "SettledBy",
        "Status",
        "Timing",
    ),
    "policies.errors": ("Message", "PolicyError", "RegisterError", "RulebookError"),
    "policies.faults": ("Fault", "FaultKind", "faults_in", "faults_in_subset"),
    "policies.fields": ("FIELDS", "SPECIAL_FIELDS"),
    "policies.london": ("LONDON",),
    "policies.reading.bundle": ("digest_of", "duties_in", "is_of_this_engine"),
    "policies.reading.mail": ("MailRegister", "MailVerdict", "Verdict", "mail_verdict"),
    "policies.reading.rulebook": ("Rulebook",),
    "policies.reading.vocabulary": ("Vocabulary",),
    "policies.tools.as_of": ("DayOfLaw", "as_of", "law_on"),
    "policies.tools.check": ("check", "run_cases"),
    "policies.tools.explain": ("Audience", "explain", "headline"),
    "policies.tools.guide": ("guide",),
    "policies.tools.impact": ("Change", "Move", "impact"),
}
_HOMES: Final = {name: module for module, names in _NAMES.items() for name in names}

if TYPE_CHECKING:
    from policies.decision import (
        Decision,
        Effect,
        Finding,
        Obligation,
        Outcome,
        SettledBy,
        Status,
        Timing,
    )
    from policies.errors import Message, PolicyError, RegisterError, RulebookError
    from policies.faults import Fault, FaultKind, faults_in, faults_in_subset
    from policies.fields import FIELDS, SPECIAL_FIELDS
    from policies.judge import decide
    from policies.london import LONDON
    from policies.reading.bundle import digest_of, duties_in, is_of_this_engine
    from policies.reading.mail import MailRegister, MailVerdict, Verdict, mail_verdict
    from policies.reading.rulebook import Rulebook
    from policies.reading.vocabulary import Vocabulary
    from policies.tools.as_of import DayOfLaw, as_of, law_on
    from policies.tools.check import check, run_cases
    from policies.tools.explain import Audience, explain, headline
    from policies.tools.guide import guide
    from policies.tools.impact import Change, Move, impact
else:  # hidden from type checkers, or they would take any misspelt name for one of these

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return found
