"""The closed table of event types: what may be recorded, field by field, and when it is written.

docs/formats/ledger.md holds the same table. No field can hold free text, so that no name, no
address and nothing that a person wrote can reach a record that is never erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from audit.errors import UnrecordableEventError
from audit.format.field_kinds import (
    AGAIN,
    BY,
    CAUSE,
    COUNT,
    COURIER,
    CREDENTIAL,
    DAY,
    DIRECTORY_CHANGE,
    EVENT_ID,
    FIELD_LIST,
    FINDINGS,
    HASH,
    KEY_END,
    KEY_ID,
    KEY_PURPOSE,
    OBLIGATION,
    OBLIGATION_LIST,
    OPINION,
    ORIGIN,
    OUTCOME,
    PRINCIPLES,
    PURPOSE,
    REFERENCE,
    ROLE,
    RULEBOOK,
    TLS,
    VERDICT,
    VERSION,
    VKEY,
    WORD,
    Kind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One row of the table; `optional` fields may be left out, all others must be there."""

    name: str
    when: str
    fields: Mapping[str, Kind]
    optional: frozenset[str] = frozenset()


def _event_type(name: str, when: str, /, *optional: str, **fields: Kind) -> EventType:
    kinds = MappingProxyType(fields)
    return EventType(name=name, when=when, fields=kinds, optional=frozenset(optional))


_TABLE: Final = (
    _event_type("log.open", "the log begins; always entry 0, and only there", origin=ORIGIN),
    _event_type(
        "policy.activate",
        "a rulebook comes into force",
        "by",
        "second",
        "until",
        rulebook=RULEBOOK,
        engine=VERSION,
        by=BY,
        second=BY,
        until=DAY,
    ),
    _event_type(
        "policy.expire",
        "the day until which a rulebook was put in force has passed",
        rulebook=RULEBOOK,
        until=DAY,
    ),
    _event_type(
        "key.add",
        "a signing key comes into use",
        "after",
        "by",
        "vkey",
        purpose=KEY_PURPOSE,
        key=KEY_ID,
        vkey=VKEY,
        after=VKEY,
        by=BY,
    ),
    _event_type(
        "key.retire",
        "a signing key that another followed is used no more",
        "by",
        "vkey",
        purpose=KEY_PURPOSE,
        key=KEY_ID,
        why=KEY_END,
        vkey=VKEY,
        by=BY,
    ),
    _event_type(
        "received",
        "a pack or a request was taken in",
        "agency",
        ref=REFERENCE,
        by=BY,
        agency=BY,
        sender=BY,
        recipient=BY,
        pack_c=HASH,
        attachments=COUNT,
    ),
    _event_type(
        "decided",
        "the rules judged it; purpose is left out where the facts name none that exists",
        "by",
        "purpose",
        ref=REFERENCE,
        by=BY,
        outcome=OUTCOME,
        rulebook=RULEBOOK,
        engine=VERSION,
        purpose=PURPOSE,
        findings=FINDINGS,
        obligations=OBLIGATION_LIST,
        unperformed=OBLIGATION_LIST,
        release=FIELD_LIST,
        withheld=FIELD_LIST,
        facts_c=HASH,
        decision_c=HASH,
    ),
    _event_type(
        "reviewed",
        "a Caldicott Guardian or other approver answered a referral",
        ref=REFERENCE,
        by=BY,
        verdict=VERDICT,
        principles=PRINCIPLES,
        reason_c=HASH,
    ),
    _event_type(
        "asked",
        "a Caldicott Guardian asked the sender for more before deciding",
        ref=REFERENCE,
        by=BY,
        principles=PRINCIPLES,
        question_c=HASH,
    ),
    _event_type(
        "replied",
        "the sender replied to the Guardian's question",
        ref=REFERENCE,
        by=BY,
        reply_c=HASH,
    ),
    _event_type(
        "looked-back",
        "a Caldicott Guardian looked back at a decision: concurred with it, or dissented",
        ref=REFERENCE,
        by=BY,
        cause=CAUSE,
        opinion=OPINION,
        principles=PRINCIPLES,
        reason_c=HASH,
    ),
    _event_type(
        "duty.done",
        "what was owed after release was done",
        ref=REFERENCE,
        by=BY,
        duty=OBLIGATION,
    ),
    _event_type(
        "sealed",
        "the pack was rendered, sealed and checked by opening it",
        ref=REFERENCE,
        sha256=HASH,
        bytes=COUNT,
        pages=COUNT,
        message_id=HASH,
    ),
    _event_type(
        "packed",
        "the pack was rendered for a courier that needs no seal",
        ref=REFERENCE,
        sha256=HASH,
        bytes=COUNT,
        pages=COUNT,
        message_id=HASH,
    ),
    *(
        _event_type(
            name,
            when,
            "tls",
            "code",
            ref=REFERENCE,
            courier=COURIER,
            sha256=HASH,
            attempt=COUNT,
            tls=TLS,
            code=COUNT,
        )
        for name, when in (
            ("sent", "the courier took the bytes"),
            ("delivered", "a notice of success came back"),
            ("rejected", "the recipient's system refused for good"),
            ("refused-tls", "the connection could not be proved private, so nothing was sent"),
            ("deferred", "the recipient's system asked for a later attempt"),
            ("unknown", "it may or may not have gone; a person decides"),
        )
    ),
    _event_type(
        "revealed",
        "the passphrase was shown to be read over the telephone",
        "why_c",
        ref=REFERENCE,
        by=BY,
        again=AGAIN,
        why_c=HASH,
    ),
    _event_type(
        "acknowledged",
        "the recipient confirmed that it was opened",
        "agency",
        ref=REFERENCE,
        by=BY,
        agency=BY,
    ),
    _event_type(
        "recalled",
        "the sender asked for it back",
        "why_c",
        ref=REFERENCE,
        by=BY,
        why_c=HASH,
    ),
    _event_type("expired", "the passphrase was burned unused after 14 days", ref=REFERENCE),
    _event_type(
        "erased",
        "the key of a case was destroyed, so its commitments can no longer be opened",
        "why",
        "ref",
        ref=REFERENCE,
        by=BY,
        case=BY,
        why=WORD,
    ),
    _event_type(
        "kept",
        "somebody reviewed what is kept of a case and keeps it on, until the day until",
        ref=REFERENCE,
        by=BY,
        case=BY,
        until=DAY,
    ),
    _event_type(
        "hold.set",
        "somebody must keep a case, so it is not erased before the end of the day until",
        ref=REFERENCE,
        by=BY,
        case=BY,
        owner=BY,
        until=DAY,
        why_c=HASH,
    ),
    _event_type(
        "hold.lift",
        "who had a case kept needs it no longer",
        ref=REFERENCE,
        by=BY,
        case=BY,
        owner=BY,
    ),
    _event_type(
        "token.issued",
        "a bearer token was handed out",
        by=BY,
        person=BY,
        agency=BY,
        role=ROLE,
        token=CREDENTIAL,
        seconds=COUNT,
    ),
    _event_type(
        "directory.changed",
        "somebody added, changed, verified or retired an entry of the directory",
        by=BY,
        entry=BY,
        what=DIRECTORY_CHANGE,
    ),
    _event_type("alive", "a gateway serves; once a day, so that silence can be told apart"),
    _event_type(
        "clock.confirmed",
        "a person confirmed the day, after the clock stood far from the entry before",
        by=BY,
        day=DAY,
    ),
    _event_type(
        "restored",
        "two people put the database back from a backup; the log goes on under another name",
        by=BY,
        second=BY,
        size=COUNT,
        root=HASH,
        origin=ORIGIN,
        vkey=VKEY,
    ),
)

