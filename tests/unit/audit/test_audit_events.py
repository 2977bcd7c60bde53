import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from audit.errors import UnrecordableEventError
from audit.format.event_table import EVENT_TYPES, check_event
from audit.format.field_kinds import FINDINGS
from audit.format.vocabulary import EFFECTS, FIELDS, OBLIGATIONS, OUTCOMES, PURPOSES, STATUSES

HASH = "ab" * 32
REFERENCE = "PRV-7Q4K-M2XH"
RULEBOOK = f"sha256:{HASH}"
DELIVERY: Mapping[str, object] = {
    "ref": REFERENCE,
    "courier": "smtp",
    "sha256": HASH,
    "attempt": 1,
    "tls": "TLSv1.3",
}
PACK: Mapping[str, object] = {
    "ref": REFERENCE,
    "sha256": HASH,
    "bytes": 90_000,
    "pages": 4,
    "message_id": HASH,
}
VKEY = "broker.example/ledger+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLES: Mapping[str, Mapping[str, object]] = {
    "log.open": {"origin": "broker.example/ledger"},
    "policy.activate": {"rulebook": RULEBOOK, "engine": "cards/1", "by": "admin-1"},
    "policy.expire": {"rulebook": RULEBOOK, "until": "2026-12-31"},
    "key.add": {
        "purpose": "ledger",
        "key": "k" * 43,
        "vkey": VKEY,
    },
    "key.retire": {
        "purpose": "ledger",
        "key": "k" * 43,
        "why": "rotated",
        "vkey": VKEY,
        "by": "admin-1",
    },
    "received": {
        "ref": REFERENCE,
        "by": "nurse-1",
        "sender": "trust-a",
        "recipient": "prevent-b",
        "pack_c": HASH,
        "attachments": 2,
    },
    "decided": {
        "ref": REFERENCE,
        "outcome": "permit-with-obligations",
        "rulebook": RULEBOOK,
        "engine": "cards/1",
        "purpose": "referral",
        "findings": [["R13", "met", "none"], ["R33", "not-met", "obliges"]],
        "obligations": ["seal", "retention"],
        "unperformed": [],
        "release": ["individual.name"],
        "withheld": ["record.whole"],
        "facts_c": HASH,
        "decision_c": HASH,
    },
    "reviewed": {
        "ref": REFERENCE,
        "by": "guardian-1",
        "verdict": "approve",
        "principles": [3, 7],
        "reason_c": HASH,
    },
    "asked": {
        "ref": REFERENCE,
        "by": "guardian-1",
        "principles": [2],
        "question_c": HASH,
    },
    "replied": {"ref": REFERENCE, "by": "nurse-1", "reply_c": HASH},
    "looked-back": {
        "ref": REFERENCE,
        "by": "guardian-2",
        "cause": "sample",
        "opinion": "dissent",
        "principles": [3],
        "reason_c": HASH,
    },
    "duty.done": {"ref": REFERENCE, "by": "nurse-1", "duty": "tell-the-person"},
    "sealed": PACK,
    "packed": PACK,
    "sent": DELIVERY,
    "delivered": DELIVERY,
    "rejected": {**DELIVERY, "code": 550},
    "refused-tls": {**DELIVERY, "tls": "none"},
    "deferred": {**DELIVERY, "code": 451},
    "unknown": DELIVERY,
    "revealed": {"ref": REFERENCE, "by": "nurse-1", "again": "no"},
    "acknowledged": {"ref": REFERENCE, "by": "officer-1", "agency": "police-b"},
    "recalled": {"ref": REFERENCE, "by": "nurse-1", "why_c": HASH},
    "expired": {"ref": REFERENCE},
    "erased": {"by": "guardian-1", "case": "case-1", "why": "retention"},
    "kept": {"ref": REFERENCE, "by": "admin-1", "case": "case-1", "until": "2027-03-16"},
    "hold.set": {
        "ref": REFERENCE,
        "by": "admin-1",
        "case": "case-1",
        "owner": "lawyer-1",
        "until": "2027-03-31",
        "why_c": HASH,
    },
    "hold.lift": {"ref": REFERENCE, "by": "admin-1", "case": "case-1", "owner": "lawyer-1"},
    "token.issued": {
        "by": "admin-1",
        "person": "officer-1",
        "agency": "police-b",
        "role": "partner",
        "token": "t" * 22,
        "seconds": 900,
    },
    "directory.changed": {"by": "admin-1", "entry": "police-b", "what": "added"},
    "alive": {},
    "clock.confirmed": {"by": "admin-1", "day": "2026-11-29"},
    "restored": {
        "by": "admin-1",
        "second": "admin-2",
        "size": 12,
        "root": HASH,
        "origin": "broker.example/ledger/2",
        "vkey": VKEY,
    },
}


