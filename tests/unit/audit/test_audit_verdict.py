from dataclasses import replace

import pytest
from ledgers import a_log

from audit.errors import (
    BrokenLedgerError,
    IncompleteLedgerError,
    LedgerError,
    MalformedNoteError,
    MalformedPolicyError,
    ProofRefusedError,
    RollbackError,
    Rule,
    SignatureRefusedError,
)
from audit.format.gateway_counters import Counters
from audit.format.notes.checkpoint import Checkpoint
from audit.format.receipt import ProvenEntry
from audit.verify.report import Report, Restoration
from audit.verify.verdict import Status, Verdict, judge, judge_receipt

SPAN = "2026-03-16T12:00:00.000000Z to 2026-03-16T12:00:11.000000Z"
REPORT = Report(
    origin="broker.example/ledger",
    entries=12,
    signed=10,
    root=bytes(32),
    last_leaf=bytes(32),
    counters=Counters({"g-one": 7, "g-two": 5}),
    checkpoints=2,
    first_moment="2026-03-16T12:00:00.000000Z",
    last_moment="2026-03-16T12:00:11.000000Z",
)


def broken() -> Report:
    raise BrokenLedgerError("Entry 5 was edited.", first_bad=5, rule=Rule.LEAF)


def damaged() -> Report:
    raise BrokenLedgerError("The head is wrong.", first_bad=None, rule=Rule.HEAD)


def incomplete() -> Report:
    raise IncompleteLedgerError("checkpoint is missing.")


def test_what_is_verified_says_what_is_not_signed_yet() -> None:
    assert judge(lambda: REPORT, ["Mind the gap."]) == Verdict(
        status=Status.VERIFIED,
        document={
            "verdict": "verified",
            "checkpoints": 2,
            "entries": 12,
            "first_moment": "2026-03-16T12:00:00.000000Z",
            "gateways": {"g-one": 7, "g-two": 5},
            "last_moment": "2026-03-16T12:00:11.000000Z",
            "opened": [],
            "origin": "broker.example/ledger",
            "restored": [],
            "root": "00" * 32,
            "signed": 10,
            "warnings": ["Mind the gap."],
        },
        lines=[
            f"VERIFIED. 12 entries of broker.example/ledger, {SPAN}.",
            f"Root {'00' * 32}, 2 signed checkpoints.",
            "Not signed yet: the last 2.",
            "Mind the gap.",
        ],
    )


def test_a_fault_names_the_first_bad_entry_and_the_rule() -> None:
    assert judge(broken) == Verdict(
        status=Status.FAULT,
        document={
            "verdict": "fault",
            "first_bad": 5,
            "message": "Entry 5 was edited.",
            "rule": "leaf",
            "warnings": [],
        },
        lines=["FAULT FOUND. First bad entry: 5. Rule: leaf.", "Entry 5 was edited."],
    )


def test_a_fault_of_no_single_entry_names_the_rule() -> None:
    assert judge(damaged).lines[0] == "FAULT FOUND. Rule: head."


@pytest.mark.parametrize(
    "error",
    [
        MalformedNoteError("No note."),
        SignatureRefusedError("No note."),
        RollbackError("No note.", evidence="file 7"),
    ],
    ids=["malformed", "not signed", "misnamed"],
)
def test_a_kept_checkpoint_that_cannot_be_trusted_is_a_fault(error: LedgerError) -> None:
    def verify() -> Report:
        raise error

    assert judge(verify).document == {
        "verdict": "fault",
        "first_bad": None,
        "message": "No note.",
        "rule": "checkpoint",
        "warnings": [],
    }


def test_what_is_missing_is_no_fault() -> None:
    assert judge(incomplete) == Verdict(
        status=Status.INCOMPLETE,
        document={"verdict": "incomplete", "message": "checkpoint is missing.", "warnings": []},
        lines=[
            "NOT VERIFIED: something is missing, or does not belong there.",
            "checkpoint is missing.",
        ],
    )


def test_a_proven_entry_is_shown() -> None:
    entry = a_log(2).entries[1]
    checkpoint = Checkpoint(origin="broker.example/ledger", size=12, root=bytes(32))

    assert judge_receipt(lambda: ProvenEntry(entry=entry, checkpoint=checkpoint)) == Verdict(
        status=Status.VERIFIED,
        document={
            "verdict": "verified",
            "event": entry.event,
            "origin": "broker.example/ledger",
            "root": "00" * 32,
            "seq": 1,
            "size": 12,
            "warnings": [],
        },
        lines=[
            "VERIFIED. Entry 1 of broker.example/ledger, expired, 2026-03-16T12:00:01.000000Z.",
            f"It is among the first 12 entries, root {'00' * 32}.",
        ],
    )


def test_a_receipt_that_proves_nothing_is_a_fault() -> None:
    def refuse() -> ProvenEntry:
        raise ProofRefusedError("The proof leads nowhere.")

    assert judge_receipt(refuse) == Verdict(
        status=Status.FAULT,
        document={"verdict": "fault", "message": "The proof leads nowhere.", "warnings": []},
        lines=["FAULT FOUND.", "The proof leads nowhere."],
    )


def test_a_receipt_that_somebody_converted_is_incomplete() -> None:
    def refuse() -> ProvenEntry:
        raise IncompleteLedgerError("It has other line ends.")

    assert judge_receipt(refuse).status is Status.INCOMPLETE


def test_a_receipt_under_a_policy_that_is_none_is_misuse() -> None:
    def refuse() -> ProvenEntry:
        raise MalformedPolicyError("It names no log.")

    with pytest.raises(MalformedPolicyError):
        judge_receipt(refuse)


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (7, "Goes on under another name from entry 7, since keys were lost and no entry was."),
        (9, "Restored from a backup at entry 7: entries 7 to 8 of then are lost."),
    ],
)
def test_a_ledger_that_goes_on_says_what_was_lost(size: int, told: str) -> None:
    gone = Restoration(seq=7, size=size, root="ab" * 32, origin="broker.example/ledger/2")

    lines = judge(lambda: replace(REPORT, restorations=(gone,))).lines

    assert any(line.startswith(told) for line in lines)
