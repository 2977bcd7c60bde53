from collections.abc import Mapping

import pytest
from ledgers import words

from audit.errors import UnrecordableEventError
from audit.format.event_table import EVENT_TYPES, check_event
from audit.format.field_kinds import PRINCIPLES
from audit.format.vocabulary import WordList, Words, no_words

HASH = "ab" * 32
REFERENCE = "PRV-7Q4K-M2XH"
BREACH = "BRE-7Q4K-M2XH"
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
ROW = {"row": "person/nurse-1", "row_mac": HASH}
CASE = {"row": "case_record/c-1", "row_mac": HASH, "by": "nurse-1", "case": "c-1"}
ROLE = {**ROW, "person": "nurse-1", "agency": "agency-1", "role": "police"}
CONCERN = {
    "row": "concern/CON-7Q4K-M2XH",
    "row_mac": HASH,
    "ref": "CON-7Q4K-M2XH",
    "case": "c-1",
}
COPY = {
    "ref": "REQ-7Q4K-M2XH",
    "copy": 1,
    "row": "request_copy/REQ-7Q4K-M2XH.1",
    "row_mac": HASH,
}
DISPUTE = {
    **COPY,
    "row": "sharing_concern/REQ-7Q4K-M2XH.1.1",
    "by": "coordinator-1",
    "words_c": HASH,
}
NOTICE = {
    "ref": "PRV-7Q4K-M2XH",
    "row": "regional_notice/PRV-7Q4K-M2XH.panel-referral",
    "row_mac": HASH,
    "by": "lead-1",
    "agency": "northshire-trust",
    "kind": "panel-referral",
}
MEETING = {
    "ref": "MTG-7Q4K-M2XH",
    "row": "meeting/MTG-7Q4K-M2XH",
    "row_mac": HASH,
    "by": "coordinator-1",
}
PANEL_PACK = {
    "ref": REFERENCE,
    "row": f"panel_pack/{REFERENCE}",
    "row_mac": HASH,
    "meeting": "MTG-7Q4K-M2XH",
}
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
        "fields": 14,
        "look_back": "none",
        "release_c": HASH,
        "withheld_c": HASH,
        "findings_c": HASH,
        "obligations_c": HASH,
        "unperformed_c": HASH,
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
    "duty.owed": {
        "ref": REFERENCE,
        "by": "nurse-1",
        "row": f"duty/{REFERENCE}",
        "row_mac": HASH,
    },
    "duty.done": {
        "ref": REFERENCE,
        "by": "nurse-1",
        "duty": "tell-the-person",
        "note_c": HASH,
    },
    "duty.given-up": {
        "ref": REFERENCE,
        "by": "nurse-1",
        "duty": "tell-the-person",
        "why_c": HASH,
    },
    "sealed": PACK,
    "packed": PACK,
    "sent": DELIVERY,
    "delivered": DELIVERY,
    "rejected": {**DELIVERY, "code": 550},
    "refused-tls": {**DELIVERY, "tls": "none"},
    "deferred": {**DELIVERY, "code": 451},
    "gave-up": {**DELIVERY, "code": 451},
    "unknown": DELIVERY,
    "chased": {"ref": REFERENCE, "step": "duty-lead", "duty": "tell-the-person"},
    "resend.asked": {"ref": REFERENCE, "by": "nurse-1", "why_c": HASH},
    "disclosure.renewed": {
        "ref": REFERENCE,
        "by": "nurse-1",
        "disclosure": "PRV-1FMT-HX5C",
        "why_c": HASH,
    },
    "arrival.confirmed": {"ref": REFERENCE, "by": "nurse-1"},
    "sent-by-hand": {
        "ref": REFERENCE,
        "by": "nurse-1",
        "way": "egress",
        "sha256": HASH,
        "receipt_c": HASH,
    },
    "read": {"ref": REFERENCE, "by": "guardian-1", "what": "pack", "how": "api"},
    "revealed": {
        "ref": REFERENCE,
        "by": "nurse-1",
        "again": "no",
        "what": "code",
        "reader": 1,
        "reader_c": HASH,
    },
    "acknowledged": {
        "ref": REFERENCE,
        "by": "officer-1",
        "agency": "police-b",
        "spoken_c": HASH,
    },
    "recalled": {"ref": REFERENCE, "by": "nurse-1", "why_c": HASH},
    "expired": {"ref": REFERENCE},
    "conditions.accepted": {"ref": REFERENCE, "reader": 1, "version": "conditions/1"},
    "collected": {"ref": REFERENCE, "reader": 1, "fetch": 1, "form": "open"},
    "page.answered": {"ref": REFERENCE, "reader": 1, "reply_c": HASH},
    "page.expired": {"ref": REFERENCE, "unused": "yes"},
    "inbox.received": {"ref": REFERENCE, "by": "officer-1", "agency": "police-b"},
    "inbox.passed-on": {
        "ref": REFERENCE,
        "by": "officer-1",
        "agency": "police-b",
        "to_c": HASH,
    },
    "request.issued": {
        **COPY,
        "by": "officer-1",
        "agency": "police-b",
        "asked": "trust-a",
        "disclosure": REFERENCE,
        "due": "2026-03-23",
        "set_by": "chair-1",
        "function": "chair",
        "words_c": HASH,
    },
    "request.opened": {**COPY, "by": "lead-1", "owner": "nurse-1", "words_c": HASH},
    "request.looked-back": {
        "ref": "REQ-0000-0001",
        "copy": 1,
        "by": "guardian-1",
        "opinion": "concur",
        "principles": [1],
        "reason_c": HASH,
    },
    "request.returned": {**COPY, "by": "lead-1", "why": "too-broad", "words_c": HASH},
    "request.extended": {
        **COPY,
        "by": "lead-1",
        "step": "asked",
        "until": "2026-03-30",
        "words_c": HASH,
    },
    "request.answered": {
        **COPY,
        "by": "lead-1",
        "answer": "part",
        "disclosure": REFERENCE,
        "words_c": HASH,
    },
    "request.withdrawn": {**COPY, "by": "officer-1"},
    "request.escalated": {**COPY, "step": "late"},
    "request.closed": {**COPY, "by": "officer-1"},
    "dispute.opened": {**DISPUTE, "wrong": "too-little"},
    "dispute.closed": {**DISPUTE, "outcome": "answer-stands"},
    "change.notified": {
        "ref": "PRV-7Q4K-M2XH",
        "disclosure": "PRV-1FMT-HX5C",
        "by": "nurse-1",
        "what": "moved",
        "on": "2026-03-09",
    },
    "notice.approved": {**NOTICE, "mailbox": "nhs-england-regional"},
    "notice.left-out": NOTICE,
    "notice.sent": NOTICE,
    "meeting.called": {
        **MEETING,
        "case": "case-1",
        "agency": "council-1",
        "on": "2026-03-20",
        "chair": "chair-1",
        "home_area": "police-1",
    },
    "meeting.asked": {
        **MEETING,
        "person": "officer-1",
        "agency": "police-1",
        "asked_as": "member",
    },
    "meeting.answered": {**MEETING, "person": "officer-1", "attends": "coming"},
    "meeting.held": MEETING,
    "meeting.closed": MEETING,
    "meeting.cancelled": MEETING,
    "panel-pack.asked-for": {"ref": MEETING["ref"], "by": "member-1"},
    "panel-pack.built": {**PANEL_PACK, "by": "coordinator-1"},
    "panel-pack.approved": {**PANEL_PACK, "by": "chair-1"},
    "panel-pack.withdrawn": {**PANEL_PACK, "by": "coordinator-1"},
    "panel-pack.ended": PANEL_PACK,
    "drafts.destroyed": {"count": 2},
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
    "concern.noted": {
        **CONCERN,
        "by": "nurse-1",
        "agency": "agency-1",
        "asked_of": "lead-1",
        "role": "police",
    },
    "concern.asked": {**CONCERN, "by": "nurse-1", "asked_of": "lead-1", "role": "police"},
    "concern.checked": {
        **CONCERN,
        "by": "lead-1",
        "advice": "refer",
        "also": ["hr"],
        "reason_c": HASH,
    },
    "concern.carried-on": {**CONCERN, "by": "nurse-1", "what": "cannot-wait", "why_c": HASH},
    "concern.overdue": CONCERN,
    "concern.closed": {**CONCERN, "by": "nurse-1", "what": "left", "look_back": "sample"},
    "advice.asked": {
        **ROW,
        "ref": REFERENCE,
        "by": "guardian-1",
        "of": "ig",
        "due": "2026-03-18",
        "question_c": HASH,
    },
    "advice.given": {**ROW, "ref": REFERENCE, "by": "ig-1", "of": "ig", "answer_c": HASH},
    "cover.set": {
        **ROW,
        "by": "guardian-1",
        "agency": "agency-1",
        "guardian": "guardian-1",
        "deputy": "guardian-2",
        "first": "2026-03-16",
        "last": "2026-03-20",
    },
    "case.opened": {**CASE, "agency": "agency-1", "kind": "concern", "stage": "noted"},
    "case.linked": {**CASE, "other": "c-2", "kind": "same-person"},
    "case.moved": {**CASE, "stage": "checking"},
    "case.closed": {**CASE, "what": "no-further-action", "role": "lead"},
    "member.added": {**CASE, "person": "p-2", "agency": "agency-1", "role": "lead"},
    "member.ended": {**CASE, "person": "p-2"},
    "earlier.marked": {"ref": REFERENCE, "entered_mac": HASH, "received_mac": HASH},
    "earlier.looked-up": {"by": "nurse-1", "case": "c-1", "agency": "agency-1"},
    "earlier.called": {**CASE, "other": REFERENCE, "what": "same"},
    "retention.set": {
        "by": "ig-1",
        "second": "ig-2",
        "agency": "agency-1",
        "kind": "concern",
        "delivered": 30,
        "undelivered": 1095,
        "memory": 1095,
    },
    "memory.begun": {**CASE, "agency": "agency-1"},
    "memory.ended": {"by": "lead-1", "case": "c-1"},
    "memory.kept": {**CASE, "agency": "agency-1"},
    "memory.told": {"by": "broker", "case": "c-1", "agency": "agency-1"},
    "agreement.recorded": {**CASE, "kind": "support", "version": 1},
    "agreement.withdrawn": {**CASE, "kind": "share", "version": 2},
    "token.issued": {
        "by": "admin-1",
        "person": "officer-1",
        "agency": "police-b",
        "role": "police",
        "token": "t" * 22,
        "seconds": 900,
    },
    "directory.changed": {"by": "admin-1", "entry": "police-b", "what": "added"},
    "rows.sealed": {"by": "admin-1", "second": "admin-2"},
    "person.changed": {**ROW, "by": "admin-1", "person": "nurse-1", "what": "added"},
    "role.proposed": {**ROLE, "by": "admin-1"},
    "role.granted": {**ROLE, "by": "admin-1", "second": "admin-2"},
    "role.ended": {**ROLE, "by": "admin-1"},
    "account.invited": {
        **ROW,
        "by": "admin-1",
        "person": "nurse-1",
        "what": "recovery",
        "second": "admin-2",
    },
    "account.changed": {**ROW, "by": "nurse-1", "person": "nurse-1", "what": "opened"},
    "passkey.added": {**ROW, "by": "nurse-1", "person": "nurse-1"},
    "identity.linked": {**ROW, "by": "nurse-1", "person": "nurse-1"},
    "identity.unlinked": {**ROW, "by": "nurse-1", "person": "nurse-1"},
    "passkey.removed": {**ROW, "by": "nurse-1", "person": "nurse-1"},
    "recovery.asked": {**ROW, "by": "admin-1", "person": "nurse-1"},
    "client.changed": {
        "row": "client/c-notes",
        "row_mac": HASH,
        "by": "p-1",
        "client": "c-notes",
        "agency": "northshire-trust",
        "what": "registered",
    },
    "client-key.changed": {
        "row": f"client_key/{'k' * 43}",
        "row_mac": HASH,
        "by": "p-1",
        "client": "c-notes",
        "key": "k" * 43,
        "what": "confirmed",
    },
    "alive": {},
    "build.run": {"build": HASH, "by": "operator"},
    "clock.confirmed": {"by": "admin-1", "day": "2026-11-29"},
    "restored": {
        "by": "admin-1",
        "second": "admin-2",
        "size": 12,
        "root": HASH,
        "origin": "broker.example/ledger/2",
        "vkey": VKEY,
    },
    "stores.confirmed": {
        "by": "admin-1",
        "second": "admin-2",
        "older": ["keystore"],
        "size": 7,
        "root": HASH,
    },
    "keystore.changed": {"epoch": 2, "by": "admin-1"},
    "foreign": {"by": "admin-1", "second": "admin-2", "count": 3, "sha256": HASH},
    "rules.proposed": {"by": "p-1", "rulebook": f"sha256:{HASH}", "what": "open"},
    "rules.reviewed": {
        "by": "p-1",
        "rulebook": f"sha256:{HASH}",
        "trigger": "yearly",
        "due": "2027-03-16",
    },
    "policy.signed": {
        "by": "p-1",
        "agency": "northshire-trust",
        "sha256": HASH,
        "review": "2027-03-16",
    },
    "supervised": {"by": "p-1", "agency": "northshire-trust", "next": "2026-04-16"},
    "breach.opened": {
        **ROW,
        "ref": BREACH,
        "by": "nurse-1",
        "agency": "agency-1",
        "kind": "breach",
        "what": "wrong-recipient",
        "words_c": HASH,
        "about": REFERENCE,
    },
    "breach.step": {
        **ROW,
        "ref": BREACH,
        "by": "ig-1",
        "step": "regulator",
        "words_c": HASH,
        "choice": "reported",
        "late_c": HASH,
    },
    "breach.closed": {**ROW, "ref": BREACH, "by": "ig-1", "kind": "breach"},
    "breach.chased": {"ref": BREACH, "step": "report-late"},
    "sharing-agreement.signed": {
        "by": "p-1",
        "agreement": "1f2e3d4c",
        "first": "northshire-police",
        "second": "northshire-trust",
        "sha256": HASH,
        "until": "2027-03-16",
        "confirmed_by": "p-2",
    },
    "sharing-agreement.ended": {
        "by": "p-1",
        "agreement": "1f2e3d4c",
        "first": "northshire-police",
        "second": "northshire-trust",
    },
    "worker.checked": {
        "by": "p-1",
        "agency": "example-provider",
        "worker": "w-204",
        "until": "2027-03-16",
    },
    "clearance.recorded": {"by": "p-1", "person": "p-2", "until": "2027-03-16"},
    "profile.set": {
        **ROW,
        "by": "keeper-1",
        "mailbox": "northshire-prevent",
        "what": "zip",
        "most": 10,
    },
    "contact.tried": {**ROW, "by": "keeper-1", "mailbox": "northshire-prevent", "version": 1},
    "trial.ended": {
        **ROW,
        "by": "keeper-1",
        "mailbox": "northshire-prevent",
        "version": 1,
        "what": "opened",
    },
    "retraction.asked": {"ref": REFERENCE, "by": "nurse-1", "why_c": HASH},
    "retraction.answered": {"ref": REFERENCE, "by": "nurse-1", "answer": "deleted"},
}


