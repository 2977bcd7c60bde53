"""Asking: a request is complete, judged copy by copy, and issued to every body or to none."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from broker.disclosures.afterwards.later_steps import stop
from broker.disclosures.flow import Disclosures
from broker.disclosures.judge import Judge
from broker.disclosures.repeats import answered_before
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Disclosure, Pack, Person, SubmissionKey
from broker.domain.partner_requests.answers import ANSWER_PURPOSE, BIRTHDAY, NAME
from broker.domain.partner_requests.copies import (
    CAN_BE_WITHDRAWN,
    Copy,
    CopyName,
    CopyState,
    UnknownCopyError,
    changed,
)
from broker.domain.partner_requests.days import SETS_THE_DAY, DaySet
from broker.domain.partner_requests.wanted import (
    BodyAsked,
    Surroundings,
    WantedRequest,
    faults_of,
)
from broker.domain.questions.asked import InRequest
from broker.domain.references import Prefix, Reference, new_reference
from broker.domain.states import UNDER_WAY, State
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import requests as recorded
from broker.ledger.events import Event
from broker.partner_requests.refusals import CannotBeIssuedError, Refused
from broker.partner_requests.standing import asked_by_us
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, IndexKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What whoever asks does with a request; every method opens its own transaction.

    `sameness` keys the digest by which a second request that asks the same is found.
    """

    transaction: Transactions
    disclosures: Disclosures
    sameness: IndexKey
    clock: Clock

    def preview(self, wanted: WantedRequest, person: Person) -> tuple[Judgement, ...]:
        """Return what the rules would say to each copy; nothing is kept or sent.

        Raises `FaultyDocumentError` naming every element that is missing.
        """
        with self.transaction() as tx:
            self._must_be_complete(tx, wanted, person)
            name = new_reference(prefix=Prefix.REQUEST)
            return self._judged(tx, wanted, name, person, self.disclosures.judge.trying())

    def issue(self, wanted: WantedRequest, person: Person, key: SubmissionKey) -> Reference:
        """Put a request to every body that it names, and return its reference.

        Once this returns, each copy's question is kept, judged and recorded as a disclosure; one
        that its own Guardian must decide first reaches its body when they let it go. The same key
        puts it once. Raises `FaultyDocumentError` naming every element that is missing, and
        `CannotBeIssuedError` where the rules refuse a copy: that is recorded, and nothing goes to
        any body.
        """
        request = new_reference(prefix=Prefix.REQUEST)
        with self.transaction() as tx:
            if (known := answered_before(tx, key, person)) is not None:
                return self._issued_before(tx, known)
            self._must_be_complete(tx, wanted, person)
            judged = self._judged(tx, wanted, request, person, self.disclosures.judge)
            refused = {
                place: judgement
                for place, judgement in enumerate(judged)
                if judgement.state is State.REFUSED
            }
            if not refused:
                self._put(tx, wanted, judged, key)
                return request
            kept = [self._kept(tx, judgement) for judgement in refused.values()]
        raise CannotBeIssuedError(
            [Refused.of(f"bodies[{place}]", judgement) for place, judgement in refused.items()],
            kept,
        )

    def withdraw(self, name: CopyName, person: Person) -> Copy:
        """Stop asking one body: what it was asked is stopped like any disclosure.

        The same again is done once. Raises `UnknownCopyError`, and `WrongStateError` once
        answered and while it is being sent.
        """
        now = self.clock()
        with self.transaction() as tx:
            copy = asked_by_us(tx, name, person, to_change=True)
            if copy.state is CopyState.WITHDRAWN:
                return copy
            copy.must_be(*CAN_BE_WITHDRAWN)
            recalled = _stopped(tx, tx.disclosure(copy.disclosure), person, now)
            after = changed(copy, now, state=CopyState.WITHDRAWN)
            mark = tx.copies.put(after)
            tx.append(*recalled, recorded.withdrawn(after, mark, person.id))
        return after

    def close(self, name: CopyName, person: Person) -> Copy:
        """Confirm that the answer came, which closes the copy; the same again is done once."""
        with self.transaction() as tx:
            copy = asked_by_us(tx, name, person, to_change=True)
            if copy.state is CopyState.CLOSED:
                return copy
            copy.must_be(CopyState.ANSWERED)
            after = changed(copy, self.clock(), state=CopyState.CLOSED)
            mark = tx.copies.put(after)
            tx.append(recorded.closed(after, mark, person.id))
        return after

    def _must_be_complete(self, tx: Transaction, wanted: WantedRequest, person: Person) -> None:
        now = self.clock()
        rulebook = self.disclosures.judge.rules.in_force(tx, now)
        fields = rulebook.registers.purposes[ANSWER_PURPOSE]
        known = Surroundings(
            agency=person.agency,
            mailboxes={mailbox.id: mailbox for mailbox in tx.directory.mailboxes()},
            # Every answer says whom it is about, asked or not.
            can_be_asked=(fields.minimum | fields.with_a_reason) - {NAME, BIRTHDAY},
            today=uk_day(now),
        )
        faults = [*faults_of(wanted, known), *_setter_faults(tx, wanted.day, person, known.today)]
        if faults:
            raise FaultyDocumentError(tuple(faults))

    def _judged(
        self,
        tx: Transaction,
        wanted: WantedRequest,
        request: Reference,
        person: Person,
        judge: Judge,
    ) -> tuple[Judgement, ...]:
        now = self.clock()
        packs = (
            _pack_for(body, wanted, CopyName(request=request, number=number), person)
            for number, body in enumerate(wanted.bodies, start=1)
        )
        return tuple(
            judge.judge(tx, JudgementRequest(pack=pack, person=person, at=now)) for pack in packs
        )

    def _put(
        self,
        tx: Transaction,
        wanted: WantedRequest,
        judged: tuple[Judgement, ...],
        call: SubmissionKey | None,
    ) -> None:
        """Keep each copy with its question, all in the case that it names or in one of its own."""
        entries: list[Event] = []
        case = wanted.pack.case
        for judgement in judged:
            # The first copy stands for the call.
            taken = self.disclosures.keep(tx, _in_case(judgement, case), key=call)
            call = None
            # The next copy goes into the same case, whose row is believed by its entry.
            tx.append(*taken.events)
            case = taken.disclosure.case
            digest = self._digest(judgement)
            copy = _copy_of(judgement, wanted, taken.disclosure.reference)
            copy = replace(copy, repeats=tx.copies.same_before(digest))
            words = {"what": "issued", "why": wanted.day.why}
            words_c = tx.case_file(taken.disclosure).commit(Part.COPY.numbered(1), words)
            mark = tx.copies.put(copy)
            tx.copies.note_sameness(copy, digest)
            entries.append(recorded.issued(copy, mark, words_c))
        tx.append(*entries)

    def _kept(self, tx: Transaction, judgement: Judgement) -> Reference:
        """Keep and record a refused question."""
        taken = self.disclosures.keep(tx, judgement)
        tx.append(*taken.events)
        return taken.disclosure.reference

    def _digest(self, judgement: Judgement) -> bytes:
        """Return the same for two copies that ask one body the same about the same person."""
        pack = judgement.asked.pack
        asks = () if pack.in_request is None else pack.in_request.asks
        same = [
            "copy of a request",
            judgement.asked.person.agency,
            judgement.mailbox.agency,
            sorted(ask.field for ask in asks),
            sorted(pack.form.get(NAME, "").casefold().split()),
            pack.form.get(BIRTHDAY, ""),
        ]
        return self.sameness.digest(json.dumps(same, ensure_ascii=False).encode())

    def _issued_before(self, tx: Transaction, disclosure: Reference) -> Reference:
        copy = tx.copies.of_disclosure(disclosure)
        if copy is None:
            raise UnknownCopyError
        return copy.name.request


