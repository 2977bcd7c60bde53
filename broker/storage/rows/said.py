"""What the entries about a disclosure say of it: whoever edits its row agrees with them no more.

>>> said = said_of(())
>>> said.is_known
False
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from audit.format.entry import Entry
from audit.log.known import Event
from broker.domain.errors import LedgerDisagreesError
from broker.domain.model import Disclosure
from broker.domain.obligations import CONFIRM_RECEIPT, LOOKED_BACK
from broker.domain.states import State
from policies import Outcome

_GOES: Final = frozenset({State.DECIDED, State.REFUSED})  # refused where a duty cannot be kept

_DECIDED: Final[Mapping[str, frozenset[State]]] = {
    Outcome.PERMIT.value: _GOES,
    Outcome.PERMIT_WITH_OBLIGATIONS.value: _GOES,
    Outcome.EMERGENCY.value: _GOES,
    Outcome.REFER.value: frozenset({State.REFERRED}),
    Outcome.REFUSE.value: frozenset({State.REFUSED}),
}
"""Where a disclosure can stand after a decision, by its outcome."""

# What is being sent is marked in the row alone: an entry follows once it is known what came of it.
_LEADS: Final[Mapping[str, frozenset[State]]] = {
    "asked": frozenset({State.ASKED}),
    "replied": frozenset({State.REFERRED}),
    "sealed": frozenset({State.SEALED, State.SENDING}),
    "packed": frozenset({State.SEALED, State.SENDING}),
    "sent": frozenset({State.SENT}),
    "sent-by-hand": frozenset({State.SENT}),
    "arrival.confirmed": frozenset({State.SENT}),
    "deferred": frozenset({State.DEFERRED, State.SENDING}),
    "refused-tls": frozenset({State.DEFERRED, State.SENDING}),
    "resend.asked": frozenset({State.DEFERRED, State.SENDING}),
    "rejected": frozenset({State.REJECTED}),
    "gave-up": frozenset({State.REJECTED}),
    "unknown": frozenset({State.UNKNOWN}),
    "revealed": frozenset({State.TOLD}),
    "acknowledged": frozenset({State.ACKNOWLEDGED}),
    "recalled": frozenset({State.RECALLED}),
    "expired": frozenset({State.EXPIRED}),
    "panel-pack.approved": frozenset({State.SENT}),
    "panel-pack.ended": frozenset({State.EXPIRED}),
    "erased": frozenset({State.ERASED}),
}
"""Where a disclosure stands after an entry of a type; the others move it nowhere."""

_LEADS_BY_MORE: Final = frozenset({"delivered", "collected", "revealed", "page.expired"})
"""The types by which alone nobody can tell where a disclosure stands after them."""

_CONFIRMED: Final = frozenset({CONFIRM_RECEIPT})


@dataclass(slots=True)
class Said:
    """What entries say of one disclosure so far, each handed in once, oldest first.

    `taken_in`, `moved` and `kept` are the moments of its first entry, of the last that moved it
    and of the last review that keeps it on; `done` the duties that were done.
    """

    received: Mapping[str, object] = field(default_factory=dict[str, object])
    decided: Mapping[str, object] = field(default_factory=dict[str, object])
    sealed: object = None
    message: object = None
    decisions: int = 0
    was_reviewed: bool = False
    states: frozenset[State] = frozenset()
    taken_in: str = ""
    moved: str = ""
    kept: str = ""
    done: frozenset[object] = frozenset()

    @property
    def goes(self) -> bool:
        """Say whether the newest decision let it go."""
        return _DECIDED.get(str(self.decided.get("outcome"))) == _GOES

    @property
    def is_known(self) -> bool:
        """Say whether any entry says that it was taken in."""
        return bool(self.received)

    def add(self, event: Event) -> None:
        """Hear what the next entry records."""
        self._note(event)
        leads = _LEADS.get(type_ := str(event["type"]))
        if type_ in _LEADS_BY_MORE:
            leads = self._leads(event, leads)
        if leads is not None:
            self.states, self.moved = leads, str(event["ts"])

    def _note(self, event: Event) -> None:
        """Hear what an entry says else than where it moves the disclosure to."""
        match event["type"]:
            case "received":
                self.received, self.taken_in = event, str(event["ts"])
            case "reviewed":
                self.was_reviewed = True
            case "decided":
                self.decided = event
                self.decisions += 1
                self.states = self._after(str(event["outcome"]))
            case "sealed" | "packed":
                self.sealed, self.message = event["sha256"], event["message_id"]
            case "kept":
                self.kept = str(event["ts"])
            case "duty.done" | "duty.given-up":
                self.done |= {event["duty"]}
            case "acknowledged":
                self.done |= _CONFIRMED
            case "collected" if event["form"] == "open":
                self.done |= _CONFIRMED
            case "looked-back":
                self.done |= LOOKED_BACK
            case _:
                pass  # it moves the disclosure at most

    def _leads(self, event: Event, leads: frozenset[State] | None) -> frozenset[State] | None:
        """Return where an event moves the disclosure to that need not go where others go."""
        type_ = event["type"]
        if type_ == "delivered" and State.UNKNOWN in self.states:
            # A notice settled what nobody knew; of anything else it moves nothing.
            return _LEADS["sent"]
        if type_ == "collected" and event["form"] == "open":
            # What opens without words was opened by whoever fetched it.
            return _LEADS["acknowledged"]
        if type_ == "page.expired" and event["unused"] == "yes":
            return _LEADS["expired"]
        is_code = type_ == "revealed" and event.get("what") == "code"
        # Another reader of the team is told a code of their own.
        return None if is_code and State.ACKNOWLEDGED in self.states else leads

    def refuse_other(self, row: Disclosure) -> None:
        """Return if the row of the disclosure says the same; else raise `LedgerDisagreesError`."""
        for about, said, stored in self._compared(row):
            if said != stored:
                raise LedgerDisagreesError(about)

    def agrees(self, row: Disclosure) -> bool:
        """Say whether the row of the disclosure says the same."""
        return all(said == stored for _, said, stored in self._compared(row))

    def _after(self, outcome: str) -> frozenset[State]:
        states = _DECIDED.get(outcome, frozenset())
        # An approval that does not count is refused, and goes on waiting for a deputy.
        return states | {State.REFERRED} if self.was_reviewed else states

    def _compared(self, row: Disclosure) -> Iterable[tuple[str, object, object]]:
        received, decided = self.received, self.decided
        parties = tuple(map(received.get, ("sender", "recipient", "by")))
        yield "that it was taken in", True, self.is_known
        yield (
            "who sends it, and to whom",
            parties,
            (row.sender, row.recipient, row.requester),
        )
        # An earlier release recorded neither case nor, where the facts named none, purpose.
        yield "which case it belongs to", received.get("case", row.case), row.case
        yield (
            "what was decided",
            (decided.get("rulebook"), decided.get("outcome"), self.decisions),
            (row.rulebook, row.outcome, row.decision_number),
        )
        yield "what it is for", decided.get("purpose", row.purpose), row.purpose
        yield "where it stands", row.state in self.states, True
        if row.state is not State.ERASED:
            yield "what was sealed", self.sealed, row.sealed_sha256
            yield "under which name it is mailed", self.message, _digest_of(row.message_id)


def _digest_of(message_id: str | None) -> str | None:
    return None if message_id is None else hashlib.sha256(message_id.encode()).hexdigest()


def said_of(entries: Iterable[Entry]) -> Said:
    """Return what these entries, oldest first, say of the disclosure that they are about."""
    said = Said()
    for entry in entries:
        said.add(entry.event)
    return said