def test_there_is_an_example_of_every_type() -> None:
    assert sorted(EXAMPLES) == sorted(EVENT_TYPES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_type_takes_its_example(name: str) -> None:
    check_event({"type": name, **EXAMPLES[name]}, words)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_type_takes_words_of_a_person_in_any_field(name: str) -> None:
    for field in EVENT_TYPES[name].fields:
        with pytest.raises(UnrecordableEventError, match=f"Field {field} of"):
            check_event({"type": name, **EXAMPLES[name], field: "Jo Bloggs, aged 12"}, words)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_type_does_without_a_required_field(name: str) -> None:
    row = EVENT_TYPES[name]
    for field in row.fields.keys() - row.optional:
        event = {key: value for key, value in EXAMPLES[name].items() if key != field}
        with pytest.raises(UnrecordableEventError, match=f"lacks {field}"):
            check_event({"type": name, **event}, words)


@pytest.mark.parametrize("name", EXAMPLES)
def test_optional_fields_exist_and_may_be_left_out(name: str) -> None:
    row = EVENT_TYPES[name]
    assert row.optional <= row.fields.keys()

    check_event(
        {"type": name, **{k: v for k, v in EXAMPLES[name].items() if k not in row.optional}},
        words,
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
            "its own time, gateway or number",
            id="its own gateway",
        ),
        pytest.param(
            {"type": "expired", "ref": REFERENCE, "n": 0},
            "its own time, gateway or number",
            id="its own number",
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
        check_event(event, words)


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
        check_event({"type": "sealed", **PACK, "pages": count}, words)


@pytest.mark.parametrize("count", [0, 2**53 - 1], ids=["smallest", "largest"])
def test_a_count_reaches_from_nothing_to_2_to_53(count: int) -> None:
    check_event({"type": "sealed", **PACK, "pages": count}, words)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"findings": [["R13", "met", "none"]]}, id="findings"),
        pytest.param({"obligations": ["seal"]}, id="obligations"),
        pytest.param({"unperformed": []}, id="obligations that nobody kept"),
        pytest.param({"release": ["individual.name"]}, id="fields that go"),
        pytest.param({"withheld": ["record.whole"]}, id="fields that stay"),
    ],
)
def test_what_was_found_of_a_person_is_never_recorded_in_clear(
    told: Mapping[str, object],
) -> None:
    with pytest.raises(UnrecordableEventError, match="no such field"):
        check_event({"type": "decided", **EXAMPLES["decided"], **told}, words)


