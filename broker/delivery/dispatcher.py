"""What follows a permit by itself: seal, then send; each step once, whatever is killed when.

A step is leased, worked on with no transaction open, and its result is kept in one transaction
with the ledger entry. A dispatcher that died leaves its lease; the step is taken up again as the
state says (docs/adr/0006-outbox.md).
"""

import secrets
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from broker.cases.earlier.index import EarlierIndex
from broker.delivery.attempts import UNKNOWN, Attempt, attempt_by, is_given_up, wait_after
from broker.delivery.courier import Courier
from broker.delivery.gathering import gather
from broker.delivery.message import (
    Envelope,
    envelope_id_of,
    link_message_of,
    message_id_of,
    message_of,
)
from broker.delivery.permission import permitted
from broker.delivery.portal.offering import address_of, offer
from broker.delivery.ways_out import page_form
from broker.domain.errors import (
    AlreadyDispatchingError,
    RowDisagreesError,
    StoreUnavailableError,
    WrongStateError,
)
from broker.domain.model import Disclosure, OutboxItem, Step
from broker.domain.portal.pages import LIVES, PageForm
from broker.domain.states import State
from broker.domain.times import Clock
from broker.ledger import events
from broker.ledger.receipts import Receipts
from broker.logs import where_raised
from broker.notices import code_of
from broker.packs.assembly import AssembledPack, Draw, assemble_pack, words_for
from broker.storage.file_lock import lock_at_once
from broker.storage.transaction import Transaction, Transactions
from keys import IndexKey

LEASE = timedelta(minutes=5)
"""How long a dispatcher holds a step; a step whose dispatcher died is free again after it."""

