"""The command line of the offline verifier: words in, one verdict and an exit status out."""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from audit.directory import ExportedFolder
from audit.errors import BrokenLedgerError, MalformedPolicyError, Rule
from audit.policy import TrustPolicy
from audit.verdict import Status, judge
from audit.verify import Report
from audit.verify_directory import verify_directory

_QUIET_SECONDS: Final = 1.0
_STEP: Final = 10_000
_TRUSTS_ITSELF: Final = (
    "Warning: the trust policy came from the folder itself, so this shows that the folder is "
    "whole, not who made it. Compare log.vkey with a copy that you got another way, or give "
    "--policy FILE."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    folder: ExportedFolder
    policy: TrustPolicy | None
    older: tuple[bytes, ...]
    as_json: bool


def main(
    arguments: Sequence[str],
    out: TextIO,
    err: TextIO,
    *,
    seconds: Callable[[], float] = time.monotonic,
) -> int:
    """Run the command and return its exit status: 0 verified, 1 fault, 2 misuse, 3 incomplete."""
    parser = _parser()
    try:
        request = _request(parser.parse_args(arguments))
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except (OSError, MalformedPolicyError) as error:
        err.write(f"{error}\n")
        return Status.MISUSE
    watch = _Progress(err, seconds)
    verdict = judge(lambda: _verified(request, watch), () if request.policy else (_TRUSTS_ITSELF,))
    if request.as_json:
        out.write(json.dumps(verdict.document, sort_keys=True) + "\n")
    else:
        out.write("\n".join(verdict.lines) + "\n")
    return verdict.status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m audit", description="Check an exported ledger without the broker."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
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
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _request(options: argparse.Namespace) -> _Request:
    folder: Path = options.folder
    older: list[Path] = options.since
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder. Name one that was exported.")
    policy: Path | None = options.policy
    return _Request(
        folder=ExportedFolder(path=folder),
        policy=TrustPolicy.parse(policy.read_bytes()) if policy else None,
        older=tuple(path.read_bytes() for path in older),
        as_json=options.json,
    )


def _verified(request: _Request, watch: "_Progress") -> Report:
    policy = request.policy or _own_policy(request.folder)
    return verify_directory(request.folder, policy, older=request.older, watch=watch)


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
                self.err.write(f"\r{number:,} of {total:,} entries")
                self.err.flush()
            yield entry
        self.err.write("\r\x1b[K")