def test_there_is_an_example_of_every_type() -> None:
    assert list(EXAMPLES) == list(EVENT_TYPES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_type_takes_its_example(name: str) -> None:
    check_event({"type": name, **EXAMPLES[name]})


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_type_takes_words_of_a_person_in_any_field(name: str) -> None:
    for field in EVENT_TYPES[name].fields:
        with pytest.raises(UnrecordableEventError, match=f"Field {field} of"):
            check_event({"type": name, **EXAMPLES[name], field: "Jo Bloggs, aged 12"})


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_type_does_without_a_required_field(name: str) -> None:
    row = EVENT_TYPES[name]
    for field in row.fields.keys() - row.optional:
        event = {key: value for key, value in EXAMPLES[name].items() if key != field}
        with pytest.raises(UnrecordableEventError, match=f"lacks {field}"):
            check_event({"type": name, **event})


@pytest.mark.parametrize("name", EXAMPLES)
def test_optional_fields_exist_and_may_be_left_out(name: str) -> None:
    row = EVENT_TYPES[name]
    assert row.optional <= row.fields.keys()

    check_event(
        {"type": name, **{k: v for k, v in EXAMPLES[name].items() if k not in row.optional}}
    )


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        pytest.param({}, "no event of this type", id="no type"),
        pytest.param({"type": "gossip"}, "no event of this type", id="unknown type"),
        pytest.param({"type": ["expired"]}, "no event of this type", id="type that is no text"),
        pytest.param(
            {"type": "expired", "ref": REFERENCE, "note": "x"}, "no such field", id="unknown field"
        ),
        pytest.param(
            {"type": "expired", "ref": REFERENCE, "ts": "2026-03-16T12:00:00.000000Z"},
            "gives its own time",
            id="its own time",
        ),
        pytest.param(
            {"type": "expired", "ref": REFERENCE, "clock": "behind"},
            "gives its own time",
            id="its own word on the clock",
        ),
        pytest.param(
            {"type": "expired", "ref": REFERENCE, "gw": "g-1", "gw_seq": 0},
            "its own time or gateway",
            id="its own gateway",
        ),
        pytest.param(
            {"type": "expired", "ref": REFERENCE, "id": "7"}, "Field id", id="misshapen id"
        ),
        pytest.param({"type": "expired", "ref": REFERENCE + "\n"}, "Field ref", id="line feed"),
        pytest.param({"type": "expired", "ref": None}, "Field ref", id="null"),
    ],
)
def test_what_the_table_does_not_know_is_refused(
    event: Mapping[str, object], complaint: str
) -> None:
    with pytest.raises(UnrecordableEventError, match=complaint):
        check_event(event)


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(-1, id="below nothing"),
        pytest.param(2**53, id="too large"),
        pytest.param(1.0, id="a fraction"),
        pytest.param(True, id="true"),
        pytest.param("1", id="text"),
    ],
)
def test_a_count_is_a_whole_number(count: object) -> None:
    with pytest.raises(UnrecordableEventError, match="whole number"):
        check_event({"type": "sealed", **PACK, "pages": count})


@pytest.mark.parametrize("count", [0, 2**53 - 1], ids=["smallest", "largest"])
def test_a_count_reaches_from_nothing_to_2_to_53(count: int) -> None:
    check_event({"type": "sealed", **PACK, "pages": count})


@pytest.mark.parametrize(
    "findings",
    [
        pytest.param([7], id="a number within"),
        pytest.param("R13", id="text"),
        pytest.param(["R13"], id="no list within"),
        pytest.param([["R13", "met"]], id="a part too few"),
        pytest.param([["R13", "met", "none", "none"]], id="a part too many"),
        pytest.param([["r13", "met", "none"]], id="no rule"),
        pytest.param([["R13", "perhaps", "none"]], id="no status"),
        pytest.param([["R13", "met", "sometimes"]], id="no effect"),
        pytest.param([["R13", ["met"], "none"]], id="a list for a status"),
    ],
)
def test_findings_are_triples_of_known_words(findings: object) -> None:
    assert not FINDINGS.accepts(findings)


def test_lists_may_be_given_as_tuples() -> None:
    assert FINDINGS.accepts((("facts", "cannot-be-judged", "refuse"),))


def test_a_message_never_repeats_what_was_given() -> None:
    with pytest.raises(UnrecordableEventError) as caught:
        check_event({"type": "expired", "ref": "Jo Bloggs", "Jo Bloggs": "x"})

    assert "Jo" not in str(caught.value)


def test_the_words_are_those_of_the_contract() -> None:
    contract = Path(__file__).parents[2] / "contract"
    facts = json.loads((contract / "facts.schema.json").read_bytes())["properties"]
    decision = json.loads((contract / "decision.schema.json").read_bytes())["properties"]
    finding = decision["findings"]["items"]["properties"]
    obligation = decision["obligations"]["items"]["properties"]

    assert {
        "outcome": frozenset(decision["outcome"]["enum"]),
        "purpose": frozenset(facts["purpose"]["enum"]),
        "status": frozenset(finding["status"]["enum"]),
        "effect": frozenset(finding["effect"]["enum"]),
        "obligation": frozenset(obligation["type"]["enum"]),
        "field": frozenset(decision["release"]["items"]["enum"]),
    } == {
        "outcome": OUTCOMES,
        "purpose": PURPOSES,
        "status": STATUSES,
        "effect": EFFECTS,
        "obligation": OBLIGATIONS,
        "field": FIELDS,
    }
