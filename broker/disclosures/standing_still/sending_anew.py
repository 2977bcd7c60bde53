"""Send again what has ended: a new disclosure of its case, judged by the rules of today.

The same bytes go no more: they were given up, their words are gone, or their sender stopped them.
What was written goes once more as it stands, to the contact that the directory has now, once its
sender has seen both. The first is stopped with it, so that its document cannot come twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from audit.format.entry import Entry
from broker.disclosures.afterwards.later_steps import stop
from broker.disclosures.flow import Disclosures, refuse_what_they_cannot_take
from broker.disclosures.what_goes import WhatGoes, seen_of
from broker.domain.breaches.record import Cause
from broker.domain.errors import (
    ChangedMeanwhileError,
    FaultyDocumentError,
    NotAllowedError,
    WrongStateError,
)
from broker.domain.grounds import must_be_a_reason
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Agency, Disclosure, Mailbox, Pack, Person
from broker.domain.references import Reference, parse_reference
from broker.domain.states import ENDED, State
from broker.ledger import events
from broker.ledger.readings import Content, Entrance, record_reading
from broker.packs.attachments import Attachment, AttachmentRefusedError, Inspect
from broker.packs.attachments.case_parts import original_of
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions

_RENEWED: Final = "disclosure.renewed"
_WENT_WRONG: Final = frozenset({Cause.WRONG_RECIPIENT, Cause.WRONG_PERSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldGo:
    """What would be sent again: of which first, to whom as the directory has it now, and what."""

    first: Reference
    body: Agency
    judgement: Judgement

    @property
    def contact(self) -> Mailbox:
        """The recipient's contact of today."""
        return self.judgement.mailbox

    @property
    def pack(self) -> Pack:
        """What was written, word for word."""
        return self.judgement.asked.pack

    @property
    def what(self) -> WhatGoes:
        """What goes, and what stays and why."""
        return WhatGoes.of(self.judgement.document(), self.pack)

    @property
    def seen(self) -> str:
        """A digest of it: whoever gives it back sends exactly this there and nothing else."""
        return seen_of([str(self.first), self.contact.frozen(), self.what.seen])

    def document(self) -> dict[str, object]:
        """Return it as JSON, without the words themselves."""
        return {
            "first": str(self.first),
            "contact": {
                "mailbox": self.contact.id,
                "title": self.contact.title,
                "organisation": self.body.name,
                "address": self.contact.address,
                "telephone": self.contact.telephone,
            },
            "what": self.what.document(),
            "seen": self.seen,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingAnew:
    """Sends again what has ended; `inspect` is the gate for files, which they pass once more.

    Every method opens its own transactions. `look` and `send` raise `UnknownReferenceError` for
    whoever is no member of the case, `KeyErasedError` where its words are gone, `WrongStateError`
    for what has not ended or was sent again already, and `NotAllowedError` for what went to the
    wrong recipient or has a page of its own.
    """

    disclosures: Disclosures
    inspect: Inspect

    @property
    def transaction(self) -> Transactions:
        """What opens a transaction."""
        return self.disclosures.transaction

    def look(self, reference: Reference, person: Person, how: Entrance) -> WouldGo:
        """Return what would be sent again and to whom; a reading of it, and nothing is kept."""
        with self.transaction() as tx:
            would = self._would_go(tx, _ended(tx, reference, person), person)
            record_reading(tx, person, Content.PACK, how, reference)
        return would

    def send(self, reference: Reference, person: Person, why: str, seen: str) -> Disclosure:
        """Send again exactly what was `seen`, and return the new disclosure as it then stands.

        Raises `ChangedMeanwhileError` where that or the contact is another by now, and
        `FaultyDocumentError` where the gate takes a file no more.
        """
        must_be_a_reason(why)
        attachments = tuple(self._inspected(reference, person))
        with self.transaction() as tx:
            first = _ended(tx, reference, person)
            would = self._would_go(tx, first, person)
            if would.seen != seen:
                raise ChangedMeanwhileError
            judgement = self.disclosures.judge.judge(tx, would.judgement.asked)
            refuse_what_they_cannot_take(tx, would.pack, attachments, judgement)
            taken = self.disclosures.keep(tx, judgement, attachments)
            after = taken.disclosure
            stopped = _stopped(tx, first, after, person, judgement.asked.at)
            why_c = tx.case_file(first).commit(Part.WHY_RESENT.at_random(), why)
            renewed = events.disclosure_renewed(first, after, person, why_c)
            tx.append(*taken.events, *stopped, renewed)
        return after

    def _would_go(self, tx: Transaction, first: Disclosure, person: Person) -> WouldGo:
        pack = replace(tx.case_file(first).pack(), again=None, case=first.case)
        asked = JudgementRequest(pack=pack, person=person, at=self.disclosures.clock())
        judgement = self.disclosures.judge.trying().judge(tx, asked)
        body = tx.directory.agency(judgement.mailbox.agency)
        return WouldGo(first=first.reference, body=body, judgement=judgement)

    def _inspected(self, reference: Reference, person: Person) -> Iterator[Attachment]:
        with self.transaction() as tx:
            file = tx.case_file(_ended(tx, reference, person))
            notes = file.pack().attachments
            originals = [original_of(number, file.get) for number, _ in enumerate(notes, start=1)]
        # No transaction is open while files are read.
        for index, (note, content) in enumerate(zip(notes, originals, strict=True)):
            try:
                yield self.inspect(note.name, content)
            except AttachmentRefusedError as error:
                raise FaultyDocumentError.at(f"attachments[{index}]", str(error)) from error


def sent_again_as(tx: Transaction, entries: Sequence[Entry]) -> Reference | None:
    """Return as which disclosure the one of these entries was sent again, None where it was not.

    What the rules refused did not go, and may be put to them again.
    """
    found = [str(entry.event["disclosure"]) for entry in entries if entry.type == _RENEWED]
    after = parse_reference(found[-1]) if found else None
    is_refused = after is not None and tx.disclosure(after).state is State.REFUSED
    return None if is_refused else after


def _ended(tx: Transaction, reference: Reference, person: Person) -> Disclosure:
    """Return a disclosure that may be sent again, its row locked; raises as `SendingAnew`."""
    disclosure = tx.disclosure_for(reference, person)
    if (after := sent_again_as(tx, tx.about(reference))) is not None:
        raise WrongStateError(f"It was sent again already, as {after}. Go on with that one.")
    disclosure.must_be(*ENDED, else_say="Only what has ended is sent again.")
    if any(record.cause in _WENT_WRONG for record in tx.breaches.about(reference)):
        raise NotAllowedError(
            "It went to the wrong recipient or is about the wrong person, so the same is not sent "
            "again. Write a new referral."
        )
    pack = tx.case_file(disclosure).submitted()
    if pack.in_request is not None or pack.meeting is not None or pack.follows is not None:
        raise NotAllowedError(
            "A question, an answer, a change and a panel's pack are made anew where they were "
            "made: ask, answer, tell or build it again."
        )
    return disclosure


def _stopped(
    tx: Transaction, first: Disclosure, after: Disclosure, person: Person, now: datetime
) -> tuple[events.Event, ...]:
    """Stop the first where another stands in its place; return the event to append, if any."""
    if after.state is State.REFUSED or first.state is State.RECALLED:
        return ()
    return (stop(tx, first, person, None, now),)
