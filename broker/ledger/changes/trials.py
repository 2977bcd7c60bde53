"""What test letters and profiles of contacts write on the ledger, with the row that each made."""

from audit.format import events as ledger
from broker.domain.directory.profiles import RecipientProfile
from broker.domain.model import MailboxId
from broker.domain.trials.letters import Trial
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


def contact_tried(trial: Trial, mark: RowMark) -> Event:
    """Return the event: a test letter was sent."""
    return ledger.ContactTried(
        row=mark.row,
        row_mac=mark.mac,
        by=trial.sent_by,
        mailbox=trial.mailbox,
        version=trial.version,
    ).event()


def trial_ended(trial: Trial, by: PersonId, mark: RowMark) -> Event:
    """Return the event: it is known whether a test letter opened."""
    return ledger.TrialEnded(
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        mailbox=trial.mailbox,
        version=trial.version,
        what=trial.end.value,
    ).event()


def profile_set(
    mailbox: MailboxId, profile: RecipientProfile, by: PersonId, mark: RowMark
) -> Event:
    """Return the event: somebody entered how a contact takes documents."""
    return ledger.ProfileSet(
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        mailbox=mailbox,
        what=profile.sealed_as.value,
        most=profile.most_megabytes,
        originals="taken" if profile.takes_originals else None,
    ).event()