def test_lists_may_be_given_as_tuples() -> None:
    assert PRINCIPLES.accepts((1, 8), words)


def test_a_message_never_repeats_what_was_given() -> None:
    with pytest.raises(UnrecordableEventError) as caught:
        check_event({"type": "expired", "ref": "Jo Bloggs", "Jo Bloggs": "x"}, words)

    assert "Jo" not in str(caught.value)


DRAWING = {
    "concern.noted",
    "concern.asked",
    "decided",
    "duty.done",
    "duty.given-up",
    "chased",
    "token.issued",
    "role.proposed",
    "role.granted",
    "role.ended",
    "retention.set",
    "case.opened",
    "case.linked",
    "case.moved",
    "case.closed",
    "member.added",
}
DECIDED = {"type": "decided", **EXAMPLES["decided"]}
FROM_LISTS = [
    pytest.param({**DECIDED, "outcome": "tam-specimen"}, "outcome", id="outcome"),
    pytest.param({**DECIDED, "purpose": "tam-specimen"}, "purpose", id="purpose"),
    pytest.param(
        {"type": "duty.done", **EXAMPLES["duty.done"], "duty": "tell-tam"}, "duty", id="duty"
    ),
    pytest.param(
        {"type": "token.issued", **EXAMPLES["token.issued"], "role": "tam"}, "role", id="role"
    ),
]


