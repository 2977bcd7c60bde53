"""What a verification answers: an exit status, a JSON document, and plain lines for people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from audit.errors import (
    BrokenLedgerError,
    BrokenTileError,
    IncompleteLedgerError,
    LedgerError,
    MalformedNoteError,
    MalformedPolicyError,
    RollbackError,
    Rule,
    SignatureRefusedError,
)
from audit.format.partial import Extent
from audit.format.plurals import counted
from audit.format.receipt import ProvenEntry
from audit.verify.partial import PartialReport, Share
from audit.verify.report import Opened, Report, Restoration


class Status(IntEnum):
    """The exit status of a verification."""

    VERIFIED = 0
    FAULT = 1
    MISUSE = 2
    INCOMPLETE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer: `document` is what --json prints, `lines` is what people read."""

    status: Status
    document: Mapping[str, object]
    lines: Sequence[str]


def judge(verify: Callable[[], Report | PartialReport], warnings: Sequence[str] = ()) -> Verdict:
    """Run a verification and return its verdict; other errors than of a ledger pass through."""
    try:
        report = verify()
    except BrokenLedgerError as error:
        return _fault(error, warnings)
    except IncompleteLedgerError as error:
        return _incomplete(error, warnings)
    except (MalformedNoteError, SignatureRefusedError, RollbackError) as error:
        # A kept checkpoint is not what was signed, or not under its name.
        damaged = BrokenLedgerError(str(error), first_bad=None, rule=Rule.CHECKPOINT)
        return _fault(damaged, warnings)
    if isinstance(report, PartialReport):
        return _partial(report, warnings)
    return _verdict(Status.VERIFIED, _facts(report), _success_lines(report), warnings)


def judge_receipt(verify: Callable[[], ProvenEntry]) -> Verdict:
    """Run the verification of a receipt and return its verdict."""
    try:
        proven = verify()
    except IncompleteLedgerError as error:
        return _incomplete(error, ())
    except MalformedPolicyError:
        raise
    except LedgerError as error:
        return _verdict(Status.FAULT, {"message": str(error)}, ["FAULT FOUND.", str(error)], ())
    entry, head = proven.entry, proven.checkpoint
    document = {
        "event": dict(entry.event),
        "origin": head.origin,
        "root": head.root.hex(),
        "seq": entry.seq,
        "size": head.size,
    }
    lines = [
        f"VERIFIED. Entry {entry.seq} of {head.origin}, {entry.type}, {entry.moment}.",
        f"It is among the first {counted(head.size, 'entry')}, root {head.root.hex()}.",
    ]
    return _verdict(Status.VERIFIED, document, lines, ())


def _verdict(
    status: Status, document: Mapping[str, object], lines: Sequence[str], warnings: Sequence[str]
) -> Verdict:
    whole = {"verdict": status.name.lower(), **document, "warnings": list(warnings)}
    return Verdict(status=status, document=whole, lines=[*lines, *warnings])


def _incomplete(error: IncompleteLedgerError, warnings: Sequence[str]) -> Verdict:
    return _verdict(
        Status.INCOMPLETE,
        {"message": str(error)},
        ["NOT VERIFIED: something is missing, or does not belong there.", str(error)],
        warnings,
    )


def _fault(error: BrokenLedgerError, warnings: Sequence[str]) -> Verdict:
    rule = error.rule.value
    document: dict[str, object] = {
        "first_bad": error.first_bad,
        "message": str(error),
        "rule": rule,
    }
    where = "" if error.first_bad is None else f" First bad entry: {error.first_bad}."
    if isinstance(error, BrokenTileError):
        document["tile"] = {"level": error.level, "index": error.index}
        where = f" Bad tile: level {error.level}, index {error.index}."
    lines = [f"FAULT FOUND.{where} Rule: {rule}.", str(error)]
    return _verdict(Status.FAULT, document, lines, warnings)


def _partial(report: PartialReport, warnings: Sequence[str]) -> Verdict:
    head = report.head
    document = {
        "verdict": "partial",
        "entries": report.entries,
        "opened": _opened(report.openings),
        "origin": head.origin,
        "root": head.root.hex(),
        "size": head.size,
        "warnings": list(warnings),
        "yours": [
            {
                "ref": share.reference,
                "extent": share.extent.value,
                "entries": share.entries,
                "missing": list(share.missing),
            }
            for share in report.shares
        ],
    }
    count = counted(len(report.shares), "reference")
    lines = [
        f"PARTIAL: YOURS. {counted(report.entries, 'entry')} about {count} of {head.origin}.",
        f"Each is proved to be among the first {counted(head.size, 'entry')}.",
        f"Root {head.root.hex()}. Whether more followed about them does not show.",
        *map(_share_line, report.shares),
        *_opening_lines(report.openings),
    ]
    return Verdict(status=Status.VERIFIED, document=document, lines=[*lines, *warnings])


def _share_line(share: Share) -> str:
    if share.extent is Extent.WHOLE:
        return f"{share.reference}: {counted(share.entries, 'entry')}, none missing between them."
    what = "its own copy" if share.extent is Extent.COPY else "what followed sending"
    return f"{share.reference}: {counted(share.entries, 'entry')} of {what}, no others."


def _facts(report: Report) -> dict[str, object]:
    return {
        "checkpoints": report.checkpoints,
        "entries": report.entries,
        "first_moment": report.first_moment,
        "gateways": dict(report.counters.counted),
        "last_moment": report.last_moment,
        "opened": _opened(report.openings),
        "origin": report.origin,
        "restored": [
            {
                "entry": restored.seq,
                "size": restored.size,
                "root": restored.root,
                "origin": restored.origin,
            }
            for restored in report.restorations
        ],
        "root": report.root.hex(),
        "signed": report.signed,
    }


def _success_lines(report: Report) -> list[str]:
    span = f"{report.first_moment} to {report.last_moment}"
    lines = [
        f"VERIFIED. {counted(report.entries, 'entry')} of {report.origin}, {span}.",
        f"Root {report.root.hex()}, {counted(report.checkpoints, 'signed checkpoint')}.",
    ]
    lines += [_restored(restored) for restored in report.restorations]
    lines += _opening_lines(report.openings)
    if report.entries > report.signed:
        lines.append(f"Not signed yet: the last {report.entries - report.signed}.")
    return lines


def _opened(openings: Iterable[Opened]) -> list[dict[str, object]]:
    return [
        {
            "entry": opened.entry.seq,
            "type": opened.entry.type,
            "ref": opened.entry.reference,
            "commitment": opened.commitment,
            "field": opened.field,
        }
        for opened in openings
    ]


def _opening_lines(openings: Iterable[Opened]) -> list[str]:
    return [
        f"Entry {opened.entry.seq} ({opened.entry.type}, {opened.entry.reference}, "
        f"{opened.entry.moment}) committed to the value that was shown for {opened.field!a}."
        for opened in openings
    ]


def _restored(restored: Restoration) -> str:
    if restored.size <= restored.seq:
        return (
            f"Goes on under another name from entry {restored.seq}, since keys were lost and no "
            f"entry was. The head before had the root {restored.root}."
        )
    return (
        f"Restored from a backup at entry {restored.seq}: entries {restored.seq} to "
        f"{restored.size - 1} of then are lost. Their head had the root {restored.root}."
    )
