"""What follows an answer by page: its words told, that it opened, what is owed called done.

Whoever answered does it, by the code and page that they answered with; it is recorded as theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from broker.delivery.portal.offering import page_of
from broker.disclosures.afterwards.acting import Acting
from broker.disclosures.afterwards.later_steps import (
    said_not_to_be_possible,
    said_to_be_done,
    said_to_be_opened,
    told_words,
)
from broker.disclosures.afterwards.pages import LONGEST_FUNCTION, told_code
from broker.domain.errors import (
    LeadNeededError,
    NotAllowedError,
    ReasonNeededError,
    WrongStateError,
)
from broker.domain.json_values import is_object
from broker.domain.model import Person
from broker.domain.portal.asking import LONGEST_OF_A_DUTY, HowItWent
from broker.domain.portal.pages import spelled
from broker.domain.references import Reference
from broker.partner_requests.giving import Put
from broker.storage.transaction import Transaction

_SENTENCES: Final[Mapping[HowItWent, str]] = {
    HowItWent.OPENED: "Somebody said on its page, without an account, that the answer has opened.",
    HowItWent.DONE: "Somebody said on its page, without an account, that what is owed is done.",
    HowItWent.CANNOT: (
        "Somebody said on its page, without an account, that what is owed cannot be done."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody sends who answered: about which answer, as whom, and the form as JSON."""

    reference: Reference
    person: Person
    said: str

    def acting(self, now: datetime) -> Acting:
        """Return who takes it, on which answer, at a moment."""
        return Acting(reference=self.reference, person=self.person, at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """What became of a step: what the contact that was asked hears of it, or what is wrong."""

    sentence: str | None = None
    problem: str = ""

    def document(self) -> dict[str, object]:
        """Return what whoever took it reads."""
        return {"problem": self.problem, "recorded": self.sentence is not None}


def words_told(tx: Transaction, put: Put, step: Step, now: datetime) -> dict[str, object]:
    """Return what opens an answer, to be read out on the telephone; recorded before."""
    try:
        return _told(tx, put, step, now)
    except ReasonNeededError:
        return {"again": True}
    except LeadNeededError:
        return {"problem": "It was told twice here. Ring whoever asked."}
    except (WrongStateError, NotAllowedError) as error:
        return {"problem": str(error)}


def step_taken(tx: Transaction, step: Step, now: datetime) -> StepTaken:
    """Record how it went with what is owed for an answer, as the one who answered says it."""
    typed, acting = _typed(step.said), step.acting(now)
    duty, words = typed.get("duty", ""), typed.get("said", "").strip()
    if typed.get("how") not in set(HowItWent):
        return StepTaken(problem="Say whether it is done.")
    if len(words) > LONGEST_OF_A_DUTY:
        return StepTaken(problem=f"How it went must be {LONGEST_OF_A_DUTY:,} characters or less.")
    how = HowItWent(typed["how"])
    try:
        match how:
            case HowItWent.OPENED:
                said_to_be_opened(tx, acting, words)
            case HowItWent.DONE:
                said_to_be_done(tx, acting, duty, words)
            case HowItWent.CANNOT:
                said_not_to_be_possible(tx, acting, duty, words)
    except (WrongStateError, NotAllowedError) as error:
        return StepTaken(problem=str(error))
    return StepTaken(sentence=_SENTENCES[how])


def _told(tx: Transaction, put: Put, step: Step, now: datetime) -> dict[str, object]:
    acting = step.acting(now)
    reason = _typed(step.said).get("why") or None
    if page_of(tx, tx.disclosure(step.reference)) is None:
        told = told_words(tx, acting, reason)
        spelt = [{"word": word, "spelled": spelling} for word, spelling in told.spelled]
        return {"words": spelt, "ring": told.telephone}
    title = tx.directory.mailbox(put.copy.answer_to).title[:LONGEST_FUNCTION]
    code = told_code(tx, acting, title, reason)
    return {"code": spelled(code.code), "ring": code.telephone}


def _typed(said: str) -> dict[str, str]:
    """Return the texts of a form; what is no form has none, and keeps nobody else waiting."""
    try:
        document: object = orjson.loads(said)
    except ValueError:
        return {}
    if not is_object(document):
        return {}
    return {name: one for name, one in document.items() if isinstance(one, str)}
