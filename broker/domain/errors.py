"""What can go wrong in the gateway, in words for the person who must act on it.

A message says what happened, why, and what to do next. It names places in our own schema and
never repeats a value that was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from audit.format.plurals import counted


class BrokerError(Exception):
    """Base of everything the gateway raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fault:
    """One thing to put right: `place` in the document sent, and what is wrong there."""

    place: str
    problem: str


class FaultyDocumentError(BrokerError):
    """Raised when a document that was sent cannot be accepted; carries every fault at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep `faults` in the order of their places."""
        self.faults = tuple(sorted(set(faults)))
        listed = "\n".join(f"- {fault.place}: {fault.problem}" for fault in self.faults)
        super().__init__(f"This cannot be accepted. Put right:\n{listed}")

    @classmethod
    def at(cls, place: str, problem: str) -> Self:
        """Return the error of a document with one fault."""
        return cls((Fault(place=place, problem=problem),))


class SettingsError(BrokerError):
    """Raised at start when the configuration has faults; names all of them together."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep every fault, a sentence each."""
        self.faults = faults
        super().__init__("The settings have faults:\n" + "\n".join(f"- {f}" for f in faults))


class NotInitialisedError(BrokerError):
    """Raised when `broker init` has not been run for this home, or not finished."""


class StoreUnavailableError(BrokerError):
    """Raised when the database cannot take or give what was asked; nothing was changed."""


class StoreFaultError(StoreUnavailableError):
    """Raised when the database cannot be used until somebody mends something on the host.

    Its words name files and are for the operator alone.
    """


class DatabaseDamagedError(StoreFaultError):
    """Raised when the database is not whole: an alarm of its own, never tried again in vain."""

    def __init__(self, what: str) -> None:
        """Say which, and what comes first."""
        super().__init__(
            f"THE DATABASE IS DAMAGED: {what}. Stop the broker, copy the whole BROKER_HOME away "
            "as it is, and put back the newest backup: broker restore. Then run: broker ledger "
            "verify"
        )


class LostDatabaseError(StoreFaultError):
    """Raised when heads of a ledger were signed here, and the database that held it is gone."""

    def __init__(self, what: str) -> None:
        """Say what is missing, and that `broker init` is no remedy."""
        super().__init__(
            f"The database is missing ({what}), though heads of its ledger were signed here. Do "
            "not run broker init: put the database back, or restore the newest backup into an "
            "empty home: broker restore"
        )


class LostKeystoreError(BrokerError):
    """Raised when heads of a ledger were signed here, and the keystore is gone."""

    def __init__(self, what: str) -> None:
        """Say what is missing, and that `broker init` is no remedy."""
        super().__init__(
            f"The keystore is missing ({what}), though this installation has worked before. A new "
            "one would open nothing. Put back the keystore of the newest backup."
        )


class NoRoomError(StoreFaultError):
    """Raised when the disk is full."""

    def __init__(self, what: str) -> None:
        """Say where."""
        super().__init__(
            f"The disk has no room: {what}. Free some space; the broker goes on by itself. Ask "
            "for exactly the same again then: nothing is done twice."
        )


class SyncFailedError(StoreUnavailableError):
    """Raised from the commit on that the disk did not keep, until the next start."""

    def __init__(self) -> None:
        """Say what is not known, and how work goes on meanwhile."""
        super().__init__(
            "The disk did not keep what was written, so nothing is taken in until the broker is "
            "started again. What was sent last may be there then, or not: send it again with the "
            "same Idempotency-Key. Use the telephone procedure, in an emergency 999; the operator "
            "checks the disk first."
        )


class UnknownReferenceError(BrokerError):
    """Raised when no disclosure that this person may see has the reference."""

    def __init__(self) -> None:
        """Say the same whether it does not exist or belongs to somebody else."""
        super().__init__(
            "There is no disclosure of yours with this reference. Check it letter by letter."
        )


class NothingToOpenError(BrokerError):
    """Raised when the ledger committed to nothing of this name; names what there is."""

    def __init__(self, fields: Sequence[str]) -> None:
        """Say what the person may open."""
        super().__init__(
            "The ledger holds no commitment of this name that you may open. There is: "
            + (", ".join(fields) or "none")
            + "."
        )


class NotAllowedError(BrokerError):
    """Raised when the person is known but their role may not do this."""


class WrongStateError(BrokerError):
    """Raised when the disclosure is not at the step that the request needs."""


