"""One transaction as the main flow sees it: rows, outbox, directory, case files and the ledger."""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from audit.format.entry import Entry
from audit.format.vocabulary import Words
from audit.log.known import REF, Known, KnownLog
from audit.log.ledger import Ledger
from broker.domain.errors import UnknownReferenceError
from broker.domain.model import Disclosure, Duty, Person, Step
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.notices import Notices, code_of
from broker.storage.activations import Activations
from broker.storage.case_file import CaseFile
from broker.storage.database import Database
from broker.storage.directory import Directory
from broker.storage.disclosures import Store
from broker.storage.duties import Duties
from broker.storage.holds import Holds
from broker.storage.outbox import Outbox
from broker.storage.rows.accounts import Accounts
from broker.storage.rows.believed import BelievedRows
from broker.storage.rows.drafts import DraftRows
from broker.storage.rows.people import People
from broker.storage.rows.register import MarkedRows, RegisterRows, Seals
from broker.storage.rows.sessions import Sessions
from broker.storage.submission_keys import SubmissionKeys
from keys import CaseKey, IndexKey, KeyErasedError, Keystore


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Everything that may be read and written together. Record on the ledger last.

    Writers queue for the ledger's head from the moment of `record` until the commit, so nothing
    slow may follow it.
    """

    store: Store
    outbox: Outbox
    directory: Directory
    duties: Duties
    activations: Activations
    holds: Holds
    drafts: DraftRows
    submission_keys: SubmissionKeys
    people: People
    accounts: Accounts
    sessions: Sessions
    ledger: Ledger
    known_log: KnownLog
    rows: BelievedRows
    keystore: Keystore

    def known(self) -> Known:
        """Return what the ledger says at this moment, from entries that its own head stands for.

        Raises `ForeignGrowthError` where the head is not this installation's, and
        `BrokenLedgerError` where what is stored does not lead to it.
        """
        return self.known_log.at(self.ledger)

    def about(self, reference: Reference) -> tuple[Entry, ...]:
        """Return the entries about a disclosure, oldest first; raises as `known`."""
        return self.known().about(REF, str(reference))

    def case_file(self, disclosure: Disclosure, key: CaseKey | None = None) -> CaseFile:
        """Return the encrypted fields of a disclosure, whose key may be at hand."""
        return CaseFile(store=self.store, keystore=self.keystore, disclosure=disclosure, key=key)

    def disclosure_for(self, reference: Reference, person: Person) -> Disclosure:
        """Return a disclosure that the person submitted, or a Guardian of their body; row locked.

        Raises `UnknownReferenceError` alike for what does not exist and what is not theirs, and
        `KeyErasedError` for what was erased.
        """
        disclosure = self.store.disclosure(reference, for_update=True)
        is_theirs = person.role == Role.GUARDIAN.value or disclosure.requester == person.id
        if disclosure.sender != person.agency or not is_theirs:
            raise UnknownReferenceError
        return _unerased(disclosure)

    def any_agencys(self, reference: Reference) -> Disclosure:
        """Return a disclosure for an operator, its row locked.

        Raises `UnknownReferenceError`, and `KeyErasedError` for what was erased.
        """
        return _unerased(self.store.disclosure(reference, for_update=True))

    def queue(self, disclosure: Disclosure, duties: Iterable[Duty]) -> None:
        """Put a permitted disclosure in the outbox, and keep the duties of any decision."""
        if disclosure.state is State.DECIDED:
            self.outbox.put(disclosure.reference, Step.SEAL, disclosure.changed_at)
        self.duties.add(disclosure.reference, duties)

    def append(self, *events: Mapping[str, object]) -> tuple[int, ...]:
        """Append to the ledger and return the entries' numbers; the last act of a transaction."""
        return tuple(entry.seq for entry in self.ledger.append(events))


def _unerased(disclosure: Disclosure) -> Disclosure:
    if disclosure.state is State.ERASED:
        raise KeyErasedError
    return disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Transactions:
    """Opens transactions on one database with one keystore; `gateway` appends to the ledger.

    `rows` authenticates what the database holds; `words` gives the closed lists that the ledger
    draws from; `known_log` is what this process knows of the ledger so far; `notices` keeps what
    is an alarm of its own.
    `seals` hold what is personal in the registers.
    """

    database: Database
    keystore: Keystore
    rows: IndexKey
    clock: Callable[[], datetime]
    gateway: str
    words: Words
    known_log: KnownLog = field(default_factory=KnownLog)
    notices: Notices | None = None
    seals: Seals = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Take the keys out of the keystore once, not at each transaction."""
        object.__setattr__(self, "seals", Seals.of(self.keystore))

    @contextmanager
    def __call__(self) -> Generator[Transaction]:
        """Yield a transaction: everything in it is kept together, or nothing is.

        Here every way in comes by, so here what is an alarm of its own is noted.
        """
        try:
            with self.database.transaction() as connection:
                yield self.on(connection)
        except Exception as error:
            if self.notices is not None and (code := code_of(error)) is not None:
                self.notices.note(code)
            raise

    def on(self, connection: Connection) -> Transaction:
        """Return the view of an open connection."""
        ledger = Ledger(
            connection, self.clock, self.gateway, authenticator=self.rows, words=self.words
        )
        rows = BelievedRows(connection, self.rows, lambda: self.known_log.at(ledger))
        register = RegisterRows(connection, rows)
        return Transaction(
            store=Store(connection),
            outbox=Outbox(connection),
            directory=Directory(connection, rows),
            duties=Duties(connection),
            activations=Activations(connection),
            holds=Holds(connection),
            drafts=DraftRows(connection),
            submission_keys=SubmissionKeys(connection),
            known_log=self.known_log,
            rows=rows,
            people=People(register, self.seals.people),
            accounts=Accounts(register, self.seals.app_codes),
            sessions=Sessions(MarkedRows(connection, self.rows)),
            ledger=ledger,
            keystore=self.keystore,
        )
