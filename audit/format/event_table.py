"""The closed table of events, and the check of what may be appended: those and no others.

>>> from audit.format.vocabulary import no_words
>>> EVENT_TYPES["replied"].when
"the sender replied to the Guardian's question"
>>> check_event({"type": "expired", "ref": "PRV-7Q4K-M2XH"}, no_words)
>>> check_event({"type": "expired"}, no_words)
Traceback (most recent call last):
audit.errors.UnrecordableEventError: A expired event lacks ref.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from audit.errors import UnrecordableEventError
from audit.format import events
from audit.format.event_types import EventType, RecordedEvent, event_type_of
from audit.format.field_kinds import EVENT_ID
from audit.format.vocabulary import Words

EVENTS: Final[tuple[type[RecordedEvent], ...]] = (
    events.LogOpened,
    events.PolicyActivated,
    events.PolicyExpired,
    events.KeyAdded,
    events.KeyRetired,
    events.Received,
    events.Decided,
    events.Reviewed,
    events.Asked,
    events.Replied,
    events.LookedBack,
    events.DutyDone,
    events.DutyGivenUp,
    events.DutyOwed,
    events.PackSealed,
    events.PackUnsealed,
    events.Sent,
    events.Delivered,
    events.Rejected,
    events.TlsRefused,
    events.Deferred,
    events.GaveUp,
    events.DeliveryUnknown,
    events.Chased,
    events.ResendAsked,
    events.DisclosureRenewed,
    events.ArrivalConfirmed,
    events.SentByHand,
    events.ContentRead,
    events.PassphraseRevealed,
    events.Acknowledged,
    events.Recalled,
    events.PassphraseExpired,
    events.ConditionsAccepted,
    events.Collected,
    events.PageAnswered,
    events.PageExpired,
    events.InboxReceived,
    events.InboxPassedOn,
    events.RequestIssued,
    events.CopyOpened,
    events.CopyReturned,
    events.CopyExtended,
    events.CopyAnswered,
    events.AnswerLookedBack,
    events.CopyWithdrawn,
    events.CopyEscalated,
    events.CopyClosed,
    events.SharingConcernRaised,
    events.SharingConcernClosed,
    events.ChangeNotified,
    events.NoticeApproved,
    events.NoticeLeftOut,
    events.NoticeSent,
    events.MeetingCalled,
    events.MeetingAsked,
    events.MeetingAnswered,
    events.MeetingHeld,
    events.MeetingClosed,
    events.MeetingCancelled,
    events.PanelPackAskedFor,
    events.PanelPackBuilt,
    events.PanelPackApproved,
    events.PanelPackWithdrawn,
    events.PanelPackEnded,
    events.DraftsDestroyed,
    events.CaseErased,
    events.CaseKept,
    events.HoldSet,
    events.HoldLifted,
    events.ConcernNoted,
    events.ConcernAsked,
    events.ConcernChecked,
    events.ConcernCarriedOn,
    events.ConcernOverdue,
    events.ConcernClosed,
    events.AdviceAsked,
    events.AdviceGiven,
    events.CoverSet,
    events.CaseOpened,
    events.CaseLinked,
    events.CaseMoved,
    events.CaseClosed,
    events.MemberAdded,
    events.MemberEnded,
    events.EarlierLookedUp,
    events.EarlierMarked,
    events.EarlierCalled,
    events.RetentionSet,
    events.MemoryBegun,
    events.MemoryTold,
    events.MemoryKept,
    events.MemoryEnded,
    events.AgreementRecorded,
    events.AgreementWithdrawn,
    events.TokenIssued,
    events.DirectoryChanged,
    events.RowsSealed,
    events.PersonChanged,
    events.RoleProposed,
    events.RoleGranted,
    events.RoleEnded,
    events.AccountInvited,
    events.AccountChanged,
    events.PasskeyAdded,
    events.PasskeyRemoved,
    events.IdentityLinked,
    events.IdentityUnlinked,
    events.RecoveryAsked,
    events.ClientChanged,
    events.ClientKeyChanged,
    events.Alive,
    events.BuildRun,
    events.ClockConfirmed,
    events.LogRestored,
    events.StoresConfirmed,
    events.KeystoreChanged,
    events.RowsSetAside,
    events.RulesProposed,
    events.RulesReviewed,
    events.PolicySigned,
    events.Supervised,
    events.BreachOpened,
    events.BreachStep,
    events.BreachClosed,
    events.BreachChased,
    events.SharingAgreementSigned,
    events.SharingAgreementEnded,
    events.WorkerChecked,
    events.ClearanceRecorded,
    events.ContactTried,
    events.TrialEnded,
    events.ProfileSet,
    events.RetractionAsked,
    events.RetractionAnswered,
)
"""Every class of events, in the order of the table."""

EVENT_TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {event.type_name: event_type_of(event) for event in EVENTS}
)
"""Every row of the table, by the name of its type."""

OF_THE_LEDGER: Final = frozenset({"ts", "clock", "gw", "gw_seq", "n"})
"""The fields that the ledger itself adds to an event when it appends it."""


def check_event(event: Mapping[str, object], words: Words) -> None:
    """Return if `event` may be appended, or raise `UnrecordableEventError` saying what to mend.

    `words` gives the closed lists that others keep: no word but theirs is let in.
    `type` is always there. `id` may be left out: the ledger then makes one. `ts`, `clock`, `gw`,
    `gw_seq` and `n` are the ledger's own and may not be given.
    """
    row = _row_of(event)
    given = event.keys() - {"type", "id"}
    if given & OF_THE_LEDGER:
        raise UnrecordableEventError(
            f"A {row.name} event gives its own time, gateway or number. Leave out ts, clock, "
            "gw, gw_seq and n: the ledger sets them."
        )
    _check_names(row, given)
    kinds = {"id": EVENT_ID, **row.fields}
    for name in sorted(event.keys() - {"type"}):
        if not kinds[name].accepts(event[name], words):
            raise UnrecordableEventError(
                f"Field {name} of a {row.name} event must be {kinds[name].meaning}."
            )


def _row_of(event: Mapping[str, object]) -> EventType:
    name = event.get("type")
    row = EVENT_TYPES.get(name) if isinstance(name, str) else None
    if row is None:
        raise UnrecordableEventError(
            "The ledger knows no event of this type. Use one of the table in "
            "docs/formats/ledger.md: " + ", ".join(EVENT_TYPES) + "."
        )
    return row


def _check_names(row: EventType, given: frozenset[str] | set[str]) -> None:
    unknown = given - row.fields.keys()
    if unknown:
        raise UnrecordableEventError(
            f"A {row.name} event has no such field as one that was given. It may have: "
            + ", ".join(sorted(row.fields))
            + "."
        )
    missing = row.fields.keys() - row.optional - given
    if missing:
        raise UnrecordableEventError(
            f"A {row.name} event lacks " + ", ".join(sorted(missing)) + "."
        )
