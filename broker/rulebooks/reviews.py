"""Reviews of the rules in force, and the policies of each body, known by the digest of the paper.

The papers themselves (equality impact, data protection impact, policies) are kept elsewhere.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date

from broker.domain.errors import WrongStateError
from broker.domain.model import Person
from broker.domain.oversight.records import PolicyDocument, RuleReview, Trigger
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.oversight import policy_signed, rules_reviewed
from broker.rulebooks.lifecycle import Rulebooks
from broker.storage.transaction import Transactions
from keys import AgencyId


def digest_of_paper(content: bytes) -> str | None:
    """Return the SHA-256 of a paper, None where nothing was given."""
    return hashlib.sha256(content).hexdigest() if content else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReviews:
    """Keeps reviews and policies; every method opens its own transactions."""

    transaction: Transactions
    rulebooks: Rulebooks
    clock: Clock

    def reviews(self) -> tuple[RuleReview, ...]:
        """Return every review of rules, the newest first."""
        with self.transaction() as tx:
            return tx.oversight.reviews()

    def review(
        self,
        trigger: Trigger,
        due_on: date,
        person: Person,
        *,
        equality: str | None = None,
        dpia: str | None = None,
    ) -> RuleReview:
        """Keep that the rules in force were reviewed, with the digests of the papers of it.

        Raises `WrongStateError` for a day past.
        """
        today = uk_day(self.clock())
        _refuse_past(due_on, today)
        review = RuleReview(
            id=secrets.token_hex(8),
            rulebook=self.rulebooks.in_force().version,
            by=person.id,
            on=today,
            due_on=due_on,
            trigger=trigger,
            equality_sha256=equality,
            dpia_sha256=dpia,
        )
        with self.transaction() as tx:
            tx.append(rules_reviewed(review, tx.oversight.put_review(review)))
        return review

    def documents(self, agency: AgencyId) -> tuple[PolicyDocument, ...]:
        """Return the policies of a body, by title, the newest edition first."""
        with self.transaction() as tx:
            return tx.oversight.documents(agency)

    def sign(
        self, title: str, edition: str, paper: bytes, review_on: date, person: Person
    ) -> PolicyDocument:
        """Keep that somebody signed a policy of their body.

        Raises `WrongStateError` for a day past, or an empty paper.
        """
        today, digest = uk_day(self.clock()), digest_of_paper(paper)
        _refuse_past(review_on, today)
        if digest is None:
            raise WrongStateError("The paper is empty. Choose the file that was signed.")
        document = PolicyDocument(
            id=secrets.token_hex(8),
            agency=person.agency,
            title=title,
            edition=edition,
            sha256=digest,
            signed_by=person.id,
            signed_on=today,
            review_on=review_on,
        )
        with self.transaction() as tx:
            tx.append(policy_signed(document, tx.oversight.put_document(document)))
        return document


def _refuse_past(day: date, today: date) -> None:
    if day <= today:
        raise WrongStateError("The next review lies in the future. Give a later day.")
