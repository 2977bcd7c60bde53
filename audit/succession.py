"""Succession of the log's signing keys: a key that was followed by another signs no more.

The log records each new signing key in a `key.add` entry of purpose `ledger` that carries its
verifier key. A checkpoint that counts that entry must not rest on a key from before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from audit.checkpoint import SignedHead
from audit.entry import Entry
from audit.errors import BrokenLedgerError, Rule
from audit.note import VerifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Entry `seq` says that from then on the key spelt `vkey` signs."""

    seq: int
    vkey: str


def successions(entry: Entry) -> Iterator[Succession]:
    """Yield what `entry` says of the log's signing key, if it says anything."""
    match entry.event:
        case {"type": "key.add", "purpose": "ledger", "vkey": str() as vkey}:
            yield Succession(seq=entry.seq, vkey=vkey)
        case _:
            return


def check_succession(heads: Iterable[SignedHead], record: Sequence[Succession]) -> None:
    """Return if each head is signed by a key that nothing had followed yet.

    Raises `BrokenLedgerError` (rule `key`).
    """
    for head in heads:
        followed = [
            _followed_at(key, head.checkpoint.size, record)
            for key in head.signers
            if key.speaks_for_a_log
        ]
        if None not in followed:
            raise BrokenLedgerError(
                f"The checkpoint of size {head.checkpoint.size} is signed by a key that another "
                "had followed by then. Somebody may be using an old key.",
                first_bad=followed[0],
                rule=Rule.KEY,
            )


def _followed_at(key: VerifierKey, size: int, record: Sequence[Succession]) -> int | None:
    """Return the entry within `size` by which another key followed this one, or None."""
    known = [one for one in record if one.seq < size]
    own = max((one.seq for one in known if one.vkey == str(key)), default=-1)
    return next((one.seq for one in known if one.seq > own), None)