EVENT_TYPES: Final[Mapping[str, EventType]] = MappingProxyType({row.name: row for row in _TABLE})
"""Every type of event there is, by name."""

OF_THE_LEDGER: Final = frozenset({"ts", "clock", "gw", "gw_seq"})
"""The fields that the ledger itself adds to an event when it appends it."""


def check_event(event: Mapping[str, object]) -> None:
    """Return if `event` may be appended, or raise `UnrecordableEventError` saying what to mend.

    `type` is always there. `id` may be left out: the ledger then makes one. `ts`, `clock`, `gw`
    and `gw_seq` are the ledger's own and may not be given.
    """
    row = _row_of(event)
    given = event.keys() - {"type", "id"}
    if given & OF_THE_LEDGER:
        raise UnrecordableEventError(
            f"A {row.name} event gives its own time or gateway. Leave out ts, clock, gw and "
            "gw_seq: the ledger sets them."
        )
    _check_names(row, given)
    kinds = {"id": EVENT_ID, **row.fields}
    for name in sorted(event.keys() - {"type"}):
        if not kinds[name].accepts(event[name]):
            raise UnrecordableEventError(
                f"Field {name} of a {row.name} event must be {kinds[name].meaning}."
            )


def _row_of(event: Mapping[str, object]) -> EventType:
    name = event.get("type")
    row = EVENT_TYPES.get(name) if isinstance(name, str) else None
    if row is None:
        raise UnrecordableEventError(
            "The ledger knows no event of this type. Use one of the table in "
            "docs/formats/ledger.md: " + ", ".join(EVENT_TYPES) + "."
        )
    return row


def _check_names(row: EventType, given: frozenset[str] | set[str]) -> None:
    unknown = given - row.fields.keys()
    if unknown:
        raise UnrecordableEventError(
            f"A {row.name} event has no such field as one that was given. It may have: "
            + ", ".join(sorted(row.fields))
            + "."
        )
    missing = row.fields.keys() - row.optional - given
    if missing:
        raise UnrecordableEventError(
            f"A {row.name} event lacks " + ", ".join(sorted(missing)) + "."
        )
