"""What each step writes on the ledger: codes, references and salted commitments.

The fields of every event are those of docs/formats/ledger.md; nothing here holds a name, a text
that somebody wrote, or a digest that could be guessed back.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeAlias

from broker.domain.grounds import Opinion
from broker.domain.judgement import Judgement
from broker.domain.model import Activation, Approval, Disclosure, LegalHold, Person
from broker.domain.states import State
from broker.domain.times import day_text
from broker.packs.sealing import Sealed
from keys import KeyState, PersonId, PublicKey, SigningKey, TokenClaims

Event: TypeAlias = Mapping[str, object]


def activated(activation: Activation, engine: str) -> Event:
    """Return the event: a rulebook came into force."""
    event: dict[str, object] = {
        "type": "policy.activate",
        "rulebook": activation.version,
        "engine": engine,
    }
    more = {
        "by": activation.first,
        "second": activation.second,
        "until": day_text(activation.until),
    }
    return {**event, **{name: value for name, value in more.items() if value is not None}}


def expired_rules(activation: Activation) -> Event:
    """Return the event: the last day of the rulebook in force has passed."""
    return {
        "type": "policy.expire",
        "rulebook": activation.version,
        "until": day_text(activation.until),
    }


def key_added(
    key: PublicKey | SigningKey,
    person: Person | None,
    vkey: str | None = None,
    after: str | None = None,
) -> Event:
    """Return the event: a signing key comes into use, a ledger key `after` another."""
    return {
        **_of_key("key.add", key, person),
        **({} if vkey is None else {"vkey": vkey}),
        **({} if after is None else {"after": after}),
    }


def key_retired(key: PublicKey, person: Person | None, vkey: str | None = None) -> Event:
    """Return the event: a signing key that another followed is used no more."""
    why = "compromised" if key.state is KeyState.COMPROMISED else "rotated"
    event = {**_of_key("key.retire", key, person), "why": why}
    return event if vkey is None else {**event, "vkey": vkey}


def token_issued(claims: TokenClaims, token: str, lifetime: timedelta, by: str) -> Event:
    """Return the event: a token was handed out, known by its SHA-256 if it is ever found."""
    return {
        "type": "token.issued",
        "by": by,
        "person": claims.person,
        "agency": claims.agency,
        "role": claims.role.value,
        "token": hashlib.sha256(token.encode("ascii")).hexdigest(),
        "seconds": int(lifetime.total_seconds()),
    }


def received(disclosure: Disclosure, person: Person, attachments: int, pack_c: str) -> Event:
    """Return the event: a pack was taken in."""
    return {
        **_by("received", disclosure, person),
        "agency": person.agency,
        "sender": disclosure.sender,
        "recipient": disclosure.recipient,
        "pack_c": pack_c,
        "attachments": attachments,
    }


def decided(disclosure: Disclosure, judgement: Judgement, commitments: tuple[str, str]) -> Event:
    """Return the event: the rules judged it; `unperformed` are obligations nobody could keep."""
    decision, (facts_c, decision_c) = judgement.decision, commitments
    return {
        **_about("decided", disclosure),
        "outcome": decision.outcome.value,
        "rulebook": decision.version,
        "engine": decision.engine,
        "purpose": disclosure.purpose,
        "findings": [[f.rule, f.status.value, f.effect.value] for f in decision.findings],
        "obligations": sorted({obligation.type for obligation in decision.obligations}),
        "unperformed": sorted(judgement.unkept),
        "release": sorted(decision.release),
        "withheld": sorted(decision.withheld),
        "facts_c": facts_c,
        "decision_c": decision_c,
    }


def reviewed(
    disclosure: Disclosure, approval: Approval, principles: frozenset[int], reason_c: str
) -> Event:
    """Return the event: a Guardian, or another approver, answered a referral."""
    return {
        **_about("reviewed", disclosure),
        "by": approval.approver,
        "verdict": approval.decision,
        "principles": sorted(principles),
        "reason_c": reason_c,
    }


def asked(
    disclosure: Disclosure, person: Person, principles: frozenset[int], question_c: str
) -> Event:
    """Return the event: a Guardian asked the sender for more."""
    return {
        **_by("asked", disclosure, person),
        "principles": sorted(principles),
        "question_c": question_c,
    }


def replied(disclosure: Disclosure, person: Person, reply_c: str) -> Event:
    """Return the event: the sender replied to the question."""
    return {**_by("replied", disclosure, person), "reply_c": reply_c}


def sealed(disclosure: Disclosure, pdf: Sealed, message_id: str) -> Event:
    """Return the event: it was rendered, sealed and checked by opening it."""
    return {
        **_about("sealed", disclosure),
        "sha256": pdf.sha256,
        "bytes": len(pdf.content),
        "pages": pdf.pages,
        "message_id": hashlib.sha256(message_id.encode()).hexdigest(),
    }


def attempted(
    state: State, disclosure: Disclosure, attempt: int, courier: str, tls: str | None
) -> Event:
    """Return the event named as the state: sent, deferred, rejected or unknown."""
    event = {
        **_about(state.value, disclosure),
        "courier": courier,
        "sha256": disclosure.sealed_sha256,
        "attempt": attempt,
    }
    return event if tls is None else {**event, "tls": tls}


def revealed(disclosure: Disclosure, person: Person, *, again: bool, why_c: str | None) -> Event:
    """Return the event: the passphrase was shown, to be read over the telephone."""
    event = {**_by("revealed", disclosure, person), "again": "yes" if again else "no"}
    return event if why_c is None else {**event, "why_c": why_c}


def acknowledged(disclosure: Disclosure, person: Person) -> Event:
    """Return the event: the recipient confirmed that it was opened."""
    return _by("acknowledged", disclosure, person)


def looked_back(
    disclosure: Disclosure, person: Person, cause: str, opinion: Opinion, reason_c: str
) -> Event:
    """Return the event: a Guardian concurred with a decision afterwards, or dissented."""
    return {
        **_by("looked-back", disclosure, person),
        "cause": cause,
        "opinion": opinion.view,
        "principles": sorted(opinion.principles),
        "reason_c": reason_c,
    }


def duty_done(disclosure: Disclosure, person: Person, type_: str) -> Event:
    """Return the event: what was owed after release was done."""
    return {**_by("duty.done", disclosure, person), "duty": type_}


def recalled(disclosure: Disclosure, person: Person) -> Event:
    """Return the event: the sender asked for it back."""
    return _by("recalled", disclosure, person)


def expired(disclosure: Disclosure) -> Event:
    """Return the event: the passphrase was burned unused."""
    return _about("expired", disclosure)


def erased(disclosure: Disclosure, by: PersonId, why: str) -> Event:
    """Return the event: the key of its case is destroyed, now that this is recorded."""
    return {
        **_about("erased", disclosure),
        "by": by,
        "case": disclosure.case,
        "why": why,
    }


def kept(disclosure: Disclosure, by: PersonId, until: date) -> Event:
    """Return the event: somebody reviewed what is kept and keeps it on."""
    return {
        **_about("kept", disclosure),
        "by": by,
        "case": disclosure.case,
        "until": day_text(until),
    }


def hold_set(disclosure: Disclosure, by: PersonId, hold: LegalHold, why_c: str) -> Event:
    """Return the event: somebody must keep the case."""
    return {
        **_hold("hold.set", disclosure, by, hold.owner),
        "until": day_text(hold.until),
        "why_c": why_c,
    }


def hold_lifted(disclosure: Disclosure, by: PersonId, owner: PersonId) -> Event:
    """Return the event: who had the case kept needs it no longer."""
    return _hold("hold.lift", disclosure, by, owner)


def directory_changed(entry: str, what: str, by: PersonId) -> Event:
    """Return the event: somebody changed an entry of the directory, named by its identifier."""
    return {"type": "directory.changed", "by": by, "entry": entry, "what": what}


def alive() -> Event:
    """Return the event: this gateway serves."""
    return {"type": "alive"}


def clock_confirmed(day: date, by: PersonId) -> Event:
    """Return the event: a person says that today is `day`."""
    return {"type": "clock.confirmed", "by": by, "day": day_text(day)}


def _hold(type_: str, disclosure: Disclosure, by: PersonId, owner: PersonId) -> dict[str, object]:
    return {**_about(type_, disclosure), "by": by, "case": disclosure.case, "owner": owner}


def _of_key(type_: str, key: PublicKey | SigningKey, person: Person | None) -> dict[str, object]:
    event: dict[str, object] = {"type": type_, "purpose": key.purpose.value, "key": key.kid}
    return event if person is None else {**event, "by": person.id}


def _about(type_: str, disclosure: Disclosure) -> dict[str, object]:
    return {"type": type_, "ref": str(disclosure.reference)}


def _by(type_: str, disclosure: Disclosure, person: Person) -> dict[str, object]:
    return {**_about(type_, disclosure), "by": person.id}
