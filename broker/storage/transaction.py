"""One transaction as the main flow sees it: rows, outbox, directory, case files and the ledger."""

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Protocol

import structlog
from sqlalchemy import Connection

from audit.errors import BrokenLedgerError, ForeignGrowthError
from audit.format.entry import Entry
from audit.format.vocabulary import Words
from audit.log.known import REF, Known, KnownLog
from audit.log.ledger import Ledger
from broker.domain.cases.cases import NO_CASE
from broker.domain.errors import LedgerDisagreesError, UnknownReferenceError
from broker.domain.model import Disclosure, Duty, Person, Step
from broker.domain.partner_requests.copies import QUESTION
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.domain.times import Clock
from broker.logs import where_raised
from broker.notices import Notices, code_of
from broker.storage.activations import Activations
from broker.storage.case_fields import CaseFields
from broker.storage.case_file import Cabinet, CaseFile
from broker.storage.database import Database
from broker.storage.directory import Directory
from broker.storage.disclosures import Store
from broker.storage.outbox import Outbox
from broker.storage.rows.accounts import Accounts
from broker.storage.rows.advising import AdviceRows
from broker.storage.rows.believed import BelievedRows
from broker.storage.rows.bodies.between import BetweenRows
from broker.storage.rows.cases import CaseRows
from broker.storage.rows.cases.agreements import AgreementRows
from broker.storage.rows.committed import committed_by
from broker.storage.rows.concerns import ConcernRows
from broker.storage.rows.delivering.breaches import BreachRows
from broker.storage.rows.delivering.duties import Duties
from broker.storage.rows.delivering.profiles import ProfileRows
from broker.storage.rows.delivering.trials import TrialRows
from broker.storage.rows.drafts import DraftRows
from broker.storage.rows.indexes.earlier import EarlierRows
from broker.storage.rows.indexes.submission_keys import SubmissionKeys
from broker.storage.rows.keeping.holds import Holds
from broker.storage.rows.keeping.memories import MemoryLookRows
from broker.storage.rows.keeping.retention_classes import RetentionClassRows
from broker.storage.rows.machines.clients import ClientRows
from broker.storage.rows.machines.webhooks import WebhookRows
from broker.storage.rows.oversight import OversightRows
from broker.storage.rows.panels import MeetingRows
from broker.storage.rows.people import People
from broker.storage.rows.portal import PageRows
from broker.storage.rows.register import MarkedRows, RegisterRows, Seals
from broker.storage.rows.request_copies import RequestCopies
from broker.storage.rows.said import Said, said_of
from broker.storage.rows.sessions import Sessions
from broker.storage.rows.sharing import SharingRows
from broker.storage.rows.telling import NoticeRows
from keys import (
    AgencyId,
    CaseId,
    CaseKey,
    FieldName,
    IndexKey,
    KeyErasedError,
    KeyManagementError,
    Keystore,
)

_log = structlog.get_logger()


