"""What each step writes on the ledger: codes, references and salted commitments.

The fields of every event are those of its class in `audit.format.events`; nothing here holds a
name, a text that somebody wrote, or a digest that could be guessed back.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from audit.format import events as ledger
from audit.log.append.clock import new_event_id
from broker.domain.grounds import Opinion
from broker.domain.judgement import Judgement
from broker.domain.model import Activation, Approval, Disclosure, LegalHold, Person
from broker.domain.references import Reference
from broker.domain.times import day_text
from broker.packs.sealing import Sealed
from broker.storage.case_file import Part
from broker.storage.rows.believed import RowAsStored
from keys import KeyState, PersonId, PublicKey, SigningKey

Event: TypeAlias = Mapping[str, object]


def derived_id(moment: datetime, said: str) -> str:
    """Return the one identifier of an event that is recorded once, however often it is tried."""
    digest = hashlib.sha256(said.encode("ascii")).digest()
    return new_event_id(moment, lambda size: digest[:size])


def activated(activation: Activation, engine: str) -> Event:
    """Return the event: a rulebook came into force."""
    return ledger.PolicyActivated(
        rulebook=activation.version,
        engine=engine,
        by=activation.first,
        second=activation.second,
        until=day_text(activation.until),
    ).event()


def expired_rules(activation: Activation) -> Event:
    """Return the event: the last day of the rulebook in force has passed."""
    return ledger.PolicyExpired(
        rulebook=activation.version, until=day_text(activation.until) or ""
    ).event()


def key_added(
    key: PublicKey | SigningKey,
    person: Person | None,
    vkey: str | None = None,
    after: str | None = None,
) -> Event:
    """Return the event: a signing key comes into use, a ledger key `after` another."""
    return ledger.KeyAdded(
        purpose=key.purpose.value, key=key.kid, vkey=vkey, after=after, by=_who(person)
    ).event()


def key_retired(key: PublicKey, person: Person | None, vkey: str | None = None) -> Event:
    """Return the event: a signing key that another followed is used no more."""
    why = "compromised" if key.state is KeyState.COMPROMISED else "rotated"
    return ledger.KeyRetired(
        purpose=key.purpose.value, key=key.kid, why=why, vkey=vkey, by=_who(person)
    ).event()


def keystore_changed(epoch: int, person: Person | None) -> Event:
    """Return the event: the keys in the keystore have changed so many times."""
    return ledger.KeystoreChanged(epoch=epoch, by=_who(person)).event()


def token_issued(person: Person, token: str, lifetime: timedelta, by: str) -> Event:
    """Return the event: a token was handed out, known by its SHA-256 if it is ever found."""
    return ledger.TokenIssued(
        by=by,
        person=person.id,
        agency=person.agency,
        role=person.role.value,
        token=hashlib.sha256(token.encode("ascii")).hexdigest(),
        seconds=int(lifetime.total_seconds()),
    ).event()


def received(
    disclosure: Disclosure, person: Person, attachments: int, pack_c: str, marks_mac: str | None
) -> Event:
    """Return the event: a pack was taken in."""
    return ledger.Received(
        ref=_ref(disclosure),
        by=person.id,
        agency=person.agency,
        sender=disclosure.sender,
        recipient=disclosure.recipient,
        pack_c=pack_c,
        attachments=attachments,
        case=disclosure.case,
        marks_mac=marks_mac,
    ).event()


def found_by(judgement: Judgement) -> Mapping[Part, object]:
    """Return what a judgement found, in codes: the parts that `decided` commits to.

    What is `UNPERFORMED` are obligations that nobody could keep.
    """
    decision = judgement.decision
    return {
        Part.RELEASE: sorted(decision.release),
        Part.WITHHELD: sorted(decision.withheld),
        Part.FINDINGS: [[f.rule, f.status.value, f.effect.value] for f in decision.findings],
        Part.OBLIGATIONS: sorted({obligation.type for obligation in decision.obligations}),
        Part.UNPERFORMED: sorted(judgement.unkept),
    }


def decided(
    disclosure: Disclosure,
    judgement: Judgement,
    look_back: str,
    commitments: Mapping[Part, str],
    owed: RowAsStored,
) -> Event:
    """Return the event: the rules judged it, and what they found is committed to."""
    decision = judgement.decision
    return ledger.Decided(
        ref=_ref(disclosure),
        row=owed.name,
        row_mac=owed.mac,
        outcome=decision.outcome.value,
        rulebook=decision.version,
        engine=decision.engine,
        purpose=disclosure.purpose,
        fields=0 if judgement.unkept else len(decision.release),
        look_back=look_back,
        release_c=commitments[Part.RELEASE],
        withheld_c=commitments[Part.WITHHELD],
        findings_c=commitments[Part.FINDINGS],
        obligations_c=commitments[Part.OBLIGATIONS],
        unperformed_c=commitments[Part.UNPERFORMED],
        facts_c=commitments[Part.FACTS],
        decision_c=commitments[Part.DECISION],
        recipient_c=commitments[Part.RECIPIENT],
    ).event()


def reviewed(
    disclosure: Disclosure, approval: Approval, principles: frozenset[int], reason_c: str
) -> Event:
    """Return the event: a Guardian, or another approver, answered a referral."""
    return ledger.Reviewed(
        ref=_ref(disclosure),
        by=approval.approver,
        verdict=approval.decision,
        principles=sorted(principles),
        reason_c=reason_c,
    ).event()


def asked(
    disclosure: Disclosure, person: Person, principles: frozenset[int], question_c: str
) -> Event:
    """Return the event: a Guardian asked the sender for more."""
    return ledger.Asked(
        ref=_ref(disclosure),
        by=person.id,
        principles=sorted(principles),
        question_c=question_c,
    ).event()


def replied(disclosure: Disclosure, person: Person, reply_c: str) -> Event:
    """Return the event: the sender replied to the question."""
    return ledger.Replied(ref=_ref(disclosure), by=person.id, reply_c=reply_c).event()


def sealed(disclosure: Disclosure, pdf: Sealed, message_id: str, marks_mac: str | None) -> Event:
    """Return the event: it was rendered, sealed and checked by opening it."""
    return ledger.PackSealed(
        ref=_ref(disclosure),
        sha256=pdf.sha256,
        bytes=len(pdf.content),
        pages=pdf.pages,
        message_id=hashlib.sha256(message_id.encode()).hexdigest(),
        marks_mac=marks_mac,
    ).event()


ATTEMPTS: Final[Mapping[str, type[ledger.DeliveryAttempt]]] = {
    kind.type_name: kind
    for kind in (
        ledger.Sent,
        ledger.Delivered,
        ledger.Deferred,
        ledger.TlsRefused,
        ledger.Rejected,
        ledger.GaveUp,
        ledger.DeliveryUnknown,
    )
}
"""What is recorded of an attempt to deliver, by its word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """By which courier, at which attempt, with which TLS and which number for a reply."""

    courier: str
    attempt: int
    tls: str | None = None
    code: int | None = None


