"""How the ledger stands: who verified it, up to where, by which key, and who published it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from audit.errors import LedgerError
from audit.verify.verdict import Status, Verdict, judge
from broker.domain.times import Clock
from broker.ledger.checkpoints import Checkpoints
from broker.ledger.explorer.verifications import Found, Verification, VerificationFiles
from broker.ledger.faults import KNOWN, LedgerFault, fault_of
from broker.ledger.own_log import OwnLog
from keys import KeyManagementError

EVERY: Final = timedelta(hours=1)
"""How often a serving gateway verifies the whole ledger unasked."""

STALE: Final = timedelta(hours=24)
"""After so long a page says that the newest verification is old."""

BY_ITSELF: Final = "gateway"
"""Who has a verification made that nobody asked for."""

ON_HOST: Final = "operator"
"""Who has it made by the command on the host."""

BLOCKED: Final = (
    "Nothing is decided, sent, told, opened or destroyed.",
    "What was sent before stays sent.",
    "What you type can be saved. Whom to ring and what to do in danger can be read.",
)
"""What a ledger at fault stops and what it does not, for people."""

_KEY_MISSING: Final = "The key that signs the ledger cannot be read, so nothing can be checked."
_FOUND: Final[Mapping[Status, Found]] = {
    Status.VERIFIED: Found.WHOLE,
    Status.FAULT: Found.BROKEN,
    Status.INCOMPLETE: Found.UNVERIFIABLE,
}


@unique
class State(StrEnum):
    """How the ledger stands, in one word."""

    WHOLE = "whole"
    CHECKING = "checking"
    BROKEN = "broken"
    UNVERIFIABLE = "unverifiable"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The newest signed head: under which name, of how many entries, when, and with which key."""

    origin: str
    size: int
    root: str
    at: datetime | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the ledger stands now; `message` says what is wrong, `remedy` what operators do."""

    state: State
    verification: Verification | None
    published: Published | None
    fault: LedgerFault | None
    message: str
    remedy: str
    is_stale: bool

    @property
    def stops_everything(self) -> bool:
        """Say whether nothing is decided, sent or told while it stands so: `BLOCKED`."""
        return self.state in {State.BROKEN, State.UNVERIFIABLE}

    @property
    def first_bad(self) -> int | None:
        """The first entry that nothing may rest on, None where none is known."""
        found = self.verification
        is_broken = self.state is State.BROKEN and found is not None
        return found.first_bad if is_broken and found is not None else None

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        found, head = self.verification, self.published
        return {
            "state": self.state.value,
            "fault": None if self.fault is None else self.fault.value,
            "message": self.message or None,
            "first_bad": self.first_bad,
            "verified": None
            if found is None
            else {
                "found": found.found.value,
                "at": found.at.isoformat(),
                "by": found.by,
                "entries": found.size,
                "key": found.key,
                "root": found.root,
            },
            "published": None
            if head is None
            else {
                "origin": head.origin,
                "entries": head.size,
                "root": head.root,
                "at": None if head.at is None else head.at.isoformat(),
                "key": head.key,
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Says how the ledger stands, and has all of it verified."""

    log: OwnLog
    checkpoints: Checkpoints
    files: VerificationFiles
    clock: Clock

    def now(self) -> Standing:
        """Return how the ledger stands at this moment; what shows at once is looked for at once.

        Raises `StoreUnavailableError` where the database is away.
        """
        found, moment = self.files.load(), self.clock()
        fault = self._live()
        published, has_key = self._published()
        what, remedy = KNOWN[fault] if fault is not None else ("", "")
        is_broken = found is not None and found.found is Found.BROKEN
        return Standing(
            state=self._state(found, fault, has_key=has_key),
            verification=found,
            published=published,
            fault=fault,
            message=(found.message if found is not None and is_broken else what.capitalize())
            if has_key
            else _KEY_MISSING,
            remedy=remedy,
            is_stale=found is not None and moment - found.at > STALE,
        )

    def ask(self, by: str) -> None:
        """Ask for a verification of all of it, which the next round makes."""
        self.files.ask(by, self.clock())

    def check_if_due(self) -> bool:
        """Verify all of it if somebody asked or an hour has passed; say whether it was done."""
        now = self.clock()
        asked, found = self.files.asked(now), self.files.load()
        if asked is None and found is not None and abs(now - found.at) < EVERY:
            return False
        try:
            self.check(BY_ITSELF if asked is None else asked.by)
        except (LedgerError, KeyManagementError):
            # What was found is kept, and an alarm of its own.
            return True
        return True

    def check(self, by: str) -> Verdict:
        """Verify all of it, keep what was found, and return the verdict.

        Raises what `OwnLog.verified` raises that no verdict tells: of the head, rows behind it,
        keys that cannot be read.
        """
        try:
            verdict = judge(self.log.verified)
        except LedgerError as error:
            fault = fault_of(error)
            self._keep(by, Found.BROKEN, {"message": KNOWN[fault][0] if fault else ""})
            raise
        except (KeyManagementError, OSError):
            self._keep(by, Found.UNVERIFIABLE, {"message": _KEY_MISSING})
            raise
        self._keep(by, _FOUND[verdict.status], verdict.document)
        return verdict

    def _keep(self, by: str, found: Found, said: Mapping[str, object]) -> None:
        published, _ = self._published()
        size, first_bad = said.get("entries"), said.get("first_bad")
        self.files.keep(
            Verification(
                found=found,
                at=self.clock(),
                by=by,
                size=size if isinstance(size, int) else 0,
                key="" if published is None else published.key,
                root=str(said.get("root", "")),
                first_bad=first_bad if isinstance(first_bad, int) else None,
                message=str(said.get("message", "")),
            )
        )

    def _state(
        self, found: Verification | None, fault: LedgerFault | None, *, has_key: bool
    ) -> State:
        if not has_key:
            return State.UNVERIFIABLE
        if fault is not None:
            return State.BROKEN
        if self.files.asked(self.clock()) is not None:
            return State.CHECKING
        return State.NEVER if found is None else State(found.found.value)

    def _live(self) -> LedgerFault | None:
        with self.log.transaction.database.reading(brief=True) as connection:
            ledger = self.log.transaction.on(connection).ledger
            return self.checkpoints.faults.live(ledger, connection)

    def _published(self) -> tuple[Published | None, bool]:
        """Return the newest signed head, and whether the key can be read at all."""
        store = self.checkpoints.store
        try:
            key = str(store.key)
        except (KeyManagementError, OSError, LookupError, ValueError):
            # A keystore that cannot be read, or that holds no key which signs this ledger.
            return None, False
        try:
            newest = store.newest()
        except (LedgerError, OSError):
            newest = None
        if newest is None:
            return None, True
        head = newest.checkpoint
        return (
            Published(
                origin=head.origin,
                size=head.size,
                root=head.root.hex(),
                at=store.newest_written(),
                key=key,
            ),
            True,
        )