class Faults(Protocol):
    """What knows whether the ledger may be relied on."""

    def gate(self, ledger: Ledger, connection: Connection, /) -> None:
        """Return where it may, or raise `LedgerError`."""
        ...

    def note(self, error: Exception, /) -> None:
        """Remember what an error tells of the ledger."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Everything that may be read and written together. Record on the ledger last.

    Writers queue for the ledger's head from the moment of `append` until the commit, so nothing
    slow may follow it. What is told of it goes into `once_kept`, which is called after the commit.
    """

    connection: Connection
    store: Store
    fields: CaseFields
    outbox: Outbox
    directory: Directory
    duties: Duties
    activations: Activations
    holds: Holds
    concerns: ConcernRows
    advising: AdviceRows
    cases: CaseRows
    oversight: OversightRows
    between: BetweenRows
    breaches: BreachRows
    trials: TrialRows
    profiles: ProfileRows
    clients: ClientRows
    webhooks: WebhookRows
    earlier: EarlierRows
    retention_classes: RetentionClassRows
    looks: MemoryLookRows
    agreements: AgreementRows
    drafts: DraftRows
    submission_keys: SubmissionKeys
    people: People
    accounts: Accounts
    sessions: Sessions
    copies: RequestCopies
    meetings: MeetingRows
    sharing: SharingRows
    regional: NoticeRows
    pages: PageRows
    ledger: Ledger
    known_log: KnownLog
    rows: BelievedRows
    keystore: Keystore
    doomed: list[FieldName]
    once_kept: list[Callable[[], object]]
    require_sound_ledger: Callable[[], None]

    def known(self) -> Known:
        """Return what the ledger says at this moment, from entries that its own head stands for.

        Raises `ForeignGrowthError` where the head is not this installation's, and
        `BrokenLedgerError` where what is stored does not lead to it.
        """
        return self.known_log.at(self.ledger)

    def about(self, reference: Reference) -> tuple[Entry, ...]:
        """Return the entries about a disclosure, oldest first; raises as `known`."""
        return self.known().about(REF, str(reference))

    def _committed(self, reference: Reference) -> Collection[str]:
        """Return the names of what entries say that the case file of a disclosure keeps."""
        known = self.known()
        entries = known.about(REF, str(reference))
        asks = any(entry.event.get("purpose") == QUESTION for entry in entries)
        copy = self.copies.of_disclosure(reference) if asks else None
        if copy is None:
            return committed_by(entries)
        name = copy.name
        about = known.about(REF, str(name.request))
        return committed_by(
            entries, [entry for entry in about if entry.event.get("copy") == name.number]
        )

    def case_file(self, disclosure: Disclosure, key: CaseKey | None = None) -> CaseFile:
        """Return the encrypted fields of a disclosure, whose key may be at hand.

        Raises `LedgerError` while the ledger is at fault: no reading could be recorded.
        """
        self.require_sound_ledger()
        cabinet = Cabinet(
            store=self.store,
            fields=self.fields,
            keystore=self.keystore,
            committed=self._committed,
            doomed=self.doomed,
        )
        return CaseFile(cabinet, disclosure, key)

    def disclosure(self, reference: Reference) -> Disclosure:
        """Return a disclosure as its entries say that it is, its row locked.

        Raises `UnknownReferenceError` where neither knows it, and `LedgerDisagreesError` where
        the row says otherwise than the entries, or is gone.
        """
        # Locked first: what another appends about it afterwards waits for us.
        row = self.store.find(reference, for_update=True)
        return _agreed(row, said_of(self.about(reference)))

    def disclosure_for(self, reference: Reference, person: Person) -> Disclosure:
        """Return a disclosure that a member of its case or its Guardian may act on; row locked.

        Whose it is and which case it belongs to, its entries say; who is a member, the case.
        Raises `UnknownReferenceError` alike for what does not exist and what is not theirs,
        `KeyErasedError` for what was erased, and `LedgerDisagreesError`.
        """
        row = self.store.find(reference, for_update=True)
        said = said_of(self.about(reference))
        is_of_body = said.received.get("sender") == person.agency
        # The same is asked whatever is found, so that time tells nobody what is there.
        if person.role == Role.GUARDIAN:
            decides = self._decides_for(person.agency, row)
            is_theirs = is_of_body or decides
        else:
            is_member = self._is_member(person, said, row)
            is_theirs = is_of_body and is_member
        if not is_theirs:
            raise UnknownReferenceError
        return _unerased(_agreed(row, said))

    def _is_member(self, person: Person, said: Said, row: Disclosure | None) -> bool:
        # An earlier release recorded no case: then the row says it, which must agree below.
        case = said.received.get("case", None if row is None else row.case)
        found = self.cases.find(NO_CASE if case is None else CaseId(str(case)))
        return found is not None and found.may(person)

    def _decides_for(self, agency: AgencyId, row: Disclosure | None) -> bool:
        """Say whether a body's Guardians decide this referral of another: that one, no other."""
        sender = self.directory.agency(agency if row is None else row.sender)
        was_referred = row is not None and (
            row.state in WAITING_FOR_A_GUARDIAN or row.decision_number > 1
        )
        return was_referred and sender.guardian_body == agency

    def any_agencys(self, reference: Reference) -> Disclosure:
        """Return a disclosure for an operator, its row locked.

        Raises `UnknownReferenceError`, `LedgerDisagreesError`, and `KeyErasedError` for what was
        erased.
        """
        return _unerased(self.disclosure(reference))

    def listed(self, rows: Sequence[Disclosure]) -> tuple[Disclosure, ...]:
        """Return what a list shows: those that agree with their entries.

        While the ledger is at fault, which disagrees with itself, all as they stand: codes and
        states, on which nothing rests.
        """
        try:
            return self.agreeing(rows)
        except (ForeignGrowthError, BrokenLedgerError):
            return tuple(rows)

    def agreeing(self, rows: Iterable[Disclosure]) -> tuple[Disclosure, ...]:
        """Return those of the rows that say of their disclosure what its entries say."""
        known = self.known()
        return tuple(
            row for row in rows if said_of(known.about(REF, str(row.reference))).agrees(row)
        )

    def queue(self, disclosure: Disclosure, duties: Iterable[Duty]) -> None:
        """Put a permitted disclosure in the outbox, and keep the duties of any decision."""
        if disclosure.state is State.DECIDED:
            self.outbox.put(disclosure.reference, Step.SEAL, disclosure.changed_at)
        self.duties.add(disclosure.reference, duties)

    def rehearse(self, event: Mapping[str, object]) -> None:
        """Return if `event` could be recorded now; what it would add is taken back.

        For what cannot be undone once it is done: it is not begun where its record would fail.
        """
        self.require_sound_ledger()
        with self.connection.begin_nested() as attempt:
            self.ledger.append([event])
            attempt.rollback()
        self.ledger.look_again()

    def append(self, *events: Mapping[str, object]) -> tuple[int, ...]:
        """Append to the ledger and return the entries' numbers; the last act of a transaction.

        Raises `LedgerError` while the ledger is at fault.
        """
        self.require_sound_ledger()
        return tuple(entry.seq for entry in self.ledger.append(events))