def attempted(word: str, disclosure: Disclosure, carried: Carried) -> Event:
    """Return the event of an attempt to deliver, or of a notice about one."""
    return ATTEMPTS[word](
        ref=_ref(disclosure),
        courier=carried.courier,
        sha256=disclosure.sealed_sha256 or "",
        attempt=carried.attempt,
        tls=carried.tls,
        code=carried.code,
    ).event()


def chased(disclosure: Disclosure, step: str, duty: str | None) -> Event:
    """Return the event: somebody was told that it stands still, or that a duty is late."""
    return ledger.Chased(ref=_ref(disclosure), step=step, duty=duty).event()


def resend_asked(disclosure: Disclosure, person: Person, why_c: str) -> Event:
    """Return the event: a person decided that the same bytes are sent once more."""
    return ledger.ResendAsked(ref=_ref(disclosure), by=person.id, why_c=why_c).event()


def disclosure_renewed(first: Disclosure, after: Disclosure, person: Person, why_c: str) -> Event:
    """Return the event: what had ended was sent again, as another disclosure of its case."""
    return ledger.DisclosureRenewed(
        ref=_ref(first), disclosure=_ref(after), by=person.id, why_c=why_c
    ).event()


def arrival_confirmed(disclosure: Disclosure, person: Person) -> Event:
    """Return the event: a person heard from the recipient that it has arrived."""
    return ledger.ArrivalConfirmed(ref=_ref(disclosure), by=person.id).event()


def sent_by_hand(disclosure: Disclosure, person: Person, by: str, receipt_c: str) -> Event:
    """Return the event: its sender carried it by another system, whose receipt is kept."""
    return ledger.SentByHand(
        ref=_ref(disclosure),
        by=person.id,
        way=by,
        sha256=disclosure.sealed_sha256 or "",
        receipt_c=receipt_c,
    ).event()


def content_read(person: Person, what: str, how: str, reference: Reference | None) -> Event:
    """Return the event: a person is given content to read, of one disclosure or of many."""
    ref = None if reference is None else str(reference)
    return ledger.ContentRead(
        ref=ref, by=person.id, what=what, how=how, client=person.client
    ).event()