PORTAL = "portal"
"""The courier of what is fetched from a page, on the ledger: the mail says only where."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Works through the outbox; `gateway` names this host in its leases.

    `lock` is the file that one dispatcher of the host holds; `envelopes` marks what leaves;
    `portal` is where pages are opened, None where there are none.
    """

    transaction: Transactions
    courier: Courier
    clock: Clock
    gateway: str
    lock: Path
    mail_from: str
    receipts: Receipts
    draw: Draw
    envelopes: IndexKey
    index: EarlierIndex
    portal: str | None = None

    @contextmanager
    def alone(self) -> Generator[None]:
        """Be the one dispatcher of this host, resumed; raise `AlreadyDispatchingError`."""
        with ExitStack() as holding:
            try:
                holding.enter_context(lock_at_once(self.lock))
            except BlockingIOError:
                raise AlreadyDispatchingError from None
            self.resume()
            yield

    def resume(self) -> None:
        """At start: free what this gateway held when it died."""
        with self.transaction() as tx:
            tx.outbox.release_all(self.gateway)

    def dispatch(
        self, *, emergencies_only: bool = False, is_over: Callable[[], bool] = lambda: False
    ) -> int:
        """Do every step that is due and return how many were taken up, emergencies first.

        Once `is_over` says so, no further step is taken up.
        Raises `StoreUnavailableError`, and `LedgerError` while the ledger is at fault: nothing is
        taken up then. Whatever else stops one pack is logged by its place in the code, tried again
        later, and holds up no other.
        """
        taken = 0
        while not is_over():
            item = self._lease(emergencies_only=emergencies_only)
            if item is None:
                break
            taken += 1
            try:
                self._do(item)
            except StoreUnavailableError:
                raise
            except Exception as error:  # noqa: BLE001  # one faulty pack must not stop the others
                self._put_aside(item, error)
        return taken

    def _lease(self, *, emergencies_only: bool = False) -> OutboxItem | None:
        now = self.clock()
        with self.transaction() as tx:
            tx.require_sound_ledger()
            return tx.outbox.lease(
                owner=self.gateway,
                now=now,
                until=now + LEASE,
                emergencies_only=emergencies_only,
            )

    def _do(self, item: OutboxItem) -> None:
        match item.step:
            case Step.SEAL:
                self._seal(item)
            case Step.SEND:
                self._send(item)
            case None:
                raise RowDisagreesError(f"outbox/{item.reference}")

    def _seal(self, item: OutboxItem) -> None:
        """Draw, render, seal and prove with nothing open; then keep it in one transaction."""
        with self.transaction() as tx:
            disclosure = tx.disclosure(item.reference)
            if not self._waits_to_be_sealed(tx, disclosure, item):
                return
            parts = gather(tx, disclosure)
        passphrase = words_for(parts.profile.sealed_as)
        receipt = self.receipts.of(parts.decided)
        assembled = assemble_pack(parts, receipt, passphrase, self.draw)
        message_id = message_id_of(item.reference, secrets.token_hex(8), self.mail_from)
        with self.transaction() as tx:
            disclosure = tx.disclosure(item.reference)
            if not self._waits_to_be_sealed(tx, disclosure, item):
                return
            tx.case_file(disclosure).keep_sealed(
                record=assembled.record,
                sealed=assembled.sealed.content,
                passphrase=passphrase,
                now=self.clock(),
            )
            self._offer_page(tx, disclosure, assembled)
            marks = self.index.note_received(tx, disclosure, parts.body, parts.released)
            tx.store.note_sealed(item.reference, message_id, assembled.sealed.sha256)
            tx.store.move(disclosure, State.SEALED, self.clock())
            tx.outbox.advance(item, Step.SEND, self.clock())
            tx.append(events.sealed(disclosure, assembled.sealed, message_id, marks))

    def _offer_page(
        self, tx: Transaction, disclosure: Disclosure, assembled: AssembledPack
    ) -> None:
        """Make the page from which it is fetched, where it does not leave by mail."""
        form = page_form(tx.case_file(disclosure).facts(), disclosure.outcome)
        if form is not None:
            is_open = form is PageForm.OPEN
            content = assembled.record if is_open else assembled.sealed.content
            offer(tx, disclosure, form, content, self.clock())

    def _waits_to_be_sealed(
        self, tx: Transaction, disclosure: Disclosure, item: OutboxItem
    ) -> bool:
        """Say whether it was neither recalled since it was leased, nor taken over by another."""
        return disclosure.state is State.DECIDED and tx.outbox.is_leased_by(item, self.gateway)

    def _send(self, item: OutboxItem) -> None:
        """Mark `sending`, hand the message over with nothing open, and keep what came of it."""
        with self.transaction() as tx:
            disclosure = tx.disclosure(item.reference)
            # Recalled since it was leased, or taken over by another gateway.
            if not tx.outbox.is_leased_by(item, self.gateway):
                return
            if disclosure.state is State.SENDING and not self.courier.repeatable:
                self._settle(tx, item, UNKNOWN)
                return
            envelope, message = self._message(tx, disclosure)
            # What cannot be recorded afterwards is not handed over.
            tx.rehearse(self._event(tx, item, disclosure, Attempt(word="sent")))
            tx.store.move(disclosure, State.SENDING, self.clock())
        attempt = attempt_by(self.courier, envelope, message)
        with self.transaction() as tx:
            self._settle(tx, item, attempt)

    def _settle(self, tx: Transaction, item: OutboxItem, attempt: Attempt) -> None:
        disclosure = tx.disclosure(item.reference)
        if attempt.may_succeed_later and is_given_up(tx.about(item.reference), self.clock()):
            attempt = Attempt(word="gave-up", code=attempt.code)
        if attempt.may_succeed_later:
            tx.outbox.postpone(item, self.clock() + wait_after(item.attempts))
        else:
            tx.outbox.close(item)
        tx.store.move(disclosure, attempt.leads_to, self.clock())
        if attempt.leads_to is State.SENT:
            tx.pages.stand_until(item.reference, self.clock() + LIVES)
        tx.append(self._event(tx, item, disclosure, attempt))

    def _event(
        self, tx: Transaction, item: OutboxItem, disclosure: Disclosure, attempt: Attempt
    ) -> events.Event:
        has_page = bool(tx.pages.all_of(item.reference))
        by = events.Carried(
            courier=PORTAL if has_page else self.courier.name,
            attempt=item.attempts + 1,
            tls=attempt.tls,
            code=attempt.code,
        )
        return events.attempted(attempt.word, disclosure, by)

    def _message(self, tx: Transaction, disclosure: Disclosure) -> tuple[Envelope, bytes]:
        sealed = tx.case_file(disclosure).sealed()
        if sealed is None or disclosure.message_id is None:
            raise WrongStateError("There is nothing sealed to send.")
        permission = permitted(tx, disclosure)
        permission.refuse_other_bytes(sealed)
        envelope = Envelope(
            reference=disclosure.reference,
            message_id=disclosure.message_id,
            sender=self.mail_from,
            to=permission.recipient.address,
            at=disclosure.created_at,
            envelope_id=envelope_id_of(
                disclosure.reference, disclosure.message_id, self.envelopes
            ),
        )
        address = address_of(tx, disclosure, self.portal)
        if address is not None:
            return envelope, link_message_of(envelope, address)
        return envelope, message_of(envelope, sealed)

    def _put_aside(self, item: OutboxItem, error: Exception) -> None:
        _log.error(
            "step-failed",
            reference=str(item.reference),
            step=None if item.step is None else item.step.value,
            error=type(error).__name__,
            where=where_raised(error),
        )
        if self.transaction.notices is not None and (code := code_of(error)) is not None:
            self.transaction.notices.note(code)
        with self.transaction() as tx:
            tx.outbox.postpone(item, self.clock() + wait_after(item.attempts))