@pytest.mark.parametrize(("event", "field"), FROM_LISTS)
def test_a_word_in_the_shape_of_a_code_is_refused_where_its_list_lacks_it(
    event: Mapping[str, object], field: str
) -> None:
    with pytest.raises(UnrecordableEventError, match=f"Field {field} of"):
        check_event(event, words)


@pytest.mark.parametrize("name", sorted(DRAWING))
def test_without_lists_no_event_that_draws_from_them_is_recorded(name: str) -> None:
    with pytest.raises(UnrecordableEventError, match="a word of"):
        check_event({"type": name, **EXAMPLES[name]}, no_words)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in DRAWING])
def test_every_other_event_needs_no_list(name: str) -> None:
    check_event({"type": name, **EXAMPLES[name]}, no_words)


@pytest.mark.parametrize("word_list", WordList)
def test_each_list_is_drawn_from(word_list: WordList) -> None:
    def without(of: WordList) -> frozenset[str]:
        return no_words(of) if of is word_list else words(of)

    drawing = {
        name
        for name, fields in EXAMPLES.items()
        if not _is_taken({"type": name, **fields}, without)
    }

    assert drawing
    assert drawing <= DRAWING


def _is_taken(event: Mapping[str, object], lists: Words) -> bool:
    try:
        check_event(event, lists)
    except UnrecordableEventError:
        return False
    return True
