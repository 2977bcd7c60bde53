"""A panel's pack: built from what was released, judged, withdrawn, gone the day after.

It is a disclosure of the council for `panel-assessment`. It is neither sealed nor sent: those who
are asked to the meeting open copies of it here (`broker.panels.copies`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from broker.disclosures.flow import Disclosures
from broker.disclosures.repeats import answered_before
from broker.disclosures.what_goes import WhatGoes
from broker.domain.errors import (
    BrokerError,
    Fault,
    FaultyDocumentError,
    KeyReusedError,
)
from broker.domain.json_values import as_object
from broker.domain.judgement import JudgementRequest
from broker.domain.model import MailboxId, Pack, Person, SubmissionKey
from broker.domain.panels.meetings import Meeting, MeetingState
from broker.domain.panels.packs import (
    LIVE,
    PURPOSE,
    PackState,
    PanelPack,
    Released,
    WantedPack,
    form_of,
    pack_faults,
    picked,
)
from broker.domain.references import Reference
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.domain.times import Clock, uk_day
from broker.ledger import events
from broker.ledger.changes import meetings as recorded
from broker.ledger.events import Event
from broker.ledger.readings import Content, Entrance, record_reading
from broker.logs import where_raised
from broker.panels.reading import newest_pack
from broker.panels.refusals import CannotBeBuiltError
from broker.panels.released import asked_before, is_of_panel, released_to
from broker.panels.standing import kept_meeting
from broker.storage.case_file import copies_of
from broker.storage.transaction import Transaction, Transactions

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPacks:
    """What whoever keeps a meeting does with its pack; every method opens its own transaction.

    Raises `UnknownMeetingError` for a meeting that is not theirs.
    """

    transaction: Transactions
    disclosures: Disclosures
    clock: Clock

    def released(
        self, reference: Reference, person: Person, how: Entrance
    ) -> tuple[Released, ...]:
        """Return what can be picked, with its words; that it is read is recorded first."""
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person)
            found = released_to(tx, meeting)
            for source in dict.fromkeys(one.source for one in found):
                record_reading(tx, person, Content.PACK, how, source)
        return found

    def fields_with_a_reason(self) -> frozenset[str]:
        """Return the fields that take a reason of their own, by the rules in force."""
        now = self.clock()
        with self.transaction() as tx:
            rules = self.disclosures.judge.rules.in_force(tx, now)
        return rules.registers.purposes[PURPOSE].with_a_reason

    def preview(self, reference: Reference, person: Person, wanted: WantedPack) -> WhatGoes:
        """Return what the rules would let the panel read; nothing is kept. Raises as `build`."""
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person)
            asked = self._asked(tx, meeting, person, wanted, _released(tx, meeting))
            judgement = self.disclosures.judge.trying().judge(tx, asked)
        return WhatGoes.of(judgement.document(), judgement.asked.pack)

    def build(
        self,
        reference: Reference,
        person: Person,
        wanted: WantedPack,
        key: SubmissionKey | None = None,
    ) -> PanelPack:
        """Build the pack of a meeting, which replaces the one before; return it.

        The same key builds it once. One that the rules refer waits for the council's Guardian.
        Raises `FaultyDocumentError`
        naming what it lacks and what was not released, `CannotBeBuiltError` where the rules refuse
        it (recorded), `WrongStateError` once the meeting is over.
        """
        now = self.clock()
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person, to_change=True)
            if (known := _built_before(tx, meeting, key, person)) is not None:
                return known
            meeting.must_be_open_on(uk_day(now))
            released = _released(tx, meeting)
            asked = self._asked(tx, meeting, person, wanted, released)
            judgement = self.disclosures.judge.judge(tx, asked)
            number = len(tx.meetings.packs_of(reference)) + 1
            before = list(self._withdrawn(tx, meeting, person, now))
            tx.append(*before)
            is_refused = judgement.state is State.REFUSED
            taken = self.disclosures.keep(tx, judgement, key=None if is_refused else key)
            tx.append(*taken.events)
            if not is_refused:
                pack = PanelPack(
                    disclosure=taken.disclosure.reference,
                    meeting=meeting.reference,
                    number=number,
                    built_by=person.id,
                    built_at=now,
                )
                blocks = [one.document() for one in picked(wanted, released)]
                tx.case_file(taken.disclosure).keep_copy(blocks, now)
                mark = tx.meetings.put_pack(pack)
                tx.append(recorded.pack_built(pack, mark))
                return pack
        raise CannotBeBuiltError(judgement, taken.disclosure.reference)

    def withdraw(self, reference: Reference, person: Person) -> None:
        """Withdraw the pack of a meeting: no copy opens any more. The same again is done once."""
        now = self.clock()
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person, to_change=True)
            entries = list(self._withdrawn(tx, meeting, person, now))
            if entries:
                tx.append(*entries)

    def end_over(self) -> int:
        """End every pack whose meeting was yesterday or earlier; return how many.

        What its copies show is destroyed. One that cannot be read stops no other.
        """
        with self.transaction() as tx:
            packs = tx.meetings.packs_in(*LIVE)
        return sum(map(self._ended, packs))

    def complete(self) -> int:
        """Destroy each key that is left of copies which the ledger says are over; count them."""
        living = frozenset(self.transaction.keystore.fields())
        if not living:
            return 0
        with self.transaction() as tx:
            over = [
                copies_of(tx.disclosure(pack.disclosure))
                for pack in tx.meetings.packs_in(PackState.ENDED, PackState.WITHDRAWN)
            ]
        left = [name for name in over if name in living]
        self.transaction.destroy(left)
        return len(left)

    def _asked(
        self,
        tx: Transaction,
        meeting: Meeting,
        person: Person,
        wanted: WantedPack,
        released: tuple[Released, ...],
    ) -> JudgementRequest:
        """Return what the rules are asked; raises `FaultyDocumentError` naming what it lacks."""
        now = self.clock()
        fields = self.disclosures.judge.rules.in_force(tx, now).registers.purposes[PURPOSE]
        faults = list(pack_faults(wanted, released, fields.with_a_reason))
        asked, mailbox = asked_before(tx, meeting), _panel_mailbox(tx, meeting)
        if asked is None:
            problem = "must have a question to a body; what it answers is what can be picked"
            faults.append(Fault(place="case", problem=problem))
        if mailbox is None:
            problem = "has no mailbox of its panel in the directory; have one entered and rung"
            faults.append(Fault(place="panel", problem=problem))
        if faults or asked is None or mailbox is None:
            raise FaultyDocumentError(tuple(faults))
        answered = tx.case_file(asked).pack()
        pack = _pack_of(wanted, meeting, mailbox, answered, form_of(picked(wanted, released)))
        return JudgementRequest(pack=pack, person=person, at=now)

    def _withdrawn(
        self, tx: Transaction, meeting: Meeting, person: Person, now: datetime
    ) -> Iterator[Event]:
        """Withdraw each living pack of a meeting; yield what is recorded of it."""
        for pack in tx.meetings.packs_of(meeting.reference):
            if pack.state not in LIVE:
                continue
            disclosure = tx.disclosure(pack.disclosure)
            tx.case_file(disclosure).destroy_copies()
            after = replace(pack, state=PackState.WITHDRAWN, version=pack.version + 1)
            yield recorded.pack_withdrawn(after, person.id, tx.meetings.put_pack(after))
            if disclosure.state in {*WAITING_FOR_A_GUARDIAN, State.DECIDED, State.SENT}:
                tx.store.move(disclosure, State.RECALLED, now)
                yield events.recalled(disclosure, person, None)

    def _ended(self, pack: PanelPack) -> bool:
        now = self.clock()
        try:
            with self.transaction() as tx:
                meeting = tx.meetings.find(pack.meeting, to_change=True)
                found = None if meeting is None else newest_pack(tx, meeting)
                if meeting is None or found is None or found.state not in LIVE:
                    return False
                if meeting.is_open_on(uk_day(now)):
                    return False
                disclosure = tx.disclosure(found.disclosure)
                tx.case_file(disclosure).destroy_copies()
                after = replace(found, state=PackState.ENDED, version=found.version + 1)
                entries = [recorded.pack_ended(after, tx.meetings.put_pack(after))]
                if disclosure.state is State.SENT:
                    tx.store.move(disclosure, State.EXPIRED, now)
                tx.append(*entries)
        except BrokerError as error:
            _log.error("pack-not-ended", error=type(error).__name__, where=where_raised(error))
            return False
        return True


def _built_before(
    tx: Transaction, meeting: Meeting, key: SubmissionKey | None, person: Person
) -> PanelPack | None:
    """Return the pack of a call with this key that came before; raises `KeyReusedError`."""
    known = None if key is None else answered_before(tx, key, person)
    if known is None:
        return None
    packs = tx.meetings.packs_of(meeting.reference)
    found = next((one for one in packs if one.disclosure == known), None)
    if found is None:
        raise KeyReusedError
    return found


def _released(tx: Transaction, meeting: Meeting) -> tuple[Released, ...]:
    meeting.must_be(MeetingState.CALLED, MeetingState.HELD)
    return released_to(tx, meeting)


def _panel_mailbox(tx: Transaction, meeting: Meeting) -> MailboxId | None:
    found = sorted(
        mailbox.id for mailbox in tx.directory.mailboxes() if is_of_panel(mailbox, meeting)
    )
    return found[0] if found else None


def _pack_of(
    wanted: WantedPack, meeting: Meeting, mailbox: MailboxId, asked: Pack, form: dict[str, str]
) -> Pack:
    """Return the pack: what is picked, and what the council answered when it asked, said anew."""
    said = asked.questions
    return Pack(
        recipient=mailbox,
        form=form,
        questions={
            **said,
            "purpose": PURPOSE,
            "purpose_statement": wanted.statement,
            "necessity": {"reason": wanted.necessity, "less_would_do": "no"},
            "proportionality": {"reason": wanted.proportionality},
            "recipient": {**as_object(said["recipient"]), "needs_it_for_role": "yes"},
            "requester": {**as_object(said["requester"]), "signed_request": "yes"},
            "material": {**as_object(said["material"]), "free_text_screened": "yes"},
            "reasons_for_extra_fields": {
                field: why for field, why in wanted.reasons.items() if field in form
            },
        },
        confirmed=asked.confirmed,
        attachments=(),
        case=meeting.case,
        meeting=meeting.reference,
    )
