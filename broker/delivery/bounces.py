"""Delivery status notices (RFC 3464) that come back by mail, believed only with our own mark.

A notice is recorded once; whatever else lies in a mailbox is left alone.
"""

import email
import email.policy
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from pathlib import Path
from typing import Final

import structlog

from broker.delivery.attempts import LEADS_TO
from broker.delivery.message import envelope_id_of
from broker.domain.errors import UnknownReferenceError
from broker.domain.model import Disclosure
from broker.domain.references import parse_reference
from broker.domain.states import State
from broker.domain.times import Clock
from broker.ledger import events
from broker.storage.transaction import Transaction, Transactions
from keys import IndexKey

LARGEST: Final = 1 << 20
"""A notice with the headers of a message takes a few kilobytes."""

_MARK = re.compile(r"([A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4})\.[0-9a-f]{32}")
_REPLY = re.compile(r"smtp;\s*([245][0-9]{2})(?![0-9])", re.IGNORECASE)
_log = structlog.get_logger()


class Became(StrEnum):
    """What became of a message that was read."""

    DELIVERED = "delivered"
    REJECTED = "rejected"
    NOTHING_NEW = "nothing-new"
    NOT_OURS = "not-ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusNotice:
    """What a notice says: our mark, what was done, and the number with which it was refused."""

    mark: str
    action: str
    reply: int | None


def notice_of(content: bytes) -> StatusNotice | None:
    """Return what a message says of one of ours, None where it is no notice; pure.

    The action is the worst of those that it tells, since our messages have one recipient.
    """
    message = email.message_from_bytes(content[:LARGEST], policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            return _told_by(list(_blocks(part)))
    return None


def _blocks(part: Message) -> Iterator[Message]:
    # The library reads the blocks of a notice as parts below it.
    yield from (block for block in part.walk() if block is not part)


def _told_by(blocks: list[Message]) -> StatusNotice | None:
    if not blocks:
        return None
    mark = str(blocks[0].get("Original-Envelope-Id", "")).strip()
    actions = {str(block.get("Action", "")).strip().lower(): block for block in blocks[1:]}
    action = next((one for one in ("failed", "delayed", "delivered") if one in actions), "")
    if not (_MARK.fullmatch(mark) and action):
        return None
    said = _REPLY.match(str(actions[action].get("Diagnostic-Code", "")).strip())
    return StatusNotice(mark=mark, action=action, reply=None if said is None else int(said[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounces:
    """Takes notices in; `envelopes` is the key of the marks on what left."""

    transaction: Transactions
    clock: Clock
    envelopes: IndexKey

    def take(self, content: bytes) -> Became:
        """Record what a message says of one of ours, once, and return what became of it."""
        notice = notice_of(content)
        if notice is None:
            return Became.NOT_OURS
        with self.transaction() as tx:
            disclosure = self._ours(tx, notice)
            if disclosure is None:
                return Became.NOT_OURS
            return self._record(tx, disclosure, notice)

    def take_from(self, folder: Path, seen: set[str]) -> dict[Became, int]:
        """Take in each file of a folder or Maildir that is not in `seen`, and remember it there.

        Nothing is moved or deleted: whose mailbox it is, keeps it.
        """
        counted: dict[Became, int] = {}
        for path in files_of(folder):
            if path.name in seen:
                continue
            seen.add(path.name)
            try:
                became = self.take(path.read_bytes())
            except OSError:
                _log.warning("bounce-unreadable")
                continue
            counted[became] = counted.get(became, 0) + 1
        return counted

    def _ours(self, tx: Transaction, notice: StatusNotice) -> Disclosure | None:
        """Return the disclosure whose mark this is; anybody can write a notice, none the mark."""
        try:
            disclosure = tx.store.find(parse_reference(notice.mark.partition(".")[0]))
        except UnknownReferenceError:
            return None
        if disclosure is None or disclosure.message_id is None:
            return None
        ours = envelope_id_of(disclosure.reference, disclosure.message_id, self.envelopes)
        return disclosure if hmac.compare_digest(ours, notice.mark) else None

    def _record(self, tx: Transaction, disclosure: Disclosure, notice: StatusNotice) -> Became:
        entries = tx.about(disclosure.reference)
        tries = [entry for entry in entries if entry.type in LEADS_TO]
        newest = max((entry.seq for entry in tries), default=0)
        told = any(entry.type == "delivered" and entry.seq > newest for entry in entries)
        carried = events.Carried(courier="smtp", attempt=len(tries), code=notice.reply)
        waits = disclosure.state in {State.SENT, State.UNKNOWN}
        if notice.action == "failed" and waits:
            # Also where it said before that it had it: who denies it later is believed.
            tx.store.move(disclosure, State.REJECTED, self.clock())
            tx.append(events.attempted("rejected", disclosure, carried))
            return Became.REJECTED
        if notice.action == "delivered" and not told and disclosure.state in _MAY_ARRIVE:
            if disclosure.state is State.UNKNOWN:
                tx.store.move(disclosure, State.SENT, self.clock())
            tx.append(events.attempted("delivered", disclosure, carried))
            return Became.DELIVERED
        return Became.NOTHING_NEW


_MAY_ARRIVE: Final = frozenset({State.SENT, State.UNKNOWN, State.TOLD, State.ACKNOWLEDGED})


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the messages of a Maildir, the new and the seen ones, or the files of a folder."""
    parts = [folder / name for name in ("new", "cur") if (folder / name).is_dir()] or [folder]
    for part in parts:
        yield from sorted(path for path in part.iterdir() if path.is_file())
