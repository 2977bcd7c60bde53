"""`broker check-pack`: whether a sealed document is whole, for whoever holds it and its words."""

import hashlib
import sys
from pathlib import Path

import click

from audit.errors import LedgerError, MalformedPolicyError
from audit.format.notes.trust_policy import MAX_POLICY_BYTES, TrustPolicy
from audit.format.receipt import Receipt, verify_receipt
from broker.cli.output import item, json_option, read_file, say, show
from broker.packs.sealing import Checked, check

_LONGEST_WORDS = 200


@click.command("check-pack")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--policy",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Whose signatures you trust: the receipt inside is verified by it.",
)
@json_option
def check_pack(file: Path, *, policy: Path | None, as_json: bool) -> None:
    """Check whether FILE, a sealed document, is whole; its words come on standard input.

    Leaves with 0 where it is whole, else with 1; also with 1 where it is whole and nobody whom the
    policy names vouches for what let it go. It needs no installation. Who knows the words
    could have made another file: what the ledger says of it is proved by the receipt inside.
    """
    words = sys.stdin.readline(_LONGEST_WORDS).strip().lower().replace(" ", "-")
    content = read_file(file)
    trusted = None if policy is None else _trusted(read_file(policy, MAX_POLICY_BYTES))
    checked = check(content, words)
    decided, distrust = _decided(checked, trusted)
    document = {
        "whole": checked.is_whole,
        "finding": checked.finding.name.lower().replace("_", "-"),
        "reference": checked.reference,
        "decided_by_entry": decided,
        "sha256": hashlib.sha256(content).hexdigest(),
    }

    def in_words() -> None:
        say(checked.finding.value)
        if checked.reference is not None:
            item("reference", checked.reference)
        if decided is not None:
            item("decided", f"by entry {decided} of the ledger whose key you gave")
        item("SHA-256", str(document["sha256"]))

    show(document, as_json=as_json, in_words=in_words)
    if distrust is not None:
        raise distrust
    if not document["whole"]:
        raise click.exceptions.Exit(1)


def _trusted(policy: bytes) -> TrustPolicy:
    try:
        return TrustPolicy.parse(policy)
    except MalformedPolicyError as error:
        raise click.UsageError(str(error)) from None


def _decided(
    checked: Checked, trusted: TrustPolicy | None
) -> tuple[int | None, LedgerError | None]:
    """Return the number of the entry that let it go, None where nobody asks or nothing is inside.

    And why the receipt inside does not hold under the policy, where it does not.
    """
    if checked.receipt is None or trusted is None:
        return None, None
    try:
        return verify_receipt(Receipt.parse(checked.receipt), trusted).entry.seq, None
    except LedgerError as error:
        return None, error


COMMANDS = (check_pack,)
