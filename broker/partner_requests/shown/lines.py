"""Where each copy of a request stands: codes, days and the bodies by name, and no content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from broker.domain.partner_requests.copies import Copy, Lateness
from broker.domain.partner_requests.days import lateness_on
from broker.domain.states import State
from broker.domain.times import day_text, moment_text
from broker.partner_requests.standing import that_have_come
from broker.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A copy in a list: codes and days, and the bodies by name; no content.

    `question` is where the disclosure that asks stands, `came` says whether it ever was let go to
    the body that is asked; `goes` is where what was shared stands, None where nothing was.
    """

    copy: Copy
    asking: str
    asked: str
    question: State
    came: bool
    goes: State | None
    today: date

    @property
    def lateness(self) -> Lateness:
        """How late it is today, if it still waits."""
        if not self.copy.waits:
            return Lateness.NONE
        return lateness_on(self.copy.due_on, self.today)

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        copy = self.copy
        return {
            "copy": str(copy.name),
            "state": copy.state.value,
            "due_on": day_text(copy.due_on),
            "lateness": self.lateness.value,
            "from": {"body": copy.asking, "name": self.asking},
            "to": {"body": copy.asked, "name": self.asked, "mailbox": copy.mailbox},
            "purpose": copy.purpose,
            "day_set_by": {"person": copy.set_by, "function": copy.function},
            "wanted_until": day_text(copy.wanted_until),
            "owner": copy.owner,
            "answer": None if copy.answer is None else copy.answer.value,
            "answered_by": copy.answered_by,
            "answered_on_a_page": copy.answered_on_a_page,
            "answered_at": moment_text(copy.answered_at),
            "answer_sent": self._sent(),
            "asks_the_same_as": copy.repeats,
        }

    def to_asker(self) -> dict[str, object]:
        """Return it as JSON for the body that asks, with where its question stands."""
        question = {"reference": str(self.copy.disclosure), "state": self.question.value}
        return {**self.document(), "question": question}

    def _sent(self) -> dict[str, object] | None:
        answer = self.copy.answer_disclosure
        if answer is None or self.goes is None:
            return None
        return {"reference": str(answer), "state": self.goes.value}


def lines_of(tx: Transaction, copies: Sequence[Copy], today: date) -> tuple[Line, ...]:
    """Return where each copy stands on a day, in their order."""
    come = that_have_come(tx, copies)
    names = {agency.id: agency.name for agency in tx.directory.agencies()}
    states = tx.store.states_of(
        one
        for copy in copies
        for one in (copy.disclosure, copy.answer_disclosure)
        if one is not None
    )
    return tuple(
        Line(
            copy=copy,
            asking=names.get(copy.asking, copy.asking),
            asked=names.get(copy.asked, copy.asked),
            question=states[copy.disclosure],
            came=copy.name in come,
            goes=None if copy.answer_disclosure is None else states[copy.answer_disclosure],
            today=today,
        )
        for copy in copies
    )
