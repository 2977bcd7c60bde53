"""The closed table of events: a class for each type, with what may be recorded and when.

docs/formats/ledger.md holds the same table. No field can hold free text, so that no name, no
address and nothing that a person wrote can reach a record that is never erased.

>>> Replied(ref="PRV-7Q4K-M2XH", by="p-nurse", reply_c="0" * 64).event()["type"]
'replied'
"""

from audit.format.events.delivering import (
    Acknowledged,
    Deferred,
    Delivered,
    DeliveryAttempt,
    DeliveryUnknown,
    PackSealed,
    PackUnsealed,
    PassphraseExpired,
    PassphraseRevealed,
    Recalled,
    Rejected,
    Sent,
    TlsRefused,
)
from audit.format.events.judging import (
    ActOnDisclosure,
    Asked,
    Decided,
    DutyDone,
    LookedBack,
    Received,
    Replied,
    Reviewed,
)
from audit.format.events.keeping import (
    CaseErased,
    CaseKept,
    DraftsDestroyed,
    HoldLifted,
    HoldSet,
)
from audit.format.events.people import (
    AccountChanged,
    AccountInvited,
    PasskeyAdded,
    PasskeyRemoved,
    PersonChanged,
    RecoveryAsked,
    RoleEnded,
    RoleGranted,
    RoleProposed,
)
from audit.format.events.reading import ContentRead
from audit.format.events.running import (
    Alive,
    BuildRun,
    ClockConfirmed,
    DirectoryChanged,
    KeyAdded,
    KeyRetired,
    LogOpened,
    LogRestored,
    PolicyActivated,
    PolicyExpired,
    TokenIssued,
)

__all__ = (
    "AccountChanged",
    "AccountInvited",
    "Acknowledged",
    "ActOnDisclosure",
    "Alive",
    "Asked",
    "BuildRun",
    "CaseErased",
    "CaseKept",
    "ClockConfirmed",
    "ContentRead",
    "Decided",
    "Deferred",
    "Delivered",
    "DeliveryAttempt",
    "DeliveryUnknown",
    "DirectoryChanged",
    "DraftsDestroyed",
    "DutyDone",
    "HoldLifted",
    "HoldSet",
    "KeyAdded",
    "KeyRetired",
    "LogOpened",
    "LogRestored",
    "LookedBack",
    "PackSealed",
    "PackUnsealed",
    "PasskeyAdded",
    "PasskeyRemoved",
    "PassphraseExpired",
    "PassphraseRevealed",
    "PersonChanged",
    "PolicyActivated",
    "PolicyExpired",
    "Recalled",
    "Received",
    "RecoveryAsked",
    "Rejected",
    "Replied",
    "Reviewed",
    "RoleEnded",
    "RoleGranted",
    "RoleProposed",
    "Sent",
    "TlsRefused",
    "TokenIssued",
)