def revealed(disclosure: Disclosure, person: Person, *, again: bool, why_c: str | None) -> Event:
    """Return the event: the passphrase was shown, to be read over the telephone."""
    return ledger.PassphraseRevealed(
        ref=_ref(disclosure), by=person.id, again="yes" if again else "no", why_c=why_c
    ).event()


def acknowledged(disclosure: Disclosure, person: Person, spoken_c: str | None) -> Event:
    """Return the event: the recipient confirmed that it was opened."""
    return ledger.Acknowledged(ref=_ref(disclosure), by=person.id, spoken_c=spoken_c).event()


def looked_back(
    disclosure: Disclosure, person: Person, cause: str, opinion: Opinion, reason_c: str
) -> Event:
    """Return the event: a Guardian concurred with a decision afterwards, or dissented."""
    return ledger.LookedBack(
        ref=_ref(disclosure),
        by=person.id,
        cause=cause,
        opinion=opinion.view,
        principles=sorted(opinion.principles),
        reason_c=reason_c,
    ).event()


def duty_owed(disclosure: Disclosure, person: Person, owed: RowAsStored) -> Event:
    """Return the event: more is owed for it than its decision left."""
    return ledger.DutyOwed(
        ref=_ref(disclosure), by=person.id, row=owed.name, row_mac=owed.mac
    ).event()


def duty_done(disclosure: Disclosure, person: Person, type_: str, note_c: str | None) -> Event:
    """Return the event: what was owed after release was done."""
    return ledger.DutyDone(ref=_ref(disclosure), by=person.id, duty=type_, note_c=note_c).event()


def duty_given_up(disclosure: Disclosure, person: Person, type_: str, why_c: str) -> Event:
    """Return the event: what was owed after release cannot be done."""
    return ledger.DutyGivenUp(ref=_ref(disclosure), by=person.id, duty=type_, why_c=why_c).event()


def recalled(disclosure: Disclosure, person: Person, why_c: str | None) -> Event:
    """Return the event: the sender asked for it back."""
    return ledger.Recalled(ref=_ref(disclosure), by=person.id, why_c=why_c).event()


def expired(disclosure: Disclosure) -> Event:
    """Return the event: the passphrase was burned unused."""
    return ledger.PassphraseExpired(ref=_ref(disclosure)).event()


def drafts_destroyed(count: int) -> Event:
    """Return the event: so many drafts went because nobody saved them for 28 days."""
    return ledger.DraftsDestroyed(count=count).event()


def erased(disclosure: Disclosure, by: PersonId, why: str) -> Event:
    """Return the event: the key of its case is destroyed, now that this is recorded."""
    return ledger.CaseErased(ref=_ref(disclosure), by=by, case=disclosure.case, why=why).event()


def kept(disclosure: Disclosure, by: PersonId, until: date) -> Event:
    """Return the event: somebody reviewed what is kept and keeps it on."""
    return ledger.CaseKept(
        ref=_ref(disclosure), by=by, case=disclosure.case, until=until.isoformat()
    ).event()


def hold_set(disclosure: Disclosure, by: PersonId, hold: LegalHold, why_c: str) -> Event:
    """Return the event: somebody must keep the case."""
    return ledger.HoldSet(
        ref=_ref(disclosure),
        by=by,
        case=disclosure.case,
        owner=hold.owner,
        until=hold.until.isoformat(),
        why_c=why_c,
    ).event()


def hold_lifted(disclosure: Disclosure, by: PersonId, owner: PersonId) -> Event:
    """Return the event: who had the case kept needs it no longer."""
    return ledger.HoldLifted(
        ref=_ref(disclosure), by=by, case=disclosure.case, owner=owner
    ).event()


def directory_changed(entry: str, what: str, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: somebody changed an entry of the directory, whose row is `now` this."""
    return ledger.DirectoryChanged(
        by=by, entry=entry, what=what, row=now.name, row_mac=now.mac
    ).event()


def row_sealed(now: RowAsStored, first: PersonId, second: PersonId) -> Event:
    """Return the event: two people let a row count that was there before entries named rows."""
    return ledger.RowsSealed(by=first, second=second, row=now.name, row_mac=now.mac).event()


def alive() -> Event:
    """Return the event: this gateway serves."""
    return ledger.Alive().event()


def build_run(build: str, by: str) -> Event:
    """Return the event: this gateway serves from now on under another build than before."""
    return ledger.BuildRun(build=build, by=by).event()


def clock_confirmed(day: date, by: PersonId) -> Event:
    """Return the event: a person says that today is `day`."""
    return ledger.ClockConfirmed(by=by, day=day.isoformat()).event()


def _ref(disclosure: Disclosure) -> str:
    return str(disclosure.reference)


def _who(person: Person | None) -> str | None:
    return None if person is None else person.id