def _agreed(row: Disclosure | None, said: Said) -> Disclosure:
    if row is None:
        if said.is_known:
            raise LedgerDisagreesError("that there is one")
        raise UnknownReferenceError
    said.refuse_other(row)
    return row


def _unerased(disclosure: Disclosure) -> Disclosure:
    if disclosure.state is State.ERASED:
        raise KeyErasedError
    return disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Transactions:
    """Opens transactions on one database with one keystore; `gateway` appends to the ledger.

    `rows` authenticates what the database holds; `words` gives the closed lists that the ledger
    draws from; `known_log` is what this process knows of the ledger so far, `faults` knows whether
    that may be relied on; `notices` keeps what is an alarm of its own.
    `seals` hold what is personal in the registers.
    """

    database: Database
    keystore: Keystore
    rows: IndexKey
    clock: Clock
    gateway: str
    words: Words
    faults: Faults
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
        with self.remembering(), self.database.transaction() as connection:
            tx = self.on(connection)
            yield tx
        self.destroy(tx.doomed)
        for tell in tx.once_kept:
            tell()

    @contextmanager
    def looking(self) -> Generator[Transaction]:
        """Yield a transaction in which nothing is written, so that no writer waits for it.

        On PostgreSQL, where writers wait for rows alone, one that locks what it looks at.
        """
        if not self.database.is_one_file:
            with self() as tx:
                yield tx
            return
        with self.remembering(), self.database.reading(brief=True) as connection:
            yield self.on(connection)

    @contextmanager
    def remembering(self) -> Generator[None]:
        """Note what is an alarm, and remember what is found wrong with the ledger within."""
        try:
            yield
        except Exception as error:
            if self.notices is not None and (code := code_of(error)) is not None:
                self.notices.note(code)
            if isinstance(error, BrokenLedgerError):
                self.faults.note(error)
            raise

    def destroy(self, doomed: Sequence[FieldName]) -> None:
        """Destroy the keys of fields that a transaction, now committed, has done away with.

        What is committed stands, so trouble with the keystore is told and no error: the next
        round of housekeeping, or the next start, destroys what is left.
        """
        if not doomed:
            return
        try:
            self.keystore.destroy_field_keys(doomed, self.clock())
        except KeyManagementError as error:
            _log.error("keys-left", error=type(error).__name__, where=where_raised(error))

    def on(self, connection: Connection) -> Transaction:
        """Return the view of an open connection."""
        ledger = Ledger(
            connection,
            self.clock,
            self.gateway,
            authenticator=self.rows,
            words=self.words,
            alone=self.database.holds_still(connection),
        )

        def known() -> Known:
            return self.known_log.at(ledger)

        rows = BelievedRows(connection, self.rows, known)
        register = RegisterRows(connection, rows)
        marked = MarkedRows(connection, self.rows)
        return Transaction(
            connection=connection,
            store=Store(connection),
            fields=CaseFields(connection),
            outbox=Outbox(connection),
            directory=Directory(connection, rows),
            duties=Duties(connection, rows),
            activations=Activations(connection, known),
            holds=Holds(connection, known),
            concerns=ConcernRows(connection, rows),
            advising=AdviceRows(register),
            cases=CaseRows(connection, rows),
            clients=ClientRows(register),
            webhooks=WebhookRows(connection, register),
            oversight=OversightRows(register, self.seals.people),
            between=BetweenRows(register),
            breaches=BreachRows(register, self.seals.people),
            trials=TrialRows(register, self.seals.people),
            profiles=ProfileRows(register),
            earlier=EarlierRows(connection, self.rows, rows),
            retention_classes=RetentionClassRows(connection, rows),
            looks=MemoryLookRows(register, self.seals.people),
            agreements=AgreementRows(connection, rows, self.keystore),
            drafts=DraftRows(connection, marked),
            submission_keys=SubmissionKeys(connection, self.rows),
            known_log=self.known_log,
            rows=rows,
            people=People(register, self.seals.people),
            accounts=Accounts(register, self.seals.app_codes),
            sessions=Sessions(marked),
            copies=RequestCopies(connection, rows),
            meetings=MeetingRows(connection, rows),
            sharing=SharingRows(connection, rows),
            regional=NoticeRows(connection, rows),
            pages=PageRows(connection),
            ledger=ledger,
            keystore=self.keystore,
            doomed=[],
            once_kept=[],
            # Once in a transaction: what it reads does not change under it.
            require_sound_ledger=cache(partial(self.faults.gate, ledger, connection)),
        )
