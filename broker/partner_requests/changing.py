"""Something has changed (SET 2.9): whoever got a first is told of it by a disclosure of its own.

Each is judged anew, by what is true today, and refers to the first that its reader got. One may go
while another is refused, or waits for a Guardian.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from broker.cases.members import case_for, case_or_reference
from broker.disclosures.afterwards.agreements import PastRecipient, past_recipients
from broker.disclosures.flow import Disclosures
from broker.disclosures.judge import Judge
from broker.disclosures.repeats import answered_before
from broker.disclosures.what_goes import WhatGoes
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Disclosure, Pack, Person, SubmissionKey
from broker.domain.partner_requests.answers import BIRTHDAY, NAME
from broker.domain.partner_requests.changes import (
    SAYS_IT,
    ChangeNotice,
    answered_anew,
    change_faults,
)
from broker.domain.questions.follows import Follows
from broker.domain.references import Reference
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.telling import change_notified
from broker.ledger.events import Event
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.transaction import Transaction, Transactions

_NOT_TOLD: Final = frozenset(
    {"partner-request", "subject-access", "court-or-legal", "anonymous-assurance", "audit"}
)
"""Purposes that make nobody a reader who is told: they were asked, or the law alone says what."""

_WHO_IT_IS: Final = (NAME, BIRTHDAY, "individual.approximate_age", "referrer.person")
"""What a first says of who it is about and who wrote it, which goes again as far as it went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOf:
    """What one reader would be told of a change: which first they got, and what the rules say."""

    past: PastRecipient
    judgement: Judgement

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "first": str(self.past.reference),
            "mailbox": self.past.mailbox.id,
            "body": self.past.body,
            "decision": self.judgement.document(),
        }

    @property
    def what(self) -> WhatGoes:
        """What goes, and what stays and why."""
        return WhatGoes.of(self.judgement.document(), self.judgement.asked.pack)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """What is done when something has changed; every method opens its own transaction.

    A case is named by a reference of its own; one of which somebody is no member is
    `UnknownCaseError`.
    """

    transaction: Transactions
    disclosures: Disclosures
    clock: Clock

    def readers(self, about: Reference, person: Person) -> tuple[PastRecipient, ...]:
        """Return who has something of the case now, each by the first that they got."""
        with self.transaction() as tx:
            return self._readers(tx, about, person)

    def preview(self, notice: ChangeNotice, person: Person) -> tuple[ToldOf, ...]:
        """Return what each reader would be told; nothing is kept or looked up.

        Raises as `notify`.
        """
        with self.transaction() as tx:
            return tuple(self._judged(tx, notice, person, self.disclosures.judge.trying()))

    def look(self, notice: ChangeNotice, person: Person, how: Entrance) -> tuple[ToldOf, ...]:
        """Return what each reader would read, words and all: a reading of each first.

        Raises as `notify`.
        """
        with self.transaction() as tx:
            would = tuple(self._judged(tx, notice, person, self.disclosures.judge.trying()))
            for one in would:
                record_reading(tx, person, Content.PACK, how, one.past.reference)
            return would

    def notify(
        self, notice: ChangeNotice, person: Person, key: SubmissionKey
    ) -> tuple[Disclosure, ...]:
        """Tell the readers of a case what has changed: a disclosure for each, judged by itself.

        The same key tells it once. Raises `FaultyDocumentError` naming what the notice lacks, and
        `KeyErasedError` where the words of a first are gone.
        """
        with self.transaction() as tx:
            if (known := answered_before(tx, key, person)) is not None:
                return _told_with(tx, tx.disclosure(known))
            told, entries = list[Disclosure](), list[Event]()
            for one in self._judged(tx, notice, person, self.disclosures.judge):
                # The first stands for the call.
                call = None if told else key
                taken = self.disclosures.keep(tx, one.judgement, key=call)
                told.append(taken.disclosure)
                follows = one.judgement.asked.pack.follows
                entries += taken.events
                if follows is not None:
                    entries.append(change_notified(taken.disclosure, follows, person))
            tx.append(*entries)
        return tuple(told)

    def _readers(
        self, tx: Transaction, about: Reference, person: Person
    ) -> tuple[PastRecipient, ...]:
        case = case_for(tx, person, case_or_reference(tx, str(about)))
        firsts: dict[str, PastRecipient] = {}
        for one in past_recipients(tx, case.id):
            is_ours = one.mailbox.agency == person.agency
            if not is_ours and tx.disclosure(one.reference).purpose not in _NOT_TOLD:
                firsts.setdefault(one.mailbox.id, one)
        return tuple(firsts.values())

    def _judged(
        self, tx: Transaction, notice: ChangeNotice, person: Person, judge: Judge
    ) -> Iterator[ToldOf]:
        now, readers = self.clock(), self._readers(tx, notice.about, person)
        faults = [*change_faults(notice, uk_day(now))]
        firsts = {one.reference for one in readers}
        for place, reference in enumerate(notice.to):
            if reference not in firsts:
                problem = "is no first of this case that somebody has now"
                faults.append(Fault(place=f"to[{place}]", problem=problem))
        if not readers:
            faults.append(Fault(place="to", problem="has nobody: no one has anything of this now"))
        if faults:
            raise FaultyDocumentError(tuple(faults))
        for one in readers:
            if not notice.to or one.reference in notice.to:
                pack = self._pack(tx, notice, one, now)
                asked = JudgementRequest(pack=pack, person=person, at=now)
                yield ToldOf(past=one, judgement=judge.judge(tx, asked))

    def _pack(
        self, tx: Transaction, notice: ChangeNotice, one: PastRecipient, now: datetime
    ) -> Pack:
        """Return what one reader is told: who it is, what has changed, and since which first."""
        disclosure = tx.disclosure(one.reference)
        file = tx.case_file(disclosure)
        first = file.pack()
        went = first.form.keys() & WhatGoes.of(file.decision(), first).goes
        purpose = "referral" if disclosure.purpose == "emergency" else disclosure.purpose
        fields = self.disclosures.judge.rules.in_force(tx, now).registers.purposes[purpose]
        allowed = fields.minimum | fields.with_a_reason
        says_it = next((field for field in SAYS_IT if field in allowed), SAYS_IT[0])
        who_it_is = {name: first.form[name] for name in _WHO_IT_IS if name in went}
        said = {says_it: notice.statement.text(), **notice.form}
        why = str(notice.questions["purpose_statement"])
        reasons = {field: why for field in said if field in fields.with_a_reason}
        return replace(
            first,
            form={**who_it_is, **said},
            questions={
                **answered_anew(first.questions, notice.questions),
                "purpose": purpose,
                "reasons_for_extra_fields": reasons,
            },
            confirmed=notice.confirmed,
            attachments=(),
            again=None,
            case=disclosure.case,
            follows=Follows(first=one.reference, what=notice.what, on=notice.statement.on),
        )


def _told_with(tx: Transaction, known: Disclosure) -> tuple[Disclosure, ...]:
    """Return the disclosures that told one change: those of one moment in one case."""
    of_case = tx.agreeing(tx.store.of_case(known.case))
    tell = {
        entry.event["disclosure"]
        for first in of_case
        for entry in tx.about(first.reference)
        if entry.type == "change.notified"
    }
    return tuple(
        one for one in of_case if str(one.reference) in tell and one.created_at == known.created_at
    )
