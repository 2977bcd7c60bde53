"""What whoever answers for the work writes on the ledger: rules, policies, supervision."""

from audit.format import events as ledger
from broker.domain.oversight.records import (
    PolicyDocument,
    RuleProposal,
    RuleReview,
    SupervisionNote,
)
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


def rules_proposed(proposal: RuleProposal, by: PersonId, mark: RowMark) -> Event:
    """Return the event: rules were proposed, or a proposal was settled."""
    return ledger.RulesProposed(
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        rulebook=proposal.rulebook,
        what=proposal.state.value,
    ).event()


def rules_reviewed(review: RuleReview, mark: RowMark) -> Event:
    """Return the event: the rules in force were reviewed."""
    return ledger.RulesReviewed(
        row=mark.row,
        row_mac=mark.mac,
        by=review.by,
        rulebook=review.rulebook,
        trigger=review.trigger.value,
        due=review.due_on.isoformat(),
        equality=review.equality_sha256,
        dpia=review.dpia_sha256,
    ).event()


def policy_signed(document: PolicyDocument, mark: RowMark) -> Event:
    """Return the event: a policy of a body was signed."""
    return ledger.PolicySigned(
        row=mark.row,
        row_mac=mark.mac,
        by=document.signed_by,
        agency=document.agency,
        sha256=document.sha256,
        review=document.review_on.isoformat(),
    ).event()


def supervised(note: SupervisionNote, mark: RowMark) -> Event:
    """Return the event: a team had supervision."""
    return ledger.Supervised(
        row=mark.row,
        row_mac=mark.mac,
        by=note.by,
        agency=note.agency,
        next=note.next_on.isoformat(),
    ).event()
