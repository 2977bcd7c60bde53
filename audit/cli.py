"""The command line of the offline verifier: words in, one verdict and an exit status out."""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from audit.errors import (
    BrokenLedgerError,
    IncompleteLedgerError,
    LedgerError,
    MalformedOpeningError,
    MalformedPolicyError,
    Rule,
)
from audit.format.notes.trust_policy import TrustPolicy
from audit.format.opening import Opening
from audit.format.plurals import counted
from audit.format.receipt import ProvenEntry, Receipt, verify_receipt
from audit.verify.export import verify_directory
from audit.verify.export_folder import ExportedFolder
from audit.verify.foreign_files import check_not_converted
from audit.verify.partial import PartialReport, verify_partial
from audit.verify.report import Report
from audit.verify.verdict import Status, Verdict, judge, judge_receipt

_QUIET_SECONDS: Final = 1.0
_STEP: Final = 10_000
_TRUSTS_ITSELF: Final = (
    "Warning: the trust policy came from the folder itself, so this shows that the folder is "
    "whole, not who made it. Compare log.vkey with a copy that you got another way, or give "
    "--policy FILE."
)


def main(
    arguments: Sequence[str],
    out: TextIO,
    err: TextIO,
    *,
    seconds: Callable[[], float] = time.monotonic,
) -> int:
    """Run the command and return its exit status: 0 verified, 1 fault, 2 misuse, 3 incomplete."""
    try:
        options = _parser().parse_args(arguments)
        if options.command == "verify":
            verdict = _verify(options, _Progress(err, seconds))
        else:
            verdict = _verify_receipt(options)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except OSError as error:
        err.write(f"{_unread(error)}\n")
        return Status.MISUSE
    except MalformedPolicyError as error:
        err.write(f"{error}\n")
        return Status.MISUSE
    if options.json:
        out.write(json.dumps(verdict.document, sort_keys=True) + "\n")
    else:
        out.write("\n".join(verdict.lines) + "\n")
    return verdict.status


def _unread(error: OSError) -> str:
    """Say which file cannot be read; what we found wrong ourselves says so."""
    if error.errno is None:
        return str(error)
    file = "A file that was named" if error.filename is None else error.filename
    return f"{file} cannot be read ({error.strerror}). Check how its name is spelt."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m audit", description="Check an exported ledger without the broker."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    verify = commands.add_parser("verify", help="check every entry of an exported folder")
    verify.add_argument("folder", type=Path, metavar="DIR", help="the exported folder")
    verify.add_argument("--policy", type=Path, metavar="FILE", help="whose signatures you trust")
    verify.add_argument(
        "--since",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a checkpoint that you kept earlier; the log must have grown out of it",
    )
    verify.add_argument(
        "--receipt",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a .tlog-proof file; the log must hold what it proves",
    )
    verify.add_argument(
        "--opening",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a value with its salt; the entry that it names must have committed to it",
    )
    receipt = commands.add_parser("verify-receipt", help="check one entry by its receipt")
    receipt.add_argument("receipt", type=Path, metavar="FILE", help="a .tlog-proof file")
    receipt.add_argument(
        "--policy", type=Path, metavar="FILE", required=True, help="whose signatures you trust"
    )
    for command in (verify, receipt):
        command.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _verify(options: argparse.Namespace, watch: "_Progress") -> Verdict:
    path: Path = options.folder
    given: Path | None = options.policy
    kept: list[Path] = options.since
    receipts: list[Path] = options.receipt
    openings: list[Path] = options.opening
    if not path.is_dir():
        raise NotADirectoryError(f"{path} is not a folder. Name one that was exported.")
    folder = ExportedFolder(path=path)

    def verify() -> Report | PartialReport:
        older = [_unconverted(checkpoint) for checkpoint in kept]
        proofs = {receipt: _unconverted(receipt) for receipt in receipts}
        shown = [_opening(opening) for opening in openings]
        policy = TrustPolicy.parse(_unconverted(given)) if given else _own_policy(folder)
        if folder.partial() is not None:
            if older or proofs:
                raise IncompleteLedgerError(
                    "A partial export holds too little to be compared with a head or a receipt. "
                    "Verify it without --since and --receipt, and a receipt by verify-receipt."
                )
            return verify_partial(folder, policy, openings=shown)
        # A receipt rests on a checkpoint, and the log must have grown out of that.
        older += [_checkpoint_of(proof, path, policy) for path, proof in proofs.items()]
        return verify_directory(folder, policy, older=older, openings=shown, watch=watch)

    return judge(verify, () if given else (_TRUSTS_ITSELF,))


def _verify_receipt(options: argparse.Namespace) -> Verdict:
    path: Path = options.receipt
    given: Path = options.policy

    def verify() -> ProvenEntry:
        policy = TrustPolicy.parse(_unconverted(given))
        return verify_receipt(Receipt.parse(_unconverted(path)), policy)

    return judge_receipt(verify)


def _unconverted(path: Path) -> bytes:
    content = path.read_bytes()
    check_not_converted(content, path.name)
    return content


def _opening(path: Path) -> Opening:
    try:
        return Opening.parse(path.read_bytes())
    except MalformedOpeningError as error:
        raise BrokenLedgerError(
            f"{path.name} opens nothing. {error}", first_bad=None, rule=Rule.COMMITMENT
        ) from error


def _checkpoint_of(text: bytes, path: Path, policy: TrustPolicy) -> bytes:
    try:
        receipt = Receipt.parse(text)
        verify_receipt(receipt, policy)
    except LedgerError as error:
        raise BrokenLedgerError(
            f"The receipt {path.name} proves nothing. {error}", first_bad=None, rule=Rule.RECEIPT
        ) from error
    return receipt.note


def _own_policy(folder: ExportedFolder) -> TrustPolicy:
    try:
        return TrustPolicy.parse(folder.policy())
    except MalformedPolicyError as error:
        raise BrokenLedgerError(str(error), first_bad=None, rule=Rule.POLICY) from error


@dataclass(frozen=True, slots=True)
class _Progress:
    """Tells a person at a terminal how far it is, once it has taken more than a second."""

    err: TextIO
    seconds: Callable[[], float]

    def __call__(self, entries: Iterable[bytes], total: int) -> Iterator[bytes]:
        if not self.err.isatty():
            yield from entries
            return
        started = self.seconds()
        for number, entry in enumerate(entries):
            if number % _STEP == 0 and self.seconds() - started > _QUIET_SECONDS:
                self.err.write(f"\r{number:,} of {counted(total, 'entry')}")
                self.err.flush()
            yield entry
        self.err.write("\r\x1b[K")