class ChangedMeanwhileError(WrongStateError):
    """Raised when a disclosure no longer stands where it stood when it was read."""

    def __init__(self) -> None:
        """Say what to do; nothing of this attempt was kept."""
        super().__init__(
            "Somebody else did something with this disclosure at the same moment, and this was "
            "not done. Look where it stands now, and do what is still needed."
        )


class LedgerDisagreesError(BrokerError):
    """Raised when a row says otherwise of a disclosure than the ledger; `about` says of what."""

    def __init__(self, about: str) -> None:
        """Say what stands still, and who must look."""
        self.about = about
        super().__init__(
            f"The database and the ledger do not say the same of this disclosure ({about}), so "
            "nothing of it is sealed, sent or told. Tell the operator, who runs: broker ledger "
            "verify. In danger ring 999."
        )


class RowDisagreesError(LedgerDisagreesError):
    """Raised when a row is not as the ledger's newest entry about it says; `row` is its name."""

    def __init__(self, row: str) -> None:
        """Name the row by its table and key, and say what stands still and who must look."""
        self.row = row
        super(LedgerDisagreesError, self).__init__(
            f"The database and the ledger do not say the same of {row}, so nothing rests on it. "
            "Everything else works. Tell the operator, who runs: broker ledger verify. Whoever "
            "keeps an entry of the directory mends it: broker directory change. In danger ring "
            "999."
        )
        self.about = row


class RecipientChangedError(WrongStateError):
    """Raised when the directory's entry is another than the one that was decided on."""

    def __init__(self) -> None:
        """Say whom to ask, and how the pack can still go."""
        super().__init__(
            "The recipient's address or telephone number in the directory is not the one that "
            "this was decided on, so it is neither sent nor told. Ask who keeps the directory. "
            "If the new entry is right, recall this and send it again: it is judged anew."
        )


class ReasonNeededError(BrokerError):
    """Raised when words, a code or a document were given out before and no reason is given now."""

    def __init__(self) -> None:
        """Say how to ask again."""
        super().__init__(
            "It was already given out once. Ask again with a reason (for example: the line was "
            "cut off); the reason is recorded."
        )


class LeadNeededError(NotAllowedError):
    """Raised when a passphrase was told twice and somebody else than the lead would tell it."""

    def __init__(self) -> None:
        """Say who may, and where."""
        super().__init__(
            "The words were told twice. Your Prevent or safeguarding lead tells them from now on: "
            "give them the reference, with which they open it in their own pages."
        )


class StaysError(BrokerError):
    """Raised when a case may not be erased now; `because` says why it stays and what helps."""

    def __init__(self, because: str) -> None:
        """Say that nothing happened, too."""
        super().__init__(f"{because} Nothing was erased.")
        self.because = because


class UnderWayError(StaysError, WrongStateError):
    """Raised when a case may not be erased because the broker has something to do for it."""

    def __init__(self, reference: str, stands: str) -> None:
        """Say where it stands, in a sentence, and what ends that."""
        super().__init__(
            f"{reference} is still under way. {stands} Recall it first, or wait until it was sent."
        )


class HeldError(StaysError):
    """Raised when a case may not be erased because somebody has it kept; names owner and day."""

    def __init__(self, owner: str, until: date) -> None:
        """Say who may let it go."""
        super().__init__(
            f"A legal hold keeps this case until {until}. Its owner is {owner}: once they need it "
            "no longer, lift it with broker hold lift."
        )


class NoteOwedError(StaysError):
    """Raised when a case is not erased yet because its note for the sender's record is owed."""

    def __init__(self, reference: str, until: date) -> None:
        """Say what is owed, what helps, and when it goes all the same."""
        super().__init__(
            f"Nobody has said that {reference} is noted in the sender's own record. Whoever sent "
            f"it says so: broker done {reference} update-the-record. It goes on {until} all the "
            "same; a request, an order or an error ends it at once."
        )


class ClockDoubtedError(BrokerError):
    """Raised when something would be destroyed by a clock that nobody can believe yet."""

    def __init__(self, today: date, last: str) -> None:
        """Say what the clock says, and what comes first."""
        super().__init__(
            f"The clock says {today}, far from the ledger's last moment ({last}), so nothing is "
            "destroyed because its time is over. If the day is right, confirm it: broker clock "
            "confirm DAY. If not, set the clock first."
        )


class WrongDayError(BrokerError):
    """Raised when the day that a person confirms is not the clock's."""

    def __init__(self, today: date) -> None:
        """Say what the clock says."""
        super().__init__(
            f"The clock says {today}, which is not the day that you gave, so nothing was "
            "confirmed. Set the clock, then confirm again."
        )


