"""How each obligation of a decision is kept: by us, by the sender's word, or as a dated duty."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from broker.domain.deadlines import DAYS_TO_CONFIRM, DAYS_TO_LOOK_BACK, DAYS_TO_NOTE, duty_due
from broker.domain.model import Duty
from policies import Decision

KEPT_BY_THE_BROKER: Mapping[str, str] = {
    "call-999": "every answer to the sender says it first",
    "withhold": "only released fields enter the pack",
    "seal": "every courier that cannot prove its connection gets a sealed pack",
    "label-opinion": "the pack marks what was reported as reported",
    "recipient-undertaking": "the directory holds the signed undertaking, or the rules refuse",
    "do-not-tell-the-person-yet": "the pack says so to the recipient",
    "do-not-tell-the-parents": "the pack says so to the recipient",
}
"""Obligations that hold before or at release, and what makes them hold."""

CONFIRMED_BY_THE_SENDER: Mapping[str, str] = {
    "redact-third-parties": (
        "Replace the names of other people by their role, then list redact-third-parties under "
        "questions.confirmed."
    ),
}
"""Obligations that only a person can keep; the pack's `questions.confirmed` says that they did."""

KEPT_BY_THE_PORTAL = frozenset({"use-the-portal"})
"""What an installation with a portal keeps besides: a page from which it is fetched."""

CONFIRM_RECEIPT = "confirm-receipt"
"""The broker's own duty for everything that it sends: ask whether the document opened."""

UPDATE_THE_RECORD = "update-the-record"
"""The sender's duty for everything that goes: note it in the record of their own body."""

GUARDIAN_REVIEW = "guardian-review"
"""The rulebook's duty that a Guardian looks back: at every emergency and every override."""

GUARDIAN_SAMPLE = "guardian-sample"
"""The broker's own duty that a Guardian looks back at some of all permits and refusals."""

EMERGENCY, OVERRIDE, SAMPLE = "emergency", "override", "sample"
"""Why a Guardian looks back at a decision, in the ledger's words."""

NOBODY_LOOKS_BACK = "none"

LOOKED_BACK = frozenset({GUARDIAN_REVIEW, GUARDIAN_SAMPLE})
"""The duties of a Guardian to look back at a decision."""

CLOSED_OTHERWISE: Mapping[str, str] = {
    CONFIRM_RECEIPT: "Acknowledge the disclosure once it was opened; that closes this duty.",
    **dict.fromkeys(LOOKED_BACK, "A Guardian looks back at it; that closes this duty."),
}
"""The duties that a sender does not say to be done, and which step closes each."""

CHOSEN = "01"
"""Of sixteen first digits, those by which chance chooses what a Guardian looks back at."""

NAMES_NOBODY = "purposes that name nobody"
"""The rulebook's list of purposes under which no person is disclosed: no record of theirs is."""

_CANNOT_BE_KEPT = (
    "The recipient cannot take sealed files and this installation has no portal. Set one up "
    "(BROKER_PORTAL_URL), or agree on a mailbox that takes encrypted files and enter it in the "
    "directory."
)


def unkept(
    decision: Decision, confirmed: frozenset[str], also_kept: frozenset[str] = frozenset()
) -> Mapping[str, str]:
    """Return the obligations that nobody can or did keep before release, with what would help.

    `confirmed` by the sender, `also_kept` by this installation. Where nothing is released, nothing
    waits for an obligation.
    """
    if not decision.release:
        return {}
    return {
        obligation.type: CONFIRMED_BY_THE_SENDER.get(obligation.type, _CANNOT_BE_KEPT)
        for obligation in decision.obligations
        if obligation.when != "after-release"
        and obligation.type not in KEPT_BY_THE_BROKER
        and obligation.type not in also_kept
        and not (obligation.type in CONFIRMED_BY_THE_SENDER and obligation.type in confirmed)
    }


def duties_of(decision: Decision, today: date, *, names_nobody: bool = False) -> tuple[Duty, ...]:
    """Return what must be done after a decision, each with its day.

    Some is owed where nothing goes too; that the receipt is confirmed and a note made in the
    sender's own record, only where something does, and the note only where its purpose names
    somebody.
    """
    ours = {CONFIRM_RECEIPT: DAYS_TO_CONFIRM}
    if not names_nobody:
        ours[UPDATE_THE_RECORD] = DAYS_TO_NOTE
    always = tuple(
        Duty(type=type_, due_on=today + timedelta(days=within), done_on=None)
        for type_, within in ours.items()
    )
    later = [one for one in decision.obligations if one.when == "after-release"]
    days = [duty_due(one, decision.outcome, today) for one in later]
    owed = tuple(
        Duty(type=one.type, due_on=due.on, done_on=None, calendar=due.calendar)
        for one, due in zip(later, days, strict=True)
    )
    return (*always, *owed) if decision.release else owed


def note_owed(duties: Iterable[Duty]) -> date | None:
    """Return the day of a note in the sender's own record that is still to be made, or None."""
    owed = (one for one in duties if one.type == UPDATE_THE_RECORD and one.done_on is None)
    return next((one.due_on for one in owed), None)


def to_look_back_at(duties: Iterable[Duty]) -> Duty | None:
    """Return the duty of a Guardian to look back that is still open, or None."""
    open_duties = (duty for duty in duties if duty.type in LOOKED_BACK and duty.done_on is None)
    return next(open_duties, None)


def is_looked_back_at(duties: Iterable[Duty]) -> bool:
    """Say whether a Guardian looks back at it, or has done so."""
    return any(duty.type in LOOKED_BACK for duty in duties)


def is_sampled(facts_c: str) -> bool:
    """Say whether a decision falls into the sample that a Guardian looks back at: one in eight.

    Chance alone chooses, and in the open: the commitment to the facts is as good as random, and
    whoever reads the ledger sees whether its first digit is 0 or 1.
    """
    return facts_c[0] in CHOSEN


def sample_of(look_back: str, today: date) -> tuple[Duty, ...]:
    """Return the duty to look back at a decision that fell into the sample, or none."""
    if look_back != SAMPLE:
        return ()
    due_on = today + timedelta(days=DAYS_TO_LOOK_BACK["sample"])
    return (Duty(type=GUARDIAN_SAMPLE, due_on=due_on, done_on=None),)
