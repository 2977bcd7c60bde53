"""Where a disclosure can stand, and where it can go from there: the one table."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a disclosure stands; the words are those of the ledger."""

    DECIDED = "decided"
    REFERRED = "referred"
    ASKED = "asked"
    REFUSED = "refused"
    SEALED = "sealed"
    SENDING = "sending"
    SENT = "sent"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    RECALLED = "recalled"
    EXPIRED = "expired"
    ERASED = "erased"


FIRST = frozenset({State.DECIDED, State.REFERRED, State.REFUSED})
"""Where a disclosure can stand when it was submitted."""

TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.REFERRED: frozenset(
        {
            State.REFERRED,  # an approval that does not count; a deputy decides
            State.ASKED,
            State.DECIDED,
            State.REFUSED,
            State.RECALLED,
            State.ERASED,
        }
    ),
    State.ASKED: frozenset(
        {State.REFERRED, State.DECIDED, State.REFUSED, State.RECALLED, State.ERASED}
    ),
    State.DECIDED: frozenset(
        {
            State.SEALED,
            State.SENT,  # a panel's pack, whose copies are opened here
            State.RECALLED,
        }
    ),
    State.SEALED: frozenset({State.SENDING, State.RECALLED}),
    State.SENDING: frozenset(
        {
            State.SENDING,  # a courier that may hand the same bytes over again
            State.SENT,
            State.DEFERRED,
            State.REJECTED,
            State.UNKNOWN,
        }
    ),
    State.DEFERRED: frozenset({State.SENDING, State.RECALLED, State.SENT}),
    State.REJECTED: frozenset(
        {
            State.DEFERRED,  # a person has it sent once more
            State.SENT,  # carried by hand
            State.RECALLED,
            State.ERASED,
        }
    ),
    State.UNKNOWN: frozenset(
        {
            State.DEFERRED,  # a person has it sent once more
            State.SENT,  # it has arrived, or was carried by hand
            State.REJECTED,  # a notice said so
            State.RECALLED,
            State.ERASED,
        }
    ),
    State.SENT: frozenset(
        {
            State.REJECTED,  # a notice said so
            State.TOLD,
            State.EXPIRED,
            State.RECALLED,
            State.ERASED,
        }
    ),
    State.TOLD: frozenset(
        {
            State.TOLD,  # told again, with a reason
            State.ACKNOWLEDGED,
            State.EXPIRED,
            State.RECALLED,
            State.ERASED,
        }
    ),
    State.EXPIRED: frozenset({State.ACKNOWLEDGED, State.RECALLED, State.ERASED}),
    State.REFUSED: frozenset({State.ERASED}),
    State.ACKNOWLEDGED: frozenset({State.ERASED}),
    State.RECALLED: frozenset({State.ERASED}),
    State.ERASED: frozenset(),
}
"""Every change of state there is; whatever changes one asks here first."""


def leading_to(state: State) -> tuple[State, ...]:
    """Return the states from which a disclosure can come to `state`, in the table's order."""
    return tuple(before for before, after in TRANSITIONS.items() if state in after)


def require_transition(before: State, after: State) -> None:
    """Return if the table has this change; else raise `ValueError`, a fault of ours."""
    if after not in TRANSITIONS[before]:
        raise ValueError(f"no disclosure goes from {before.value} to {after.value}")


def values_of(states: Iterable[State]) -> list[str]:
    """Return the words of `states`, as the database keeps them."""
    return [state.value for state in states]


WORDS_ARE_GONE: Final = (
    "The words that open it are gone. Send it again as a new one, which is judged anew."
)
"""What is said to whoever wants the words that are gone, or another sending of what they open."""

NOT_NOW: Final = "That cannot be done as it stands now."
"""What is said first to whoever asked for a step that comes earlier or later."""

STANDS: Mapping[State, str] = {
    State.DECIDED: "It may go and is being sealed and sent by itself.",
    State.REFERRED: "It waits for a Caldicott Guardian; nothing was sent.",
    State.ASKED: "A Caldicott Guardian asked its sender, whose reply comes first.",
    State.REFUSED: (
        "It was refused, and nothing was sent; send it anew once it holds what would make it "
        "right."
    ),
    State.SEALED: "It is being sent by itself.",
    State.SENDING: "It is being sent by itself.",
    State.SENT: "It was sent; the words that open it are told by telephone next.",
    State.REJECTED: (
        "The recipient's side did not take the message; check the directory entry, then have it "
        "sent again or carry it by hand."
    ),
    State.DEFERRED: "It has not gone yet; sending is tried again by itself.",
    State.UNKNOWN: (
        "Nobody knows whether it arrived; ring the recipient, then confirm or have it sent again."
    ),
    State.TOLD: (
        "The words that open it were told; ask the recipient whether it opens, and say so here."
    ),
    State.ACKNOWLEDGED: (
        "It was opened, which was recorded. To undo it, recall it: they are asked to delete it."
    ),
    State.RECALLED: "It was stopped; send it again, as a new one, if it must go after all.",
    State.EXPIRED: (
        "The words that open it are gone; if it was opened, say so, and else send it again."
    ),
    State.ERASED: "Its time is over: its words were erased, and the record says when.",
}
"""What comes next where a disclosure stands, for whoever asked for something else."""

NEXT_STEPS: Mapping[State, str] = {
    State.DECIDED: "Nothing to do now: the pack is being sealed and sent.",
    State.REFERRED: "Your Caldicott Guardian decides. Nothing was sent.",
    State.ASKED: "Your Caldicott Guardian asks you something: read it, reply. Nothing was sent.",
    State.REFUSED: "Nothing was sent. See what would make it lawful, then submit again.",
    State.SEALED: "Nothing to do now: the sealed pack is being sent.",
    State.SENDING: "Nothing to do now: the sealed pack is being sent.",
    State.SENT: "Ring the recipient on the directory's number and hand over the passphrase.",
    State.REJECTED: (
        "It did not arrive. Ring the recipient. Then have it sent again, carry it by hand, or "
        "recall it."
    ),
    State.DEFERRED: "Nothing to do now: sending is tried again by itself.",
    State.UNKNOWN: (
        "Ring the recipient: nobody knows whether it arrived. Then say that it has, or have it "
        "sent again."
    ),
    State.TOLD: "When the recipient says that it opened, acknowledge.",
    State.ACKNOWLEDGED: "It was opened. Only what is still owed remains, each with its day.",
    State.EXPIRED: "The passphrase is gone. Acknowledge if it was opened; else send it again.",
    State.RECALLED: (
        "Recalled. If the passphrase was told, ring the recipient. If it must go after all, send "
        "it again."
    ),
    State.ERASED: "Nothing to do: its content was erased; the ledger says when and why.",
}
"""What the sender does next, by where the disclosure stands."""

WAITING_FOR_A_GUARDIAN = (State.REFERRED, State.ASKED)
"""Where a disclosure stands while a Guardian may decide it."""

ENDED: Final = (State.REJECTED, State.EXPIRED, State.RECALLED)
"""Where a disclosure stands that had been let go and goes no further by itself."""

ARRIVED = frozenset({State.SENT, State.TOLD, State.ACKNOWLEDGED, State.EXPIRED})
"""Where a disclosure stands that its recipient has, and that nobody took back."""

CAME: Final = frozenset({"sent", "sent-by-hand", "arrival.confirmed", "delivered"})
"""The entries of the ledger that say that a disclosure came to its recipient, on whichever way."""

UNDER_WAY = (State.DECIDED, State.SEALED, State.SENDING, State.DEFERRED)
"""Where a disclosure stands while the broker itself still has something to do for it."""
