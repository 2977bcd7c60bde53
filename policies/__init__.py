"""What may be disclosed, to whom, how much and how: rule cards and the engine that judges them.

A library of its own: it has no clock, no database and no network, and knows nothing of the
broker that asks it.
"""

from policies.check import check, run_cases
from policies.decide import decide
from policies.decision import Decision, Effect, Finding, Obligation, Outcome, Status, Timing
from policies.errors import Message, PolicyError, RegisterError, RulebookError
from policies.explain import Audience, explain
from policies.faults import Fault, FaultKind, faults_in, faults_in_subset
from policies.fields import FIELDS
from policies.guide import guide
from policies.impact import Change, Move, impact
from policies.kinds import LONDON
from policies.mail import MailRegister, MailVerdict, Verdict, mail_verdict
from policies.rulebook import Rulebook
from policies.vocabulary import Vocabulary

__all__ = [
    "FIELDS",
    "LONDON",
    "Audience",
    "Change",
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
    "Status",
    "Timing",
    "Verdict",
    "Vocabulary",
    "check",
    "decide",
    "explain",
    "faults_in",
    "faults_in_subset",
    "guide",
    "impact",
    "mail_verdict",
    "run_cases",
]
