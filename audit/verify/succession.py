"""Succession of the log's signing keys: which key may sign a head of which size.

The log records each new signing key in a `key.add` entry of purpose `ledger`, with its verifier
key and that of the key it follows. A head that counts this entry must bear the new key's
signature. A `key.retire` entry ends the older one: from there on it vouches for nothing. A
`restored` entry names the first key of the log's next name.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from audit.errors import BrokenLedgerError, Rule
from audit.format.entry import Entry
from audit.format.notes.signed_checkpoint import SignedCheckpoint
from audit.format.notes.verifier_key import VerifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Entry `seq` says that from then on the key spelt `vkey` signs; `after` is the one before."""

    seq: int
    vkey: str
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """Entry `seq` says that the key spelt `vkey` signs no more, or may have been stolen."""

    seq: int
    vkey: str
    compromised: bool = False


KeyRecord: TypeAlias = Sequence[Succession | Retirement]
"""What the log says of its keys, in the order of its entries."""


def successions(entry: Entry) -> Iterator[Succession | Retirement]:
    """Yield what `entry` says of the log's signing keys, if it says anything."""
    match entry.event:
        case {"type": "key.add", "purpose": "ledger", "vkey": str() as vkey, **more}:
            after = more.get("after")
            yield Succession(
                seq=entry.seq, vkey=vkey, after=after if isinstance(after, str) else None
            )
        case {"type": "restored", "vkey": str() as vkey}:
            # Under its new name the log begins with this key, and none other is in force there.
            yield Succession(seq=entry.seq, vkey=vkey)
        case {"type": "key.retire", "purpose": "ledger", "vkey": str() as vkey, "why": why}:
            yield Retirement(seq=entry.seq, vkey=vkey, compromised=why == "compromised")
        case _:
            return


def check_succession(
    heads: Sequence[SignedCheckpoint], record: KeyRecord, trusted: Iterable[VerifierKey]
) -> Collection[str]:
    """Return the keys that may be believed, as they are spelt, if each head is signed properly.

    Each must be signed by a key that was in force at its size, and by one that is believed: it is
    `trusted`, or the log names it under a head that a believed key signed. Raises
    `BrokenLedgerError` (rule `key`).
    """
    for head in heads:
        _check_in_force(head, record)
    believed = _believed(heads, record, {str(key) for key in trusted})
    for head in heads:
        if not _is_vouched_for(head, record, believed):
            raise BrokenLedgerError(
                f"The checkpoint of size {head.checkpoint.size} is not vouched for: no key signed "
                "it that you trust, or that the log names under a checkpoint that you trust, and "
                "that was not retired by then.",
                first_bad=None,
                rule=Rule.KEY,
            )
    return believed


def _check_in_force(head: SignedCheckpoint, record: KeyRecord) -> None:
    size = head.checkpoint.size
    objections = [_objection(str(key), size, record) for key in sorted(head.logs, key=str)]
    if None not in objections:
        raise BrokenLedgerError(
            f"The checkpoint of size {size} is signed by no key that was in force: another had "
            "followed by then, or it came later. Somebody may be using an old key.",
            first_bad=objections[0],
            rule=Rule.KEY,
        )


def _objection(vkey: str, size: int, record: KeyRecord) -> int | None:
    """Return the entry by which the key was not in force at `size`, or None if it was."""
    own = _added_at(vkey, record)
    if own and min(own) >= size:
        return min(own)
    since = max((seq for seq in own if seq < size), default=-1)
    return next(
        (follower.seq for follower in _followers(vkey, record) if since < follower.seq < size),
        None,
    )


def _is_vouched_for(head: SignedCheckpoint, record: KeyRecord, believed: Collection[str]) -> bool:
    size = head.checkpoint.size
    return any(
        vkey in believed and _vouches_at(vkey, size, record) for vkey in map(str, head.logs)
    )


def _vouches_at(vkey: str, size: int, record: KeyRecord) -> bool:
    """Say if a believed key vouches for a head of `size`: until it was retired.

    A key that was compromised vouches only until another followed: nobody knows since when a
    thief had it, and from there on honest heads bear the other's signature too.
    """
    own = _added_at(vkey, record)
    if own and min(own) >= size:
        return False
    since = max((seq for seq in own if seq < size), default=-1)
    ends = [change for change in record if isinstance(change, Retirement) and change.vkey == vkey]
    stops = [retirement.seq for retirement in ends if retirement.seq > since]
    if any(retirement.compromised for retirement in ends):
        stops += [follower.seq for follower in _followers(vkey, record) if follower.seq > since]
    return all(size <= stop for stop in stops)


def _believed(heads: Sequence[SignedCheckpoint], record: KeyRecord, trusted: set[str]) -> set[str]:
    """Return `trusted` and every key that the log names under a head that is vouched for."""
    vouched = max(
        (head.checkpoint.size for head in heads if _is_vouched_for(head, record, trusted)),
        default=0,
    )
    named = {
        vkey
        for change in record
        if isinstance(change, Succession) and change.seq < vouched
        for vkey in (change.vkey, change.after)
        if vkey is not None
    }
    return trusted if named <= trusted else _believed(heads, record, trusted | named)


def _added_at(vkey: str, record: KeyRecord) -> list[int]:
    return [
        change.seq for change in record if isinstance(change, Succession) and change.vkey == vkey
    ]


def _followers(vkey: str, record: KeyRecord) -> Iterator[Succession]:
    for change in record:
        if (
            isinstance(change, Succession)
            and change.vkey != vkey
            and _name(change.vkey) == _name(vkey)
        ):
            yield change


def _name(vkey: str) -> str:
    return vkey.partition("+")[0]