def _stopped(
    tx: Transaction, disclosure: Disclosure, person: Person, now: datetime
) -> tuple[Event, ...]:
    """Stop a question where it is still under way; return what is recorded of it."""
    if disclosure.state in {*UNDER_WAY, State.REFERRED, State.ASKED, State.SENT}:
        return (stop(tx, disclosure, person, None, now),)
    return ()


def _in_case(judgement: Judgement, case: CaseId | None) -> Judgement:
    """Return the judgement on a pack that names a case, which no rule asks about."""
    asked = judgement.asked
    return replace(judgement, asked=replace(asked, pack=replace(asked.pack, case=case)))


def _copy_of(judgement: Judgement, wanted: WantedRequest, disclosure: Reference) -> Copy:
    asked, request = judgement.asked, judgement.asked.pack.in_request
    return Copy(
        name=CopyName.read("" if request is None else request.copy),
        asking=asked.person.agency,
        asker=asked.person.id,
        purpose=wanted.purpose,
        answer_to=wanted.answer_to,
        function=wanted.day.function,
        set_by=wanted.day.set_by,
        asked=judgement.mailbox.agency,
        mailbox=asked.pack.recipient,
        disclosure=disclosure,
        state=CopyState.ISSUED,
        due_on=wanted.day.on,
        created_at=asked.at,
        changed_at=asked.at,
    )


def _setter_faults(tx: Transaction, day: DaySet, person: Person, today: date) -> list[Fault]:
    """Return what is wrong with who set the day: a chair or a coordinator, and nobody else."""
    if day.function not in SETS_THE_DAY:
        return [Fault(place="deadline.function", problem="must be chair or coordinator")]
    is_own = day.set_by == person.id and day.function == person.role
    holds_it = any(held.role == day.function for held in tx.people.roles_on(day.set_by, today))
    # Before anybody is entered, tokens made on the host say who is what, and nobody knows.
    if is_own or holds_it or not tx.people.has_anybody():
        return []
    problem = "does not act as this; name the chair or the coordinator who set the day"
    return [Fault(place="deadline.set_by", problem=problem)]


def _pack_for(body: BodyAsked, wanted: WantedRequest, name: CopyName, person: Person) -> Pack:
    """Return the question to one body: the identifiers, and its own questions only."""
    return replace(
        wanted.pack,
        recipient=body.mailbox,
        in_request=InRequest(
            copy=str(name),
            officer=person.id,
            agency=person.agency,
            asks=body.asks,
            why=body.why,
            statement=str(wanted.pack.questions["purpose_statement"]),
        ),
    )
