"""Tried before trusted: a sealed letter without content, and what became of it."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from broker.delivery.courier import Courier
from broker.delivery.message import Envelope, envelope_id_of, message_id_of, trial_message_of
from broker.domain.errors import RowDisagreesError, WrongStateError
from broker.domain.model import Agency, Mailbox, MailboxId, Person
from broker.domain.references import new_reference
from broker.domain.times import Clock, uk_day
from broker.domain.trials.letters import Filter, Programme, Trial, TrialEnd
from broker.ledger.changes.trials import contact_tried, trial_ended
from broker.packs.assembly import Unsealed, sealed_as, words_for
from broker.packs.passphrase import spelled_words
from broker.packs.rendering import Entry, PackDocument, Section, render
from broker.storage.transaction import Transaction, Transactions
from keys import IndexKey, PersonId

_SAYS: Final = (
    "This letter is a test. It holds nothing about anybody. It shows that a sealed document of "
    "this kind reaches you and opens."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLetter:
    """A letter that was sent: whom to ring, and the words to tell, each with its spelling."""

    trial: Trial
    telephone: str
    words: str
    spelled: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """Tries contacts; every method opens its own transaction. `envelopes` marks what leaves."""

    transaction: Transactions
    courier: Courier
    clock: Clock
    mail_from: str
    envelopes: IndexKey

    def send(self, mailbox: MailboxId, person: Person) -> TrialLetter:
        """Send a test letter; another one takes the place of the one before.

        Raises `UnknownMailboxError`, `WrongStateError` for a contact that nobody has rung about
        or without an address, and `DeliveryError` where it could not be handed over.
        """
        now, reference = self.clock(), new_reference()
        with self.transaction() as tx:
            form = tx.profiles.of(mailbox).sealed_as
            contact = tx.directory.mailbox(mailbox)
            ours, theirs = tx.directory.agency(person.agency), tx.directory.agency(contact.agency)
        if not contact.address or not contact.counts_on(uk_day(now)):
            raise WrongStateError("Ring and check this contact first; then it can be tried.")
        letter = Unsealed(document=_letter(str(reference), contact, ours, theirs, now))
        words = words_for(form)
        sealed = sealed_as(form, letter, render(letter.document), words)
        message_id = message_id_of(reference, secrets.token_hex(8), self.mail_from)
        envelope = Envelope(
            reference=reference,
            message_id=message_id,
            sender=self.mail_from,
            to=contact.address,
            at=now,
            envelope_id=envelope_id_of(reference, message_id, self.envelopes),
        )
        self.courier.deliver(envelope, trial_message_of(envelope, sealed.content))
        trial = Trial(
            mailbox=mailbox,
            version=contact.version,
            reference=str(reference),
            sent_by=person.id,
            sent_at=now,
        )
        with self.transaction() as tx:
            mark = tx.trials.put(trial, words)
            tx.append(contact_tried(trial, mark))
        return _told(trial, contact, words)

    def letter(self, mailbox: MailboxId) -> TrialLetter | None:
        """Return the newest letter of a contact with its words, None where there was none."""
        with self.transaction() as tx:
            trial = tx.trials.find(mailbox)
            if trial is None:
                return None
            return _told(trial, tx.directory.mailbox(mailbox), tx.trials.words(mailbox))

    def opened(
        self, mailbox: MailboxId, programme: Programme, filters: frozenset[Filter], by: PersonId
    ) -> Trial:
        """Record that a letter opened, in what, and what touched it on its way."""
        return self._end(mailbox, TrialEnd.OPENED, by, programme, filters)

    def failed(self, mailbox: MailboxId, filters: frozenset[Filter], by: PersonId) -> Trial:
        """Record that a letter did not come or did not open; raises `WrongStateError`."""
        return self._end(mailbox, TrialEnd.FAILED, by, None, filters)

    def _end(
        self,
        mailbox: MailboxId,
        end: TrialEnd,
        by: PersonId,
        programme: Programme | None,
        filters: frozenset[Filter],
    ) -> Trial:
        with self.transaction() as tx:
            trial = tx.trials.find(mailbox)
            if trial is None:
                raise WrongStateError("No test letter was sent there. Send one first.")
            after = replace(
                trial,
                end=end,
                ended_on=uk_day(self.clock()),
                programme=programme,
                filters=filters,
            )
            mark = tx.trials.put(after, tx.trials.words(mailbox))
            tx.append(trial_ended(after, by, mark))
        return after


def is_untried(tx: Transaction, mailbox: MailboxId) -> bool:
    """Say whether no document of ours is known to have opened at a contact as it stands.

    Where its rows are not as the ledger says, nothing is known.
    """
    try:
        trial, contact = tx.trials.find(mailbox), tx.directory.mailbox(mailbox)
    except RowDisagreesError:
        return True
    return trial is None or not trial.proves(contact.version)


def _told(trial: Trial, contact: Mailbox, words: str) -> TrialLetter:
    return TrialLetter(
        trial=trial,
        telephone=contact.telephone,
        words=words,
        spelled=spelled_words(words),
    )


def _letter(
    reference: str, contact: Mailbox, ours: Agency, theirs: Agency, now: datetime
) -> PackDocument:
    return PackDocument(
        reference=reference,
        title="A test letter",
        purpose=_SAYS,
        sender=ours.name,
        recipient=f"{contact.title}, {theirs.name}",
        created_at=now,
        contact="Whoever rings you about it.",
        decided=False,
        sections=(
            Section(
                title="What to do",
                entries=(
                    Entry(label="When it opens", value="Say in what program, on the telephone."),
                    Entry(label="If something was in its way", value="Say what: junk, a warning."),
                ),
            ),
        ),
    )
