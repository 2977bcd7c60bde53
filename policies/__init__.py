"""What may be disclosed, to whom, how much and how: rule cards and the engine that judges them.

A library of its own: it has no clock, no database and no network, and knows nothing of the
broker that asks it.
"""

from policies.decide import decide
from policies.decision import Decision, Effect, Finding, Obligation, Outcome, Status, Timing
from policies.errors import Message, PolicyError, RegisterError, RulebookError
from policies.faults import Fault, FaultKind, faults_in, faults_in_subset
from policies.fields import FIELDS
from policies.kinds import LONDON
from policies.reading.bundle import duties_in
from policies.reading.mail import MailRegister, MailVerdict, Verdict, mail_verdict
from policies.reading.rulebook import Rulebook
from policies.reading.vocabulary import Vocabulary
from policies.tools.check import check, run_cases
from policies.tools.explain import Audience, explain
from policies.tools.guide import guide
from policies.tools.impact import Change, Move, impact

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
    "duties_in",
    "explain",
    "faults_in",
    "faults_in_subset",
    "guide",
    "impact",
    "mail_verdict",
    "run_cases",
]
