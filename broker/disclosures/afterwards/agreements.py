"""Record what somebody answered, show it, and take it back: with everybody who got something."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from broker.cases.members import case_for, case_or_reference, disclosures_of
from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.cases.agreements import (
    NOTHING,
    NOTHING_GIVEN,
    RECORDED,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Giver,
    Scope,
    last_day,
)
from broker.domain.errors import (
    ChangedMeanwhileError,
    NotAllowedError,
    WrongStateError,
)
from broker.domain.json_values import as_object
from broker.domain.model import Disclosure, Duty, Mailbox, Person
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import Clock, day_of, rfc3339, uk_day
from broker.ledger import events
from broker.ledger.changes import agreements as agreement_events
from broker.ledger.events import Event
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId

REVIEW: Final = "review-agreement"
"""The duty to ask again before an agreement ends."""

_GOT_IT: Final = frozenset(
    {State.SENT, State.TOLD, State.ACKNOWLEDGED, State.EXPIRED, State.UNKNOWN}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody answered, to be recorded in the place of version `seen` (0: of none)."""

    kind: AgreementKind
    status: AgreementStatus
    giver: Giver = Giver.NOBODY
    given_on: date | None = None
    expires_on: date | None = None
    scope: Scope = NOTHING
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRecipient:
    """Somebody who got something of the case: under which reference, where, how far it came."""

    reference: Reference
    mailbox: Mailbox
    body: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What follows when somebody took back what they agreed to: who is told, and who was not."""

    agreement: Agreement
    past: tuple[PastRecipient, ...]
    noticed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementsShown:
    """The records of a case as they stand today, and everybody who got something of it."""

    case: CaseId
    records: tuple[Agreement, ...]
    past: tuple[PastRecipient, ...]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """What members of a case record; every method opens its own transaction.

    A case is named by itself or by a reference of its own. What is not theirs is
    `UnknownCaseError`, like what does not exist.
    """

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def show(self, person: Person, named: str) -> AgreementsShown:
        """Return the records of a case with its past recipients."""
        with self.transaction() as tx:
            case = case_for(tx, person, case_or_reference(tx, named))
            return AgreementsShown(
                case=case.id,
                records=tx.agreements.of_case(case.id),
                past=past_recipients(tx, case.id),
                today=uk_day(self.clock()),
            )

    def record(self, person: Person, named: str, said: Said) -> Agreement:
        """Record an answer, over the version that was seen.

        A parent's ends on the day before the 18th birthday; what ends soon is a duty. Raises
        `NotAllowedError` for what nobody records, `ChangedMeanwhileError`.
        """
        now = self.clock()
        _must_fit(said, uk_day(now))
        with self.transaction() as tx:
            case = case_for(tx, person, case_or_reference(tx, named), to_change=True)
            disclosures = disclosures_of(tx, case.id)
            record = Agreement(
                case=case.id,
                kind=said.kind,
                status=said.status,
                giver=said.giver,
                given_on=said.given_on,
                expires_on=last_day(said.giver, said.expires_on, _born(tx, disclosures)),
                scope=said.scope,
                version=said.seen + 1,
                recorded_by=person.id,
                recorded_at=now,
            )
            recorded = agreement_events.agreement_recorded(
                record, person, tx.agreements.put(record)
            )
            tx.append(recorded, *_asked_again(tx, disclosures, record, person))
        return record

    def withdraw(
        self,
        person: Person,
        named: str,
        kind: AgreementKind,
        seen: int,
        giver: Giver | None = None,
    ) -> Withdrawal:
        """Record that somebody took back what they agreed to, and prepare a notice to each.

        What was sent stays lawful; nothing more goes on that agreement. `giver` says which of two
        took it back. Raises `WrongStateError` where nothing was given, or two gave it and none is
        named, `ChangedMeanwhileError`. Where no record is kept yet, what the newest pack of the
        case says is taken back.
        """
        now = self.clock()
        with self.transaction() as tx:
            case = case_for(tx, person, case_or_reference(tx, named), to_change=True)
            records = tx.agreements.of_case(case.id)
            of_kind = [one for one in records if one.kind is kind]
            record = _held(of_kind, seen, giver, uk_day(now)) or _as_in_the_pack(
                tx, case.id, kind, person, now
            )
            record.must_hold(uk_day(now))
            after = replace(
                record,
                status=AgreementStatus.WITHDRAWN,
                version=record.version + 1,
                recorded_by=person.id,
                recorded_at=now,
            )
            stored = tx.agreements.put(after)
            past = past_recipients(tx, case.id)
            tx.append(agreement_events.agreement_withdrawn(after, person, stored))
        noticed = sum(self.notices.send(_notice(one), now) for one in past)
        return Withdrawal(agreement=after, past=past, noticed=noticed)


def _asked_again(
    tx: Transaction, disclosures: Sequence[Disclosure], record: Agreement, person: Person
) -> Iterator[Event]:
    """Keep the duty to ask again before an agreement ends, and yield its event."""
    if not disclosures or record.asks_again_on is None:
        return
    newest = disclosures[-1]
    owed = Duty(type=REVIEW, due_on=record.asks_again_on, done_on=None)
    tx.duties.add(newest.reference, [owed])
    yield events.duty_owed(newest, person, tx.duties.as_stored(newest.reference))


def _must_fit(said: Said, today: date) -> None:
    if said.status not in RECORDED:
        raise NotAllowedError(
            "Record what was answered: not-sought, asked, given, refused or unable. The others "
            "come of days, of a withdrawal, or of the record that follows."
        )
    if said.status is AgreementStatus.GIVEN and (
        said.giver is Giver.NOBODY or said.given_on is None
    ):
        raise NotAllowedError("Say who agreed and on which day; an agreement without is none.")
    if said.given_on is not None and said.given_on > today:
        raise NotAllowedError("The day on which they answered is still to come. Say the true one.")
    if said.given_on and said.expires_on and said.expires_on < said.given_on:
        raise NotAllowedError("It would end before it was given. Say a later last day.")
    if said.scope != NOTHING and said.kind is not AgreementKind.SHARE:
        raise NotAllowedError("Only an agreement to share says who may have it and what for.")


def _held(
    of_kind: Sequence[Agreement], seen: int, giver: Giver | None, today: date
) -> Agreement | None:
    """Return the record in the version that was seen, None where there is none at all.

    Raises `ChangedMeanwhileError` for another version, `WrongStateError` where two gave it and
    nobody says which of them.
    """
    if not of_kind and seen == 0:
        return None
    named = [one for one in of_kind if giver in {None, one.giver}]
    given = [one for one in named if one.standing(today) is AgreementStatus.GIVEN]
    if len(given) > 1:
        raise WrongStateError(_WHO_TOOK_IT_BACK)
    for one in given or named:
        if one.version == seen:
            return one
    raise ChangedMeanwhileError


_WHO_TOOK_IT_BACK: Final = (
    "The person and a parent each agreed. Say who took it back: the other's agreement stands."
)

_IN_A_PACK: Final = {
    AgreementKind.SHARE: "agreement_to_share",
    AgreementKind.SUPPORT: "agreement_to_support",
}


def _as_in_the_pack(
    tx: Transaction, case: CaseId, kind: AgreementKind, person: Person, now: datetime
) -> Agreement:
    """Return what the newest pack of a case says was answered, as a record that nobody kept yet.

    Raises `WrongStateError` where no pack says that it was given.
    """
    submitted = [one for one in disclosures_of(tx, case) if one.state is not State.ERASED]
    if kind not in _IN_A_PACK or not submitted:
        raise WrongStateError(NOTHING_GIVEN)
    said = as_object(tx.case_file(submitted[-1]).pack().questions[_IN_A_PACK[kind]])
    if said["status"] != AgreementStatus.GIVEN:
        raise WrongStateError(NOTHING_GIVEN)
    document = {
        **{name: said.get(name) for name in ("status", "given_on", "expires_on")},
        "giver": said["given_by"],
        "recipients": said.get("recipients", []),
        "purposes": said.get("purposes", []),
        "by": person.id,
        "at": rfc3339(now),
    }
    return Agreement.of_document(case, kind, 0, document)


def past_recipients(tx: Transaction, case: CaseId) -> tuple[PastRecipient, ...]:
    """Return everybody who got something of a case, the first first, once for each disclosure."""
    return tuple(
        PastRecipient(
            reference=one.reference,
            mailbox=(mailbox := tx.directory.mailbox(one.recipient)),
            body=tx.directory.agency(mailbox.agency).name,
            state=one.state,
        )
        for one in disclosures_of(tx, case)
        if one.state in _GOT_IT
    )


def _born(tx: Transaction, disclosures: tuple[Disclosure, ...]) -> date | None:
    """Return the birthday that the newest pack of a case names, None where none does."""
    for one in reversed(disclosures):
        if one.state is State.ERASED:
            continue
        subject = as_object(tx.case_file(one).pack().questions["subject"])
        born = subject.get("date_of_birth")
        if isinstance(born, str):
            return day_of(born)
    return None


def _notice(one: PastRecipient) -> PersonNotice:
    return PersonNotice(
        to=one.mailbox.address,
        subject=f"{one.reference}: an agreement was taken back",
        sentences=(
            f"The agreement on which {one.reference} was shared with you was taken back.",
            "What was shared stays lawful. Do nothing more on that agreement.",
            "Ask the sender by telephone, on a number that you already know, what follows.",
        ),
    )