class CheckFailedError(BrokerError):
    """Raised at the end of `broker check` where it found faults."""

    def __init__(self, faults: int) -> None:
        """Say how many."""
        super().__init__(f"{counted(faults, 'fault needs', 'faults need')} you.")


class KeyReusedError(BrokerError):
    """Raised when an Idempotency-Key comes back with another body."""

    def __init__(self) -> None:
        """Say how to go on."""
        super().__init__(
            "This Idempotency-Key was already used for another submission. "
            "Send the first body again, or choose a new key."
        )


class RulesUnavailableError(BrokerError):
    """Raised when no rulebook may judge; nothing is disclosed until one may."""

    def __init__(self, why: str) -> None:
        """Say why, and how work goes on meanwhile."""
        super().__init__(
            f"{why} Nothing can be judged. Use the telephone procedure, in an emergency 999; the "
            "operator checks with: broker policy activate"
        )


class RulesFolderError(BrokerError):
    """Raised when rules cannot be written where they were asked for."""


class UnknownMailboxError(BrokerError):
    """Raised when the directory holds no contact or body of that identifier."""


class UnknownRecipientError(UnknownMailboxError):
    """Raised when what is sent names a contact, or comes from a body, that is not there."""


class DirectoryFaultError(BrokerError):
    """Raised when a directory entry cannot be accepted."""


class DeliveryError(BrokerError):
    """Base of the ways in which a courier can fail; the outbox decides what follows."""

    def __init__(self, message: str, fault: str = "", reply: int | None = None) -> None:
        """Keep the word for what went wrong, and the number with which a server refused."""
        self.fault, self.reply = fault, reply
        super().__init__(message)


class DeferredError(DeliveryError):
    """Raised when delivery may succeed later; the same bytes are tried again."""


class TlsRefusedError(DeferredError):
    """Raised when the connection could not be proved private: nothing went, tried again later."""


class RejectedError(DeliveryError):
    """Raised when the recipient's side refused for good; a person must act."""


class UnknownFateError(DeliveryError):
    """Raised when a message may have been taken or not; it is never sent again by itself."""


class AlreadyDispatchingError(BrokerError):
    """Raised when another dispatch loop of this host holds the outbox."""

    def __init__(self) -> None:
        """Say that the work is done all the same."""
        super().__init__(
            "Another dispatch loop works on this host (perhaps `broker serve`). It does the "
            "round; there is nothing to do here."
        )


class PortTakenError(BrokerError):
    """Raised at start when another program listens where the broker would."""

    def __init__(self, port: int) -> None:
        """Say what to do."""
        super().__init__(
            f"Port {port} is taken by another program, perhaps by a broker that serves already. "
            "Stop that, or choose another port: BROKER_PORT."
        )


class MismatchedPairError(BrokerError):
    """Raised when a database and a keystore do not belong to each other."""


class UnsignedEntriesError(BrokerError):
    """Raised when a ledger of an earlier release holds entries that no head counts yet."""

    def __init__(self) -> None:
        """Say how they come under a head."""
        super().__init__(
            "The ledger holds entries that no signed head counts, so nothing shows that they are "
            "the broker's own. Run `broker check` with the release of before, then this again."
        )


class UnfinishedRestoreError(BrokerError):
    """Raised when a restore ceremony was begun and not carried out."""

    def __init__(self) -> None:
        """Say how to go on."""
        super().__init__(
            "A restore ceremony was cut short, and nothing may be recorded before it is over. "
            "Finish it: broker ledger restore-ceremony"
        )


class KeyNeededError(BrokerError):
    """Raised when a key would be retired by which the rules in force are signed."""

    def __init__(self, version: str) -> None:
        """Name the rules, and what comes first."""
        super().__init__(
            "The rules in force are signed by this key. Put them in force again first, by the "
            f"key that followed: broker policy activate {version}"
        )


class BackupError(BrokerError):
    """Raised when a backup cannot be written, or what is to be restored is not one."""


class OverloadedError(BrokerError):
    """Raised when as much is worked on as there are places for; nothing was begun."""

    retry_after = 5

    def __init__(self) -> None:
        """Say when to come again, and that nothing was begun."""
        super().__init__(
            "The broker has more to do at this moment than it can. Nothing of this was done: send "
            f"exactly the same again in {counted(self.retry_after, 'second')}. In an emergency "
            "do not wait: ring 999 and use the telephone procedure."
        )
